"""The written tables of programs and installers are what the files say."""

from __future__ import annotations

import pytest

from scripts.write_registries import ROOMS, names
from tests.conftest import ROOT


@pytest.mark.parametrize("room", ROOMS)
def test_they_are_written_anew(room: str) -> None:
    """If it fails: python scripts/write_registries.py."""
    assert (ROOT / "parity" / room / "names.py").read_text("utf8") == names(room)
