"""Which files does `locust` run? (read from locust 2.47)

`-f` (LOCUST_LOCUSTFILE, a configuration file; default: locustfile.py) names files, or folders of files, with commas
between. Each is executed under its own name; its folder comes first on the search path, then the working directory.
"""

from __future__ import annotations

import re

from parity.model.command import Command
from parity.model.location import Unknown
from parity.programs.options import options, read
from parity.programs.program import in_folder, is_folder, name_of, script_folder, text_at, unique, words_of
from parity.startup.entrypoint import Entrypoint, ExecuteFile
from parity.tree.base import FileTree, join
from parity.tree.links import follow

PROGRAMS = ("locust",)
BY_MODULE = {"locust": "locust"}

OPTIONS = options(
    "--locustfile -f --config --host -H --users -u --spawn-rate -r --run-time -t --web-host --web-port -P"
    " --web-host-display-name --autoquit --web-auth --tls-cert --tls-key --build-path --master-host"
    " --master-port --master-bind-host --master-bind-port --expect-workers --expect-workers-max-wait"
    " --processes --web-base-path --csv --html --json-file --loglevel -L --logfile --exit-code-on-error"
    " --stop-timeout -s --profile",
    "--help -h --version -V --list -l --headless --autostart --headful --web-login --class-picker --master"
    " --worker --enable-rebalancing --csv-full-history --print-stats --only-summary --reset-stats --json"
    " --skip-log-setup --show-task-ratio --show-task-ratio-json --equal-weights --otel",
    many="--config-users --tags -T --exclude-tags -E",
    abbreviated=True,
)
CONFIGURATIONS = ("locust.conf", "pyproject.toml")
LOCUSTFILE = re.compile(r"^\s*locustfile\s*[=: ]\s*[\"']?([^\"'\s]+)", re.MULTILINE)
MOST_FILES = 200


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    """The options of the locustfiles themselves are not known: what stands behind one may be its value."""
    if name_of(command) != "locust":
        return None
    given = read(words_of(command), OPTIONS)
    if not given.told("--locustfile", "-f", "--config"):
        return None
    chosen = (
        given.value("--locustfile", "-f")
        or command.environment.get("LOCUST_LOCUSTFILE")
        or _configured(given.value("--config"), command, tree)
        or "locustfile.py"
    )
    if chosen == "-" or "://" in chosen:
        return None  # another process, or a server, has it
    files = [file for name in chosen.split(",") for file in _files(in_folder(command, name.strip()), tree)]
    folders = [file.rpartition("/")[0] or "/" for file in files]
    path = unique(*reversed(folders), command.working_directory, *script_folder(command, tree))
    return Entrypoint("locust", command, path, tuple(map(ExecuteFile, files))) if files else None


def _configured(chosen: str | None, command: Command, tree: FileTree) -> str | None:
    for name in (chosen,) if chosen else CONFIGURATIONS:
        text = text_at(tree, in_folder(command, name))
        if text is not None and name.endswith(".toml"):
            text = text.partition("[tool.locust]")[2].partition("\n[")[0]
        if text and (found := LOCUSTFILE.search(text)):
            return found[1]
    return None


def _files(path: str, tree: FileTree) -> list[str]:
    """The file itself; of a folder all `.py` files below it whose names begin with no `_`."""
    if not is_folder(tree, path):
        return [path]
    found: list[str] = []
    todo = [path]
    while todo and len(found) < MOST_FILES:
        folder = todo.pop()
        names = tree.names(follow(tree, folder).path)
        for name in () if isinstance(names, Unknown) else sorted(names):
            inside = join(folder, name)
            if is_folder(tree, inside):
                todo.append(inside)
            elif name.endswith(".py") and not name.startswith("_"):
                found.append(inside)
    return found
