"""What may pip, uv, poetry and the like leave where their own room cannot read the call?"""

from __future__ import annotations

from msgspec.structs import replace

from parity.model.location import May
from parity.programs.arguments import CommandFunction, unknown
from parity.programs.capability import INSTALLERS
from parity.programs.options import options, read
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Status
from parity.tree.base import join
from parity.tree.writable import WritableTree

OUTPUT = options("-o --output --output-file")
"""Options of programs that an installer runs, and of its own (`poetry export -o`)."""


def installers(call: Call, files: WritableTree) -> Status | Unreadable:
    """Nothing below the working directory but virtual environments; a build leaves its files where it is told to."""
    if "build" in call.argv:
        return UNREADABLE
    why = unknown(call, f"what {call.argv[0]} installs is not known")
    environment = call.environment.get("VIRTUAL_ENV")
    for folder in (
        "/usr/local/lib",
        "/usr/local/bin",
        "/root/.local",
        "/opt",
        *([environment] if environment else []),
    ):
        files.obscure(join("/", folder), why)
    if call.working_directory:
        for name in (".venv", "venv"):
            files.obscure(join(call.working_directory, name), why)
    words = [word for word in call.argv[1:] if word != "--"]  # the options of the program behind it count too
    for path in read(words, OUTPUT).every(*OUTPUT.valued):
        if path and path[0] != "-" and (call.working_directory or path[0] == "/"):
            written = unknown(call, f"what {call.argv[0]} writes to {path} is not known")
            files.obscure(join(call.working_directory or "/", path), replace(written, may=May.SOURCES))
    return Status.UNKNOWN


COMMANDS: dict[str, CommandFunction] = dict.fromkeys(INSTALLERS, installers)
