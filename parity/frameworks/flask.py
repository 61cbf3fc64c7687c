"""What does `flask run` (or any other command of an application) import? (flask 3.1)

`--app`, else FLASK_APP, else wsgi.py, else app.py: a path or a dotted name, from the working directory.
Which application the module means is asked when it is loaded: `flask_calls`.
"""

from __future__ import annotations

import re

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import in_folder, is_file, name_of, script_folder, text_at, unique, words_of
from parity.starts.application import ATTRIBUTE, is_module
from parity.starts.file_module import file_module
from parity.startup.entrypoint import CallFunction, Entrypoint
from parity.tree.base import FileTree

PROGRAMS = ("flask",)
BY_MODULE = {"flask": "flask"}

OPTIONS = options("--app --env-file -A -e", "--debug --no-debug --version --help", interspersed=False)
RUN_OPTIONS = options(
    "--cert --exclude-patterns --extra-files --host --key --port -h -p --app -A --env-file -e",
    "--debug --debugger --no-debug --no-debugger --no-reload --reload --with-threads --without-threads"
    " --help",
)
DOTENV = re.compile(r"^[ \t]*(?:export[ \t]+)?FLASK_APP[ \t]*=[ \t]*['\"]?([^'\"\s#]+)", re.MULTILINE)


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    if name_of(command) != "flask":
        return None
    given = read(words_of(command), OPTIONS)
    if given.unclear or not given.told("--app", "-A") or None in given.operands[:1]:
        return None
    if not given.operands or given.has("--version", "--help"):
        return Entrypoint("flask", command, (command.working_directory,), ())
    named = given.value("--app", "-A")
    if named is None and given.operands[0] == "run":
        inner = read(given.operands[1:], RUN_OPTIONS)
        if not inner.told("--app", "-A"):
            return None
        named = inner.value("--app", "-A")
    named = named or command.environment.get("FLASK_APP") or _default(command, tree)
    if not named:
        return None
    path, name = (*re.split(r":(?![\\/])", named, maxsplit=1), None)[:2]
    found = file_module(in_folder(command, path or ""), tree)
    folders = unique(found.folder, command.working_directory, *script_folder(command, tree))
    if not is_module(found.name) or (name is not None and not ATTRIBUTE.fullmatch(name)):
        return None
    step = CallFunction(
        "flask.cli.locate_app", (found.name, *((name,) if name is not None else ())), found.name
    )
    return Entrypoint("flask", command, folders, (step,))


def _default(command: Command, tree: FileTree) -> str | None:
    """flask: wsgi.py, then app.py; python-dotenv, if it is installed, reads .env and .flaskenv before."""
    for name in (".env", ".flaskenv"):
        text = text_at(tree, in_folder(command, name))
        found = DOTENV.search(text) if text else None
        if found:
            return found[1]
    present = [name for name in ("wsgi.py", "app.py") if is_file(tree, in_folder(command, name))]
    return present[0] if present else "app.py"
