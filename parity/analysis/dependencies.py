"""What is to be said of the packages of others that a start-up imports?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from parity.analysis.first_program import missing_tool
from parity.build.image import Image
from parity.model.command import Command
from parity.model.location import Location, May, Unknown
from parity.model.packages import Distribution, SitePackages, site_packages
from parity.model.version import PythonVersion
from parity.packages.catalogue import Knowledge, Told, public_catalogue
from parity.packages.declared import declared, manifest_of
from parity.packages.dependencies import (
    Dependency,
    Elsewhere,
    Verdict,
    judge,
    judge_implied,
    judge_program,
    providers_among,
)
from parity.packages.environment import is_made, site_folders
from parity.packages.implied import Implied, implied
from parity.packages.locks.closure import Lock
from parity.packages.locks.read import READERS, read_lock
from parity.packages.metadata import LocalEnvironment, local_environment
from parity.packages.programs import TOOLS, program_of
from parity.packages.project import Project, read_project
from parity.packages.requirements import Asked, read_requirements
from parity.programs.program import name_of
from parity.python import stdlib
from parity.python.resolve import SOURCE_SUFFIX, STANDARD_LIBRARY
from parity.startup.simulate import Startup
from parity.tree.base import Absent, FileTree, clean, join, parent_of
from parity.tree.links import follow
from parity.tree.which import path_folders
from parity.tree.zipped import ZippedTree, archives

ENVIRONMENTS = (".venv", "venv", "env")
REQUIREMENTS = re.compile(r".*(requirements|dev|test|lint|docs)[\w.-]*\.(txt|in)", re.IGNORECASE)
MOST_FILES = 20
MOST_FOLDERS = 20
_NOBODYS = "\0"
"""A module of no distribution."""
SITE = re.compile(r"/(?:site|dist)-packages$")


class PackageSettings(Struct, frozen=True):
    """`environment`: a virtual environment, instead of those that are looked for in the checkout; `imports`:
    import name -> distribution, where no metadata and no table tells.
    """

    environment: LocalEnvironment | None = None
    imports: Mapping[str, str] = field(default_factory=dict)


def dependencies_of(
    startups: Iterable[Startup],
    image: Image,
    checkout: FileTree,
    python: PythonVersion | None,
    settings: PackageSettings,
    first: Command | None = None,
) -> tuple[Dependency, ...]:
    """Each is said once for all processes of the image. `first`: the image's start command."""
    around = _Around(checkout, image.context.checkout_path("/"), python)
    knowledge: _Knowledge | None = None
    found: dict[object, Dependency] = {}
    for startup in startups:
        command = startup.entrypoint.command
        program = program_of(command)
        if (not startup.outside and program is None) or _further_packages(startup) is not None:
            continue
        knowledge = knowledge or _Knowledge.of(image, checkout, settings)
        known, local = knowledge.known, knowledge.local
        site = _SearchPath(image.tree, startup.search_path)
        if program is not None:
            name, distribution = program
            there = site.installed(distribution.replace("-", "_"))
            place = command.location or Location("")
            missing = judge_program(name, distribution, place, there, known, local)
            if missing is not None and any(
                one.may_bring(distribution, known, local) for one in _further(startup, image, python)
            ):
                continue  # it starts in that environment, of which nothing was looked at
            if missing is not None and command.certain:
                found.setdefault((missing.verdict, name), missing)
        for one in judge(startup.outside, site.installed, known, local, around.elsewhere):
            told = _of_another_python(one, python)
            sure = told.certain and not startup.own_finder and startup.path_unknown is None
            told = replace(told, certain=sure)
            found.setdefault((told.verdict, told.distributions or told.module), told)
        for one in judge_implied(_literals(startup, checkout), site.installed, known, local):
            found.setdefault((one.verdict, one.distributions), one)
    if first is not None and name_of(first) in TOOLS:
        knowledge = knowledge or _Knowledge.of(image, checkout, settings)
        tool = missing_tool(first, image, knowledge.known, knowledge.local)
        if tool is not None:
            found.setdefault((tool.verdict, tool.module), tool)
    return tuple(found.values())


def unchecked_packages(startups: Iterable[Startup], image: Image) -> Iterator[tuple[Unknown, str]]:
    """The packages of others that a start-up imports and that were not checked, each with the step to blame."""
    for startup in startups:
        site = _SearchPath(image.tree, startup.search_path)
        for name in dict.fromkeys(one.name.partition(".")[0] for one in startup.outside):
            doubt = _further_packages(startup) or site.open_doubt(name)
            if doubt is not None:
                yield doubt, name


