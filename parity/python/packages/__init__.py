"""What Python's installers do to the files of an image: one command function for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from parity.python.packages.conda import conda
from parity.python.packages.pdm import pdm
from parity.python.packages.pip import pip
from parity.python.packages.pipenv import pipenv
from parity.python.packages.poetry import poetry
from parity.python.packages.setup_py import python
from parity.python.packages.uv import uv
from parity.python.packages.venv import virtualenv
from parity.shell.host import Call
from parity.shell.status import Status
from parity.tree.writable import WritableTree

Installer = Callable[[Call, WritableTree], Status | Call | None]
"""What the program does to the files; None: this form is not known; a Call: the program that it starts."""

INSTALLERS: Mapping[str, Installer] = {
    "pip": pip,
    "pip3": pip,
    "uv": uv,
    "poetry": poetry,
    "pdm": pdm,
    "pipenv": pipenv,
    "conda": conda,
    "mamba": conda,
    "micromamba": conda,
    "virtualenv": virtualenv,
    "python": python,
}
"""By the last part of the program's path, version numbers taken off (`pip3.11` is `pip`)."""
