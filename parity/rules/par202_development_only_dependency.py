"""A distribution that the start-up needs is declared only in a group or extra that the image does not install.

## Why it matters

Developers install everything, the image leaves the development group out. A package that has come to be used by the
application itself is then missing in the container only.

## Example

```dockerfile
FROM python:3.12-slim
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN pip install uv && uv sync --frozen --no-dev
COPY shop shop
CMD [".venv/bin/python", "-m", "shop"]
```

with `httpx` in the group `dev` of `pyproject.toml`, and `import httpx` in `shop/__main__.py`. The container says

```text
ModuleNotFoundError: No module named 'httpx'
```

## How to fix it

Move the distribution to the dependencies of the application and lock again, or install its group or extra in the image
(`uv sync --extra http`, `pip install .[http]`, `poetry install --with http`). Where only tests need it, do not import
it from modules that the application reaches.

## When it is not reported

As for PAR201: a `try` takes the error, only a later call imports it, or another distribution may provide the module.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.model.packages import Distribution
from parity.packages.dependencies import Dependency, Verdict
from parity.remedies.packages.groups import installed_too
from parity.rules.base import Rule
from parity.rules.packages import finding_about, source_of, subject


def check(analysis: Analysis) -> Iterator[Finding]:
    for one in analysis.dependencies:
        if one.verdict is Verdict.LEFT_OUT and one.declared is not None:
            told = one.declared
            yield finding_about(
                rule,
                one,
                f"{one.imported.name} is imported, and {subject(one, told.name)} is declared only "
                f"{_where(told)}, which the image does not install",
                fix=_fix(told, one),
                remedies=tuple(installed_too(analysis, one)),
                severity=Severity.WARNING if one.may_hold else Severity.ERROR,
                fails=True,
                cause=Cause(CauseKind.NOT_INSTALLED, f"declared only {_where(told)}", told.location),
            )


def _where(told: Distribution) -> str:
    needed = "for what is " if not told.direct else ""
    return f"{needed}in {told.group}" if _is_file(told) else f"{needed}in the group or extra {told.group}"


def _is_file(told: Distribution) -> bool:
    return told.group.endswith((".txt", ".in"))


def _fix(told: Distribution, one: Dependency) -> str:
    if _is_file(told):
        return f"add {told.name} to {source_of(one)}, or install {told.group} in the image, too"
    return f"move {told.name} to the application's own dependencies, or install {told.group} in the image"


rule = Rule("PAR202", "development-only-dependency", Severity.ERROR, check)
