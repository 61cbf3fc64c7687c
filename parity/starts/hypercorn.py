"""What does `hypercorn module:app` import? (read from and run against hypercorn 0.18)

The module part is first taken for a path: its folder is inserted first on the search path, its last part is
imported. So `src.app:app` is `src.app` from the working directory, `src/app.py:app` is `app` from `src`.
"""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import in_folder, is_file, name_of, script_folder, unique, words_of
from parity.starts.application import Application, application
from parity.startup.entrypoint import Entrypoint, ExecuteFile, Step, file_read, logging_configured
from parity.tree.base import FileTree
from parity.tree.links import follow

PROGRAMS = ("hypercorn",)
BY_MODULE = {"hypercorn": "hypercorn"}

OPTIONS = options(
    "--access-log --access-logfile --access-logformat --backlog --bind --ca-certs --cert-reqs --certfile"
    " --ciphers --config --error-log --error-logfile --graceful-timeout --group --insecure-bind --keep-alive"
    " --keyfile --keyfile-password --log-config --log-file --log-level --max-requests --max-requests-jitter"
    " --pid --quic-bind --read-timeout --root-path --server-name --statsd-host --statsd-prefix --umask --user"
    " --verify-mode --websocket-ping-interval --worker-class --workers -b -c -g -k -m -p -u -w",
    "--daemon --debug --help --reload -D -h",
    abbreviated=True,
)


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    if name_of(command) != "hypercorn":
        return None
    given = read(words_of(command), OPTIONS)
    named = [word for word in given.operands if word is not None]
    if given.unclear or len(named) != 1 or not given.told("--config", "-c"):
        return None
    target = named[0]
    if target.count(":") == 2:
        mode, _, target = target.partition(":")
        if mode not in ("asgi", "wsgi"):
            return None
    module, _, attribute = target.partition(":")
    path = follow(tree, in_folder(command, module)).path
    folder, _, stem = path.rpartition("/")
    if is_file(tree, path) and "." in stem.lstrip("."):
        stem = stem.rpartition(".")[0]
    wanted = application(f"{stem}:{attribute or 'app'}")
    if wanted is None:
        return None
    logging = logging_configured(given.value("--log-config"))
    steps: tuple[Step, ...] = (
        *logging,
        *_configuration(given.value("--config", "-c"), command),
        _step(wanted),
    )
    return Entrypoint("hypercorn", command, unique(folder or "/", *script_folder(command, tree)), steps)


def _step(wanted: Application) -> Step:
    return wanted.step()


def _configuration(value: str | None, command: Command) -> tuple[Step, ...]:
    """hypercorn: `python:module`, `file:x.py`; anything else is TOML."""
    if value is None:
        return ()
    if value.startswith("file:"):
        return (ExecuteFile(in_folder(command, value[5:])),)
    if value.startswith("python:"):
        named = application(value[7:])
        return (named.step(),) if named is not None else ()
    return (file_read(value.removeprefix("toml:")),)
