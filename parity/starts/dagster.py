"""What do `dagster` and `dagster-webserver` load: `-m module`, `-f file.py`, from the working directory?"""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import in_folder, script_folder, unique, words_of
from parity.starts.application import is_module
from parity.startup.entrypoint import Entrypoint, ExecuteFile, ImportModule, Step
from parity.tree.base import FileTree

PROGRAMS = ("dagster", "dagster-webserver", "dagster-daemon")
OPTIONS = options(
    "--module-name -m --python-file -f --attribute -a --working-directory -d --package-name --workspace -w --host -h"
    " --port -p --code-server-log-level --log-level --db-statement-timeout --location-name --job -j",
    "--empty-workspace --use-legacy-code-server-behavior --read-only --help",
)


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    given = read(words_of(command), OPTIONS)
    folder = in_folder(command, given.value("--working-directory", "-d") or "")
    modules = [
        m for m in given.every("--module-name", "-m", "--package-name") if m is not None and is_module(m)
    ]
    files = [file for file in given.every("--python-file", "-f") if file]
    if given.unclear or not (modules or files):
        return None
    steps: tuple[Step, ...] = (
        *map(ImportModule, modules),
        *(ExecuteFile(in_folder(command, file)) for file in files),
    )
    return Entrypoint("dagster", command, unique(folder, *script_folder(command, tree)), steps)
