"""What does `celery -A app worker` import? (read from and run against celery 5.7)

celery.app.utils.find_app: `x:attr`; else the last part of `x.y` is an attribute of `x`, or the module `x.y`;
a module is searched for `app`, `celery`, and a package for its submodule `celery`. The working directory
(`--workdir`) comes first. A worker then imports the task modules: `celery_calls`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec.structs import replace

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import in_folder, name_of, script_folder, unique, words_of
from parity.starts.application import application, is_module
from parity.starts.names import ModuleNames, names_of
from parity.startup.entrypoint import CallFunction, Entrypoint, ImportModule, Step
from parity.tree.base import FileTree

PROGRAMS = ("celery",)
BY_MODULE = {"celery": "celery", "celery.__main__": "celery", "celery.bin.celery": "celery"}

BEFORE = options(
    "--app -A --broker -b --result-backend --loader --config --workdir",
    "--no-color -C --quiet -q --version --skip-checks --help -h",
    interspersed=False,
)
AFTER = options(
    "--autoscale --concurrency --exclude-queues --executable --gid --heartbeat-interval --hostname --include"
    " --logfile --loglevel --max-memory-per-child --max-tasks-per-child --optimization --pidfile --pool"
    " --pool-start-method --prefetch-multiplier --queues --schedule --schedule-filename --scheduler"
    " --soft-time-limit --statedb --time-limit --uid --umask --max-interval --camera --freq --frequency"
    " --maxrate --destination --timeout --port --address --basic_auth --url_prefix --broker_api --broker-api"
    " --persistent --db -I -O -P -Q -S -X -c -f -l -n -s -d -t"
    " --app -A --broker -b --result-backend --loader --config --workdir",
    "--beat --detach --disable-prefetch --discard --events --purge --task-events --without-gossip"
    " --without-heartbeat --without-mingle --json --dump --ipython --bpython --python --eventlet --gevent"
    " --without-tasks -B -D -E -j -T --no-color -C --quiet -q --skip-checks --help",
)
LOADS_TASKS = ("worker", "beat", "multi")
DEEPEST = 10


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    if name_of(command) != "celery":
        return None
    before = read(words_of(command), BEFORE)
    if before.unclear or not before.operands or before.operands[0] is None:
        return None
    action = before.operands[0]
    after = read(before.operands[1:], AFTER)
    flags = ("--app", "-A", "--workdir", "--include", "-I")
    if not (before.told(*flags) and after.told(*flags)):
        return None
    name = before.value("--app", "-A") or after.value("--app", "-A") or command.environment.get("CELERY_APP")
    folder = in_folder(command, before.value("--workdir") or after.value("--workdir") or "")
    path = unique(folder, *script_folder(command, tree))
    if not name:
        # celery.loaders.default: without an application (flower, inspect), a configuration that may be missing
        settings = command.environment.get("CELERY_CONFIG_MODULE") or "celeryconfig"
        steps = (ImportModule(settings, optional=True),) if is_module(settings) else ()
        return Entrypoint("celery", replace(command, working_directory=folder), path, steps)
    found = _application(name, path, tree)
    if not found:
        return None
    included = [name.strip() for value in after.every("--include", "-I") for name in (value or "").split(",")]
    modules = dict.fromkeys(step.name for step in found)
    work = CallFunction("celery.worker.load", (*modules, "-I", *filter(is_module, included)))
    loaded: tuple[Step, ...] = (*found, work) if action in LOADS_TASKS else found
    return Entrypoint(
        "celery", replace(command, working_directory=folder), path, tuple(dict.fromkeys(loaded))
    )


def _application(name: str, path: tuple[str, ...], tree: FileTree) -> tuple[ImportModule, ...]:
    """The imports that find the application; the last is the module that it is in."""
    target = application(name)
    if target is None or target.call:
        return ()
    if target.attribute:
        return (target.step(),)
    module = target.module
    parent, _, last = module.rpartition(".")
    if parent:
        outer = names_of(parent, path, tree)
        if outer is not None and last in outer.bound and not _is_submodule(outer, last, path, tree, parent):
            return (ImportModule(parent, last),)
    steps: list[ImportModule] = []
    for _ in range(DEEPEST):
        steps.append(ImportModule(module))
        names = names_of(module, path, tree)
        if names is None or not names.package or not names.complete:
            break
        if any(attribute in names.bound for attribute in ("app", "celery")) or _makes_application(names):
            break
        if names_of(f"{module}.celery", path, tree) is None:
            # find_app: `x.celery` may be missing: any Celery object that the package binds does as well
            steps.append(ImportModule(f"{module}.celery", optional=True))
            break
        module = f"{module}.celery"
    return tuple(steps)


def _is_submodule(outer: ModuleNames, name: str, path: tuple[str, ...], tree: FileTree, parent: str) -> bool:
    """Is the name that the package binds its submodule? (`from . import celery`)"""
    made = outer.bound[name]
    if not isinstance(made, ast.Import | ast.ImportFrom):
        return False
    plain = isinstance(made, ast.ImportFrom) and made.module is None and made.level == 1
    return plain and names_of(f"{parent}.{name}", path, tree) is not None


def _makes_application(names: ModuleNames) -> bool:
    return next(_applications(names), None) is not None


def _applications(names: ModuleNames) -> Iterator[ast.Call]:
    """Calls of `Celery(...)` whose value the module binds."""
    for statement in names.bound.values():
        value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, ast.Call):
            made = value.func.id if isinstance(value.func, ast.Name) else getattr(value.func, "attr", "")
            if made == "Celery":
                yield value
