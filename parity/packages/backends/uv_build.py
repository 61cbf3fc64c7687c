"""Which files does uv's own backend put into a wheel? (uv: `uv-build-backend/src/{settings,wheel}.rs`)"""

from __future__ import annotations

from parity.model.location import Unknown
from parity.packages.project import Project, strings
from parity.packages.selection import Contents, Piece
from parity.patterns.globs import matches, matches_or_holds
from parity.tree.base import Absent, FileTree, join
from parity.tree.links import follow

ALWAYS = ("__pycache__", "*.pyc", "*.pyo")


def contents(project: Project, files: FileTree) -> Contents:
    settings = project.table("tool", "uv", "build-backend")
    root = settings.get("module-root")
    top = join(project.root, root if isinstance(root, str) else "src")
    names = strings(settings.get("module-name")) or (project.name,)
    left_out = strings(settings.get("wheel-exclude")) + strings(settings.get("source-exclude"))
    always = ALWAYS if settings.get("default-excludes") is not False else ()
    above = top[len(project.root) :].strip("/")
    pieces = []
    for name in names:
        path = name.replace(".", "/")
        initial = follow(
            files, join(top, f"{path}/__init__.py{'i' if path.endswith('-stubs') else ''}")
        ).answer
        if isinstance(initial, Absent) and settings.get("namespace") is not True:
            return Contents(roots=(top,), failure=f"uv finds no package {path} in {top}")
        if isinstance(initial, Unknown):
            return Contents(roots=(top,), unknown=initial.reason)

        def wanted(inside: str, start: str = f"{above}/{path}".strip("/")) -> bool:
            if any(matches(pattern, part) for part in inside.split("/") for pattern in always):
                return False
            return not any(_excludes(pattern, f"{start}/{inside}") for pattern in left_out)

        pieces.append(Piece(join(top, path), path, wanted))
    return Contents(tuple(pieces), (top,))


def _excludes(pattern: str, path: str) -> bool:
    """A pattern that begins with a slash is anchored at the project; it excludes a folder only by `/**`."""
    if pattern.startswith("/"):
        return matches(pattern[1:], path)
    return matches_or_holds(pattern, path) or matches_or_holds(f"**/{pattern}", path)
