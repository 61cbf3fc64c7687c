"""The command line as a user calls it, in a process of its own or in this one."""

from __future__ import annotations

import atexit
import io
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

# The same examples each time: `--hypothesis-profile=default` draws others.
hypothesis.settings.register_profile("same", derandomize=True)
hypothesis.settings.load_profile("same")

ROOT = Path(__file__).resolve().parents[1]

# Each run starts with an empty cache of its own.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="parity-cache-")
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)

# The tests say themselves when they are on CI or want colours.
for name in (
    *("CI", "GITHUB_ACTIONS", "GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY", "CI_PROJECT_DIR"),
    *("FORCE_COLOR", "NO_COLOR"),
):
    os.environ.pop(name, None)


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str


def ask(*arguments: str, cwd: Path = ROOT) -> Answer:
    """In this process: fast, and with the same entry as the `parity` command."""
    from parity.cli.app import run

    out, err = io.StringIO(), io.StringIO()
    argv, before = sys.argv, Path.cwd()
    sys.argv = ["parity", *arguments]
    os.chdir(cwd)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            run()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    else:
        status = 0
    finally:
        sys.argv = argv
        os.chdir(before)
    return Answer(status, out.getvalue(), err.getvalue())


def ask_process(*arguments: str, cwd: Path = ROOT, **environment: str) -> Answer:
    done = subprocess.run(
        [sys.executable, "-m", "parity", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A healthy image of one script."""
    (tmp_path / "Dockerfile").write_text(
        'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'
    )
    (tmp_path / "main.py").write_text("import json\n")
    return tmp_path
