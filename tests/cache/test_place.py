from __future__ import annotations

from pathlib import Path

import pytest

from parity.cache.place import cache_folder
from parity.model.errors import ParityError
from tests.support.remembering import Checks


def test_it_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    assert cache_folder(None, tmp_path / "project") == tmp_path / "home/parity"


def test_none_is_in_the_repository_that_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "project/.git").mkdir(parents=True)
    (tmp_path / "project/api").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "project/.cache"))
    assert cache_folder(None, tmp_path / "project/api") is None
    (tmp_path / "home").symlink_to("project/.cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    assert cache_folder(None, tmp_path / "project/api") is None


def test_a_folder_that_is_named_may_be_anywhere(tmp_path: Path) -> None:
    assert cache_folder(tmp_path / "project/.cache", tmp_path / "project") == tmp_path / "project/.cache"


def test_a_name_that_means_nothing(tmp_path: Path) -> None:
    with pytest.raises(ParityError, match="is no folder for a cache"):
        cache_folder(Path(), tmp_path)


def test_no_cache_makes_no_folder(checks: Checks) -> None:
    checks.ask("--no-cache")
    assert not checks.place.exists()


def test_no_cache_takes_no_answer(settled: Checks) -> None:
    settled.ask("--no-cache")
    assert settled.checked == ["Dockerfile", "worker/Dockerfile"]
