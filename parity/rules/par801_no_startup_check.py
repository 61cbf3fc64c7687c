"""Nothing in the Dockerfile, the compose file or a workflow imports the application before it gets traffic.

## Why it matters

An image is built, pushed and started, and the first who notices that a module is missing is a user. A build that
imports the application fails at once instead, and no such image is pushed.

## Example

```dockerfile
FROM python:3.12-slim
WORKDIR /app
COPY shop shop
CMD ["python", "-m", "shop"]
```

```yaml
# compose.yaml
services:
  shop:
    build: .
    ports: ["8000:8000"]
```

## How to fix it

`parity smoke` prints a RUN step for the end of the Dockerfile, and the same test for a workflow or a pod:

```dockerfile
RUN python -c 'import shop.orders'
```

`parity check` in a workflow is such a check, too, and needs no build.

## When it is not reported

- A RUN step imports a module of the start-up, runs `manage.py`, the tests, or `gunicorn --check-config`.
- There is a HEALTHCHECK, a `healthcheck:` of a service that is made of the Dockerfile, or a probe of the pod.
- A workflow runs `parity check` or `parity smoke`, or a container of the image (`docker run`, `docker compose up`).
- No file but the Dockerfile says how the image is built or started: whether it gets any traffic is not known.
- The start-up fails, or nothing of it was followed: there is something else to do first.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Finding, Severity
from parity.rules.base import Rule


def check(analysis: Analysis) -> Iterator[Finding]:
    if analysis.untried_at is None or not _is_followed(analysis) or analysis.failures() or analysis.hidden:
        return
    yield rule.finding(
        "nothing imports the application before it gets traffic",
        location=analysis.untried_at,
        fix="add what parity smoke prints",
    )


def _is_followed(analysis: Analysis) -> bool:
    return any(module.in_image for startup in analysis.startups for module in startup.modules)


rule = Rule("PAR801", "no-startup-check", Severity.INFO, check)
