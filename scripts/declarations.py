"""Is every declaration of a project read? declarations.py FOLDER...

Each requirements file below the folders is read by `parity.installers` and by pip-requirements-parser (PyPI),
each requirement of a pyproject.toml by `packaging`, lock files and environments of conda and pixi as plain TOML and
YAML. Printed is whatever one of the two does not have, and the counts.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import yaml
from packaging.requirements import InvalidRequirement, Requirement
from pip_requirements_parser import InstallationError, RequirementsFile

from parity.installers.pixi_workspace import Workspace, read_workspace
from parity.model.location import Unknown
from parity.model.packages import normalized
from parity.packages.conda_names import distribution_of
from parity.packages.conda_packages import CondaPackages, read_listing
from parity.packages.declared import declared
from parity.packages.distribution import may_apply
from parity.packages.locks.closure import Lock
from parity.packages.locks.read import READERS, read_lock
from parity.packages.project import Project, read_project, strings, table
from parity.packages.requirements import Asked, read_requirements
from parity.shell.host import Call
from parity.tree.base import join
from parity.tree.disk import DiskTree

SKIPPED = {".git", "node_modules", ".venv", "site-packages"}
REQUIREMENTS = re.compile(r".*requirements[\w.-]*\.(txt|in)|requirements/.*\.(txt|in)")


def of_requirements(root: Path, path: Path) -> tuple[set[str], set[str]]:
    """The names as we and as pip-requirements-parser have them; projects at hand under their paths."""
    asked = Asked()
    folder = path.parent if path.parent.name != "requirements" else path.parent.parent
    tree = DiskTree(root)
    inside = "/" + str(path.relative_to(root))
    read_requirements(asked, inside, "/" + str(folder.relative_to(root)), tree, {}, Unknown(""))
    ours = {one.name for one in asked.wanted} | {one.path.rpartition("/")[2] for one in asked.local}
    theirs = set()
    try:
        listed = RequirementsFile.from_file(str(path), include_nested=True).requirements
    except InstallationError:
        return (set() if asked.missing else ours), set()  # it names a file that is not there
    for one in listed:
        if one.is_constraint or (one.marker is not None and not may_apply(str(one.marker), None)):
            continue
        if one.name:
            theirs.add(normalized(one.name))
        elif one.link is not None and one.link.is_file:
            theirs.add(one.link.file_path.rstrip("/").rpartition("/")[2])
    return ours, theirs


def of_project(root: Path, path: Path) -> tuple[set[str], set[str]]:
    project = read_project(
        "/" + str(path.parent.relative_to(root)).replace(".", "", 1).lstrip("/"), DiskTree(root)
    )
    if not isinstance(project, Project):
        return set(), {"the project"}
    told = declared(project, None)
    parts = (told.own, *told.extras.values(), *told.groups.values())
    ours = {one.name for part in parts for one in part}
    texts = [*project.requirements, *(text for listed in project.listed.values() for text in listed)]
    for where in (("project", "optional-dependencies"), ("dependency-groups",)):
        for listed in project.table(*where).values():
            texts += strings(
                [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else []
            )
    theirs = set()
    for text in texts:
        try:
            one = Requirement(text)
        except InvalidRequirement:
            continue
        if one.marker is None or may_apply(str(one.marker), None):
            theirs.add(normalized(one.name))
    for listed in project.table("tool", "pdm", "dev-dependencies").values():
        theirs |= {
            normalized(Requirement(text).name) for text in strings(listed) if not text.startswith("-e")
        }
    poetry = project.table("tool", "poetry")
    groups = [table(group).get("dependencies") for group in table(poetry, "group").values()]
    for listed in (poetry.get("dependencies"), poetry.get("dev-dependencies"), *groups):
        theirs |= {
            normalized(name) for name, told in table(listed).items() if name != "python" and _holds(told)
        }
    return ours, theirs


def _holds(told: object) -> bool:
    """Of poetry: may one of these apply on Linux?"""
    markers = [table(one).get("markers") for one in (told if isinstance(told, list) else [told])]
    return any(not isinstance(marker, str) or may_apply(marker, None) for marker in markers)


def of_environment(root: Path, path: Path) -> tuple[set[str], set[str]]:
    """environment.yml of conda."""
    told = table(yaml.safe_load(path.read_text("utf8")))
    if not isinstance(told.get("dependencies"), list):
        return set(), set()
    found = CondaPackages()
    tree, name = DiskTree(root), str(path.relative_to(root))
    read_listing(found, path.read_bytes(), f"/{name}", name, tree, Call((), {}, "/"))
    listed = [*found.distributions, *found.asked.wanted]
    ours = {one.name for one in listed} | {one.path.rpartition("/")[2] for one in found.asked.local}
    theirs: set[str] = set()
    for one in told["dependencies"]:
        if isinstance(one, str):
            theirs.add(distribution_of(re.split(r"[=<>!~ \[]", one.rpartition("::")[2].strip())[0]))
        else:
            for line in strings(table(one).get("pip")):
                if made := re.match(r"[A-Za-z0-9][\w.-]*(?=\s*($|[\[<>=!~;@]))", line):
                    theirs.add(normalized(made[0]))
    return ours, theirs


def of_pixi(root: Path, path: Path) -> tuple[set[str], set[str]]:
    """pixi.toml, or `[tool.pixi]`: all environments and all features, used or not."""
    found = read_workspace("/" + str(path.relative_to(root)), DiskTree(root))
    if not isinstance(found, Workspace):
        return set(), set()
    asked = [found.packages(name) for name in found.environments]
    ours = {one.name for one in asked for one in (*one.distributions, *one.asked.wanted)}
    ours |= {one.path for packages in asked for one in packages.asked.local}
    theirs: set[str] = set()
    used = {"default"} | {
        name
        for told in table(found.tables, "environments").values()
        for name in (strings(told) or strings(table(told).get("features")))
    }
    tables = [found.tables, *(table(found.tables, "feature", name) for name in used)]
    tables += [
        table(one, "target", name)
        for one in tables
        for name in ("linux-64", "linux-aarch64", "linux", "unix")
    ]
    for one in tables:
        for section in ("dependencies", "host-dependencies", "build-dependencies"):
            theirs |= {distribution_of(name) for name in table(one, section)}
        for name, told in table(one, "pypi-dependencies").items():
            place = table(told).get("path")
            theirs.add(join(found.root, place) if isinstance(place, str) else normalized(name))
    theirs |= {
        normalized(Requirement(text).name)
        for text in strings(table(found.pyproject, "project").get("dependencies"))
        if Requirement(text).marker is None or may_apply(str(Requirement(text).marker), None)
    }
    return ours, theirs


def of_lock(root: Path, path: Path) -> tuple[set[str], set[str]]:
    lock = read_lock("/" + str(path.parent.relative_to(root)), path.name, DiskTree(root))
    ours = {one.name for one in lock.packages if one.name} if isinstance(lock, Lock) else set()
    if path.name == "Pipfile.lock":
        sections = json.loads(path.read_text("utf8"))
        return ours, {normalized(name) for key, told in sections.items() if key != "_meta" for name in told}
    if path.name in ("pixi.lock", "conda-lock.yml"):
        return ours, of_conda_lock(yaml.load(path.read_text("utf8"), yaml.CBaseLoader))
    return ours, {normalized(one["name"]) for one in tomllib.loads(path.read_text("utf8")).get("package", [])}


def of_conda_lock(told: object) -> set[str]:
    """Names of the distributions, as plain YAML has them; of packages of conda, where it says so."""
    theirs: set[str] = set()
    places = {
        url
        for environment in table(told, "environments").values()
        for platform, listed in table(environment, "packages").items()
        if platform in ("linux-64", "linux-aarch64")
        for one in listed
        for url in table(one).values()
    }
    for one in table(told).get("packages") or table(told).get("package") or ():
        place = one.get("pypi") or one.get("conda") or one.get("url") or one.get("path") or ""
        pip = "pypi" in one or one.get("kind") == "pypi" or one.get("manager") == "pip"
        here = one.get("platform") in ("linux-64", "linux-aarch64") if "platform" in one else place in places
        purls = [text.partition("pkg:pypi/")[2] for text in strings(one.get("purls"))]
        theirs |= {normalized(re.split("[?@]", text)[0]) for text in purls if here}
        name = one.get("name") or place.rpartition("/")[2].rsplit("-", 2)[0]
        needs = {text.split()[0] for text in strings(one.get("depends"))} | set(
            table(one.get("dependencies"))
        )
        if here and pip:
            theirs.add(normalized(name))
        elif here and not purls and needs & {"python", "python_abi"} and name != "python":
            theirs.add(distribution_of(name))
    return theirs


def main(folders: list[str]) -> None:
    count: Counter[str] = Counter()
    for folder in folders:
        root = Path(folder).resolve()
        for path in sorted(root.rglob("*")):
            if SKIPPED & set(path.parts) or not path.is_file():
                continue
            name = str(path.relative_to(root))
            if REQUIREMENTS.fullmatch(path.name) or REQUIREMENTS.fullmatch("/".join(path.parts[-2:])):
                kind, (ours, theirs) = "requirements files", of_requirements(root, path)
            elif path.name == "pyproject.toml":
                kind, (ours, theirs) = "projects", of_project(root, path)
            elif path.name.startswith(("environment", "env")) and path.suffix in (".yml", ".yaml"):
                kind, (ours, theirs) = "environments of conda", of_environment(root, path)
            elif path.name == "pixi.toml":
                kind, (ours, theirs) = "manifests of pixi", of_pixi(root, path)
            elif path.name in READERS:
                kind, (ours, theirs) = "lock files", of_lock(root, path)
            else:
                continue
            count[kind] += 1
            count[f"distributions of {kind}"] += len(ours)
            for only, names in (("only ours", ours - theirs), ("not ours", theirs - ours)):
                if names:
                    count[only] += len(names)
                    print(f"{root.name}/{name}: {only}: {', '.join(sorted(names))}")
    print(", ".join(f"{number} {what}" for what, number in count.items()))


main(sys.argv[1:])
