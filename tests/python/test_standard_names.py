"""Names of the standard library that come and go with the version."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest

from parity.model.version import PythonVersion
from parity.python.stdlib import never_had, versions_with_name
from tests.conftest import ask

RUNNING = PythonVersion(*sys.version_info[:2])
STABLE = (
    "ast asyncio contextlib datetime enum functools inspect itertools math random statistics types typing"
).split()
"""Modules whose names depend on nothing but the version."""


@pytest.mark.skipif(
    not PythonVersion(3, 6) <= RUNNING <= PythonVersion(3, 13), reason="the table knows Python 3.6 to 3.13"
)
@pytest.mark.parametrize("module", STABLE)
def test_this_interpreter_has_and_lacks_them(module: str) -> None:
    from parity.python.stdlib import _changing_names

    loaded = importlib.import_module(module)
    names = _changing_names()[1].get(module, {})
    assert {name: not versions_with_name(module, name, RUNNING) for name in names} == {
        name: hasattr(loaded, name) for name in names
    }


@pytest.mark.parametrize(
    ("module", "name", "minor", "said"),
    [
        ("typing", "Self", 10, "3.11 and later"),
        ("typing", "Self", 11, ""),
        ("importlib", "find_loader", 12, "3.11 and earlier"),
        ("typing", "NoSuchName", 10, ""),
        ("typing", "Self", 7, "3.11 and later"),
        ("typing", "Self", 14, ""),
        ("time", "clock", 8, "3.7 and earlier"),
        ("time", "clock", 14, ""),
        ("collections", "Mapping", 9, ""),
        ("collections", "Mapping", 10, "3.9 and earlier"),
        ("inspect", "getargspec", 11, "3.10 and earlier"),
        ("os.path", "isjunction", 11, "3.12 and later"),
        ("sqlite3", "Blob", 10, "3.11 and later"),
        ("distutils.util", "Mixin2to3", 11, ""),
    ],
)
def test_versions_in_words(module: str, name: str, minor: int, said: str) -> None:
    assert versions_with_name(module, name, PythonVersion(3, minor)) == said


@pytest.mark.skipif(
    not PythonVersion(3, 6) <= RUNNING <= PythonVersion(3, 13), reason="the table knows Python 3.6 to 3.13"
)
@pytest.mark.parametrize(
    "module", [*STABLE, "os", "os.path", "socket", "sys", "xml.etree", "concurrent.futures"]
)
def test_a_name_that_this_interpreter_has_was_never_never_had(module: str) -> None:
    loaded = importlib.import_module(module)
    assert [name for name in dir(loaded) if never_had(module, name, RUNNING)] == []


@pytest.mark.parametrize(
    ("module", "name", "minor", "never"),
    [
        ("contextlib", "nullcontxt", 12, True),
        ("os", "getcwdu", 12, True),
        ("datetime", "now", 11, True),
        ("typing", "Self", 9, False),  # another version has it
        ("importlib", "util", 12, False),  # a submodule
        ("string", "templatelib", 12, False),  # one of a later version
        ("socket", "AF_NEW", 12, False),  # the system's headers have it or not
        ("sys", "frozen", 12, False),
        ("contextlib", "_private", 12, False),
        ("contextlib", "nullcontxt", 14, False),  # nobody asked that version
        ("no_such_module", "x", 12, False),
        ("distutils", "x", 11, False),
    ],
)
def test_what_no_version_has(module: str, name: str, minor: int, never: bool) -> None:
    assert never_had(module, name, PythonVersion(3, minor)) is never


PROGRAM = """\
import asyncio, datetime, sys
import typing as t
from contextlib import suppress
try:
    from typing import Self
except ImportError:
    Self = None
if sys.version_info >= (3, 11):
    from typing import Never
if hasattr(asyncio, "TaskGroup"):
    group = asyncio.TaskGroup
wait = getattr(asyncio, "timeout", None)
with suppress(ImportError):
    from itertools import batched
def later():
    return datetime.UTC
from typing import LiteralString
class Order:
    when = datetime.UTC
    def copy(self) -> t.Self: ...
"""


def test_only_what_runs_unguarded_is_told(project: Path) -> None:
    dockerfile = project / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace("3.12", "3.10"))
    (project / "main.py").write_text(PROGRAM)
    (image,) = json.loads(ask("check", str(project), "--format", "json").out)["images"]
    assert [
        (one["code"], one["module"], one["location"]["line"], one["exception"]) for one in image["findings"]
    ] == [
        ("PAR402", "typing.LiteralString", 17, "ImportError"),
        ("PAR402", "datetime.UTC", 19, "AttributeError"),
        ("PAR402", "typing.Self", 20, "AttributeError"),
    ]
