"""Annotations, code quality, JUnit, the page: what their readers insist on."""

from __future__ import annotations

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from parity.formats.choice import load, names
from parity.formats.presentation import Presentation
from parity.model.report import Report
from tests.conftest import ROOT, ask, ask_process
from tests.formats.reports import BAD, hostile, hostile_excerpt, presented

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::([^\r\n]*)")


def made(name: str, report: Report | None = None, base: str = "") -> str:
    shown = Presentation(hostile_excerpt, base=base)
    text: str = load("report", name).render(report or hostile(), shown)
    return text


def unescaped(text: str) -> str:
    """actions/runner: ActionCommand: Unescape."""
    for code, char in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, char)
    return text


@pytest.mark.parametrize("name", names("report"))
def test_nothing_reaches_a_terminal_or_breaks_a_line(name: str) -> None:
    text = made(name)
    assert "\x1b" not in text
    assert "\u202e" not in text or name in ("json", "gitlab", "sarif")  # which hold the exact names
    assert text.endswith("\n")


class TestGithub:
    def test_a_line_is_a_command_or_cannot_be_one(self) -> None:
        for line in made("github").splitlines():
            assert COMMAND.fullmatch(line) or not line.lstrip().startswith(("::", "##["))

    def test_no_more_than_github_shows_of_each_kind(self) -> None:
        text = made("github")
        assert len(re.findall("^::warning ", text, re.MULTILINE)) == 10
        assert len(re.findall("^::error ", text, re.MULTILINE)) == 2
        assert text.count("- Dockerfile.") == 2  # the two that are left are told in the log

    def test_properties_and_message_come_back(self) -> None:
        report, shown = presented("ignored")
        line = load("report", "github").render(report, shown).splitlines()[0]
        found = COMMAND.fullmatch(line)
        assert found is not None
        properties = dict(part.split("=", 1) for part in found[2].split(","))
        assert {key: unescaped(value) for key, value in properties.items()} == {
            "file": "services/src/services/__init__.py",
            "line": "4",
            "endLine": "4",
            "col": "1",
            "endColumn": "42",
            "title": "PAR101 missing-module",
        }
        assert unescaped(found[3]).split("\n")[:2] == [
            "src.services.model_registry is not in the image (Dockerfile)",
            "cause: .dockerignore:3: **/model_registry* (excludes it)",
        ]

    def test_auto_is_github_on_github_with_a_summary(self, tmp_path: Path) -> None:
        summary = tmp_path / "summary.md"
        summary.write_text("before\n")
        actions = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(ROOT),
        }
        answer = ask_process("check", "fixtures/incident/ignored", **actions)
        assert answer.out.startswith(
            "::error file=fixtures/incident/ignored/src/services/__init__.py,line=4,"
        )
        text = summary.read_text()
        assert text.startswith("before\n## parity\n")
        assert "| `Dockerfile` | `uvicorn src.api.main:app" in text
        assert "```mermaid\nflowchart TD\n" in text
        assert ask_process(
            "check", "fixtures/incident/ignored", "--format", "text", **actions
        ).out.startswith("Dock")
        assert summary.read_text() == text

    def test_a_summary_that_cannot_be_written_hides_no_answer(self, tmp_path: Path) -> None:
        actions = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path)}
        answer = ask_process("check", "fixtures/incident/ignored", **actions)
        assert answer.status == 1
        assert answer.out.startswith("::error ")
        assert "cannot write the job summary" in answer.err


class TestGitlab:
    def test_what_gitlab_needs(self) -> None:
        issues = json.loads(made("gitlab", base="a/"))
        assert len(issues) == 14
        assert len({issue["fingerprint"] for issue in issues}) == 14
        for issue in issues:
            assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
            assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
            assert issue["location"]["path"].startswith("a/")
            assert issue["location"]["lines"]["begin"] >= 1

    def test_fingerprints_do_not_mind_the_time(self) -> None:
        assert made("gitlab") == made("gitlab")


class TestJunit:
    def test_counts_are_those_of_the_cases(self) -> None:
        root = ElementTree.fromstring(made("junit", base="a/").encode())
        assert root.tag == "testsuites"
        cases = root.findall("testsuite/testcase")
        assert len(cases) == int(root.attrib["tests"]) == 15
        assert len(root.findall(".//failure")) == int(root.attrib["failures"]) == 1
        assert len(root.findall(".//error")) == int(root.attrib["errors"]) == 1
        for suite in root:
            assert set(suite.attrib) == {"name", "tests", "failures", "errors", "skipped"}
            assert len(suite.findall("testcase")) == int(suite.attrib["tests"])
        for case in cases:
            assert {"name", "classname"} == set(case.attrib) - {"file"}
            assert case.get("file", "a/").startswith("a/")  # seen from the root of the repository
            assert {child.tag for child in case} <= {"failure", "error", "system-out"}

    def test_a_healthy_image_is_a_case_that_passes(self) -> None:
        report, shown = presented("healthy")
        (case,) = ElementTree.fromstring(load("report", "junit").render(report, shown)).iter("testcase")
        assert (case.attrib["name"], list(case)) == ("start-up", [])


class Page(HTMLParser):
    """Tags in balance, and everything that could load or run something."""

    VOID = frozenset({"meta", "br", "link", "img", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


class TestPage:
    @pytest.mark.parametrize("case", ["ignored", "hostile"])
    def test_it_stands_alone(self, case: str) -> None:
        report, shown = presented(case)
        text = load("report", "html").render(report, shown)
        page = Page()
        page.feed(text)
        page.close()
        assert page.open == []
        assert not page.tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
        assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "style")]
        assert all(value.startswith("#") for name, value in page.attributes if name == "href")
        assert "url(" not in text
        assert "@import" not in text
        assert "default-src 'none'" in text
        assert "prefers-color-scheme:dark" in text

    def test_markup_is_shown_not_made(self) -> None:
        assert BAD.split("\x1b")[0] not in made("html")
        assert "&lt;b&gt;&amp;&quot;&#x27;\\x1b[31m" in made("html")


def test_paths_of_ci_are_relative_to_the_repository(tmp_path: Path) -> None:
    project = tmp_path / "services/api"
    project.mkdir(parents=True)
    (project / "Dockerfile").write_text('FROM python:3.12\nCOPY gone /\nCMD ["python", "-V"]\n')
    for marker in (
        {"GITHUB_WORKSPACE": str(tmp_path)},
        {"CI_PROJECT_DIR": str(tmp_path), "GITHUB_WORKSPACE": ""},
    ):
        answer = ask_process("check", str(project), "--format", "gitlab", **marker)
        assert json.loads(answer.out)[0]["location"]["path"] == "services/api/Dockerfile"
    (tmp_path / ".git").mkdir()
    environment = {name: "" for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR") if name in os.environ}
    answer = ask_process("check", str(project), "--format", "gitlab", **environment)
    assert json.loads(answer.out)[0]["location"]["path"] == "services/api/Dockerfile"


@pytest.mark.parametrize("name", [name for name in names("report") if name not in ("text", "github")])
def test_a_failing_image_is_told_on_standard_error_too(name: str, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python:3.12\nCOPPY a b\n")
    answer = ask("check", str(tmp_path), "--format", name)
    assert answer.status == 2
    assert "Dockerfile:2" in answer.err
    assert "COPPY" in answer.out + answer.err
