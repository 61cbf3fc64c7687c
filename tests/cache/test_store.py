"""Whatever happens to the folder of the cache, the answer is the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from parity.cache import store
from parity.cache.store import Store
from tests.support.remembering import Checks


def damaged(data: bytes) -> Iterator[bytes]:
    yield b""
    yield data[:10]
    yield data[:-1]
    yield data + b"x"
    for at in range(0, len(data), max(1, len(data) // 5)):
        yield data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_a_damaged_file_is_a_miss(settled: Checks) -> None:
    expected = settled.fresh()
    for file in settled.place.glob("*.answer"):
        whole = file.read_bytes()
        for data in damaged(whole):
            file.write_bytes(data)
            assert settled.ask() == expected
        assert file.read_bytes() == whole  # it was found again


def test_a_file_that_is_sound_and_says_something_else_is_a_miss(settled: Checks) -> None:
    kept = Store(settled.place)
    for file in settled.place.glob("*.answer"):
        kept.put(file.name.removesuffix(".answer"), b"\x93\x01\x02\x03")
    assert settled.ask() == settled.fresh()
    assert settled.checked == ["Dockerfile", "worker/Dockerfile"]


def a_file(place: Path) -> None:
    place.write_text("")


def below_a_file(place: Path) -> None:
    place.parent.joinpath("file").write_text("")


def a_link_to_nowhere(place: Path) -> None:
    place.symlink_to("nowhere/at/all")


@pytest.mark.parametrize("made", [a_file, a_link_to_nowhere])
def test_a_folder_that_cannot_be_made(checks: Checks, made: Callable[[Path], None]) -> None:
    made(checks.place)
    assert checks.ask() == checks.ask() == checks.fresh()
    assert checks.checked


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), PermissionError(13, "Permission denied")]
)
def test_a_disk_that_is_full_or_read_only(
    checks: Checks, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def failing(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "write_bytes", failing)
    assert checks.ask() == checks.ask() == checks.fresh()
    assert checks.checked
    assert list(checks.place.glob("*")) == []


def test_a_folder_that_others_write_to_is_not_used(checks: Checks) -> None:
    checks.place.mkdir()
    checks.place.chmod(0o777)
    checks.ask()
    assert list(checks.place.glob("*.answer")) == []


def test_a_file_of_somebody_else_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Store(tmp_path / "kept")
    kept.put("a", b"text")
    assert kept.get("a") == b"text"
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert kept.get("a") is None


def test_the_oldest_go_when_there_is_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_BYTES", 3 * 116)
    kept = Store(tmp_path / "kept")
    for age, key in enumerate("abcde"):
        kept.put(key, b"x" * 100)
        os.utime(tmp_path / f"kept/{key}.answer", (10_000 - age, 10_000 - age))
    (tmp_path / "kept/.old-1-2").write_bytes(b"")
    os.utime(tmp_path / "kept/.old-1-2", (1, 1))
    kept.prune()
    names = {file.name for file in (tmp_path / "kept").iterdir()}
    assert names == {"a.answer", "b.answer", "c.answer", "CACHEDIR.TAG"}


def test_an_answer_that_is_too_large_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LARGEST", 50)
    kept = Store(tmp_path / "kept")
    kept.put("a", b"x" * 40)
    assert kept.get("a") is None
