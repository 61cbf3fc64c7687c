"""Which files does poetry-core put into a wheel? (poetry-core: `masonry/{utils/module,builders/wheel}.py`)"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from parity.model.location import Unknown
from parity.packages.project import Project, strings
from parity.packages.selection import Contents, Piece
from parity.patterns.globs import is_glob, matches_or_holds
from parity.tree.base import Entry, FileKind, FileTree, join
from parity.tree.links import follow


def contents(project: Project, files: FileTree) -> Contents:
    poetry = project.table("tool", "poetry")
    given = poetry.get("packages")
    tables = [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []
    if not tables:
        default = _default(project, files)
        if default is None:
            return Contents(failure=f"poetry finds no folder or file {project.name}")
        if isinstance(default, Unknown):
            return Contents(unknown=default.reason)
        tables = [default]
    tables = [one for one in tables if "wheel" in (strings(one.get("format")) or ("wheel",))]
    excluded = strings(poetry.get("exclude"))
    pieces: list[Piece] = []
    roots: dict[str, None] = {}
    for one in tables:
        include, source, target = (one.get(key) for key in ("include", "from", "to"))
        if not isinstance(include, str):
            continue
        base = join(project.root, source if isinstance(source, str) else ".")
        roots[base] = None
        pieces.append(_piece(project, base, include, target if isinstance(target, str) else "", excluded))
    data: list[tuple[str, tuple[str, ...]]] = []
    included = poetry.get("include")
    for extra in included if isinstance(included, list) else ():
        if isinstance(extra, Mapping) and "wheel" in strings(extra.get("format")):
            if isinstance(path := extra.get("path"), str):
                pieces.append(_piece(project, project.root, path, "", ()))
        elif isinstance(extra, str) and not is_glob(extra):
            # Before poetry-core 2 these went into wheels, since then into source archives only.
            data.append((extra, ()))
    builds = "its build runs code of its own" if poetry.get("build") else ""
    return Contents(tuple(pieces), tuple(roots), data=tuple(data), unknown=builds)


def _piece(project: Project, base: str, include: str, target: str, excluded: tuple[str, ...]) -> Piece:
    prefix = f"{target.strip('/')}/" if target.strip("/") else ""
    if not is_glob(include):
        source = join(base, include)
        return Piece(source, prefix + join("/", include)[1:], _kept(project, source, excluded))
    kept = _kept(project, base, excluded)
    return Piece(base, prefix.rstrip("/"), lambda path: matches_or_holds(include, path) and kept(path))


def _kept(project: Project, top: str, excluded: tuple[str, ...]) -> Callable[[str], bool]:
    above = top[len(project.root) :].strip("/") if top != project.root else ""

    def kept(path: str) -> bool:
        if path.endswith(".pyc") or "__pycache__" in path.split("/"):
            return False
        whole = f"{above}/{path}" if above else path
        return not any(matches_or_holds(pattern, whole) for pattern in excluded)

    return kept


def _default(project: Project, files: FileTree) -> Mapping[str, object] | Unknown | None:
    name = project.name
    doubt: Unknown | None = None
    for folder in (".", "src"):
        for include, kind in ((name, FileKind.DIRECTORY), (f"{name}.py", FileKind.FILE)):
            answer = follow(files, join(join(project.root, folder), include)).answer
            if isinstance(answer, Entry) and answer.kind is kind:
                return {"include": include, "from": folder}
            if isinstance(answer, Unknown) and not answer.no_modules:
                doubt = doubt or answer
    return doubt
