"""Which files does flit put into a wheel? (flit_core: `common.Module`, `wheel.py`)"""

from __future__ import annotations

from parity.model.location import Unknown
from parity.packages.project import Project
from parity.packages.selection import Contents, Piece, is_code
from parity.tree.base import Entry, FileKind, FileTree, join
from parity.tree.links import follow


def contents(project: Project, files: FileTree) -> Contents:
    raw = project.table("tool", "flit", "module").get("name") or project.table(
        "tool", "flit", "metadata"
    ).get("module")
    if not isinstance(raw, str):
        raw = project.table("project").get("name")
        raw = raw.replace("-", "_") if isinstance(raw, str) else ""
    path = raw.replace(".", "/")
    doubt = ""
    for folder in (project.root, join(project.root, "src")):
        for name, kind in ((path, FileKind.DIRECTORY), (f"{path}.py", FileKind.FILE)):
            answer = follow(files, join(folder, name)).answer
            if isinstance(answer, Entry) and answer.kind is kind:
                return Contents((Piece(join(folder, name), name, _wanted),), (folder,))
            if isinstance(answer, Unknown):
                doubt = answer.reason
    return Contents(unknown=doubt) if doubt else Contents(failure=f"flit finds no module {raw}")


def _wanted(path: str) -> bool:
    return all(is_code(part) for part in path.split("/"))
