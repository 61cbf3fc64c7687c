"""Which distributions do the imports of a start-up ask for, and are they installed in the image?"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from parity.model.location import Location
from parity.model.packages import (
    FRAMEWORKS,
    NOTHING_INSTALLED,
    Distribution,
    Installed,
    SitePackages,
    bears_the_name,
    normalized,
    resembles,
)
from parity.packages.catalogue import Knowledge
from parity.packages.implied import Implied
from parity.packages.metadata import LocalEnvironment
from parity.python.outside import OutsideImport

MOST_NEEDED = 20_000
FEWEST_NEEDED = 5
PINNED = 0.95
UNNAMED = "a package without a name"
"""Something is installed whose name nobody knows: from a URL, say."""


class Verdict(Enum):
    """`MISSING`: not installed; `LEFT_OUT`: declared, in a part that is not installed; `NEEDED`: installed only
    because another distribution needs it; `DRIFTED`: of another version than told elsewhere; `NOBODYS`: no
    distribution that is installed has such a module, and none is known that does; `NO_PROGRAM`: the start command
    runs a program whose distribution is not installed; `OTHER_VERSION`: missing, and part of another Python;
    `IMPLIED`: not installed, and a literal in the code asks for it (a database driver); `OPEN`: something that is
    installed may bring it, and nobody here knows what that holds.
    """

    MISSING = "missing"
    LEFT_OUT = "left out"
    NEEDED = "needed"
    DRIFTED = "drifted"
    NOBODYS = "nobody's"
    NO_PROGRAM = "no program"
    OTHER_VERSION = "other version"
    IMPLIED = "implied"
    OPEN = "open"


class Dependency(Struct, frozen=True):
    """What is to be said of one import.

    `distributions`  the names that may be meant
    `declared`       one of them as it is declared elsewhere (LEFT_OUT, MISSING), or installed (DRIFTED, NEEDED)
    `other`          the version elsewhere, and where that is (DRIFTED); the Python that has it
                     (OTHER_VERSION); the literal (IMPLIED)
    `doubtful`       distributions that are installed and of which it is not known what they need, or hold (OPEN)
    `packages`       what there is
    `also_breaks`    how many further imports this is true of
    `at_once`        is it needed as soon as the module is loaded (IMPLIED)?
    """

    verdict: Verdict
    module: str
    distributions: tuple[str, ...]
    imported: OutsideImport
    certain: bool = False
    declared: Distribution | None = None
    other: tuple[str, Location | None, str] = ("", None, "")
    doubtful: tuple[str, ...] = ()
    packages: SitePackages = NOTHING_INSTALLED
    also_breaks: int = 0
    at_once: bool = False

    @property
    def may_hold(self) -> bool:
        """May the import find something all the same, or not be reached?"""
        return bool(self.doubtful) or self.imported.may_not_run


class Elsewhere(Struct, frozen=True):
    """What the checkout declares besides: in other requirement files and groups; and its lock file."""

    declared: Callable[[SitePackages], Iterable[Distribution]]
    locked: Callable[[SitePackages], Mapping[str, Distribution]]


def judge(
    imports: Iterable[OutsideImport],
    installed: Callable[[str], SitePackages | None],
    known: Sequence[Knowledge],
    local: LocalEnvironment | None,
    elsewhere: Elsewhere,
) -> tuple[Dependency, ...]:
    """`installed`: the packages at the place where this top-level module would be; None: not known at all."""
    found: dict[object, Dependency] = {}
    sites: dict[SitePackages, _Site] = {}
    for imported in imports:
        there = installed(imported.name.partition(".")[0])
        if there is None or there.open:
            continue
        site = sites.get(there) or sites.setdefault(there, _Site(there, known, local))
        for module in imported.modules:
            for told in site.judge(module, imported, elsewhere):
                key = (told.verdict, told.distributions or module)
                before = found.get(key)
                if before is None:
                    found[key] = told
                    continue
                first = told if before.imported.may_not_run and not imported.may_not_run else before
                found[key] = replace(first, also_breaks=before.also_breaks + 1)
    return tuple(found.values())


def judge_implied(
    literals: Iterable[tuple[Implied, Location]],
    installed: Callable[[str], SitePackages | None],
    known: Sequence[Knowledge],
    local: LocalEnvironment | None,
) -> tuple[Dependency, ...]:
    """Nothing is said where something installed may have brought it."""
    found: dict[tuple[str, ...], Dependency] = {}
    sites: dict[SitePackages, _Site] = {}
    for one, place in literals:
        there = installed(one.module.partition(".")[0])
        if there is None or there.open or one.distributions in found:
            continue
        site = sites.get(there) or sites.setdefault(there, _Site(there, known, local))
        if site.doubtful or site.names.intersection(one.distributions):
            continue
        found[one.distributions] = Dependency(
            Verdict.IMPLIED,
            one.module,
            one.distributions,
            OutsideImport(one.module, (), (), place),
            other=(one.literal, None, ""),
            packages=there,
            at_once=one.at_once,
        )
    return tuple(found.values())


def judge_program(
    program: str,
    distribution: str,
    place: Location,
    there: SitePackages | None,
    known: Sequence[Knowledge],
    local: LocalEnvironment | None,
) -> Dependency | None:
    """Is the distribution of the program that is started not installed? `there`: what is."""
    if there is None or there.open:
        return None
    site = _Site(there, known, local)
    if distribution in site.names:
        return None
    return Dependency(
        Verdict.NO_PROGRAM,
        program,
        (distribution,),
        OutsideImport(program, (), (), place),
        certain=site.exact,
        doubtful=site.doubtful,
        packages=there,
    )


def providers_among(
    module: str, there: SitePackages, known: Sequence[Knowledge], local: LocalEnvironment | None
) -> tuple[str, ...] | None:
    """The installed distributions that provide a module, () where none does; None: it cannot be told."""
    site = _Site(there, known, local)
    found = site.providers_here(module)
    return found if found or site.can_tell(module) else None


class _Site:
    """One set of installed distributions, and everything that they may need."""

    def __init__(
        self, packages: SitePackages, known: Sequence[Knowledge], local: LocalEnvironment | None
    ) -> None:
        self.packages = packages
        self.known = known
        self.local = local
        self.exact = not packages.presumed and all(
            part.complete and not part.unnamed and not part.by_hand for part in packages.parts
        )
        self.asked: dict[str, Distribution] = {}
        self.names: set[str] = set()
        doubtful: dict[str, None] = {}
        closed = [part for part in packages.parts if part.complete or self._is_frozen(part)]
        listed = {one.name for part in closed for one in part.distributions}
        for part in packages.parts:
            for name in part.removed:
                self.asked.pop(name, None)
            self.names.difference_update(part.removed)
            self.names.update(self._needed_by(part, listed, doubtful))
        self.doubtful = tuple(doubtful)

    def _needed_by(self, part: Installed, listed: Container[str], doubtful: dict[str, None]) -> set[str]:
        """What this run of an installer leaves, `listed` being those of which all that they need is named."""
        todo: list[str] = []
        for one in part.distributions:
            if one.name not in self.asked or not self.asked[one.name].direct:
                self.asked[one.name] = one
            if not part.complete or part.by_hand:
                todo.append(one.name + (f"[{','.join(one.extras)}]" if one.extras else ""))
        if part.unnamed:
            doubtful[UNNAMED] = None
        found = {one.name for one in part.distributions}
        seen: set[str] = set()
        while todo and len(seen) < MOST_NEEDED:
            written = todo.pop()
            if written in seen:
                continue
            seen.add(written)
            name, _, brackets = written.rstrip("]").partition("[")
            found.add(name)
            needed = self._requires(name, tuple(brackets.split(",")) if brackets else ())
            if needed is None and name not in listed:
                doubtful[name] = None
            else:
                todo += needed or ()
        return found

    def judge(self, module: str, imported: OutsideImport, elsewhere: Elsewhere) -> Iterable[Dependency]:
        there = self.providers_here(module)
        if there:
            yield from self._installed(there, module, imported, elsewhere)
            return
        names = tuple(sorted(self._providers(module)))
        own = normalized(module.partition(".")[0])
        if not names and own in self._left_out():
            names = (own,)
        elif not names and not self.can_tell(module):
            yield self._open(module, imported, self._namesakes(module))
            return
        variants = self._variants(module, names)
        if variants:
            yield self._open(module, imported, variants)
            return
        declared = next((self._left_out()[name] for name in names if name in self._left_out()), None)
        if declared is None and names:
            declared = next((one for one in elsewhere.declared(self.packages) if one.name in names), None)
        verdict = Verdict.MISSING if names else Verdict.NOBODYS
        if declared is not None and declared.group:
            verdict = Verdict.LEFT_OUT
        yield Dependency(
            verdict,
            module,
            names,
            imported,
            certain=self._is_certain(module),
            declared=declared,
            doubtful=self.doubtful,
            packages=self.packages,
        )

    def providers_here(self, module: str) -> tuple[str, ...]:
        """Those that are installed; `django-cms` for `cms`, where nobody here knows what `django-cms` holds."""
        own = normalized(module.partition(".")[0])
        found = {name for name in (*self._providers(module), own) if name in self.names}
        found |= {name for name in self.names if f"-{own}-" in f"-{name}-" and not self._is_known(name)}
        return tuple(sorted(found))

    def can_tell(self, module: str) -> bool:
        """Where no distribution that is known provides it: may one of which nobody knows what it provides?

        Of the 9,889 public distributions of the catalogue, 109 have no module that resembles their name.
        """
        if self._providers(module):
            return True
        return UNNAMED not in self.doubtful and not self._namesakes(module)

    def _namesakes(self, module: str) -> tuple[str, ...]:
        """The installed distributions of which nobody knows what they hold, and whose name is like the module's."""
        return tuple(
            sorted(name for name in self.names if resembles(name, module) and not self._is_known(name))
        )

    def _variants(self, module: str, providers: Iterable[str]) -> tuple[str, ...]:
        """Those installed, known to nobody, with the name of a provider and more (`pillow-simd`), or the module's."""
        names = tuple(f"{name}-" for name in providers if name not in FRAMEWORKS)
        return tuple(
            sorted(
                name
                for name in self.names
                if (name.startswith(names) or bears_the_name(name, module)) and not self._is_known(name)
            )
        )

    def _open(self, module: str, imported: OutsideImport, perhaps: tuple[str, ...]) -> Dependency:
        """`perhaps`: the distributions that may bring it, () where that is one without a name."""
        declared = next((self.asked[name] for name in perhaps if name in self.asked), None)
        return Dependency(
            Verdict.OPEN,
            module,
            (),
            imported,
            declared=declared,
            doubtful=perhaps or (UNNAMED,),
            packages=self.packages,
        )

    def _installed(
        self, there: Sequence[str], module: str, imported: OutsideImport, elsewhere: Elsewhere
    ) -> Iterable[Dependency]:
        chosen = [self.asked[name] for name in there if name in self.asked]
        if len(there) > 1 or not chosen:
            return  # several are there, or one that only another one brings: its version is not known
        one = chosen[0]
        if not one.direct:
            yield Dependency(
                Verdict.NEEDED, module, (one.name,), imported, declared=one, packages=self.packages
            )
        other = self._other_version(one, elsewhere)
        if other is not None:
            yield Dependency(
                Verdict.DRIFTED,
                module,
                (one.name,),
                imported,
                declared=one,
                other=other,
                packages=self.packages,
            )

    def _other_version(
        self, one: Distribution, elsewhere: Elsewhere
    ) -> tuple[str, Location | None, str] | None:
        locked = elsewhere.locked(self.packages).get(one.name)
        if locked is not None and locked.version and not allows(one, locked.version):
            return locked.version, locked.location, "the lock file"
        version = self.local.version(one.name) if self.local is not None else None
        if self.local is not None and version and not allows(one, version):
            return version, None, f"the environment {self.local.name}"
        return None

    def _providers(self, module: str) -> frozenset[str]:
        return frozenset().union(*(one.providers(module) for one in self.known))

    def _requires(self, name: str, extras: tuple[str, ...]) -> tuple[str, ...] | None:
        told = (one.requires(name, extras) for one in self.known)
        return next((needed for needed in told if needed is not None), None)

    def _is_frozen(self, part: Installed) -> bool:
        """`pip freeze`: all have one version, and most of what the known ones need is listed beside them.

        Files written by hand name less than a third of it.
        """
        names = {one.name for one in part.distributions}
        needed = {text.partition("[")[0] for name in names for text in self._requires(name, ()) or () if text}
        pinned = sum(bool(one.version) for one in part.distributions)
        return (
            len(needed) >= FEWEST_NEEDED
            and pinned >= len(names) * PINNED
            and len(needed & names) * 2 >= len(needed)
        )

    def _is_known(self, name: str) -> bool:
        asked = self.asked.get(name)
        if asked is not None and asked.elsewhere:
            return False
        return any(one.modules(name) is not None for one in self.known)

    def _left_out(self) -> Mapping[str, Distribution]:
        return {one.name: one for part in self.packages.parts for one in part.left_out}

    def _is_certain(self, module: str) -> bool:
        """A lock file lists every distribution, and an environment with all of them knows whose module it is."""
        local = self.local
        return (
            self.exact
            and local is not None
            and bool(local.providers(module))
            and all(name in local.found for name in self.names)
        )


def allows(one: Distribution, version: str) -> bool:
    """Is this version what the image installs, as far as the requirement tells?"""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        if one.version:
            return Version(one.version).public == Version(version).public
        text = re.sub(r"\s*#.*$", "", one.specifier)
        return SpecifierSet(text).contains(version, prereleases=True) if text else True
    except (InvalidSpecifier, InvalidVersion):
        return True
