"""What does `mktemp` make, and what is left of it when the step ends?"""

from __future__ import annotations

import re

from parity.model.location import Location, May, Unknown
from parity.programs.arguments import CommandFunction, arguments
from parity.shell.host import Call
from parity.shell.status import Output, Status
from parity.tree.base import Absent, Entry, join
from parity.tree.writable import WritableTree

MADE_UP = "made-up-by-mktemp-"


def mktemp(call: Call, files: WritableTree) -> Status | Output:
    """Something new in /tmp. Its name is made up here; `forget_made_up` takes it away when the step ends."""
    given = arguments(call, "p", "tmpdir suffix")
    texts = [word.text for word in given.operands]
    plain = given.flags <= {"d", "directory", "q", "quiet", "t"} and "TMPDIR" not in call.environment
    template = "tmp.XXXXXX" if not texts else (texts[0] or "").removeprefix("/tmp/")
    rooted = not texts or given.has("t") or (texts[0] or "").startswith("/tmp/")
    found = re.fullmatch("([^/X]*)X{3,}([^/X]*)", template)
    if not plain or not rooted or len(texts) > 1 or not found or not isinstance(files.lookup("/tmp"), Entry):
        return Status.UNKNOWN
    names = files.names("/tmp")
    number = len(names) if not isinstance(names, Unknown) else 0
    path = f"/tmp/{found[1]}{MADE_UP}{number}{found[2]}"
    if not isinstance(files.lookup(path), Absent):
        return Status.UNKNOWN
    if given.has("d", "directory"):
        files.make_directory(path, 0o700)
    else:
        files.write(path, b"", 0o600)
    return Output(f"{path}\n".encode())


def forget_made_up(files: WritableTree, location: Location) -> None:
    """What mktemp made and nobody removed is there under another name."""
    names = files.names("/tmp")
    left = [name for name in names if MADE_UP in name] if not isinstance(names, Unknown) else []
    for name in sorted(left):
        files.remove(join("/tmp", name))
        files.obscure("/tmp", Unknown("which name mktemp chose is not known", location, may=May.NOTHING))


COMMANDS: dict[str, CommandFunction] = {"mktemp": mktemp}
