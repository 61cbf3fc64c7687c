"""No Python program is recognised in the image's start command, so nothing was checked.

## Why it matters

A check that found nothing and a check that looked at nothing should not look alike.

## Example

```dockerfile
FROM python:3.12-slim
WORKDIR /app
COPY . .
CMD ["shop-runner", "--all"]
```

`shop-runner` may be a program in any language; nothing in the image says that it runs Python. An image without `CMD`
and `ENTRYPOINT`, whose command is given elsewhere, is reported as well, and one that starts Python 2: its import
system and its language are others, and are not replayed.

## How to fix it

Name the command that runs in the container:

```console
$ parity check --entrypoint "python -m shop"
```

For an image that runs no Python, ignore the rule: `--ignore PAR603`.

## When it is not reported

At least one part of the start command is recognised: `python`, a server such as `uvicorn` or `gunicorn`, a script of a
package, also behind `sh -c`, `exec` or wrappers such as `tini`.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Finding, Severity
from parity.model.location import Location
from parity.rules.base import Rule

MOST_SHOWN = 3


def check(analysis: Analysis) -> Iterator[Finding]:
    file = Location(analysis.dockerfile)
    if analysis.command is None:
        known = analysis.image.base.unknown is None
        message = (
            "the image has no start command"
            if known
            else "the Dockerfile has no start command, and its base image is not known"
        )
        yield _finding(message, file)
    if analysis.python_2 and not analysis.startups:
        yield _finding("the start command runs Python 2, whose imports are not replayed", file)
    if analysis.unrecognised:
        shown = [" ".join(argument or "…" for argument in command.argv) for command in analysis.unrecognised]
        more = f" (and {len(shown) - MOST_SHOWN} more)" if len(shown) > MOST_SHOWN else ""
        message = f"no Python program is recognised in: {'; '.join(shown[:MOST_SHOWN])}{more}"
        yield _finding(message, analysis.unrecognised[0].location or file)


def _finding(message: str, location: Location) -> Finding:
    return rule.finding(
        f"{message}; nothing was checked",
        location=location,
        fix="say how it starts with --entrypoint 'COMMAND'",
    )


rule = Rule("PAR603", "no-entrypoint", Severity.INFO, check)
