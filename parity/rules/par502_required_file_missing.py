"""A file that the configuration says the image contains is not in it.

## Why it matters

An image must hold more than what imports reach: schemas, prompts, templates, migrations, certificates. Nothing fails
at start-up without them, and a test that builds the image to look for them takes minutes.

## Example

```dockerfile
FROM python:3.12-slim
WORKDIR /app
COPY shop shop
CMD ["python", "-m", "shop"]
```

with this in `parity.toml`:

```toml
[[images]]
dockerfile = "Dockerfile"
contains = ["schema/**/*.json", "/app/alembic.ini"]
```

Patterns are those of a `.gitignore`, from the configuration's folder: each file of the checkout that they name must be
in the image. What begins with a slash is a path of the image.

## How to fix it

The finding names what keeps the file out, as PAR101 does for a module: narrow the ignore rule, or copy the file.

## When it is not reported

- A step that cannot be read may have made what an image path names.
- Git leaves the file out of the checkout.

A pattern that names no file of the checkout is an error of the configuration.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec.structs import replace

from parity.analysis.analysis import Analysis, Required
from parity.model.finding import Cause, CauseKind, Confidence, Finding, Remedy, Severity
from parity.remedies.absence import bring_in
from parity.rules.base import Rule

MOST_EDITED = 50
"""Files of one pattern that are brought in one by one."""


def check(analysis: Analysis) -> Iterator[Finding]:
    """One finding for each pattern and cause: the first file."""
    found: dict[tuple[object, ...], list[tuple[Required, Cause]]] = {}
    for one in analysis.required:
        cause = analysis.why_absent(one.image_path, one.checkout_path)
        alike = (one.pattern, cause.kind, cause.location)
        found.setdefault(alike, []).append((one, cause))
    for files in found.values():
        first, cause = files[0]
        what = first.checkout_path[1:] or first.image_path
        more = f", and {len(files) - 1} more of {first.pattern} are not" if len(files) > 1 else ""
        finding = rule.finding(
            f"{what} is not in the image{more}",
            location=first.place,
            image_path=first.image_path,
            cause=cause,
            remedies=_remedies(analysis, files),
        )
        if first.doubt is not None:
            finding = replace(finding, confidence=Confidence.LIKELY, notes=(f"not certain: {first.doubt}",))
        yield finding


def _remedies(analysis: Analysis, files: list[tuple[Required, Cause]]) -> tuple[Remedy, ...]:
    _, cause = files[0]
    if len(files) > 1 and cause.kind is CauseKind.NOT_COPIED:
        source = posixpath.commonpath([one.checkout_path for one, _ in files])
        target = posixpath.commonpath([one.image_path for one, _ in files])
        if source != "/" and posixpath.basename(source) == posixpath.basename(target):
            return bring_in(analysis, cause, source, target)
    brought = [
        next(iter(bring_in(analysis, cause, one.checkout_path, one.image_path)), None)
        for one, _ in files[:MOST_EDITED]
    ]
    ways = [one for one in brought if one is not None]
    if not ways:
        return ()
    edits = tuple(dict.fromkeys(edit for one in ways for edit in one.edits))
    return (Remedy(ways[0].text, edits, unsafe=any(one.unsafe for one in ways)),)


rule = Rule("PAR502", "required-file-missing", Severity.ERROR, check)
