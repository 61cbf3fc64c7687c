"""A module or data file that the start-up needs is on this disk, and git does not have it.

## Why it matters

The image that is built here has the file, so the container starts. CI builds from a clean checkout, and so does
everybody else: their image lacks it. Common templates for `.gitignore` name `lib/`, `build/`, `var/` and `parts/`
without a slash in front, which leaves out a package of that name wherever it lies.

## Example

```dockerfile
FROM python:3.12-slim
WORKDIR /app
COPY . .
CMD ["python", "-m", "shop"]
```

with `lib/` in `.gitignore`, and `from shop.lib import prices` in `shop/__main__.py`. A container of the image that CI
builds says

```text
ModuleNotFoundError: No module named 'shop.lib'
```

## How to fix it

- A line of a `.gitignore` keeps it out: anchor the line (`/lib/`), or add an exception below it
  (`!/shop/prices.json`). Then `git add` the file.
- It is not added yet: `git add` it.

## When it is not reported

- There is no repository, or git has nothing of the build context.
- The build makes the file anyway, or a step that cannot be read may.
- A generator wrote it: by its name (`orders_pb2.py`, `_version.py`) or by what its first lines say.
- The import stands in a `try` whose handler takes the error and goes on.

It is always `likely`: nothing says that an image is built from a clean checkout. It is a warning where the file is
merely not added yet, where it is needed only later, and where something seems to write it before the build: a COPY
names it, or a template lies beside it (`settings.example.py`).

The repository is read, and git is not run. What the settings of this user alone leave out of git counts as not added.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec.structs import replace

from parity.analysis.analysis import Analysis, Untracked
from parity.git.ignore import Ignored
from parity.model.finding import Cause, CauseKind, Confidence, Edit, Finding, Remedy, Severity
from parity.model.location import Unknown
from parity.rules.base import Rule, severity_of
from parity.startup.state.failures import FailureKind
from parity.tree.base import Entry, FileKind, FileTree, below, parent_of

_TEMPLATES = frozenset("example sample template dist default tmpl tpl".split())


def check(analysis: Analysis) -> Iterator[Finding]:
    for one in analysis.untracked:
        cause, remedy = _cause(one, analysis.checkout)
        finding = rule.finding_of(
            analysis,
            one.startup,
            one.failure,
            _message(one),
            cause=cause,
            remedies=(remedy,),
            severity=_severity(one, analysis.checkout),
        )
        yield replace(finding, confidence=Confidence.LIKELY)


def _message(one: Untracked) -> str:
    root = one.failure.root
    what = root.module or one.place[1:]
    if root.kind is FailureKind.MISSING_NAME:
        what = f"{root.module}.{root.name}"
    lacking = "is not in git" if one.ignored is not None else "is not added to git yet"
    if one.copy is not None:
        return f"{what} {lacking}, so the build of a clean checkout fails"
    return f"{what} {lacking}, so the image of a clean checkout lacks it"


def _severity(one: Untracked, checkout: FileTree) -> Severity:
    if one.startup is None or one.ignored is None or one.copy is not None:
        return Severity.WARNING
    return Severity.WARNING if _has_template(one.place, checkout) else severity_of(one.failure, one.startup)


def _has_template(place: str, checkout: FileTree) -> bool:
    """Does a file lie beside it that it is meant to be written from: `config.example.py`, `config.py.dist`?"""
    folder, _, name = place.rpartition("/")
    names = checkout.names(folder or "/")
    wanted = name.split(".")
    return not isinstance(names, Unknown) and any(
        _TEMPLATES & set(parts) and [part for part in parts if part not in _TEMPLATES] == wanted
        for parts in (other.replace("-", ".").replace("_", ".").split(".") for other in names)
    )


def _cause(one: Untracked, checkout: FileTree) -> tuple[Cause, Remedy]:
    place = one.place[1:]
    if one.ignored is None:
        cause = Cause(CauseKind.NOT_ADDED, f"no line of a .gitignore names {place}")
        return cause, Remedy(f"git add {place}")
    ignored = one.ignored
    cause = Cause(CauseKind.GIT_IGNORE, ignored.line.text, ignored.location)
    is_shared = posixpath.basename(ignored.path) == ".gitignore"
    outside = not is_shared or ignored.path.startswith("../")
    if outside:
        return cause, Remedy(f"git add --force {place}")
    text, edit = _narrowed(ignored, checkout)
    return cause, Remedy(f"{ignored.location}: {text}, then git add {place}", (edit,))


def _narrowed(ignored: Ignored, checkout: FileTree) -> tuple[str, Edit]:
    """The line as it names only what lies beside its file, or an exception below it."""
    line, folder = ignored.line, parent_of("/" + ignored.path)
    number = line.number
    relative = below(ignored.place, folder)
    if line.is_plain and line.anywhere and "/" in relative:
        text = f"/{line.text}"
        return f"write {text}", Edit(ignored.path, number, number, f"{text}\n")
    entry = checkout.lookup(ignored.place)
    is_folder = isinstance(entry, Entry) and entry.kind is FileKind.DIRECTORY
    text = f"!/{relative}" + "/" * is_folder
    return f"add {text} below it", Edit(ignored.path, number + 1, number, f"{text}\n")


rule = Rule("PAR107", "untracked-module", Severity.ERROR, check)
