"""Which distributions come with packages of conda: named on a command line, in an environment file, in a lock file?"""

from __future__ import annotations

import re
from collections.abc import Iterable

import yaml
from msgspec import Struct, field

from parity.model.location import Location, Unknown
from parity.model.packages import Distribution, Installed
from parity.model.version import PythonVersion
from parity.packages.catalogue import public_catalogue
from parity.packages.conda_names import distribution_of
from parity.packages.locks.conda_locks import Package, conda_lock, explicit, provided, python_of
from parity.packages.project import strings, table
from parity.packages.requirements import Asked, Local, read_line, read_requirements
from parity.shell.host import Call
from parity.tree.base import FileTree, join, parent_of

LARGEST = 200_000
SPEC = re.compile(r"""\s*(?:[\w./-]+::)?([A-Za-z0-9_][\w.-]*)\s*(?:[\[=<>!~ ].*)?$""")
PINNED = re.compile(r"(?:[\w./-]+::)?python *(?:={1,2}|~=|>=(?=[\d.]+, *<)| ) *(3\.\d+)[\d.*]*(?:[=, ].*)?")
BRING_MANY = frozenset(["anaconda", "conda", "mamba", "rapids", "spyder", "jupyterlab"])
IN_EVERY = ("python", "pip", "setuptools", "wheel")
"""Of an environment with Python. Which packages conda makes them and the others need, is not known here."""


class CondaPackages(Struct):
    """`asked`: what pip is asked for besides; `told`: is it known which distributions there are?

    `complete`: what they need is among them; `python`: the version of the environment's.
    """

    distributions: list[Distribution] = field(default_factory=list)
    asked: Asked = field(default_factory=Asked)
    manifest: str = ""
    told: bool = True
    complete: bool = False
    python: PythonVersion | None = None

    def add(self, spec: str | None, at: Location | None) -> None:
        """`numpy`, `numpy=1.26`, `conda-forge::numpy>=1`."""
        found = SPEC.fullmatch(spec or "")
        pinned = PINNED.fullmatch((spec or "").strip())
        if pinned and self.python is None:
            self.python = PythonVersion.parse(pinned[1])
        if found is None or found[1].lower() in BRING_MANY:
            self.told = False
        else:
            self.distributions.append(_distribution(found[1], at))

    def add_locked(self, packages: Iterable[Package], at: Location | None) -> None:
        """What a lock file lists. Projects that are built from it are asked of pip."""
        packages = tuple(packages)
        self.python = self.python or python_of(packages)
        for one in packages:
            if one.path and one.of_conda:
                self.told = False  # a project of conda's own kind: which modules it has is not known
            elif one.path:
                self.asked.local.append(Local(one.path, one.editable))
            else:
                self.distributions += (Distribution(name, one.version, location=at) for name in provided(one))

    def installed(self) -> Installed | None:
        """None: cannot be told."""
        asked = self.asked
        if not self.told or asked.unknown or asked.missing:
            return None
        if self.complete:
            listed = (*self.distributions, *asked.wanted)
        else:
            common = tuple(Distribution(name) for name in IN_EVERY)
            listed = (*common, *self.distributions, *asked.wanted)
        complete = self.complete and not asked.wanted
        return Installed(listed, complete, unnamed=asked.unnamed, manifest=self.manifest)


def _distribution(package: str, at: Location | None) -> Distribution:
    """What conda builds often needs what are extras elsewhere: all of them are taken to be there."""
    name = distribution_of(package)
    return Distribution(name, extras=public_catalogue().extras(name), location=at)


def read_listing(
    found: CondaPackages, content: bytes, path: str, source: str, files: FileTree, call: Call
) -> None:
    """A file that conda is given: environment.yml, conda-lock.yml, an explicit list, or a spec a line.

    `source`: the checkout file, if it is one.
    """
    at = Location(source) if source else call.location
    packages = explicit(content)
    if packages is None and path.endswith(("-lock.yml", "-lock.yaml")):
        by_category = conda_lock(content)
        packages = None if by_category is None else by_category.get("main", ())
    if packages is not None:
        found.manifest = found.manifest or source
        found.complete = not found.distributions
        found.add_locked(packages, at)
    elif path.endswith((".yml", ".yaml")):
        _read_environment_file(found, content, path, source, files, call)
    else:
        found.manifest = found.manifest or source
        for line in content[:LARGEST].decode("utf8", "replace").splitlines():
            if text := line.partition("#")[0].strip():
                found.add(text, at)


def _read_environment_file(
    found: CondaPackages, content: bytes, path: str, source: str, files: FileTree, call: Call
) -> None:
    """`dependencies` of environment.yml, and what it has pip install (in its folder)."""
    folder = parent_of(path)
    try:
        parsed = yaml.safe_load(content) if len(content) <= LARGEST else None
    except (yaml.YAMLError, RecursionError, ValueError):
        parsed = None
    listed = table(parsed).get("dependencies")
    if not isinstance(listed, list):
        found.told = False
        return
    found.manifest = found.manifest or source
    at = Location(source) if source else call.location
    why = Unknown("what is installed here is not known", call.location)
    for one in listed:
        if isinstance(one, dict) and set(one) == {"pip"}:
            for line in strings(one["pip"]):
                if nested := read_line(found.asked, line, folder, files, at):
                    nested = join(folder, nested)
                    read_requirements(found.asked, nested, folder, files, call.environment, why)
        else:
            found.add(one if isinstance(one, str) else None, at)
