"""The start-up asks a module for a name that the module does not define.

## Why it matters

The module is there, and so is the file in the image; only the name is gone, often since a function was renamed. Python
notices when the import runs.

## Example

```python
# shop/prices.py
def gross(net):
    return net * 119 // 100
```

```python
# shop/__main__.py
from shop.prices import with_tax
```

The container says

```text
ImportError: cannot import name 'with_tax' from 'shop.prices' (/app/shop/prices.py)
```

`shop.prices.with_tax` would be an `AttributeError`, and a name that nothing has bound when a module's body reads it is
a `NameError`: both are reported here as well. So are attributes of `None`, which an optional import falls back to, of
a function that has taken the name of a submodule, of texts, numbers, lists and dicts, and members that an enumeration
lacks. A file of the project that has the name of a standard module (`random.py` beside the script) takes its place, for
other standard modules too.

## How to fix it

Define the name, correct the import, or rename the file that hides the standard module.

## When it is not reported

- The module may get the name in a way that cannot be followed: a module `__getattr__` of its own, `globals()`,
  `vars(module)`, the module `builtins`, a star import of a package of others, an extension module.
- The name is bound later in a module that is still loading: that is PAR301.
- The checkout has another file of that module, and it defines the name: that is PAR103.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.analysis.elsewhere import similar_submodule
from parity.model.finding import Cause, CauseKind, Finding, Remedy, Severity
from parity.remedies.names.renamed import module_renamed, name_corrected, name_restored
from parity.rules.base import Rule
from parity.startup.state.failures import Failure, FailureKind


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        told = failure.root
        if told.kind is FailureKind.UNBOUND_NAME:
            message = f"{told.name} is used before anything binds it"
            fix = f"import or define {told.name} above, or correct the name"
            ways = tuple(name_restored(analysis.checkout, f"/{told.place.path}", told.name))
            yield rule.finding_of(analysis, startup, failure, message, fix=fix, remedies=ways)
        elif told.kind is FailureKind.MISSING_ATTRIBUTE:
            owner = {"NoneType": "None", "function": "a function"}.get(told.module, told.module)
            message = f"{owner} has no attribute {told.name}"
            fix = "check it first, or bind it to something that has that attribute"
            yield rule.finding_of(analysis, startup, failure, message, fix=fix)
        elif told.kind is FailureKind.MISSING_NAME and not told.in_checkout:
            cause, fix = _hidden(told, analysis) if told.shadows else (None, _defined(told, analysis))
            message = f"{told.module} does not define {told.name}"
            ways = tuple(_corrected(told, analysis)) if told.image_path and not told.shadows else ()
            yield rule.finding_of(analysis, startup, failure, message, cause=cause, fix=fix, remedies=ways)


def _hidden(failure: Failure, analysis: Analysis) -> tuple[Cause, str]:
    file = _file(failure, analysis)
    detail = f"{file} hides the standard library's {failure.shadows}"
    return Cause(CauseKind.SHADOWED, detail), f"give {file} another name"


def _corrected(failure: Failure, analysis: Analysis) -> Iterator[Remedy]:
    entry = analysis.entry(failure.image_path)
    near = similar_submodule(analysis, failure.image_path, failure.name)
    if near and entry is not None and entry.source:
        folder = entry.source.removesuffix("/__init__.py")
        root = folder.removesuffix("/" + failure.module.replace(".", "/")) or "/"
        module = f"{failure.module}.{failure.name}"
        yield from module_renamed(analysis.checkout, root, module, f"{failure.module}.{near}")
    if entry is not None and entry.source:
        yield from name_corrected(analysis.checkout, failure.place, failure.name, entry.source)


def _defined(failure: Failure, analysis: Analysis) -> str:
    file = _file(failure, analysis)
    return f"define {failure.name} in {file}, or correct the name" if file else "correct the name"


def _file(failure: Failure, analysis: Analysis) -> str:
    entry = analysis.entry(failure.image_path)
    return entry.source[1:] if entry and entry.source else failure.image_path


rule = Rule("PAR105", "missing-name", Severity.ERROR, check)
