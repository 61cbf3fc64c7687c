"""What do the workers of task queues import: rq, dramatiq, arq, huey, taskiq?

Read from and run against rq 3.0, dramatiq 2.2, arq 0.28, huey 3.5, taskiq 0.13.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import in_folder, name_of, script_folder, unique, words_of
from parity.starts.application import application, dotted, is_module
from parity.startup.entrypoint import CallFunction, Entrypoint, ImportModule, Step
from parity.tree.base import FileTree

RQ = options(
    "--config --connection-class --date-format --dequeue-strategy --exception-handler --job-class"
    " --job-monitoring-interval --log-format --logging_level --logging-level --maintenance-interval"
    " --max-idle-time --max-jobs --name --num-workers --path --pid --queue-class --results-ttl --serializer"
    " --url --worker-class --worker-ttl --interval --duration --sentry-dsn --sentry-ca-certs --sentry-debug"
    " -P -S -c -ds -i -j -l -n -u -w",
    "--burst --disable-default-exception-handler --disable-job-desc-logging --quiet --verbose"
    " --with-scheduler"
    " --by-queue --only-queues --only-workers --raw --all -Q -R -W -a -b -d -q -r -s -v --help --version",
)
RQ_CLASSES = (
    *("--worker-class", "-w", "--job-class", "-j", "--queue-class", "--connection-class"),
    *("--exception-handler", "--serializer", "-S"),
)
DRAMATIQ = options(
    "--fork-function --log-file --pid-file --processes --threads --watch --watch-exclude --watch-include"
    " --worker-fork-timeout --worker-shutdown-timeout -f -i -p -t -x",
    "--help --skip-logging --use-spawn --verbose --version --watch-use-polling -h -v",
    many="--path -P --queues -Q",
    abbreviated=True,
)
ARQ = options("--custom-log-dict --watch", "--burst --check --no-burst --verbose --version -V -v --help")
HUEY = options(
    "--backoff --delay --extra-locks --graceful-signal --health-check-interval --logfile --max-delay"
    " --max-tasks"
    " --scheduler-interval --shutdown-timeout --worker-type --workers -L -M -b -c -d -g -k -l -m -s -t -w",
    "--disable-health-check --flush-locks --help --no-periodic --quiet --simple --verbose -C -S -f"
    " -h -n -q -v",
    abbreviated=True,
)
TASKIQ = options(
    "--ack-type --app-dir --hardkill-count --log-format --log-level --max-async-tasks"
    " --max-async-tasks-jitter"
    " --max-fails --max-prefetch --max-process-pool-processes --max-tasks-per-child --max-threadpool-threads"
    " --receiver --receiver_arg --reload-dir --shutdown-timeout --tasks-pattern --wait-tasks-timeout"
    " --workers"
    " --skip-first-run --update-interval --loop-interval -d -tp -w",
    "--do-not-use-gitignore --fs-discover --help --no-configure-logging --no-parse --no-propagate-errors"
    " --reload --use-process-pool -fsd -h -r",
    abbreviated=True,
)


def rq(command: Command, tree: FileTree) -> Entrypoint | None:
    """`rq worker`: configuration and classes; the jobs' functions are imported when the jobs come.

    `--path` (default: the working directory) is appended to the search path.
    """
    words = words_of(command)
    if name_of(command) == "rqworker":
        words = ("worker", *words)
    if not words or words[0] not in ("worker", "worker-pool", "cron"):
        return None
    given = read(words[1:], RQ)
    if not given.told("--config", "-c", "--path", "-P", *RQ_CLASSES):
        return None
    config = given.value("--config", "-c") or command.environment.get("RQ_CONFIG", "")
    steps = [ImportModule(config)] if is_module(config) else []
    named = [dotted(value) for value in given.every(*RQ_CLASSES)]
    steps += [one.step() for one in named if one is not None and one.module.partition(".")[0] != "rq"]
    folders = given.every("--path", "-P") or (".",)
    path = (in_folder(command, folder or ".") for folder in folders)
    return Entrypoint("rq", command, unique(*script_folder(command, tree), *path), tuple(steps))


def dramatiq(command: Command, tree: FileTree) -> Entrypoint | None:
    """`dramatiq broker modules...`: the working directory (`--path`) is inserted first."""
    given = read(words_of(command), DRAMATIQ)
    named = [word for word in given.operands if word is not None]
    targets = [application(word) for word in named]
    if given.unclear or not targets or len(named) != len(given.operands) or not given.told("--path", "-P"):
        return None
    steps = []
    for number, target in enumerate(targets):
        if target is None or target.call:
            return None
        steps.append(target.step() if number == 0 else ImportModule(target.module))
    folders = [in_folder(command, folder or ".") for folder in given.every("--path", "-P") or (".",)]
    path = unique(*reversed(folders), *script_folder(command, tree))
    return Entrypoint("dramatiq", command, path, tuple(steps))


def arq(command: Command, tree: FileTree) -> Entrypoint | None:
    """`arq module.WorkerSettings`: the working directory is appended."""
    given = read(words_of(command), ARQ)
    targets = [
        dotted((word or "").strip(" ")) for word in (*given.operands, *given.every("--custom-log-dict"))
    ]
    if given.unclear or len(given.operands) != 1 or targets[0] is None:
        return None
    path = unique(*script_folder(command, tree), command.working_directory)
    settings = (given.operands[0] or "").strip(" ")
    steps: list[Step] = [target.step() for target in targets[1:] if target is not None]
    steps.append(CallFunction("arq.worker.run_worker", (settings,), targets[0].module))
    return Entrypoint("arq", command, path, tuple(steps))


def huey(command: Command, tree: FileTree) -> Entrypoint | None:
    """`huey_consumer module.huey`: the working directory is inserted, if the first try fails."""
    given = read(words_of(command), HUEY)
    target = dotted(given.operands[0]) if given.operands else None
    if given.unclear or target is None:
        return None
    path = unique(command.working_directory, *script_folder(command, tree))
    return Entrypoint("huey", command, path, (target.step(),))


def taskiq(command: Command, tree: FileTree) -> Entrypoint | None:
    """`taskiq worker module:broker modules...`: `--app-dir`, then the working directory."""
    words = words_of(command)
    if not words or words[0] not in ("worker", "scheduler"):
        return None
    given = read(words[1:], TASKIQ)
    targets = [application(word) for word in given.operands]
    if given.unclear or not targets or not given.told("--app-dir", "-d"):
        return None
    first = targets[0]
    if first is None or first.call or not first.attribute or None in targets:
        return None
    steps = [first.step()]
    # taskiq: import_from_modules logs an ImportError and goes on
    steps += [ImportModule(one.module, optional=True) for one in targets[1:] if one is not None]
    folder = given.value("--app-dir", "-d")
    own = (in_folder(command, folder),) if folder else ()
    path = unique(*own, command.working_directory, *script_folder(command, tree))
    return Entrypoint("taskiq", command, path, tuple(steps))


PROGRAMS: Mapping[str, Callable[[Command, FileTree], Entrypoint | None]] = {
    "rq": rq,
    "rqworker": rq,
    "dramatiq": dramatiq,
    "dramatiq-gevent": dramatiq,
    "arq": arq,
    "huey_consumer": huey,
    "huey_consumer.py": huey,
    "taskiq": taskiq,
}


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    form = PROGRAMS.get(name_of(command))
    return form(command, tree) if form is not None else None


BY_MODULE = {
    **{name: name for name in ("dramatiq", "arq", "taskiq", "rq")},
    "rq.cli": "rq",
    "huey.bin.huey_consumer": "huey_consumer",
}
