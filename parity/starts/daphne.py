"""What does `daphne module:application` import? (read from and run against daphne 4.2)

The working directory is inserted first on the search path.
"""

from __future__ import annotations

from msgspec.structs import replace

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import name_of, script_folder, unique, words_of
from parity.starts.application import application
from parity.startup.entrypoint import Entrypoint
from parity.tree.base import FileTree

PROGRAMS = ("daphne",)
BY_MODULE = {"daphne": "daphne"}

OPTIONS = options(
    "--access-log --application-close-timeout --bind --endpoint --fd --http-timeout --log-fmt --ping-interval"
    " --ping-timeout --port --proxy-headers-host --proxy-headers-port --root-path --server-name --unix-socket"
    " --verbosity --websocket-max-frame-size --websocket-max-message-size --websocket_connect_timeout"
    " --websocket_timeout -b -e -p -s -t -u -v",
    "--help --no-server-name --proxy-headers -h",
    abbreviated=True,
)


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    if name_of(command) != "daphne":
        return None
    given = read(words_of(command), OPTIONS)
    named = [word for word in given.operands if word is not None]
    target = application(named[0]) if len(named) == 1 and not given.unclear else None
    if target is None or not target.attribute or target.call:
        return None
    path = unique(command.working_directory, *script_folder(command, tree))
    # daphne knows no lifespan
    return Entrypoint("daphne", command, path, (replace(target.step(), serves=False),))
