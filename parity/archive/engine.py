"""The image that a name stands for, as the engine of this machine saves it: Docker, else Podman. It is not run."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from typing import BinaryIO, cast

from parity.archive.source import FileSource
from parity.model.errors import ParityError

ENGINES = ("docker", "podman")
LONGEST_COMPLAINT = 300


def saved(name: str, until: ExitStack) -> FileSource:
    """What `docker save NAME` writes, in a file without a name that is gone when `until` ends. Raises ParityError."""
    if name.startswith("-"):
        raise ParityError(f"there is no image {name}", hint="name an archive, a folder or an image")
    engines = [engine for engine in ENGINES if shutil.which(engine)]
    if not engines:
        raise ParityError(
            f"there is no file or folder {name}, and neither docker nor podman to ask for an image of that name",
            hint="name what `docker save IMAGE -o image.tar` has written",
        )
    complaints = []
    for engine in engines:
        file = until.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - it is closed with the others
        complaint = _save(engine, name, cast("BinaryIO", file))
        if not complaint:
            return FileSource(cast("BinaryIO", file), name)
        complaints.append(f"{engine}: {complaint}")
    raise ParityError(f"{name} is neither a file nor an image that can be had: {'; '.join(complaints)}")


def _save(engine: str, name: str, file: BinaryIO) -> str:
    """What went wrong; "" where nothing did."""
    try:
        done = subprocess.run(
            [engine, "save", name], stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.PIPE, check=False
        )
    except OSError as error:
        return str(error.strerror)
    lines = done.stderr.decode("utf8", "replace").strip().splitlines()
    said = lines[-1][:LONGEST_COMPLAINT] if lines else f"it ended with status {done.returncode}"
    return said if done.returncode else ""
