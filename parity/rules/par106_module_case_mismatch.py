"""A module is found only on a disk that ignores case.

## Why it matters

On a disk that ignores case, as those of macOS and Windows mostly do, Git does not notice that `Invoice.py` was renamed
to `invoice.py`. The developer has the new name and all is well; the repository, and every image built from it, has the
old one. Python minds case, and so does the file system of the image.

## Example

```python
# shop/__main__.py, beside shop/Invoice.py
from shop.invoice import Invoice
```

The container says

```text
ModuleNotFoundError: No module named 'shop.invoice'
```

## How to fix it

Import the module by the name of its file, or rename the file. Git on a disk that ignores case needs

```console
$ git mv shop/Invoice.py shop/invoice.py
```

since it does not see a rename that changes only the case.

## When it is not reported

The image has no file whose name differs only in case: that is PAR101 or PAR104.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.remedies.names.renamed import module_renamed
from parity.rules.base import Rule
from parity.startup.state.failures import FailureKind


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        told = failure.root
        if told.kind is not FailureKind.MISSING_MODULE or told.other_case is None:
            continue
        there = told.other_case.rpartition("/")[2]
        near = f"{told.module.rpartition('.')[0]}.{there.removesuffix('.py')}".lstrip(".")
        yield rule.finding_of(
            analysis,
            startup,
            failure,
            f"{told.module}: the file is called {there}",
            cause=Cause(CauseKind.CASE, f"{told.other_case} differs in case, which matters on Linux"),
            fix=f"import it as {there.removesuffix('.py')}, or rename the file",
            remedies=tuple(
                way
                for root in startup.local_path
                if root.startswith("/")
                for way in module_renamed(analysis.checkout, root, told.module, near)
            ),
        )


rule = Rule("PAR106", "module-case-mismatch", Severity.ERROR, check)
