"""What does an import give where the image lacks the module, or may lack it, and is it a failure?"""

from __future__ import annotations

import re

from msgspec import Struct

from parity.model.location import May, Unknown
from parity.model.packages import normalized, resembles
from parity.python.resolve import (
    CompiledModule,
    Missing,
    NamespacePackage,
    Resolution,
    SourceModule,
    Undecided,
)
from parity.startup.importing.finder import Finder
from parity.startup.importing.search import Search
from parity.startup.importing.telling import Telling
from parity.startup.state.machine import Machine
from parity.startup.state.modules import Module
from parity.startup.state.questions import OwnModule, ask, leave_open, namesake_of, own_module
from parity.startup.state.values import ANYTHING, External, Value
from parity.startup.state.world import World
from parity.tree.base import Entry, child
from parity.verdict.question import Answer, Kind, NotChecked

OF_OTHERS = (May.SYSTEM, May.DISTRIBUTIONS)
"""What brings packages of others."""
OF_PROJECTS = (May.ANYTHING, May.SOURCES, May.GENERATED)
"""What may make a module of the project, or bring one."""

_SAMPLE = re.compile(
    r"^(?:sample|example|default|template)[._-]|[._-](?:sample|example|dist|template|tmpl|default)(?=\.py$|$)"
)


class StandsIn(Struct, frozen=True):
    """The checkout's file stands in for what the image lacks. `doubt`: the image may have it, and why."""

    doubt: Unknown | None = None


