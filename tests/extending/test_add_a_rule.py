"""A rule is one file `parNNN_name.py` in rules/. Its docstring is its page; `fixtures/rules/PARNNN` its projects."""

from __future__ import annotations

from pathlib import Path

from tests.support.extended import ExtendedCopy, project

RULE = '''\
"""The image starts its program as root.

## Why it matters

What breaks into the program owns the container.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Finding, Severity
from parity.rules.base import Rule


def check(analysis: Analysis) -> Iterator[Finding]:
    if analysis.image.config.user is None:
        yield rule.finding("the image has no USER", fix="add USER")


rule = Rule("PAR999", "starts-as-root", Severity.INFO, check)
'''


def test_it_is_found_by_its_file_name(copy: ExtendedCopy, tmp_path: Path) -> None:
    copy.add("rules/par999_starts_as_root.py", RULE)
    text = 'FROM python:3.12-slim\nCOPY main.py .\nCMD ["python", "main.py"]\n'
    folder = project(tmp_path / "project", text, main="")
    assert copy.findings(folder) == [("PAR999", "the image has no USER")]
    assert copy.ask("rule", "starts-as-root").out.startswith("# PAR999 starts-as-root\n\nThe image starts")
