"""The files of a git revision, in a folder that is there for a while.

They are read with git's plumbing and written as they are stored: nothing is checked out, so that no filter, hook or
attribute of the repository has a say, and the repository stays as it is.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from parity.model.errors import ParityError
from parity.tree.reader import LARGEST_FILE, repository_of

_LINK, _FILES = b"120000", (b"100644", b"100755")
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


class _Blob(Struct, frozen=True):
    mode: bytes
    name: bytes
    size: int
    path: bytes


@contextmanager
def files_of(folder: Path, revision: str) -> Iterator[Path]:
    """Yields `folder` as it was in the revision: a folder of the same repository, elsewhere. Raises ParityError."""
    top = repository_of(folder)
    name = f"{revision}^{{tree}}"
    tree = _git(top, revision, "rev-parse", "--verify", "--quiet", "--end-of-options", name).decode().strip()
    with TemporaryDirectory(prefix="parity-") as place:
        copy = Path(place).resolve() / top.name
        (copy / ".git").mkdir(parents=True)  # the root of a repository, to everything that looks for one
        _write(top, copy, _blobs(_git(top, revision, "ls-tree", "-r", "-z", "-l", "--full-tree", tree)))
        there = copy / folder.relative_to(top)
        there.mkdir(parents=True, exist_ok=True)
        yield there


def _blobs(listing: bytes) -> Iterator[_Blob]:
    """Files and links; what a submodule has is in another repository."""
    for line in filter(None, listing.split(b"\0")):
        about, _, path = line.partition(b"\t")
        mode, kind, name, size = about.split()
        parts = path.split(b"/")
        if kind == b"blob" and not {b"", b".", b"..", b".git"} & {part.lower() for part in parts}:
            yield _Blob(mode, name, int(size), path)


def _write(top: Path, copy: Path, blobs: Iterable[_Blob]) -> None:
    """Links last: nothing is written through one."""
    files: list[_Blob] = []
    links: list[_Blob] = []
    for blob in blobs:
        (links if blob.mode == _LINK else files).append(blob)
    for blob, data in zip((*files, *links), _contents(top, (*files, *links)), strict=True):
        place = copy / os.fsdecode(blob.path)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            if blob.mode == _LINK:
                place.symlink_to(os.fsdecode(data or b"?"))
            else:
                _write_file(place, blob, data)
        except (
            OSError,
            ValueError,
        ):  # two names of a hostile tree that are one here, or one that no file can have
            continue


def _write_file(place: Path, blob: _Blob, data: bytes | None) -> None:
    with place.open("xb") as opened:
        if data is None:
            opened.truncate(blob.size)  # as large as it is, which is all that anybody asks of it
        else:
            opened.write(data)
    if blob.mode == _FILES[1]:
        place.chmod(0o755)


def _contents(top: Path, blobs: Sequence[_Blob]) -> Iterator[bytes | None]:
    """None for a file that is larger than any that is read."""
    wanted = [blob.name for blob in blobs if blob.size <= LARGEST_FILE]
    with TemporaryDirectory(prefix="parity-") as place:
        asked = Path(place) / "names"
        asked.write_bytes(b"".join(name + b"\n" for name in wanted))
        with (
            asked.open("rb") as names,
            subprocess.Popen(
                ["git", "-C", str(top), "cat-file", "--batch"],
                stdin=names,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_ENVIRONMENT},
            ) as git,
        ):
            assert git.stdout is not None
            for blob in blobs:
                if blob.size > LARGEST_FILE:
                    yield None
                    continue
                head = git.stdout.readline().split()
                if len(head) != 3:
                    raise ParityError(
                        f"git does not have all files of the revision: {blob.path.decode('utf8', 'replace')}"
                    )
                data = git.stdout.read(int(head[2]))
                git.stdout.read(1)
                yield data


def _git(top: Path, revision: str, *words: str) -> bytes:
    """What git prints. Raises ParityError."""
    try:
        done = subprocess.run(
            ["git", "-C", str(top), *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            env={**os.environ, **_ENVIRONMENT},
        )
    except (OSError, ValueError) as error:  # there is no git; a NUL in the name of the revision
        raise ParityError(f"--diff {revision}: git cannot be asked: {error}") from None
    if done.returncode:
        told = done.stderr.decode("utf8", "replace").strip().splitlines()
        why = told[-1].removeprefix("fatal: ") if told else "git knows no such revision"
        hint = "" if told else "a shallow clone has only its own: git fetch origin BRANCH brings another"
        raise ParityError(f"--diff {revision}: {why}", hint=hint)
    return done.stdout
