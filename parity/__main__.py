"""`python -m parity`, and the `parity` command."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Runs the command line and exits with its status."""
    # CPython: -m puts the current folder first on sys.path, and that is where the code is that must never run.
    here = os.getcwd()  # noqa: PTH109 - as CPython writes it
    sys.path[:] = [entry for entry in sys.path if entry not in ("", here)]
    gc.disable()  # the process ends soon, and nothing large of it is ever thrown away
    from parity.cli.app import run

    run()


if __name__ == "__main__":
    main()
