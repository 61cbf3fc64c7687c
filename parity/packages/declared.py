"""Which distributions does a project declare: for itself, in its extras, in its groups?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from parity.model.location import Location
from parity.model.packages import Distribution, Installed, normalized
from parity.model.version import PythonVersion
from parity.packages.distribution import may_apply, read_distribution
from parity.packages.project import Project, strings, table
from parity.tree.base import Entry, FileTree, join
from parity.tree.links import follow

MOST = 3_000
Groups = Mapping[str, tuple[Distribution, ...]]
NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


class Declared(Struct, frozen=True):
    """`extras` and `groups` by name; `dynamic`: more of them are computed when the project is built.

    `name`: of the project, which its extras and groups may name: `all = ["shop[web,mail]"]`.
    """

    own: tuple[Distribution, ...] = ()
    extras: Groups = field(default_factory=dict)
    groups: Groups = field(default_factory=dict)
    dynamic: bool = False
    name: str = ""

    def install(self, extras: Iterable[str], groups: Iterable[str], *, own: bool = True) -> Installed:
        """What an installer is asked for that has no lock file, with these extras and groups."""
        wanted_groups = set(groups)
        wanted_extras = self._with_those_they_name(set(extras), wanted_groups)
        chosen = list(self.own) if own else []
        left_out: list[Distribution] = []
        for wanted, parts in ((wanted_extras, self.extras), (wanted_groups, self.groups)):
            for name, listed in parts.items():
                (chosen if name in wanted else left_out).extend(listed)
        chosen = [one for one in chosen if not self.name or one.name != self.name]
        names = {one.name for one in chosen} | {self.name}
        return Installed(tuple(chosen), left_out=tuple(one for one in left_out if one.name not in names))

    def _with_those_they_name(self, extras: set[str], groups: set[str]) -> set[str]:
        found = set(extras)
        listed = [one for name in groups for one in self.groups.get(name, ())]
        todo = list(found)
        while todo or listed:
            listed += self.extras.get(todo.pop(), ()) if todo else ()
            named = {extra for one in listed if one.name == self.name for extra in one.extras}
            todo += named - found
            found |= named
            listed = []
        return found


def declared(project: Project, python: PythonVersion | None, place: Location | None = None) -> Declared:
    """What pyproject.toml, setup.cfg and a plain setup.py say (PEP 621, PEP 735; poetry, uv, pdm).

    `place`: where the project says so (without a line).
    """
    reading = _Reading(python, place)
    own = list(project.requirements)
    extras = {
        name: strings(texts) for name, texts in project.table("project", "optional-dependencies").items()
    }
    poetry = project.table("tool", "poetry")
    dynamic = set(strings(project.table("project").get("dynamic"))) if not poetry else set()
    computed = "dependencies" in dynamic and "" not in project.listed
    computed = computed or ("optional-dependencies" in dynamic and not set(project.listed) - {""})
    own += project.setup_cfg.get("options", {}).get("install_requires", "").splitlines()
    for name, text in project.setup_cfg.get("options.extras_require", {}).items():
        extras[name] = tuple(text.splitlines())
    for name, texts in project.listed.items():
        if name:
            extras[name] = texts
        else:
            own += texts
    if project.setup_call is not None:
        own += strings(project.setup_call.get("install_requires"))
        for name, value in table(project.setup_call.get("extras_require")).items():
            extras[name] = strings(value)
        computed = computed or any(
            project.setup_call.is_undecided(name) for name in ("install_requires", "extras_require")
        )
    listed = reading.groups(project.table("dependency-groups"))
    for name, value in project.table("tool", "pdm", "dev-dependencies").items():
        listed[name] = (*listed.get(name, ()), *reading.texts(strings(value), name))
    if development := strings(project.table("tool", "uv").get("dev-dependencies")):
        listed["dev"] = (*listed.get("dev", ()), *reading.texts(development, "dev"))
    for name, group in table(poetry, "group").items():
        listed[name] = (
            *listed.get(name, ()),
            *reading.poetry(table(group).get("dependencies"), name, optional=True),
        )
    if old := reading.poetry(poetry.get("dev-dependencies"), "dev", optional=True):
        listed["dev"] = (*listed.get("dev", ()), *old)
    every = reading.poetry(poetry.get("dependencies"), "", optional=True)
    found = {name: reading.texts(texts, name) for name, texts in extras.items()}
    for name, names in table(poetry, "extras").items():
        wanted = set(strings(names))
        found[name] = tuple(replace(one, group=name) for one in every if one.name in wanted)
    return Declared(
        (*reading.texts(own, ""), *reading.poetry(poetry.get("dependencies"), "", optional=False)),
        found,
        listed,
        computed,
        normalized(project.name),
    )


def declared_in_pipfile(
    tables: Mapping[str, object], python: PythonVersion | None, place: Location | None
) -> Declared:
    """`[packages]`, and each other category as a group of its name."""
    reading = _Reading(python, place)
    apart = {"source", "packages", "requires", "scripts", "pipenv"}
    groups = {name: reading.poetry(tables[name], name, optional=True) for name in tables if name not in apart}
    return Declared(reading.poetry(tables.get("packages"), "", optional=True), groups=groups)


def manifest_of(project: Project, files: FileTree) -> Location | None:
    """Its pyproject.toml (or setup.py) in the checkout; None where a step wrote it."""
    for name in ("pyproject.toml", "setup.cfg", "setup.py"):
        answer = follow(files, join(project.root, name)).answer
        if isinstance(answer, Entry):
            return Location(answer.source.lstrip("/")) if answer.source else None
    return None


class _Reading(Struct, frozen=True):
    python: PythonVersion | None
    place: Location | None

    def texts(self, texts: Iterable[str], group: str) -> tuple[Distribution, ...]:
        found = (read_distribution(text, self.python, self.place, group=group) for text in list(texts)[:MOST])
        return tuple(one for one in found if one is not None)

    def groups(self, given: Mapping[str, object]) -> dict[str, tuple[Distribution, ...]]:
        """`[dependency-groups]`, with the groups that they include (PEP 735)."""
        found: dict[str, tuple[Distribution, ...]] = {}
        for name in given:
            texts: list[str] = []
            todo, seen = [name], set()
            while todo:
                one = todo.pop(0)
                listed = given.get(one)
                if one in seen or not isinstance(listed, list):
                    continue
                seen.add(one)
                texts += [item for item in listed if isinstance(item, str)]
                todo += [str(table(item).get("include-group")) for item in listed if isinstance(item, dict)]
            found[name] = self.texts(texts, name)
        return found

    def poetry(self, given: object, group: str, *, optional: bool) -> tuple[Distribution, ...]:
        """`name = "^1"`, `name = {version, extras, optional, markers}`, or a list of these."""
        found: list[Distribution] = []
        for name, value in table(given).items():
            if name.lower() == "python":
                continue
            for one in value if isinstance(value, list) else (value,):
                settings = table(one)
                if settings.get("optional") is True and not optional:
                    continue
                marker = settings.get("markers")
                if isinstance(marker, str) and not may_apply(marker, self.python):
                    continue
                if settings.get("platform", "linux") != "linux":
                    continue
                version = one if isinstance(one, str) else settings.get("version")
                text = version if isinstance(version, str) else ""
                plain = text if re.match(r"[=<>!~]=?\s*\d", text) else ""
                written = f"=={text}" if re.match(r"\d", text) else plain
                extras = ",".join(strings(settings.get("extras")))
                made = read_distribution(f"{name}[{extras}]{written}", self.python, self.place, group=group)
                if made is not None:
                    found.append(made)
                    break
        return tuple(found)
