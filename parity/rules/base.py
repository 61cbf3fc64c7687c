"""A rule is one value: its code, its name, and a function from the facts of an image to findings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from msgspec import Struct

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, ChainLink, Confidence, CycleImport, Finding, Remedy, Severity
from parity.model.location import Location
from parity.model.occasion import Occasion, When
from parity.model.report import RuleInfo
from parity.model.suppression import Suppression
from parity.python.stdlib import is_standard_library
from parity.startup.simulate import Startup
from parity.startup.state.failures import Failure, FailureKind

Facts = TypeVar("Facts")


class UnusedSuppressions(Struct, frozen=True):
    """The comments that silence nothing, and the code and name of each rule that they may have meant.

    `stale`: how many findings of the baseline, the file `baseline`, are not found any more.
    """

    suppressions: tuple[Suppression, ...]
    rules: tuple[tuple[str, str], ...]
    baseline: str = ""
    stale: int = 0


class Rule(Struct, Generic[Facts], frozen=True):
    """`check` gives the findings that the facts come to; the docstring of its module is the rule's page.

    `severity` is the one that findings have where nothing speaks for another.
    """

    code: str
    name: str
    severity: Severity
    check: Callable[[Facts], Iterator[Finding]]

    @property
    def summary(self) -> str:
        """The first sentence of the page, on one line."""
        return " ".join(self.documentation.partition("\n\n")[0].split())

    @property
    def documentation(self) -> str:
        """The page, in Markdown."""
        return (sys.modules[self.check.__module__].__doc__ or "").strip()

    @property
    def info(self) -> RuleInfo:
        """What formats tell of it."""
        return RuleInfo(self.code, self.name, self.severity, self.summary, self.documentation)

    def finding(
        self,
        message: str,
        *,
        severity: Severity | None = None,
        confidence: Confidence = Confidence.CERTAIN,
        location: Location | None = None,
        module: str | None = None,
        image_path: str | None = None,
        chain: tuple[ChainLink, ...] = (),
        cause: Cause | None = None,
        exception: str | None = None,
        exception_text: str = "",
        fix: str = "",
        remedies: tuple[Remedy, ...] = (),
        notes: tuple[str, ...] = (),
        also_breaks: int = 0,
        cycle_imports: tuple[CycleImport, ...] = (),
        when: When = When.START,
    ) -> Finding:
        """A finding of this rule, of its own severity where no other is given."""
        return Finding(
            code=self.code,
            name=self.name,
            severity=severity or self.severity,
            confidence=confidence,
            message=message,
            location=location,
            module=module,
            image_path=image_path,
            chain=chain,
            cause=cause,
            exception=exception,
            exception_text=exception_text,
            fix=fix or next((one.text for one in remedies), ""),
            remedies=remedies,
            notes=notes,
            also_breaks=also_breaks,
            cycle_imports=cycle_imports,
            when=when,
        )

    def finding_of(
        self,
        analysis: Analysis,
        startup: Startup | None,
        failure: Failure,
        message: str,
        *,
        cause: Cause | None = None,
        fix: str = "",
        remedies: tuple[Remedy, ...] = (),
        notes: tuple[str, ...] = (),
        severity: Severity | None = None,
        location: Location | None = None,
    ) -> Finding:
        """A finding of this rule about a failure of the start-up."""
        unknown = failure.unknown
        if unknown is None and _depends_on_version(failure.root):
            unknown = analysis.assumed
        if unknown is not None:
            notes = (*notes, f"not certain: {unknown}")
        return self.finding(
            with_effect(message, failure.occasion),
            severity=severity or severity_of(failure, startup),
            confidence=Confidence.CERTAIN if failure.certain and unknown is None else Confidence.LIKELY,
            location=location or analysis.location_of(failure, startup),
            module=failure.module or None,
            image_path=failure.image_path or None,
            chain=failure.chain,
            cause=cause,
            exception=failure.exception or None,
            exception_text=failure.text,
            fix=fix,
            remedies=remedies,
            notes=notes,
            also_breaks=failure.also_breaks,
            when=failure.occasion.when,
        )


def _depends_on_version(told: Failure) -> bool:
    """Is it about the standard library?"""
    return told.kind is FailureKind.OTHER_VERSION or (
        told.kind in (FailureKind.MISSING_NAME, FailureKind.MISSING_ATTRIBUTE)
        and is_standard_library(told.module.partition(".")[0], None)
    )


def severity_of(failure: Failure, startup: Startup | None) -> Severity:
    """A failure that ends the start-up is an error; one that may not be reached, a warning."""
    later = startup is not None and failure.occasion.when is When.LATER
    if failure.may_not_run or later:
        return Severity.WARNING
    if startup is not None:
        command = startup.entrypoint.command
        if not command.certain or not command.fatal:
            return Severity.WARNING
    return Severity.ERROR


def with_effect(message: str, occasion: Occasion) -> str:
    """The message, and what the failure comes to where the process starts all the same."""
    return f"{message}: {occasion.effect}" if occasion.effect else message
