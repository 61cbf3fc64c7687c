"""Which distributions were installers asked for, and what does a folder of installed packages hold by that?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from parity.model.finding import Cause, CauseKind
from parity.model.location import Location, Unknown

FRAMEWORKS = frozenset(("django", "fastapi", "flask", "pytest", "python"))
"""What extends one of them begins with its name, and is no variant of it."""
_A_WORD = 3
"""Letters: `y` is part of half of all names."""
_FOR_PYTHON = re.compile(r"^py(?:thon)?-?|-?py(?:thon)?\d?$")
_SEPARATORS = re.compile(r"[-_.]+")


def normalized(name: str) -> str:
    """The name of a distribution as indexes compare it (PyPA: name normalization): `My_App` -> `my-app`."""
    return _SEPARATORS.sub("-", name.strip()).lower()


def resembles(distribution: str, module: str) -> bool:
    """Have they a word in common, or is one part of the other: `scikit-image` and `image_tools`?

    One's word may be part of the other's: `django-money`, `djmoney`.
    That both are for the same framework makes no two alike.
    """
    top = module.partition(".")[0].lower()
    one, other = (re.sub(r"[-_.]", "", text) for text in (distribution, top))
    mine, its = (set(re.findall(r"[a-z0-9]{3,}", text.replace("_", "-"))) for text in (distribution, top))
    contained = min(len(one), len(other)) >= _A_WORD and (one in other or other in one)
    inside = any(len(word) > _A_WORD and word in other for word in mine - FRAMEWORKS)
    return one == other or contained or inside or bool(mine & its - FRAMEWORKS)


def bears_the_name(distribution: str, module: str) -> bool:
    """Is it the module's name but for what says that it is for Python: `pyre2`, `re2`?"""
    return _FOR_PYTHON.sub("", distribution) == normalized(module.partition(".")[0])


class Distribution(Struct, frozen=True):
    """One that is asked for, or listed by a lock file.

    `name`       normalized
    `version`    the exact one, "" where it is not pinned
    `specifier`  the versions that are allowed, as written
    `location`   where it says so, in the checkout
    `group`      the group or extra that declares it, "" for those of the project itself
    `direct`     False: only because another one needs it
    `elsewhere`  from a repository, a URL or a folder: what an index has by that name may be something else
    """

    name: str
    version: str = ""
    specifier: str = ""
    extras: tuple[str, ...] = ()
    location: Location | None = None
    group: str = ""
    direct: bool = True
    elsewhere: bool = False


class Installed(Struct, frozen=True):
    """What one run of an installer leaves.

    `complete`   nothing but `distributions` is installed: what they need is among them
    `by_hand`    so it was when it was written; of lines that were added since, what they need is installed, too
    `left_out`   declared in the same place, in groups or extras that are not asked for
    `unnamed`    some of it has no name that can be told (a URL, a file that cannot be read)
    `by`         the command
    `manifest`   the checkout file that says what to install, "" where the command itself does
    `removed`    names of those that were there before, and are not any more
    """

    distributions: tuple[Distribution, ...] = ()
    complete: bool = False
    left_out: tuple[Distribution, ...] = ()
    unnamed: bool = False
    by: Location | None = None
    manifest: str = ""
    by_hand: bool = False
    removed: tuple[str, ...] = ()


class SitePackages(Struct, frozen=True):
    """A folder of installed packages.

    `open`: why anything else may be there, "" where nothing else is; `presumed`: a program was run there that
    hardly installs packages, but may.
    """

    parts: tuple[Installed, ...] = ()
    open: str = ""
    presumed: bool = False

    @property
    def names(self) -> frozenset[str]:
        """Of the distributions that were asked for."""
        found: set[str] = set()
        for part in self.parts:
            found = found.difference(part.removed) | {one.name for one in part.distributions}
        return frozenset(found)

    @property
    def manifest(self) -> str:
        """The file that the image installs from, a checkout path; "" where no file tells."""
        return next((part.manifest for part in reversed(self.parts) if part.manifest), "")

    @property
    def installer(self) -> Location | None:
        """The last instruction that installs packages."""
        return next((part.by for part in reversed(self.parts) if part.by is not None), None)

    @property
    def lacks(self) -> Cause:
        """Why something is not here."""
        if self.installer is None:
            return Cause(CauseKind.NOT_INSTALLED, "no step installs packages")
        listed = f"{self.manifest} does not bring it" if self.manifest else ""
        return Cause(
            CauseKind.NOT_INSTALLED, listed or "it is not among what is installed here", self.installer
        )


NOTHING_INSTALLED = SitePackages()
HARDLY_ANYTHING = SitePackages(presumed=True)


def site_packages(unknowns: Iterable[Unknown]) -> SitePackages | None:
    """What several steps, in their order, leave together; None where none of them tells of packages."""
    told = tuple(unknowns)
    if all(unknown.installed is None for unknown in told):
        return None
    found = [unknown.installed or SitePackages(open=unknown.reason) for unknown in told]
    parts = dict.fromkeys(part for one in reversed(found) for part in reversed(one.parts))
    presumed = any(one.presumed for one in found)
    return SitePackages(tuple(reversed(parts)), next((one.open for one in found if one.open), ""), presumed)
