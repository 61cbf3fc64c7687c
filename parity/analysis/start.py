"""How does an image start, and in which world? From configuration and files to Python processes."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from parity.analysis.exec_form import as_meant
from parity.build.image import Image
from parity.image.builder import ImageBuilder
from parity.image.counterpart import CopiedPart, checkout_folders, copied_parts
from parity.installers import INSTALLERS
from parity.model.command import Command
from parity.model.location import May, Unknown
from parity.model.packages import HARDLY_ANYTHING
from parity.model.version import PythonVersion
from parity.packages.catalogue import public_catalogue
from parity.packages.environment import environment_of, find_interpreter, pth_folders, site_folders
from parity.packages.installed import InstalledPackages
from parity.packages.own_metadata import lacks_own_metadata
from parity.packages.system_python import system_python
from parity.programs.program import name_of
from parity.python import stdlib
from parity.starts.recognise import Started, Stopped, recognise
from parity.starts.roles import roles_of
from parity.startup.entrypoint import Entrypoint
from parity.startup.simulate import python_path
from parity.startup.state.world import World
from parity.tree.base import Entry, FileTree, below, within
from parity.tree.links import follow
from parity.tree.perhaps import PerhapsMade

BUNDLED = frozenset({"pip", "setuptools", "wheel", "pkg_resources", "_distutils_hack"})
"""What a bare Python image may bring besides the standard library (docker-library/python)."""
VERSION_UNKNOWN = Unknown("the image's Python version is not known")
IDLE = frozenset(
    """
    sleep echo printf date true false wait cat ls env id test [ : mkdir chmod chown touch cp mv rm ln sed grep awk
    find envsubst install getent useradd usermod groupadd groupmod nc pg_isready wait-for-it.sh
    """.split()
)
"""Programs that do no service's work: they come to an end."""
_SHELL_SYNTAX = frozenset("&|;<>$`(")


class Start(Struct, frozen=True):
    """The start command taken apart: Python processes in order, and the commands that stay unexplained.

    `image`: as the start command leaves it (`uv run`, `pip install` or `cp` in an entrypoint script).
    """

    image: Image
    command: Command | None
    started: tuple[Started, ...]
    unrecognised: tuple[Command, ...]
    stopped: Stopped | None = None


def start_of(image: Image, checkout: FileTree, override: str | None) -> Start:
    """What the container runs: ENTRYPOINT and CMD, or the command line `override`."""
    command = start_command(image, override)
    if command is None:
        return Start(image, None, (), ())
    files = ImageBuilder(image.tree, checkout)
    projects = ((image.tree, command.working_directory),)
    meant = as_meant(command)
    found = recognise(meant, files, projects, INSTALLERS)
    started = found.started
    if override is None and not image.config.cmd:
        for role in roles_of(meant, image.tree):
            here = ImageBuilder(image.tree, checkout)
            others = recognise(role, here, projects, INSTALLERS).started
            started += others if not found.started else tuple(map(_harmless, others))
    if not any(name_of(one) not in IDLE for one in (*found.not_python, *found.unrecognised)):
        started = _alone(started)
    image = replace(image, tree=files.snapshot())
    unrecognised = found.unrecognised if not started else ()
    return Start(image, command, _distinct(started), unrecognised, found.stopped)


def _alone(started: tuple[Started, ...]) -> tuple[Started, ...]:
    """Whatever starts it over and over: where nothing else does any work, the image works only if it does."""
    if len(_distinct(started)) != 1:
        return started
    return tuple(_surely(_with_fatal(one, True)) for one in started)


def _harmless(started: Started) -> Started:
    """The image starts by default without it."""
    return _with_fatal(started, False)


def _with_fatal(started: Started, fatal: bool) -> Started:
    return replace(started, entrypoint=started.entrypoint.with_fatal(fatal))


def _surely(started: Started) -> Started:
    """One of the conditions on which it is started holds."""
    entrypoint = started.entrypoint
    return replace(started, entrypoint=replace(entrypoint, command=replace(entrypoint.command, certain=True)))


def _distinct(started: tuple[Started, ...]) -> tuple[Started, ...]:
    """Each process once, however often a script starts it: as the most certain and grave of its starts.

    One that several places start, each on a condition (`if root; then exec gosu app X; fi; exec X`), is started.
    """
    distinct: dict[object, Started] = {}
    for one in started:
        entrypoint, command = one.entrypoint, one.entrypoint.command
        environment = tuple(sorted(command.environment.items()))
        key = (
            entrypoint.steps,
            entrypoint.search_path,
            entrypoint.environment,
            command.argv,
            command.working_directory,
            environment,
        )
        known = distinct.setdefault(key, one).entrypoint.command
        if (command.certain, command.fatal) > (known.certain, known.fatal):
            distinct[key] = one
        elif not known.certain and command.location != known.location:
            distinct[key] = _surely(distinct[key])
    return tuple(distinct.values())


def start_command(image: Image, override: str | None) -> Command | None:
    """The command line as execve gets it; None where the image has none."""
    config = image.config
    location = config.entrypoint_at or config.cmd_at
    argv: Sequence[str] = (*(config.entrypoint or ()), *(config.cmd or ()))
    if override is not None:
        location = None
        try:
            argv = shlex.split(override)
        except ValueError:
            argv = ("sh", "-c", override)
        if _SHELL_SYNTAX & set(override):
            argv = ("sh", "-c", override)
    if not argv:
        return None
    return Command(tuple(argv), dict(config.environment), config.working_directory, location)


def runs_python_3(version: PythonVersion | None, entrypoint: Entrypoint) -> bool:
    """Python 2 has another import system, and another language: it is not replayed."""
    return (version is None or version.major == 3) and not _name(entrypoint.command).startswith("python2")


def _name(command: Command) -> str:
    return (command.argv[0] or "").rpartition("/")[2]


def python_of(start: Start, asked: str | None) -> PythonVersion | None:
    """The version of the Python that starts, or the one that the user says."""
    if asked:
        return PythonVersion.parse(asked)
    image = start.image
    for one in start.started[:1]:
        command, program = one.entrypoint.command, _interpreter(one.entrypoint.command)
        python = find_interpreter(program, command.environment, image.tree, command.working_directory)
        if python is not None:
            version = environment_of(python, image.tree).version
            if version is None and follow(image.tree, python).path.startswith("/usr/bin/python3"):
                version = system_python(image.tree)
            return version or image.base.python
    return image.base.python


def _interpreter(command: Command) -> str:
    """The interpreter, or a program beside it; `python` stands for that of programs found on PATH."""
    program = command.argv[0] or "python"
    return program if "/" in program or "python" in program else "python"


def world_of(
    image: Image,
    checkout: FileTree,
    python: PythonVersion | None,
    entrypoint: Entrypoint,
    written: tuple[str, ...] = (),
    *,
    git_ignored: Callable[[str], bool],
) -> World:
    """The world in which this process starts. `written`: what the processes before it may have made."""
    command = entrypoint.command
    site = site_folders(
        command.environment,
        image.tree,
        python,
        program=_interpreter(command),
        user=image.config.user,
        working_directory=command.working_directory,
    )
    added = tuple(folder for one in site for folder in pth_folders(image.tree, one))
    unknown = image.base.unknown
    if unknown is not None:
        unknown = Unknown(unknown.reason, unknown.location, may=May.SYSTEM)
    elif command.more_variables:
        reason = "which variables the start script sets is not known"
        unknown = Unknown(reason, command.location, May.ELSEWHERE, installed=HARDLY_ANYTHING)
    root = image.context.checkout_path("/")
    searched = (*entrypoint.search_path, *python_path(command), *site, *added)

    @cache
    def counterpart(folder: str) -> tuple[str, ...]:
        return checkout_folders(image.tree, folder) or (
            (root,) if folder == command.working_directory else ()
        )

    return World(
        files=PerhapsMade(image.tree, written) if written else image.tree,
        checkout=checkout,
        python=python,
        environment=command.environment,
        standard=lambda name: stdlib.is_standard_library(name, python),
        standard_package=lambda name: stdlib.is_standard_package(name, python),
        builtins=stdlib.builtin_names(python),
        preloaded=stdlib.loaded_at_startup(python),
        site=(*site, *added),
        counterpart=counterpart,
        standard_imports=lambda name: stdlib.imports_of_standard_module(name, python),
        versions_with=lambda name: "" if python is None else _other_versions(name, python),
        versions_with_name=lambda module, name: (
            "" if python is None else stdlib.versions_with_name(module, name, python)
        ),
        never_had=lambda module, name: python is not None and stdlib.never_had(module, name, python),
        user=image.config.user,
        provided=BUNDLED if image.planned is None else frozenset(),
        of_others=_of_others(image, (*site, *added)) if image.planned is not None else lambda _path: False,
        site_unknown=unknown,
        git_ignored=git_ignored,
        providers=lambda name: public_catalogue().providers(name),
        project_copied=is_project_copied(image),
        lacks_metadata=lambda name: lacks_own_metadata(name, root, checkout, image.tree, searched),
        language_unknown=VERSION_UNKNOWN if python is None and _name(command) == "python" else None,
    )


def _of_others(image: Image, site: tuple[str, ...]) -> Callable[[str], bool]:
    """Of an image that was built: is it in site-packages, no file of the checkout, and not of the project itself?"""

    @cache
    def own() -> frozenset[str]:
        return InstalledPackages(image.tree, site).own_modules

    def is_of_others(path: str) -> bool:
        folder = next((one for one in site if within(path, one)), None)
        entry = follow(image.tree, path).answer
        if folder is None or (isinstance(entry, Entry) and entry.source is not None):
            return False
        return below(path, folder).partition("/")[0].partition(".")[0] not in own()

    return is_of_others


def copied_anywhere(image: Image) -> Iterator[CopiedPart]:
    """What the stages of the build get of the checkout."""
    for tree in (image.tree, *(stage.tree for stage in image.stages)):
        yield from copied_parts(tree)


def is_project_copied(image: Image) -> bool:
    """Does any stage of the build get anything of the checkout?"""
    return next(copied_anywhere(image), None) is not None


def _other_versions(name: str, python: PythonVersion) -> str:
    return "" if stdlib.is_standard_library(name, python) else stdlib.versions_with(name)
