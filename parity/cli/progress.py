"""What is being looked at, where a look takes long: one line of a terminal, gone when the answer comes."""

from __future__ import annotations

import os
import sys
import threading
import time
from types import TracebackType

PATIENCE = 1.0
"""Seconds before anything is shown, and how it is renewed then."""
_RENEWED = 0.2


class Progress:
    """Shows `say`'s last text on standard error, if that is a terminal, once `PATIENCE` is over."""

    def __init__(self) -> None:
        self._text = ""
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def say(self, text: str) -> None:
        self._text = text

    def __enter__(self) -> Progress:
        if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            self._thread = threading.Thread(target=self._show, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def _show(self) -> None:
        from parity.formats.safe import safe

        started = time.monotonic()
        wait, shown = PATIENCE, False
        while not self._done.wait(wait):
            wait, shown = _RENEWED, True
            width = max(os.get_terminal_size(sys.stderr.fileno()).columns - 1, 10)
            line = f"{time.monotonic() - started:.0f} s  {safe(self._text)}"
            sys.stderr.write(f"\r{line[:width]}\x1b[K")
            sys.stderr.flush()
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
