"""Which distributions come with packages of conda: named on a command line, or in an environment file?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import yaml

from parity.model.location import Location, Unknown
from parity.model.packages import Distribution, Installed, normalized
from parity.python.packages.catalogue import public_catalogue
from parity.python.packages.project import strings, table
from parity.python.packages.requirements import Asked, read_requirement, read_requirements
from parity.shell.host import Call
from parity.tree.base import FileTree

LARGEST = 200_000
SPEC = re.compile(r"""\s*(?:[\w./-]+::)?([A-Za-z0-9_][\w.-]*)\s*(?:[\[=<>!~ ].*)?$""")
OF_CONDA = {
    "airflow": "apache-airflow",
    "docker-py": "docker",
    "libopencv": "opencv-python",
    "opencv": "opencv-python",
    "py-opencv": "opencv-python",
    "py-xgboost": "xgboost",
    "pyqt": "pyqt5",
    "pytables": "tables",
    "python-graphviz": "graphviz",
    "pytorch": "torch",
    "ray-core": "ray",
    "ray-default": "ray",
}
"""Names of packages whose distribution has another one."""
PARTS = re.compile(r"(.+)-(?:base|core|cpu|gpu|minimal|slim|standard)")
"""`matplotlib-base` has the distribution matplotlib, where no distribution has the whole name."""
BRING_MANY = frozenset(["anaconda", "conda", "mamba", "rapids", "spyder", "jupyterlab"])
IN_EVERY = ("python", "pip", "setuptools", "wheel")
"""Of an environment with Python. Which packages conda makes them and the others need, is not known here."""


@dataclass(slots=True)
class CondaPackages:
    """`asked`: what pip is asked for besides; `told`: is it known which distributions there are?"""

    distributions: list[Distribution] = field(default_factory=list)
    asked: Asked = field(default_factory=Asked)
    manifest: str = ""
    told: bool = True

    def add(self, spec: str | None, at: Location | None) -> None:
        """`numpy`, `numpy=1.26`, `conda-forge::numpy>=1`."""
        found = SPEC.fullmatch(spec or "")
        if found is None or found[1].lower() in BRING_MANY:
            self.told = False
        else:
            self.distributions.append(_distribution(found[1], at))

    def installed(self) -> Installed | None:
        """None: cannot be told."""
        asked = self.asked
        if not self.told or asked.local or asked.unknown or asked.missing:
            return None
        common = tuple(Distribution(name) for name in IN_EVERY)
        listed = (*common, *self.distributions, *asked.wanted)
        return Installed(listed, unnamed=asked.unnamed, manifest=self.manifest)


def _distribution(package: str, at: Location | None) -> Distribution:
    """What conda builds often needs what are extras elsewhere: all of them are taken to be there."""
    known = public_catalogue()
    name = normalized(package)
    part = PARTS.fullmatch(name)
    name = OF_CONDA.get(name) or (part[1] if part and known.modules(name) is None else name)
    return Distribution(name, extras=known.extras(name), location=at)


def read_environment_file(
    found: CondaPackages, content: bytes, path: str, source: str, files: FileTree, call: Call
) -> None:
    """`dependencies` of environment.yml, and what it has pip install. `source`: the checkout file, if it is one."""
    folder = path.rpartition("/")[0] or "/"
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
            _read_pip(found.asked, strings(one["pip"]), folder, files, call, why, at)
        else:
            found.add(one if isinstance(one, str) else None, at)


def _read_pip(
    asked: Asked,
    lines: Iterable[str],
    folder: str,
    files: FileTree,
    call: Call,
    why: Unknown,
    at: Location | None,
) -> None:
    for line in lines:
        option = re.match(r"(-r|--requirement|-e|--editable)[\s=]*(.*)$", line)
        if option is None:
            if not line.startswith("-"):
                read_requirement(asked, line, folder, files, editable=False, at=at)
        elif option[1] in ("-e", "--editable"):
            read_requirement(asked, option[2], folder, files, editable=True, at=at)
        elif "://" in option[2]:
            asked.unnamed = True
        else:
            path = option[2] if option[2].startswith("/") else f"{folder}/{option[2]}"
            read_requirements(asked, path, folder, files, call.environment, why)
