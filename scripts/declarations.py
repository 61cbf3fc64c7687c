"""Is every declaration of a project read? declarations.py FOLDER...

Each requirements file below the folders is read by `parity.python.packages` and by pip-requirements-parser (PyPI),
each requirement of a pyproject.toml by `packaging`, each lock file by its number of packages. Printed is whatever one
of the two does not have, and the counts.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from packaging.requirements import InvalidRequirement, Requirement
from pip_requirements_parser import InstallationError, RequirementsFile

from parity.model.location import Unknown
from parity.model.packages import normalized
from parity.python.packages.declared import declared
from parity.python.packages.distribution import may_apply
from parity.python.packages.locks.closure import Lock
from parity.python.packages.locks.read import READERS, read_lock
from parity.python.packages.project import Project, read_project, strings, table
from parity.python.packages.requirements import Asked, read_requirements
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
    poetry = project.table("tool", "poetry")
    groups = [table(group).get("dependencies") for group in table(poetry, "group").values()]
    for listed in (poetry.get("dependencies"), poetry.get("dev-dependencies"), *groups):
        theirs |= {normalized(name) for name in table(listed) if name != "python"}
    return ours, theirs


def of_lock(root: Path, path: Path) -> tuple[set[str], set[str]]:
    lock = read_lock("/" + str(path.parent.relative_to(root)), path.name, DiskTree(root))
    ours = {one.name for one in lock.packages if one.name} if isinstance(lock, Lock) else set()
    if path.name == "Pipfile.lock":
        return ours, ours
    return ours, {normalized(one["name"]) for one in tomllib.loads(path.read_text("utf8")).get("package", [])}


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
