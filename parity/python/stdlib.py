"""What is the standard library of a Python version, and what does it do when it is imported?

The modules come from `data/stdlib_modules.json`, the rest from `data/stdlib.json`, `data/stdlib_names.json` and
`data/stdlib_lasting.json`, which `scripts/stdlib_tables.py` and `scripts/stdlib_names.py` read off real interpreters.
Each file is read when it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct

from parity.model.version import PythonVersion

NEWEST, OLDEST = PythonVersion(3, 14), PythonVersion(3, 6)
IN_USE = range(9, NEWEST.minor + 1)
"""Minor versions that an image may have whose version cannot be told."""
OPEN_PACKAGES = frozenset(("distutils",))
"""Packages that others put modules into: setuptools takes the place of distutils."""
_FILTERS = """
    FilterError AbsolutePathError OutsideDestinationError SpecialFileError AbsoluteLinkError
    LinkOutsideDestinationError LinkFallbackError fully_trusted_filter tar_filter data_filter
""".split()
BACKPORTED = {
    "email.errors": ("HeaderWriteError",),
    "tarfile": (*_FILTERS, "named_filter"),
    **dict.fromkeys(("posixpath", "genericpath", "ntpath"), ("ALLOW_MISSING",)),
    "sys": ("set_int_max_str_digits", "get_int_max_str_digits"),
}
"""Names that came with security releases: a version has them or not by its last number, which is not known."""
PLATFORMS = frozenset("msvcrt winreg winsound _winapi _msi _overlapped nt _winreg _wmi _scproxy".split())
"""Modules of other platforms, which `sys.stdlib_module_names` has all the same."""
TESTS = frozenset(("test", "tests", "idle_test"))
Imports = tuple[tuple[str, tuple[str, ...] | None], ...]
Row = tuple[tuple[int, ...], tuple[str, ...]]


class _Modules(Struct, frozen=True):
    """Rows of minor versions, and what just these have: modules, and those of them that have a `__path__`."""

    modules: tuple[Row, ...]
    packages: tuple[Row, ...]


class _Tables(Struct, frozen=True):
    builtins: frozenset[str]
    loaded: frozenset[str]
    imports: Mapping[str, Imports]


def is_standard_library(name: str, version: PythonVersion | None) -> bool:
    """Has Python `version` (None: any that is in use) this module, or may it have this submodule of its own?"""
    top, *inner = name.split(".")
    if top in PLATFORMS:
        return False
    known = top if top in OPEN_PACKAGES or not TESTS.isdisjoint(inner) or top in TESTS else name
    minors = IN_USE if version is None else (_listed(version).minor,)
    if version is not None and version > NEWEST and top in _modules(NEWEST.minor):
        return True
    return any(known in _modules(minor) for minor in minors)


def is_standard_package(name: str, version: PythonVersion | None) -> bool:
    """Has this module of Python `version` (None: any that is in use) a `__path__`?"""
    minors = IN_USE if version is None else (_listed(version).minor,)
    return any(minor in having and name in names for having, names in _listing().packages for minor in minors)


def versions_with(name: str) -> str:
    """Which versions have this module, in words: "3.6 to 3.11", "3.11 and later"; "" for none."""
    if name.partition(".")[0] in PLATFORMS:
        return ""
    return _in_words([minor for minor in _ALL if name in _modules(minor)], _ALL)


_ALL = tuple(range(OLDEST.minor, NEWEST.minor + 1))


def _in_words(minors: Sequence[int], asked: Sequence[int]) -> str:
    """`minors`: those of the `asked` minor versions that have it."""
    if not minors:
        return ""
    if minors[-1] == asked[-1]:
        return f"3.{minors[0]} and later"
    return f"3.{minors[-1]} and earlier" if minors[0] == asked[0] else f"3.{minors[0]} to 3.{minors[-1]}"


def loaded_at_startup(version: PythonVersion | None) -> frozenset[str]:
    """The modules that are imported before any program runs: a file of the same name cannot shadow them."""
    return _tables(version).loaded


def builtin_names(version: PythonVersion | None) -> frozenset[str]:
    """The names that every module sees; of every version where the version is not known."""
    if version is not None:
        return _tables(version).builtins
    return frozenset().union(*(_read(known).builtins for known in _written()))


def imports_of_standard_module(name: str, version: PythonVersion | None) -> Imports:
    """What importing this module imports for certain: (module, names of a from-import or None)."""
    return _tables(version).imports.get(name, ())


def versions_with_name(module: str, name: str, version: PythonVersion) -> str:
    """In which versions, in words, this module has this name, where that of `version` certainly lacks it; else ""."""
    module = _FILES.get(module, module)
    if module.partition(".")[0] in OPEN_PACKAGES or name in BACKPORTED.get(module, ()):
        return ""
    listed, names = _changing_names()
    minors = names.get(module, {}).get(name)
    if minors is None or version.minor in minors or version.minor not in listed:
        return ""
    return _in_words(minors, listed)


def never_had(module: str, name: str, version: PythonVersion) -> bool:
    """Has no version this public name of the module, neither as a value nor as a submodule?"""
    module = _FILES.get(module, module)
    lasting = _lasting_names().get(module)
    listed, changing = _changing_names()
    if lasting is None or version.minor not in listed or name.startswith("_"):
        return False
    if module.partition(".")[0] in OPEN_PACKAGES or name in BACKPORTED.get(module, ()):
        return False
    if name in _SET.get(module, ()) or (name.isupper() and module in _OF_THE_SYSTEM):
        return False
    if name in changing.get(module, {}) or f" {name} " in f" {lasting} ":
        return False
    return not any(f"{module}.{name}" in _modules(minor) for minor in _ALL)


_SET = {
    "sys": tuple(
        "frozen real_prefix ps1 ps2 last_exc last_type last_value last_traceback tracebacklimit gettotalrefcount "
        "getobjects setdefaultencoding".split()
    ),
    "builtins": ("copyright", "credits", "exit", "help", "license", "quit"),
}
"""Names that others give the module, or a build of its own has."""
_OF_THE_SYSTEM = frozenset(
    "os posix socket signal errno select ssl time fcntl termios resource mmap curses syslog locale sqlite3 "
    "sqlite3.dbapi2 stat sys zlib".split()
)
"""Modules whose constants depend on the system that the Python was built on."""


@cache
def _lasting_names() -> Mapping[str, str]:
    return msgspec.json.decode(_data("stdlib_lasting.json"), type=dict[str, str])


_FILES = {"os.path": "posixpath"}
"""Modules that Linux has under the name of their file."""


@cache
def _changing_names() -> tuple[tuple[int, ...], Mapping[str, Mapping[str, list[int]]]]:
    """The minor versions that were asked, and the names that not all of them have."""
    told = msgspec.json.decode(_data("stdlib_names.json"))
    return tuple(int(version.partition(".")[2]) for version in told["versions"]), told["names"]


def _listed(version: PythonVersion) -> PythonVersion:
    return max(OLDEST, min(NEWEST, version))


@cache
def _modules(minor: int) -> frozenset[str]:
    return frozenset(name for minors, names in _listing().modules if minor in minors for name in names)


@cache
def _listing() -> _Modules:
    return msgspec.json.decode(_data("stdlib_modules.json"), type=_Modules)


def _tables(version: PythonVersion | None) -> _Tables:
    known = sorted(_written())
    wanted = version or known[-1]
    return _read(min(known, key=lambda one: (abs(one.minor - wanted.minor), one)))


@cache
def _read(version: PythonVersion) -> _Tables:
    return msgspec.json.decode(_written()[version], type=_Tables)


@cache
def _written() -> Mapping[PythonVersion, msgspec.Raw]:
    """The tables of each version, as yet undecoded: most checks ask one."""
    tables = msgspec.json.decode(_data("stdlib.json"), type=dict[str, msgspec.Raw])
    return {PythonVersion(*map(int, version.split("."))): table for version, table in tables.items()}


def _data(name: str) -> bytes:
    return resources.files("parity.python").joinpath("data", name).read_bytes()
