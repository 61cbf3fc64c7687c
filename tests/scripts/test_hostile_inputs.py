"""Hostile projects, kills and full disks: a few of each always, thousands where they are asked for."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.support.corpus import KINDS, drawn

FEW = 4
MANY = int(os.environ.get("PARITY_HOSTILE", "0"))


def run(script: str, *arguments: str) -> None:
    """Fails with what the script prints, which names each input: `--only` takes it alone."""
    command = [sys.executable, str(ROOT / "scripts" / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_a_few_of_each_kind(kind: str) -> None:
    run("hostile_inputs.py", "--seed", "3", "--count", str(FEW), "--kind", kind)


@pytest.mark.hostile
@pytest.mark.skipif(not MANY, reason="PARITY_HOSTILE says how many")
@pytest.mark.parametrize("kind", KINDS)
def test_many_of_each_kind(kind: str) -> None:
    run("hostile_inputs.py", "--seed", "1", "--count", str(MANY), "--kind", kind)


def test_no_kill_and_no_full_disk_cuts_a_file() -> None:
    run("kills.py", "--count", "12")


@pytest.mark.hostile
@pytest.mark.skipif(not MANY, reason="PARITY_HOSTILE says how many")
def test_five_hundred_kills() -> None:
    run("kills.py", "--count", "500")


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_draws_the_same_again(kind: str) -> None:
    assert [drawn(kind, 1, n) for n in range(50)] == [drawn(kind, 1, n) for n in range(50)]
