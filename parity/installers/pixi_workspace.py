"""What does a project say to pixi: its environments, their packages, its tasks? (pixi.toml, `[tool.pixi]`)"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from msgspec import Struct

from parity.installers.install import path_requirements
from parity.model.location import Location, Unknown
from parity.packages.conda_packages import CondaPackages
from parity.packages.distribution import read_distribution
from parity.packages.project import strings, table
from parity.packages.requirements import Local
from parity.tree.base import Entry, FileTree, join, parent_of
from parity.tree.links import follow
from parity.tree.toml import tables_of

NAMES = ("pixi.toml", "pyproject.toml", "mojoproject.toml")
LARGEST = 300_000
ON_LINUX = ("linux-64", "linux-aarch64", "linux", "unix")
DEEPEST = 10
Table = Mapping[str, object]


class Task(Struct, frozen=True):
    """A task as text of a shell: what it depends on first. `cwd`: where it runs, below the project's folder."""

    text: str
    before: tuple[str, ...] = ()
    cwd: str = ""
    environment: tuple[tuple[str, str], ...] = ()


class Workspace(Struct, frozen=True):
    """`root`: its folder; `manifest`: the name of its file, `source` where that is in the checkout."""

    root: str
    manifest: str
    tables: Table
    pyproject: Table
    source: str = ""

    @property
    def name(self) -> str:
        told = table(self.tables, "workspace").get("name") or table(self.tables, "project").get("name")
        told = told or table(self.pyproject, "project").get("name")
        return told if isinstance(told, str) else ""

    @property
    def environments(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(("default", *table(self.tables, "environments"))))

    def features(self, environment: str) -> tuple[Table, ...]:
        """What the environment is made of, with the parts for Linux."""
        told = table(self.tables, "environments").get(environment)
        names = strings(told) or strings(table(told).get("features"))
        found = [table(told)] if isinstance(told, dict) else []
        found += [self.feature(name) for name in names]
        if table(told).get("no-default-feature") is not True:
            found.append(self._with_project(self.tables))
        return tuple(part for one in found for part in (one, *_on_linux(one)))

    def feature(self, name: str) -> Table:
        """One of the manifest; an extra or a dependency group of pyproject.toml is one, too."""
        told = table(self.tables, "feature", name)
        extras = table(self.pyproject, "project", "optional-dependencies").get(name)
        group = table(self.pyproject, "dependency-groups").get(name)
        return {**told, "requirements": (*strings(extras), *strings(group))}

    def _with_project(self, told: Table) -> Table:
        return {**told, "requirements": strings(table(self.pyproject, "project").get("dependencies"))}

    def packages(self, environment: str) -> CondaPackages:
        """What it asks for, without a lock file."""
        found = CondaPackages(manifest=self.source)
        at = Location(self.source) if self.source else None
        for feature in self.features(environment):
            for section in ("dependencies", "host-dependencies", "build-dependencies"):
                for name, value in table(feature, section).items():
                    version = value if isinstance(value, str) else table(value).get("version")
                    if isinstance(value, dict) and {"path", "git", "url"} & value.keys():
                        found.told = False
                    text = version if isinstance(version, str) else ""
                    found.add(f"{name}{text if text[:1] in set('<>=!~') else f'={text}'}".rstrip("=*"), at)
            for name, value in table(feature, "pypi-dependencies").items():
                told = table(value)
                if "path" not in told:
                    extras = ",".join(strings(told.get("extras")))
                    version = value if isinstance(value, str) else told.get("version")
                    version = version if isinstance(version, str) and version != "*" else ""
                    if made := read_distribution(f"{name}[{extras}]{version}", found.python, at):
                        found.asked.wanted.append(made)
            for text in strings(feature.get("requirements")):
                if made := read_distribution(text, found.python, at):
                    found.asked.wanted.append(made)
            found.asked.local += self.projects(feature)
        return found

    def projects(self, feature: Table) -> list[Local]:
        """Those that are required by their path."""
        return list(path_requirements(feature.get("pypi-dependencies"), self.root))

    def editables(self, environment: str) -> frozenset[str]:
        """Their folders."""
        locals_ = (one for feature in self.features(environment) for one in self.projects(feature))
        return frozenset(one.path for one in locals_ if one.editable)

    def activation(self, environment: str) -> Iterator[str]:
        """Lines of the shell: variables first, then scripts; those of the default feature before the others."""
        features = tuple(reversed(self.features(environment)))
        for feature in features:
            for name, value in table(feature, "activation", "env").items():
                if isinstance(value, str) and re.fullmatch(r"[A-Za-z_]\w*", name):
                    yield f'export {name}="{value}"'
        for feature in features:
            for path in strings(table(feature, "activation").get("scripts")):
                yield f'. "{join(self.root, path)}"'

    def task(self, environment: str, name: str) -> Task | Unknown | None:
        """None: there is none of that name. Unknown: one with arguments of its own."""
        for feature in self.features(environment):
            if name not in table(feature, "tasks"):
                continue
            told = table(feature, "tasks")[name]
            settings = table(told)
            command = settings.get("cmd") if settings else told if isinstance(told, str) else ""
            text = shlex.join(strings(command)) if isinstance(command, list) else command
            alone = told if isinstance(told, list) else ()  # `all = [{task = "lint"}, {task = "test"}]`
            needs = settings.get("depends-on") or settings.get("depends_on") or alone
            named = [one if isinstance(one, str) else table(one).get("task") for one in _listed(needs)]
            if settings.get("args") or not isinstance(text, str | None) or "{{" in (text or ""):
                return Unknown(f"what the task {name} of {self.manifest} runs is not known")
            cwd = settings.get("cwd")
            variables = tuple(
                (key, value) for key, value in table(settings, "env").items() if isinstance(value, str)
            )
            before = tuple(one for one in named if isinstance(one, str))
            return Task(text or "", before, cwd if isinstance(cwd, str) else "", variables)
        return None

    def script(self, environment: str, name: str, deepest: int = DEEPEST) -> str | None:
        """Text of a shell that runs a task, and what it depends on before. None: this cannot be told."""
        task = self.task(environment, name)
        if not isinstance(task, Task) or not deepest:
            return None
        parts = []
        for other in task.before:
            text = self.script(environment, other, deepest - 1)
            if text is None:
                return None
            parts.append(f"( {text} )" if text else "true")
        if task.text:
            variables = [f'export {key}="{value}"' for key, value in task.environment]
            here = f"cd {shlex.quote(join(self.root, task.cwd) if task.cwd else self.root)}"
            parts += [here, *variables, task.text.strip()]
        return " && ".join(parts)