def _further_packages(startup: Startup) -> Unknown | None:
    """Why packages may be in folders that are searched and not known; None where hardly any are."""
    doubt = startup.path_unknown
    known = doubt is not None and doubt.installed is not None and not doubt.installed.open
    return None if known else doubt


def open_packages(dependencies: Iterable[Dependency]) -> Iterator[tuple[Unknown, str]]:
    """The packages that something installed may bring, each with what is to blame: nobody knows what that holds."""
    for one in dependencies:
        if one.verdict is Verdict.OPEN:
            place = one.declared.location if one.declared is not None else None
            reason = f"it is not known which modules {' or '.join(one.doubtful)} brings"
            yield Unknown(reason, place or one.packages.installer), one.module.partition(".")[0]


def _further(startup: Startup, image: Image, python: PythonVersion | None) -> Iterator[_SearchPath]:
    """The environments behind the first on PATH: a program that the first lacks is looked for in each of them."""
    command = startup.entrypoint.command
    name = command.argv[0] or ""
    folders = path_folders(command.environment)[:MOST_FOLDERS]
    if "/" in name or name.startswith("python"):
        return
    seen = {startup.search_path}
    for number in range(1, len(folders)):
        environment = {**command.environment, "PATH": ":".join(folders[number:])}
        site = site_folders(environment, image.tree, python, user=image.config.user)
        if site not in seen:
            seen.add(site)
            yield _SearchPath(image.tree, site)


def _literals(startup: Startup, checkout: FileTree) -> Iterator[tuple[Implied, Location]]:
    """What the modules of the project say, in the order in which they are loaded."""
    for module in startup.modules:
        source = checkout.read(f"/{module.source}") if module.source else b""
        for one in implied(source) if isinstance(source, bytes) else ():
            yield one, Location(module.source, one.line)


def packages_of(startup: Startup, image: Image) -> SitePackages | None:
    """What installers put on the search path of a process; None where that cannot be told."""
    return _SearchPath(image.tree, startup.search_path).installed(_NOBODYS)


def installed_for(
    module: str, startup: Startup, image: Image, checkout: FileTree, settings: PackageSettings
) -> tuple[tuple[str, ...] | None, SitePackages]:
    """The distributions in the image that provide a module, () where none does, None where that cannot be told.

    And what is installed there, as far as it is known.
    """
    there = _SearchPath(image.tree, startup.search_path).installed(module.partition(".")[0])
    if there is None or there.open or _further_packages(startup) is not None:
        return None, there or SitePackages(open="something else may have put it there")
    knowledge = _Knowledge.of(image, checkout, settings)
    return providers_among(module, there, knowledge.known, knowledge.local), there


class _Knowledge(Struct, frozen=True):
    """What is known of distributions, by whom; the virtual environment is one of them."""

    known: tuple[Knowledge, ...]
    local: LocalEnvironment | None

    @classmethod
    def of(cls, image: Image, checkout: FileTree, settings: PackageSettings) -> _Knowledge:
        roots = (image.context.checkout_path("/"), "/")
        folders = dict.fromkeys(join(root, name) for root in roots for name in ENVIRONMENTS)
        local = settings.environment or local_environment(checkout, folders)
        told = (Told(settings.imports), *((local,) if local is not None else ()), public_catalogue())
        return cls(told, local)


def _of_another_python(one: Dependency, python: PythonVersion | None) -> Dependency:
    """What is missing may be of the standard library of another version."""
    if python is None or one.verdict not in (Verdict.MISSING, Verdict.NOBODYS):
        return one
    versions = stdlib.versions_with(one.module.partition(".")[0])
    return replace(one, verdict=Verdict.OTHER_VERSION, other=(versions, None, "")) if versions else one


