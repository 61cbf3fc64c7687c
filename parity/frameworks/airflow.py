"""What do `airflow scheduler`, `webserver`, `standalone` and the others import of the project? (airflow 2.10, 3.1)

Every process: `airflow_local_settings`, where there is one, and the logging configuration that the environment names.
Those that parse DAGs execute each file of the DAGs folder that has the words "airflow" and "dag" (or "asset") in it;
one that fails is shown as an import error, and the others go on. On the search path, behind everything: the DAGs
folder, `$AIRFLOW_HOME/config`, the folder of plugins.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator

from msgspec.structs import replace

from parity.model.command import Command
from parity.model.location import Unknown
from parity.programs.program import is_folder, name_of, script_folder, text_at, unique, words_of
from parity.starts.application import is_module
from parity.startup.entrypoint import Entrypoint, ExecuteFile, ImportModule, Step
from parity.tree.base import FileTree, below, join
from parity.tree.links import follow

PROGRAMS = ("airflow",)
BY_MODULE = {"airflow": "airflow"}

PARSE_DAGS = ("scheduler", "standalone", "dag-processor")
OLD_NAMES = ("AIRFLOW__CORE__LOGGING_CONFIG_CLASS", "AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS")
MOST_DAGS = 500
PLAIN = re.compile(r"[\w/.^$-]*(?:\.\*[\w/.^$-]*){0,3}")
"""Regular expressions that are searched for; others are hardly written, and some would take for ever."""


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    if name_of(command) != "airflow":
        return None
    words = [word for word in words_of(command) if word is None or not word.startswith("-")]
    variables = command.environment
    home = variables.get("AIRFLOW_HOME") or join(variables.get("HOME", "/root"), "airflow")
    dags = variables.get("AIRFLOW__CORE__DAGS_FOLDER") or join(home, "dags")
    plugins = variables.get("AIRFLOW__CORE__PLUGINS_FOLDER") or join(home, "plugins")
    before = unique(*script_folder(command, tree))
    added = unique(dags, join(home, "config"), plugins)
    path = ":".join((*filter(None, [variables.get("PYTHONPATH", "")]), *added))
    steps: list[Step] = [ImportModule("airflow_local_settings", optional=True)]
    for variable in OLD_NAMES:
        module = variables.get(variable, "").rpartition(".")[0]
        if is_module(module) and not module.startswith("airflow."):
            steps.append(ImportModule(module))
    if words[:1] and words[0] in PARSE_DAGS:
        steps += map(ExecuteFile, _dags(dags, tree))
        command = replace(command, fatal=False)
    return Entrypoint("airflow", command, before, tuple(steps), (("PYTHONPATH", path),))


def _dags(top: str, tree: FileTree) -> Iterator[str]:
    """The files that may hold DAGs, below the folder, in their order."""
    todo: list[tuple[str, tuple[str, ...]]] = [(top, ())]
    count = 0
    while todo and count < MOST_DAGS:
        folder, ignored = todo.pop()
        names = tree.names(follow(tree, folder).path)
        if isinstance(names, Unknown):
            continue
        ignored = (*ignored, *_patterns(text_at(tree, join(folder, ".airflowignore")) or ""))
        for name in sorted(names, reverse=True):
            path = join(folder, name)
            count += 1
            if any(_ignores(pattern, below(path, top)) for pattern in ignored):
                continue
            if is_folder(tree, path):
                todo.append((path, ignored))
            elif name.endswith(".py") and _may_hold_a_dag(text_at(tree, path)):
                yield path


def _patterns(text: str) -> list[str]:
    return [line for line in (re.sub(r"\s*#.*", "", line).strip() for line in text.splitlines()) if line]


def _ignores(pattern: str, path: str) -> bool:
    """Regular expressions in airflow 2, globs in 3: what either leaves out is left out."""
    if PLAIN.fullmatch(pattern) and re.search(pattern, path):
        return True
    glob = pattern.strip("/")
    return any(fnmatch.fnmatchcase(one, glob) for one in (path, path.rpartition("/")[2]))


def _may_hold_a_dag(text: str | None) -> bool:
    if text is None:
        return False
    lowered = text.lower()
    return "airflow" in lowered and ("dag" in lowered or "asset" in lowered)
