"""A file that the start-up reads is not in the image, or the image's user may not read it.

## Why it matters

Configuration, templates and tables beside the code are as necessary as the code, and ignore rules such as `**/*.json`
or a COPY of `*.py` alone leave them out without a word.

## Example

```python
# shop/prices.py
PRICES = json.loads((Path(__file__).parent / "prices.json").read_text())
```

with `**/*.json` in `.dockerignore`. The container says

```text
FileNotFoundError: [Errno 2] No such file or directory: '/app/shop/prices.json'
```

A module or file that an instruction made unreadable for the image's `USER` (`COPY --chmod=600`) fails with a
`PermissionError`.

## How to fix it

Bring the file into the image as for PAR101, or give its user the right to read it with `--chown` or `--chmod`.

## When it is not reported

- The checkout does not have the file either, nor from a folder above the working directory: a mount, a secret or the
  program itself may bring it.
- The program, the start script or an earlier program of it may have made the file before, or it is tested for.
- The path does not follow from the code, or the file is opened otherwise than by the functions of the library that read
  files (`open`, `pathlib`, `zipfile`, `tarfile`, `gzip`, `shutil`, `os`, `importlib.resources`, `logging`, `sqlite3`
  and the like) and some well-known ones of others (`pandas.read_csv`).
- It is opened in a function that the start-up does not call, by a path that is not built from `__file__`, that is
  tested for, or inside a `try` that takes the error.

It is a warning where the statement stands in a branch that cannot be decided, or in a function that the start-up does
not call, and where a path that is built from `__file__` is handed to a call that is not followed.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, Finding, Remedy, Severity
from parity.model.occasion import When
from parity.remedies.absence import bring_in
from parity.remedies.dockerfile.rights import made_readable
from parity.rules.base import Rule
from parity.startup.state.failures import FailureKind


def check(analysis: Analysis) -> Iterator[Finding]:
    yield from _later(analysis)
    for startup, failure in analysis.failures():
        told = failure.root
        cause: Cause | None = None
        ways: tuple[Remedy, ...] = ()
        fix = ""
        if told.kind is FailureKind.UNREADABLE:
            user = analysis.image.config.user
            message = f"{told.image_path} is in the image, but the image's user {user} may not read it"
            fix = f"let {user} read it with --chmod or --chown"
            ways = tuple(made_readable(analysis, told.image_path))
        elif told.kind is FailureKind.MISSING_FILE:
            message = f"{told.image_path} is read at start-up and is not in the image"
            cause = analysis.why_absent(told.image_path, told.in_checkout)
            ways = bring_in(analysis, cause, told.in_checkout, told.image_path)
        else:
            continue
        yield rule.finding_of(analysis, startup, failure, message, cause=cause, fix=fix, remedies=ways)


def _later(analysis: Analysis) -> Iterator[Finding]:
    """What only functions read, or is handed to a call that may."""
    for deferred in analysis.deferred:
        failure = deferred.failure
        if failure.kind is not FailureKind.MISSING_FILE:
            continue
        by = "handed to a call"
        if failure.name:
            by = f"read when {failure.name}() is called"
        elif failure.occasion.when is When.LATER:
            by = f"read when {failure.module} is imported" if failure.module else "used by another template"
        cause = analysis.why_absent(failure.image_path, failure.in_checkout)
        ways = bring_in(analysis, cause, failure.in_checkout, failure.image_path)
        message = f"{failure.image_path} is not in the image; it is {by}"
        severity = Severity.WARNING
        yield rule.finding_of(analysis, None, failure, message, cause=cause, remedies=ways, severity=severity)


rule = Rule("PAR501", "missing-data-file", Severity.ERROR, check)
