"""Which files a base image is known to have, and where anything may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from parity.build.bases import debian
from parity.model.location import May, Unknown
from parity.model.packages import HARDLY_ANYTHING, NOTHING_INSTALLED, SitePackages
from parity.model.version import PythonVersion
from parity.tree.base import ABSENT, Answer, Entry, FileKind, parent_of, within

SYSTEM_PACKAGES: Mapping[str, SitePackages | None] = dict.fromkeys(
    ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64")
)
NO_PACKAGES = re.compile(r"/usr/lib/(?!python|pypy)")
"""Debian, Alpine and Amazon Linux put what Python imports below a folder of the interpreter's name."""
FOLDER = Entry(FileKind.DIRECTORY, mode=0o755, owner="0:0")
PROGRAM = Entry(FileKind.FILE, mode=0o755, owner="0:0")


def _link(target: str) -> Entry:
    return Entry(FileKind.SYMLINK, target=target, mode=0o777, owner="0:0")


class BaseTree:
    """Known entries; elsewhere the nearest marked folder decides.

    `open_folders`: True where anything else may be (Unknown), False where nothing else is (Absent).
    `lacking`: paths that are certainly not there, in spite of an open folder. `packages`: which packages of Python
    the folders that may hold any have, None where that is not known. `may`: what the image may bring.
    """

    def __init__(
        self,
        image: str,
        entries: Mapping[str, Entry],
        open_folders: Mapping[str, bool],
        lacking: Iterable[str] = (),
        packages: Mapping[str, SitePackages | None] = SYSTEM_PACKAGES,
        may: May = May.SYSTEM,
    ) -> None:
        self._packages = packages
        self._open = {"/": False, **open_folders}
        # A base image brings distributions, and no module of this project.
        self._unknown = Unknown(f"what the base image {image} has there is not known", may=may)
        self._no_python = replace(self._unknown, installed=NOTHING_INSTALLED)
        self._lacking = frozenset(lacking)
        self._entries = {"/": FOLDER, **entries}
        self._names: dict[str, set[str]] = {}
        for path in list(self._entries):
            while path != "/":
                folder, _, name = path.rpartition("/")
                self._names.setdefault(folder or "/", set()).add(name)
                path = folder or "/"
                self._entries.setdefault(path, FOLDER)

    def lookup(self, path: str) -> Answer:
        if (entry := self._entries.get(path)) is not None:
            return entry
        if path in self._lacking:
            return ABSENT
        return self._doubt(path) if self._is_open(path) else ABSENT

    def names(self, path: str) -> frozenset[str] | Unknown:
        return self._doubt(path) if self._is_open(path) else frozenset(self._names.get(path, ()))

    def _doubt(self, path: str) -> Unknown:
        """Of what is known in outline, it is known which folders may hold packages of Python."""
        if self._open["/"]:
            return self._unknown
        if NO_PACKAGES.match(path):
            return replace(self._unknown, installed=HARDLY_ANYTHING)
        for folder, installed in self._packages.items():
            if within(path, folder):
                return replace(self._unknown, installed=installed)
        return self._no_python

    def read(self, path: str) -> bytes | Unknown:
        entry = self._entries.get(path)
        if entry is not None and entry.content is not None:
            return entry.content
        return Unknown(f"{self._unknown.reason}: {path}")

    def _is_open(self, path: str) -> bool:
        while path not in self._open:
            entry = self._entries.get(path)
            if entry is not None and entry.kind is not FileKind.DIRECTORY:
                return False
            path = parent_of(path)
        return self._open[path]


def empty_tree(image: str) -> BaseTree:
    """`scratch`: nothing but the root."""
    return BaseTree(image, {}, {})


def unknown_tree(image: str) -> BaseTree:
    """An image nobody knows: anything may be anywhere."""
    return BaseTree(image, {}, {"/": True})


def foreign_tree(image: str) -> BaseTree:
    """An image nobody knows that a COPY takes files from: it may well hold sources of the project."""
    return BaseTree(image, {}, {"/": True}, may=May.SOURCES)


