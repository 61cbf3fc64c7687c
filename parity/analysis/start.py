"""How does an image start, and in which world? From configuration and files to Python processes."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from functools import cache, partial

from msgspec import Struct
from msgspec.structs import replace

from parity.analysis.exec_form import as_meant
from parity.build.evaluate import Image
from parity.image.counterpart import checkout_folders, copied_parts
from parity.image.tree import ImageBuilder
from parity.model.command import Command
from parity.model.location import May, Unknown
from parity.model.version import PythonVersion
from parity.packages.catalogue import public_catalogue
from parity.packages.environment import environment_of, find_interpreter, pth_folders, site_folders
from parity.programs.program import name_of
from parity.python import stdlib
from parity.starts.recognise import recognise
from parity.starts.roles import roles_of
from parity.startup.entrypoint import Entrypoint
from parity.startup.world import World
from parity.tree.base import FileTree
from parity.tree.git_ignored import GitIgnored
from parity.tree.perhaps import PerhapsMade

BUNDLED = frozenset({"pip", "setuptools", "wheel", "pkg_resources", "_distutils_hack"})
"""What a bare Python image may bring besides the standard library (docker-library/python)."""
VERSION_UNKNOWN = Unknown("the image's Python version is not known")
MAY_INSTALL = frozenset("pip pip3 uv poetry pdm pipenv conda mamba micromamba pixi setup.py".split())
"""Programs that install packages, or prepare an environment, before they start another one."""
IDLE = frozenset(
    "sleep echo printf date true false wait cat ls env id test [ : mkdir chmod chown touch".split()
)
"""Programs that do no service's work."""
_SHELL_SYNTAX = frozenset("&|;<>$`(")


class Start(Struct, frozen=True):
    """The start command taken apart: Python processes in order, and the commands that stay unexplained.

    `image`: with what the start command itself installs (`uv run`, `pip install` in an entrypoint script).
    """

    image: Image
    command: Command | None
    entrypoints: tuple[Entrypoint, ...]
    unrecognised: tuple[Command, ...]


def start_of(image: Image, checkout: FileTree, override: str | None) -> Start:
    """What the container runs: ENTRYPOINT and CMD, or the command line `override`."""
    command = start_command(image, override)
    if command is None:
        return Start(image, None, (), ())
    files = ImageBuilder(image.tree, checkout)
    projects = ((image.tree, command.working_directory),)
    meant, install = as_meant(command), partial(_install, files)
    found = recognise(meant, image.tree, projects, install)
    entrypoints = found.entrypoints
    if override is None and not image.config.cmd:
        for role in roles_of(meant, image.tree):
            started = recognise(role, image.tree, projects, install).entrypoints
            entrypoints += started if not found.entrypoints else tuple(map(_harmless, started))
    if not any(name_of(one) not in IDLE for one in (*found.not_python, *found.unrecognised)):
        entrypoints = _alone(entrypoints)
    image = replace(image, tree=files.snapshot())
    unrecognised = found.unrecognised if not entrypoints else ()
    return Start(image, command, _distinct(entrypoints), unrecognised)


def _alone(entrypoints: tuple[Entrypoint, ...]) -> tuple[Entrypoint, ...]:
    """Whatever starts it over and over: where nothing else does any work, the image works only if it does."""
    if len(_distinct(entrypoints)) != 1:
        return entrypoints
    return tuple(replace(one, command=replace(one.command, fatal=True)) for one in entrypoints)


def _harmless(entrypoint: Entrypoint) -> Entrypoint:
    """The image starts by default without it."""
    return replace(entrypoint, command=replace(entrypoint.command, fatal=False))


def _install(files: ImageBuilder, command: Command) -> Command | None:
    """What an installer of the start command leaves is there for the commands after it."""
    if not any((word or "").rpartition("/")[2] in MAY_INSTALL for word in command.argv[:4]):
        return None
    from parity.installers import INSTALLERS  # most images start none
    from parity.programs.python import program
    from parity.shell.host import Call
    from parity.shell.word import Word

    words = tuple(Word(text) for text in command.argv)
    folder = command.working_directory
    call = Call(words, command.environment, folder, certain=command.certain, location=command.location)
    installer = INSTALLERS.get(program(call.program))
    told = installer(call, files) if installer is not None else None
    if not isinstance(told, Call):
        return None
    folder = told.working_directory or folder
    return replace(command, argv=told.argv, environment=told.environment, working_directory=folder)


def _distinct(entrypoints: tuple[Entrypoint, ...]) -> tuple[Entrypoint, ...]:
    """Each process once, however often a script starts it: as the most certain and grave of its starts."""
    found: dict[object, Entrypoint] = {}
    for one in entrypoints:
        command = one.command
        environment = tuple(sorted(command.environment.items()))
        key = (
            one.steps,
            one.search_path,
            one.environment,
            command.argv,
            command.working_directory,
            environment,
        )
        known = found.setdefault(key, one)
        if (command.certain, command.fatal) > (known.command.certain, known.command.fatal):
            found[key] = one
    return tuple(found.values())


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
    for entrypoint in start.entrypoints[:1]:
        command, program = entrypoint.command, _interpreter(entrypoint.command)
        python = find_interpreter(program, command.environment, image.tree, command.working_directory)
        if python is not None:
            version = environment_of(python, image.tree).version
            if version is None and python in ("/usr/bin/python3", "/usr/bin/python"):
                version = image.base.distribution_python
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
) -> World:
    """The world in which this process starts. `written`: what the processes before it may have made."""
    command = entrypoint.command
    made = (*command.made, *written)
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
    root = image.context.checkout_path("/")

    @cache
    def counterpart(folder: str) -> tuple[str, ...]:
        return checkout_folders(image.tree, folder) or (
            (root,) if folder == command.working_directory else ()
        )

    return World(
        files=PerhapsMade(image.tree, made) if made else image.tree,
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
        user=image.config.user,
        provided=BUNDLED,
        site_unknown=unknown,
        git_ignored=GitIgnored(checkout).__contains__,
        providers=lambda name: public_catalogue().providers(name),
        project_copied=any(True for _ in copied_parts(image.tree)),
        language_unknown=VERSION_UNKNOWN if python is None and _name(command) == "python" else None,
    )


def _other_versions(name: str, python: PythonVersion) -> str:
    return "" if stdlib.is_standard_library(name, python) else stdlib.versions_with(name)
