"""A start-up works under compose only because a mount brings what the image lacks.

## Why it matters

Developers mount the checkout over the image, so that they need not build it again after each change. Then nobody sees
what the image itself lacks, until it runs where nothing is mounted.

## Example

```dockerfile
FROM python:3.12-slim
WORKDIR /app
COPY main.py prices.py ./
CMD ["python", "main.py"]
```

with `volumes: [".:/app"]` in the service of `compose.yaml`, and `import stock` in `main.py`. The service starts: it
sees `stock.py` of the checkout. The image alone says

```text
ModuleNotFoundError: No module named 'stock'
```

## How to fix it

Bring the module into the image as for PAR101. If a volume is meant to bring it wherever the image runs, say so at the
import: `# parity: ignore[PAR701] a volume brings it`.

## When it is not reported

- The image gets nothing of the checkout: it is made to be mounted. One that gets no module and no folder is told once.
- The checkout does not have it.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Finding, Severity
from parity.remedies.absence import bring_in
from parity.rules.base import Rule


def check(analysis: Analysis) -> Iterator[Finding]:
    for gap in analysis.brought:
        ways = bring_in(analysis, gap.cause, gap.source, gap.image_path)
        what = gap.source.lstrip("/")
        yield rule.finding_of(
            analysis,
            gap.startup,
            gap.failure,
            f"{what} is not in the image: only the mount over {gap.mount.target} brings it",
            cause=gap.cause,
            remedies=ways,
            notes=(f"{gap.mount.location} mounts it",),
            severity=Severity.WARNING,
        )


rule = Rule("PAR701", "volume-hides-gap", Severity.WARNING, check)
