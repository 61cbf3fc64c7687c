"""`python -m parity`, and the `parity` command."""

from __future__ import annotations


def main() -> None:
    """Runs the command line and exits with its status."""
    from parity.cli.app import run

    run()


if __name__ == "__main__":
    main()
