"""One Python process of a start command, and the texts of what it runs."""

from __future__ import annotations

import ast

from msgspec import Struct

from parity.python.scan import ImportStatement, scan
from parity.startup.entrypoint import RunCode, RunFile, RunModule
from parity.startup.importing.trail import Edge
from parity.startup.simulate import Startup
from parity.tree.base import Entry, FileTree
from parity.tree.links import follow


class Process(Struct, frozen=True):
    """`dockerfile`: relative to the checkout's root."""

    startup: Startup
    checkout: FileTree
    dockerfile: str

    @property
    def mains(self) -> frozenset[str]:
        """The names of the modules that run as `__main__`."""
        loaded = {(one.name, one.image_path) for one in self.startup.modules}
        names: set[str] = set()
        for step in self.startup.entrypoint.steps:
            match step:
                case RunFile():
                    names |= {name for name, path in loaded if path == step.path}
                case RunModule():
                    package = f"{step.name}.__main__"
                    names.add(package if any(name == package for name, _ in loaded) else step.name)
                case RunCode():
                    names.add("-c")
                case _:
                    pass
        return frozenset(names)

    @property
    def lines_run(self) -> frozenset[int]:
        """Those of the import statements of `__main__` that are executed."""
        mains = self.mains
        sources = {one.source for one in self.startup.modules if one.name in mains and one.source}
        by_source = {line for path, line in self.startup.ran if path.lstrip("/") in sources}
        return frozenset(by_source | {edge.line for edge in self.startup.edges if edge.importer in mains})

    def is_imported(self, name: str) -> bool:
        """Does the process itself import the module?"""
        return any(edge.imported == name for edge in self.startup.edges)

    def statement(self, edge: Edge) -> ImportStatement | None:
        """The import statement that asked; None where something else did."""
        data = self.text(edge.image_path) or self._of_checkout(edge.path)
        if data is None:
            return None
        return next((one for one in scan(data) if one.line <= edge.line <= one.end_line), None)

    def text(self, image_path: str) -> bytes | None:
        """None: the image has no such file, or its text is not known."""
        tree = self.startup.importable
        data = tree.read(follow(tree, image_path).path) if image_path else None
        return data if isinstance(data, bytes) else None

    def is_made_at_start(self, module: str) -> bool:
        """By the script that starts the process, so that the built image has it not?"""
        found = next((one for one in self.startup.modules if one.name == module), None)
        entry = self.startup.importable.lookup(found.image_path) if found is not None else None
        made_by = entry.made_by if isinstance(entry, Entry) else None
        script = self.startup.entrypoint.command.location
        return made_by is not None and script is not None and made_by.path == script.path != self.dockerfile

    def _of_checkout(self, path: str) -> bytes | None:
        data = self.checkout.read(f"/{path}") if path else None
        return data if isinstance(data, bytes) else None


def absolute(statement: ImportStatement, package: str) -> str | None:
    """As it can stand in any module; None where it is relative to a package that is not known."""
    node = statement.as_ast()
    if isinstance(node, ast.ImportFrom) and node.level:
        parts = package.split(".")
        if not package or node.level > len(parts):
            return None
        base = ".".join(parts[: len(parts) - node.level + 1])
        node.module, node.level = f"{base}.{node.module}" if node.module else base, 0
    return ast.unparse(node)
