"""What do rsync, tar, unzip, curl, wget, git clone and dos2unix leave behind?"""

from __future__ import annotations

import re

from msgspec.structs import replace

from parity.model.location import Location, Unknown
from parity.patterns.posix import compile_pattern, matches
from parity.programs.arguments import (
    CommandFunction,
    arguments,
    holds,
    named,
    no_packages,
    parent_answer,
    unknown,
    whole,
)
from parity.programs.files import make_parents
from parity.programs.install_scripts import installer_at
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Output, Status
from parity.shell.word import Word
from parity.tree.archive import unpack
from parity.tree.base import Absent, Entry, FileKind, join, parent_of
from parity.tree.writable import WritableTree

MOST_COPIED = 5000


def rsync(call: Call, files: WritableTree) -> Status | Unreadable:
    """`rsync -a SOURCE... DEST`: a trailing slash copies the contents, else the folder itself."""
    given = arguments(call, "ef", "exclude include filter rsh exclude-from include-from files-from")
    if given.has(
        "include",
        "filter",
        "f",
        "exclude-from",
        "include-from",
        "files-from",
        "remove-source-files",
        "delete",
    ):
        return UNREADABLE
    if not (given.has("a", "archive", "r", "recursive")) or given.has("R", "relative", "n", "dry-run"):
        return UNREADABLE
    if len(given.operands) < 2 or any(word.text is None or ":" in word.text for word in given.operands):
        return UNREADABLE
    excludes = list(_every(call, "--exclude"))
    if any(text is None for text in excludes):
        return UNREADABLE
    patterns = [text or "" for text in excludes]
    *sources, last = [word.text or "" for word in given.operands]
    goal = named(files, whole(call, last) or "/", last=True)
    if isinstance(goal.answer, Unknown):
        return UNREADABLE
    for text in sources:
        source = named(files, whole(call, text) or "/", last=text.endswith("/"))
        if isinstance(source.answer, Absent):
            return Status.FAILURE
        if isinstance(source.answer, Unknown):
            return UNREADABLE
        if not goal.is_directory and source.is_file and len(sources) == 1 and not last.endswith("/"):
            files.copy(source.path, goal.path)
            continue
        name = source.path.rpartition("/")[2]
        target = goal.path if text.endswith("/") else join(goal.path, name)
        if source.is_file:
            make_parents(files, goal.path)
            files.copy(source.path, target)
        elif not patterns:
            make_parents(files, target)
            files.copy(source.path, target)
        elif not _copy_but(files, source.path, target, "" if text.endswith("/") else name, patterns):
            files.obscure(target, unknown(call, "rsync copies too many files to be followed"))
    return Status.SUCCESS


def _every(call: Call, option: str) -> list[str | None]:
    found: list[str | None] = []
    texts = [word.text for word in call.words]
    for number, text in enumerate(texts):
        if text == option:
            found.append(texts[number + 1] if number + 1 < len(texts) else None)
        elif text and text.startswith(option + "="):
            found.append(text.partition("=")[2])
    return found


def _copy_but(files: WritableTree, old: str, new: str, top: str, patterns: list[str]) -> bool:
    """Copy the folder `old` to `new` less what an exclude names (anchored by a slash, else by name)."""
    make_parents(files, new)
    todo = [top]
    count = 0
    while todo:
        below = todo.pop()
        inside = below[len(top) :].lstrip("/")
        names = files.names(join(old, inside))
        if isinstance(names, Unknown):
            return False
        for name in names:
            count += 1
            path = f"{below}/{name}" if below else name
            part = path[len(top) :].lstrip("/") if top else path
            entry = files.lookup(join(old, part))
            if not isinstance(entry, Entry):
                continue
            folder = entry.kind is FileKind.DIRECTORY
            if any(_excluded(pattern, path, folder) for pattern in patterns):
                continue
            if folder:
                files.make_directory(join(new, part), entry.mode)
                todo.append(path)
            else:
                files.copy(join(old, part), join(new, part))
        if count > MOST_COPIED:
            return False
    return True


