"""What the configuration says that an image contains, and lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ask
from tests.support.checked import findings, lay_out

DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\n{}CMD ["python", "main.py"]\n'
ALL = "COPY . .\n"
FILES = {
    "main.py": "",
    "schema/a.json": "{}",
    "schema/deep/b.json": "{}",
    "tests/test_a.py": "",
    "key.pem": "k",
}


def broken(folder: Path, said: str, steps: str = ALL, **more: str) -> list[str]:
    files = FILES | {"Dockerfile": DOCKERFILE.format(steps)} | more
    config = f'[[images]]\ndockerfile = "Dockerfile"\n{said}\n'
    return [
        f"{found['code']} {found['confidence']} {found['message']}"
        for found in findings(folder, files | {"parity.toml": config})
        if found["code"] in ("PAR502", "PAR503")
    ]


@pytest.mark.parametrize(
    "pattern",
    ["schema/", "schema/**/*.json", "*.json", "/app/schema/a.json", "/app/schema/", "/app/**/b.json"],
)
def test_what_is_there(pattern: str, tmp_path: Path) -> None:
    assert broken(tmp_path, f'contains = ["{pattern}"]') == []


def test_what_an_ignore_rule_keeps_out(tmp_path: Path) -> None:
    said = broken(tmp_path, 'contains = ["schema/**/*.json"]', **{".dockerignore": "**/*.json\n"})
    more = "and 1 more of schema/**/*.json are not"
    assert said == [f"PAR502 certain schema/a.json is not in the image, {more}"]
    assert ask("fix", "--unsafe", "--write", str(tmp_path)).status == 0
    assert (tmp_path / ".dockerignore").read_text() == "**/*.json\n!schema/a.json\n!schema/deep/b.json\n"


def test_what_no_instruction_copies(tmp_path: Path) -> None:
    assert broken(tmp_path, 'contains = ["schema/"]', "COPY main.py .\n") == [
        "PAR502 certain schema/a.json is not in the image, and 1 more of schema/ are not"
    ]
    ask("fix", "--write", str(tmp_path))
    assert "COPY schema schema\n" in (tmp_path / "Dockerfile").read_text()


def test_what_a_step_removes(tmp_path: Path) -> None:
    said = broken(tmp_path, 'contains = ["/app/schema/a.json"]', f"{ALL}RUN rm -r schema\n")
    assert said == ["PAR502 certain /app/schema/a.json is not in the image"]


def test_what_a_step_may_have_made(tmp_path: Path) -> None:
    steps = "COPY main.py build.sh ./\nRUN make\n"
    assert broken(tmp_path, 'contains = ["/app/made.txt"]', steps, **{"build.sh": "$TOOL\n"}) == []


def test_what_lies_elsewhere_is_there(tmp_path: Path) -> None:
    assert broken(tmp_path, 'contains = ["schema/a.json"]', "COPY main.py .\nCOPY schema /etc/schema\n") == []


def test_what_another_stage_has_is_not_in_the_image(tmp_path: Path) -> None:
    last = DOCKERFILE.format("COPY --from=first /src/main.py .\n")
    text = f"FROM python:3.12-slim AS first\nCOPY . /src\n{last}"
    said = broken(tmp_path, 'contains = ["schema/a.json"]', Dockerfile=text)
    assert said == ["PAR502 certain schema/a.json is not in the image"]


def test_exceptions_of_a_list(tmp_path: Path) -> None:
    assert broken(tmp_path, 'lacks = ["*.json", "!a.json"]') == [
        "PAR503 certain /app/schema/deep/b.json is in the image"
    ]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("tests/", "/app/tests/test_a.py is in the image"),
        ("**/*.pem", "/app/key.pem is in the image"),
        ("/app/schema/", "/app/schema/a.json is in the image, and 1 more of /app/schema/"),
        ("/app/**/b.json", "/app/schema/deep/b.json is in the image"),
        (".env", None),
        ("/app/*.py", "/app/main.py is in the image"),
    ],
)
def test_what_is_not_to_be_there(pattern: str, told: str | None, tmp_path: Path) -> None:
    assert broken(tmp_path, f'lacks = ["{pattern}"]') == ([f"PAR503 certain {told}"] if told else [])


def test_the_line_that_keeps_it_out(tmp_path: Path) -> None:
    broken(tmp_path, 'lacks = ["tests/", "*.pem"]', **{".dockerignore": "*.md"})
    assert ask("fix", "--write", str(tmp_path)).status == 0
    assert (tmp_path / ".dockerignore").read_text() == "*.md\nkey.pem\ntests\n"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ('contains = ["shcema/"]', "parity.toml:3: contains: 'shcema/' matches no file of the checkout"),
        ('lacks = ["["]', "parity.toml:3: '[' is no pattern"),
        ('lacks = "tests"', "parity.toml:3: lacks must be a list of texts"),
    ],
)
def test_what_means_nothing(said: str, error: str, tmp_path: Path) -> None:
    config = f'[[images]]\ndockerfile = "Dockerfile"\n{said}\n'
    lay_out(tmp_path, FILES | {"Dockerfile": DOCKERFILE.format(ALL), "parity.toml": config})
    answer = ask("check", str(tmp_path))
    assert answer.status == 2
    assert error in answer.err + answer.out
