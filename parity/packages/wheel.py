"""What does the installation of a wheel file that is in the image leave? (The wheel format: PEP 427)"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from msgspec import Struct

from parity.model.location import Unknown
from parity.packages.environment import Environment
from parity.tree.base import join, within
from parity.tree.links import follow
from parity.tree.writable import WritableTree

LARGEST_WHEEL = 64_000_000
LARGEST_FILE = 1_000_000
LARGEST_TOTAL = 32_000_000
MOST_FILES = 2_000
TARGETS = {"purelib": True, "platlib": True, "scripts": False}


class Put(Struct, frozen=True):
    """`scripts`: console scripts that are still to be written."""

    scripts: tuple[tuple[str, str], ...]
    needs_others: bool


def put_wheel(path: str, files: WritableTree, environment: Environment) -> Put | None:
    """Unpack a wheel into site-packages; None where it cannot be read, or is too large to be followed."""
    content = files.read(path)
    if isinstance(content, Unknown) or len(content) > LARGEST_WHEEL:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _put(archive, path, files, environment)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        return None


def _put(archive: zipfile.ZipFile, path: str, files: WritableTree, environment: Environment) -> Put | None:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MOST_FILES:
        return None
    site, scripts = follow(files, environment.site).path, follow(files, environment.scripts).path
    read = 0
    entry_points = metadata = ""
    for member in members:
        target = join(site, member.filename)
        if member.filename.startswith("/") or not within(target, site) or "\0" in member.filename:
            return None
        folder, _, rest = member.filename.partition("/")
        if folder.endswith(".data"):
            scheme, _, rest = rest.partition("/")
            if scheme not in TARGETS or not rest:
                continue
            target = join(site if TARGETS[scheme] else scripts, rest)
        known: bytes | Unknown = Unknown(f"it is unpacked from {path}")
        wanted = (
            member.filename.endswith((".py", ".pth", ".txt", "METADATA")) and member.file_size <= LARGEST_FILE
        )
        if wanted and read + member.file_size <= LARGEST_TOTAL:
            with archive.open(member) as stream:
                known = stream.read(LARGEST_FILE + 1)
            read += len(known)
            if len(known) > LARGEST_FILE:
                return None
        if isinstance(known, bytes) and folder.endswith(".dist-info"):
            text = known.decode("utf8", "replace")
            entry_points = text if rest == "entry_points.txt" else entry_points
            metadata = text if rest == "METADATA" else metadata
        files.write(target, known)
    needs = re.search(r"^Requires-Dist:(?!.*;\s*extra\s*==)", metadata, re.MULTILINE | re.IGNORECASE)
    return Put(_console_scripts(entry_points), needs is not None)


def _console_scripts(text: str) -> tuple[tuple[str, str], ...]:
    section = ""
    found = []
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[] \t")
        elif section in ("console_scripts", "gui_scripts"):
            name, equals, target = (part.strip() for part in line.partition("="))
            target = target.partition("[")[0].strip()
            if equals and re.fullmatch(r"[\w.-]+", name) and re.fullmatch(r"[\w.]+\s*:\s*[\w.]+", target):
                found.append((name, target))
    return tuple(found)
