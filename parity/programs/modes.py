"""What do chmod, chown and chgrp do to the files? (GNU coreutils).

Permission bits matter here only where they make a file a program.
"""

from __future__ import annotations

import re

from parity.image.modes import Mode
from parity.model.location import Unknown
from parity.programs.arguments import CommandFunction, arguments, confined, named, together, whole
from parity.shell.host import Call
from parity.shell.status import Status
from parity.shell.word import Word
from parity.tree.base import Absent
from parity.tree.writable import WritableTree

SUCCESS, FAILURE, UNKNOWN = Status.SUCCESS, Status.FAILURE, Status.UNKNOWN


def octal(text: str | None) -> int | None:
    return int(text, 8) if text and re.fullmatch("[0-7]{1,5}", text) else None


def chmod(call: Call, files: WritableTree) -> Status:
    given = arguments(Call((call.words[0], *_symbolic_first(call.words[1:])), {}, call.working_directory))
    if len(given.operands) < 2 and not given.has("reference"):
        return FAILURE
    recursive = given.has("R", "recursive")
    text = (given.operands[0].text or "").removeprefix("\0")
    return together([_chmod(call, files, word, text, recursive) for word in given.operands[1:]])


def _symbolic_first(words: tuple[Word, ...]) -> list[Word]:
    """`chmod -x file`: a mode that looks like an option is none."""
    return [Word("\0" + (w.text or "")) if re.fullmatch(r"-[rwxXst]+", w.text or "") else w for w in words]


def _chmod(call: Call, files: WritableTree, word: Word, mode: str, recursive: bool) -> Status:
    path = None if word.text is None else whole(call, word.text)
    if path is None:
        # The common case is that of scripts that are made executable: they are taken to be.
        folder = confined(call, word)
        if folder is not None and not mode.startswith("-"):
            files.change_mode(folder, 0o755, None, recursive=True)
        return UNKNOWN
    there = named(files, path, last=True)
    if isinstance(there.answer, Absent) or not word.text:
        return FAILURE
    if isinstance(there.answer, Unknown):
        return UNKNOWN
    bits = octal(mode)
    if bits is None and re.fullmatch(r"[ugoa]*\+[rwxX]*x[rwxX]*", mode):
        add = 0o111 if not re.match("[ug]+[+]", mode) else 0o100
        bits = (there.answer.mode or 0o644) | add
        bits = bits | 0o755 if recursive or there.is_directory else bits
    elif bits is None and not recursive and (there.answer.mode is not None or "x" in mode):
        symbolic = Mode.symbolic(mode)
        before = there.answer.mode or 0o644
        bits = symbolic.of(before, is_folder=there.is_directory) if symbolic else None
    if bits is not None:
        files.change_mode(there.path, bits, None, recursive=recursive)
    return SUCCESS


def chown(call: Call, files: WritableTree) -> Status:
    given = arguments(call)
    if not given.operands:
        return FAILURE
    owner = given.operands[0].text if call.program == "chown" else None
    done: list[Status] = []
    for word in given.operands[1:]:
        path = None if word.text is None else whole(call, word.text)
        if path is None:
            done.append(UNKNOWN)
            continue
        there = named(files, path, last=not given.has("h", "no-dereference"))
        if isinstance(there.answer, Absent):
            done.append(FAILURE)
            continue
        if owner:
            files.change_mode(there.path, None, owner, recursive=given.has("R", "recursive"))
        done.append(UNKNOWN)  # whether the user exists is not known
    return together(done)


COMMANDS: dict[str, CommandFunction] = {"chmod": chmod, "chown": chown, "chgrp": chown}
