"""What a start script comes to depends on its shell, and on variables of which nothing is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ask


def errors(folder: Path, script: str, shell: str = "sh", **files: str) -> list[tuple[str, str, str]]:
    for name, text in {"main.py": "", "lib/acme.py": "", "e.env": "PYTHONPATH=lib\n", **files}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    (folder / "run.sh").write_bytes(script.encode())
    (folder / "Dockerfile").write_text(
        f'FROM python:3.11-slim\nWORKDIR /app\nENV E=prod\nCOPY . .\nCMD ["{shell}", "run.sh"]\n'
    )
    (image,) = json.loads(ask("check", str(folder), "--format", "json").out)["images"]
    return [
        (one["code"], one["confidence"], one["message"])
        for one in image["findings"]
        if one["severity"] == "error"
    ]


ENDS = "the start script ends before it starts anything: "


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("A=(x)\npython main.py\n", "`A=(x)` is no command of dash, which has no `A=()`"),
        (
            "[[ -f main.py ]] && exec python main.py\n",
            "`[[ -f main.py ]]` is no command of dash, which has no `[[`",
        ),
        ("[ $E == prod ] && exec python main.py\n", "`[ prod == prod ]` is no condition of dash"),
        (
            "set -e\nsource ./e.env\npython main.py\n",
            "`source ./e.env` is no command of dash, which has no `source`",
        ),
        (". ./gone.env\npython main.py\n", "`. ./gone.env` ends the shell: there is no such file"),
        (". e.env\npython main.py\n", "`. e.env` ends the shell: there is no such file"),
        ("echo ${E:0:1}\npython main.py\n", "`echo ${E:0:1}` ends the shell: bad substitution"),
        (
            "if [ -f main.py ]; then\r\n  python main.py\r\nfi\r\n",
            "`if [ -f main.py ]; then` is no command of a shell: its lines end in a carriage return",
        ),
        ("set -e\n./e.env\npython main.py\n", "`./e.env` is not executable"),
    ],
)
def test_it_ends_before_it_starts_anything(tmp_path: Path, script: str, expected: str) -> None:
    assert errors(tmp_path, script) == [("PAR602", "certain", ENDS + expected)]


@pytest.mark.parametrize(
    ("shell", "script"),
    [
        ("sh", 'if [ "$E" == prod ]; then python -m gone; else python main.py; fi\n'),
        ("sh", "if [[ -f main.py ]]; then python -m gone; else python main.py; fi\n"),
        ("sh", "source ./e.env\npython main.py\n"),
        ("bash", 'if [ "$E" == prod ]; then python main.py; else python -m gone; fi\n'),
        ("bash", "A=(main.py)\npython ${A[0]}\n"),
        ("bash", ". e.env\npython main.py\n"),
    ],
)
def test_the_branch_that_the_shell_takes(tmp_path: Path, shell: str, script: str) -> None:
    assert errors(tmp_path, script, shell) == []


@pytest.mark.parametrize(
    "script",
    [
        "export $(grep -v '^#' e.env | xargs)\n",
        "set -a; . ./e.env; set +a\n",
        'while IFS= read -r line; do export "$line"; done < e.env\n',
        'IFS== read -r name value < e.env\nexport "$name=$value"\n',
        "N=PYTHONPATH; export $N=lib\n",
        'N=PYTHONPATH; declare -gx "$N=lib"\n',
        "printf -v PYTHONPATH %s lib; export PYTHONPATH\n",
        'eval "$(python main.py)"\n',
        "source <(python main.py)\n",
    ],
)
def test_what_a_file_of_settings_exports_may_be_the_search_path(tmp_path: Path, script: str) -> None:
    assert errors(tmp_path, script + "python -m acme\n", "bash") == []


def test_without_one_the_module_is_not_on_the_search_path(tmp_path: Path) -> None:
    assert errors(tmp_path, "export A=1 B\npython -m acme\n") == [
        ("PAR602", "certain", "the start command runs acme, which is not in the image")
    ]
