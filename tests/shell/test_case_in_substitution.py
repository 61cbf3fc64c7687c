"""`case` within `$(...)`: its patterns' `)` close nothing. Dash says what each comes to."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from parity.shell.quoting import end_of_quoted

INSIDE = [
    "case $1 in a) echo 1;; *) echo 2;; esac",
    "case $1 in (a) echo 1;; (*) echo 2;; esac",
    "true; case $1 in\n a|b) (echo 3);;\nesac; echo 4",
    "case a in a) case b in b) echo 5;; esac;; esac",
    'case a in a) echo ")" $(case b in b) echo 6;; esac);; esac',
    "echo case in z",
    "echo in case",
    "echo esac",
]


@pytest.mark.parametrize("inside", INSIDE)
def test_where_it_ends(inside: str) -> None:
    text = f"$({inside})x)"
    assert text[: end_of_quoted(text, 0)] == f"$({inside})"


@pytest.mark.skipif(shutil.which("dash") is None, reason="there is no dash to ask")
@pytest.mark.parametrize("inside", INSIDE)
def test_a_shell_reads_it_so(inside: str) -> None:
    done = subprocess.run(["dash", "-c", f"echo $({inside})x"], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("x\n")


def test_one_that_no_esac_ends_is_closed_at_once() -> None:
    """No shell takes it; the first `)` is as good as any, and it is found in time."""
    text = "$(case a in a) " * 20_000
    assert text[: end_of_quoted(text, 0)] == "$(case a in a)"
