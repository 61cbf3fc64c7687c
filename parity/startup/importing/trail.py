"""Which modules does the start-up ask for, and from where: those of the project, and those of others?"""

from __future__ import annotations

from msgspec import Struct

from parity.python.outside import OutsideImport
from parity.startup.state.failures import RaisedValue, builtin_bases
from parity.startup.state.machine import Machine


class Edge(Struct, frozen=True):
    """`importer` (a module name) asked for `imported` on `line` of the checkout file `path`."""

    importer: str
    imported: str
    path: str
    line: int
    image_path: str


class Trail:
    """What the imports of one `Machine` leave behind."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.edges: dict[tuple[str, str], Edge] = {}
        self.outside: dict[tuple[str, tuple[str, ...]], OutsideImport] = {}
        self.looked_for: set[str] = set()
        self._done_without: set[tuple[str, str]] = set()
        """File and top-level name: it has a handler for the import of that package."""

    def note_edge(self, imported: str) -> None:
        if self.machine.frames:
            frame = self.machine.frames[-1]
            key = (frame.module.shown, imported)
            if key not in self.edges:
                self.edges[key] = Edge(
                    frame.module.shown,
                    imported,
                    frame.module.source.lstrip("/"),
                    frame.line,
                    frame.module.image_path,
                )

    def note_outside(self, name: str, parts: tuple[str, ...]) -> None:
        """Unless a handler gets over its failure, or the module is imported only if a question for it says so.

        A file that has tried the package's import knows how to do without: what it asks for further on, in the
        `else` of that `try`, say, it asks for where the package is there.
        """
        machine, top = self.machine, name.partition(".")[0]
        asked_first = machine.uncertain and top in self.looked_for
        if asked_first or not machine.frames:
            return
        tried = (machine.place().path, top)
        error = RaisedValue("ModuleNotFoundError", builtin_bases("ModuleNotFoundError"))
        if machine.gets_over(error):
            self._done_without.add(tried)
        if tried in self._done_without:
            return
        before = self.outside.get((name, parts))
        if before is None or (before.may_not_run and not machine.uncertain):
            self.outside[name, parts] = OutsideImport(
                name, parts, machine.chain(), machine.place(), machine.uncertain > 0, machine.occasion
            )
