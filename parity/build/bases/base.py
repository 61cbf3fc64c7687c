"""What is known of a base image?"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from parity.model.command import NOTHING
from parity.model.location import Unknown
from parity.model.version import PythonVersion
from parity.tree.base import FileTree

SHELL = ("/bin/sh", "-c")


class Base(Struct, frozen=True):
    """A base image.

    `python`    version of the interpreter it has on its PATH; None: none, or not known
    `floating`  the tag leaves the version open (`python:slim`): `python` is the newest that is known
    `bare`      True: no third-party package but pip, setuptools, wheel
    `unknown`   why little is known about it (a private image); None for those of the table
    """

    reference: str
    tree: FileTree
    environment: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    working_directory: str = "/"
    user: str | None = None
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    shell: tuple[str, ...] = SHELL
    python: PythonVersion | None = None
    floating: bool = False
    bare: bool = False
    unknown: Unknown | None = None
