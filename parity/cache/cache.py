"""The answers of earlier runs: each is good as long as the disk says what it said then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from parity.cache.store import Store
from parity.cache.tool import tool_digest
from parity.cache.trace import Trace, trace_of
from parity.cache.verify import Disk
from parity.tree.notes import digest_of, noted

T = TypeVar("T")


class _Kept(Struct, array_like=True):
    trace: Trace
    answer: msgspec.Raw


class Cache:
    """`place`: the folder that holds them."""

    def __init__(self, place: Path) -> None:
        self.store = Store(place)
        self.tool = tool_digest(self.store)
        self.disk = Disk()
        self._missed = False

    def key(self, *question: object) -> str | None:
        """What an answer is kept under. `question`: everything that it depends on but files.

        None for what cannot be written down: a path that is no UTF-8.
        """
        try:
            return digest_of(self.tool.encode() + _encoded(question))
        except UnicodeError:
            return None

    def known(self, key: str, kind: type[T]) -> T | None:
        """The answer, if it was given once and still holds."""
        answer = self._known(key, kind)
        self._missed = self._missed or answer is None
        return answer

    def _known(self, key: str, kind: type[T]) -> T | None:
        data = self.store.get(key)
        if data is None:
            return None
        try:
            kept = msgspec.msgpack.decode(data, type=_Kept)
            answer = msgspec.msgpack.decode(kept.answer, type=kind, dec_hook=_from_text)
        except (msgspec.MsgspecError, UnicodeError, ValueError, RecursionError):
            return None
        renewed = self.disk.renewed(kept.trace)
        if renewed is None:
            return None
        if renewed is not kept.trace:
            self._keep(key, renewed, kept.answer)
        return answer

    def found(self, key: str, ask: Callable[[], T]) -> T:
        """The answer that `ask` gives now, which is kept with all that it rests on."""
        with noted() as notes:
            answer = ask()
        trace = trace_of(notes)
        if trace is not None:
            self._keep(key, trace, answer)
        return answer

    def answer(self, key: str | None, kind: type[T], ask: Callable[[], T]) -> T:
        """The known one, or what `ask` finds."""
        if key is None:
            return ask()
        known = self.known(key, kind)
        return known if known is not None else self.found(key, ask)

    def end(self) -> None:
        """Nothing more is asked in this run."""
        if self._missed:  # so something was written, by this process or another one
            self.store.prune()

    def _keep(self, key: str, trace: Trace, answer: Any) -> None:
        try:
            self.store.put(key, _encoded((trace, answer)))
        except UnicodeError:
            pass


def _encoded(value: object) -> bytes:
    return msgspec.msgpack.encode(value, enc_hook=_as_text, order="deterministic")


def _as_text(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(type(value))


def _from_text(kind: type[Any], value: Any) -> Any:
    if issubclass(kind, Path):
        return Path(value)
    raise NotImplementedError(kind)
