"""`python -m parity`, and the `parity` command."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Runs the command line and exits with its status: 130 where Ctrl-C ends it, at whatever moment."""
    try:
        _end_at_interrupt()
        _open_streams()
        # CPython: -m puts the current folder first on sys.path, and that is where the code is that must never run.
        sys.path[:] = [entry for entry in sys.path if entry not in ("", _here())]
        if sys.argv[1:] == ["--version"] and _version_is_told():
            return
        gc.disable()  # the process ends soon, and nothing large of it is ever thrown away
        from parity.cli.app import run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


def _version_is_told() -> bool:
    """Without the time that the command line takes to load; False where it has to say what went wrong."""
    from parity import __version__

    try:
        sys.stdout.write(f"parity {__version__}\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        return False
    return True


def _end_at_interrupt() -> None:
    """Ctrl-C ends the process itself: an exception may be lost in a callback, or come when Python ends.

    Nothing is left behind: files are replaced whole, and the processes that were started end with their pipes.
    """
    import signal  # it takes a while, in which Ctrl-C is an exception

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda _number, _frame: os._exit(130))


def _here() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - as CPython writes it
    except OSError:  # the folder was deleted
        return ""


def _open_streams() -> None:
    """Streams that the caller closed lead to nowhere: otherwise the next file that is opened gets their number."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # POSIX: the lowest number that is free
            setattr(sys, name, os.fdopen(number, mode, encoding="utf8", errors="replace"))


if __name__ == "__main__":
    main()
