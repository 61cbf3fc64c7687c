"""A distribution whose module the start-up imports is not installed in the image.

## Why it matters

On the developer's machine the package is there, installed by hand or by another project. The image installs what the
requirements or the lock file list, and the container stops at the import.

## Example

```dockerfile
FROM python:3.12-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
CMD ["python", "-m", "shop"]
```

with `requests` alone in `requirements.txt`, and `import yaml` in `shop/__main__.py`. The container says

```text
ModuleNotFoundError: No module named 'yaml'
```

So does a project that asks for its own version, `importlib.metadata.version("shop")`, where the image copies its files
and does not install it: the container says `PackageNotFoundError: No package metadata was found for shop`.

## How to fix it

Declare the distribution (for `yaml`: `pyyaml`) where the image installs from, and lock again. Where the image installs
from another file than you thought, install from that one.

## When it is not reported

- The import stands in a `try` whose handler takes the error and goes on, or under `if TYPE_CHECKING:`.
- It runs only when a function is called that the start-up does not call.
- A step that cannot be read may have installed something, or the packages of the base image are not known.
- Another distribution that the image installs may provide the module: of one whose files nobody here knows, any may.

Where the code names what is imported later only as a text, an info reports it: the driver of a SQLAlchemy URL
(`postgresql+psycopg://`), Django's database `ENGINE`, the `redis://` broker of Celery, uvicorn's `loop="uvloop"`,
gunicorn's `worker_class = "gevent"`. Forms of FastAPI (`python-multipart`) and `EmailStr` of pydantic
(`email-validator`) are a likely error: they are asked for when the module is loaded.

What a distribution needs is read from the lock file, else from a virtual environment of the checkout (`.venv`), else
from a table of the public ones. It is `certain` where a lock file lists everything and an environment says whose
module it is, else `likely`; a warning where it is not known what some installed distribution needs.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Confidence, Finding, Severity
from parity.packages.dependencies import Verdict
from parity.remedies.packages.declare import declared, provided
from parity.rules.base import Rule
from parity.rules.packages import alternatives, finding_about, missing_distributions, source_of
from parity.startup.state.failures import FailureKind


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        if failure.root.kind is FailureKind.MISSING_METADATA:
            own = failure.root.module
            message = f"{own} is asked for its metadata: the image has its files, but does not install it"
            cause = Cause(CauseKind.NOT_INSTALLED, f"no step installs {own}: a COPY brings no metadata")
            fix = f"install {own} in the image (pip install .), or catch the PackageNotFoundError"
            yield rule.finding_of(analysis, startup, failure, message, cause=cause, fix=fix)
        if names := missing_distributions(analysis, startup, failure):
            module = failure.root.module
            message = said(module, names)
            cause = Cause(CauseKind.NOT_INSTALLED, "nothing in the image provides it")
            fix = f"add {names[0]} to what the image installs"
            ways = tuple(provided(analysis, names))
            yield rule.finding_of(analysis, startup, failure, message, cause=cause, fix=fix, remedies=ways)
    for one in analysis.dependencies:
        if one.verdict is Verdict.MISSING:
            where = f" ({one.declared.location} declares it)" if one.declared else ""
            ways = tuple(declared(analysis, one))
            by_hand = next((way.text for way in ways if not way.edits), "")
            yield finding_about(
                rule,
                one,
                said(one.imported.name, one.distributions) + where,
                fix=by_hand or f"add {alternatives(one.distributions)} to {source_of(one)}",
                remedies=ways,
                severity=Severity.WARNING if one.may_hold else Severity.ERROR,
                fails=True,
            )
        elif one.verdict is Verdict.IMPLIED:
            found = finding_about(
                rule,
                one,
                f"{one.other[0]!r} needs {alternatives(one.distributions)}, which is not installed in the image",
                fix=f"add {alternatives(one.distributions)} to {source_of(one)}",
                severity=Severity.ERROR if one.at_once else Severity.INFO,
                fails=False,
            )
            yield replace(found, confidence=Confidence.LIKELY) if one.at_once else found


def said(module: str, names: tuple[str, ...]) -> str:
    what = "" if module in names else f"{alternatives(names)} is "
    return f"{module} is imported, and {what}not installed in the image"


rule = Rule("PAR201", "missing-dependency", Severity.ERROR, check)
