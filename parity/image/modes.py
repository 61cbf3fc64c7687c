"""Which permission bits has a file after `--chmod`?

BuildKit: dispatchCopy, fsutil copy.copyFileInfo; the symbolic form is that of chmod(1) without a umask, as
dchapes/mode reads it.
"""

from __future__ import annotations

import re

from msgspec import Struct

from parity.model.errors import ParityError
from parity.model.location import Location

NEW_FOLDER = 0o755
_SYMBOLIC = re.compile(r"[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+(?:,[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+)*")
_ACTION = re.compile(r"([-+=])([rwxXstugo]*)")
_WHO = {"u": 0o4700, "g": 0o2070, "o": 0o0007, "a": 0o6777}
_WHAT = {"r": 0o444, "w": 0o222, "x": 0o111, "s": 0o6000, "t": 0o1000}
_SHIFT = {"u": 6, "g": 3, "o": 0}


class Mode(Struct, frozen=True):
    """What `--chmod` says: `text` is octal, or symbolic (`u+x,go-w`)."""

    text: str

    @classmethod
    def read(cls, text: str, location: Location) -> Mode | None:
        """None for the empty text, which is no mode. Raises ParityError for one that BuildKit refuses."""
        if not text:
            return None
        octal = re.fullmatch("[0-7]+", text)
        if not (int(text, 8) <= 0o7777 if octal else _SYMBOLIC.fullmatch(text)):
            raise ParityError(
                f"invalid chmod parameter: '{text}'. it should be octal string and between 0 and 07777",
                location,
            )
        return cls(text)

    @classmethod
    def symbolic(cls, text: str) -> Mode | None:
        """`u+x,go-w`; None for another text."""
        return cls(text) if _SYMBOLIC.fullmatch(text) else None

    @property
    def octal(self) -> int | None:
        return int(self.text, 8) if self.text[0].isdigit() else None

    @property
    def of_new_folders(self) -> int:
        """Of the folders that are made for the destination: their special bits are never set."""
        return NEW_FOLDER if self.octal is None else self.octal & 0o777

    def of(self, mode: int | None, *, is_folder: bool) -> int | None:
        """The bits of what had `mode` (None: not known)."""
        if self.octal is not None or mode is None:
            return self.octal
        before = mode
        for clause in self.text.split(","):
            who = re.match("[ugoa]*", clause)[0]  # type: ignore[index]
            mask = 0
            for letter in who or "a":
                mask |= _WHO[letter]
            for operator, letters in _ACTION.findall(clause):
                bits = 0
                mask |= 0o1000 if "t" in letters and mask != _WHO["o"] else 0
                for letter in letters:
                    if letter in _SHIFT:
                        bits |= (mode >> _SHIFT[letter] & 0o7) * 0o111
                    elif letter == "X":
                        bits |= 0o111 if is_folder or before & 0o111 else 0
                    else:
                        bits |= _WHAT[letter]
                if operator == "=":
                    mode &= ~mask
                mode = mode & ~(bits & mask) if operator == "-" else mode | bits & mask
        return mode
