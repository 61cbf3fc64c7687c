"""A zip file starts, or fails, as CPython starts it; whatever is in it, it is read without a traceback."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from parity.model.command import Command
from parity.model.location import Unknown
from parity.starts.interpreter import recognise
from parity.startup.simulate import Startup, simulate
from parity.tree import zip_file
from parity.tree.base import Entry, Packed
from parity.tree.memory import MemoryTree
from parity.tree.zipped import archive_at
from tests.support import cpython

DEFLATED = zipfile.ZIP_DEFLATED


def packed(
    members: dict[str, str], *, prefix: bytes = b"", method: int = zipfile.ZIP_STORED, comment: bytes = b""
) -> bytes:
    data = io.BytesIO()
    data.write(prefix)
    with zipfile.ZipFile(data, "w", method) as archive:
        archive.comment = comment
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text, compress_type=method)
    return data.getvalue()


def started(data: bytes, name: str = "app.pyz") -> Startup:
    found = recognise(Command(("python", f"/{name}")), MemoryTree({name: data}))
    assert found is not None
    return simulate(found, cpython.world_of({name: data}))


ARCHIVES = {
    "a package and a module": packed(
        {"__main__.py": "import a.b, c\n", "a/": "", "a/__init__.py": "", "a/b.py": "", "c.py": ""}
    ),
    "deflated": packed({"__main__.py": "import a\nimport gone\n", "a.py": "A = 1\n" * 99}, method=DEFLATED),
    "behind a first line": packed({"__main__.py": "import gone\n"}, prefix=b"#!/usr/bin/python3\n"),
    "with a comment": packed({"__main__.py": "import gone\n"}, comment=b"x" * 5000),
    "a package without a member for its folder": packed(
        {"__main__.py": "import a.b\nimport gone\n", "a/__init__.py": "", "a/b.py": ""}
    ),
    "a folder that is a namespace": packed(
        {"__main__.py": "import a.b\nimport gone\n", "a/": "", "a/b.py": ""}
    ),
    "a module and a folder": packed({"__main__.py": "import a.b\n", "a/": "", "a/b.py": "", "a.py": ""}),
    "a package and a module of one name": packed(
        {"__main__.py": "import a.b\n", "a/": "", "a/__init__.py": "", "a/b.py": "", "a.py": "1/0\n"}
    ),
    "an extension module": packed({"__main__.py": "import a\n", "a.abi3.so": "", "a.so": ""}),
    "a member twice": packed({"__main__.py": "import a\n", "./a.py": "", "/a.py": "", "x/../a.py": ""}),
    "an error in a module": packed({"__main__.py": "import a\n", "a.py": "x = 1\nimport b.c\n", "b.py": ""}),
    "a syntax error": packed({"__main__.py": "import a\n", "a.py": "x = = 1\n"}),
    "a relative import of the program": packed({"__main__.py": "from . import a\n", "a.py": ""}),
    "a cycle": packed(
        {"__main__.py": "import a\n", "a.py": "from b import x\ny = 1\n", "b.py": "from a import y\nx = 1\n"}
    ),
    "no program": packed({"a.py": ""}),
}


@pytest.mark.parametrize("case", ARCHIVES)
def test_it_starts_as_cpython_starts_it(case: str, tmp_path: Path) -> None:
    place = tmp_path / "app.pyz"
    place.write_bytes(ARCHIVES[case])
    ran = subprocess.run([sys.executable, "-I", place], capture_output=True, text=True, check=False)
    last = (ran.stderr.strip().splitlines() or [""])[-1].replace(str(tmp_path), "")
    startup = started(ARCHIVES[case])
    assert startup.unknowns == ()
    failures = [f"{failure.exception}: {failure.text}" for failure in startup.failures]
    if ran.returncode == 0:
        assert failures == []
    elif last.startswith(("SyntaxError", "ImportError: attempted")):
        assert failures[0].partition(":")[0] == last.partition(":")[0]
    else:
        assert last.endswith(failures[0].removeprefix(": "))


def test_folders_without_a_member_are_some_versions_folders() -> None:
    startup = started(packed({"__main__.py": "import a.b\n", "a/b.py": ""}))
    assert startup.failures == ()
    assert [one for one in startup.not_checked if "no member for the folder a" in one.doubt.reason]


def read(data: bytes) -> Packed | Unknown | None:
    return archive_at(MemoryTree({"x.pyz": data}), "/x.pyz")


def test_data_that_is_broken_is_unknown_or_no_zip_file() -> None:
    good = packed({"__main__.py": "import a\n", "a/b.py": "x" * 200}, method=DEFLATED)
    draw = random.Random(7)
    for number in range(3000):
        data = bytearray(good)
        for _ in range(draw.randrange(1, 6)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        if number % 3 == 0:
            del data[: draw.randrange(len(data))]
        archive = read(bytes(data))
        assert archive is None or isinstance(archive, Packed | Unknown)
        started(bytes(data))


def test_what_is_larger_than_can_be_read_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_file, "LARGEST", 1000)
    assert isinstance(read(packed({"a.py": "#" * 1001}, method=DEFLATED)), Unknown)
    assert isinstance(read(packed({"a.py": "#" * 501, "b.py": "#" * 501}, method=DEFLATED)), Unknown)
    assert isinstance(read(packed({"a.py": "#" * 999, "b.bin": "#" * 9999})), Packed)


def test_many_members_and_long_names_take_no_time() -> None:
    started_at = time.monotonic()
    deep = packed({"d/" * 30_000 + f"{number}.py": "" for number in range(20)})
    assert isinstance(read(deep), Unknown)
    assert isinstance(read(b"PK\x01\x02" * 100_000 + deep), Unknown)
    assert time.monotonic() - started_at < 5


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_that_cpython_cannot_unpack_are_not_read(method: int) -> None:
    archive = read(packed({"a.py": "A = 1\n"}, method=method))
    assert isinstance(archive, Packed)
    assert isinstance(archive.files.lookup("/a.py"), Entry)
    assert isinstance(archive.files.read("/a.py"), Unknown)


def test_a_name_is_not_enough() -> None:
    assert read(b"import a\n") is None
    assert [failure.text for failure in started(b"import gone\n").failures] == ["No module named 'gone'"]
