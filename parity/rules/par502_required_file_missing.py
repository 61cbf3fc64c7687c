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
from parity.model.finding import Cause, CauseKind, Confidence, Edit, Finding, Severity
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
        fix, edits = _fix(analysis, files)
        finding = rule.finding(
            f"{what} is not in the image{more}",
            location=first.place,
            image_path=first.image_path,
            cause=cause,
            fix=fix,
            edits=edits,
        )
        if first.doubt is not None:
            finding = replace(finding, confidence=Confidence.LIKELY, notes=(f"not certain: {first.doubt}",))
        yield finding


def _fix(analysis: Analysis, files: list[tuple[Required, Cause]]) -> tuple[str, tuple[Edit, ...]]:
    _, cause = files[0]
    if len(files) > 1 and cause.kind is CauseKind.NOT_COPIED:
        source = posixpath.commonpath([one.checkout_path for one, _ in files])
        target = posixpath.commonpath([one.image_path for one, _ in files])
        if source != "/" and posixpath.basename(source) == posixpath.basename(target):
            return bring_in(analysis.image, cause, source, target)
    brought = [
        bring_in(analysis.image, cause, one.checkout_path, one.image_path) for one, _ in files[:MOST_EDITED]
    ]
    return brought[0][0], tuple(dict.fromkeys(edit for _, edits in brought for edit in edits))


rule = Rule("PAR502", "required-file-missing", Severity.ERROR, check)
