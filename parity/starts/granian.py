"""What does `granian module:app` import? (read from and run against granian 2.8)

The target's module part is a path or a dotted name, taken as flask takes it; `--working-dir` (default: the
working directory) comes next on the search path. Options may come from `GRANIAN_*` variables.
"""

from __future__ import annotations

import re

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import in_folder, name_of, script_folder, unique, words_of
from parity.starts.application import application, is_module
from parity.starts.file_module import file_module
from parity.starts.uvicorn import is_true
from parity.startup.entrypoint import Entrypoint, logging_configured
from parity.tree.base import FileTree

PROGRAMS = ("granian",)
BY_MODULE = {"granian": "granian"}

OPTIONS = options(
    "--access-log-fmt --backlog --backpressure --blocking-threads --blocking-threads-idle-timeout --env-files"
    " --host --http --http1-buffer-size --http1-header-read-timeout --http2-initial-connection-window-size"
    " --http2-initial-stream-window-size --http2-keep-alive-interval --http2-keep-alive-timeout"
    " --http2-max-concurrent-streams --http2-max-frame-size --http2-max-headers-size"
    " --http2-max-send-buffer-size --interface --log-config --log-level --loop --metrics-address"
    " --metrics-port --metrics-scrape-interval"
    " --pid-file --port --process-name --reload-ignore-dirs --reload-ignore-paths --reload-ignore-patterns"
    " --reload-paths --reload-tick --respawn-interval --rss-sample-interval --rss-samples"
    " --runtime-blocking-threads --runtime-mode --runtime-threads --ssl-ca --ssl-certificate --ssl-crl"
    " --ssl-keyfile --ssl-keyfile-password --ssl-protocol-min --static-path-dir-to-file --static-path-expires"
    " --static-path-mount --static-path-route --task-impl --uds --uds-permissions --url-path-prefix --workers"
    " --workers-kill-timeout --workers-lifetime --workers-max-rss --working-dir --threads --threading-mode",
    "--access-log --factory --http1-keep-alive --http1-pipeline-flush --http2-adaptive-window --log --metrics"
    " --no-access-log --no-factory --no-http1-keep-alive --no-http1-pipeline-flush --no-http2-adaptive-window"
    " --no-log --no-metrics --no-reload --no-reload-ignore-worker-failure --no-respawn-failed-workers"
    " --no-ssl-client-verify --no-ws --reload --reload-ignore-worker-failure --respawn-failed-workers"
    " --ssl-client-verify --version --ws --help --opt --no-opt",
)


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    if name_of(command) != "granian":
        return None
    given = read(words_of(command), OPTIONS)
    named = [word for word in given.operands if word is not None]
    if given.unclear or len(named) != 1 or not given.told("--working-dir"):
        return None
    parts = re.split(r":(?![\\/])", named[0], maxsplit=1)
    folder = in_folder(
        command, given.value("--working-dir") or command.environment.get("GRANIAN_WORKING_DIR", "")
    )
    found = file_module(in_folder(command, parts[0]), tree)
    if not is_module(found.name):
        return None
    target = application(f"{found.name}:{parts[1] if len(parts) > 1 else 'app'}")
    if target is None or target.call:
        return None
    factory = not given.has("--no-factory") and (
        given.has("--factory") or is_true(command.environment.get("GRANIAN_FACTORY"))
    )
    logging = logging_configured(given.value("--log-config") or command.environment.get("GRANIAN_LOG_CONFIG"))
    path = unique(found.folder, folder, *script_folder(command, tree))
    return Entrypoint("granian", command, path, (*logging, target.step(call=factory)))
