"""Comments and baselines: what they silence, what they do not, and what is told of those that do nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parity.rules.suppression.comments import suppressions_in
from tests.conftest import ask


@pytest.fixture
def gap(project: Path) -> Path:
    """An image that lacks `gone`, which `main.py` imports on its second line."""
    (project / "main.py").write_text("import json\nimport gone.x\n")
    (project / "gone").mkdir()
    (project / "gone/x.py").write_text("")
    (project / ".dockerignore").write_text("*.md\ngone\n")
    return project


def codes(path: Path, *options: str) -> list[tuple[str, str, int]]:
    report = json.loads(ask("check", str(path), "--format", "json", *options).out)
    findings = [finding for image in report["images"] for finding in image["findings"]]
    return [(f["code"], f["location"]["path"], f["location"]["line"]) for f in findings]


@pytest.mark.parametrize(
    "line",
    [
        "import gone.x  # parity: ignore[PAR101] a volume brings it",
        "import gone.x  # parity: ignore[missing-module]",
        "import gone.x  # parity: ignore[PAR1, PAR3]",
        "import gone.x  # parity: ignore",
        "import gone.x  # noqa  # parity: ignore[PAR101]",
    ],
)
def test_on_the_line_of_the_import(gap: Path, line: str) -> None:
    (gap / "main.py").write_text(f"import json\n{line}\n")
    assert codes(gap) == []
    assert ask("check", str(gap)).status == 0


def test_above_the_line(gap: Path) -> None:
    (gap / "main.py").write_text("# parity: ignore[PAR101] why\n\n# more\nimport gone.x\n")
    assert codes(gap) == []


def test_at_the_cause_in_the_ignore_file(gap: Path) -> None:
    (gap / ".dockerignore").write_text("# parity: ignore[PAR101] a volume brings it\ngone\n")
    assert codes(gap) == []


def test_in_the_dockerfile(project: Path) -> None:
    dockerfile = (project / "Dockerfile").read_text().replace("main.py", "none.py")
    (project / "Dockerfile").write_text(dockerfile)
    assert codes(project) == [("PAR602", "Dockerfile", 4)]
    (project / "Dockerfile").write_text(dockerfile.replace("CMD", "# parity: ignore[PAR602] mounted\nCMD"))
    assert codes(project) == []


def test_another_rule_and_another_line_are_not_silenced(gap: Path) -> None:
    (gap / "main.py").write_text(
        "import json  # parity: ignore[PAR101]\nimport gone.x  # parity: ignore[PAR301]\n"
    )
    assert codes(gap) == [("PAR101", "main.py", 2), ("PAR901", "main.py", 1), ("PAR901", "main.py", 2)]


def test_unused_is_not_told_of_rules_that_were_not_asked(gap: Path) -> None:
    (gap / "main.py").write_text("import json  # parity: ignore[PAR101]\n")
    assert codes(gap) == [("PAR901", "main.py", 1)]
    assert codes(gap, "--ignore", "PAR101") == []
    assert codes(gap, "--select", "PAR3,PAR9") == []
    assert codes(gap, "--ignore", "unused-suppression") == []


def test_what_one_image_needs_is_not_unused_in_another(gap: Path) -> None:
    (gap / "main.py").write_text("import gone.x  # parity: ignore[PAR101]\n")
    (gap / "Dockerfile.all").write_text((gap / "Dockerfile").read_text())
    (gap / "Dockerfile.all.dockerignore").write_text("")
    assert codes(gap) == []


def test_a_comment_of_several_lines_statement(gap: Path) -> None:
    (gap / "gone/x.py").write_text("a = b = 1\n")
    (gap / "main.py").write_text("from gone.x import (  # parity: ignore[PAR101]\n    a,\n    b,\n)\n")
    assert codes(gap) == []
    (gap / "main.py").write_text("from gone.x import (\n    a,\n    b,\n)  # parity: ignore[PAR101]\n")
    assert codes(gap) == []


def test_reading_a_comment() -> None:
    (one,) = suppressions_in("a.py", b"x = 1\n  import y  # parity: ignore[PAR101, par3] it comes later\n")
    assert (one.location.line, one.location.column, one.line) == (2, 13, 2)
    assert (one.codes, one.reason, one.alone) == (("PAR101", "par3"), "it comes later", False)
    assert suppressions_in("a.py", b"# nothing here\n") == ()


def test_a_baseline_hides_what_is_known_wherever_it_moves(gap: Path) -> None:
    file = gap / "known.json"
    assert ask("check", str(gap), "--write-baseline", str(file)).status == 0
    assert ask("check", str(gap), "--baseline", str(file)).status == 0
    (gap / "main.py").write_text("import json\nimport os\n\n\nimport gone.x\n")
    assert codes(gap, "--baseline", str(file)) == []
    (gap / "more").mkdir()
    (gap / "more/x.py").write_text("")
    (gap / ".dockerignore").write_text("gone\nmore\n")
    (gap / "main.py").write_text("import gone.x\nimport more.x\n")
    assert codes(gap, "--baseline", str(file)) == [("PAR101", "main.py", 2)]


def test_the_configuration_names_a_baseline(gap: Path) -> None:
    ask("check", str(gap), "--write-baseline", str(gap / "known.json"))
    (gap / "parity.toml").write_text('baseline = "known.json"\n')
    assert ask("check", str(gap)).status == 0


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"findings": [1]}', '{"findings": [{"count": 1}]}'])
def test_what_is_no_baseline(gap: Path, text: str) -> None:
    (gap / "known.json").write_text(text)
    answer = ask("check", str(gap), "--baseline", str(gap / "known.json"))
    assert answer.status == 2
    assert "is not a baseline" in answer.err


def test_a_baseline_that_is_not_there(gap: Path) -> None:
    answer = ask("check", str(gap), "--baseline", str(gap / "nowhere.json"))
    assert answer.status == 2
    assert "--write-baseline" in answer.err


@pytest.mark.parametrize(
    ("code", "fix"),
    [("PAR2O1", "main.py:1: write PAR201"), ("xyz", "main.py:1: correct the code: parity rule lists them")],
)
def test_a_code_that_there_is_not_is_told(project: Path, code: str, fix: str) -> None:
    (project / "main.py").write_text(f"# parity: ignore[{code}] why\nimport json\n")
    report = json.loads(ask("check", str(project), "--format", "json").out)
    (finding,) = report["images"][0]["findings"]
    assert finding["message"].endswith(f"silences nothing: there is no rule {code}")
    assert (finding["fix"], finding["edits"]) == (fix, [])


def test_an_image_whose_findings_are_silenced_does_not_claim_to_start(project: Path) -> None:
    (project / "main.py").write_text("import nowhere_at_all  # parity: ignore[PAR104] a volume\n")
    assert "reached, 1 finding silenced" in ask("check", str(project)).out


def test_a_baseline_that_knows_what_is_gone_is_told(gap: Path) -> None:
    ask("check", str(gap), "--write-baseline", str(gap / "known.json"))
    (gap / "parity.toml").write_text('baseline = "known.json"\n')
    (gap / ".dockerignore").write_text("*.md\n")
    out = ask("check", str(gap)).out
    assert (
        "warning PAR901 unused-suppression: 1 finding of the baseline known.json is not found any more\n"
        in out
    )
    assert "--> known.json\n" in out
    # of a part nothing can be said
    assert codes(gap, "-f", "Dockerfile") == codes(gap, "--select", "PAR1") == []


def test_no_ignores_reports_what_is_silenced(gap: Path) -> None:
    line = ("PAR101", "main.py", 2)
    (gap / "main.py").write_text("import json\nimport gone.x  # parity: ignore[PAR101] a volume\n")
    assert (codes(gap), codes(gap, "--no-ignores")) == ([], [line])
    (gap / "main.py").write_text("import json\nimport gone.x\n")
    ask("check", str(gap), "--write-baseline", str(gap / "known.json"))
    for text in (
        'baseline = "known.json"\n',
        'ignore = ["PAR101"]\n',
        '[per-file-ignores]\n"main.py" = ["PAR101"]\n',
        '[[images]]\ndockerfile = "Dockerfile"\nignore = ["PAR101"]\n',
    ):
        (gap / "parity.toml").write_text(text)
        assert (codes(gap), codes(gap, "--no-ignores")) == ([], [line]), text
    assert codes(gap, "--no-ignores", "--ignore", "missing-module") == []
