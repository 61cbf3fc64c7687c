"""COPY or ADD of something that is absent or ignored: the build fails."""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Confidence, Finding, Severity
from parity.model.location import Location
from parity.rules.base import Rule


def check(analysis: Analysis) -> Iterator[Finding]:
    for missing in analysis.image.missing_sources:
        if missing.hidden_by is not None:
            place = Location(analysis.image.context.ignore.path, missing.hidden_by.line)
            cause = Cause(CauseKind.DOCKERIGNORE, missing.hidden_by.text, place)
            reason, fix = (
                "an ignore rule hides it",
                f"{place}: add the line !{missing.path.lstrip('/')} below it",
            )
        elif missing.stage is not None:
            cause = Cause(
                CauseKind.OTHER_STAGE, f"stage {missing.stage} has no {missing.path}", missing.location
            )
            reason, fix = f"it is not in {missing.stage}", ""
        else:
            cause = Cause(CauseKind.NOT_COPIED, "it is not in the build context", missing.location)
            reason, fix = "it is not in the build context", ""
        yield Finding(
            code=rule.code,
            name=rule.name,
            severity=rule.severity,
            confidence=Confidence.CERTAIN,
            message=f"the build fails: {missing.written} is not found, {reason}",
            location=missing.location,
            cause=cause,
            fix=fix,
        )


rule = Rule("PAR601", "copy-source-missing", Severity.ERROR, check)
