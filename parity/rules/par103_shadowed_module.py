"""The image resolves the name of a module to another file than the checkout does.

## Why it matters

Both worlds have a module of that name, so listing the files of the image shows nothing wrong. The file in the image
lacks what the program asks of it.

## Example

```dockerfile
COPY . .
COPY deploy/settings.py shop/settings.py
CMD ["python", "-m", "shop"]
```

`shop/settings.py` defines `CURRENCY`, `deploy/settings.py` does not. `from shop.settings import CURRENCY` says in the
container

```text
ImportError: cannot import name 'CURRENCY' from 'shop.settings' (/app/shop/settings.py)
```

The same happens where a plain module takes the place of a package: every `import tools.helpers` fails as soon as the
image has a `tools.py` instead of the folder.

## How to fix it

The finding names the instruction that put the other file there. Remove it, copy to another path, or define the name in
that file too.

## When it is not reported

As long as the start-up finds everything it asks for: a file that stands in for another one on purpose is no mistake.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.analysis.elsewhere import hiding_module
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.remedies.dockerfile.removal import not_copied
from parity.rules.base import Rule
from parity.startup.state.failures import FailureKind


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        told = failure.root
        if told.kind is FailureKind.MISSING_NAME and told.in_checkout:
            path, wanted = told.image_path, told.in_checkout
            message = f"{told.module} is another file in the image, which does not define {told.name}"
        elif told.kind is FailureKind.MISSING_MODULE and (hiding := hiding_module(analysis, startup, told)):
            path, wanted = hiding.image_path, hiding.checkout_path
            message = f"{hiding.name} is a plain module in the image, so {told.module} is not found"
        else:
            continue
        entry = analysis.entry(path)
        if entry is None:
            continue  # nothing is there: PAR101
        have = (entry.source or "").lstrip("/") or "another file"
        yield rule.finding_of(
            analysis,
            startup,
            failure,
            message,
            cause=Cause(CauseKind.SHADOWED, f"{path} is {have} there", entry.made_by),
            fix=f"copy {have} to another path, so that {told.module} is {wanted.lstrip('/')}",
            remedies=tuple(not_copied(analysis, entry.made_by)),
        )


rule = Rule("PAR103", "shadowed-module", Severity.ERROR, check)
