"""Of which distributions has an image another version than it is built with now, or than the lock file says?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from parity.build.image import Image
from parity.model.location import Unknown
from parity.model.packages import Distribution
from parity.model.verification import PackageDifference
from parity.model.version import PythonVersion
from parity.packages.dependencies import allows
from parity.packages.environment import site_folders
from parity.packages.installed import InstalledPackages
from parity.packages.locks.closure import Lock
from parity.packages.locks.read import READERS, read_lock
from parity.tree.base import FileTree, join
from parity.tree.links import is_folder

ANY_VERSION = "any version"
CONDA = "conda-meta"
ANY = "any_module"
"""Of a module that nobody knows: which packages are where it would be?"""


def compare_packages(
    image: Image, checkout: FileTree, python: PythonVersion | None
) -> tuple[PackageDifference, ...]:
    """`image`: the one that was built, in the place of the planned one; `python`: its version."""
    config = image.config
    folders = site_folders(config.environment, image.tree, python, user=config.user)
    if any(is_folder(image.tree, join(folder.partition("/lib/python")[0], CONDA)) for folder in folders):
        return ()  # conda has names of its own for them
    installed = InstalledPackages(image.tree, folders).versions
    asked = _asked(image)
    found = {one.name: one for one in _otherwise(asked.values(), installed)}
    locked = _locked(image, checkout)
    for name, told in locked.items():
        own = asked.get(name)
        if own is not None and (own.version or own.elsewhere):
            continue  # the image installs by that
        version = installed.get(name)
        if version and name not in found and not allows(told, version):
            found[name] = PackageDifference(name, version, told.version, told.location)
    return tuple(found[name] for name in sorted(found))


def _asked(image: Image) -> dict[str, Distribution]:
    """What the Dockerfile's installers are asked for now, the last word of each."""
    assert image.planned is not None
    config = image.config
    asked: dict[str, Distribution] = {}
    for folder in site_folders(config.environment, image.planned, image.base.python, user=config.user):
        there = image.planned.lookup(join(folder, ANY))
        packages = there.installed if isinstance(there, Unknown) else None
        if packages is None or packages.open:
            continue
        for part in packages.parts:
            for name in part.removed:
                asked.pop(name, None)
            asked.update({one.name: one for one in part.distributions})
    return asked


def _otherwise(asked: Iterable[Distribution], installed: Mapping[str, str]) -> Iterator[PackageDifference]:
    for one in asked:
        version = installed.get(one.name)
        if one.elsewhere or (version is not None and allows(one, version)):
            continue
        yield PackageDifference(one.name, version, one.version or one.specifier or ANY_VERSION, one.location)


def _locked(image: Image, checkout: FileTree) -> Mapping[str, Distribution]:
    """What the lock file beside the project says, of those that it has one version of."""
    root = image.context.checkout_path("/")
    for name in READERS:
        lock = read_lock(root, name, checkout)
        if isinstance(lock, Lock):
            return {one.name: one for one in lock.every() if one.version and not one.elsewhere}
    return {}
