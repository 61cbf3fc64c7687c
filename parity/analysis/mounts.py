"""What do the mounts of a service change? What they hide that the start-up needs, and what only they bring."""

from __future__ import annotations

from msgspec.structs import replace

from parity.analysis.analysis import Analysis, Brought, Hidden, HiddenPackage
from parity.analysis.start import copied_anywhere, is_project_copied
from parity.build.absence import explain, mount_at
from parity.build.image import LaidOver
from parity.model.finding import CauseKind
from parity.packages.dependencies import Verdict
from parity.startup.simulate import Startup
from parity.startup.state.failures import Failure, FailureKind
from parity.tree.base import Entry, child
from parity.tree.links import is_folder

_OF_FILES = (
    FailureKind.MISSING_MODULE,
    FailureKind.MISSING_NAME,
    FailureKind.MISSING_FILE,
    FailureKind.ENTRYPOINT,
)
SITE = ("site-packages", "dist-packages")
"""Folders of packages, by the end of their paths."""
_MISSING = (Verdict.MISSING, Verdict.LEFT_OUT, Verdict.NOBODYS)


def compared(analysis: Analysis, unmounted: Analysis) -> Analysis:
    """The facts of a service with mounts, beside those of the same start without them."""
    folders = dict.fromkeys(
        folder
        for startup in (*unmounted.startups, *analysis.startups)
        for folder in startup.search_path
        if folder.startswith("/")
    )
    hidden = tuple(
        found
        for startup, failure in analysis.failures()
        if (found := _hidden(analysis, startup, failure, tuple(folders)))
    )
    packages = _hidden_packages(analysis, unmounted)
    modules = {one.package.imported.name for one in packages}
    return replace(
        analysis,
        hidden=hidden,
        brought=_brought(analysis, unmounted, tuple(folders)),
        hidden_packages=packages,
        dependencies=tuple(one for one in analysis.dependencies if one.imported.name not in modules),
    )


def _hidden(
    analysis: Analysis, startup: Startup, failure: Failure, folders: tuple[str, ...]
) -> Hidden | None:
    """The failure, if the image has what is missing, and a mount lies over it."""
    root = failure.root
    if root.kind not in _OF_FILES:
        return None
    for path in _places(root, folders):
        cause = explain(analysis.image, path)
        mount = mount_at(analysis.image, cause.location)
        if cause.kind is CauseKind.VOLUME and mount is not None:
            return Hidden(startup, failure, path, cause, mount)
    return None


def _places(failure: Failure, folders: tuple[str, ...]) -> list[str]:
    """Where the image may have it; `folders`: those of its search path, without the mounts."""
    return [failure.image_path] if failure.image_path else _modules(failure, folders)


def _modules(failure: Failure, folders: tuple[str, ...]) -> list[str]:
    """The files of the module in these folders of a search path."""
    if not failure.module:
        return []
    parts = failure.module.replace(".", "/")
    return [child(folder, parts + end) for folder in folders for end in ("/__init__.py", ".py")]


def _hidden_packages(analysis: Analysis, unmounted: Analysis) -> tuple[HiddenPackage, ...]:
    """Packages that are installed in the image, in a folder that a mount lies over."""
    fine = {one.name for startup in unmounted.startups for one in startup.outside}
    fine -= {one.imported.name for one in unmounted.dependencies if one.verdict in _MISSING}
    found = []
    for one in analysis.dependencies:
        if one.verdict not in _MISSING or one.imported.name not in fine:
            continue
        for mount in analysis.image.mounts:
            if any(
                folder == mount.target or folder.startswith(f"{mount.target}/")
                for startup in unmounted.startups
                for folder in startup.search_path
                if folder.endswith(SITE)
            ):
                found.append(HiddenPackage(one, mount))
                break
    return tuple(found)


def _brought(analysis: Analysis, unmounted: Analysis, folders: tuple[str, ...]) -> tuple[Brought, ...]:
    """What fails without the mounts, and does not with them.

    An image that has nothing of the project is made to be mounted. Where it has no code, the first is told for all.
    """
    if not is_project_copied(unmounted.image):
        return ()
    still = {failure.key for _, failure in analysis.failures()}
    found: dict[str, Brought] = {}
    for startup, failure in unmounted.failures():
        root = failure.root
        if root.kind not in _OF_FILES or failure.key in still:
            continue
        if (place := _bringing(analysis, root, folders)) is not None:
            mount, path, source = place
            cause = unmounted.why_absent(root.image_path or path, source)
            found.setdefault(path, Brought(startup, failure, path, source, cause, mount))
    return tuple(found.values())[: None if _copies_code(unmounted) else 1]


def _copies_code(analysis: Analysis) -> bool:
    """Does any stage of the build get a module of the checkout, or a folder, which may hold some?"""
    sources = {part.checkout for part in copied_anywhere(analysis.image)}
    return any(source.endswith(".py") or is_folder(analysis.checkout, source) for source in sources)


def _bringing(
    analysis: Analysis, failure: Failure, folders: tuple[str, ...]
) -> tuple[LaidOver, str, str] | None:
    """The mount that has what is missing, where the start-up finds it, and the file of the checkout that is there."""
    named = [failure.image_path] if failure.image_path else []
    for path in (*named, *_modules(failure, folders)):
        there = analysis.image.tree.lookup(path)
        if isinstance(there, Entry) and there.source:
            mount = mount_at(analysis.image, there.made_by)
            if mount is not None:
                return mount, path, there.source
    return None
