"""Variables of the environment, read by django-environ and python-decouple, decide which branch is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import told

DOCKERFILE = (
    "FROM python:3.12-slim\nWORKDIR /app\nRUN pip install django-environ python-decouple\n{}COPY . .\n"
    "CMD python main.py\n"
)
ENVIRON = "import environ\n\nenv = environ.Env(STATIC=(bool, False), NAMES=(list, []))\n"
DECOUPLE = "from decouple import config\n\n"


@pytest.mark.parametrize(
    ("code", "variables", "line"),
    [
        (f"{ENVIRON}if not env('STATIC'):\n    import gone\n", "", 5),
        (f"{ENVIRON}if env('STATIC'):\n    import gone\n", "", 0),
        (f"{ENVIRON}if env('STATIC'):\n    import gone\n", "ENV STATIC=yes\n", 5),
        (f"{ENVIRON}if env('STATIC'):\n    import gone\n", "ENV STATIC=no\n", 0),
        (f"{ENVIRON}if env.bool('OTHER', default=True):\n    import gone\n", "", 5),
        (f"{ENVIRON}if env.int('PORT', default=0) == 3:\n    import gone\n", "ENV PORT=3\n", 5),
        (f"{ENVIRON}if 'a' in env.list('NAMES', default=['a']):\n    import gone\n", "", 5),
        (f"{ENVIRON}if not env('NAMES'):\n    import gone\n", "", 5),
        (f"{DECOUPLE}if config('DEBUG', default=True, cast=bool):\n    import gone\n", "", 4),
        (f"{DECOUPLE}if config('DEBUG', default='false', cast=bool):\n    import gone\n", "", 0),
        (f"{DECOUPLE}if config('DEBUG', default=False, cast=bool):\n    import gone\n", "ENV DEBUG=on\n", 4),
    ],
)
def test_what_a_variable_comes_to(tmp_path: Path, code: str, variables: str, line: int) -> None:
    files = {
        "main.py": code,
        "gone.py": "",
        ".dockerignore": "gone.py\n",
        "Dockerfile": DOCKERFILE.format(variables),
    }
    assert told(tmp_path, files) == ([f"error PAR101 start gone at main.py:{line}"] if line else [])


@pytest.mark.parametrize("read", ["env('UNTOLD')", "env.str('UNTOLD')", "env.url('UNTOLD', default='')"])
def test_what_nobody_knows_decides_nothing(tmp_path: Path, read: str) -> None:
    code = f"{ENVIRON}if {read} == 'x':\n    import gone\n"
    files = {
        "main.py": code,
        "gone.py": "",
        ".dockerignore": "gone.py\n",
        "Dockerfile": DOCKERFILE.format(""),
    }
    assert told(tmp_path, files) == ["warning PAR101 start gone at main.py:5"]
