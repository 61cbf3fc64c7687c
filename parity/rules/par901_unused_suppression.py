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

The same is said of a baseline that knows of findings that are not found any more: it would hide them when they come
back.

## How to fix it

Remove the comment, or the code in its brackets that no longer applies. `parity check --write-baseline FILE` writes the
baseline anew.

## When it is not reported

For codes that this run did not look at (`--select`, `--ignore`), and in files that no start-up reaches. Of a baseline
where only a part is looked at (`-f`, `--target`, `--entrypoint`, `--select`, `--ignore`, a folder of it), or
where an image cannot be checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from parity.model.finding import Edit, Finding, Remedy, Severity
from parity.model.location import Location
from parity.model.rule_code import names_rule
from parity.model.suppression import Suppression
from parity.rules.base import Rule, UnusedSuppressions


def check(unused: UnusedSuppressions) -> Iterator[Finding]:
    words = [word for rule_names in unused.rules for word in rule_names]
    for suppression in unused.suppressions:
        place = suppression.location
        codes = f"ignore[{', '.join(suppression.codes)}]" if suppression.codes else "ignore"
        message, fix = f"the comment parity: {codes} silences nothing", "remove the comment"
        wrong = [
            code
            for code in suppression.codes
            if not any(names_rule(code, *rule_names) for rule_names in unused.rules)
        ]
        if wrong:
            near = get_close_matches(wrong[0].upper(), words, 1) or get_close_matches(wrong[0], words, 1)
            message += f": there is no rule {wrong[0]}"
            fix = f"write {near[0]}" if near else "correct the code: parity rule lists them"
        ways = (Remedy(f"{place.path}:{place.line}: {fix}", () if wrong else (_removed(suppression),)),)
        yield rule.finding(message, location=place, remedies=ways)
    if unused.stale:
        number = "1 finding" if unused.stale == 1 else f"{unused.stale} findings"
        yield rule.finding(
            f"{number} of the baseline {unused.baseline} {'is' if unused.stale == 1 else 'are'} not found any more",
            location=None if unused.baseline.startswith("/") else Location(unused.baseline),
            fix=f"parity check --write-baseline {unused.baseline} writes it anew",
        )


def _removed(suppression: Suppression) -> Edit:
    """Without the comment: its line, or what stands before it."""
    place = suppression.location
    kept = "" if suppression.alone else suppression.before.rstrip() + "\n"
    return Edit(place.path, place.line, place.line, kept)


rule = Rule("PAR901", "unused-suppression", Severity.WARNING, check)
