"""Each test here adds one file to a copy of the package and runs it: the how-to that cannot rot."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.extended import ExtendedCopy


@pytest.fixture
def copy(tmp_path: Path) -> ExtendedCopy:
    return ExtendedCopy(tmp_path / "copy")