def _listed(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _on_linux(feature: Table) -> Iterator[Table]:
    for name in ON_LINUX:
        if found := table(feature, "target", name):
            yield found


def read_workspace(path: str, files: FileTree) -> Workspace | Unknown | None:
    """That of a manifest, an image path; None where this is none."""
    found = follow(files, path)
    if not isinstance(found.answer, Entry):
        return found.answer if isinstance(found.answer, Unknown) else None
    content = files.read(found.path)
    if isinstance(content, Unknown):
        return content
    parsed = tables_of(content.decode("utf8", "surrogateescape")) if len(content) <= LARGEST else None
    if parsed is None:
        return Unknown(f"{path} cannot be read")
    root, _, name = path.rpartition("/")
    own = name == "pyproject.toml"
    tables = table(parsed, "tool", "pixi") if own else parsed
    if not tables.keys() & {"workspace", "project"}:
        return None
    return Workspace(
        root or "/", name, tables, parsed if own else {}, (found.answer.source or "").lstrip("/")
    )


def find_workspace(folder: str, files: FileTree) -> Workspace | Unknown | None:
    """The nearest one, from `folder` up (pixi: `WorkspaceDiscoverer`)."""
    doubt: Unknown | None = None
    while True:
        for name in NAMES:
            told = read_workspace(join(folder, name), files)
            if isinstance(told, Workspace):
                return doubt or told
            doubt = doubt or told
        if folder == "/":
            return doubt
        folder = parent_of(folder)
