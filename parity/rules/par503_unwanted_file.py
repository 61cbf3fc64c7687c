"""A file that the configuration says the image lacks is in it.

## Why it matters

Tests, certificates and local settings make an image larger, and tell its users more than they should know. `COPY . .`
takes whatever lies in the checkout.

## Example

```dockerfile
FROM python:3.12-slim
WORKDIR /app
COPY . .
CMD ["python", "-m", "shop"]
```

with this in `parity.toml`, and a folder `tests` in the checkout:

```toml
[[images]]
dockerfile = "Dockerfile"
lacks = ["tests/", "**/*.pem", ".env"]
```

Patterns are those of a `.gitignore`, from the configuration's folder; what begins with a slash is a path of the image.

## How to fix it

The finding names the instruction that brings the file, and the line of the ignore file that would keep it out.

## When it is not reported

- The file is of the base image.
- A later step removes it. The layer before that has it all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis, Unwanted
from parity.model.finding import Finding, Remedy, Severity
from parity.remedies.absence import keep_out
from parity.rules.base import Rule


def check(analysis: Analysis) -> Iterator[Finding]:
    for one in analysis.unwanted:
        more = f", and {one.more} more of {one.pattern}" if one.more else ""
        yield rule.finding(
            f"{one.image_path} is in the image{more}",
            location=one.made_by,
            image_path=one.image_path,
            remedies=_remedies(analysis, one),
        )


def _remedies(analysis: Analysis, one: Unwanted) -> tuple[Remedy, ...]:
    if one.source and (kept := keep_out(analysis.image.context, one.source)) is not None:
        return (kept,)
    return (Remedy(f"{one.made_by}: do not make it there"),) if one.made_by else ()


rule = Rule("PAR503", "unwanted-file", Severity.ERROR, check)
