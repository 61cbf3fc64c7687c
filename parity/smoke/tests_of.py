"""The start-up import tests of an image, one for each Python process that it starts."""

from __future__ import annotations

from parity.analysis.analysis import Analysis
from parity.config.settings import ImageSettings
from parity.frameworks.django import MANAGE
from parity.model.start_test import ImageTests, StartTest
from parity.model.token_forms import is_secret
from parity.packages.environment import find_interpreter, find_program
from parity.programs.interpreter import invocation
from parity.programs.program import name_of
from parity.python.resolve import STANDARD_LIBRARY
from parity.smoke.frameworks import DJANGO_CHECK
from parity.smoke.literals import code_of, literal
from parity.smoke.statements import statements_of
from parity.startup.entrypoint import CallFunction, Entrypoint, RunFile
from parity.startup.simulate import Startup, python_path
from parity.tree.base import Entry, FileTree, parent_of
from parity.tree.links import follow

_TOLD_OTHERWISE = frozenset({"PATH", "PWD", "OLDPWD", "SHLVL", "HOME", "_", "VIRTUAL_ENV", "PYTHONPATH"})
"""Variables that a start script changes and that say nothing of what is imported, or are told as folders."""


def tests_of(asked: ImageSettings, analysis: Analysis) -> ImageTests:
    """Of an image as `pipeline.analyse` sees it, without what a service mounts over it."""
    service, config = asked.service, analysis.image.config
    shell = follow(analysis.image.tree, "/bin/sh").answer
    found = (_test(startup, analysis) for startup in analysis.startups)
    return ImageTests(
        dockerfile=asked.dockerfile[1:],
        context=asked.context[1:] or ".",
        target=asked.target,
        service=service.name if service else None,
        names=asked.names,
        build_args=asked.build_args,
        image=service.images[0] if service and service.images else "",
        environment=service.environment if service else (),
        working_directory=service.working_directory and config.working_directory if service else None,
        user=service.user if service else None,
        has_shell=isinstance(shell, Entry),
        tests=tuple(dict.fromkeys(one for one in found if one is not None)),
    )


def _test(startup: Startup, analysis: Analysis) -> StartTest | None:
    entrypoint = startup.entrypoint
    command = tuple(word if word is not None else "…" for word in entrypoint.command.argv)
    python = _interpreter(startup, analysis)
    prepared = _prepared(startup, analysis, ())
    managed = _manage(entrypoint)
    if managed is not None and not prepared:
        return StartTest((*python, managed, "check"), command)
    if managed is not None:
        main = literal("__main__")
        texts: tuple[str, ...] = (
            f"import sys; sys.argv = [{literal(managed)}, {literal('check')}]",
            f"import runpy; runpy.run_path({literal(managed)}, run_name={main})",
        )
    elif any(isinstance(step, CallFunction) and step.function == MANAGE for step in entrypoint.steps):
        texts = ("import django", "django.setup()", DJANGO_CHECK)
    else:
        texts = ()
    whole = True
    if not texts:
        statements = statements_of(startup, analysis.checkout, analysis.dockerfile)
        texts, whole = statements.texts, not statements.taken_apart
        if not whole:
            prepared = _prepared(startup, analysis, _added(startup, entrypoint.search_path))
    return StartTest((*python, "-c", code_of((*prepared, *texts))), command, whole) if texts else None


def _manage(entrypoint: Entrypoint) -> str | None:
    """The manage.py of a Django command, as the command names it."""
    if entrypoint.kind != "django":
        return None
    step = next((step for step in entrypoint.steps if isinstance(step, RunFile)), None)
    called = invocation(entrypoint.command)
    return (called.script if called is not None and called.script else step.path) if step else None


def _interpreter(startup: Startup, analysis: Analysis) -> tuple[str, ...]:
    """The interpreter of the process: by its name where PATH finds that one first, else by its image path."""
    command = startup.entrypoint.command
    called = invocation(command)
    flags = called.flags if called is not None else frozenset[str]()
    options = tuple(f"-{flag}" for flag in ("E", "s") if flags & {flag, "I"})
    tree, environment = analysis.image.tree, analysis.image.config.environment
    program = command.argv[0] or "python"
    found = find_interpreter(program, command.environment, tree, command.working_directory)
    own_name = (name_of(command),) if called is not None else ()
    for name in (*own_name, "python", "python3"):
        path = find_program(name, environment, tree)
        if found is not None and path is not None and _is_same(path, found, tree):
            return (name, *options)
    return (found or "python", *options)


def _is_same(path: str, other: str, tree: FileTree) -> bool:
    """Two names of one interpreter? An environment has its own, whatever its link leads to."""
    return parent_of(path) == parent_of(other) and follow(tree, path).path == follow(tree, other).path


def _prepared(startup: Startup, analysis: Analysis, added: tuple[str, ...]) -> tuple[str, ...]:
    """What makes the process stand where the start command's does: its folder, variables and search path."""
    entrypoint, config = startup.entrypoint, analysis.image.config
    command = entrypoint.command
    statements: list[str] = []
    if command.working_directory != config.working_directory:
        statements.append(f"import os; os.chdir({literal(command.working_directory)})")
    wanted = {**command.environment, **dict(entrypoint.environment)}
    changed = {
        name: value
        for name, value in wanted.items()
        if config.environment.get(name) != value
        and name not in _TOLD_OTHERWISE
        and not is_secret(name, value)
    }
    if changed:
        pairs = ", ".join(f"{literal(name)}: {literal(value)}" for name, value in changed.items())
        statements.append(f"import os; os.environ.update({{{pairs}}})")
    folders = entrypoint.search_path
    own = python_path(command, wanted)
    if own != python_path(command, config.environment):
        folders = tuple(dict.fromkeys((*folders, *own)))
    folders += tuple(one for one in added if one not in own)
    listed = ", ".join(map(literal, folders))
    if config.environment.get("PYTHONSAFEPATH"):  # CPython: nothing is put in front of the search path
        statements += [f"import sys; sys.path[:0] = [{listed}]"] if folders else []
    elif folders != (command.working_directory,):
        text = f"sys.path[0] = {listed}" if len(folders) == 1 else f"sys.path[:1] = [{listed}]"
        statements.append(f"import sys; {text}")
    return tuple(statements)


def _added(startup: Startup, first: tuple[str, ...]) -> tuple[str, ...]:
    """The folders that the program itself puts on the search path, in front of the standard library."""
    path = startup.search_path
    before = path[: path.index(STANDARD_LIBRARY)] if STANDARD_LIBRARY in path else path
    return tuple(one for one in before if one.startswith("/") and one not in first)