class Absence:
    """Settles what is not there for one `Machine`. `third_party`: top-level names that packages of others have."""

    def __init__(
        self, machine: Machine, finder: Finder, telling: Telling, search: Search, third_party: set[str]
    ) -> None:
        self.machine = machine
        self.world: World = machine.world
        self.finder = finder
        self.telling = telling
        self.search = search
        self.third_party = third_party
        self._own_modules: dict[tuple[str, str], OwnModule | None] = {}

    def settle(
        self, name: str, image: Missing | Undecided, local: Resolution, parent: Module | None
    ) -> Value | StandsIn:
        """The image lacks it, or may. What the import gives; the failure, if it is one, is told."""
        here = self.search.is_module(local) and not (parent is None and self._is_project_folder(name, local))
        if parent is not None and not parent.in_image and here:
            return StandsIn()  # the gap is the package: told already
        unknown = image.unknown if isinstance(image, Undecided) else None
        if isinstance(local, Undecided):  # the checkout itself cannot be read there
            leave_open(self.machine, Kind.MODULE, name, "", local.unknown)
            return External(name)
        if parent is not None and parent.doubt is not None:
            if here:
                return StandsIn(parent.doubt)  # the package itself was not checked
            self.machine.undecided += 1
            return External(name)
        if parent is None and self._is_of_others(name, unknown, here):
            self.machine.undecided += 1
            self.third_party.add(name)
            return External(name)
        if parent is not None and not here and self.may_be_shared(parent):
            self.machine.undecided += 1
            return ANYTHING  # a folder of that name, and perhaps an installed package of that name
        if not here:
            unknown = (
                unknown or (parent.shared if parent is not None else None) or self.left_to_users(name, parent)
            )
        answer = self.ask(name, local if here else None, parent, unknown)
        if isinstance(answer, NotChecked):
            if here:
                return StandsIn(answer.doubt)
            self.machine.undecided += 1
            return External(name)
        self.telling.fail_missing(
            name,
            "",
            local=local if here else None,
            parent=parent,
            unknown=answer.doubt,
            other_case=image.other_case if isinstance(image, Missing) else None,
        )
        return StandsIn() if here else ANYTHING

    def left_to_users(self, name: str, parent: Module | None) -> Unknown | None:
        """`config.py`, which git leaves out, beside `config.py.sample`: each user makes it, and so may the build."""
        tail = name.rpartition(".")[2]
        for folder in parent.local_folders if parent is not None else self.finder.local_folders():
            path = child(folder, f"{tail}.py")
            names = self.world.checkout.names(folder)
            if isinstance(names, Unknown) or not self.world.git_ignored(path):
                continue
            sample = next(
                (one for one in sorted(names) if _SAMPLE.sub("", one) in (tail, f"{tail}.py")), None
            )
            if sample is not None:
                return Unknown(
                    f"git leaves {tail}.py out, and {child(folder, sample)[1:]} is its sample",
                    may=May.SOURCES,
                )
        return None

    def may_be_shared(self, package: Module) -> bool:
        """Is it a folder without `__init__.py`, of which an installed distribution may have a part, or the package?"""
        if package.shared is None:
            return False
        installed = package.shared.installed if package.shared.third_party else None
        return (
            installed is None
            or bool(installed.open)
            or bool(self.world.providers(package.name))
            or any(resembles(one, package.name) for one in installed.names)
        )

    def _is_of_others(self, name: str, unknown: Unknown | None, here: bool) -> bool:
        """Is the top-level name that of a package of others? What is installed is asked later, of all together."""
        if unknown is None:
            return False
        installed = unknown.installed
        if is_installed(name, unknown):
            return True  # published as well, and installed from there
        if here:
            return False
        providers = self.world.providers(name)
        if self.machine.frames:
            kinds = {step.may for step in unknown.steps if not step.early}
            return (
                bool(providers)
                or _may_be_in_one(name, unknown)
                or (not kinds.isdisjoint(OF_OTHERS) and kinds.isdisjoint(OF_PROJECTS))
            )
        # What a start command names is mostly the project's own.
        closed = installed is not None and not installed.open
        return bool(providers) and (
            not closed or not providers.isdisjoint(installed.names if installed else ())
        )

    def own(self, name: str, image: Missing | Undecided) -> Resolution | None:
        """The project's own module of that name, which is on no search path, unless a distribution has it.

        A module deep in a package that is called like a published one is hardly meant by its last name alone.
        """
        frames = self.machine.frames
        source = frames[-1].module.source if frames else ""
        key = (name, source.rpartition("/")[0])
        if key not in self._own_modules:
            self._own_modules[key] = own_module(name, source, self.world.checkout)
        found = self._own_modules[key]
        providers = self.world.providers(name) if found is not None else frozenset()
        if found is None or (found.nested and providers):
            return None
        if found.nested and isinstance(image, Undecided) and _may_be_in_one(name, image.unknown):
            return None
        installed = image.unknown.installed if isinstance(image, Undecided) else None
        if installed is None or installed.open:
            return found.resolution
        return None if {normalized(name), *providers} & installed.names else found.resolution

    def _is_project_folder(self, name: str, local: Resolution) -> bool:
        """Is it the folder of a project that holds the package of the same name: `shop/shop/__init__.py`?"""
        return isinstance(local, NamespacePackage) and any(
            isinstance(self.world.checkout.lookup(f"{folder}/{name}/__init__.py"), Entry)
            for folder in local.folders
        )

    def ask(
        self, name: str, local: Resolution | None, parent: Module | None, unknown: Unknown | None
    ) -> Answer:
        """Is this module of the project really absent?"""
        in_checkout, path = "", ""
        if isinstance(local, SourceModule | CompiledModule):
            in_checkout = local.path
            path = self.finder.would_be(name, parent, local.path.rpartition("/")[2], package=local.package)
        elif isinstance(local, NamespacePackage):
            in_checkout = local.folders[0]
        else:
            path = self.finder.would_be(name, parent, f"{name.rpartition('.')[2]}.py", package=False)
        folders = parent.local_folders if parent is not None else self.finder.local_folders()
        namesake = "" if local is not None else namesake_of(name, folders, self.world.checkout)
        kind = Kind.MODULE if self.machine.frames else Kind.PROGRAM
        return ask(self.machine, kind, name, path, unknown, in_checkout=in_checkout, namesake=namesake)


def _may_be_in_one(name: str, doubt: Unknown) -> bool:
    """Is a distribution installed whose name is much like the module's: `django-hcaptcha`, `hcaptcha`?"""
    return any(resembles(one, name) for one in _installed(doubt))


def is_installed(name: str, doubt: Unknown | None) -> bool:
    """Is a distribution of that name among what installers put where the module may be?"""
    return doubt is not None and normalized(name) in _installed(doubt)


def _installed(doubt: Unknown) -> frozenset[str]:
    """The distributions that its steps installed."""
    return frozenset().union(*(step.installed.names for step in doubt.steps if step.installed is not None))
