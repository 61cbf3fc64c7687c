"""`resolve.find` finds what `importlib.machinery.PathFinder` finds, in drawn folder trees."""

from __future__ import annotations

import importlib.machinery
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parity.model.location import Unknown
from parity.model.version import PythonVersion
from parity.python.resolve import (
    STANDARD_LIBRARY,
    CompiledModule,
    Missing,
    NamespacePackage,
    SourceModule,
    StandardLibrary,
    Undecided,
    find,
)
from parity.tree.base import ABSENT, Answer
from parity.tree.memory import MemoryTree

Found = tuple[str, tuple[str, ...], bool]  # kind, path or portions, is it a package?
EXTENSION = importlib.machinery.EXTENSION_SUFFIXES[0]
RUNNING = PythonVersion(*sys.version_info[:2])
STEMS = ("m", "M", "mm", "__init__")
OTHERS = (".cpython-35m-x86_64-linux-gnu.so", ".cpython-311-darwin.so")
SUFFIXES = (".py", ".pyc", ".so", ".abi3.so", EXTENSION, *OTHERS, ".txt", ".PY", "", ".pyi", ".py.py")
FOLDERS = ("", "m", "M", "m/m", "m.py")


def really(files: Sequence[str], entries: Sequence[str]) -> Found | None:
    """What CPython finds under the name `m`, or `m.m` where the entries are a package's `__path__`."""
    with tempfile.TemporaryDirectory() as made:
        base = Path(made).resolve()
        for file in files:
            (base / file).parent.mkdir(parents=True, exist_ok=True)
            if not (base / file).is_dir():
                (base / file).touch()
        importlib.invalidate_caches()
        sys.path_importer_cache.clear()
        spec = importlib.machinery.PathFinder.find_spec("m", [str(base / entry) for entry in entries])
        sys.path_importer_cache.clear()
        if spec is None:
            return None
        if spec.loader is None or spec.origin is None:
            portions = spec.submodule_search_locations or ()
            return "namespace", tuple(p.removeprefix(str(base)) for p in portions), True
        kind = "source" if isinstance(spec.loader, importlib.machinery.SourceFileLoader) else "compiled"
        package = spec.submodule_search_locations is not None
        return kind, (spec.origin.removeprefix(str(base)),), package


def ours(files: Sequence[str], entries: Sequence[str]) -> Found | None:
    tree = MemoryTree(dict.fromkeys(files, ""))
    found = find("m", [f"/{entry}" for entry in entries], tree, lambda _: False, RUNNING)
    match found:
        case SourceModule():
            return "source", (found.path,), found.package
        case CompiledModule():
            return "compiled", (found.path,), found.package
        case NamespacePackage():
            return "namespace", found.folders, True
        case Missing():
            return None
        case _:
            raise AssertionError(found)


@st.composite
def trees(draw: st.DrawFn) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Files, and the entries of a search path among them (some of which do not exist)."""
    entries = ("one", "two", "three")
    file = st.builds(
        lambda entry, folder, stem, suffix: "/".join(part for part in (entry, folder, stem + suffix) if part),
        st.sampled_from(entries),
        st.sampled_from(FOLDERS),
        st.sampled_from(STEMS),
        st.sampled_from(SUFFIXES),
    )
    files = draw(st.lists(file, max_size=7, unique=True))
    plain = [f for f in files if not any(other.startswith(f + "/") for other in files)]
    path = draw(st.lists(st.sampled_from((*entries, "one/m", "gone")), min_size=1, max_size=3, unique=True))
    return tuple(plain), tuple(path)


@given(trees())
@example((("one/m.py", f"one/m{EXTENSION}", "one/m.pyc"), ("one",)))
@example((("one/m/__init__.pyc", "one/m.py"), ("one",)))
@example((("one/m/x.txt", "two/m/x.txt", "three/m.py"), ("one", "two", "three")))
@example((("one/m/x.txt", "two/m/x.txt"), ("one", "two")))
@example((("one/M.py", "one/m/x"), ("one",)))
@settings(max_examples=400, deadline=None)
def test_it_is_what_cpython_finds(drawn: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    files, entries = drawn
    assert ours(files, entries) == really(files, entries)


def test_the_standard_library_stands_where_the_search_path_has_it() -> None:
    tree = MemoryTree({"/app/json.py": "", "/site/json.py": ""})
    before = find("json", ["/app", STANDARD_LIBRARY, "/site"], tree, lambda name: name == "json")
    assert before == SourceModule("json", "/app/json.py", package=False)
    after = find("json", [STANDARD_LIBRARY, "/site"], tree, lambda name: name == "json")
    assert after == StandardLibrary("json")
    assert isinstance(find("json", [STANDARD_LIBRARY, "/site"], tree, lambda _: False), SourceModule)


@pytest.mark.parametrize(
    ("files", "path"),
    [({"/app/Tools.py": ""}, "/app/Tools.py"), ({"/app/TOOLS/__init__.py": ""}, "/app/TOOLS"), ({}, None)],
)
def test_a_name_in_another_case_is_told(files: Mapping[str, str], path: str | None) -> None:
    assert find("tools", ["/app"], MemoryTree(files), lambda _: False) == Missing("tools", path)


class PartlyKnown(MemoryTree):
    """A tree of which one path cannot be told."""

    def __init__(self, files: Mapping[str, str], unknown: str) -> None:
        super().__init__(files)
        self.unknown = unknown

    def lookup(self, path: str) -> Answer:
        answer = super().lookup(path)
        return Unknown("generated") if answer is ABSENT and path == self.unknown else answer


def test_what_may_be_there_decides_only_where_nothing_else_is_found() -> None:
    nothing = find("m", ["/app"], PartlyKnown({"/app/x.py": ""}, "/app/m.py"), lambda _: False)
    assert nothing == Undecided("m", Unknown("generated"), "/app")
    later = find("m", ["/app", "/lib"], PartlyKnown({"/lib/m.py": ""}, "/app/m.py"), lambda _: False)
    assert later == SourceModule("m", "/lib/m.py", package=False)
    folder = find("m", ["/app"], PartlyKnown({"/app/m/x.txt": ""}, "/app/m.py"), lambda _: False)
    assert folder == NamespacePackage("m", ("/app/m",), Unknown("generated"))
