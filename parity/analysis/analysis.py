"""Everything that is known about one image, frozen: rules read it and look nothing up again."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from parity.build.absence import explain
from parity.build.image import Image, LaidOver
from parity.git.ignore import Ignored
from parity.image.counterpart import image_paths
from parity.model.command import Command
from parity.model.finding import Cause, CauseKind, ChainLink
from parity.model.location import Location, Unknown
from parity.model.version import PythonVersion
from parity.packages.dependencies import Dependency
from parity.starts.recognise import Stopped
from parity.startup.fragile import FirstImport
from parity.startup.simulate import Startup
from parity.startup.state.failures import Failure
from parity.tree.base import Entry, FileTree
from parity.verdict.cost import Cost


class Cycle(Struct, frozen=True):
    """Modules that import each other while they load; `crashes` if the start-up fails in it.

    `fragile_from`: the modules of it whose import, were it the first, would crash.
    """

    modules: tuple[str, ...]
    chain: tuple[ChainLink, ...]
    crashes: bool
    fragile_from: tuple[FirstImport, ...] = ()


class DeferredFailure(Struct, frozen=True):
    """An import inside a function that the start-up does not call, and that fails when it is called."""

    failure: Failure


class Hidden(Struct, frozen=True):
    """A failure whose cause is a mount over what the image has at `image_path`."""

    startup: Startup
    failure: Failure
    image_path: str
    cause: Cause
    mount: LaidOver


class HiddenPackage(Struct, frozen=True):
    """A package that the image has in a folder that a mount lies over."""

    package: Dependency
    mount: LaidOver


class Brought(Struct, frozen=True):
    """A failure that there would be without the mount.

    The mount brings the file `source` of the checkout to `image_path`; `cause`: why the image lacks it.
    """

    startup: Startup
    failure: Failure
    image_path: str
    source: str
    cause: Cause
    mount: LaidOver


class Untracked(Struct, frozen=True):
    """A failure that there would be in an image of a clean checkout, and is not in that of this one.

    `startup`: None where only a later call fails; `place`: the file or folder that git does not have, as far up as it
    is not; `ignored`: the line that keeps it out; `copy`: the instruction that names it, so that the build fails.
    """

    startup: Startup | None
    failure: Failure
    place: str
    ignored: Ignored | None
    copy: Location | None = None


class Required(Struct, frozen=True):
    """What the `pattern` of the configuration asks for and the image has not at `image_path`.

    `place`: of the list; `checkout_path`: the file that should be there, "" where the pattern is of image paths;
    `doubt`: what may have made it all the same.
    """

    pattern: str
    image_path: str
    place: Location | None
    checkout_path: str = ""
    doubt: Unknown | None = None


class Unwanted(Struct, frozen=True):
    """What the `pattern` of the configuration forbids, the first file of it.

    `source`: the file or folder of the checkout that it comes from, "" where it is made; `more`: further files.
    """

    pattern: str
    image_path: str
    source: str
    made_by: Location | None
    more: int = 0


class Analysis(Struct, frozen=True):
    """One image and its start-up.

    `dockerfile`    the Dockerfile's path, relative to the project root
    `startups`      one for each Python process of the start command
    `unrecognised`  commands of which nobody can tell what Python code they run
    `costs`         the steps that cannot be read, and what was not checked because of each
    `stopped`       what ends a start script in failure before it has started anything
    `python_2`      True where a command runs Python 2, which is not replayed
    `hidden`, `hidden_packages`, `brought`   what the mounts of the service change
    `git_ignored`   does git leave this checkout path out?
    `required`, `unwanted`   how the image breaks what the configuration says
    `untracked`     what an image of a clean checkout lacks, once for each file or folder
    `untried_at`    the start command of the Dockerfile, if a file builds or starts the image and nothing
                    imports it before it gets traffic; None: something does, or nobody knows
    """

    dockerfile: str
    image: Image
    checkout: FileTree
    python: PythonVersion | None
    command: Command | None
    startups: tuple[Startup, ...]
    unrecognised: tuple[Command, ...]
    costs: tuple[Cost, ...]
    cycles: tuple[Cycle, ...] = ()
    deferred: tuple[DeferredFailure, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    python_2: bool = False
    hidden: tuple[Hidden, ...] = ()
    hidden_packages: tuple[HiddenPackage, ...] = ()
    brought: tuple[Brought, ...] = ()
    stopped: Stopped | None = None
    git_ignored: Callable[[str], bool] = lambda _path: False
    untracked: tuple[Untracked, ...] = ()
    required: tuple[Required, ...] = ()
    unwanted: tuple[Unwanted, ...] = ()
    untried_at: Location | None = None

    @property
    def assumed(self) -> Unknown | None:
        """Why the version of Python may be another one than `python`; None where it is told."""
        base = self.image.base
        if not base.floating or self.python != base.python:
            return None
        return Unknown(f"{base.reference} names no version of Python: {self.python} is assumed")

    def why_absent(self, image_path: str, checkout_path: str = "") -> Cause:
        """Why `image_path` is not in the image; `checkout_path`: the file that should be there."""
        if checkout_path:
            elsewhere = [path for path in image_paths(self.image.tree, checkout_path) if path != image_path]
            if elsewhere:
                entry = self.image.tree.lookup(elsewhere[0])
                made_by = entry.made_by if isinstance(entry, Entry) else None
                return Cause(
                    CauseKind.NOT_ON_SEARCH_PATH,
                    f"it is in the image at {elsewhere[0]}",
                    made_by,
                    elsewhere[0],
                )
        return explain(self.image, image_path, checkout_path or None)

    def entry(self, image_path: str) -> Entry | None:
        """What is at this image path, None where nothing is for sure."""
        found = self.image.tree.lookup(image_path) if image_path else None
        return found if isinstance(found, Entry) else None

    def failures(self) -> tuple[tuple[Startup, Failure], ...]:
        """Every failure of every process, in the order in which they happen, once each: of its gravest process.

        None that a mount causes.
        """
        hidden = {_same(one.failure) for one in self.hidden}
        gravest: dict[tuple[object, ...], tuple[Startup, Failure]] = {}
        for startup in self.startups:
            for failure in startup.failures:
                before = gravest.setdefault(_same(failure), (startup, failure))
                if _gravity(startup, failure) > _gravity(*before):
                    gravest[_same(failure)] = (startup, failure)
        everywhere = self._everywhere()
        return tuple(
            (_ending(startup) if key in everywhere else startup, failure)
            for key, (startup, failure) in gravest.items()
            if key not in hidden
        )

    def _everywhere(self) -> frozenset[tuple[object, ...]]:
        """The failures that all processes of the image have: nothing of it runs, whatever starts them."""
        if len(self.startups) < 2:
            return frozenset()
        reached = (
            {_same(failure) for failure in startup.failures if not failure.may_not_run}
            for startup in self.startups
        )
        return frozenset(set.intersection(*reached))

    def location_of(self, failure: Failure, startup: Startup | None = None) -> Location | None:
        """Where it stands in the checkout; the start command where it stands in no file."""
        if failure.place.path:
            return failure.place
        for link in reversed(failure.chain):
            entry = self.image.tree.lookup(link.image_path)
            if isinstance(entry, Entry) and entry.made_by is not None:
                return entry.made_by
        return startup.entrypoint.command.location if startup is not None else None


def _ending(startup: Startup) -> Startup:
    """The start-up, its failure that of the container."""
    return replace(startup, entrypoint=startup.entrypoint.with_fatal(True))


def _same(failure: Failure) -> tuple[object, ...]:
    """What makes two failures one."""
    return failure.kind, failure.module, failure.name, failure.place, failure.text


def _gravity(startup: Startup, failure: Failure) -> tuple[bool, bool, bool]:
    """Is it reached, does it end the start-up, is it certain?"""
    command = startup.entrypoint.command
    return not failure.may_not_run, command.certain and command.fatal, failure.certain
