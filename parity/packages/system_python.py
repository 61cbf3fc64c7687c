"""Which `python3` does a distribution of Linux install, and how does an image say which distribution it is?"""

from __future__ import annotations

import re

from msgspec import Struct

from parity.model.location import Unknown
from parity.model.version import PythonVersion
from parity.tree.base import FileTree

OS_RELEASE = "/etc/os-release"


class Release(Struct, frozen=True):
    """`system` and `number` as its os-release has them; `codename` "" where it has none."""

    system: str
    number: str
    codename: str
    python: PythonVersion

    @property
    def os_release(self) -> bytes:
        """Its os-release, but for names that people read and addresses."""
        lines = [
            f'NAME="{self.system}"',
            f"ID={self.system}",
            f'VERSION_ID="{self.number}"',
            f'VERSION="{self.number} ({self.codename})"',
            f'PRETTY_NAME="{self.system} {self.number}"',
            *([f"VERSION_CODENAME={self.codename}"] if self.codename else []),
        ]
        return "\n".join((*lines, "")).encode()


_TABLE = """
    debian: 9 stretch 3.5, 10 buster 3.7, 11 bullseye 3.9, 12 bookworm 3.11, 13 trixie 3.13
    ubuntu: 18.04 bionic 3.6, 20.04 focal 3.8, 22.04 jammy 3.10, 24.04 noble 3.12, 25.04 plucky 3.13
    ubuntu: 25.10 questing 3.13, 26.04 resolute 3.14
    alpine: 3.15 - 3.9, 3.16 - 3.10, 3.17 - 3.10, 3.18 - 3.11, 3.19 - 3.11, 3.20 - 3.12, 3.21 - 3.12, 3.22 - 3.12
    alpine: 3.23 - 3.12
    rhel: 8 - 3.6, 9 - 3.9, 10 - 3.12
    almalinux: 8 - 3.6, 9 - 3.9, 10 - 3.12
    rocky: 8 - 3.6, 9 - 3.9, 10 - 3.12
    amzn: 2 - 3.7, 2023 - 3.9
    fedora: 39 - 3.12, 40 - 3.12, 41 - 3.13, 42 - 3.13, 43 - 3.14
"""


def _releases() -> dict[str, list[Release]]:
    found: dict[str, list[Release]] = {}
    for line in _TABLE.strip().splitlines():
        system, _, rest = line.strip().partition(": ")
        for entry in rest.split(", "):
            number, codename, text = entry.split()
            version = PythonVersion(*map(int, text.split(".")))
            found.setdefault(system, []).append(Release(system, number, codename.strip("-"), version))
    return found


RELEASES = _releases()


def find_release(system: str, tag: str) -> Release | None:
    """That of an image's tag: `bookworm-slim`, `22.04`, `3.20.3`; None where the tag leaves it open."""
    parts = [part for part in re.split("[-_]", tag) if part]
    for release in RELEASES.get(system, ()):
        begins = (part == release.number or part.startswith(f"{release.number}.") for part in parts)
        if release.codename in parts or any(begins):
            return release
    return None


def system_python(files: FileTree) -> PythonVersion | None:
    """The version that the package manager of this image calls `python3`; None where nothing tells."""
    content = files.read(OS_RELEASE)
    if isinstance(content, Unknown):
        return None
    text = content[:10_000].decode("utf8", "replace")
    told = dict(re.findall(r"^(\w+)=\"?([^\"\n]*)\"?$", text, re.MULTILINE))
    release = find_release(told.get("ID", ""), told.get("VERSION_ID", ""))
    return release.python if release else None
