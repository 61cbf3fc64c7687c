"""The answer to `graph`: which module imports which, and what is wrong with some of them."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct


class ModuleState(Enum):
    """`MISSING`: not in the image. `BROKEN`: there, and it does not compile or asks for what is not bound."""

    PRESENT = "present"
    MISSING = "missing"
    BROKEN = "broken"


class GraphModule(Struct, frozen=True):
    """`path` in the checkout, "" where it has none; `entry`: the start command names it; `cycle` from 1, or 0."""

    name: str
    path: str
    image_path: str
    state: ModuleState
    entry: bool = False
    cycle: int = 0


class GraphImport(Struct, frozen=True):
    """`importer` imports `imported` on `line` of `path`; `deferred`: only when a function is called."""

    importer: str
    imported: str
    path: str
    line: int
    deferred: bool = False


class ImageGraph(Struct, frozen=True):
    """The modules that one image's start-up reaches, and their imports; `cycles` from the first on."""

    dockerfile: str
    target: str | None
    command: tuple[str, ...]
    modules: tuple[GraphModule, ...]
    imports: tuple[GraphImport, ...]
    cycles: tuple[tuple[str, ...], ...]

    def in_cycle(self, one: GraphImport) -> bool:
        """Does this import close a cycle, or lead on in one?"""
        return any(one.importer in cycle and one.imported in cycle for cycle in self.cycles)
