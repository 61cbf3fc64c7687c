"""What do npm, yarn and pnpm leave? `node_modules`, where they only install."""

from __future__ import annotations

from msgspec.structs import replace

from parity.model.location import May
from parity.programs.arguments import CommandFunction, no_packages
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Status
from parity.tree.base import join
from parity.tree.writable import WritableTree


def node(call: Call, files: WritableTree) -> Status | Unreadable:
    """`npm install` and `npm ci` write node_modules; scripts (`npm run build`) may write anything here."""
    words = [text for text in call.argv[1:] if text and not text.startswith("-")]
    if call.working_directory is None or call.program in ("npx", "bun"):
        return UNREADABLE
    installs = ("install", "ci", "i", "add", "config", "cache", "set")
    if (words and words[0] not in installs) or (not words and call.program == "npm"):
        return UNREADABLE
    why = replace(no_packages(call, f"what {call.argv[0]} installs is not known"), may=May.ASSETS)
    for name in ("node_modules", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", ".yarn"):
        files.obscure(join(call.working_directory, name), why)
    for folder in ("/usr/local/lib/node_modules", "/usr/local/bin", "/root/.npm"):
        files.obscure(folder, why)
    return Status.UNKNOWN


COMMANDS: dict[str, CommandFunction] = dict.fromkeys(("npm", "npx", "yarn", "pnpm", "bun"), node)
