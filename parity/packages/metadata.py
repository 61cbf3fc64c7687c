"""What do installed distributions say of themselves: their modules, what they require?

`*.dist-info` (PEP 376, PEP 427); of the older `*.egg-info`, which setuptools and Debian write, name and version alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from msgspec import Struct

from parity.model.location import Unknown
from parity.model.packages import Distribution, normalized
from parity.model.version import PythonVersion
from parity.packages.catalogue import by_module, providers_in
from parity.packages.distribution import MACHINES, read_distribution
from parity.tree.base import Entry, FileTree, join

MODULE = re.compile(r"([^\W\d]\w*)(?:\.(?:py|pyc|so|pyd)|\.(?:cpython|cp|abi|pypy)[\w.-]*\.(?:so|pyd))$")
DEEPEST = 4
MOST_NAMES = 300
LARGEST = 2_000_000
INFO = re.compile(r"(.+?)-(\d[^-]*)(?:-py[\d.]+)?\.(?:dist|egg)-info")


def modules_of(paths: Iterable[str]) -> tuple[str, ...]:
    """The shallowest importable names among the files of site-packages that a distribution brings.

    A folder without `__init__` is a namespace that others may share (PEP 420): what is in it is told instead, as
    `google.cloud.storage`.
    """
    packages: set[tuple[str, ...]] = set()
    modules: set[tuple[str, ...]] = set()
    for path in paths:
        parts = tuple(path.split("/"))
        if len(parts) > 2 and parts[0].endswith(".data") and parts[1] in ("purelib", "platlib"):
            parts = parts[2:]
        *folders, file = parts
        found = MODULE.match(file)
        if found is None or not all(folder.isidentifier() for folder in folders):
            continue
        if found[1] == "__init__":
            packages.add(tuple(folders))
        else:
            modules.add((*folders, found[1]))
    roots: set[tuple[str, ...]] = set()
    for one in packages | modules:
        above = next((one[:n] for n in range(1, len(one)) if one[:n] in packages), one)
        roots.add(above[:DEEPEST])
    return tuple(sorted(".".join(root) for root in roots if root))[:MOST_NAMES]


class LocalEnvironment(Struct, frozen=True, dict=True):
    """The distributions that a folder of installed packages holds, read as they are asked for.

    `folder`: a site-packages folder of `files`; `found`: normalized name -> (version, its `.dist-info`);
    `name`: what the user calls it.
    """

    name: str
    files: FileTree
    folder: str
    found: Mapping[str, tuple[str, str]]

    def version(self, distribution: str) -> str | None:
        told = self.found.get(distribution)
        return told[0] if told else None

    def modules(self, distribution: str) -> tuple[str, ...] | None:
        return self._modules.get(distribution)

    def requires(self, distribution: str, extras: Iterable[str]) -> tuple[str, ...] | None:
        needed = self.needs(distribution, None, extras)
        if needed is None:
            return None
        return tuple(one.name + (f"[{','.join(one.extras)}]" if one.extras else "") for one in needed)

    def needs(
        self,
        distribution: str,
        python: PythonVersion | None,
        extras: Iterable[str] = (),
        machines: tuple[str, ...] = MACHINES,
    ) -> tuple[Distribution, ...] | None:
        """What it asks for under this Python (None: any) on one of these machines; None: that cannot be read."""
        text = self._text(distribution, "METADATA") if distribution in self.found else None
        if text is None:
            return None
        head = text.partition("\n\n")[0]
        listed = re.findall(r"^Requires-Dist:[ \t]*(.*)$", head, re.MULTILINE)
        made = (
            read_distribution(line.strip(), python, extras=extras, machines=machines)
            for line in listed[:MOST_NAMES]
        )
        return tuple(one for one in made if one is not None)

    def direct_url(self, distribution: str) -> str | None:
        """The text of `direct_url.json` (PEP 610); None of one that comes from an index."""
        return self._text(distribution, "direct_url.json")

    def providers(self, module: str) -> frozenset[str]:
        return providers_in(self._by_module, module)

    @cached_property
    def _modules(self) -> Mapping[str, tuple[str, ...]]:
        """Of those whose RECORD can be read (PEP 376: path, hash, size)."""
        found = {}
        for name in self.found:
            text = self._text(name, "RECORD")
            if text is not None:
                found[name] = modules_of(line.rsplit(",", 2)[0].strip('"') for line in text.splitlines())
        return found

    @cached_property
    def _by_module(self) -> Mapping[str, tuple[str, ...]]:
        return by_module(self._modules.items())

    def _text(self, distribution: str, name: str) -> str | None:
        content = self.files.read(join(self.folder, f"{self.found[distribution][1]}/{name}"))
        return None if isinstance(content, Unknown) else content[:LARGEST].decode("utf8", "replace")


def local_environment(files: FileTree, folders: Iterable[str], name: str = "") -> LocalEnvironment | None:
    """The first of these folders that is a virtual environment (PEP 405), with its distributions."""
    for prefix in folders:
        if not isinstance(files.lookup(join(prefix, "pyvenv.cfg")), Entry):
            continue
        versions = files.names(join(prefix, "lib"))
        inside = () if isinstance(versions, Unknown) else sorted(versions, reverse=True)
        for folder in (*(f"lib/{one}/site-packages" for one in inside), "Lib/site-packages"):
            listed = files.names(join(prefix, folder))
            if not isinstance(listed, Unknown) and listed:
                return environment_in(files, join(prefix, folder), name or prefix.lstrip("/"))
    return None


def environment_in(files: FileTree, folder: str, name: str) -> LocalEnvironment:
    """The distributions in a folder of installed packages."""
    listed = files.names(folder)
    found = {}
    for one in () if isinstance(listed, Unknown) else sorted(listed):
        if match := INFO.fullmatch(one):
            found[normalized(match[1])] = (match[2], one)
    return LocalEnvironment(name, files, folder, found)