class System(Struct, frozen=True):
    """What is known of a distribution.

    `merged_usr`  `/bin`, `/sbin` and `/lib` are links into `/usr` (Debian 12, Ubuntu 20.04 and later)
    `shell`       the program beside it that `/bin/sh` is a link to; "" where that is not known
    `programs`    the folders of PATH hold the programs of Debian's own images (`debian.py`), and those of Python alone
    """

    merged_usr: bool = True
    shell: str = ""
    programs: bool = False


def linux_tree(
    image: str,
    *,
    system: System,
    entries: Mapping[str, Entry] | None = None,
    open_folders: Mapping[str, bool] | None = None,
    lacking: Iterable[str] = (),
    packages: Mapping[str, SitePackages | None] | None = None,
) -> BaseTree:
    """The layout that Debian, Ubuntu, Alpine and Amazon Linux share: folders of the system are open.

    `packages`: besides those of /usr, which are not known.
    """
    known: dict[str, Entry] = dict.fromkeys(
        (
            *("/boot", "/dev", "/etc", "/home", "/media", "/mnt", "/opt", "/proc", "/root", "/run", "/srv"),
            *"/sys /tmp /usr /usr/bin /usr/lib /usr/sbin /usr/share /usr/src /usr/local".split(),
            *("/usr/local/bin", "/usr/local/lib", "/usr/local/sbin", "/usr/local/share", "/var"),
            *("/var/cache", "/var/lib", "/var/log", "/var/tmp"),
        ),
        FOLDER,
    )
    marks = dict.fromkeys(("/boot", "/dev", "/etc", "/proc", "/run", "/sys", "/usr", "/var", "/root"), True)
    for name in ("bin", "sbin", "lib"):
        if system.merged_usr:
            known[f"/{name}"] = _link(f"usr/{name}")
        else:
            known[f"/{name}"] = FOLDER
            marks[f"/{name}"] = True
    marks |= {"/lib64": True, "/usr/src": False}
    if system.shell:
        folder = "/usr/bin" if system.merged_usr else "/bin"
        known |= {f"{folder}/sh": _link(system.shell), f"{folder}/{system.shell}": PROGRAM}
    if system.programs:
        known |= {f"/usr/bin/{name}": PROGRAM for name in debian.BIN.split()}
        known |= {f"/usr/sbin/{name}": PROGRAM for name in debian.SBIN.split()}
        marks |= dict.fromkeys(("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"), False)
    opened = {**marks, **(open_folders or {})}
    held = {**SYSTEM_PACKAGES, **(packages or {})}
    return BaseTree(image, {**known, **(entries or {})}, opened, lacking, held)


_BESIDE_PYTHON = ("idle", "idle3", "pydoc", "pydoc3", "2to3", "wheel", "python-config", "python3-config")


def python_entries(version: PythonVersion | None, prefix: str = "/usr/local") -> dict[str, Entry]:
    """The interpreter and its links below `prefix`, as the official image has them."""
    numbered = f"python{version}" if version else "python3"
    entries = {
        f"{prefix}/bin/{numbered}": PROGRAM,
        f"{prefix}/bin/python": _link("python3"),
        f"{prefix}/bin/pip": PROGRAM,
        f"{prefix}/bin/pip3": PROGRAM,
        **{f"{prefix}/bin/{name}": PROGRAM for name in _BESIDE_PYTHON},
    }
    if version:
        entries[f"{prefix}/bin/python3"] = _link(numbered)
        for name in ("pip{}", "idle{}", "pydoc{}", "2to3-{}", "python{}-config"):
            entries[f"{prefix}/bin/{name.format(version)}"] = PROGRAM
        entries[f"{prefix}/lib/{numbered}/site-packages"] = FOLDER
    return entries


def bare_site_packages(
    version: PythonVersion, prefix: str = "/usr/local"
) -> tuple[dict[str, Entry], dict[str, bool]]:
    """site-packages with nothing but pip (and, before 3.12, setuptools and wheel): entries and marks."""
    folder = f"{prefix}/lib/python{version}/site-packages"
    names = (
        ["pip"] if version >= (3, 12) else ["pip", "setuptools", "wheel", "pkg_resources", "_distutils_hack"]
    )
    here = [f"{folder}/{name}" for name in names]
    return dict.fromkeys(here, FOLDER), {folder: False, **dict.fromkeys(here, True)}
