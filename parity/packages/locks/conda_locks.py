"""What do lock files of conda's world list: pixi.lock, conda-lock.yml, explicit lists of URLs?

rattler: `crates/rattler_lock/src/parse`; conda-lock: `lockfile/v1/models.py`; conda: `@EXPLICIT`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from msgspec import Struct, field

from parity.model.packages import normalized
from parity.model.version import PythonVersion
from parity.packages.conda_names import distribution_of
from parity.packages.locks.closure import Locked, Need
from parity.packages.project import strings, table

LARGEST = 20_000_000
PLATFORMS = ("linux-64", "linux-aarch64")
"""Of which the first that a file has is taken: an image is of one of them, and they hardly differ."""
BULK = re.compile(
    r"^ +(?:sha256|md5|size|timestamp|license|license_family|build_number|requires_python): .*\n",
    re.MULTILINE,
)
"""Most of what these files say, and nobody's question here."""
ARCHIVE = re.compile(r"([^/]+?)-([^-/]+)-([^-/]+?)\.(?:conda|tar\.bz2)(?:#.*)?$")
PURL = re.compile(r"pkg:pypi/([^@?#]+)")
SOURCE = re.compile(r"(\S+?)\[\w*\] @ (.+)")


class Package(Struct, frozen=True):
    """One that is installed.

    `name`      of the package, as conda knows it or as PyPI does (`of_conda`)
    `requires`  names of the packages that it needs; None: not told
    `provides`  the distributions that it has, where the file says so
    `path`      of a project at hand that is built, as written
    """

    name: str
    version: str
    of_conda: bool
    requires: frozenset[str] | None = None
    provides: tuple[str, ...] = ()
    path: str = ""
    editable: bool = False


Packages = tuple[Package, ...]


def python_of(packages: Iterable[Package]) -> PythonVersion | None:
    found = next((one for one in packages if one.of_conda and one.name == "python"), None)
    return PythonVersion.parse(found.version) if found else None


def explicit(content: bytes) -> Packages | None:
    """`@EXPLICIT`, and a URL a line; lines of conda-lock for pip begin with `# pip`. None: this is no such list."""
    text = content.decode("utf8", "replace") if len(content) <= LARGEST else ""
    if not re.search(r"^@EXPLICIT\s*$", text, re.MULTILINE):
        return None
    found = []
    for line in text.splitlines():
        if pip := re.match(r"# pip (\S+) @ (\S+)", line):
            found.append(Package(pip[1], _version_of(pip[2]), of_conda=False))
        elif not line.startswith(("#", "@")) and line.strip():
            found.append(_of_url(line.strip()))
    return tuple(found)


def conda_lock(content: bytes) -> Mapping[str, Packages] | None:
    """By category (`main`, `dev`)."""
    parsed = _parsed(content)
    listed = parsed.get("package")
    if not isinstance(listed, list) or "metadata" not in parsed:
        return None
    of_platform: dict[str, list[Mapping[str, object]]] = {}
    for one in map(table, listed):
        of_platform.setdefault(_text(one, "platform"), []).append(one)
    chosen = next((of_platform[name] for name in PLATFORMS if name in of_platform), [])
    found: dict[str, list[Package]] = {}
    for one in chosen:
        of_conda = one.get("manager") != "pip"
        needs = one.get("dependencies")
        requires = frozenset(table(needs)) if of_conda and isinstance(needs, dict) else None
        package = Package(_text(one, "name"), _text(one, "version"), of_conda, requires)
        categories = strings(one.get("categories")) or (_text(one, "category") or "main",)
        for category in categories:
            found.setdefault(category, []).append(package)
    return {category: tuple(packages) for category, packages in found.items()}


def pixi(content: bytes) -> Mapping[str, Packages] | None:
    """By environment. Versions 4 to 7 of the format."""
    parsed = _parsed(content)
    known = _Told.of(parsed.get("packages"))
    found: dict[str, Packages] = {}
    for name, environment in table(parsed, "environments").items():
        listed = table(environment, "packages")
        names = [*PLATFORMS, *(one for one in listed if one.startswith("linux-"))]
        chosen = next((listed[one] for one in names if one in listed), None)
        if isinstance(chosen, list):
            found[name] = tuple(map(known.package, map(table, chosen)))
    return found or None


