"""A suppression that suppresses nothing.

## Why it matters

A comment that silences a finding outlives its reason: the module is copied again, the import is gone. It then waits
to hide the next finding on that line, which nobody has looked at.

## Example

```python
import json  # parity: ignore[PAR101] the model registry comes from a volume
```

`json` is in every image, so there is nothing to silence:

```text
warning PAR901 unused-suppression: the comment parity: ignore[PAR101] silences nothing
```

## How to fix it

Remove the comment, or the code in its brackets that no longer applies.

## When it is not reported

For codes that this run did not look at (`--select`, `--ignore`), and in files that no start-up reaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from parity.model.finding import Confidence, Edit, Finding, Severity
from parity.model.suppression import Suppression
from parity.rules.base import Rule


def check(unused: Iterable[Suppression]) -> Iterator[Finding]:
    for suppression in unused:
        place = suppression.location
        codes = f"ignore[{', '.join(suppression.codes)}]" if suppression.codes else "ignore"
        yield Finding(
            code=rule.code,
            name=rule.name,
            severity=rule.severity,
            confidence=Confidence.CERTAIN,
            message=f"the comment parity: {codes} silences nothing",
            location=place,
            fix=f"{place.path}:{place.line}: remove the comment",
            edits=(Edit(place.path, place.line, place.line, ""),) if suppression.alone else (),
        )


rule = Rule("PAR901", "unused-suppression", Severity.WARNING, check)