class _SearchPath:
    """The folders of `sys.path` in the image."""

    def __init__(self, tree: FileTree, folders: Iterable[str]) -> None:
        self.folders = tuple(folder for folder in folders if folder != STANDARD_LIBRARY)
        self.tree = ZippedTree(tree, archives(tree, self.folders))

    def installed(self, top: str) -> SitePackages | None:
        """What installers put where this module would be. None: something else may have put it there.

        What a step that cannot be read writes into other folders are hardly packages.
        """
        doubts = []
        presumed = False
        for folder in self.folders:
            for path in (join(folder, top), join(folder, top + SOURCE_SUFFIX)):
                answer = follow(self.tree, path).answer
                if isinstance(answer, Unknown):
                    if answer.installed is not None:
                        doubts.append(answer)
                    elif SITE.search(folder):
                        return None
                    else:
                        presumed = True
                elif not isinstance(answer, Absent):
                    return None
        found = site_packages(doubts)
        if (
            found is not None
            and len({one.installed for one in doubts if one.installed and one.installed.parts}) > 1
        ):
            # What is removed from one folder may be in another.
            found = replace(found, parts=tuple(replace(part, removed=()) for part in found.parts))
        return replace(found, presumed=True) if found is not None and presumed else found

    def open_doubt(self, top: str) -> Unknown | None:
        """The step because of which it is not known which packages are here; None where that is known."""
        there = self.installed(top)
        if there is not None and not there.open:
            return None
        answers = (follow(self.tree, join(folder, top)).answer for folder in self.folders)
        steps = [step for answer in answers if isinstance(answer, Unknown) for step in answer.steps]
        found = [step for step in reversed(steps) if step.installed is None or step.installed.open]
        return next((step for step in found if step.may is not May.SYSTEM), found[0] if found else None)

    def may_bring(
        self, distribution: str, known: tuple[Knowledge, ...], local: LocalEnvironment | None
    ) -> bool:
        """May the distribution be installed here?"""
        top = distribution.replace("-", "_")
        there = self.installed(top)
        if there is None:
            return any(is_made(self.tree, join(folder, top)) for folder in self.folders)
        return judge_program(distribution, distribution, Location(""), there, known, local) is None


class _Around:
    """What the checkout declares beside the files that the image installs from."""

    def __init__(self, checkout: FileTree, root: str, python: PythonVersion | None) -> None:
        self.checkout = checkout
        self.root = root
        self.python = python
        self.elsewhere = Elsewhere(self.declared, self.locked)
        self._declared: dict[str, tuple[Distribution, ...]] = {}
        self._locked: dict[str, Mapping[str, Distribution]] = {}

    def declared(self, packages: SitePackages) -> Iterator[Distribution]:
        """In groups and extras of the projects, and in other requirement files."""
        manifests = {part.manifest for part in packages.parts}
        for folder in self._folders(packages):
            if folder not in self._declared:
                self._declared[folder] = tuple(self._declared_in(folder, manifests))
            yield from self._declared[folder]

    def locked(self, packages: SitePackages) -> Mapping[str, Distribution]:
        """Empty where the image installs from a lock file itself."""
        if any(part.manifest.rpartition("/")[2] in READERS for part in packages.parts):
            return {}
        for folder in self._folders(packages):
            if folder not in self._locked:
                self._locked[folder] = self._locked_in(folder)
            if self._locked[folder]:
                return self._locked[folder]
        return {}

    def _folders(self, packages: SitePackages) -> Iterable[str]:
        manifests = [part.manifest for part in packages.parts if part.manifest]
        return dict.fromkeys([parent_of(clean(m)) for m in manifests] + [self.root])

    def _declared_in(self, folder: str, manifests: set[str]) -> Iterator[Distribution]:
        project = read_project(folder, self.checkout)
        if isinstance(project, Project):
            told = declared(project, self.python, manifest_of(project, self.checkout))
            for parts in (told.groups, told.extras):
                for group, listed in parts.items():
                    yield from (replace(one, group=group) for one in listed)
            yield from told.own
        for path in self._requirement_files(folder):
            if path.lstrip("/") not in manifests:
                asked = Asked(self.python)
                read_requirements(asked, path, folder, self.checkout, {}, Unknown(""))
                yield from (replace(one, group=path.lstrip("/")) for one in asked.wanted)

    def _requirement_files(self, folder: str) -> list[str]:
        found = []
        for place in (folder, join(folder, "requirements")):
            names = self.checkout.names(place)
            listed = () if isinstance(names, Unknown) else sorted(names)
            inner = place != folder
            found += [
                join(place, name)
                for name in listed
                if (REQUIREMENTS.fullmatch(name) or (inner and name.endswith((".txt", ".in"))))
                and "constraint" not in name
            ]
        return found[:MOST_FILES]

    def _locked_in(self, folder: str) -> Mapping[str, Distribution]:
        for name in READERS:
            lock = read_lock(folder, name, self.checkout)
            if isinstance(lock, Lock):
                place = join(folder, name).lstrip("/")
                every = replace(lock, manifest=place).every()
                return {one.name: one for one in every}
        return {}
