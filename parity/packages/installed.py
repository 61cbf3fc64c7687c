"""What the metadata of an image that was built says of the distributions in it: versions, needs, whose they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from parity.model.version import PythonVersion
from parity.packages.distribution import MACHINES
from parity.packages.metadata import LocalEnvironment, environment_in
from parity.tree.base import FileTree

MOST_NEEDED = 20_000


class InstalledPackages:
    """Those in the folders of a search path: of two of the same name the first counts.

    `versions`: by normalized name.
    """

    def __init__(self, files: FileTree, folders: Iterable[str]) -> None:
        self._files = files
        self._environments = tuple(environment_in(files, folder, folder) for folder in dict.fromkeys(folders))

        self.versions = {name: version for name, version, _ in reversed(tuple(self._each()))}

    @property
    def own_modules(self) -> frozenset[str]:
        """The top-level modules of those that were installed from a folder: the project itself (PEP 610)."""
        found = (one.modules(name) or () for name, _, one in self._each() if _is_own(one.direct_url(name)))
        return frozenset(module.partition(".")[0] for modules in found for module in modules)

    def unmet(self, modules: Iterable[str], python: PythonVersion | None) -> tuple[str, ...]:
        """What the distributions of these modules need, all that that needs in turn included, and is not there: names.

        Nothing is said of what is needed on some machines only.
        """
        return tuple(sorted(self._closure(modules, python) - self.versions.keys()))

    def modules(self, modules: Iterable[str], python: PythonVersion | None) -> frozenset[str]:
        """The modules of the distributions that these come from, and of all that those need."""
        reached = self._closure(modules, python)
        found = (one.modules(name) or () for one in self._environments for name in reached)
        return frozenset(module for several in found for module in several)

    def _closure(self, modules: Iterable[str], python: PythonVersion | None) -> set[str]:
        todo = [name for module in modules for one in self._environments for name in one.providers(module)]
        seen: set[str] = set()
        while todo and len(seen) < MOST_NEEDED:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo += self._needs(name, python)
        return seen

    def _needs(self, name: str, python: PythonVersion | None) -> set[str]:
        environment = next((one for one in self._environments if name in one.found), None)
        if environment is None:
            return set()
        by_machine = (environment.needs(name, python, machines=(machine,)) or () for machine in MACHINES)
        return set.intersection(*({one.name for one in needed} for needed in by_machine))

    def _each(self) -> Iterator[tuple[str, str, LocalEnvironment]]:
        for environment in self._environments:
            for name, (version, _) in environment.found.items():
                yield name, version, environment


def _is_own(text: str | None) -> bool:
    """PEP 610: `dir_info` is there for a local directory."""
    try:
        told = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and isinstance(told.get("dir_info"), dict)
