"""Which modules belong to the standard library of each version?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from parity.model.version import PythonVersion
from parity.python import stdlib
from tests.conftest import ask

VERSIONS = [PythonVersion(3, minor) for minor in range(stdlib.OLDEST.minor, stdlib.NEWEST.minor + 1)]
RUNNING = PythonVersion(*sys.version_info[:2])


@pytest.mark.parametrize("version", VERSIONS, ids=str)
def test_a_package_called_lib_is_in_no_standard_library(version: PythonVersion) -> None:
    assert not stdlib.is_standard_library("lib", version)
    assert stdlib.is_standard_library("json", version)
    assert not stdlib.versions_with("lib.tool")


@pytest.mark.parametrize("version", VERSIONS, ids=str)
def test_what_a_standard_module_imports_is_standard(version: PythonVersion) -> None:
    table = stdlib._tables(version)
    named = {*table.loaded, *table.imports, *(row[0] for rows in table.imports.values() for row in rows)}
    assert [name for name in sorted(named) if not stdlib.is_standard_library(name, version)] == []
    assert stdlib._written().keys() == set(VERSIONS)


def test_the_modules_are_those_that_the_interpreter_names() -> None:
    names = sys.stdlib_module_names - stdlib.PLATFORMS
    assert [name for name in names if not stdlib.is_standard_library(name, RUNNING)] == []


WANTED = (
    "os.path collections.abc xml.parsers.expat.errors typing.io concurrent.futures.thread string.templatelib "
    "asyncio.taskgroups asyncio.compat email.MIMEText json.nope os.nothing importlib.resources.abc unittest.__main__"
).split()


def test_submodules_are_those_that_the_interpreter_imports() -> None:
    program = (
        "import importlib, sys\nfor name in sys.argv[1:]:\n try: importlib.import_module(name); print(name)\n"
    )
    program += " except ImportError as error: print(error)\n except SystemExit: print(name)\n"
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    names = [name for name in WANTED if not name.endswith("__main__")]
    done = subprocess.run(
        [sys.executable, "-c", program, *names], capture_output=True, text=True, check=True, env=environment
    )
    said = []
    for name in names:
        parent = name.rpartition(".")[0]
        suffix = "" if stdlib.is_standard_package(parent, RUNNING) else f"; {parent!r} is not a package"
        said.append(
            name if stdlib.is_standard_library(name, RUNNING) else f"No module named {name!r}{suffix}"
        )
    assert done.stdout.splitlines() == said


@pytest.mark.parametrize(
    ("name", "versions"),
    [
        ("string.templatelib", "3.14 and later"),
        ("typing.io", "3.12 and earlier"),
        ("asyncio.compat", "3.6 and earlier"),
        ("email.MIMEText", ""),
        ("distutils.anything", ""),
    ],
)
def test_versions_in_words(name: str, versions: str) -> None:
    assert stdlib.versions_with(name) == versions


def test_who_leaves_out_tests_and_who_adds_to_distutils_is_not_known() -> None:
    assert stdlib.is_standard_library("test.support", PythonVersion(3, 12))
    assert stdlib.is_standard_library("distutils._modified", PythonVersion(3, 11))
    assert not stdlib.is_standard_library("distutils._modified", PythonVersion(3, 12))


def findings(project: Path, version: str, program: str) -> list[tuple[str, str, int, str]]:
    dockerfile = project / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace("3.12", version))
    (project / "main.py").write_text(program)
    (image,) = json.loads(ask("check", str(project), "--format", "json").out)["images"]
    return [
        (one["code"], one["module"], one["location"]["line"], one["confidence"]) for one in image["findings"]
    ]


EVERYTHING = (
    "asyncio bz2 contextvars csv ctypes dbm.ndbm decimal gzip hashlib importlib.metadata json lzma "
    "multiprocessing.pool pickle sqlite3 ssl struct tarfile unittest.mock urllib.request venv xml.sax zipfile"
).split()


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15"])
def test_the_standard_library_of_each_version_starts(project: Path, version: str) -> None:
    assert findings(project, version, "".join(f"import {name}\n" for name in EVERYTHING)) == []


SUBMODULES = """\
import email.message, os.path
from xml.parsers.expat import errors
try:
    import json.fast
except ImportError:
    pass
import string.templatelib
from typing.io import TextIO
import email.MIMEText
import os.nothing
"""


def test_a_submodule_that_the_version_lacks_is_told(project: Path) -> None:
    assert findings(project, "3.13", SUBMODULES) == [
        ("PAR104", "email.MIMEText", 9, "certain"),
        ("PAR104", "os.nothing", 10, "certain"),
        ("PAR402", "string.templatelib", 7, "certain"),
        ("PAR402", "typing.io", 8, "certain"),
    ]


STAND_IN = """\
import sys, types
stand_in = types.ModuleType("imghdr")
stand_in.what = lambda file, h=None: None
sys.modules["imghdr"] = stand_in
import imghdr
from imghdr import what
imghdr.what(__file__)
import telnetlib
"""


def test_what_the_program_puts_into_sys_modules_stands_in(project: Path) -> None:
    assert findings(project, "3.13", STAND_IN) == [("PAR402", "telnetlib", 8, "certain")]


@pytest.mark.parametrize("name", ["msvcrt", "winreg", "winsound", "_winapi"])
def test_modules_of_other_platforms_are_in_no_image(name: str) -> None:
    assert not stdlib.is_standard_library(name, PythonVersion(3, 11))
    assert stdlib.versions_with(name) == ""


@pytest.mark.parametrize(
    ("module", "name"), [("email.errors", "HeaderWriteError"), ("os.path", "ALLOW_MISSING")]
)
def test_names_of_security_releases_may_be_there(module: str, name: str) -> None:
    assert stdlib.versions_with_name(module, name, PythonVersion(3, 11)) == ""
