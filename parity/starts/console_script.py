"""Which function does a command call that the project itself installs?

[project.scripts] (PEP 621), [tool.poetry.scripts], setup.cfg, setup.py. An installed script has its own `bin`
folder in front of the search path, never the working directory.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from parity.model.command import Command
from parity.programs.program import name_of, script_folder, text_at
from parity.starts.application import Application, application
from parity.starts.names import parse
from parity.starts.sections import sections, value
from parity.startup.entrypoint import Entrypoint
from parity.tree.base import FileTree, join
from parity.tree.toml import tables_of

Project = tuple[FileTree, str]
"""A tree and the folder in it that holds a pyproject.toml, setup.cfg or setup.py."""


def recognise(command: Command, tree: FileTree, projects: Iterable[Project] = ()) -> Entrypoint | None:
    """`projects`: further places to look in, where the image no longer has the project's own files."""
    name = name_of(command)
    if not name:
        return None
    target = script_of(name, (*_in_image(command, tree), *projects))
    if target is None:
        return None
    return Entrypoint("console-script", command, script_folder(command, tree), (target.step(call=True),))


def script_of(name: str, projects: Iterable[Project]) -> Application | None:
    """What the script `name` calls, by the first project that declares it."""
    for tree, folder in projects:
        target = declared_scripts(tree, folder).get(name)
        found = application(target.partition("[")[0].replace(" ", "")) if target else None
        if found is not None and found.attribute:
            return found
    return None


def declared_scripts(tree: FileTree, folder: str) -> Mapping[str, str]:
    """Script name -> `module:function` of the project in this folder."""
    scripts: dict[str, str] = {}
    scripts.update(_from_setup_py(text_at(tree, join(folder, "setup.py"))))
    scripts.update(_from_setup_cfg(text_at(tree, join(folder, "setup.cfg"))))
    scripts.update(_from_pyproject(text_at(tree, join(folder, "pyproject.toml"))))
    return scripts


def _in_image(command: Command, tree: FileTree) -> tuple[Project, ...]:
    """The working directory and the folders above it."""
    folders = [command.working_directory]
    while folders[-1] != "/" and len(folders) < 20:
        folders.append(folders[-1].rpartition("/")[0] or "/")
    return tuple((tree, folder) for folder in folders)


def _from_pyproject(text: str | None) -> Iterator[tuple[str, str]]:
    document = tables_of(text or "")
    for place in (("tool", "poetry", "scripts"), ("project", "scripts"), ("project", "gui-scripts")):
        table: object = document
        for key in place:
            table = table.get(key) if isinstance(table, Mapping) else None
        for name, target in table.items() if isinstance(table, Mapping) else ():
            if isinstance(target, Mapping):  # poetry: {callable = "...", extras = [...]}
                target = target.get("callable") or target.get("reference")
            if isinstance(target, str):
                yield name, target


def _from_setup_cfg(text: str | None) -> Iterator[tuple[str, str]]:
    section = sections(text or "").get("options.entry_points", ())
    for key in ("console_scripts", "gui_scripts"):
        yield from _lines((value(section, key) or "").split("\n"))


def _from_setup_py(text: str | None) -> Iterator[tuple[str, str]]:
    """`setup(entry_points={"console_scripts": ["name = module:function"]})`, where it is written out."""
    module = parse(text) if text is not None else None
    for statement in module.body if module is not None else ():
        call = statement.value if isinstance(statement, ast.Expr) else None
        if not isinstance(call, ast.Call):
            continue
        for keyword in call.keywords:
            if keyword.arg == "entry_points":
                yield from _entry_points(keyword.value)


def _entry_points(node: ast.expr) -> Iterator[tuple[str, str]]:
    try:
        points = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return
    if not isinstance(points, Mapping):
        return
    for key in ("console_scripts", "gui_scripts"):
        lines = points.get(key, ())
        if isinstance(lines, str):
            lines = lines.split("\n")
        if isinstance(lines, list | tuple):
            yield from _lines([line for line in lines if isinstance(line, str)])


def _lines(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, equals, target = line.partition("=")
        if equals:
            yield name.strip(), target.strip()
