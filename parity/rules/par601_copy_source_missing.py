"""A COPY or ADD names something that is absent or ignored, so that the build fails.

## Why it matters

There is no image at all, and the builder's message names the path, not the ignore rule that hides it.

## Example

```dockerfile
COPY shop shop
COPY shop/config/prices.json /etc/shop/prices.json
```

with `**/config` in `.dockerignore`. The build says

```text
failed to calculate checksum of ref …: "/shop/config/prices.json": not found
```

## How to fix it

- Hidden by an ignore rule: narrow the rule, or add an exception below it.
- Not in the build context: correct the path, which is relative to the context, not to the Dockerfile; or build with
  another context.
- Not in the stage that `--from` names: correct the path there, or the step that should have made it.

## When it is not reported

- A pattern with a wildcard matches nothing, and its folder is sent to the builder all the same, because some
  instruction takes something from it (or it is the context itself): the build goes on without it. Otherwise the
  builder does not find the folder. A step that it still has in its cache hides that, so this is only likely.
- Whether the path exists depends on a step or an image that cannot be read.

A path of the context that a .gitignore names, or that a workflow fetches or makes in a step of its own, is written by
something before the build: without it the build fails, and with it all is well. That is a warning.

The rest of the image is looked at as if a hidden source had been copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.build.copy_step import MissingSource
from parity.model.finding import Cause, CauseKind, Confidence, Finding, Remedy, Severity
from parity.model.location import Location, Unknown
from parity.remedies.absence import let_in
from parity.remedies.names.near_path import source_renamed
from parity.rules.base import Rule

WORKFLOWS = "/.github/workflows"
MAKERS = b"aws|cp|curl|gcloud|gh|gsutil|install|mv|rsync|scp|tee|touch|wget"
"""Programs that write the file that they name last."""


def check(analysis: Analysis) -> Iterator[Finding]:
    for missing in analysis.image.missing_sources:
        cause, reason, ways = _told(missing, analysis)
        generated = _maker(missing, analysis)
        if generated:
            reason += f", and {generated}"
            ways = (Remedy(f"create {missing.written} before the build"),)
        yield rule.finding(
            f"the build fails: {missing.written} is not found; {reason}",
            location=missing.location,
            cause=cause,
            remedies=ways,
            confidence=Confidence.LIKELY if missing.unsent or generated else Confidence.CERTAIN,
            severity=Severity.WARNING if generated else rule.severity,
        )


def _maker(missing: MissingSource, analysis: Analysis) -> str:
    """What says that something writes this path of the context before the build; "" for nothing."""
    if missing.hidden_by is not None or missing.stage is not None or missing.unsent:
        return ""
    if analysis.git_ignored(analysis.image.context.checkout_path(missing.path)):
        return "a .gitignore names it"
    name = re.escape(missing.path.rpartition("/")[2]).encode()
    makes = re.compile(rb"(?:>|\b(?:%s)\b[^\n#]*)\s*[^\s#]*(?<![\w.-])%s(?![\w.-])" % (MAKERS, name))
    names = analysis.checkout.names(WORKFLOWS)
    for file in sorted(names) if not isinstance(names, Unknown) else ():
        text = analysis.checkout.read(f"{WORKFLOWS}/{file}")
        if isinstance(text, bytes) and (found := makes.search(text)):
            line = text.count(b"\n", 0, found.end()) + 1
            return f"{WORKFLOWS[1:]}/{file}:{line} makes it"
    return ""


def _told(missing: MissingSource, analysis: Analysis) -> tuple[Cause, str, tuple[Remedy, ...]]:
    """The cause, the same in the words of the message, and what to do."""
    context = analysis.image.context
    if missing.hidden_by is not None:
        place = Location(context.ignore.path, missing.hidden_by.line)
        cause = Cause(CauseKind.DOCKERIGNORE, missing.hidden_by.text, place)
        ways = tuple(let_in(context, context.checkout_path(missing.path)))
        narrow = Remedy(f"{place}: narrow the rule {missing.hidden_by.text!r}")
        return cause, "an ignore rule hides it", (*ways, narrow)
    if missing.stage is not None:
        cause = Cause(CauseKind.OTHER_STAGE, f"{missing.stage} has no {missing.path}")
        make = Remedy(f"correct the path, or make it in {missing.stage}")
        return cause, f"it is not in {missing.stage}", (make,)
    if missing.unsent:
        folder = missing.path[1:]
        cause = Cause(CauseKind.NOT_COPIED, f"no instruction takes anything from {folder}")
        reason = f"its folder {folder} is not sent to the builder, as the pattern matches nothing in it"
        drop = Remedy(f"name a file of {folder} that is there in the same COPY, or drop the pattern")
        return cause, reason, (drop,)
    where = f"the build context {context.root[1:]}".rstrip()
    cause = Cause(CauseKind.NOT_COPIED, f"it is not in {where}")
    ways = tuple(source_renamed(analysis, missing))
    other = context.other_root(missing.path, analysis.dockerfile)
    elsewhere = f"--context {other[1:] or '.'}, which has it" if other is not None else "another context"
    return cause, cause.detail, (*ways, Remedy(f"correct the path, or build with {elsewhere}"))


rule = Rule("PAR601", "copy-source-missing", Severity.ERROR, check)
