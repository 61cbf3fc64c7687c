"""Start commands that are meant as JSON arrays and are none; the shell is asked what it makes of them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from parity.analysis.exec_form import broken_array
from parity.model.command import Command
from tests.support.checked import findings, told

BROKEN = {
    '["python" "-u", "x.py"]': ("[python", '["python", "-u", "x.py"]'),
    "['python', 'x.py']": ("[python,", '["python", "x.py"]'),
    '["python", "x.py",]': ("[python,", '["python", "x.py"]'),
    "['python','a b.py']": ("[python,a b.py]", '["python", "a b.py"]'),
}
PLAIN = ["[ -f x ] && python x.py", "[[ -n $A ]] && python x.py", "python x.py", 'echo ["a"]', "[", "[x] y"]


@pytest.mark.parametrize("text", BROKEN)
def test_the_shell_finds_no_such_program(text: str) -> None:
    broken = broken_array(Command(("/bin/sh", "-c", text)))
    assert broken is not None
    assert (broken.program, broken.array) == BROKEN[text]
    ended = subprocess.run(["/bin/sh", "-c", text], capture_output=True, text=True, check=False)
    assert ended.returncode == 127
    assert f"{broken.program}: not found" in ended.stderr


@pytest.mark.parametrize("text", PLAIN)
def test_other_brackets(text: str) -> None:
    assert broken_array(Command(("/bin/sh", "-c", text))) is None


def test_the_check_goes_on_as_if_it_were_right(tmp_path: Path) -> None:
    image = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY *.py .\nCMD ["python" "x.py"]\n'
    files = {"Dockerfile": image, "x.py": "import gone\n", "gone/y.py": "", "gone/__init__.py": ""}
    assert told(tmp_path, files) == [
        "error PAR101 start gone at x.py:1",
        "error PAR602 start None at Dockerfile:4",
    ]
    edit = {"path": "Dockerfile", "start_line": 4, "end_line": 4, "replacement": 'CMD ["python", "x.py"]\n'}
    assert next(one for one in findings(tmp_path, {}) if one["code"] == "PAR602")["edits"] == [edit]
    assert told(tmp_path, {"Dockerfile": image.replace('" "', '", "'), "x.py": ""}) == []
