"""Which files does pdm-backend put into a wheel? (pdm-backend: `base.py`, `config.py`, `wheel.py`)"""

from __future__ import annotations

from collections.abc import Callable

from parity.model.location import Unknown
from parity.packages.project import Project, strings
from parity.packages.selection import Contents, Piece
from parity.patterns.globs import is_glob, matches, matches_or_holds
from parity.tree.base import Absent, Entry, FileKind, FileTree, join, within
from parity.tree.links import follow


def contents(project: Project, files: FileTree) -> Contents:
    build = project.table("tool", "pdm", "build")
    hook = build.get("custom-hook", "pdm_build.py")
    custom = isinstance(hook, str) and not isinstance(files.lookup(join(project.root, hook)), Absent)
    includes, excludes = strings(build.get("includes")), strings(build.get("excludes"))
    package_dir = _package_dir(project, files, build.get("package-dir"), includes, excludes)
    top = join(project.root, package_dir or ".")
    if not includes:
        names = _packages(files, top)
        if isinstance(names, Unknown):
            return Contents(roots=(top,), unknown=names.reason)
        prefix = f"{package_dir}/" if package_dir else ""
        includes = tuple(prefix + name for name in names) or (f"{prefix}*.py",)
    left_out = (*excludes, *(strings(build.get("source-includes")) or ("tests",)), ".pdm-build")
    pieces = []
    for include in includes:
        include = join("/", include.removesuffix("/**"))[1:]
        own = tuple(one for one in left_out if not _wins(include, one))
        if is_glob(include):
            kept = _kept("", own)
            pieces.append(_globbed(project, include, package_dir, kept))
        else:
            pieces.append(
                Piece(join(project.root, include), _moved(include, package_dir), _kept(include, own))
            )
    version = project.table("tool", "pdm", "version").get("write_to")
    generated = (join(top, version),) if isinstance(version, str) else ()
    unknown = "its build runs code of its own" if custom or build.get("run-setuptools") else ""
    return Contents(tuple(pieces), (top,), generated=generated, unknown=unknown)


def _package_dir(
    project: Project, files: FileTree, given: object, includes: tuple[str, ...], excludes: tuple[str, ...]
) -> str:
    if isinstance(given, str):
        return join("/", given)[1:]
    answer = follow(files, join(project.root, "src")).answer
    is_folder = isinstance(answer, Unknown) or (
        isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY
    )
    below = any(one == "src" or one.startswith("src/") for one in includes)
    if (is_folder and not includes) or (below and "src" not in excludes and "src/" not in excludes):
        return "src"
    return ""


def _packages(files: FileTree, top: str) -> tuple[str, ...] | Unknown:
    names = files.names(follow(files, top).path)
    if isinstance(names, Unknown):
        return names
    found = []
    for name in sorted(names - {"__pycache__", "__pypackages__", "tests"}):
        answer = follow(files, join(join(top, name), "__init__.py")).answer
        stub = (
            follow(files, join(join(top, name), "__init__.pyi")).answer if name.endswith("-stubs") else None
        )
        if isinstance(answer, Entry | Unknown) or isinstance(stub, Entry):
            found.append(name)
    return tuple(found)


def _moved(path: str, package_dir: str) -> str:
    if package_dir and within(path, package_dir):
        return path[len(package_dir) :].lstrip("/")
    return path


def _wins(include: str, exclude: str) -> bool:
    """pdm-backend: `_merge_globs`: of the same path, the more concrete one decides."""
    one, other = include.rstrip("/"), exclude.rstrip("/")
    return one == other or (within(one, other) and not is_glob(other) and one.count("/") > other.count("/"))


def _kept(top: str, left_out: tuple[str, ...]) -> Callable[[str], bool]:
    def kept(path: str) -> bool:
        whole = f"{top}/{path}" if top else path
        if path.endswith(".pyc") or "__pycache__" in path.split("/"):
            return False
        return not any(matches_or_holds(pattern, whole) for pattern in left_out)

    return kept


def _globbed(project: Project, include: str, package_dir: str, kept: Callable[[str], bool]) -> Piece:
    """The wildcard may match files, which are taken, or folders, of which all is."""
    top = package_dir if package_dir and include.startswith(package_dir + "/") else ""
    pattern = include[len(top) :].lstrip("/") if top else include

    def wanted(path: str) -> bool:
        whole = f"{top}/{path}" if top else path
        return kept(whole) and (matches(pattern, path, hidden=False) or matches_or_holds(pattern, path))

    return Piece(join(project.root, top or "."), "", wanted)
