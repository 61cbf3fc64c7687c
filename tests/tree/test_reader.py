"""The one reader: what it opens, what it refuses, and that nothing else of the tool opens files."""

from __future__ import annotations

import ast
import os
import socket
from pathlib import Path

import pytest

from parity.model.location import Unknown
from parity.tree.base import ABSENT
from parity.tree.disk import DiskTree
from parity.tree.reader import is_file, is_folder, is_there, read_file
from tests.conftest import ROOT
from tests.support.corpus.material import clear


def test_a_regular_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x\n")
    assert read_file(tmp_path / "a", "a") == b"x\n"
    assert read_file(tmp_path / "a", "a", largest=2) == b"x\n"
    assert read_file(tmp_path / "a", "a", largest=1) == Unknown("a is larger than 1 bytes and was not read")


@pytest.mark.parametrize("name", ["none", "a/b", "x" * 300, "a\0b", "\ud800"])
def test_names_that_no_file_has(tmp_path: Path, name: str) -> None:
    (tmp_path / "a").write_text("")
    assert read_file(tmp_path / name, "it") == ABSENT
    assert not is_there(tmp_path / name)
    assert not is_file(tmp_path / name)
    assert not is_folder(tmp_path / name)


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "itself").symlink_to("itself")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(tmp_path)
        listening.bind("socket")
        os.chdir(here)
        reasons = {
            name: read_file(tmp_path / name, name) for name in ("fifo", "folder", "zero", "socket", "itself")
        }
    assert reasons == {
        "fifo": Unknown("fifo cannot be read: it is a FIFO, not a file"),
        "folder": Unknown("folder cannot be read: it is a folder, not a file"),
        "zero": Unknown("zero cannot be read: it is a device, not a file"),
        "socket": Unknown("socket cannot be read: it is a socket, not a file"),
        "itself": Unknown("itself cannot be read: Too many levels of symbolic links"),
    }


def test_a_link_is_followed_within_the_folder_only(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "outside").write_text("o")
    (tmp_path / "in/real").write_text("r")
    (tmp_path / "in/near").symlink_to("real")
    (tmp_path / "in/far").symlink_to("../outside")
    folder = (tmp_path / "in").resolve()
    assert read_file(folder / "near", "near", within=folder) == b"r"
    assert read_file(folder / "far", "far", within=folder) == Unknown(
        "far cannot be read: it is a link that leads out of in"
    )
    assert read_file(folder / "far", "far") == b"o"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no procfs")
def test_a_file_without_a_size_is_read(tmp_path: Path) -> None:
    assert str(read_file(Path("/proc/self/comm"), "comm")).startswith("b'")
    (tmp_path / "stat").symlink_to("/proc/self/stat")
    assert isinstance(DiskTree(Path("/proc/self")).read("/stat"), bytes)


OPENERS = {
    "open",
    "read_bytes",
    "read_text",
    "write_bytes",
    "write_text",
    "exists",
    "is_file",
    "is_dir",
    "is_symlink",
}
DOORS = {
    "tree/reader.py",
    "tree/replace.py",
    "cli/revision.py",  # a folder of its own, for files that git has
    "cache/store.py",  # the user's own folder
    "cli/output.py",  # the page of a workflow's job, which the runner names
}
OWN_DATA = {"cache/tool.py", "packages/catalogue.py", "python/stdlib.py", "cli/scaffold/source.py"}


def _opens(file: Path) -> set[str]:
    """Calls that go to the disk: of `open`, and of the methods of `Path`."""
    calls = (node for node in ast.walk(ast.parse(file.read_text("utf8"))) if isinstance(node, ast.Call))
    names = set()
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id == "open":
            names.add("open")
        elif isinstance(call.func, ast.Attribute) and call.func.attr in OPENERS - {"open"}:
            names.add(call.func.attr)
    return names


def test_no_other_module_opens_files() -> None:
    """`is_dir` and `is_symlink` are asked of entries of a listing as well, which opens nothing."""
    package = ROOT / "parity"
    found = {
        name: calls - {"is_dir", "is_symlink"}
        for file in sorted(package.rglob("*.py"))
        if (name := file.relative_to(package).as_posix()) not in DOORS | OWN_DATA
        if (calls := _opens(file)) - {"is_dir", "is_symlink"}
    }
    assert found == {}


def test_a_folder_in_a_thousand_others(tmp_path: Path) -> None:
    deep = "/a" * 1_000
    for n in range(1, 1_001):
        os.mkdir(f"{tmp_path}{'/a' * n}")
    try:
        assert DiskTree(tmp_path).names(deep) == frozenset()
        assert DiskTree(tmp_path).lookup(f"{deep}/b/c") == ABSENT
    finally:
        clear(tmp_path)  # shutil.rmtree needs a frame for each
