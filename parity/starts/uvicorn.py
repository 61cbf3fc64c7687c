"""What does `uvicorn module:app` import? (read from and run against uvicorn 0.54)

`--app-dir` (default: the working directory) is inserted first on the search path. Options may come from
`UVICORN_*` variables (click: `auto_envvar_prefix`), the application from `UVICORN_APP`.
"""

from __future__ import annotations

from msgspec.structs import replace

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import in_folder, name_of, script_folder, unique, words_of
from parity.starts.application import application
from parity.starts.names import names_of
from parity.startup.entrypoint import Entrypoint, logging_configured
from parity.tree.base import FileTree

PROGRAMS = ("uvicorn",)
BY_MODULE = {"uvicorn": "uvicorn"}

OPTIONS = options(
    "--app-dir --backlog --env-file --fd --forwarded-allow-ips --h11-max-incomplete-event-size"
    " --header --host"
    " --http --interface --lifespan --limit-concurrency --limit-max-requests --limit-max-requests-jitter"
    " --log-config --log-level --loop --port --reload-delay --reload-dir --reload-exclude --reload-include"
    " --root-path --ssl-ca-certs --ssl-cert-reqs --ssl-certfile --ssl-ciphers --ssl-keyfile"
    " --ssl-keyfile-password --ssl-version --timeout-graceful-shutdown --timeout-keep-alive"
    " --timeout-worker-healthcheck --uds --workers --ws --ws-max-queue --ws-max-size"
    " --ws-per-message-deflate --ws-ping-interval --ws-ping-timeout",
    "--access-log --date-header --factory --http2 --no-access-log --no-date-header --no-proxy-headers"
    " --no-server-header --no-use-colors --proxy-headers --reload --reset-contextvars --server-header"
    " --use-colors --version --help --debug --use-reloader",
)


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    if name_of(command) != "uvicorn":
        return None
    given = read(words_of(command), OPTIONS)
    named = [word for word in given.operands if word is not None]
    if given.unclear or len(named) > 1 or not given.told("--app-dir"):
        return None
    environment = command.environment
    target = application(named[0] if named else None if given.operands else environment.get("UVICORN_APP"))
    if target is None or not target.attribute or target.call:
        return None
    folder = given.value("--app-dir") or environment.get("UVICORN_APP_DIR") or ""
    factory = given.has("--factory") or is_true(environment.get("UVICORN_FACTORY"))
    first = in_folder(command, folder)
    if not factory:
        # uvicorn: Config.load tries to call every application without arguments, and keeps it if that fails
        names = names_of(target.module, (first,), tree)
        factory = names is not None and names.is_factory(target.attribute)
    path = unique(first, *script_folder(command, tree))
    lifespan = given.value("--lifespan") or environment.get("UVICORN_LIFESPAN")
    step = replace(target.step(call=factory), serves=lifespan != "off")
    logging = logging_configured(given.value("--log-config") or environment.get("UVICORN_LOG_CONFIG"))
    return Entrypoint("uvicorn", command, path, (*logging, step))


def is_true(text: str | None) -> bool:
    """click: `BOOL`."""
    return (text or "").strip().lower() in ("1", "true", "t", "yes", "y", "on")
