"""What do the parsers say of a text, within bounds of time? Asks a process of its own, which a text may kill."""

from __future__ import annotations

import atexit
import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from msgspec import Struct

from parity.model.location import Unknown
from parity.tree.notes import note_haste

LARGEST = 1 << 20
"""Bytes of a text that LibCST is asked about; it reads about 100,000 in a second."""
SECONDS = 2.0
SECONDS_A_BYTE = 1e-5
SECONDS_A_BYTE_TO_COMPILE = 5e-7
SECONDS_TO_START = 30.0
SECONDS_TO_RESTART = 0.5
ON_A_BUSY_MACHINE = 20 if hasattr(signal, "setitimer") else 1
"""How many seconds may pass for one of processor time, which the process itself bounds where the system can."""
MOST_LOST = 6.0
"""Seconds of a run that are spent on texts that take longer than they ought to."""

_PROGRAM = Path(__file__).with_name("syntax_process.py")
_RUN = "import runpy, sys; sys.path[:] = sys.argv[2:]; runpy.run_path(sys.argv[1], run_name='__main__')"


class Construct(Struct, frozen=True):
    """What Python reads from 3.`minor` on: its span (lines from 1, columns from 0) and an older form, if any.

    `binds`: the names of type parameters.
    """

    name: str
    minor: int
    start: tuple[int, int]
    end: tuple[int, int]
    older: str | None
    binds: tuple[str, ...] = ()


class Refused(Struct, frozen=True):
    """No version of Python that LibCST knows reads the text."""


class SyntaxReader:
    """Starts the process at the first question, and again after a text that it did not survive."""

    def __init__(self, seconds: float = SECONDS, most_lost: float = MOST_LOST) -> None:
        self._seconds = seconds
        self._most_lost = self._left = most_lost
        self._process: subprocess.Popen[bytes] | None = None
        self._loaded = False

    def constructs(self, text: str) -> tuple[Construct, ...] | Refused | Unknown:
        r"""The constructs of a module (lines ended by `\n`), in no order; Unknown where LibCST gives no answer."""
        try:
            data = text.encode()
        except UnicodeEncodeError:
            return Refused()
        if len(data) > LARGEST:
            return Unknown(f"it is larger than {LARGEST >> 20} MB")
        if self._left <= 0:
            note_haste()
            return Unknown("too much time was spent on the syntax of other modules")
        answer = self._ask(b"c", data, len(data) * SECONDS_A_BYTE) if self._load() else None
        if answer is None or "unread" in answer:
            return Unknown("its syntax cannot be read within bounds of time and depth")
        if answer["found"] is None:
            return Refused()
        return tuple(
            Construct(name, minor, (start[0], start[1]), (end[0], end[1]), older, tuple(binds))
            for name, minor, start, end, older, binds in answer["found"]
        )

    def can_compile(self, data: bytes) -> bool:
        """Whether the running Python comes to an end with the module, whatever it says of it."""
        if self._left <= 0:
            note_haste()
            return False
        return self._ask(b"p", data, len(data) * SECONDS_A_BYTE_TO_COMPILE) is not None

    def renew(self) -> None:
        """Another run begins: forgets the time that was lost."""
        self._left = self._most_lost

    def close(self) -> None:
        """Ends the process, if there is one."""
        process, self._process, self._loaded = self._process, None, False
        if process is not None:
            process.kill()
            try:
                process.communicate()
            except OSError:
                pass  # what it was still to be asked
            atexit.unregister(self.close)

    def _load(self) -> bool:
        """Lets the process load LibCST, if it has not."""
        if not self._loaded:
            self._loaded = self._ask(b"l", b"", SECONDS_TO_START) is not None
        return self._loaded

    def _ask(self, question: bytes, data: bytes, usual: float) -> dict[str, Any] | None:
        """The answer, if it comes within the time of this reader and the `usual` seconds."""
        if self._process is None and not self._start():
            note_haste()
            return None
        started = time.monotonic()
        seconds = self._seconds + usual
        milliseconds = int(seconds * 1000)
        head = (len(data) + 5).to_bytes(4, "big") + milliseconds.to_bytes(4, "big")
        answer = self._exchange(head + question + data, seconds * ON_A_BUSY_MACHINE)
        if answer is None:
            note_haste()
            self._left -= min(time.monotonic() - started, seconds) + SECONDS_TO_RESTART
            self.close()
            return None
        told: dict[str, Any] = json.loads(answer)
        self._left -= max(0.0, told["seconds"] - usual)
        return told

    def _start(self) -> bool:
        # -I: neither the environment nor the current folder adds to what can be imported
        command = [sys.executable, "-I", "-c", _RUN, str(_PROGRAM), *(entry for entry in sys.path if entry)]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError:
            self._left = 0.0
            return False
        atexit.register(self.close)
        if self._exchange(b"", SECONDS_TO_START) is not None:
            return True
        self.close()
        self._left = 0.0
        return False

    def _exchange(self, request: bytes, seconds: float) -> bytes | None:
        """The process's next answer; None where it ends before, or is ended after `seconds`."""
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        try:
            process.stdin.write(request)
            process.stdin.flush()
            length = process.stdout.read(4)
            size = int.from_bytes(length, "big")
            answer = process.stdout.read(size)
        except OSError:  # its end of the pipe is closed
            return None
        finally:
            timer.cancel()
        return answer if len(length) == 4 and len(answer) == size else None


READER = SyntaxReader()
"""The one of this run."""
