"""The index of a repository, in all the forms in which git writes it, against `git ls-files`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.git.index import Index, NotReadError
from tests.support.repositories import git, lines, needs_git, repository

FILES = {f"{folder}/{name}.py": "x = 1\n" for folder in ("app", "app/inner", "lib") for name in "abcde"}
LONG = "deep/" + "/".join("x" * 200 for _ in range(21)) + "/y.py"


def _other(name: str) -> bytes:
    raise NotReadError(name)


def index_of(root: Path, hash_size: int = 20) -> Index:
    folder = root / ".git"
    return Index((folder / "index").read_bytes(), lambda name: (folder / name).read_bytes(), hash_size)


def _version(number: int) -> Callable[[Path], None]:
    return lambda root: git(root, "update-index", "--index-version", str(number)) and None


def _extended(root: Path) -> None:
    git(root, "update-index", "--skip-worktree", "app/b.py")


def _split(root: Path) -> None:
    git(root, "update-index", "--split-index")
    (root / "app/new.py").write_text("")
    (root / "app/c.py").write_text("changed = 1\n")
    git(root, "add", "app/new.py", "app/c.py")
    git(root, "rm", "-q", "--cached", "app/a.py", "lib/e.py")


def _split_with_prefixes(root: Path) -> None:
    _version(4)(root)
    _split(root)


def _conflict(root: Path) -> None:
    """Three stages of one file."""
    git(root, "commit", "-qm", "first")
    git(root, "checkout", "-qb", "other")
    (root / "lib/a.py").write_text("other = 1\n")
    git(root, "commit", "-qam", "other")
    git(root, "checkout", "-q", "-")
    (root / "lib/a.py").write_text("mine = 1\n")
    git(root, "commit", "-qam", "mine")
    git(root, "merge", "-q", "other")


def _sparse(root: Path) -> None:
    git(root, "commit", "-qm", "first")
    git(root, "sparse-checkout", "set", "--cone", "--sparse-index", "app")


FORMS = {
    "version 2": _version(2),
    "extended entries": _extended,
    "version 4": _version(4),
    "split": _split,
    "split, version 4": _split_with_prefixes,
    "conflict": _conflict,
    "sparse": _sparse,
}


@needs_git
@pytest.mark.parametrize("form", FORMS)
def test_what_is_tracked(form: str, tmp_path: Path) -> None:
    root = repository(tmp_path, FILES)
    FORMS[form](root)
    tracked = set(lines(root, "ls-files", "-z"))
    asked = {*FILES, *tracked, "app/new.py", "app/z.py", "a.py", "z", "app", "app/inner", "xapp/a.py"}
    told = index_of(root).untracked(path.encode() for path in asked)
    assert sorted(path.decode() for path in told) == sorted(asked - tracked)
    index = index_of(root)
    assert all(index.tracks(path.encode()) == (path in tracked) for path in asked)
    folders = {"": True, "app": True, "app/inner": True, "lib": True, "li": False, "app/a.py": False}
    assert {folder: index.tracks_below(folder.encode()) for folder in folders} == folders


@needs_git
def test_the_forms_are_what_they_are_called(tmp_path: Path) -> None:
    root = repository(tmp_path, FILES)
    index = root / ".git/index"
    _extended(root)
    assert index.read_bytes()[4:8] == b"\0\0\0\3"
    _version(4)(root)
    assert index.read_bytes()[4:8] == b"\0\0\0\4"
    _split(root)
    assert b"link" in index.read_bytes()
    git(root, "update-index", "--no-split-index", "--no-skip-worktree", "app/b.py")
    _sparse(root)
    assert b"sdir" in index.read_bytes()


@needs_git
def test_what_is_only_meant_to_be_added_is_not_tracked(tmp_path: Path) -> None:
    root = repository(tmp_path, FILES)
    (root / "app/soon.py").write_text("")
    git(root, "add", "--intent-to-add", "app/soon.py")
    assert index_of(root).untracked([b"app/soon.py", b"app/a.py"]) == [b"app/soon.py"]


@needs_git
def test_names_of_other_objects_are_longer(tmp_path: Path) -> None:
    root = repository(tmp_path, FILES, "--object-format=sha256")
    assert index_of(root, 32).untracked([*(path.encode() for path in FILES), b"no"]) == [b"no"]


@needs_git
def test_the_end_of_a_longer_name_is_no_file(tmp_path: Path) -> None:
    root = repository(tmp_path, {"src/lib/a.py": "", "xlib/a.py": ""})
    assert index_of(root).untracked([b"lib/a.py", b"a.py"]) == [b"a.py", b"lib/a.py"]


@needs_git
def test_a_name_that_is_too_long_for_its_length_is_found(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a.py": ""})
    blob = git(root, "hash-object", "-w", "a.py").strip()
    git(root, "update-index", "--index-info", given=b"100644 %s\t%s\n" % (blob, LONG.encode()))
    assert len(LONG) > 0xFFF
    assert index_of(root).untracked([LONG.encode(), b"b.py"]) == [b"b.py"]


@needs_git
def test_a_damaged_index_is_not_read(tmp_path: Path) -> None:
    root = repository(tmp_path, FILES)
    for form in ("version 2", "version 4", "split"):
        FORMS[form](root)
        data = (root / ".git/index").read_bytes()
        for seed in range(150):
            random = Random(seed)
            broken = bytearray(data[: random.randrange(len(data))] if seed % 2 else data)
            for _ in range(random.randrange(1, 6)):
                broken[random.randrange(len(broken)) if len(broken) else 0 :][:1] = b""
                if broken:
                    broken[random.randrange(len(broken))] = random.randrange(256)
            _ask(bytes(broken), lambda name: (root / ".git" / name).read_bytes())


@given(st.binary(max_size=300), st.sampled_from((2, 3, 4)), st.integers(0, 1 << 32 - 1))
def test_any_bytes_are_survived(data: bytes, version: int, count: int) -> None:
    header = b"DIRC" + version.to_bytes(4, "big") + (count % (1 << 32)).to_bytes(4, "big")
    _ask(header + data, _other)


def _ask(data: bytes, shared: Callable[[str], bytes]) -> None:
    try:
        Index(data, shared).untracked([b"app/a.py", b"no"])
    except (NotReadError, OSError):
        pass


def test_names_that_grow_without_end_are_not_read() -> None:
    entry = bytes(62) + b"\0" + b"x" * 60 + b"\0"
    data = b"DIRC" + (4).to_bytes(4, "big") + (20_000).to_bytes(4, "big") + entry * 20_000
    with pytest.raises(NotReadError):
        Index(data, _other).tracks(b"x")
