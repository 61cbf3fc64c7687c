"""Each rule's fixtures, to the letter: one project that it is about, the same one fixed, and its page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from parity.rules.registry import ALL_RULES, AnyRule
from tests.conftest import ROOT, ask
from tests.support.repositories import needs_git, repository

FIXTURES = ROOT / "fixtures" / "rules"
FOLDERS = sorted(folder.name for folder in FIXTURES.iterdir())
RULES = {rule.code: rule for rule in ALL_RULES}
TABLE = """
PAR101 missing-module              error
PAR102 missing-module-deferred     warning
PAR103 shadowed-module             error
PAR104 unresolved-module           error
PAR105 missing-name                error
PAR106 module-case-mismatch        error
PAR107 untracked-module            error
PAR108 raised-exception            error
PAR201 missing-dependency          error
PAR202 development-only-dependency error
PAR203 transitive-dependency       info
PAR204 version-drift               warning
PAR301 circular-import-crash       error
PAR302 circular-import-fragile     warning
PAR303 circular-import             info
PAR401 syntax-error                error
PAR402 python-version              error
PAR501 missing-data-file           error
PAR502 required-file-missing       error
PAR503 unwanted-file               error
PAR504 secret-in-image             warning
PAR601 copy-source-missing         error
PAR602 entrypoint-not-found        error
PAR603 no-entrypoint               info
PAR701 volume-hides-gap            warning
PAR702 volume-hides-module         error
PAR801 no-startup-check            info
PAR901 unused-suppression          warning
"""
"""What the documentation promises: codes and names are never given to another rule."""


OF_REPOSITORIES = ("PAR107",)
"""They are about what git has: their projects are copied, and made repositories."""


def each(codes: Iterable[str]) -> list[Any]:
    return [pytest.param(code, marks=needs_git if code in OF_REPOSITORIES else ()) for code in codes]


def project(code: str, which: str, folder: Path) -> Path:
    place = FIXTURES / code / which
    if code not in OF_REPOSITORIES:
        return place
    return repository(copytree(place, folder / which), {})


def findings_of(folder: Path) -> list[dict[str, Any]]:
    """As `check --format json` tells them, without fingerprints."""
    (image,) = json.loads(ask("check", str(folder), "--format", "json").out)["images"]
    return [
        {key: value for key, value in finding.items() if key != "fingerprint"}
        for finding in image["findings"]
    ]


def expected(code: str) -> list[dict[str, Any]]:
    findings: list[dict[str, Any]] = json.loads((FIXTURES / code / "expected.json").read_text("utf8"))
    return findings


@pytest.mark.parametrize("code", each(FOLDERS))
def test_the_failing_project_has_exactly_its_findings(code: str, tmp_path: Path) -> None:
    assert findings_of(project(code, "fails", tmp_path)) == expected(code)
    assert {(finding["code"], finding["name"]) for finding in expected(code)} == {(code, RULES[code].name)}


@pytest.mark.parametrize("code", each(FOLDERS))
def test_the_fixed_project_has_none(code: str, tmp_path: Path) -> None:
    assert findings_of(project(code, "passes", tmp_path)) == []


@pytest.mark.parametrize("code", each(FOLDERS))
def test_an_error_ends_with_status_1(code: str, tmp_path: Path) -> None:
    status = ask("check", str(project(code, "fails", tmp_path))).status
    assert status == (1 if RULES[code].severity.value == "error" else 0)


def test_every_rule_has_its_fixtures() -> None:
    assert sorted(RULES) == FOLDERS


@pytest.mark.parametrize(
    "code", each(code for code in FOLDERS if any(one["edits"] for one in expected(code)))
)
def test_edits_fix_the_project(code: str, tmp_path: Path) -> None:
    fixed = copytree(FIXTURES / code / "fails", tmp_path / "project")
    edits = [edit for finding in expected(code) for edit in finding["edits"]]
    for edit in sorted(edits, key=lambda edit: edit["start_line"], reverse=True):
        file = fixed / edit["path"]
        lines = file.read_text("utf8").splitlines(keepends=True)
        lines[edit["start_line"] - 1 : edit["end_line"]] = [edit["replacement"]]
        file.write_text("".join(lines), "utf8")
    assert findings_of(repository(fixed, {}) if code in OF_REPOSITORIES else fixed) == []


def test_codes_names_and_severities_are_those_promised() -> None:
    promised = {tuple(line.split()) for line in TABLE.strip().splitlines()}
    assert {(rule.code, rule.name, rule.severity.value) for rule in ALL_RULES} <= promised
    assert len(RULES) == len(ALL_RULES)


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.code)
class TestPage:
    def test_it_has_its_sections_in_order(self, rule: AnyRule) -> None:
        sections = re.findall(r"^## (.*)$", rule.documentation, re.MULTILINE)
        always = ["Why it matters", "Example", "How to fix it"]
        assert sections in (always, [*always, "When it is not reported"])

    def test_its_summary_is_one_sentence(self, rule: AnyRule) -> None:
        assert re.fullmatch(r"[A-Z`][^\n]*\.", rule.summary)
        assert ". " not in rule.summary
        assert len(rule.summary) < 110

    def test_its_example_is_code(self, rule: AnyRule) -> None:
        example = rule.documentation.partition("## Example")[2].partition("## ")[0]
        assert re.search(r"^```(python|dockerfile)$", example, re.MULTILINE)

    def test_its_code_blocks_are_closed(self, rule: AnyRule) -> None:
        fences = re.findall(r"^```(\w*)$", rule.documentation, re.MULTILINE)
        assert all(fences[::2])
        assert not any(fences[1::2])
        assert len(fences) % 2 == 0

    def test_the_command_shows_it(self, rule: AnyRule) -> None:
        assert ask("rule", rule.code).out == f"# {rule.code} {rule.name}\n\n{rule.documentation}\n"
