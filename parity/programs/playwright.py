"""What does `playwright install` leave?"""

from __future__ import annotations

from parity.programs.arguments import CommandFunction, incidental
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Status
from parity.tree.base import join
from parity.tree.writable import WritableTree


def playwright(call: Call, files: WritableTree) -> Status | Unreadable:
    """`playwright install --with-deps chromium`: browsers, and the libraries of the system that they need."""
    words = call.argv[1:]
    if not words or words[0] not in ("install", "install-deps", "uninstall", "--version") or None in words:
        return UNREADABLE
    home = call.environment.get("HOME", "/root")
    folder = call.environment.get("PLAYWRIGHT_BROWSERS_PATH") or join(home, ".cache/ms-playwright")
    why = incidental(call, "which browsers playwright installs is not known")
    for path in (folder, "/usr/bin", "/usr/sbin", "/opt"):
        if path.startswith("/"):
            files.obscure(join("/", path), why)
    return Status.UNKNOWN


COMMANDS: dict[str, CommandFunction] = dict.fromkeys(("playwright", "patchright"), playwright)
