"""A start command's program that only a distribution brings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import findings

FILES = {
    "s.conf": "[supervisord]\n[program:x]\ncommand=python x.py\n",
    "x.py": "",
    "requirements.txt": "honcho\n",
}
IMAGE = 'FROM {}\nWORKDIR /app\n{}\nCOPY . .\nCMD ["supervisord", "-c", "s.conf"]\n'


@pytest.mark.parametrize("base", ["python:3.12-slim", "ubuntu:24.04"])
@pytest.mark.parametrize(
    ("step", "missing"),
    [
        ("", True),
        ("ENV A=1", True),
        ("RUN pip install flask", True),
        ("RUN pip install supervisor", False),
        ("RUN pip install flask supervisor==4.2", False),
        ("RUN apt-get update && apt-get install -y supervisor", False),
        ("RUN pip install git+https://example.org/tools", False),
        ("COPY --from=example.org/tools /usr/bin/supervisord /usr/bin/", False),
    ],
)
def test_a_program_that_nothing_installs(tmp_path: Path, base: str, step: str, missing: bool) -> None:
    if base.startswith("ubuntu") and "pip" in step:
        pytest.skip("it has no pip")
    image = IMAGE.format(base, step)
    found = [
        (one["code"], one["confidence"], one["message"])
        for one in findings(tmp_path, {**FILES, "Dockerfile": image})
    ]
    expected = ("PAR602", "likely", "the start command's supervisord is not installed in the image")
    assert found == ([expected] if missing else [])
