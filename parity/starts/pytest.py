"""What does `pytest` import before it collects? The conftest.py files, and test files that are named.

With the default import mode the folder above a file's packages is inserted first on the search path.
"""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import in_folder, is_file, name_of, unique, words_of
from parity.starts.application import is_module
from parity.starts.file_module import file_module
from parity.startup.entrypoint import Entrypoint, ImportModule
from parity.tree.base import FileTree, join, within

PROGRAMS = ("pytest", "py.test")
BY_MODULE = {"pytest": "pytest"}

OPTIONS = options(
    "-k -m -p -c -n -W -o -r --maxfail --rootdir --confcutdir --import-mode --durations --tb --cov"
    " --cov-report"
    " --cov-config --basetemp --ignore --ignore-glob --deselect --junitxml --junit-xml --log-level --log-file"
    " --log-cli-level --color --capture --show-capture --numprocesses --dist --timeout --reruns --ds"
    " --override-ini",
    "-v -q -x -s -l -h --verbose --quiet --exitfirst --lf --ff --nf --sw --collect-only --co --pdb"
    " --version --help"
    " --strict-markers --strict --no-header --no-summary --showlocals --disable-warnings --cache-clear"
    " --last-failed --failed-first --stepwise --fixtures --markers --setup-show --no-cov --reuse-db"
    " --create-db"
    " --full-trace --noconftest",
)


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    if name_of(command) not in ("pytest", "py.test"):
        return None
    given = read(words_of(command), OPTIONS)
    if given.has("--noconftest", "--import-mode", "--rootdir", "-c", "--version", "--help", "-h"):
        return Entrypoint("pytest", command, (), ())
    root = command.working_directory
    places = [in_folder(command, (word or ".").partition("::")[0]) for word in given.operands] or [root]
    files: list[str] = []
    for place in places:
        folders = [place]
        while folders[-1] != root and within(folders[-1], root):
            folders.append(folders[-1].rpartition("/")[0] or "/")
        files += [join(folder, "conftest.py") for folder in reversed(folders)]
        files += [place] if place.endswith(".py") else []
    found = [file_module(file, tree) for file in dict.fromkeys(files) if is_file(tree, file)]
    steps = tuple(ImportModule(one.name) for one in found if is_module(one.name))
    return Entrypoint("pytest", command, unique(*(one.folder for one in reversed(found))), steps)