def _excluded(pattern: str, path: str, folder: bool) -> bool:
    if pattern.endswith("/"):
        if not folder:
            return False
        pattern = pattern[:-1]
    anchored = pattern.startswith("/")
    pattern = pattern.lstrip("/")
    if "/" not in pattern and not anchored:
        return matches(compile_pattern(pattern), path.rpartition("/")[2])
    levels = pattern.count("/") + 1
    parts = path.split("/")
    candidates = [path] if anchored or "**" in pattern else ["/".join(parts[-levels:])]
    return any(
        matches(compile_pattern(pattern), candidate)
        and ("**" in pattern or candidate.count("/") == levels - 1)
        for candidate in candidates
    )


def tar(call: Call, files: WritableTree) -> Status | Unreadable:
    """`tar -xf FILE [-C FOLDER]` of a known archive; `tar -cf` writes one whose bytes are not known."""
    words = list(call.words)
    if len(words) > 1 and words[1].text and not words[1].text.startswith("-"):
        words[1] = Word("-" + words[1].text)
    given = arguments(
        replace(call, words=tuple(words)), "fCIbTX", "file directory exclude strip-components transform owner"
    )
    place = given.value("C", "directory")
    folder = whole(call, place) if place is not None else call.working_directory
    if folder is None or (given.has("C") and place is None):
        return UNREADABLE
    archive = given.value("f", "file")
    if given.has("c", "create"):
        path = whole(call, archive) if archive and archive != "-" else None
        if path is not None:
            files.write(named(files, path, last=True).path, unknown(call, f"an archive, {archive}"))
        return Status.UNKNOWN
    if given.has("t", "list"):
        return Status.UNKNOWN
    if not given.has("x", "extract", "get"):
        return UNREADABLE
    goal = named(files, folder, last=True)
    if isinstance(goal.answer, Absent):
        return Status.FAILURE
    plain = not given.operands and not given.has("exclude", "strip-components", "transform", "X", "T")
    content = _archive(call, files, archive)
    if content is Status.FAILURE:
        return Status.FAILURE
    members = None
    if plain and isinstance(content, bytes):
        members = unpack(content, archive or "", call.location or Location(""))
    if members is None or isinstance(members, Unknown) or members.misplaced:
        files.obscure(goal.path, unknown(call, "what the archive holds is not known"))
        return Status.UNKNOWN
    files.copy_from(members.tree, "/", goal.path)
    return Status.SUCCESS


def _archive(call: Call, files: WritableTree, archive: str | None) -> bytes | Status | Unreadable:
    if archive in (None, "-"):
        return call.stdin if isinstance(call.stdin, bytes) else UNREADABLE
    path = whole(call, archive or "")
    if path is None:
        return UNREADABLE
    there = named(files, path, last=True)
    if isinstance(there.answer, Absent):
        return Status.FAILURE
    content = files.read(there.path)
    return UNREADABLE if isinstance(content, Unknown) else content


def unzip(call: Call, files: WritableTree) -> Status | Unreadable:
    given = arguments(call, "dx")
    place = given.value("d")
    folder = whole(call, place) if place is not None else call.working_directory
    if folder is None or (given.has("d") and place is None):
        return UNREADABLE
    if given.has("l", "t", "p", "v", "Z"):
        return Status.UNKNOWN
    if given.operands and given.operands[0].text is not None and "*" not in given.operands[0].text:
        path = whole(call, given.operands[0].text)
        there = [named(files, path + end, last=True).answer for end in ("", ".zip")] if path else []
        if there and all(isinstance(answer, Absent) for answer in there):
            return Status.FAILURE
    files.obscure(named(files, folder, last=True).path, unknown(call, "what the archive holds is not known"))
    return Status.UNKNOWN


