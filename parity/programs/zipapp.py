"""What does `python -m zipapp` write? (CPython: Lib/zipapp.py)"""

from __future__ import annotations

from msgspec.structs import replace

from parity.programs.arguments import Named, arguments, holds, named, parent_answer, unknown, whole
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Status
from parity.tree.base import Absent, Entry, Packed, join
from parity.tree.links import follow
from parity.tree.writable import Content, WritableTree
from parity.tree.zipped import MAIN

MAIN_TEMPLATE = """\
# -*- coding: utf-8 -*-
import {module}
{module}.{fn}()
"""
KNOWN = frozenset("o output p python m main c compress info".split())
EXECUTABLE = 0o100


def zipapp(call: Call, files: WritableTree) -> Status | Unreadable:
    """`python -m zipapp SOURCE [-o FILE] [-m MODULE:FUNCTION] [-p INTERPRETER] [-c]`"""
    given = arguments(call, "opm", "output python main")
    source = given.operands[0].text if len(given.operands) == 1 else None
    place = whole(call, source) if source else None
    if not given.flags <= KNOWN or None in given.values.values() or source is None or place is None:
        return UNREADABLE
    if given.has("info"):
        return Status.UNKNOWN
    main, output = given.value("m", "main") or "", given.value("o", "output")
    interpreter = given.value("p", "python") or ""
    prefix = f"#!{interpreter}\n".encode("utf8", "surrogateescape") if interpreter else b""
    there = named(files, place, last=True)
    if isinstance(there.answer, Absent) or (there.is_file and (output is None or main)):
        return Status.FAILURE
    content: Content | None
    if there.is_file:
        content = _copied(call, files, there, prefix)
    elif there.is_directory:
        content = _packed(files, there.path, main, prefix)
    else:
        content = unknown(call, f"what {source} is, is not known")
    goal = output or _beside(source)
    if content is None or goal is None:
        return Status.FAILURE
    path = whole(call, goal)
    if path is None:
        return UNREADABLE
    target = named(files, path, last=True)
    if target.is_directory or holds(parent_answer(files, target.path)) is False:
        return Status.FAILURE
    before = target.answer.mode if isinstance(target.answer, Entry) else None
    files.write(target.path, content, (before or 0o644) | EXECUTABLE if interpreter else None)
    return Status.UNKNOWN


def _beside(source: str) -> str | None:
    """`pathlib`: `Path(source).with_suffix(".pyz")`, which refuses what has no name."""
    folder, slash, name = source.rstrip("/").rpartition("/")
    if name in ("", "."):
        return None
    stem, dot, end = name.rpartition(".")
    return f"{folder}{slash}{stem if dot and stem and end else name}.pyz"


def _packed(files: WritableTree, folder: str, main: str, prefix: bytes) -> Packed | None:
    """The zip file of a folder; None where it refuses to make one."""
    module, colon, function = main.partition(":")
    if main:
        names = (*module.split("."), *function.split("."))
        if not colon or not all(name.isidentifier() for name in names):
            return None
    own = follow(files, join(folder, MAIN)).answer
    if isinstance(own, Entry if main else Absent):
        return None
    text = MAIN_TEMPLATE.format(module=module, fn=function).encode("utf8") if main else None
    return Packed(files.snapshot(), folder, text, prefix)


def _copied(call: Call, files: WritableTree, archive: Named, prefix: bytes) -> Content:
    """Another `#!` line, or none, in front of the same zip file."""
    packed = archive.answer.packed if isinstance(archive.answer, Entry) else None
    if packed is not None:
        return replace(packed, prefix=prefix)
    content = files.read(archive.path)
    if not isinstance(content, bytes):
        return unknown(call, f"what {archive.text} holds is not known")
    return prefix + (content.partition(b"\n")[2] if content.startswith(b"#!") else content)
