"""What the extension modules of imported packages ask for, and whether it is anywhere in the image."""

from __future__ import annotations

import io
import sys
import sysconfig
from pathlib import Path

import pytest

from parity.archive.members import Walk
from parity.archive.merged import Merged
from parity.archive.source import FileSource
from parity.archive.tree import ArchiveTree
from parity.model.verification import MissingLibrary
from parity.verify.shared_objects import missing_libraries, needed_by
from tests.support.archives import Layer, elf, tar_of

SITE = "/site-packages"
SUFFIX = ".cpython-312-x86_64-linux-gnu.so"


def tree(layer: Layer) -> ArchiveTree:
    merged, source = Merged(), FileSource(io.BytesIO(tar_of(layer)), "layer")
    merged.add(0, Walk(source), source.name)
    return ArchiveTree(merged, [source])


def missing(layer: Layer, *modules: str) -> list[MissingLibrary]:
    return list(missing_libraries(tree(layer), [SITE], modules))


PSYCOPG: Layer = {f"site-packages/psycopg2/_psycopg{SUFFIX}": elf("libpq.so.5", "libc.so.6")}
LIBC: Layer = {"usr/lib/libc.so.6": "x"}


def test_a_library_that_is_nowhere() -> None:
    path = f"{SITE}/psycopg2/_psycopg{SUFFIX}"
    assert missing({**PSYCOPG, **LIBC}, "psycopg2.extras") == [MissingLibrary("libpq.so.5", path)]


def test_a_library_that_is_somewhere() -> None:
    assert missing({**PSYCOPG, **LIBC, "opt/pg/lib/libpq.so.5": "x"}, "psycopg2") == []


def test_only_of_what_is_imported() -> None:
    assert missing({**PSYCOPG, **LIBC}, "flask") == []


def test_an_extension_module_without_a_package() -> None:
    layer: Layer = {f"site-packages/pyodbc{SUFFIX}": elf("libodbc.so.2")}
    assert missing(layer, "pyodbc") == [MissingLibrary("libodbc.so.2", f"{SITE}/pyodbc{SUFFIX}")]


def test_the_libraries_of_a_driver_come_from_outside() -> None:
    layer: Layer = {f"site-packages/torch/_C{SUFFIX}": elf("libcuda.so.1", "ld-linux-x86-64.so.2")}
    assert missing(layer, "torch") == []


def test_modules_that_lie_deeper_are_not_asked() -> None:
    layer: Layer = {f"site-packages/gi/overrides/_x{SUFFIX}": elf("libcairo.so.2")}
    assert missing(layer, "gi") == []


@pytest.mark.parametrize(
    "content", [b"", b"text", elf("a.so")[:70], elf("a.so")[:180], b"\x7fELF\x02\x01" + b"\xff" * 200]
)
def test_what_is_no_shared_object_asks_for_nothing(content: bytes) -> None:
    assert list(needed_by(tree({"x.so": content}), "/x.so")) == []


@pytest.mark.skipif(sys.platform != "linux", reason="no ELF files")
def test_a_real_one() -> None:
    """Every extension module of this interpreter that can be read asks for nothing but libraries."""
    folder = Path(sysconfig.get_path("stdlib")) / "lib-dynload"
    modules = sorted(folder.glob("_ssl*.so"))
    if not modules:
        pytest.skip("this Python has no _ssl of its own")
    names = list(needed_by(tree({"x.so": modules[0].read_bytes()}), "/x.so"))
    assert any(name.startswith("libssl.so") for name in names)
