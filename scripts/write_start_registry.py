"""Writes which files answer to which names.

parity/starts/registry.py: to which program. parity/startup/library/frameworks.py: to which calls, by the first part of
their names.

A form is a module of parity/starts or parity/frameworks with a function `recognise`. `PROGRAMS` are the names that it
answers to, `BY_MODULE` what of these `python -m` starts under which name. Those of GENERAL
are asked about every command.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from textwrap import fill

import parity.frameworks
import parity.starts

GENERAL = ("frameworks.django", "starts.aws_lambda", "starts.interpreter")
"""In the order in which they are asked: the first before the program's own form, the others behind it."""
NO_FORMS = ("starts.recognise", "starts.console_script", "starts.registry")
OTHERS = {
    "supervisor.supervisord": "supervisord",
    "honcho": "honcho",
    "circus.circusd": "circusd",
    "opentelemetry.instrumentation.auto_instrumentation": "opentelemetry-instrument",
    "dotenv": "dotenv",
    "uv": "uv",
    "poetry": "poetry",
    "pipenv": "pipenv",
}
"""Wrappers and supervisors, which are no forms."""
TEMPLATE = '''"""Which form of start command answers to which program? Written by scripts/write_start_registry.py."""

from __future__ import annotations

from parity.programs.loading import rows

GENERAL = {general}
"""Asked about every command: the first before the program's own form, the others behind it."""

FORMS = rows("""
{forms}
""")
"""Program -> the module with its `recognise`."""

PROGRAM_OF_MODULE = rows("""
{modules}
""")
"""What `python -m` runs that is also a program."""
'''
CALLS = '''"""Which file of frameworks knows which calls? Written by scripts/write_start_registry.py."""

FRAMEWORKS = {{
{rows}
}}
"""By the first part of a call's name. A file is loaded when it is asked."""
'''


def written() -> str:
    """The text of the registry."""
    forms: dict[str, str] = {}
    modules = dict(OTHERS)
    for room, package in (("starts", parity.starts), ("frameworks", parity.frameworks)):
        for one in iter_modules(package.__path__):
            name = f"{room}.{one.name}"
            module = import_module(f"parity.{name}")
            if name in NO_FORMS or not hasattr(module, "recognise"):
                continue
            forms.update(dict.fromkeys(getattr(module, "PROGRAMS", ()), name))
            modules.update(getattr(module, "BY_MODULE", {}))
    return TEMPLATE.format(general=_tuple(GENERAL), forms=_rows(forms), modules=_rows(modules))


def _tuple(items: tuple[str, ...]) -> str:
    return "(" + ", ".join(f'"{item}"' for item in items) + ")"


def _rows(items: dict[str, str]) -> str:
    """`file: name name`, a file after the other."""
    names: dict[str, list[str]] = {}
    for name, file in sorted(items.items(), key=lambda item: (item[1], item[0])):
        names.setdefault(file, []).append(name)
    return "\n".join(
        fill(f"{file}: {' '.join(own)}", 110, subsequent_indent="    ", break_on_hyphens=False)
        for file, own in names.items()
    )


def calls() -> str:
    """The text of the table of calls."""
    file_of: dict[str, str] = {}
    for one in iter_modules(parity.frameworks.__path__):
        for name in getattr(import_module(f"parity.frameworks.{one.name}"), "CALLS", ()):
            file_of[name.partition(".")[0]] = one.name
    return CALLS.format(rows="\n".join(f'    "{name}": "{file}",' for name, file in sorted(file_of.items())))


if __name__ == "__main__":
    root = Path(parity.starts.__path__[0]).parent
    (root / "starts/registry.py").write_text(written(), "utf8")
    (root / "startup/library/frameworks.py").write_text(calls(), "utf8")
