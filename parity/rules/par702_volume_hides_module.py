"""A mount covers a folder that the start-up needs, with one that lacks it.

## Why it matters

The image is right, and the container does not start all the same: a mount hides everything that the image has at its
target. The usual ones are a checkout that is mounted over the virtual environment that the build made, and a folder of
data or a ConfigMap that is mounted over a package.

## Example

```dockerfile
FROM python:3.12-slim
WORKDIR /app
COPY shop shop
CMD ["python", "-m", "shop"]
```

with `volumes: ["./state:/app/shop/data"]` in the service of `compose.yaml`, and `from shop.data import PRICES` in
`shop/__main__.py`. The folder `state` has no `__init__.py`. The container says

```text
ImportError: cannot import name 'PRICES' from 'shop.data' (unknown location)
```

## How to fix it

- Mount it somewhere else, and say to the program where.
- A virtual environment below a mounted checkout: make it outside (`UV_PROJECT_ENVIRONMENT=/opt/venv`), or keep the
  image's with a volume of its own (`/app/.venv` in `volumes`): Docker fills a new one from the image.
- One file of a ConfigMap among others: `subPath`.

## When it is not reported

- What the mount shows is not known: a claim of Kubernetes, a folder outside of the checkout.
- A volume of Docker: it begins with what the image has there.

It is `likely` where the mounted folder is not in the checkout, and a warning where git ignores what is hidden: it may
be there on the machine that runs the service.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from parity.analysis.analysis import Analysis, Hidden
from parity.analysis.mounts import SITE
from parity.analysis.program import is_hidden, refused_program
from parity.build.absence import mount_at
from parity.image.counterpart import checkout_folders
from parity.model.finding import Cause, CauseKind, Confidence, Finding, Severity
from parity.model.location import Location
from parity.rules.base import Rule, severity_of
from parity.rules.packages import finding_about
from parity.startup.state.failures import FailureKind
from parity.tree.base import join

_FIX = "mount it somewhere else, or keep what the image has there with a volume of its own"


def check(analysis: Analysis) -> Iterator[Finding]:
    """One finding for each mount: the first thing that fails, the gravest before others."""
    by_mount: dict[Location | None, list[Finding]] = {}
    for finding in (*_program(analysis), *_files(analysis), *_packages(analysis)):
        place = finding.cause.location if finding.cause else None
        by_mount.setdefault(place, []).append(finding)
    for findings in by_mount.values():
        first = min(findings, key=lambda finding: finding.severity.rank)
        also = sum(1 + finding.also_breaks for finding in findings) - 1
        yield replace(first, also_breaks=also)


def _files(analysis: Analysis) -> Iterator[Finding]:
    for one in analysis.hidden:
        finding = rule.finding_of(
            analysis,
            one.startup,
            one.failure,
            _message(one),
            cause=one.cause,
            fix=f"{one.mount.location}: {_FIX}",
            severity=Severity.WARNING
            if _may_be_there(one, analysis)
            else severity_of(one.failure, one.startup),
        )
        yield finding if one.mount.certain else replace(finding, confidence=Confidence.LIKELY)


def _packages(analysis: Analysis) -> Iterator[Finding]:
    for package in analysis.hidden_packages:
        mount = package.mount
        module = package.package.imported.name
        yield finding_about(
            rule,
            package.package,
            f"a mount over {mount.target} hides the packages of the image, {module} among them",
            cause=Cause(CauseKind.VOLUME, f"a mount over {mount.target} hides it", mount.location),
            fix=f"{mount.location}: {_FIX}",
            severity=Severity.ERROR,
            fails=True,
        )


def _program(analysis: Analysis) -> Iterator[Finding]:
    """The start command's program is in the image, and hidden."""
    refused = refused_program(analysis)
    if refused is None or not is_hidden(refused, analysis):
        return
    cause = analysis.why_absent(refused.path, refused.source or "")
    mount = mount_at(analysis.image, cause.location)
    yield rule.finding(
        f"a mount hides the start command's {refused.path}",
        location=analysis.command.location if analysis.command else None,
        image_path=refused.path,
        cause=cause,
        exception_text=refused.says,
        fix=f"{cause.location}: {_FIX}",
        confidence=Confidence.CERTAIN if refused.certain and mount and mount.certain else Confidence.LIKELY,
    )


def _message(one: Hidden) -> str:
    root = one.failure.root
    what = root.module if root.kind is FailureKind.MISSING_MODULE else one.image_path
    return f"a mount over {one.mount.target} hides what the image has of {what}"


def _may_be_there(one: Hidden, analysis: Analysis) -> bool:
    """Is it a file of the project's that git ignores, so that the checkout that is mounted may have it elsewhere?"""
    if one.failure.root.kind is FailureKind.ENTRYPOINT or any(f"/{site}/" in one.image_path for site in SITE):
        return False
    folder, _, name = one.image_path.rpartition("/")
    return any(
        analysis.git_ignored(join(place, name))
        for place in checkout_folders(analysis.image.tree, folder or "/")
    )


rule = Rule("PAR702", "volume-hides-module", Severity.ERROR, check)
