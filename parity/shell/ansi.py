"""What characters do backslash escapes stand for, in `$'...'`, `echo` and `printf`?"""

from __future__ import annotations

SIMPLE = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\",
}  # fmt: skip


def decode_ansi_c(text: str) -> str:
    r"""Bash manual 3.1.2.4: `\n`, `\'`, `\xHH`, `\nnn`, `\uHHHH`; an unknown one keeps its backslash."""
    done: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char != "\\" or at >= len(text):
            done.append(char)
            continue
        kind = text[at]
        if kind in SIMPLE or kind in "'\"?eE":
            done.append(SIMPLE.get(kind, "\x1b" if kind in "eE" else kind))
            at += 1
        elif kind in "01234567":
            end = _digits(text, at, "01234567", 3)
            done.append(_byte(int(text[at:end], 8)))
            at = end
        elif kind in "xuU" and (end := _digits(text, at + 1, HEX, {"x": 2, "u": 4, "U": 8}[kind])) > at + 1:
            number = int(text[at + 1 : end], 16)
            done.append(_byte(number) if kind == "x" else chr(number) if number < 0x110000 else "\ufffd")
            at = end
        else:
            done.append("\\" + kind)
            at += 1
    return "".join(done)


HEX = "0123456789abcdefABCDEF"


def decode_escapes(text: str, *, leading_zero: bool) -> tuple[str, bool]:
    r"""`echo -e` and `%b` (`leading_zero`: octal is `\0nnn`), the format of printf (octal is `\nnn`).

    The second value is True where `\c` ended the output.
    """
    done: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char != "\\" or at >= len(text):
            done.append(char)
            continue
        kind = text[at]
        if kind in SIMPLE:
            done.append(SIMPLE[kind])
            at += 1
        elif kind == "c" and leading_zero:
            return "".join(done), True
        elif kind == "0" and leading_zero:
            end = _digits(text, at + 1, "01234567", 3)
            done.append(_byte(int(text[at + 1 : end] or "0", 8)))
            at = end
        elif kind in "01234567" and not leading_zero:
            end = _digits(text, at, "01234567", 3)
            done.append(_byte(int(text[at:end], 8)))
            at = end
        else:
            done.append("\\" + kind)
            at += 1
    return "".join(done), False


def _digits(text: str, at: int, allowed: str, most: int) -> int:
    end = at
    while end < len(text) and end - at < most and text[end] in allowed:
        end += 1
    return end


def _byte(number: int) -> str:
    return bytes((number & 255,)).decode("utf8", "surrogateescape")
