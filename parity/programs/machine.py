"""What is known of the program that a call names?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parity.programs.arguments import CommandFunction
from parity.programs.python import module_of, program
from parity.programs.registry import COMMANDS
from parity.shell.host import Call

PROGRAM_FOLDERS = ("bin", "sbin", "Scripts")
OF_PROJECTS = ("manage.py",)


def is_known_by_name(path: str) -> bool:
    """`/usr/bin/install` is the system's, `./agent/install` is a program of somebody's."""
    folder, _, name = path.rpartition("/")
    return not folder or folder.endswith(PROGRAM_FOLDERS) or name in OF_PROJECTS or name.startswith("python")


def functions(
    call: Call, extra: Mapping[str, CommandFunction], *, known: bool = True
) -> Iterator[CommandFunction]:
    """The functions to ask, in order, until one understands the call.

    `extra`: further programs, by name (`pip`) or by module (`python -m build` as `build`), which go before those that
    are `known` here.
    """
    name = program(call.program)
    if name in extra:
        yield extra[name]
    module = module_of(call) if name == "python" else None
    if module is not None and module[0] in extra:
        function, inner = extra[module[0]], module[1]
        yield lambda _call, files: function(inner, files)
    if known and name in COMMANDS and is_known_by_name(call.argv[0] or ""):
        yield COMMANDS[name]
