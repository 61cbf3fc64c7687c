"""A module that the start-up imports is neither in the image nor where the checkout would have it.

## Why it matters

No COPY can fix this: the name is misspelt, the package is not installed, the folder that holds it is not on the search
path, or a relative import leads nowhere.

## Example

```python
# shop/__main__.py
from shop.price import VAT  # the file is shop/prices.py
```

The container says

```text
ModuleNotFoundError: No module named 'shop.price'
```

A relative import fails in its own words: `attempted relative import with no known parent package` where the program was
started as a script, `attempted relative import beyond top-level package` where it has too many dots.

## How to fix it

- A package of others: install it in the image.
- A module of the project: correct the name. Where the project keeps its packages in a folder such as `src`, install the
  project, copy that folder's contents, or set `PYTHONPATH`.
- A relative import in a script: start it with `python -m package.module`, or import by the full name.

## When it is not reported

- A handler takes the error and goes on.
- What an installer put into the image, or what a private base image has, is not known and may hold the module.
- The import stands in a function that the start-up does not call.
"""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import normalize

from parity.analysis.analysis import Analysis
from parity.analysis.elsewhere import hiding_module, off_search_path, similar_module
from parity.analysis.not_fetched import empty_submodule
from parity.model.finding import Cause, CauseKind, Finding, Remedy, Severity
from parity.packages.dependencies import Verdict
from parity.remedies.absence import bring_in
from parity.remedies.names.renamed import module_renamed
from parity.rules.base import Rule
from parity.rules.packages import finding_about, missing_distributions
from parity.startup.simulate import Startup
from parity.startup.state.failures import Failure, FailureKind


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        told = failure.root
        if told.kind is FailureKind.RELATIVE_IMPORT:
            message, fix = _relative(told)
            yield rule.finding_of(analysis, startup, failure, message, fix=fix)
        elif told.kind is FailureKind.MISSING_MODULE and not told.in_checkout and told.other_case is None:
            if hiding_module(analysis, startup, told):
                continue  # another file of its package's name: PAR103
            if missing_distributions(analysis, startup, failure):
                continue  # a package of others: PAR201
            message, cause, ways = _missing(told, startup, analysis)
            yield rule.finding_of(analysis, startup, failure, message, cause=cause, remedies=ways)
    for one in analysis.dependencies:
        if one.verdict is Verdict.NOBODYS:
            yield finding_about(
                rule,
                one,
                f"{one.imported.name} is neither in the checkout nor among what the image installs",
                fix=f"declare the distribution that provides {one.imported.name}, or correct the name",
                severity=Severity.WARNING if one.may_hold else Severity.ERROR,
                fails=True,
            )


def _missing(failure: Failure, startup: Startup, analysis: Analysis) -> tuple[str, Cause, tuple[Remedy, ...]]:
    module = failure.module
    cause = off_search_path(analysis, startup, module)
    if cause is not None:
        message = f"{module} is in the image, but not on Python's search path"
        return message, cause, bring_in(analysis, cause, module=module)
    message = f"{module} is neither in the checkout nor in the image"
    cause = Cause(CauseKind.NOT_INSTALLED, f"nothing provides {module}")
    package = module.rpartition(".")[0]
    submodule = empty_submodule(analysis.checkout, module)
    if submodule:
        fetch = f"fetch {submodule} with git submodule update --init: it is empty"
        return message, cause, (Remedy(fetch),)
    importer = failure.chain[-1].module if failure.chain else ""
    similar = similar_module(analysis, startup, module, importer)
    if similar and normalize("NFC", similar.name) == normalize("NFC", module):
        other = f"rename the file of {similar.name}: its name has the same letters in another form of Unicode"
        return message, cause, (Remedy(other),)
    if similar:
        ways = module_renamed(analysis.checkout, similar.root, module, similar.name)
        return message, cause, (*ways, Remedy(f"correct the name: there is {similar.name}"))
    if not any(one.name == package for one in startup.modules):
        add = f"add {module.partition('.')[0]} to what the image installs, or correct the name"
        return message, cause, (Remedy(add),)
    return message, cause, (Remedy("correct the name, or add the module"),)


def _relative(failure: Failure) -> tuple[str, str]:
    if "beyond" in failure.text:
        return f"from {failure.module}: there are more dots than packages above", "remove dots"
    return (
        f"from {failure.module}: the program was started as a script, so it has no package",
        "start it with python -m package.module, or import by the full name",
    )


rule = Rule("PAR104", "unresolved-module", Severity.ERROR, check)
