"""A module that is imported only when a function is called is in the checkout, and not in the image.

## Why it matters

The container starts and answers its health check. The first request or task that needs the function fails, perhaps
days later.

## Example

```dockerfile
COPY shop/__init__.py shop/__main__.py shop/orders.py shop/
CMD ["python", "-m", "shop"]
```

```python
# shop/orders.py
def invoice(number):
    from shop.pdf import render

    return render(number)
```

The first call of `invoice` says

```text
ModuleNotFoundError: No module named 'shop.pdf'
```

## How to fix it

As for PAR101: bring the module into the image. Where the image is not meant to have it, let the function catch the
`ImportError` and say what is missing.

## When it is not reported

- The start-up calls the function: that is PAR101, an error.
- A handler takes the `ImportError`, or the import stands under `if TYPE_CHECKING:`.
- The checkout does not have the module either: a package of others, which this rule does not look for.

Imports inside functions are followed without being run, and so are the modules that they load. Names that such a
module does not define are not looked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Finding, Severity
from parity.remedies.absence import bring_in
from parity.rules.base import Rule
from parity.startup.state.failures import FailureKind


def check(analysis: Analysis) -> Iterator[Finding]:
    for deferred in analysis.deferred:
        failure = deferred.failure
        if failure.kind is not FailureKind.MISSING_MODULE:
            continue
        cause = analysis.why_absent(failure.image_path, failure.in_checkout)
        ways = bring_in(analysis, cause, failure.in_checkout, failure.image_path, failure.module)
        yield rule.finding_of(
            analysis,
            None,
            failure,
            f"{failure.module} is not in the image; it is imported when a function is called",
            cause=cause,
            remedies=ways,
            severity=rule.severity,
        )


rule = Rule("PAR102", "missing-module-deferred", Severity.WARNING, check)
