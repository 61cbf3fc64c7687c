"""Files that must not be waited for, and a run that is ended where it waits all the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import ROOT, Answer

DOCKERFILE = 'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'
BROKEN = "import gone\n"
"""A start-up with this line fails where `gone.py` is in the checkout, and a RUN step removes it."""
SECONDS = 60


def repository(folder: Path, **files: str | bytes) -> Path:
    """A healthy image in `folder`, and a broken one in `bad/`: what is wrong elsewhere must not hide it."""
    texts: dict[str, str | bytes] = {
        "Dockerfile": DOCKERFILE,
        "main.py": "import json\n",
        "bad/Dockerfile": DOCKERFILE.replace("CMD", "RUN rm gone.py\nCMD"),
        "bad/main.py": BROKEN,
        "bad/gone.py": "",
        "bad/requirements.txt": "",
        **{name.replace("__", "/"): text for name, text in files.items()},
    }
    for name, text in texts.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def ask_soon(
    *arguments: str, cwd: Path = ROOT, memory: int = 1 << 30, unprivileged: bool = False, **environment: str
) -> Answer:
    """In a process with little memory, which is ended after a while: it fails the test then.

    `unprivileged`: without the rights of root to read what it may not.
    """
    rights = "-dac_override,-dac_read_search"
    bounds = (
        ["setpriv", "--bounding-set", rights, "--inh-caps", rights]
        if unprivileged and os.geteuid() == 0
        else []
    )

    def bounded() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

    done = subprocess.run(
        [*bounds, sys.executable, "-m", "parity", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        timeout=SECONDS,
        preexec_fn=bounded,
        check=False,
    )
    assert "Traceback" not in done.stderr + done.stdout
    return Answer(done.returncode, done.stdout, done.stderr)


def report(answer: Answer) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(answer.out)
    return made


def codes(answer: Answer) -> dict[str, list[str]]:
    """By Dockerfile, the codes of what is found."""
    return {
        image["dockerfile"]: [finding["code"] for finding in image["findings"]]
        for image in report(answer)["images"]
    }


def failures(answer: Answer) -> dict[str, str]:
    """By Dockerfile, why it could not be looked at."""
    return {failure["dockerfile"]: failure["message"] for failure in report(answer)["failures"]}


def notes(answer: Answer) -> list[str]:
    return [note["message"] for note in report(answer)["notes"]]
