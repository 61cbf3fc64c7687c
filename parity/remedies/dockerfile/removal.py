"""Which instruction goes, or removes less, so that what it takes away or lies over is there?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.dockerfile.instructions import Copy, Run
from parity.model.finding import Remedy
from parity.model.location import Location
from parity.remedies.dockerfile.written import Written, written

_REMOVES = re.compile(r"\brm(?P<flags>(?:[ \t]+-\S+)*)(?P<operands>(?:(?:[ \t]|\\\n)+[^\s;&|<>()`\\]+)+)")
_OPERAND = re.compile(r"(?:[ \t]|\\\n)+([^\s;&|<>()`\\]+)")


def not_copied(analysis: Analysis, location: Location | None) -> Iterator[Remedy]:
    """Without the COPY of one file that lies over another."""
    text = written(analysis.image, analysis.dockerfile)
    copy = text.instruction(location) if text is not None else None
    if text is not None and isinstance(copy, Copy) and len(copy.sources) == 1:
        yield Remedy(f"{text.place(copy)}: take this COPY away", (text.replaced(copy, ""),), unsafe=True)


def kept(text: Written, location: Location, path: str) -> Iterator[Remedy]:
    """`rm a b` without the operand that names `path` or a folder above; without the command, if it is the only one."""
    run = text.instruction(location)
    if not isinstance(run, Run):
        return
    before = text.text(run)
    for found in _REMOVES.finditer(before):
        operands = list(_OPERAND.finditer(found["operands"]))
        named = [one for one in operands if _names(one[1], path)]
        for one in named:
            if any(mark in one[1] for mark in "*?[$"):
                continue
            start = found.start("operands")
            if len(operands) > 1:
                after = before[: start + one.start()] + before[start + one.end() :]
                yield Remedy(
                    f"{location.path}:{location.line}: do not remove {one[1]}", (text.replaced(run, after),)
                )
            else:
                yield from _without_command(text, run, before, found, location)


def _names(word: str, path: str) -> bool:
    tail = word.strip("\"'").removeprefix("./").rstrip("/")
    return bool(tail) and (f"{path}/".find(f"/{tail.lstrip('/')}/") >= 0)


def _without_command(
    text: Written, run: Run, before: str, found: re.Match[str], location: Location
) -> Iterator[Remedy]:
    what = f"{location.path}:{location.line}: take {' '.join(found[0].split())} away"
    head, tail = before[: found.start()], before[found.end() :]
    if re.fullmatch(r"\s*RUN\s+(?:--\S+\s+)*", head, re.IGNORECASE) and not tail.strip():
        yield Remedy(what, (text.replaced(run, ""),))
    elif (joint := re.search(r"[ \t]*(?:\\\n[ \t]*)?&&(?:[ \t]|\\\n)*$", head)) is not None:
        yield Remedy(what, (text.replaced(run, head[: joint.start()] + tail),))
    elif (joint := re.match(r"(?:[ \t]|\\\n)*&&(?:[ \t]|\\\n)*", tail)) is not None:
        yield Remedy(what, (text.replaced(run, head + tail[joint.end() :]),))
