"""`smoke --run`: an engine's answer beside what check says. The engine is a script that answers as docker does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parity.smoke.engine import raised_in
from tests.conftest import Answer, ask

MISSING = """Traceback (most recent call last):
  File "<string>", line 1, in <module>
    import lib
ModuleNotFoundError: No module named 'lib'
"""


@pytest.fixture
def missing(project: Path) -> Path:
    """An image without the module that its program imports."""
    (project / "main.py").write_text("import lib\n")
    (project / "lib.py").write_text("")
    (project / ".dockerignore").write_text("lib.py\n")
    return project


@pytest.fixture
def whole(missing: Path) -> Path:
    (missing / ".dockerignore").unlink()
    return missing


def run(project: Path, status: int, stderr: str = "", *options: str) -> Answer:
    engine = project / "engine.sh"
    (project / "stderr").write_text(stderr)
    engine.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" >> {project}/words\ncat {project}/stderr >&2\nexit {status}\n'
    )
    engine.chmod(0o755)
    return ask("smoke", str(project), "--run", "--image", "shop", "--engine", str(engine), *options)


def test_it_runs_without_network_and_pulls_nothing(whole: Path) -> None:
    assert run(whole, 0).status == 0
    words = (whole / "words").read_text().splitlines()
    name = words.pop(words.index("--name") + 1)
    assert name.startswith("parity-")
    assert words == [
        *("run", "--rm", "--pull", "never", "--network", "none", "--name"),
        *("--entrypoint", "python", "shop", "-c", "import lib"),
    ]


def test_a_start_that_was_predicted(whole: Path) -> None:
    answer = run(whole, 0)
    assert answer.out == (
        "Dockerfile\n  python -c 'import lib'\n    starts: as check says\n\n1 test: 1 as check says\n"
    )
    assert answer.status == 0


def test_a_failure_that_was_predicted(missing: Path) -> None:
    answer = run(missing, 1, MISSING)
    assert answer.out == (
        "Dockerfile\n  python -c 'import lib'\n    fails with ModuleNotFoundError: No module named 'lib': "
        "as check says: PAR101 lib is not in the image (main.py:1:1)\n\n1 test: 1 as check says\n"
    )
    assert answer.status == 1


def test_a_failure_that_was_not_predicted_is_a_case_to_report(whole: Path) -> None:
    answer = run(whole, 1, MISSING)
    text, _, case = answer.out.partition("Please report this case.")
    assert "fails with ModuleNotFoundError: No module named 'lib': check says that it starts\n" in text
    assert case.splitlines()[2:] == [
        "# why: check and the container disagree",
        f"# parity: {case.partition('# parity: ')[2].splitlines()[0]}",
        "# dockerfile: Dockerfile",
        "# context: .",
        "# verdict: ok",
        "# start: python main.py",
        "# test: python -c 'import lib'",
        "# happened: ModuleNotFoundError: No module named 'lib'",
        "# said: check says that it starts",
        "-- Dockerfile --",
        *(whole / "Dockerfile").read_text().splitlines(),
        "-- main.py --",
        "import lib",
        "-- lib.py --",
    ]
    assert answer.status == 1


def test_a_start_where_a_failure_was_predicted_is_one_too(missing: Path) -> None:
    answer = run(missing, 0)
    assert "starts: check says that it fails: PAR101 lib is not in the image (main.py:1:1)\n" in answer.out
    assert "Please report this case." in answer.out
    assert answer.status == 1


def test_what_comes_of_the_environment_is_no_case(whole: Path) -> None:
    answer = run(whole, 1, MISSING.replace("ModuleNotFoundError: No module named 'lib'", "KeyError: 'TOKEN'"))
    assert "fails with KeyError: 'TOKEN': check does not look for it" in answer.out
    assert "report" not in answer.out
    assert answer.status == 1


def test_json_says_the_same(missing: Path) -> None:
    (image,) = json.loads(run(missing, 1, MISSING, "--format", "json").out)["images"]
    (test,) = image["tests"]
    assert (test["status"], test["exception"], test["as_predicted"]) == (1, "ModuleNotFoundError", "yes")
    assert image["case"] is None


def test_one_that_does_not_end_is_stopped(whole: Path) -> None:
    engine = whole / "engine.sh"
    engine.write_text(f'#!/bin/sh\necho "$1" >> {whole}/calls\n[ "$1" = kill ] || exec sleep 30\n')
    engine.chmod(0o755)
    answer = ask(
        *("smoke", str(whole), "--run", "--image", "shop", "--engine", str(engine), "--time-limit", "1")
    )
    assert "does not end: it was stopped at the time limit\n" in answer.out
    assert (whole / "calls").read_text() == "run\nkill\n"
    assert answer.status == 1


class TestNoAnswer:
    def test_without_an_engine(self, whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(whole))
        answer = ask("smoke", str(whole), "--run", "--image", "shop")
        assert answer.err == (
            "error: there is no container engine: neither docker nor podman is on PATH\n"
            "  leave --run out for the commands to run elsewhere, or name the engine with --engine\n"
        )
        assert (answer.status, answer.out) == (2, "")

    def test_an_engine_that_makes_no_container(self, whole: Path) -> None:
        answer = run(whole, 125, "Unable to find image 'shop:latest' locally\n")
        assert "could not run shop: Unable to find image 'shop:latest' locally\n" in answer.err
        assert answer.err.endswith("build it first, and name it with --image: Dockerfile\n")
        assert answer.status == 2

    def test_an_image_that_nobody_names(self, whole: Path) -> None:
        answer = ask("smoke", str(whole), "--run", "--engine", "true")
        assert "no file says what the image of Dockerfile is called\n" in answer.err
        assert answer.status == 2

    def test_a_name_for_several_images(self, whole: Path) -> None:
        (whole / "Dockerfile.b").write_text((whole / "Dockerfile").read_text())
        answer = ask("smoke", str(whole), "--run", "--image", "shop", "--engine", "true")
        assert "--image names one image, and there are 2\n" in answer.err
        assert answer.status == 2

    def test_a_form_that_is_no_answer(self, whole: Path) -> None:
        answer = ask("smoke", str(whole), "--run", "--format", "docker")
        assert "--run answers as text or json, not as docker\n" in answer.err
        assert answer.status == 2


class TestTraceback:
    def test_the_last_one_counts(self) -> None:
        text = f"{MISSING}\nDuring handling of the above exception, another exception occurred:\n\n"
        text += 'Traceback (most recent call last):\n  File "x"\na.b.ImproperlyConfigured: no\n'
        assert raised_in(text) == ("ImproperlyConfigured", "no")

    def test_an_exception_without_a_text(self) -> None:
        assert raised_in('Traceback (most recent call last):\n  File "x"\nKeyboardInterrupt\n') == (
            "KeyboardInterrupt",
            "",
        )

    def test_there_may_be_none(self) -> None:
        assert raised_in("exec: python: not found\n") == ("", "")
