"""A stack on which Python code can be followed as deep as Python itself goes.

One frame of the program that is followed takes a score of frames here: with the usual limit, the replay would end
long before the program does.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

SIZES = (512 << 20, 128 << 20, 32 << 20)
"""Bytes, the largest first that the system grants. Only what is used of it takes memory."""
BYTES_OF_A_FRAME = 4 << 10
"""CPython: what a frame takes of the stack where C calls Python. Where Python calls Python, it is next to nothing."""


def on_deep_stack(work: Callable[[], T]) -> T:
    """What `work` returns or raises. It runs in a thread of its own while this one waits.

    Where the system grants no thread, it runs here, with the limit as it is.
    """
    outcome: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:  # whoever waits raises it
            failure.append(error)

    usual = sys.getrecursionlimit()
    for size in SIZES:
        try:
            sys.setrecursionlimit(max(usual, size // BYTES_OF_A_FRAME))
            thread = _started(run, size)
            if thread is None:
                continue
            thread.join()
        finally:
            sys.setrecursionlimit(usual)
        if failure:
            raise failure[0]
        return outcome[0]
    return work()


def _started(run: Callable[[], None], size: int) -> threading.Thread | None:
    """The thread, with so many bytes of stack; None where the system does not grant it."""
    thread = threading.Thread(target=run, daemon=True)  # an interrupt need not wait for it
    usual = threading.stack_size()
    try:
        threading.stack_size(size)
        thread.start()
    except (ValueError, RuntimeError, MemoryError):
        return None
    finally:
        threading.stack_size(usual)
    return thread
