"""What does `gunicorn module:app` import? (read from and run against gunicorn 27.0)

In order: the configuration file, the logger class, the worker class, the application. The working directory
is inserted first on the search path, before that `--chdir`, before that `--pythonpath`. `GUNICORN_CMD_ARGS`
holds further options; those of the command line win over them, and they over the configuration file.
"""

from __future__ import annotations

import ast
import shlex
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from parity.model.command import Command
from parity.programs.options import Arguments, options, read
from parity.programs.program import in_folder, is_file, name_of, script_folder, text_at, unique, words_of
from parity.starts.application import application, dotted
from parity.starts.names import literal, names_of, parse
from parity.startup.entrypoint import (
    CallFunction,
    Entrypoint,
    ExecuteFile,
    ImportModule,
    Step,
    logging_configured,
)
from parity.tree.base import FileTree, join

PROGRAMS = ("gunicorn",)
BY_MODULE = {"gunicorn": "gunicorn", "gunicorn.app.wsgiapp": "gunicorn"}

OPTIONS = options(
    "--access-logfile --access-logformat --asgi-disconnect-grace-period --asgi-lifespan --asgi-loop --backlog"
    " --bind --ca-certs --cert-reqs --certfile --chdir --ciphers --config --control-socket"
    " --control-socket-mode --dirty-app --dirty-graceful-timeout --dirty-threads --dirty-timeout"
    " --dirty-workers --dogstatsd-tags --env --error-logfile --forwarded-allow-ips --forwarder-headers"
    " --graceful-timeout --group --header-map --http-parser --http-protocols --http2-initial-window-size"
    " --http2-max-concurrent-streams --http2-max-frame-size --http2-max-header-list-size"
    " --keep-alive --keyfile"
    " --limit-request-field_size --limit-request-fields --limit-request-line --log-config --log-config-json"
    " --log-file --log-level --log-syslog-facility --log-syslog-prefix --log-syslog-to --logger-class"
    " --max-requests --max-requests-jitter --name --paste --paste-global --paster --pid --protocol"
    " --proxy-allow-from --pythonpath --reload-engine --reload-extra-file --root-path --ssl-version"
    " --statsd-host --statsd-prefix --threads --timeout --umask --user --uwsgi-allow-from"
    " --websocket-max-message-size --worker-class --worker-connections --worker-tmp-dir --workers"
    " --http2-cleartext -b -c -e -g -k -m -n -p -t -u -w",
    "--capture-output --casefold-http-method --check-config --daemon --disable-redirect-access-to-syslog"
    " --do-handshake-on-connect --enable-backlog-metric --enable-stdio-inheritance --help --initgroups"
    " --log-syslog --no-control-socket --no-sendfile --permit-obsolete-folding"
    " --permit-unconventional-http-method --permit-unconventional-http-version --preload --preload-app"
    " --print-config --reload --reuse-port --spew --strip-header-spaces --suppress-ragged-eofs --version"
    " -D -R -h -v",
    optional="--proxy-protocol",
    abbreviated=True,
)
OWN_WORKERS = frozenset("sync eventlet gevent gevent_wsgi gevent_pywsgi tornado gthread asgi".split())
BEFORE = ("on_starting", "when_ready", "pre_fork", "post_fork")
BEHIND = ("post_worker_init",)
"""Functions of the configuration that are called before the application is loaded, and behind that."""
READ_SETTINGS = (
    *("wsgi_app", "chdir", "pythonpath", "worker_class", "logger_class"),
    *("logconfig", "logconfig_json"),
)


class _Configuration(Struct, frozen=True):
    """`steps`: how it is loaded, as `module`; `settings`: those of READ_SETTINGS that are literal texts in it."""

    steps: tuple[Step, ...]
    settings: Mapping[str, str]
    module: str = "__main__"

    def hooks(self, names: tuple[str, ...]) -> tuple[Step, ...]:
        """Its functions of these names are called."""
        return (CallFunction("gunicorn.hooks", (self.module, *names)),) if self.steps else ()


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    if name_of(command) != "gunicorn":
        return None
    given = read(words_of(command), OPTIONS)
    further = _from_environment(command)
    if further is None or given.unclear or given.has("--paste", "--paster"):
        return None
    if not (_told(given) and _told(further)):
        return None
    if given.told("--config", "-c") and further.told("--config", "-c"):
        named_file = given.value("--config", "-c") or further.value("--config", "-c")
        config = _configuration(named_file, command, tree)
    else:
        config = _Configuration((), {})  # a file that nobody knows

    def setting(name: str, *flags: str) -> str | None:
        return given.value(*flags) or further.value(*flags) or config.settings.get(name)

    folder = in_folder(command, setting("chdir", "--chdir") or "")
    python_path = (setting("pythonpath", "--pythonpath") or "").split(",")
    named = next((word for word in given.operands if word is not None), None)
    target = application(named or config.settings.get("wsgi_app"))
    if target is None:
        return None
    steps = (
        *config.steps,
        *logging_configured(setting("logconfig", "--log-config")),
        *logging_configured(setting("logconfig_json", "--log-config-json")),
        *_class(setting("logger_class", "--logger-class")),
        *_class(setting("worker_class", "--worker-class", "-k")),
        *config.hooks(BEFORE),
        target.step("application"),
        *config.hooks(BEHIND),
    )
    path = unique(
        *(join(folder, entry) for entry in reversed(python_path) if entry),
        folder,
        command.working_directory,
        *script_folder(command, tree),
    )
    return Entrypoint("gunicorn", replace(command, working_directory=folder), path, steps)


def _told(given: Arguments) -> bool:
    """Where the application is looked for; what a class is, or a file of settings, changes nothing of it."""
    return given.told("--chdir", "--pythonpath")


def _from_environment(command: Command) -> Arguments | None:
    try:
        return read(shlex.split(command.environment.get("GUNICORN_CMD_ARGS", "")), OPTIONS)
    except ValueError:
        return None


def _class(name: str | None) -> tuple[ImportModule, ...]:
    """A worker or logger class of its own: gunicorn.util.load_class."""
    named = dotted(name.lstrip("#")) if name and name not in OWN_WORKERS else None
    if named is None or named.module.partition(".")[0] == "gunicorn":
        return ()
    return (named.step(),)


def _configuration(name: str | None, command: Command, tree: FileTree) -> _Configuration:
    """`x.py`, `file:x.py`, `python:module`; by default ./gunicorn.conf.py, if it is there."""
    if name and name.startswith("python:"):
        module = application(name[len("python:") :])
        if module is None:
            return _Configuration((), {})
        names = names_of(module.module, (command.working_directory,), tree)
        return _Configuration((module.step(),), _settings(names.tree) if names else {}, module.module)
    path = in_folder(command, (name or "gunicorn.conf.py").removeprefix("file:"))
    if not name and not is_file(tree, path):
        return _Configuration((), {})
    text = text_at(tree, path)
    module_tree = parse(text) if text is not None else None
    return _Configuration((ExecuteFile(path),), _settings(module_tree) if module_tree else {})


def _settings(module: ast.Module) -> dict[str, str]:
    found = {name: literal(module, name) for name in READ_SETTINGS}
    return {name: value for name, value in found.items() if isinstance(value, str)}
