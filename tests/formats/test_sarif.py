"""SARIF is valid by the standard's own schema, and says where, why and through what."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from parity.formats.choice import load
from parity.formats.presentation import Presentation
from parity.formats.together import findings_once
from parity.model.finding import Severity
from tests.conftest import ROOT, ask
from tests.formats.reports import hostile, presented, report_of

PROJECTS = sorted(
    path for pattern in ("incident/*", "rules/*/fails") for path in (ROOT / "fixtures").glob(pattern)
)


@cache
def validator() -> jsonschema.Draft7Validator:
    schema = json.loads((ROOT / "fixtures/schemas/sarif-2.1.0.json").read_text("utf8"))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)


def sarif(report: Any, base: str = "") -> dict[str, Any]:
    log: dict[str, Any] = json.loads(load("report", "sarif").render(report, Presentation(base=base)))
    validator().validate(log)
    return log["runs"][0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda path: str(path.relative_to(ROOT / "fixtures")))
def test_it_is_valid(folder: Path) -> None:
    report = report_of(folder)
    run = sarif(report)
    assert len(run["results"]) == len(findings_once(report.images))
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    assert len(set(prints)) == len(prints)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_hostile_report_is_valid() -> None:
    run = sarif(hostile(), "a b/")
    assert run["invocations"][0]["executionSuccessful"] is False
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place.startswith("a%20b/src/%3Cb%3E%26%22%27%1B")
    assert "%FF" in place  # the byte that was not UTF-8


def test_the_schema_refuses_what_is_wrong() -> None:
    with pytest.raises(jsonschema.ValidationError):
        validator().validate({"version": "2.1.0", "runs": [{}]})


def test_the_incident() -> None:
    report, _ = presented("ignored")
    (result,) = sarif(report, "services/")["results"]
    assert result["level"] == "error"
    flow = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["physicalLocation"]["artifactLocation"]["uri"] for step in flow] == [
        "services/src/api/main.py",
        "services/src/api/routes/__init__.py",
        "services/src/api/routes/dspy.py",
        "services/src/services/__init__.py",
    ]
    related = result["relatedLocations"][0]
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "services/.dockerignore"
    assert related["physicalLocation"]["region"] == {"startLine": 3}
    fingerprint = report.images[0].findings[0].fingerprint
    assert result["partialFingerprints"] == {"primaryLocationLineHash": f"{fingerprint}:1"}
    change = result["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert change["insertedContent"]["text"] == "!src/services/model_registry.py\n"


def test_the_help_of_a_rule_is_its_page() -> None:
    rules = sarif(report_of(ROOT / "fixtures/incident/ignored"))["tool"]["driver"]["rules"]
    for rule in rules:
        assert rule["help"]["markdown"] == ask("rule", rule["id"]).out
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
    assert {rule["id"] for rule in rules} >= {"PAR101", "PAR301", "PAR401"}


def test_levels_cover_every_severity() -> None:
    levels = {result["level"] for result in sarif(hostile())["results"]}
    assert levels == {"error", "warning"}
    assert len(Severity) == 3
