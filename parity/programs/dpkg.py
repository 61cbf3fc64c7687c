"""What do `update-alternatives` and `dpkg-reconfigure` of Debian change: links of programs, `/bin/sh`?"""

from __future__ import annotations

from parity.programs.arguments import CommandFunction, incidental
from parity.shell.host import Call
from parity.shell.status import Status
from parity.tree.links import follow
from parity.tree.writable import WritableTree


def reconfigure(call: Call, files: WritableTree) -> Status:
    """`dpkg-reconfigure dash` asks which shell `/bin/sh` shall be."""
    if "dash" in call.argv:
        why = incidental(call, "which shell /bin/sh is from then on is not known")
        for folder in ("/usr/bin", "/bin"):
            files.obscure(f"{folder}/sh", why, removes=True)
    return Status.UNKNOWN


def alternatives(call: Call, files: WritableTree) -> Status:
    """`update-alternatives --install LINK NAME PATH PRIORITY`, `--set NAME PATH`."""
    words = list(call.argv[1:])
    for action, count in (("--install", 3), ("--set", 2)):
        if action not in words:
            continue
        given = words[words.index(action) + 1 :][:count]
        link, path = given[0] if count == 3 else f"/usr/bin/{given[0]}", given[-1]
        if len(given) == count and None not in given and link and path and link.startswith("/"):
            files.link(follow(files, link.rpartition("/")[0]).path + "/" + link.rpartition("/")[2], path)
    return Status.UNKNOWN


COMMANDS: dict[str, CommandFunction] = {"dpkg-reconfigure": reconfigure, "update-alternatives": alternatives}