def locked(by_group: Mapping[str, Packages]) -> tuple[Locked, ...]:
    """As the readers of the other lock files tell it: each environment or category is a group of the root."""
    found: dict[str, Locked] = {}
    groups = {}
    for group, packages in by_group.items():
        names = [(name, one.version) for one in packages for name in provided(one)]
        groups[group] = tuple(Need(name) for name, _ in names)
        for name, version in names:
            found.setdefault(name, Locked(name, version))
    return (*found.values(), Locked("", "", groups=groups))


def provided(package: Package) -> tuple[str, ...]:
    """The distributions of a package; () of one that has none, certainly."""
    if package.provides or not package.of_conda:
        return package.provides or (normalized(package.name),)
    needs_python = package.requires is None or package.requires & {"python", "python_abi"}
    if not needs_python or package.name in ("python", "python_abi"):
        return ()
    return (distribution_of(package.name),)


class _Told(Struct):
    """What the second half of pixi.lock says of each URL or path."""

    by_place: dict[str, Mapping[str, object]] = field(default_factory=dict)

    @classmethod
    def of(cls, listed: object) -> _Told:
        told = cls()
        for one in map(table, listed if isinstance(listed, list) else ()):
            place = next(
                (
                    text
                    for key in ("conda", "pypi", "conda_source", "url", "path")
                    if (text := _text(one, key))
                ),
                "",
            )
            told.by_place.setdefault(place, one)
        return told

    def package(self, named: Mapping[str, object]) -> Package:
        of_conda = "pypi" not in named
        place = _text(named, "pypi") or _text(named, "conda") or _text(named, "conda_source")
        told = self.by_place.get(place, {})
        if not of_conda:
            name, version = _text(told, "name"), _text(told, "version")
            path = "" if "://" in place or place.startswith("git+") else place
            wheel = re.match(r"([A-Za-z0-9._]+)-", place.rpartition("/")[2])
            name = name or (wheel[1] if wheel else "")
            editable = "true" in (told.get("editable"), named.get("editable"))
            return Package(name, version or _version_of(place), of_conda=False, path=path, editable=editable)
        depends = told.get("depends")
        requires = frozenset(one.split()[0] for one in strings(depends) if one.strip()) if told else None
        provides = tuple(
            normalized(unquote(found[1]))
            for purl in strings(told.get("purls"))
            if (found := PURL.match(purl))
        )
        if built := SOURCE.fullmatch(place):
            return Package(built[1], _text(told, "version"), True, requires, provides, built[2])
        plain = _of_url(place)
        path = "" if ARCHIVE.search(place) else place
        name = _text(told, "name") or plain.name
        return Package(name, _text(told, "version") or plain.version, True, requires, provides, path)


def _of_url(url: str) -> Package:
    found = ARCHIVE.search(url)
    return Package(found[1], found[2], True) if found else Package(url.rpartition("/")[2], "", True)


def _version_of(url: str) -> str:
    """Of a wheel or an archive: `…/name-1.0-py3-none-any.whl`."""
    found = re.match(r"[A-Za-z0-9._]+-([0-9][^-]*?)(?:-[^/]*\.whl|\.tar\.gz|\.zip)$", url.rpartition("/")[2])
    return found[1] if found else ""


def _parsed(content: bytes) -> Mapping[str, object]:
    import yaml  # it takes a while, and most projects have no such lock

    if len(content) > LARGEST:
        return {}
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # versions stay texts
    try:
        text = BULK.sub("", content.decode("utf8").replace("\r\n", "\n"))
        return table(yaml.load(text, loader))
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}


def _text(one: Mapping[str, object], key: str) -> str:
    value = one.get(key)
    return value if isinstance(value, str) else ""
