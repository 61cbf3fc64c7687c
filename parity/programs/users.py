"""What do useradd, adduser and their like leave behind? (shadow, Debian's adduser, BusyBox)."""

from __future__ import annotations

from parity.model.location import Unknown
from parity.programs.arguments import Arguments, CommandFunction, arguments, incidental, named
from parity.programs.files import make_parents
from parity.shell.host import Call
from parity.shell.status import Status
from parity.tree.base import Absent, join
from parity.tree.writable import WritableTree

LISTS = ("passwd", "group", "shadow", "gshadow", "subuid", "subgid")
SKELETON = ("/.bash_logout", "/.bash_profile", "/.bashrc", "/.profile", "/.cshrc", "/.zshrc", "/.kshrc")
"""What a new home may be given."""


def lists(call: Call, files: WritableTree) -> Status:
    why = incidental(call, f"what {call.argv[0]} writes to the lists of users is not known")
    names = [f"/{name}{mark}" for name in LISTS for mark in ("", "-")]
    files.obscure("/etc", why, suffixes=tuple(names))
    return Status.UNKNOWN


def useradd(call: Call, files: WritableTree) -> Status:
    """Without `-m`, whether there is a home is up to the distribution."""
    given = arguments(
        call,
        "bcdefgGkKpRsuZ",
        "base-dir comment home-dir expiredate inactive gid groups skel key password root shell uid selinux-user",
    )
    status = lists(call, files)
    if not given.has("M", "no-create-home"):
        _home(call, files, given, certain=given.has("m", "create-home"))
    return status


def adduser(call: Call, files: WritableTree) -> Status:
    """Makes a home, but for some users of the system. `adduser USER GROUP` makes nothing."""
    given = arguments(call, "hgsGuk", "home shell uid gid gecos ingroup comment conf firstuid lastuid")
    status = lists(call, files)
    if len(given.operands) == 1 and not given.has("H", "no-create-home", "group"):
        _home(call, files, given, certain=not given.has("S", "system"))
    return status


def _home(call: Call, files: WritableTree, given: Arguments, *, certain: bool) -> None:
    names = ("d", "home-dir", "h", "home")
    name = given.operands[-1].text if given.operands else None
    written = given.value(*names)
    if written is None and (name is None or any(flag in given.values for flag in names)):
        return
    base = given.value("b", "base-dir") or "/home"
    there = named(files, join("/", written or f"{base}/{name}"), last=True)
    if not isinstance(there.answer, Absent):
        return
    why: Unknown = incidental(call, f"what {call.argv[0]} puts into a new home is not known")
    if certain:
        make_parents(files, there.path)
        files.obscure(there.path, why, suffixes=SKELETON)
    else:
        files.obscure(there.path, why, suffixes=(there.path, *SKELETON))


COMMANDS: dict[str, CommandFunction] = {
    "useradd": useradd,
    "adduser": adduser,
    **dict.fromkeys(
        ("groupadd", "addgroup", "usermod", "groupmod", "userdel", "deluser", "groupdel", "delgroup"), lists
    ),
    **dict.fromkeys(("passwd", "chpasswd"), lists),
}
