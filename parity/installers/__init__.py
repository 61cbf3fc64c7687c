"""What Python's installers do to the files of an image: a function in a module for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parity.shell.host import Call
    from parity.shell.status import Output, Status
    from parity.tree.writable import WritableTree

Installer = Callable[["Call", "WritableTree"], "Status | Output | Call | None"]
"""What the program does to the files; None: this form is not known; an Output: what it prints besides; a Call: the
program that it starts.
"""


def _installer(module: str, function: str = "") -> Installer:
    """The function (its module's name, if not given) of a module here, which is imported when it is called."""

    def run(call: Call, files: WritableTree) -> Status | Output | Call | None:
        installer: Installer = getattr(import_module(f"{__name__}.{module}"), function or module)
        return installer(call, files)

    return run


INSTALLERS: Mapping[str, Installer] = {
    "pip": _installer("pip"),
    "pip3": _installer("pip"),
    "pip-compile": _installer("pip_tools", "pip_compile"),
    "pip-sync": _installer("pip_tools", "pip_sync"),
    "pipx": _installer("pipx"),
    "uv": _installer("uv"),
    "poetry": _installer("poetry"),
    "pdm": _installer("pdm"),
    "pipenv": _installer("pipenv"),
    "conda": _installer("conda"),
    "mamba": _installer("conda"),
    "micromamba": _installer("conda"),
    "conda-lock": _installer("conda_lock"),
    "pixi": _installer("pixi"),
    "virtualenv": _installer("venv", "virtualenv"),
    "python": _installer("setup_py", "python"),
}
"""By the last part of the program's path, version numbers taken off (`pip3.11` is `pip`)."""
