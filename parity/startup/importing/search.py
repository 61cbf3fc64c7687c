"""What has each world under a module's name: along `sys.path`, or a package's `__path__`?"""

from __future__ import annotations

from parity.model.location import May, Unknown
from parity.python.resolve import (
    CompiledModule,
    Missing,
    NamespacePackage,
    Resolution,
    SourceModule,
    Undecided,
)
from parity.startup.importing.finder import Finder
from parity.startup.importing.telling import Telling
from parity.startup.library.files import absolute
from parity.startup.state.machine import Machine
from parity.startup.state.modules import Module
from parity.startup.state.taint import doubt_of_finding
from parity.startup.state.values import Items, Value, text_of
from parity.startup.state.world import World
from parity.tree.base import join, within


class Search:
    """Looks a module up for one `Machine`. `modules` is `sys.modules`."""

    def __init__(
        self, machine: Machine, finder: Finder, telling: Telling, modules: dict[str, Module]
    ) -> None:
        self.machine = machine
        self.world: World = machine.world
        self.finder = finder
        self.telling = telling
        self.modules = modules

    def resolve(self, name: str, parent: Module | None) -> tuple[Resolution, Resolution | None]:
        """What the image has under this name; where it has nothing for sure, what the checkout has."""
        folders = tuple(self.finder.search_path) if parent is None else self._path_of(parent)
        image = self.finder.find(name, folders, self.finder.files, in_image=True)
        if isinstance(image, Missing):
            doubt = self._doubt_below(parent) or self._doubt_of_written(name, folders)
            image = image if doubt is None else Undecided(name, doubt)
        if isinstance(image, Missing | Undecided):
            local = self.finder.local_folders() if parent is None else parent.local_folders
            return image, self.finder.find(name, local, self.world.checkout, in_image=False)
        return image, None

    def _doubt_below(self, parent: Module | None) -> Unknown | None:
        """Why a module that is in none of the folders may be found all the same."""
        searched = self.finder.path_unknown if parent is None else parent.doubt or parent.path_unknown
        return searched or doubt_of_finding(self.machine)

    def _doubt_of_written(self, name: str, folders: tuple[str, ...]) -> Unknown | None:
        """The program may have written the module itself by now."""
        tail = name.rpartition(".")[2]
        for folder in folders:
            for path in (join(folder, f"{tail}.py"), join(folder, tail)):
                if any(within(made, path) for made in self.machine.touched):
                    place = self.machine.place()
                    return Unknown(f"the start-up may write {path} itself", place, May.SOURCES, reach=path)
        return None

    def set_path(self, package: Module, value: Value) -> None:
        """`package.__path__ = value`, or what a list became that somebody got hold of."""
        folders = value.elements if isinstance(value, Items) else []
        texts = [text for folder in folders if (text := text_of(folder)) is not None]
        if not isinstance(value, Items) or not value.complete or len(texts) < len(folders):
            why = "the code adds an unknown folder to __path__"
            package.path_unknown = Unknown(why, self.machine.place(), May.SOURCES)
            texts = [*(package.folders or ()), *texts]
        package.listed = value if isinstance(value, Items) else None
        found = tuple(dict.fromkeys(absolute(self.machine, text) for text in texts))
        if found != package.folders:
            more = (local for folder in found for local in self.world.counterpart(folder))
            package.folders = found
            package.local_folders = tuple(dict.fromkeys((*package.local_folders, *more)))

    def _path_of(self, package: Module) -> tuple[str, ...]:
        """Its `__path__`. CPython: that of a namespace package follows its parent's (`_NamespacePath`)."""
        if package.listed is not None:
            self.set_path(package, package.listed)
        if not package.is_namespace or not package.in_image or "__path__" in package.namespace.values:
            return package.folders or ()
        above = package.name.rpartition(".")[0]
        if above and above not in self.modules:
            self.telling.fail_unloaded(above)
        parent = self.modules.get(above)
        found = self.resolve(package.name, parent)[0] if parent is not None or not above else None
        if isinstance(found, NamespacePackage) and found.folders != package.folders:
            again = self.finder.make(package.name, found, parent, in_image=True)
            assert again is not None
            package.folders, package.local_folders = again.folders, again.local_folders
        return package.folders or ()

    def is_module(self, found: Resolution | None) -> bool:
        if isinstance(found, NamespacePackage):
            return self.finder.holds_python(found)
        return isinstance(found, SourceModule | CompiledModule)
