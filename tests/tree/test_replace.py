"""Files are replaced whole: what stood there stays until all of the new text has its place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from parity.model.errors import ParityError
from parity.tree.base import ABSENT
from parity.tree.disk import DiskTree
from parity.tree.remembered import RememberedTree
from parity.tree.replace import replace_file
from tests.conftest import ROOT, ask
from tests.support.reading import ask_soon, repository


def listing(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_new_file_and_one_that_is_there(tmp_path: Path) -> None:
    place = tmp_path / "a"
    replace_file(place, "a", b"new", before=ABSENT)
    place.chmod(0o750)
    replace_file(place, "a", b"newer", before=b"new")
    assert (place.read_bytes(), place.stat().st_mode & 0o777) == (b"newer", 0o750)
    assert listing(tmp_path) == ["a"]


@pytest.mark.parametrize("before", [ABSENT, b"other"])
def test_what_has_changed_is_left_alone(tmp_path: Path, before: object) -> None:
    (tmp_path / "a").write_bytes(b"theirs")
    with pytest.raises(ParityError, match="a has changed in the meantime; it was not edited"):
        replace_file(tmp_path / "a", "a", b"ours", before=before)  # type: ignore[arg-type]
    assert (tmp_path / "a").read_bytes() == b"theirs"
    assert listing(tmp_path) == ["a"]


def test_a_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    replace_file(tmp_path / "link", "link", b"new", within=tmp_path.resolve())
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.parametrize("name", ["link", "dangling", "folder/new", "folder/deep/../new"])
def test_no_link_is_followed_out(tmp_path: Path, name: str) -> None:
    inside = tmp_path.resolve() / "in"
    (tmp_path / "out").mkdir()
    inside.mkdir()
    (tmp_path / "out/old").write_bytes(b"old")
    (inside / "link").symlink_to("../out/old")
    (inside / "dangling").symlink_to("../out/made")
    (inside / "folder").symlink_to("../out")
    with pytest.raises(ParityError, match="leads out of in"):
        replace_file(inside / name, name, b"new", within=inside)
    assert listing(tmp_path / "out") == ["old"]
    assert (tmp_path / "out/old").read_bytes() == b"old"


def test_the_users_own_links_are_followed(tmp_path: Path) -> None:
    """Those that stand elsewhere: nobody but the user wrote them."""
    inside = tmp_path.resolve() / "in"
    inside.mkdir()
    (tmp_path / "real").mkdir()
    (tmp_path / "reports").symlink_to("real")
    replace_file(tmp_path / "reports/a", "a", b"new", within=inside)
    assert (tmp_path / "real/a").read_bytes() == b"new"


def test_what_is_no_file_is_not_written(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    for name, kind in (("fifo", "a FIFO"), ("folder", "a folder")):
        with pytest.raises(ParityError, match=f"cannot write {name}: it is {kind}, not a file"):
            replace_file(tmp_path / name, name, b"")
    for name in ("a\0b", "\ud800"):
        with pytest.raises(ParityError, match="no file has such a name"):
            replace_file(tmp_path / name, name, b"")


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    """RLIMIT_FSIZE stands for the disk: the write fails in the middle."""
    (tmp_path / "a").write_bytes(b"old")
    program = (
        "import pathlib, resource, signal, sys\n"
        "from parity.model.errors import ParityError\n"
        "from parity.tree.replace import replace_file\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n    replace_file(pathlib.Path(sys.argv[1]), 'a', b'x' * 5000)\n"
        "except ParityError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "a")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "cannot write a: File too large\n"
    assert (tmp_path / "a").read_bytes() == b"old"
    assert listing(tmp_path) == ["a"]


@pytest.mark.parametrize("option", ["--output", "--write-baseline"])
def test_the_answers_file_is_not_written_through_a_link_of_the_checkout(tmp_path: Path, option: str) -> None:
    (tmp_path / "mine").write_text("mine")
    checkout = repository(tmp_path / "checkout")
    (checkout / "answer").symlink_to("../mine")
    os.mkfifo(checkout / "fifo")
    answer = ask_soon("check", ".", option, "answer", cwd=checkout)
    assert (answer.status, (tmp_path / "mine").read_text()) == (2, "mine")
    assert answer.err == "error: cannot write answer: a link on the way to it leads out of checkout\n"
    answer = ask_soon("check", ".", option, "fifo", cwd=checkout)
    assert (answer.status, answer.err) == (2, "error: cannot write fifo: it is a FIFO, not a file\n")


def test_a_stream_of_the_user_is_written_as_it_is(tmp_path: Path) -> None:
    answer = ask_soon("check", str(repository(tmp_path)), "--format", "json", "--output", "/dev/stdout")
    assert answer.out.startswith('{\n  "schema_version": 1')


def test_init_writes_all_or_nothing(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (project / ".github").symlink_to(outside)
    before = listing(project)
    answer = ask("init", str(project), "--source", f"https://git.example/parity@{'0' * 40}")
    assert answer.status == 2
    assert (
        f"cannot write .github/workflows/parity.yml: a link on the way to it leads out of {project.name}"
        in answer.err
    )
    assert (listing(project), listing(outside)) == (before, [])


@pytest.mark.parametrize("name", ["parity.toml", "pyproject.toml"])
def test_init_waits_for_no_fifo(project: Path, name: str) -> None:
    os.mkfifo(project / name)
    answer = ask_soon("init", str(project))
    assert (answer.status == 2) == (name == "parity.toml")


def test_a_text_is_edited_as_it_was_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"first")
    tree = RememberedTree(DiskTree(tmp_path))
    assert tree.read("/a") == b"first"
    (tmp_path / "a").write_bytes(b"second")
    assert tree.read("/a") == b"first"
