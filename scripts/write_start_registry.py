"""Writes parity/starts/registry.py: which file answers to which program.

A form is a module of parity/starts or parity/frameworks with a function `recognise`. `PROGRAMS` are the names that it
answers to, `BY_MODULE` what of these `python -m` starts under which name. Those of GENERAL
are asked about every command.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import parity.frameworks
import parity.starts
from parity.starts import registry

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

GENERAL = {general}
"""Asked about every command: the first before the program's own form, the others behind it."""

FORMS = {forms}
"""Program -> the module with its `recognise`."""

PROGRAM_OF_MODULE = {modules}
"""What `python -m` runs that is also a program."""
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
    return TEMPLATE.format(general=_tuple(GENERAL), forms=_dict(forms), modules=_dict(modules))


def _tuple(items: tuple[str, ...]) -> str:
    return "(" + ", ".join(f'"{item}"' for item in items) + ")"


def _dict(items: dict[str, str]) -> str:
    lines = "".join(f'    "{key}": "{value}",\n' for key, value in sorted(items.items()))
    return f"{{\n{lines}}}"


if __name__ == "__main__":
    text = written()
    assert registry.__file__ is not None
    with open(registry.__file__, "w", encoding="utf8") as file:
        file.write(text)
