"""Procfile: `web: gunicorn app:app`, one process a line (Heroku, Dokku, honcho).

It tells how an image is started whose Dockerfile does not say: Dokku and Heroku take it from the image.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.deployments.files import CheckoutFiles
from parity.deployments.format import Format, Gives
from parity.deployments.service import Service
from parity.model.location import Location

FORMAT = Format(gives=Gives.PROCESSES, files=r"Procfile")
_LINE = re.compile(r"([A-Za-z0-9_-]+):\s*(.+)")


def services(files: CheckoutFiles) -> Iterator[Service]:
    return files.each(FORMAT, _services)


def _services(text: str, path: str) -> Iterator[Service]:
    """A start of the image for each process. Herokuish runs each in a shell."""
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.fullmatch(line.strip())
        if match is not None:
            command = ("/bin/sh", "-c", match[2])
            yield Service(f"process {match[1]}", path, Location(path, number), entrypoint=(), command=command)
