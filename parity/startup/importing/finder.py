"""Where do the search paths of both worlds lead now, and what module is it that stands there?"""

from __future__ import annotations

from parity.model.location import Unknown
from parity.python.resolve import (
    STANDARD_LIBRARY,
    CompiledModule,
    NamespacePackage,
    Resolution,
    SourceModule,
    find,
)
from parity.startup.state.modules import Module, State
from parity.startup.state.world import World
from parity.tree.base import Absent, Entry, FileTree, Packed, join
from parity.tree.links import follow
from parity.tree.zipped import ZippedTree, archives


class Finder:
    """`sys.path` of one process, and what is found along it or a `__path__`."""

    def __init__(self, world: World, search_path: tuple[str, ...]) -> None:
        self.world = world
        self.search_path: list[str] = [*search_path, STANDARD_LIBRARY, *world.site]
        self.path_unknown: Unknown | None = world.site_unknown
        self.files: FileTree = world.files
        self._archives: dict[str, Packed | Unknown] = {}
        self._found: dict[tuple[str, tuple[str, ...], bool], Resolution] = {}
        self._open(tuple(self.search_path))

    def add(self, folder: str | None, position: int | None) -> None:
        """`sys.path.insert(position, folder)`, or append (None). An unknown folder may hold anything."""
        if folder is None:
            self.path_unknown = self.path_unknown or Unknown("the code adds an unknown folder to sys.path")
        elif position is None or position < 0:
            self.search_path.append(folder)
        else:
            self.search_path.insert(position, folder)
        self._open(() if folder is None else (folder,))
        self._found.clear()

    def remove(self, folder: str) -> None:
        """`sys.path.remove(folder)`, where it is there."""
        if folder in self.search_path:
            self.search_path.remove(folder)
            self._found.clear()

    def put_first(self, folders: tuple[str, ...]) -> None:
        """The program's own folders come to the front."""
        self.search_path[:] = dict.fromkeys((*folders, *self.search_path))
        self._open(folders)
        self._found.clear()

    def _open(self, entries: tuple[str, ...]) -> None:
        """CPython: a zip file on the search path is a folder to imports (`zipimport`), and to nothing else."""
        found = archives(self.world.files, entries)
        if found:
            self._archives |= found
            self.files = ZippedTree(self.world.files, self._archives)

    def local_folders(self) -> tuple[str, ...]:
        """The checkout's search path: what corresponds to each entry of the image's."""
        folders: dict[str, None] = {}
        for entry in self.search_path:
            if entry == STANDARD_LIBRARY or entry in self.world.site:
                continue
            folders.update(dict.fromkeys(self.world.counterpart(entry)))
        return tuple(folders)

    def make(
        self, name: str, found: Resolution, parent: Module | None, *, in_image: bool, where: str = ""
    ) -> Module | None:
        """A fresh module for what was found; None for what is not the project's.

        `where`: the folder of the image that it would be in, where that is known.
        """
        match found:
            case SourceModule() | CompiledModule():
                folder, _, file = found.path.rpartition("/")
                compiled_as = ""
                if in_image:
                    image_path = found.path
                    source, compiled_as = self.origin(found.path)
                    folders = (folder or "/",) if found.package else None
                    local = self._local_package(folder, source) if found.package else ()
                else:
                    source = found.path
                    image_path = self.would_be(name, parent, file, package=found.package, where=where)
                    folders = (image_path.rpartition("/")[0],) if found.package else None
                    local = (folder or "/",) if found.package else ()
                package = name if found.package else name.rpartition(".")[0]
                return Module(
                    name,
                    name,
                    image_path,
                    source,
                    folders,
                    local,
                    in_image,
                    package,
                    compiled_as=compiled_as,
                )
            case NamespacePackage():
                if in_image:
                    local = tuple(dict.fromkeys(c for f in found.folders for c in self.world.counterpart(f)))
                    return Module(name, name, "", "", found.folders, local, True, name)
                would = tuple(
                    dict.fromkeys(
                        self.would_be(name, parent, "x", package=True, where=where)[:-2]
                        for _ in found.folders
                    )
                )
                return Module(name, name, "", "", would, found.folders, False, name)
            case _:
                return None

    def make_file(self, name: str, path: str, folders: tuple[str, ...] | None = None) -> Module | None:
        """A fresh module of the file at this image path; of the checkout's, where only that has it."""
        answer = follow(self.files, path).answer
        if not isinstance(answer, Unknown | Absent):
            source, compiled_as = self.origin(path)
            in_image = True
        else:
            folder, _, file = path.rpartition("/")
            places = (join(local, file) for local in self.world.counterpart(folder or "/"))
            source = next((p for p in places if isinstance(self.world.checkout.lookup(p), Entry)), "")
            in_image, compiled_as = isinstance(answer, Unknown), ""
            if not source:
                return None
        package = name if folders is not None else name.rpartition(".")[0]
        return Module(
            name, name, path, source, folders, (), in_image, package, State.LOADED, compiled_as=compiled_as
        )

    def find(self, name: str, folders: tuple[str, ...], tree: FileTree, *, in_image: bool) -> Resolution:
        key = (name, folders, in_image)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = find(
                name, folders, tree, self.is_standard, self.world.python if in_image else None
            )
        return found

    def is_standard(self, name: str) -> bool:
        return self.world.standard(name) or name.partition(".")[0] in self.world.provided

    def would_be(self, name: str, parent: Module | None, file: str, *, package: bool, where: str = "") -> str:
        """Where the image would have this file, if it had it."""
        tail = name.rpartition(".")[2]
        folder = where or (
            parent.folders[0] if parent is not None and parent.folders else self.search_path[0]
        )
        if folder == STANDARD_LIBRARY:
            folder = "/"
        folder = folder.rstrip("/")
        return f"{folder}/{tail}/{file}" if package else f"{folder}/{file}"

    def origin(self, path: str) -> tuple[str, str]:
        """The checkout path that the image's file comes from, and of bytecode the name that it remembers."""
        answer = follow(self.files, path).answer
        if not isinstance(answer, Entry):
            return "", ""
        if (compiled := answer.compiled) is not None:
            return compiled.source.source or "", compiled.filename
        return answer.source or "", ""

    def _local_package(self, folder: str, source: str) -> tuple[str, ...]:
        own = (source.rpartition("/")[0] or "/",) if source else ()
        return tuple(dict.fromkeys((*own, *self.world.counterpart(folder or "/"))))

    def holds_python(self, package: NamespacePackage, depth: int = 2) -> bool:
        """Is there a module in these folders? A folder of data is a namespace package only in name."""
        todo = [(folder, 0) for folder in package.folders]
        while todo:
            folder, level = todo.pop()
            names = self.world.checkout.names(folder)
            if isinstance(names, Unknown):
                return True
            if any(name.endswith((".py", ".so", ".pyc")) for name in names):
                return True
            if level < depth:
                todo += [(folder + "/" + name, level + 1) for name in sorted(names)[:50] if "." not in name]
        return False

    def is_readable(self, module: Module) -> bool:
        """May the image's user read the file? Asked of permission bits that an instruction has set."""
        user = self.world.user
        if not module.in_image or user in (None, "", "root", "0"):
            return True
        answer = follow(self.files, module.image_path).answer
        if not isinstance(answer, Entry) or answer.mode is None or answer.owner is None:
            return True
        name = user.partition(":")[0]
        owner = answer.owner.partition(":")[0]
        if owner == name:
            return bool(answer.mode & 0o400)
        both_known = owner in ("0", "root") or (owner.isdigit() and name.isdigit())
        return (
            bool(answer.mode & 0o004) or not both_known or bool(answer.mode & 0o040 and ":" in answer.owner)
        )
