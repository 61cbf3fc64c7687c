"""What does `alembic upgrade head` run? (read from and run against alembic 1.20)

`script_location` of alembic.ini (or [tool.alembic] of pyproject.toml) holds env.py and versions/. Only
`prepend_sys_path` puts a folder on the search path.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from parity.model.command import Command
from parity.model.location import Unknown
from parity.programs.options import options, read
from parity.programs.program import in_folder, is_file, name_of, script_folder, text_at, unique, words_of
from parity.starts.names import names_of
from parity.starts.sections import sections, value, without_comment
from parity.startup.entrypoint import Entrypoint, ExecuteFile
from parity.tree.base import FileTree, join
from parity.tree.links import follow
from parity.tree.toml import tables_of

PROGRAMS = ("alembic",)
BY_MODULE = {"alembic": "alembic"}

OPTIONS = options(
    "--config --name -c -n -x --tag --message -m --rev-id --head --branch-label --version-path --depends-on"
    " --rev-range -r --template -t",
    "--help --quiet --raiseerr --version -h -q --sql --verbose -v --purge --autogenerate --splice"
    " --check-heads --indicate-current -i --resolve-dependencies --package",
    abbreviated=True,
)
RUN_THE_ENVIRONMENT = ("upgrade", "downgrade", "current", "stamp", "check", "ensure_version")
REVISION_FILE = re.compile(r"(?!\.#|__init__)(.*\.py)")
HERE = re.compile(r"%\(here\)s")


class _Settings(Struct, frozen=True):
    location: str
    before: tuple[str, ...]
    folder: str


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    if name_of(command) != "alembic":
        return None
    given = read(words_of(command), OPTIONS)
    if given.unclear or not given.told("--config", "-c", "--name", "-n") or not given.operands:
        return None
    action = given.operands[0]
    if action is None:
        return None
    settings = _settings(
        given.value("--config", "-c"), given.value("--name", "-n") or "alembic", command, tree
    )
    if settings is None:
        return None
    path = unique(*settings.before, *script_folder(command, tree))
    location = _folder(settings.location, path, command, tree)
    if location is None:
        return None
    runs = action in RUN_THE_ENVIRONMENT or (action == "revision" and given.has("--autogenerate"))
    steps = (ExecuteFile(join(location, "env.py")), *_revisions(location, tree)) if runs else ()
    return Entrypoint("alembic", command, path, steps)


def _settings(config: str | None, name: str, command: Command, tree: FileTree) -> _Settings | None:
    config = config or command.environment.get("ALEMBIC_CONFIG") or "alembic.ini"
    path = in_folder(command, config)
    text = text_at(tree, path) if not path.endswith("pyproject.toml") else None
    here = path.rpartition("/")[0] or "/"
    section = sections(text).get(name) if text is not None else None
    location = value(section, "script_location") if section is not None else None
    if section is not None and location:
        separator = without_comment(value(section, "path_separator") or "")
        folders = without_comment(value(section, "prepend_sys_path") or "")
        parts = folders.split(":") if separator == "os" else re.split(r", *|(?: +)|:|\n", folders)
        before = [HERE.sub(here, part.strip()) for part in parts if part.strip()]
        return _Settings(
            HERE.sub(here, without_comment(location)), tuple(in_folder(command, one) for one in before), here
        )
    return _from_pyproject(command, tree)


def _from_pyproject(command: Command, tree: FileTree) -> _Settings | None:
    here = command.working_directory
    text = text_at(tree, in_folder(command, "pyproject.toml"))
    tool = (tables_of(text or "") or {}).get("tool")
    table = tool.get("alembic") if isinstance(tool, Mapping) else None
    if not isinstance(table, Mapping) or not isinstance(table.get("script_location"), str):
        return None
    folders = table.get("prepend_sys_path", [])
    before = [one for one in folders if isinstance(one, str)] if isinstance(folders, list) else []
    return _Settings(
        HERE.sub(here, table["script_location"]),
        tuple(in_folder(command, HERE.sub(here, one)) for one in before),
        here,
    )


def _folder(location: str, path: tuple[str, ...], command: Command, tree: FileTree) -> str | None:
    """`migrations`, `/app/migrations`, or `package:folder`."""
    package, colon, folder = location.partition(":")
    if not colon or location.startswith("/"):
        return in_folder(command, location)
    found = names_of(package, path, tree)
    return join(found.path.rpartition("/")[0], folder) if found is not None else None


def _revisions(location: str, tree: FileTree) -> tuple[ExecuteFile, ...]:
    """The migrations, which are all loaded to find out which is the latest."""
    folder = join(location, "versions")
    names = tree.names(follow(tree, folder).path)
    if isinstance(names, Unknown):
        return ()
    found = sorted(name for name in names if REVISION_FILE.fullmatch(name))
    return tuple(ExecuteFile(join(folder, name)) for name in found if is_file(tree, join(folder, name)))
