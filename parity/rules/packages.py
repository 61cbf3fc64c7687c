"""How a finding about a package of others is told."""

from __future__ import annotations

from parity.analysis.analysis import Analysis
from parity.analysis.elsewhere import off_search_path
from parity.model.finding import Cause, Confidence, Finding, Remedy, Severity
from parity.packages.catalogue import public_catalogue
from parity.packages.dependencies import Dependency
from parity.remedies.packages.declare import LOCKS
from parity.rules.base import Rule, with_effect
from parity.startup.simulate import Startup
from parity.startup.state.failures import Failure, FailureKind


def finding_about(
    rule: Rule[Analysis],
    one: Dependency,
    message: str,
    *,
    fix: str,
    severity: Severity,
    fails: bool,
    cause: Cause | None = None,
    remedies: tuple[Remedy, ...] = (),
) -> Finding:
    """A finding of `rule` about a package of others. `fails`: the import fails in the image."""
    notes: tuple[str, ...] = ()
    if fails and one.doubtful:
        named = ", ".join(one.doubtful[:3])
        notes = (f"not certain: it may be among what {named} needs, which is not known",)
    imports = fails and bool(one.imported.chain)
    text = f"No module named {one.imported.name!r}" if imports else ""
    return rule.finding(
        with_effect(message, one.imported.occasion) if fails else message,
        severity=severity,
        confidence=Confidence.CERTAIN if one.certain or not fails else Confidence.LIKELY,
        location=one.imported.place if one.imported.place.path else None,
        module=one.imported.name,
        chain=one.imported.chain,
        cause=cause or (one.packages.lacks if fails else None),
        exception="ModuleNotFoundError" if imports else None,
        exception_text=text,
        fix=fix,
        remedies=remedies,
        notes=notes,
        also_breaks=one.also_breaks if fails else 0,
        when=one.imported.occasion.when,
    )


def missing_distributions(analysis: Analysis, startup: Startup, failure: Failure) -> tuple[str, ...]:
    """The public distributions whose module certainly is nowhere in the image; () where it is no such module."""
    told = failure.root
    if told.kind is not FailureKind.MISSING_MODULE or told.in_checkout or told.other_case is not None:
        return ()
    top = told.module.partition(".")[0]
    if any(one.name == top for one in startup.modules) or off_search_path(analysis, startup, told.module):
        return ()
    return tuple(sorted(public_catalogue().providers(told.module)))


def alternatives(names: tuple[str, ...]) -> str:
    """`a`, `a or b`, `a, b or c`: three at most."""
    *first, last = names[:3]
    return f"{', '.join(first)} or {last}" if first else last


def subject(one: Dependency, name: str) -> str:
    """The distribution, behind the name of its module."""
    return "it" if name == one.imported.name else name


def source_of(one: Dependency) -> str:
    """What the image installs from, for a fix."""
    manifest = one.packages.manifest
    if manifest.endswith(".lock"):
        command = LOCKS.get(manifest.rpartition("/")[2], "").format(one.distributions[0])
        return f"what the project declares, and lock it again ({command or manifest})"
    return manifest or "what the image installs"
