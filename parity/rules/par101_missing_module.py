"""A module that the start-up imports is in the checkout, and not in the image.

## Why it matters

The program runs and its tests pass where the whole checkout is at hand. The container stops at the import, usually
only after the image has been pushed and rolled out.

## Example

```dockerfile
FROM python:3.12-slim
WORKDIR /app
COPY . .
CMD ["python", "-m", "shop"]
```

with `**/models` in `.dockerignore`, meant for trained models, and `from shop.models import Order` in
`shop/__main__.py`. The container says

```text
ModuleNotFoundError: No module named 'shop.models'
```

## How to fix it

The finding names the line that keeps the module out; what to do depends on it:

- a rule of the ignore file: narrow it (`/models`), or add an exception below it (`!shop/models`);
- no COPY brings it: copy the package, or the folder above it;
- a RUN step removes it, or it is in another stage only: keep it, or `COPY --from` that stage;
- it is in the image, but on no folder of the search path: set `WORKDIR` or `PYTHONPATH`, or copy it elsewhere.

## When it is not reported

- The import stands in a `try` whose handler takes the error and goes on, or under `if TYPE_CHECKING:`.
- It runs only when a function is called that the start-up does not call: that is PAR102.
- A step that cannot be read may have made the module. Where the packages of the base image are not known, the finding
  is `likely`.

It is a warning where the import stands in a branch that cannot be decided.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import CauseKind, Finding, Severity
from parity.remedies.absence import bring_in
from parity.rules.base import Rule
from parity.startup.state.failures import Failure, FailureKind


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        told = _told(failure)
        if told is None:
            continue
        if told.kind is FailureKind.MISSING_NAME and analysis.entry(told.image_path) is not None:
            continue  # another file of that name: PAR103
        cause = analysis.why_absent(told.image_path, told.in_checkout)
        ways = bring_in(analysis, cause, told.in_checkout, told.image_path, told.module)
        message = f"{told.module} is not in the image"
        if told.kind is FailureKind.MISSING_NAME:
            message = (
                f"{told.in_checkout.lstrip('/')} is not in the image, so {told.module} has no {told.name}"
            )
        if cause.kind is CauseKind.NOT_ON_SEARCH_PATH:
            message = f"{told.module} is in the image, but not on Python's search path"
        yield rule.finding_of(analysis, startup, failure, message, cause=cause, remedies=ways)


def _told(failure: Failure) -> Failure | None:
    """The missing module itself, also where a handler turns the failure into another exception."""
    missing = failure.root
    kind = missing.kind in (FailureKind.MISSING_MODULE, FailureKind.MISSING_NAME)
    return missing if kind and missing.in_checkout and missing.other_case is None else None


rule = Rule("PAR101", "missing-module", Severity.ERROR, check)
