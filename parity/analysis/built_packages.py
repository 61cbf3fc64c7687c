"""What is not installed in an image that was built, all of whose files are known: by the start command, by needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from parity.build.image import Image
from parity.model.location import Location
from parity.model.version import PythonVersion
from parity.packages.catalogue import public_catalogue
from parity.packages.dependencies import Dependency, Verdict
from parity.packages.installed import InstalledPackages
from parity.packages.programs import program_of
from parity.python.outside import OutsideImport
from parity.startup.simulate import Startup
from parity.tree.which import which


def lacking(startups: Iterable[Startup], image: Image, python: PythonVersion | None) -> Iterator[Dependency]:
    """Each is said once for all processes of the image. Nothing is said of an image that is only planned."""
    told: dict[object, Dependency] = {}
    for startup in startups if image.planned is not None else ():
        for one in (*_programs(startup, image), *_needed(startup, image, python)):
            told.setdefault(one.distributions, one)
    yield from told.values()


def _programs(startup: Startup, image: Image) -> Iterator[Dependency]:
    """The program that is started, where only a distribution would bring it."""
    command = startup.entrypoint.command
    found = program_of(command)
    if found is None or not command.certain:
        return
    name, distribution = found
    if which(name, command.environment, image.tree, command.working_directory) is None:
        wanted = OutsideImport(name, (), (), command.location or Location(""))
        yield Dependency(Verdict.NO_PROGRAM, name, (distribution,), wanted, certain=True)


def _needed(startup: Startup, image: Image, python: PythonVersion | None) -> Iterator[Dependency]:
    """What the packages that are imported ask for in their metadata; they may do without it."""
    folders = [folder for folder in startup.search_path if folder.startswith("/")]
    packages = InstalledPackages(image.tree, folders)
    for imported in startup.outside:
        for name in packages.unmet([imported.name], python):
            modules = public_catalogue().modules(name) or (name.replace("-", "_"),)
            yield Dependency(
                Verdict.MISSING, modules[0], (name,), replace(imported, name=modules[0], parts=())
            )
