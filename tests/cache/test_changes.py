"""An answer is used again as long as nothing that was asked has changed, and not a moment longer."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.remembering import Checks
from tests.support.repositories import git, needs_git

Edit = Callable[[Path], object]
MAIN, WORKER = "Dockerfile", "worker/Dockerfile"


def write(name: str, text: str) -> Edit:
    def edit(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)

    return edit


def replaced_by_a_link(root: Path) -> None:
    (root / "shop/store.py").unlink()
    (root / "shop/store.py").symlink_to("../nowhere.py")


def swapped(root: Path) -> None:
    """The folder is another one of the same name."""
    (root / "shop").rename(root / "old")
    (root / "shop").mkdir()


UNSEEN: dict[str, Edit] = {
    "nothing": lambda root: None,
    "a file that nobody asks for": write("notes/today.txt", "x"),
    "a module that nobody imports": write("shop/unused.py", "import gone"),
    "other times": lambda root: os.utime(root / "shop/store.py", (1, 1)),
    "the same text again": write("shop/store.py", "NAME = 1\n"),
}
SEEN: dict[str, tuple[Edit, list[str]]] = {
    "another text": (write("shop/store.py", "import gone\n"), [MAIN]),
    "as long a text": (write("shop/store.py", "NAME = 2\n"), [MAIN]),
    "a module that is gone": (lambda root: (root / "shop/store.py").unlink(), [MAIN]),
    "a module that shadows another": (write("json.py", "import gone\n"), [MAIN]),
    "a package that takes the place of a module": (write("shop/api/__init__.py", ""), [MAIN]),
    "a link in the place of a file": (replaced_by_a_link, [MAIN]),
    "another folder": (swapped, [MAIN]),
    "a data file that is gone": (lambda root: (root / "prices.json").unlink(), [MAIN]),
    "permissions": (lambda root: (root / "shop/store.py").chmod(0o600), [MAIN]),
    "what is installed": (write("requirements.txt", "flask\n"), [MAIN]),
    "a Dockerfile": (write("worker/Dockerfile", 'FROM python:3.12\nCMD ["python", "/w/main.py"]\n'), [WORKER]),
    "an ignore file": (write(".dockerignore", "shop/store.py\n"), [MAIN, WORKER]),
    "an ignore file of one Dockerfile": (write("worker/Dockerfile.dockerignore", "**/helper.py\n"), [MAIN, WORKER]),
    "a further Dockerfile": (write("web/Dockerfile", "FROM python:3.12\n"), [MAIN, "web/Dockerfile"]),
    "what git ignores": (write(".gitignore", "prices.json\n"), [MAIN]),
    "the configuration": (write("parity.toml", 'ignore = ["PAR203"]\n'), [MAIN, WORKER]),
    "a compose file": (
        write("compose.yaml", "services: {api: {build: ., command: python -m shop.api}}\n"),
        [MAIN, WORKER],
    ),
}  # fmt: skip


@pytest.mark.parametrize("edit", UNSEEN.values(), ids=UNSEEN)
def test_nothing_is_looked_at_again(settled: Checks, edit: Edit) -> None:
    before = settled.fresh()
    edit(settled.root)
    assert settled.ask() == before
    assert settled.checked == []


@pytest.mark.parametrize(("edit", "checked"), SEEN.values(), ids=SEEN)
def test_what_rests_on_it_is_looked_at_again(settled: Checks, edit: Edit, checked: list[str]) -> None:
    edit(settled.root)
    answer = settled.ask(format="text")
    assert settled.checked == checked
    assert answer == settled.fresh(format="text")
    assert settled.ask(format="text") == answer
    assert settled.checked == []


def test_a_change_within_a_tick_of_the_clock(checks: Checks) -> None:
    """Size, times and inode may all be the same: a young file is read again."""
    place = checks.root / "shop/store.py"
    checks.ask()
    before = place.stat()
    place.write_text("NAME = 2\n")
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))
    checks.ask()
    assert checks.checked == [MAIN]


def test_a_folder_that_may_not_be_listed_is_asked_again(
    checks: Checks, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = checks.root / "data"
    data.mkdir()
    scandir = os.scandir

    def refusing(place: str) -> object:
        if str(place) == str(data) and not stat.S_IMODE(data.stat().st_mode):
            raise PermissionError(13, "Permission denied")
        return scandir(place)

    monkeypatch.setattr(os, "scandir", refusing)
    data.chmod(0)
    told = checks.ask(format="text")
    assert "data cannot be listed: Permission denied" in told.out
    assert checks.ask(format="text") == told
    assert checks.checked == []
    data.chmod(0o755)
    assert "cannot be listed" not in checks.ask(format="text").out


@needs_git
def test_what_git_has(settled: Checks) -> None:
    root = settled.root
    git(root, "init", "-q")
    git(root, "add", ".")
    settled.ask()
    assert settled.checked == [MAIN, WORKER]
    git(root, "rm", "-q", "--cached", "shop/store.py")
    told = settled.ask()
    assert settled.checked == [MAIN, WORKER]
    assert "PAR107" in told.out
    assert told == settled.fresh()
    (root / ".git/info").mkdir(exist_ok=True)
    (root / ".git/info/exclude").write_text("shop/store.py\n")
    assert settled.ask() == settled.fresh() != told
    (root / ".git").rename(root / "no.git")
    assert "PAR107" not in settled.ask().out


def test_options_and_variables_are_a_question_of_their_own(
    settled: Checks, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in (
        ("--python", "3.8"),
        ("--entrypoint", "python -m shop"),
        ("--ignore", "PAR2"),
        ("--target", "x"),
    ):
        assert settled.ask(*words) == settled.fresh(*words)
        assert settled.checked
    monkeypatch.setenv("WHERE", "/one")
    assert '"workdir": "/one"' in settled.ask("--build-arg", "WHERE").out
    monkeypatch.setenv("WHERE", "/two")
    assert '"workdir": "/two"' in settled.ask("--build-arg", "WHERE").out


def test_a_comment_is_heeded_at_once(settled: Checks) -> None:
    write("shop/store.py", "import gone\n")(settled.root)
    assert "PAR104" in settled.ask().out
    write("shop/store.py", "import gone  # parity: ignore[PAR104] soon\n")(settled.root)
    assert "PAR104" not in settled.ask().out
    assert "PAR104" in settled.ask("--no-ignores").out
    write("shop/store.py", "import json  # parity: ignore[PAR104] soon\n")(settled.root)
    told = settled.ask()
    assert "PAR901" in told.out
    assert settled.ask() == told
    assert settled.checked == []


def test_the_environment_that_was_read(settled: Checks) -> None:
    site = settled.root / ".venv/lib/python3.12/site-packages/requests-2.0.dist-info"
    site.mkdir(parents=True)
    (settled.root / ".venv/pyvenv.cfg").write_text("")
    (site / "METADATA").write_text("Requires-Dist: urllib3\n\n")
    (site / "RECORD").write_text("requests/__init__.py,,\n")
    assert settled.ask() == settled.fresh()
    assert MAIN in settled.checked
    (site / "RECORD").write_text("requestz/__init__.py,,\n")
    assert settled.ask() == settled.fresh()
    assert MAIN in settled.checked


def test_edits_that_are_offered(settled: Checks) -> None:
    write(".dockerignore", "shop/store.py\n")(settled.root)
    told = settled.ask()
    assert '"replacement"' in told.out
    assert settled.ask() == told
    assert settled.checked == []
    write("shop/api.py", "from shop import store, gone\n")(settled.root)
    assert settled.ask() == settled.fresh()


@pytest.mark.parametrize(
    "format", ["text", "concise", "sarif", "markdown", "gitlab", "html", "junit", "github"]
)
def test_every_format_is_the_same(settled: Checks, format: str) -> None:
    write(".dockerignore", "shop/store.py\n")(settled.root)
    told = settled.ask(format=format)
    assert settled.ask(format=format) == told == settled.fresh(format=format)
    assert settled.checked == []


def test_an_image_that_cannot_be_built_is_known_too(settled: Checks) -> None:
    write("worker/Dockerfile", "FROM python:3.12\nNOSUCH x\n")(settled.root)
    told = settled.ask()
    assert told.status == 2
    assert settled.checked == [WORKER]
    assert settled.ask() == told
    assert settled.checked == []


def test_a_fault_is_not_kept(settled: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    from parity import one_image

    write("shop/store.py", "import gone\n")(settled.root)
    with monkeypatch.context() as patch:
        patch.setattr(one_image, "report_of", lambda *_: 1 / 0)
        assert "internal error" in settled.ask().err
    assert "internal error" not in settled.ask().err
    assert settled.checked == [MAIN]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_processes_keep_what_they_find(checks: Checks, jobs: str) -> None:
    told = checks.ask("--jobs", jobs)
    assert checks.ask("--jobs", "1") == told == checks.fresh()
    assert checks.checked == []
