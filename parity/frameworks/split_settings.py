"""Which files do the settings take in: `include("base.py", optional("local.py"))`? (django-split-settings 1.3)

Each pattern is looked for beside the file that calls, its files are sorted, and run in the names of the caller. A
pattern that finds nothing is an error, unless it is `optional`.
"""

from __future__ import annotations

import posixpath

from parity.frameworks.named import texts_in
from parity.startup.library.files import require_file
from parity.startup.library.glob import glob_text
from parity.startup.library.known import Known
from parity.startup.library.running import execute_file
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, Constant, External, FileText, Value, text_of

OPTIONAL = "split_settings.tools._Optional"


def _optional(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    return External(OPTIONAL, arguments.get(0))


def _include(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    module = machine.frames[-1].module
    folder = posixpath.dirname(module.image_path)
    for value in arguments.positional:
        is_optional = isinstance(value, External) and value.name == OPTIONAL
        text = text_of(value.bound_to if isinstance(value, External) else value)
        if text is None or not module.image_path:
            module.namespace.open = True
            continue
        pattern = posixpath.join(folder, text)
        found = texts_in(glob_text(machine, Arguments((Constant(pattern),)), None))
        if not found and not is_optional:
            require_file(machine, pattern)
        for path in found:
            execute_file(machine, FileText(path, path), module, module.namespace)
    return ANYTHING


CALLS: dict[str, Known] = {
    "split_settings.tools.include": _include,
    "split_settings.tools.optional": _optional,
}
