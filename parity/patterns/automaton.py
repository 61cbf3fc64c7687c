"""Which of many patterns does a path match, read once from left to right?

A nondeterministic automaton whose set of states is one integer: a bit a state, patterns side by side. Each
character costs a handful of operations on that integer, whatever the patterns are; nothing backtracks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from parity.patterns.go_regexp import (
    WORD,
    Assertion,
    CharacterClass,
    Characters,
    Folders,
    Place,
    Sequence,
    Times,
)

_MOST_CHARACTERS = 512  # characters whose masks are kept


class States(NamedTuple):
    """The states that some text leads to; `last` is its last character, "" at the start."""

    active: int
    last: str


class _Moves(NamedTuple):
    """What one character does: states it moves on by one, loops it stays in, `(.*/)?` it stays inside of."""

    on: int
    loop: int
    inside: int


def _mask(states: Iterable[int]) -> int:
    ones = bytearray()
    for state in states:
        if state >> 3 >= len(ones):
            ones.extend(bytes((state >> 3) - len(ones) + 1))
        ones[state >> 3] |= 1 << (state & 7)
    return int.from_bytes(ones, "little")


class Automaton:
    """Numbered sequences; `matches` gives the numbers of those that accept the text that was read.

    A state stands before an item of a sequence, the last one behind them all.
    """

    def __init__(self, sequences: Iterable[tuple[int, Sequence]]) -> None:
        literals: dict[str, list[int]] = defaultdict(list)
        classes: dict[CharacterClass, list[int]] = defaultdict(list)
        loops: dict[CharacterClass, list[int]] = defaultdict(list)
        assertions: dict[Place, list[int]] = defaultdict(list)
        folders: list[int] = []
        skippable: list[int] = []
        starts: list[int] = []
        self._accepts: dict[int, int] = {}
        state = 0
        for number, items in sequences:
            starts.append(state)
            for item in items:
                match item:
                    case Characters(str(char), Times.ONCE):
                        literals[char].append(state)
                    case Folders():
                        folders.append(state)
                        skippable.append(state)
                    case Assertion(place, optional):
                        assertions[place].append(state)
                        skippable.extend([state] * optional)
                    case Characters(among, times):
                        among = CharacterClass(((ord(among),) * 2,)) if isinstance(among, str) else among
                        (loops if times is Times.ANY else classes)[among].append(state)
                        skippable.extend([state] * (times is not Times.ONCE))
                state += 1
            self._accepts[state] = number
            state += 1
        self._literals = {char: _mask(states) for char, states in literals.items()}
        self._classes = {among: _mask(states) for among, states in classes.items()}
        self._loops = {among: _mask(states) for among, states in loops.items()}
        self._assertions = {place: _mask(states) for place, states in assertions.items()}
        self._folders = _mask(folders)
        self._skippable = _mask(skippable)
        self._accepting = _mask(self._accepts)
        self._moves: dict[str, _Moves] = {}
        self.start = States(self._skip(_mask(starts)), "")

    def read(self, states: States, text: str) -> States:
        """The states after reading on."""
        active, last = states
        if not active and text:
            return States(0, text[-1])
        for char in text:
            if self._assertions:
                active = self._assert(active, last, char)
            on, loop, inside = self._moves.get(char) or self._learn(char)
            active = self._skip((active & on) << 1 | active & loop) | active & inside
            last = char
        return States(active, last)

    def matches(self, states: States) -> Iterator[int]:
        """The numbers of the sequences that accept all that was read."""
        active = self._assert(states.active, states.last, "") if self._assertions else states.active
        left = active & self._accepting
        while left:
            lowest = left & -left
            yield self._accepts[lowest.bit_length() - 1]
            left ^= lowest

    def _skip(self, active: int) -> int:
        # A run of skippable states is crossed by the carry of one addition: from the lowest active state
        # of the run, all that follow change, up to the first state behind the run.
        run = self._skippable
        return active | (((active & run) + run) ^ run)

    def _assert(self, active: int, before: str, after: str) -> int:
        holding = self._assertions.get(Place.START, 0) if not before else 0
        if not after:
            holding |= self._assertions.get(Place.END, 0)
        boundary = (before != "" and before in WORD) != (after != "" and after in WORD)
        holding |= self._assertions.get(Place.WORD_BOUNDARY if boundary else Place.NO_WORD_BOUNDARY, 0)
        while (wider := active | self._skip((active & holding) << 1)) != active:
            active = wider
        return active

    def _learn(self, char: str) -> _Moves:
        on = self._literals.get(char, 0)
        for among, states in self._classes.items():
            on |= states if char in among else 0
        loop = 0
        for among, states in self._loops.items():
            loop |= states if char in among else 0
        if char == "/":
            on |= self._folders
        if len(self._moves) == _MOST_CHARACTERS:
            self._moves.clear()
        self._moves[char] = moves = _Moves(on, loop, self._folders if char != "\n" else 0)
        return moves
