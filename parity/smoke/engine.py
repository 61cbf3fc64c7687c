"""Runs a start-up test in a container of a local engine: without network, and with a time limit."""

from __future__ import annotations

import re
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import IO

from parity.model.errors import ParityError
from parity.model.start_test import ImageTests, Outcome, StartTest

ENGINES = ("docker", "podman")
REFUSED = 125
"""The status of `docker run` and `podman run` where no container was made."""
MOST_OUTPUT = 65_536
"""Bytes of what a container writes that are looked at, the last ones."""
MOST_LINES = 20
_TRACEBACK = "Traceback (most recent call last):"
_RAISED = re.compile(r"([A-Za-z_][\w.]*)(?:: (.*))?$")


def engine_command(named: Sequence[str]) -> tuple[str, ...]:
    """The engine's command line: `named`, else the first engine on PATH. Raises ParityError without one."""
    for name in (named[0],) if named else ENGINES:
        if shutil.which(name):
            return tuple(named) or (name,)
    if named:
        raise ParityError(f"there is no program {named[0]}", hint="--engine names a container engine")
    raise ParityError(
        "there is no container engine: neither docker nor podman is on PATH",
        hint="leave --run out for the commands to run elsewhere, or name the engine with --engine",
    )


def run(engine: Sequence[str], image: ImageTests, name: str, test: StartTest, limit: float) -> Outcome:
    """`name`: of the built image; `limit`: in seconds. Raises ParityError where the engine makes no container."""
    container = f"parity-{secrets.token_hex(8)}"
    program, *rest = test.argv
    words = ("run", "--rm", "--pull", "never", "--network", "none", "--name", container, *image.options)
    with TemporaryFile() as written:
        status: int | None = None
        try:
            status = subprocess.run(
                (*engine, *words, "--entrypoint", program, name, *rest),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=written,
                timeout=limit,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            pass
        except OSError as error:
            raise ParityError(f"cannot run {engine[0]}: {error.strerror}") from None
        finally:
            if status is None:
                _stop(engine, container)
        text = _last(written)
    if status == REFUSED:
        why = next((line for line in text.splitlines() if line.strip()), "no container was made")
        raise ParityError(
            f"{engine[0]} could not run {name}: {why}",
            hint=f"build it first, and name it with --image: {image.dockerfile}",
        )
    exception, message = raised_in(text)
    return Outcome(status, exception, message, "\n".join(text.splitlines()[-MOST_LINES:]))


def raised_in(text: str) -> tuple[str, str]:
    """What the last traceback ends with: the exception without its module, and its text; "" where there is none."""
    _, found, behind = text.rpartition(_TRACEBACK)
    for line in behind.splitlines()[1:] if found else ():
        raised = _RAISED.match(line)
        if raised is not None:
            return raised[1].rpartition(".")[2], raised[2] or ""
    return "", ""


def _stop(engine: Sequence[str], container: str) -> None:
    subprocess.run((*engine, "kill", container), capture_output=True, check=False)


def _last(written: IO[bytes]) -> str:
    size = written.seek(0, 2)
    written.seek(max(0, size - MOST_OUTPUT))
    return written.read().decode("utf8", "replace")
