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

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

from parity.model.finding import Confidence, Edit, Finding, Severity
from parity.model.suppression import Suppression
from parity.rules.base import Rule


def rule_knowing(names: Collection[str]) -> Rule[Iterable[Suppression]]:
    """`names`: the codes and names of all rules, for comments that misspell one."""

    def check(unused: Iterable[Suppression]) -> Iterator[Finding]:
        for suppression in unused:
            place = suppression.location
            codes = f"ignore[{', '.join(suppression.codes)}]" if suppression.codes else "ignore"
            message, fix = f"the comment parity: {codes} silences nothing", "remove the comment"
            wrong = [one for one in suppression.codes if not _is_known(one, names)]
            if wrong:
                near = get_close_matches(wrong[0].upper(), names, 1) or get_close_matches(wrong[0], names, 1)
                message += f": there is no rule {wrong[0]}"
                fix = f"write {near[0]}" if near else "mend the code: parity rule lists them"
            edits = (Edit(place.path, place.line, place.line, ""),) if suppression.alone and not wrong else ()
            yield Finding(
                code=rule.code,
                name=rule.name,
                severity=rule.severity,
                confidence=Confidence.CERTAIN,
                message=message,
                location=place,
                fix=f"{place.path}:{place.line}: {fix}",
                edits=edits,
            )

    rule = Rule("PAR901", "unused-suppression", Severity.WARNING, check)
    return rule


def _is_known(code: str, names: Collection[str]) -> bool:
    return any(name.startswith(code.upper()) or name == code for name in names)
