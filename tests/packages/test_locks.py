"""A lock file is parsed once, however often it is asked for."""

from __future__ import annotations

from parity.packages.locks.closure import Lock
from parity.packages.locks.read import read_lock
from parity.tree.memory import MemoryTree

UV_LOCK = 'version = 1\n[[package]]\nname = "flask"\nversion = "3.0"\nsource = { registry = "index" }\n'


def test_the_same_text_gives_the_same_lock() -> None:
    first = read_lock("/", "uv.lock", MemoryTree({"uv.lock": UV_LOCK}))
    assert isinstance(first, Lock)
    assert read_lock("/", "uv.lock", MemoryTree({"uv.lock": UV_LOCK})) is first


def test_a_changed_lock_is_read_anew() -> None:
    before = read_lock("/", "uv.lock", MemoryTree({"uv.lock": UV_LOCK}))
    after = read_lock("/", "uv.lock", MemoryTree({"uv.lock": UV_LOCK.replace("3.0", "3.1")}))
    assert isinstance(before, Lock)
    assert isinstance(after, Lock)
    assert (before.packages[0].version, after.packages[0].version) == ("3.0", "3.1")
