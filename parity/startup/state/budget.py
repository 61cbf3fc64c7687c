"""How much of the start-up of one image is followed, and which bounds it has come to.

A bound that is reached is no answer: what stands behind it is not checked, and says so.
"""

from __future__ import annotations

from enum import Enum

from parity.model.location import Location, Unknown
from parity.model.version import PythonVersion
from parity.startup.state.values import Constant, FilePath, Items, Table, Value

RECURSION_LIMIT = 1000
"""CPython: `sys.getrecursionlimit()`, unless the program sets another."""
MOST_FRAMES = 4_000
"""Frames of Python that are followed where the program raises the limit."""
FRAMES_OF_AN_IMPORT = 12
"""CPython: what the import system needs at its deepest, while it looks for a module and reads it."""
MOST_STEPS = 500_000
"""Statements and expressions after which functions are not entered, and loops not repeated (some seconds)."""
STEPS_OF_A_LINE = 10
"""What a line of a module adds to these: what is bounded is what repeats, not what is there."""
FRAMES_OF_A_STEP = 2
"""Of a traceback: what it takes to write them down."""
LONGEST_TEXT = 100_000
"""Characters of a computed text."""
LONGEST_PATH = 4_096
"""Characters of a computed path. Linux: PATH_MAX."""
MOST_ELEMENTS = 5_000
"""Elements of a computed list or dict."""
MOST_KEPT = 50_000_000
"""Characters of all texts, and elements of all lists and dicts, that are computed."""


class Bound(Enum):
    """What is bounded, as the reader is told."""

    RECURSION = "Python's recursion limit"
    FRAMES = "nested calls"
    STEPS = "steps of a start-up"
    TEXT = "the length of a text"
    PATH = "the length of a path"
    ELEMENTS = "the elements of a list or dict"
    KEPT = "all the values that are computed"
    STACK = "the nesting of the code"


class Budget:
    """What is left for one image, whatever its processes: they are counted together."""

    def __init__(self) -> None:
        self.steps = 0
        self.most_steps = MOST_STEPS
        self.kept = 0
        self.reached: dict[Bound, Unknown] = {}

    def too_large(self, value: Value) -> tuple[Bound | None, int]:
        """Which bound the value exceeds, if any. Counts what is kept of it."""
        match value:
            case Constant():
                if isinstance(value.value, str | bytes):
                    self.kept += len(value.value)
                    if len(value.value) > LONGEST_TEXT:
                        return Bound.TEXT, LONGEST_TEXT
            case FilePath():
                self.kept += len(value.text)
                if len(value.text) > LONGEST_PATH:
                    return Bound.PATH, LONGEST_PATH
            case Items():
                self.kept += len(value.elements)
                if len(value.elements) > MOST_ELEMENTS:
                    return Bound.ELEMENTS, MOST_ELEMENTS
            case Table():
                self.kept += len(value.entries)
                if len(value.entries) > MOST_ELEMENTS:
                    return Bound.ELEMENTS, MOST_ELEMENTS
        return (Bound.KEPT, MOST_KEPT) if self.kept > MOST_KEPT else (None, 0)

    def reach(self, bound: Bound, what: str, place: Location) -> None:
        """The first place where each bound is reached is told."""
        if bound not in self.reached:
            text = f"not followed any further ({bound.value}): {what}"
            self.reached[bound] = Unknown(text, place if place.path else None)


def frames_of_a_module(python: PythonVersion | None) -> int:
    """The frames from an `import` to the body of the module that it loads.

    CPython: `_find_and_load`, `_find_and_load_unlocked`, `_load_unlocked`, `exec_module`,
    `_call_with_frames_removed` and the module itself; before 3.12 `exec`, which is written in C, counts as one.
    """
    return 7 if python is not None and python < (3, 12) else 6


def frames_of_a_parent(python: PythonVersion | None) -> int:
    """From the import of a submodule to that of its package.

    CPython: `_find_and_load`, `_find_and_load_unlocked`, `_call_with_frames_removed`; before 3.12 the call in C, too.
    """
    return 3 + frames_of_a_call_from_c(python)


def frames_of_a_call_from_c(python: PythonVersion | None) -> int:
    """What C adds between two functions of Python. CPython: before 3.12 its calls count, too."""
    return 1 if python is not None and python < (3, 12) else 0
