"""The written tables of programs, installers and deployments are what the files say.

If one fails: python scripts/write_registries.py.
"""

from __future__ import annotations

import pytest

from scripts.write_registries import ROOMS, formats, names
from tests.conftest import ROOT


@pytest.mark.parametrize("room", ROOMS)
def test_programs_are_written_anew(room: str) -> None:
    assert (ROOT / "parity" / room / "names.py").read_text("utf8") == names(room)


def test_deployments_are_written_anew() -> None:
    assert (ROOT / "parity/deployments/registry.py").read_text("utf8") == formats()
