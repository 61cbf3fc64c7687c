"""Whatever names and texts a repository has, a terminal and a workflow's log are sent nothing that they act on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parity.formats.choice import names
from tests.conftest import Answer, ask

FOR_PROGRAMS = ("json", "sarif", "gitlab", "junit", "html")
"""Formats that no terminal shows; JSON has its own way to write such characters, and may leave some as they are."""

EVIL = "e\x1b[2J\x1b]0;pwn\x07\x9b31m\u202ex"
DOCKERFILE = (
    f"FROM python:3.11-slim\nWORKDIR /{EVIL}\nCOPY . .\nENV A={EVIL}\nRUN true {EVIL}\n"
    'CMD ["python", "main.py"]\n'
)
_ACTED_ON = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_OUR_COLORS = re.compile("\x1b\\[[0-9;]*m")


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """The name is in a folder, a Dockerfile, a module, an ignore rule, a stage's variable and the working directory."""
    folder = tmp_path / EVIL
    (folder / "services").mkdir(parents=True)
    for name, text in {
        "Dockerfile": DOCKERFILE,
        f"Dockerfile.{EVIL}": f"FROM python:3.11-slim\nCOPPY {EVIL}\n",
        "main.py": "import services.gone\nimport evil\n",
        "evil.py": f"open('{EVIL}')\nx = (\n",
        f"{EVIL}.py": "",
        "services/__init__.py": "",
        "services/gone.py": "",
        "requirements.txt": f"{EVIL}\n",
        ".dockerignore": f"services\n{EVIL}\n!{EVIL}/a\n",
        "compose.yaml": "services: [\n",
    }.items():
        (folder / name).write_text(text)
    return tmp_path


def nothing_raw(answer: Answer) -> None:
    assert "internal error" not in answer.err
    for text in (answer.out, answer.err):
        found = _ACTED_ON.search(_OUR_COLORS.sub("", text))
        assert found is None, text[max(found.start() - 80, 0) : found.end() + 20]


@pytest.mark.parametrize(
    "command",
    [
        ("check", "--format", "text", "-v"),
        ("check", "--format", "text", "--color", "always"),
        *(("check", "--format", name) for name in names("report") if name not in FOR_PROGRAMS),
        ("files",),
        ("files", "--excluded", "--color", "always"),
        ("graph",),
        ("graph", "--format", "dot"),
        ("fix", "--color", "always"),
        ("check", "-f", f"nope{EVIL}"),
        ("check", "--context", EVIL),
        ("check", "--target", EVIL),
        ("check", "--select", EVIL),
        ("check", "--baseline", EVIL),
        ("check", "--config", EVIL),
        ("check", "--entrypoint", f"python {EVIL}.py"),
        ("check", "--output", f"{EVIL}/{EVIL}"),
    ],
)
def test_nothing_raw_is_sent(hostile: Path, command: tuple[str, ...]) -> None:
    nothing_raw(ask(command[0], str(hostile), *command[1:]))


@pytest.mark.parametrize("name", ["main", EVIL, f"{EVIL}/main.py", f"/{EVIL}/main.py"])
def test_nothing_raw_is_sent_by_why(hostile: Path, name: str) -> None:
    nothing_raw(ask("why", name, str(hostile)))


def test_nothing_raw_is_sent_by_what_writes(hostile: Path) -> None:
    nothing_raw(ask("fix", str(hostile), "--write"))
    nothing_raw(ask("check", str(hostile), "--write-baseline", str(hostile / EVIL / f"{EVIL}.json")))
    for _ in range(2):
        nothing_raw(ask("init", str(hostile)))
