"""The start command's program, module, script or application is not in the image, or cannot be executed.

## Why it matters

Nothing of the program runs: the container ends at once, and restarts, and ends.

## Example

```dockerfile
FROM python:3.12-slim
WORKDIR /app
COPY . .
CMD ["python", "-m", "shop"]
```

where the package is `src/shop`, so that the image has it at `/app/src/shop`. The container says

```text
No module named shop
```

`uvicorn main:app` fails likewise where `main` does not define `app`, and `python run.py` where there is no `run.py` in
the working directory, and `ENTRYPOINT ["/app/start.sh"]` where that script is not in the image, is not executable, is
written with Windows line ends, or is one for a shell that the image lacks. So does a start script under `set -e` that
enters a folder that is not in the image.

`CMD ["python" "run.py"]` and `CMD ['python', 'run.py']` are no JSON arrays. Docker takes them for a command line, and
the shell finds no program called `[python`.

A start script that its shell cannot read is told too: Debian's `/bin/sh` is dash, which has neither arrays nor `[[`,
and `then` with a carriage return behind it is no keyword of any shell.

## How to fix it

Correct the name in the command, copy the module or script to where the command looks for it (`COPY src .`), or lead the
search path there (`ENV PYTHONPATH=/app/src`). A script is copied with `COPY --chmod=755`.

## When it is not reported

- The command is no known way to start Python: that is PAR603.
- A step or a base image that cannot be read may have brought the module.
- The module is found and something that it imports is not: the other rules report that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.analysis.elsewhere import off_search_path
from parity.analysis.exec_form import BrokenArray, broken_array
from parity.analysis.program import Refused, is_hidden, missing_folder, refused_program
from parity.model.finding import Cause, Confidence, Edit, Finding, Remedy, Severity
from parity.model.location import Location, Unknown
from parity.packages.dependencies import Verdict
from parity.remedies.absence import bring_in
from parity.remedies.dockerfile.rights import made_executable
from parity.remedies.dockerfile.search_path import started_from
from parity.remedies.names.near_path import command_renamed
from parity.remedies.packages.declare import declared
from parity.rules.base import Rule
from parity.rules.packages import alternatives, finding_about, source_of
from parity.starts.recognise import Stopped
from parity.startup.simulate import Startup
from parity.startup.state.failures import Failure, FailureKind

ARRAY = re.compile(r"(\s*(?:CMD|ENTRYPOINT)\s+)\[.*\]\s*", re.IGNORECASE)
"""An instruction on one line whose operand is in brackets."""


def check(analysis: Analysis) -> Iterator[Finding]:
    broken = broken_array(analysis.command) if analysis.command is not None else None
    if broken is not None:
        yield _about_array(broken, analysis)
    refused = refused_program(analysis)
    if refused is not None and not is_hidden(refused, analysis):
        yield _about_program(refused, analysis)
    folder = missing_folder(analysis)
    if folder is not None:
        yield _about_folder(folder, analysis)
    elif analysis.stopped is not None and analysis.stopped.why:
        yield _about_stop(analysis.stopped, analysis.stopped.why)
    for startup, failure in analysis.failures():
        if failure.kind is not FailureKind.ENTRYPOINT:
            continue
        if refused is not None and _ends_in_return(failure):
            continue  # The script itself is told: it never runs.
        cause, ways = _remedy(failure, startup, analysis)
        yield rule.finding_of(
            analysis,
            startup,
            failure,
            _message(failure),
            cause=cause,
            remedies=ways,
            location=startup.entrypoint.command.location,
        )
    for one in analysis.dependencies:
        if one.verdict is Verdict.NO_PROGRAM:
            yield finding_about(
                rule,
                one,
                f"the start command's {one.module} is not installed in the image",
                fix=f"add {alternatives(one.distributions)} to {source_of(one)}",
                remedies=tuple(declared(analysis, one)),
                severity=Severity.WARNING if one.may_hold else Severity.ERROR,
                fails=True,
            )


def _about_array(broken: BrokenArray, analysis: Analysis) -> Finding:
    place = analysis.command.location if analysis.command else None
    return rule.finding(
        "the start command is not a JSON array, so a shell runs its text",
        location=place,
        exception_text=f"/bin/sh: {broken.program}: not found",
        remedies=(
            Remedy(
                f"write it with double quotes and commas: {broken.array}",
                _rewritten(broken, analysis, place) if place is not None else (),
            ),
        ),
    )


def _rewritten(broken: BrokenArray, analysis: Analysis, place: Location) -> tuple[Edit, ...]:
    """The edit of the instruction, where it stands on one line."""
    data = analysis.checkout.read(f"/{place.path}")
    lines = [] if isinstance(data, Unknown) else data.decode("utf8", "surrogateescape").split("\n")
    found = ARRAY.fullmatch(lines[place.line - 1]) if 0 < place.line <= len(lines) else None
    if found is None:
        return ()
    return (Edit(place.path, place.line, place.line, f"{found[1]}{broken.array}\n"),)


def _about_program(refused: Refused, analysis: Analysis) -> Finding:
    name = refused.name or (analysis.command.argv[0] if analysis.command else None) or refused.path
    cause = None
    ways: tuple[Remedy, ...] = ()
    if refused.absent:
        cause = analysis.why_absent(refused.path, refused.source or "")
        if refused.source:
            ways = bring_in(analysis, cause, refused.source, refused.path)
        ways = (*ways, *started_from(analysis, name), *command_renamed(analysis, analysis.command, name))
    else:
        ways = tuple(made_executable(analysis, refused.path))
    last = refused.fix or "correct the start command, or copy what it names"
    ways = ways or (Remedy(last),)
    return rule.finding(
        f"the start command's {name} is {refused.why or 'not in the image'}",
        location=analysis.command.location if analysis.command else None,
        image_path=refused.path,
        cause=cause,
        exception_text=refused.says,
        fix=refused.fix,
        remedies=ways,
        confidence=Confidence.CERTAIN if refused.certain else Confidence.LIKELY,
    )


def _about_stop(stopped: Stopped, why: str) -> Finding:
    words = " ".join("?" if word is None else word for word in stopped.command.argv)
    return rule.finding(
        f"the start script ends before it starts anything: `{words[:100]}` {why}",
        location=stopped.command.location,
        fix="correct the script, or start it with the shell that it is written for",
    )


def _about_folder(folder: str, analysis: Analysis) -> Finding:
    """The container may have it, in a volume."""
    command = analysis.stopped.command if analysis.stopped is not None else None
    return rule.finding(
        f"the start script enters {folder}, which is not in the image, and ends there",
        location=command.location if command else None,
        image_path=folder,
        cause=analysis.why_absent(folder),
        exception_text=f"cd: can't cd to {folder}",
        fix="correct the folder's name, or copy the folder",
        confidence=Confidence.LIKELY,
    )


def _remedy(
    failure: Failure, startup: Startup, analysis: Analysis
) -> tuple[Cause | None, tuple[Remedy, ...]]:
    command = startup.entrypoint.command
    if failure.name:
        ways = tuple(command_renamed(analysis, command, failure.name, module=failure.module))
        define = Remedy(f"define {failure.name} in {failure.module}, or correct the start command")
        return None, (*ways, define)
    if failure.image_path and failure.in_checkout:
        cause = analysis.why_absent(failure.image_path, failure.in_checkout)
        ways = bring_in(analysis, cause, failure.in_checkout, failure.image_path, failure.module)
        return cause, ways
    if _ends_in_return(failure):
        ends = "save the script with LF line endings: the carriage return is part of the name"
        return None, (Remedy(ends),)
    elsewhere = off_search_path(analysis, startup, failure.module) if failure.module else None
    if elsewhere is not None:
        return elsewhere, bring_in(analysis, elsewhere, module=failure.module)
    named = failure.module or failure.image_path
    ways = tuple(command_renamed(analysis, command, named))
    return None, (*ways, Remedy("correct the start command, or copy what it names"))


def _ends_in_return(failure: Failure) -> bool:
    """Has the name a carriage return behind it, from a script with Windows line ends?"""
    return (failure.module or failure.image_path or "").endswith("\r")


def _message(failure: Failure) -> str:
    if failure.name:
        return f"the start command asks {failure.module} for {failure.name}, which it does not define"
    what = failure.module or failure.image_path
    return f"the start command runs {what}, which is not in the image"


rule = Rule("PAR602", "entrypoint-not-found", Severity.ERROR, check)
