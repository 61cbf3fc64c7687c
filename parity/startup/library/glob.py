"""Which files does a pattern of `glob` find?"""

from __future__ import annotations

import fnmatch
import posixpath

from parity.startup.library.files import MOST_LISTED, is_known_folder, listing
from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, Constant, Items, Value, text_of


def glob_text(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    pattern = text_of(arguments.get(0))
    if pattern is None:
        return ANYTHING
    found = globbed(machine, posixpath.dirname(pattern), posixpath.basename(pattern))
    return ANYTHING if found is None else Items("list", [Constant(path) for path in found])


def globbed(machine: Machine, folder: str, pattern: str) -> list[str] | None:
    if "**" in pattern:
        return None
    if any(c in folder for c in "*?["):
        above = globbed(machine, posixpath.dirname(folder), posixpath.basename(folder))
        inside = [globbed(machine, one, pattern) for one in above or () if is_known_folder(machine, one)]
        if above is None or None in inside:
            return None
        return [path for found in inside for path in found or ()][:MOST_LISTED]
    if not is_known_folder(machine, folder or "."):
        return None
    return [
        posixpath.join(folder, name)
        for name in listing(machine, folder or ".")
        if fnmatch.fnmatchcase(name, pattern) and (not name.startswith(".") or pattern.startswith("."))
    ]


CALLS: dict[str, Known] = dict.fromkeys(("glob.glob", "glob.iglob"), glob_text)
