"""The layers of an image laid over each other: which one has the file at a path, and where in it?

OCI image specification, layer.md: `.wh.NAME` takes away what lower layers have at NAME, `.wh..wh..opq` all that they
have in the folder. Names never lead out of the image, nor do links (containerd: `archive.Apply`, `fs.RootPath`).
"""

from __future__ import annotations

from msgspec import Struct

from parity.archive.members import Member, Walk
from parity.model.errors import ParityError
from parity.tree.base import FileKind, child, clean

WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"
META = ".wh..wh."
"""AUFS: its own files begin so; no layer has a file of that name."""
MOST_MEMBERS = 4_000_000
MOST_NAMED = 500_000_000
"""Characters in the names of all members."""
DEEPEST = 1_000
MOST_LINKS = 40


class Node(Struct):
    """What is at a path.

    `layer`     the number of the layer that put it there
    `held_in`   the layer, and `offset` the place in it, of its `size` bytes; an offset of None: they are not known
    `children`  of a folder
    """

    kind: FileKind
    layer: int
    mode: int = 0o755
    owner: str = "0:0"
    target: str = ""
    held_in: int = 0
    offset: int | None = None
    size: int = 0
    children: dict[str, Node] | None = None


class Merged:
    """Grows by a layer at a time. `removed`: the paths that whiteouts name, with the last layer that does so."""

    def __init__(self) -> None:
        self.root = Node(FileKind.DIRECTORY, -1, children={})
        self.removed: dict[str, int] = {}
        self._members = 0
        self._named = 0

    def node(self, path: str) -> Node | None:
        """What is at exactly this path; links are not followed."""
        at: Node | None = self.root
        for part in path.split("/")[1:] if path != "/" else ():
            if at is None or at.children is None:
                return None
            at = at.children.get(part)
        return at

    def add(self, layer: int, members: Walk, name: str) -> None:
        """Lays the next layer over the others. Raises ParityError for one that no engine would take."""
        for member in members:
            self._members += 1
            self._named += len(member.name)
            if self._members > MOST_MEMBERS or self._named > MOST_NAMED:
                raise ParityError(f"{name} is not read: the image has more than {MOST_MEMBERS:,} files")
            self._add(layer, member, name)

    def _add(self, layer: int, member: Member, name: str) -> None:
        path = clean(member.name)
        if path.count("/") > DEEPEST:
            raise ParityError(f"{name} is not read: folders lie in each other more than {DEEPEST:,} deep")
        if path == "/":
            self.root.mode, self.root.owner = member.mode, member.owner
            return
        above, _, last = path.rpartition("/")
        folder, place = self._folder(above, layer, name)
        inside = folder.children
        assert inside is not None
        if last == OPAQUE:
            _forget(folder, layer)
        elif last.startswith(META):
            pass
        elif last.startswith(WHITEOUT):
            gone = last.removeprefix(WHITEOUT)
            inside.pop(gone, None)
            self.removed[child(place, gone)] = layer
        else:
            inside[last] = self._made(layer, member, inside.get(last))

    def _made(self, layer: int, member: Member, before: Node | None) -> Node:
        made = Node(FileKind.FILE, layer, member.mode, member.owner)
        match member.kind:
            case FileKind.DIRECTORY:
                made.kind = FileKind.DIRECTORY
                kept = before.children if before is not None else None
                made.children = {} if kept is None else kept
            case FileKind.SYMLINK:
                made.kind, made.target, made.mode = FileKind.SYMLINK, member.link, 0o777
            case FileKind.FILE:
                made.held_in, made.offset, made.size = layer, member.offset, member.size
            case None:
                linked = self.node(clean(member.link))
                if linked is not None and linked.kind is not FileKind.DIRECTORY:
                    made.kind, made.target, made.mode = linked.kind, linked.target, linked.mode
                    made.held_in, made.offset, made.size = linked.held_in, linked.offset, linked.size
        return made

    def _folder(self, path: str, layer: int, name: str) -> tuple[Node, str]:
        """The folder that a member is put into, and its path. Links are followed; what is not there is made."""
        way: list[tuple[str, Node]] = []
        todo = path.split("/")[:0:-1]
        links = 0
        while todo:
            part = todo.pop()
            if part in ("", "."):
                continue
            if part == "..":
                del way[-1:]
                continue
            at = way[-1][1] if way else self.root
            assert at.children is not None
            found = at.children.get(part)
            if found is None:
                found = at.children[part] = Node(FileKind.DIRECTORY, layer, children={})
            if found.kind is FileKind.SYMLINK and links < MOST_LINKS:
                links += 1
                if found.target.startswith("/"):
                    way.clear()
                todo += found.target.split("/")[::-1]
            elif found.children is None:
                raise ParityError(
                    f"{name} is damaged: it has something below {path}, where {part} is no folder"
                )
            else:
                way.append((part, found))
        return (way[-1][1] if way else self.root), "/" + "/".join(part for part, _ in way)


def _forget(folder: Node, layer: int) -> None:
    """Takes away what lower layers have in the folder; what this one has stays, with the folders around it."""
    todo: list[tuple[Node, bool]] = [(folder, False)]
    while todo:
        at, is_done = todo.pop()
        assert at.children is not None
        if not is_done:
            todo.append((at, True))
            todo += [(one, False) for one in at.children.values() if one.children is not None]
            continue
        at.children = {name: one for name, one in at.children.items() if one.layer == layer or one.children}
