"""What does pipx do to the files? Programs in environments of their own, which no other program imports from."""

from __future__ import annotations

from parity.model.location import May, Unknown
from parity.model.packages import NOTHING_INSTALLED
from parity.packages.environment import home_of
from parity.packages.options import split_command
from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Status
from parity.tree.base import join
from parity.tree.links import follow
from parity.tree.writable import WritableTree

VALUED = "--python --index-url -i --pip-args --suffix --include-apps --spec"
HARMLESS = frozenset("list environment ensurepath completions uninstall uninstall-all pin".split())


def pipx(call: Call, files: WritableTree) -> Status | Unreadable:
    """`pipx install x`; what `pipx run x` runs is not known."""
    _, command, _ = split_command(call.words[1:], VALUED)
    if not command or command in HARMLESS:
        return Status.UNKNOWN
    if command == "run":
        return UNREADABLE
    reason = "which programs pipx installs is not known"
    unknown = Unknown(reason, call.location, may=May.DISTRIBUTIONS, installed=NOTHING_INSTALLED)
    home = home_of(call.environment)
    folders = (
        call.environment.get("PIPX_BIN_DIR") or (join(home, ".local/bin") if home else "/usr/local/bin"),
        call.environment.get("PIPX_HOME") or (join(home, ".local/share/pipx") if home else "/opt/pipx"),
    )
    for folder in folders:
        if folder.startswith("/"):
            files.obscure(follow(files, folder).path, unknown)
    return Status.UNKNOWN


COMMANDS: dict[str, CommandFunction] = {"pipx": pipx}
