"""`check --compare A B --format json`."""

from __future__ import annotations

from collections.abc import Sequence

from parity.formats.presentation import Presentation
from parity.formats.report.json import Json, cause, finding_of, location
from parity.formats.safe import json_text
from parity.model.comparison import Comparison, Difference, Fact
from parity.model.finding import Finding
from parity.model.report import ImageReport


def render(comparison: Comparison, presentation: Presentation) -> str:
    """One JSON document, ending in a newline."""
    del presentation
    made: Json = {
        "schema_version": 1,
        "images": [
            _image(name, report, failures, packages)
            for name, report, failures, packages in zip(
                comparison.names,
                comparison.reports,
                comparison.failures,
                comparison.open_packages,
                strict=True,
            )
        ],
        "differences": [_difference(one) for one in comparison.differences],
    }
    return json_text(made)


def _image(name: str, report: ImageReport, failures: Sequence[Finding], packages: str) -> Json:
    return {
        "name": name,
        "dockerfile": report.dockerfile,
        "target": report.target,
        "service": report.service,
        "verdict": report.verdict.value,
        "packages_open": packages or None,
        "only_here": [finding_of(one) for one in failures],
    }


def _difference(one: Difference) -> Json:
    return {
        "aspect": one.aspect.value,
        "name": one.name,
        "values": [_fact(one.first), _fact(one.second)],
    }


def _fact(fact: Fact) -> Json:
    return {
        "value": fact.value or None,
        "location": location(fact.location),
        "cause": cause(fact.cause),
    }
