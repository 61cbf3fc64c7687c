"""The simulated start-up ends as CPython's does: same exception, message, file and line."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.support import cpython, programs


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_a_random_program_ends_as_it_does_in_cpython(random: Random) -> None:
    files, entry = programs.program(random)
    with tempfile.TemporaryDirectory() as folder:
        real = cpython.really(files, entry, Path(folder, "program"))
    assume(real.exception != "RecursionError")  # the simulation stops following long before
    ours = cpython.outcome(cpython.simulated(files, entry))
    assert cpython.same(real, ours), (real, ours)


@given(st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_no_failure_is_certain_where_the_program_works(random: Random) -> None:
    files, entry = programs.program(random, doubtful=True)
    with tempfile.TemporaryDirectory() as folder:
        real = cpython.really(files, entry, Path(folder, "program"))
    if real.exception is None:
        assert cpython.outcome(cpython.simulated(files, entry)) == cpython.Outcome()
