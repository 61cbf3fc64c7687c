"""What does `sed -i` make of a file? The text where its script can be followed, else a text that is not known."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parity.programs import lines
from parity.programs.arguments import CommandFunction, confined, named, together, unknown, whole
from parity.programs.printing import printing
from parity.programs.sed_script import Edit, edited, edits_of
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Outcome
from parity.shell.status import Status
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, join
from parity.tree.writable import WritableTree

INLINE = re.compile(r"(?:-([nErsuz]*)i|--in-place=?)(.*)", re.DOTALL)
"""Options before it, and what is appended to the name of the copy that is kept."""


def sed(call: Call, files: WritableTree) -> Outcome:
    """Without `-i` it prints."""
    printed = printing(lines.sed)(call, files)
    return _in_place(call, files) if printed is UNREADABLE else printed


def _in_place(call: Call, files: WritableTree) -> Status:
    inline, scripts, operands, plain, suffix = False, [], [], True, ""
    words = list(call.words[1:])
    while words:
        word = words.pop(0)
        text = word.text or ""
        if text in ("-e", "--expression") and words:
            scripts.append(words.pop(0).text)
        elif text.startswith("--expression="):
            scripts.append(text.partition("=")[2])
        elif text in ("-f", "--file") or text.startswith("--file="):
            scripts.append(None)
            words = words[1:] if "=" not in text else words
        elif (found := INLINE.match(text)) is not None:
            inline, plain, suffix = True, plain and not found[1], found[2]
        elif text.startswith("-") and len(text) > 1:
            plain = False
        else:
            operands.append(word)
    if not inline:
        return Status.UNKNOWN
    if not scripts and operands:
        scripts.append(operands.pop(0).text)
    edits = edits_of([script for script in scripts if script is not None])
    known = edits if plain and None not in scripts else None
    return together([_edit(call, files, word, suffix, known) for word in operands])


def _edit(call: Call, files: WritableTree, word: Word, suffix: str, edits: Sequence[Edit] | None) -> Status:
    path = None if word.text is None else whole(call, word.text)
    if path is None:
        why = unknown(call, "which files sed changes is not known")
        files.obscure(confined(call, word) or "/", why, removes=True)
        return Status.UNKNOWN
    there = named(files, path, last=False)
    if isinstance(there.answer, Absent) or there.is_directory:
        return Status.FAILURE
    led = named(files, path, last=True)
    if suffix and isinstance(there.answer, Entry):
        # GNU sed: a `*` stands for the file's name, and a slash leads to another folder.
        folder, _, name = there.path.rpartition("/")
        files.copy(
            there.path, join(folder or "/", suffix.replace("*", name) if "*" in suffix else name + suffix)
        )
    before = files.read(led.path)
    after = edited(before, edits) if isinstance(before, bytes) and edits is not None else None
    if isinstance(led.answer, Entry) and before not in (b"", after):
        changed = unknown(call, "how sed changes its text is not known") if after is None else after
        files.write(there.path, changed, led.answer.mode)
    return Status.SUCCESS if isinstance(there.answer, Entry) else Status.UNKNOWN


COMMANDS: dict[str, CommandFunction] = {"sed": sed}