def download(call: Call, files: WritableTree) -> Status | Output | Unreadable:
    """Curl and wget: the file that is named, with bytes nobody knows."""
    curl = call.program == "curl"
    given = arguments(call, *(_CURL if curl else _WGET))
    if any(
        word.text is None and not word.prefix.startswith("http") for word in given.operands
    ) and not given.has("o", "output", "O", "output-document"):
        return UNREADABLE
    folder = (given.value("output-dir") if curl else given.value("P", "directory-prefix")) or "."
    if given.has("o", "output") if curl else given.has("O", "output-document"):
        target = given.value("o", "output") if curl else given.value("O", "output-document")
    elif (given.has("O", "remote-name", "remote-name-all") or given.has("J")) if curl else True:
        url = given.operands[-1].text if given.operands else None
        name = re.sub(r"[?#].*", "", url).rstrip("/").rpartition("/")[2] if url else ""
        target = f"{folder}/{name}" if name and "://" in (url or "") and len(given.operands) == 1 else None
    else:
        target = "-"
    if target == "-":
        url = given.operands[-1].text if given.operands else None
        return Output(installer_at(url or "", call.location), Status.UNKNOWN)
    path = None if target is None else whole(call, target)
    if path is None or (given.has("r", "recursive", "m", "mirror") and not curl):
        place = whole(call, folder)
        if place is not None:
            ending = given.operands[-1].ending.rpartition("/")[2] if given.operands else ""
            why = no_packages(call, "what is downloaded is not known")
            files.obscure(join("/", place), why, suffixes=(ending,) if ending else ())
        return Status.UNKNOWN
    there = named(files, path, last=True)
    if given.has("create-dirs"):
        make_parents(files, parent_of(there.path))
    room = holds(parent_answer(files, there.path))
    if room is False or there.is_directory:
        return Status.FAILURE
    files.write(there.path, unknown(call, "its content was downloaded"))
    return Status.UNKNOWN


_CURL = (
    "oHdXuAebTCmxrw",
    "output header data request user output-dir retry retry-delay connect-timeout max-time proto url",
)
_WGET = ("OPUTtoa", "output-document directory-prefix header user-agent tries timeout post-data")


def git(call: Call, files: WritableTree) -> Status | Unreadable:
    """`git clone URL [FOLDER]` fills one folder; most other subcommands change the one it is run in."""
    words = list(call.words[1:])
    while words and (words[0].text or "").startswith("-"):
        if words[0].text == "-C":
            return UNREADABLE
        words = words[2:] if words[0].text == "-c" else words[1:]
    if not words or words[0].text is None:
        return UNREADABLE
    command = words[0].text
    if command in tuple("config rev-parse describe log status diff show ls-remote version".split()):
        return Status.UNKNOWN
    if command in ("init", "add", "commit", "tag", "remote", "fetch", "gc"):
        if call.working_directory:
            files.obscure(join(call.working_directory, ".git"), unknown(call, f"git {command}"))
        return Status.UNKNOWN
    if command != "clone":
        return UNREADABLE
    given = arguments(
        replace(call, words=tuple(words)), "bcojud", "branch depth config origin jobs reference filter"
    )
    texts = [word.text for word in given.operands]
    if len(texts) > 1:
        target = texts[1]
    else:
        url = texts[0] if texts else None
        target = url.rstrip("/").rpartition("/")[2].rpartition(":")[2].removesuffix(".git") if url else None
    path = whole(call, target) if target else None
    if path is None:
        return UNREADABLE
    there = named(files, path, last=True)
    files.make_directory(there.path)
    files.obscure(there.path, unknown(call, "what git clones is not known"))
    return Status.UNKNOWN


def dos2unix(call: Call, files: WritableTree) -> Status | Unreadable:
    for word in arguments(call).operands:
        path = None if word.text is None else whole(call, word.text)
        if path is None:
            continue
        there = named(files, path, last=True)
        content = files.read(there.path) if there.is_file else None
        if isinstance(content, bytes) and b"\r\n" in content and isinstance(there.answer, Entry):
            files.write(there.path, content.replace(b"\r\n", b"\n"), there.answer.mode)
        elif isinstance(there.answer, Absent):
            return Status.FAILURE
    return Status.UNKNOWN


COMMANDS: dict[str, CommandFunction] = {
    "rsync": rsync,
    "tar": tar,
    "unzip": unzip,
    "curl": download,
    "wget": download,
    "git": git,
    "dos2unix": dos2unix,
}
