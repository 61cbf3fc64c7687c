"""How does the image install one more group, extra or requirements file of the project?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.dockerfile.instructions import Run
from parity.model.finding import Edit, Remedy
from parity.model.packages import Distribution
from parity.packages.dependencies import Dependency
from parity.remedies.dockerfile.written import Written, written
from parity.remedies.packages.declare import declared_in, text_of

_SYNC = re.compile(r"\b(?:uv\s+sync|poetry\s+install|pdm\s+(?:sync|install)|pipenv\s+(?:sync|install))\b")
_DEVELOPMENT = re.compile(
    r"[ \t]+(?:--no-dev|--no-default-groups|--prod(?:uction)?|--only[= ]main|--without[= ]dev)\b"
)
_FOLDER = re.compile(
    r"(\binstall\b[^&|;\n]*?\s)([\"']?)(\.(?:/[\w./-]*)?|/[\w./-]+)(?:\[([\w,\s-]*)\])?\2(?=\s|$|&)"
)


def installed_too(analysis: Analysis, one: Dependency) -> Iterator[Remedy]:
    """The declaration where the image installs from, else the option that asks for the group."""
    told = one.declared
    if told is None:
        return
    text = written(analysis.image, analysis.dockerfile)
    run = text.instruction(one.packages.installer) if text is not None else None
    if not told.group.endswith((".txt", ".in")) and text is not None and isinstance(run, Run):
        yield from _asked_for(text, run, told.group)
    for way in declared_in(analysis.checkout, one.packages.manifest, told.name, told):
        moved = _without(analysis, told) if way.edits and told.group.endswith(".txt") else ()
        yield Remedy(way.text, (*way.edits, *moved), way.unsafe)


def _without(analysis: Analysis, told: Distribution) -> tuple[Edit, ...]:
    """A line that asks for nothing but it, in a file that includes the other one, goes."""
    place = told.location
    text = text_of(analysis.checkout, place.path) if place is not None and place.line else None
    if place is None or text is None or not re.search(r"^-r\s", text, re.MULTILINE):
        return ()
    return (Edit(place.path, place.line, place.line, ""),)


def _asked_for(text: Written, run: Run, group: str) -> Iterator[Remedy]:
    before = text.text(run)
    found = _SYNC.search(before)
    if found is not None:
        tool = found[0].split()[0]
        dev = _DEVELOPMENT.search(before, found.end())
        only = re.search(r"--only[= ]([\w,-]+)", before[found.end() :])
        if dev is not None and group == "dev":
            yield _way(text, run, before[: dev.start()] + before[dev.end() :], f"take {dev[0].strip()} away")
            return  # the option that is there has the last word
        if tool == "poetry" and only:
            at = found.end() + only.end(1)
            yield _way(text, run, f"{before[:at]},{group}{before[at:]}", f"install the group {group}, too")
        if tool == "uv":
            for option in ("--group", "--extra"):
                after = f"{before[: found.end()]} {option} {group}{before[found.end() :]}"
                yield _way(text, run, after, f"add {option} {group}")
        if tool in ("poetry", "pdm"):
            for option in ("--with", "--extras") if tool == "poetry" else ("-G",):
                after = f"{before[: found.end()]} {option} {group}{before[found.end() :]}"
                yield _way(text, run, after, f"add {option} {group}")
        if tool == "pipenv":
            after = f"{before[: found.end()]} --dev{before[found.end() :]}"
            yield _way(text, run, after, "add --dev")
        return
    folder = _FOLDER.search(before)
    if folder is not None:
        extras = ",".join(one for one in (folder[4], group) if one)
        after = f'{before[: folder.end(1)]}"{folder[3]}[{extras}]"{before[folder.end() :]}'
        yield _way(text, run, after, f"install {folder[3]}[{extras}]")


def _way(text: Written, run: Run, after: str, what: str) -> Remedy:
    return Remedy(f"{text.place(run)}: {what}", (text.replaced(run, after),), unsafe=True)


def drifted(analysis: Analysis, one: Dependency) -> Iterator[Remedy]:
    """The pin of a requirements file, made the version that is told elsewhere."""
    told, version = one.declared, one.other[0]
    place = told.location if told is not None else None
    if told is None or place is None or not told.version or not version:
        return
    text = text_of(analysis.checkout, place.path)
    lines = text.split("\n") if text is not None else []
    if not 0 < place.line <= len(lines) or "--hash" in lines[place.line - 1]:
        return
    before = lines[place.line - 1].removesuffix("\r")
    after = re.sub(rf"==\s*{re.escape(told.version)}(?![\w.])", f"=={version}", before, count=1)
    if after != before:
        edit = Edit(place.path, place.line, place.line, after + "\n")
        yield Remedy(
            f"{place}: install {told.name} {version}, as {one.other[2]} has it", (edit,), unsafe=True
        )
