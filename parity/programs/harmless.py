"""Which programs change nothing that an application's start-up asks for, or write only where nobody asks?"""

from __future__ import annotations

from functools import partial

from parity.programs.arguments import CommandFunction, incidental
from parity.shell.host import Call
from parity.shell.status import Status
from parity.tree.writable import WritableTree

READ_ONLY = """
    echo printf which whereis uname nproc id whoami groups hostname date printenv test [ wc sort uniq
    cut tr diff cmp stat file du df ps free sleep expr awk gawk md5sum sha1sum sha256sum sha512sum
    readlink locale lsb_release dpkg-architecture getent tty arch uptime yes true false pwd less more
    strings od xxd hexdump jq yq column paste comm fold nl rev tac ping nc netstat ss dig nslookup host
""".split()
"""They print. (`awk` could do more; it is left alone.)"""

SYSTEM = """
    ssh-keygen ssh-keyscan gpg gpgconf apt-key apt-mark apt-cache setcap systemctl service crontab chsh
    visudo debconf-set-selections fc-cache mandb depmod sysctl sync umount mount add-apt-repository
    corepack nvm sleep kill pkill wait
""".split()
"""They write below /etc, /var, /home and the like."""

CACHES = {
    "ldconfig": ("/etc/ld.so.cache", "/var/cache/ldconfig"),
    "update-ca-certificates": ("/etc/ssl", "/etc/ca-certificates"),
    "locale-gen": ("/etc/default", "/etc/locale.gen", "/usr/lib/locale"),
}
"""What they write is in these folders, and no image is checked for it."""


def read_only(_call: Call, _files: WritableTree) -> Status:
    return Status.UNKNOWN


def writes_below(call: Call, files: WritableTree, *, folders: tuple[str, ...]) -> Status:
    why = incidental(call, f"what {call.argv[0]} writes is not known")
    for folder in folders:
        files.obscure(folder, why)
    return Status.UNKNOWN


COMMANDS: dict[str, CommandFunction] = {
    **dict.fromkeys((*READ_ONLY, *SYSTEM), read_only),
    **{name: partial(writes_below, folders=folders) for name, folders in CACHES.items()},
}
