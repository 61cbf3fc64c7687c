"""The edges of the process: signals, streams that are closed or full, a folder that is gone, no process to be had."""

from __future__ import annotations

import multiprocessing
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from parity.config.settings import ImageSettings, Settings
from parity.model.report import ImageReport
from parity.tree.base import FileTree
from tests.conftest import ROOT, ask
from tests.support.reading import DOCKERFILE, ask_soon, codes, repository

PARITY = f"{shlex.quote(sys.executable)} -m parity"


def shell(line: str, cwd: Path) -> tuple[int, str, str]:
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("line", "status", "error"),
    [
        (f"{PARITY} check bad >&-", 1, ""),
        (f"{PARITY} check nope 2>&-", 2, ""),
        (f"{PARITY} check bad <&- >&- 2>&-", 1, ""),
        (f"{PARITY} check bad >/dev/full", 2, "error: cannot write the answer: No space left on device\n"),
        (f"{PARITY} rule >/dev/full", 2, "error: cannot write the answer: No space left on device\n"),
        (f"{PARITY} check nope 2>/dev/full", 2, ""),
    ],
)
def test_streams_that_are_closed_or_full(tmp_path: Path, line: str, status: int, error: str) -> None:
    assert shell(line, repository(tmp_path)) == (status, "", error)


@pytest.mark.parametrize(("command", "status"), [("check bad", 1), ("rule", 0), ("files bad", 0)])
def test_where_nobody_reads_the_status_is_the_same(tmp_path: Path, command: str, status: int) -> None:
    line = f"{{ {PARITY} {command}; echo $? >status; }} | true; cat status"
    assert shell(line, repository(tmp_path)) == (0, f"{status}\n", "")


def test_a_current_folder_that_was_deleted(tmp_path: Path) -> None:
    line = f"mkdir gone && cd gone && rmdir ../gone && {PARITY} check"
    assert shell(line, tmp_path) == (2, "", "error: PATH cannot be read: No such file or directory\n")


@pytest.mark.parametrize(
    "module", ["typer", "msgspec", "parity.pipeline", "parity.rules", "parity.startup.simulate"]
)
def test_an_interrupt_while_modules_are_loaded(tmp_path: Path, module: str) -> None:
    """The signal comes at the very import of a module, in the process that asks for it."""
    program = (
        "import os, signal, sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "from parity.__main__ import main\n"
        "sys.argv = ['parity', 'check', sys.argv[1]]\n"
        "main()\n"
    )
    repository(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (130, "")


def test_an_interrupt_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    """A shell starts what runs in the background so."""
    line = f"trap '' INT; {PARITY} check bad >/dev/null & pid=$!; kill -INT $pid; wait $pid; echo $?"
    assert shell(line, repository(tmp_path)) == (0, "1\n", "")


def images(folder: Path, number: int) -> Path:
    for name in map(str, range(number)):
        repository(folder / name)
    return folder


def test_several_processes_say_what_one_says(tmp_path: Path) -> None:
    images(tmp_path, 4)
    one, several = (
        codes(ask_soon("check", str(tmp_path), "--format", "json", "--no-cache", *jobs))
        for jobs in ((), ("--jobs", "3"))
    )
    assert one == several
    assert list(one) == list(several)


@pytest.mark.parametrize("most", [0, 1])
@pytest.mark.parametrize(
    "error", [BlockingIOError(11, "Resource temporarily unavailable"), RuntimeError("no thread")]
)
def test_as_many_processes_as_can_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, error: Exception
) -> None:
    images(tmp_path, 3)
    expected = codes(ask("check", str(tmp_path), "--format", "json"))
    start, started = multiprocessing.Process.start, []

    def limited(process: multiprocessing.Process) -> None:
        if len(started) == most:
            raise error
        started.append(process)
        start(process)

    monkeypatch.setattr(multiprocessing.Process, "start", limited)
    answer = ask("check", str(tmp_path), "--format", "json", "--jobs", "3", "--no-cache")
    assert codes(answer) == expected
    assert len(started) == most
    assert not any(process.is_alive() for process in started)


def test_a_process_that_is_killed_is_one_images_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from parity import pipeline

    check_image = pipeline.check_image

    def deadly(asked: ImageSettings, settings: Settings, checkout: FileTree) -> ImageReport:
        if asked.dockerfile == "/bad/Dockerfile":
            os.kill(os.getpid(), signal.SIGKILL)
        return check_image(asked, settings, checkout)

    monkeypatch.setattr(pipeline, "check_image", deadly)
    repository(tmp_path, other__Dockerfile=DOCKERFILE)
    (tmp_path / "other/main.py").write_text("")
    answer = ask("check", str(tmp_path), "--jobs", "2")
    assert answer.status == 2
    assert "error: bad/Dockerfile: the process that looked at it was ended\n" in answer.err
    assert "ok in 2 images, all imports found: Dockerfile, other/Dockerfile\n" in answer.out
    assert "1 not checked in 3 images" in answer.out


def test_a_syntax_error_opens_no_file(tmp_path: Path) -> None:
    """CPython shows the line of the file that it is told; a repository may have one of that name."""
    repository(tmp_path)
    (tmp_path / "main.py").write_text("import worse\nx = (\n")
    (tmp_path / "worse.py").write_text("return 1\n")
    for name in ("<unknown>", "<module>", "<string>", "<stdin>"):
        os.mkfifo(tmp_path / name)
    answer = ask_soon("check", ".", "--format", "json", cwd=tmp_path)
    assert codes(answer)["Dockerfile"] == ["PAR401", "PAR401"]
