"""What does `waitress-serve module:app` import? (read from and run against waitress 3.0)

The working directory is appended to the search path; `--call` calls what the name leads to.
"""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import name_of, script_folder, unique, words_of
from parity.starts.application import Application, application, is_module
from parity.starts.names import names_of
from parity.startup.entrypoint import Entrypoint
from parity.tree.base import FileTree

PROGRAMS = ("waitress-serve",)
BY_MODULE = {"waitress": "waitress-serve"}

OPTIONS = options(
    "--host --port --listen --threads --trusted-proxy --trusted-proxy-count --trusted-proxy-headers"
    " --url-scheme"
    " --url-prefix --backlog --recv-bytes --send-bytes --outbuf-overflow --outbuf-high-watermark"
    " --inbuf-overflow --connection-limit --cleanup-interval --channel-timeout --max-request-header-size"
    " --max-request-body-size --ident --asyncore-loop-timeout --unix-socket --unix-socket-perms --sockets"
    " --channel-request-lookahead --server-name --app",
    "--call --help --ipv4 --no-ipv4 --ipv6 --no-ipv6 --log-untrusted-proxy-headers"
    " --no-log-untrusted-proxy-headers --clear-untrusted-proxy-headers --no-clear-untrusted-proxy-headers"
    " --log-socket-errors --no-log-socket-errors --expose-tracebacks --no-expose-tracebacks"
    " --asyncore-use-poll --no-asyncore-use-poll",
    interspersed=False,
    abbreviated=True,
)


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    if name_of(command) != "waitress-serve":
        return None
    given = read(words_of(command), OPTIONS)
    named = [word for word in given.operands if word is not None]
    text = given.value("--app") or (named[0] if len(named) == 1 and not given.unclear else None)
    target = application(text)
    if target is None or target.call:
        return None
    folder = command.working_directory
    if not target.attribute:
        target = _resolved(target.module, folder, tree)
    path = unique(*script_folder(command, tree), folder)
    return Entrypoint("waitress", command, path, (target.step(call=given.has("--call")),))


def _resolved(name: str, folder: str, tree: FileTree) -> Application:
    """`package.module.attribute` without a colon (pkgutil.resolve_name): modules as long as there are any."""
    parts = name.split(".")
    for number in range(1, len(parts)):
        names = names_of(".".join(parts[:number]), (folder,), tree)
        if names is not None and parts[number] in names.bound:
            inner = ".".join(parts[: number + 1])
            if not is_module(inner) or names_of(inner, (folder,), tree) is None:
                return Application(".".join(parts[:number]), ".".join(parts[number:]))
    return Application(name)
