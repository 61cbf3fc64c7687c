"""`parity fix`: what it shows is what it writes, and checking again is clean."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, ask

PROJECTS = sorted(
    folder
    for pattern in ("incident/*", "rules/*/fails")
    for folder in (ROOT / "fixtures").glob(pattern)
    if (folder / "Dockerfile").is_file()
)


BY_HAND = {"PAR103", "PAR105", "PAR108", "PAR203", "PAR303", "PAR401", "PAR603", "PAR702", "PAR801"}
"""What no edit ends in the fixtures of the rules: nobody can tell from the files what is meant."""


def findings(folder: Path) -> list[dict[str, Any]]:
    report = json.loads(ask("check", str(folder), "--format", "json").out)
    return [finding for image in report["images"] for finding in image["findings"]]


@pytest.mark.parametrize("source", PROJECTS, ids=lambda path: str(path.relative_to(ROOT / "fixtures")))
def test_every_finding_with_edits_is_gone_after_them(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(source, folder, symlinks=True)
    before = findings(folder)
    diff = ask("fix", str(folder), "--unsafe")
    unchanged = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {path: path.read_bytes() for path in source.rglob("*") if path.is_file()} == {
        source / path.relative_to(folder): data for path, data in unchanged.items()
    }
    ask("fix", str(folder), "--write", "--unsafe")
    after = findings(folder)
    told = [one["fingerprint"] for one in after]
    assert set(told) <= {one["fingerprint"] for one in before}
    assert bool(diff.out) == (len(after) < len(before))
    assert {one["code"] for one in after} <= BY_HAND
    assert ask("fix", str(folder), "--unsafe").out == ""


@pytest.mark.parametrize("name", ["ignored", "forgotten-copy"])
def test_the_diff_is_one_that_git_applies(name: str, tmp_path: Path) -> None:
    shown, written = tmp_path / "shown", tmp_path / "written"
    for folder in (shown, written):
        shutil.copytree(ROOT / "fixtures/incident" / name, folder)
    diff = ask("fix", str(shown), "--unsafe").out
    subprocess.run(["git", "apply", "-"], cwd=shown, input=diff.encode(), check=True)
    answer = ask("fix", str(written), "--write", "--unsafe")
    assert answer.status == 0
    assert "1 finding resolved, 0 left" in answer.err
    for path in (".dockerignore", "Dockerfile"):
        assert (shown / path).read_bytes() == (written / path).read_bytes()


def test_comments_line_ends_and_the_missing_last_one_are_kept(project: Path) -> None:
    (project / "main.py").write_text("import gone\n")
    (project / "gone.py").write_text("")
    before = b"# caches\r\n*.log\r\n\r\n  gone*  \r\n# end"
    (project / ".dockerignore").write_bytes(before)
    assert ask("fix", str(project), "--write", "--unsafe").status == 0
    assert (project / ".dockerignore").read_bytes() == before.replace(b"# end", b"!gone.py\r\n# end")


def test_a_gap_behind_a_gap(project: Path) -> None:
    """The COPY is not enough: what it copies is ignored, too."""
    (project / "Dockerfile").write_text(
        'FROM python:3.12-slim\nWORKDIR /app\nCOPY main.py ./\nCMD ["python", "main.py"]\n'
    )
    (project / ".dockerignore").write_text("shop\n")
    (project / "main.py").write_text("import shop.cart\n")
    (project / "shop").mkdir()
    (project / "shop/__init__.py").write_text("")
    (project / "shop/cart.py").write_text("")
    assert ask("fix", str(project), "--write", "--unsafe").status == 0
    assert "COPY main.py ./\nCOPY shop ./shop\nCMD" in (project / "Dockerfile").read_text()
    assert (project / ".dockerignore").read_text() == ""
    assert ask("check", str(project)).status == 0


@pytest.mark.parametrize(
    ("rules", "added"), [("*\n!shop\n**/__init__.py", "!shop/__init__.py"), ("**/sho?\n*.md", "!shop")]
)
def test_the_package_or_the_file_that_is_hidden(project: Path, rules: str, added: str) -> None:
    (project / "Dockerfile").write_text(
        'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "-m", "shop"]\n'
    )
    (project / ".dockerignore").write_text(rules)
    (project / "shop").mkdir()
    (project / "shop/__init__.py").write_text("VERSION = 1\n")
    (project / "shop/__main__.py").write_text("from shop import VERSION\n")
    assert ask("fix", str(project), "--write", "--unsafe").status == 0
    assert set((project / ".dockerignore").read_text().split()) - set(rules.split()) == {added}


def test_the_copy_of_the_stage_that_is_copied_takes_one_more_file(project: Path) -> None:
    (project / "Dockerfile").write_text(
        "FROM python:3.12-slim AS build\nWORKDIR /app\nCOPY main.py ./\n"
        "FROM python:3.12-slim\nWORKDIR /srv\nCOPY --from=build \\\n  /app /srv\n# start\n"
        'CMD ["python", "main.py"]\n'
    )
    (project / "main.py").write_text("import beside\n")
    (project / "beside.py").write_text("")
    assert ask("fix", str(project), "--write", "--unsafe").status == 0
    assert "\nCOPY main.py beside.py ./\nFROM" in (project / "Dockerfile").read_text()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "FROM python:3.12\nWORKDIR /app\n# start\n{}",
            "WORKDIR /app\nCOPY . .\n# start\n{}",
        ),
        ("FROM python:3.12\nWORKDIR /app\nCOPY <<E main.py\nimport shop.cart\nE\n{}", "\nE\nCOPY shop shop\n{}"),
        (
            "FROM python:3.12 AS build\nWORKDIR /src\nCOPY . .\n"
            "FROM python:3.12\nWORKDIR /app\nCOPY --from=build /src/main.py ./\n{}",
            "/src/main.py ./\nCOPY --from=build /src/shop ./shop\n{}",
        ),
        (
            "FROM python:3.12\nWORKDIR /src\nCOPY . .\n"
            "FROM python:3.12\nWORKDIR /app\nCOPY --from=0 /src/main.py ./\n{}",
            "/src/main.py ./\nCOPY --from=0 /src/shop ./shop\n{}",
        ),
    ],
)  # fmt: skip
def test_the_place_and_the_source_of_a_copy(project: Path, before: str, after: str) -> None:
    start = 'CMD ["python", "main.py"]\n'
    (project / "Dockerfile").write_text(before.format(start))
    (project / "main.py").write_text("import shop.cart\n")
    (project / "shop").mkdir()
    (project / "shop/__init__.py").write_text("")
    (project / "shop/cart.py").write_text("")
    assert ask("fix", str(project), "--write", "--unsafe").status == 0
    assert (project / "Dockerfile").read_text().endswith(after.format(start))
    assert ask("check", str(project)).status == 0


def test_a_link_out_of_path_is_not_followed(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "ignore"
    outside.write_text("gone.py\n")
    (project / "main.py").write_text("import gone\n")
    (project / "gone.py").write_text("")
    (project / ".dockerignore").symlink_to(outside)
    ask("fix", str(project), "--write", "--unsafe")
    assert outside.read_text() == "gone.py\n"


def test_a_link_within_path_stays_a_link(project: Path) -> None:
    (project / "main.py").write_text("import gone\n")
    (project / "gone.py").write_text("")
    (project / "ignore").write_text("*.log\ngone.py\n")
    (project / ".dockerignore").symlink_to("ignore")
    assert ask("fix", str(project), "--write", "--unsafe").status == 0
    assert (project / ".dockerignore").is_symlink()
    assert (project / "ignore").read_text() == "*.log\n"


def test_nothing_to_fix(project: Path) -> None:
    answer = ask("fix", str(project))
    assert (answer.status, answer.out, answer.err) == (0, "", "nothing to fix\n")


def test_a_diff_of_hostile_text_does_nothing_to_a_terminal(project: Path) -> None:
    (project / "main.py").write_text("import gone\n")
    (project / "gone.py").write_text("")
    (project / ".dockerignore").write_bytes(b"# \xe2\x80\xae\xff\ngone*\n")
    shown = ask("fix", str(project), "--color", "always", "--unsafe").out
    assert "+!gone.py" in shown
    assert "\u202e" not in shown
    assert "\\u202e" in shown


def test_what_no_edit_fixes_is_told_with_what_to_do(project: Path) -> None:
    (project / "main.py").write_text("import nowhere_at_all\n")
    answer = ask("fix", str(project))
    assert answer.err == (
        "nothing to edit; 1 finding left\n"
        "  main.py:1:1: PAR104 nowhere_at_all is neither in the checkout nor in the image\n"
        "    add nowhere_at_all to what the image installs, or correct the name\n"
    )


def broken_twice(folder: Path) -> Path:
    """A COPY that is too narrow, and an ignored file."""
    (folder / "Dockerfile").write_text(
        'FROM python:3.12-slim\nWORKDIR /app\nCOPY main.py ./\nCOPY lib lib\nCMD ["python", "main.py"]\n'
    )
    (folder / "main.py").write_text("import lib.odd\nimport util\n")
    (folder / "util.py").write_text("")
    (folder / "lib").mkdir()
    (folder / "lib/__init__.py").write_text("")
    (folder / "lib/odd.py").write_text("")
    (folder / ".dockerignore").write_text("**/odd*\n")
    return folder


def test_unsafe_edits_are_shown_apart_and_made_when_asked_for(project: Path) -> None:
    broken_twice(project)
    shown = ask("fix", str(project))
    assert "COPY main.py util.py ./" in shown.out
    assert "!lib/odd.py" not in shown.out
    assert "1 finding more with --unsafe, which changes more than what is missing:\n" in shown.err
    assert "+!lib/odd.py\n" in shown.err
    ask("fix", str(project), "--write")
    assert (project / ".dockerignore").read_text() == "**/odd*\n"
    ask("fix", str(project), "--write", "--unsafe")
    assert (project / ".dockerignore").read_text() == "**/odd*\n!lib/odd.py\n"
    assert ask("check", str(project)).status == 0


def test_write_says_file_by_file_what_it_did(project: Path) -> None:
    broken_twice(project)
    assert ask("fix", str(project), "--write", "--unsafe").out == (
        "edited .dockerignore\n"
        "  PAR101 lib.odd is not in the image: .dockerignore:1: add the line !lib/odd.py below it\n"
        "edited Dockerfile\n"
        "  PAR101 util is not in the image: Dockerfile:3: add util.py to the COPY\n"
    )


@pytest.mark.parametrize("where", [".", "svc"])
def test_the_paths_are_those_that_git_apply_takes_here(tmp_path: Path, where: str) -> None:
    service = tmp_path / "svc"
    service.mkdir()
    broken_twice(service)
    (tmp_path / "Dockerfile").write_text((service / "Dockerfile").read_text())
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    diff = ask("fix", "svc" if where == "." else ".", "--unsafe", cwd=tmp_path / where).out
    before = (tmp_path / "Dockerfile").read_text()
    subprocess.run(["git", "apply", "-"], cwd=tmp_path / where, input=diff.encode(), check=True)
    assert "util.py" in (service / "Dockerfile").read_text()
    assert (tmp_path / "Dockerfile").read_text() == before


def test_paths_that_git_apply_does_not_take_are_told(project: Path) -> None:
    broken_twice(project)
    answer = ask("fix", str(project))
    assert answer.out.startswith("--- a/Dockerfile\n")
    assert answer.err.endswith(f"the paths are relative to {project}\n")


def test_check_asks_whether_there_is_something_to_edit(project: Path) -> None:
    assert ask("fix", str(project), "--check").status == 0
    broken_twice(project)
    answer = ask("fix", str(project), "--check")
    assert (answer.status, answer.out) == (1, "Dockerfile\n")
    ask("fix", str(project), "--write")
    assert ask("fix", str(project), "--check").status == 0
    assert ask("fix", str(project), "--check", "--unsafe").status == 1


def test_only_these_rules(project: Path) -> None:
    broken_twice(project)
    (project / "main.py").write_text("import util\nimport shop.price\n")
    (project / "shop").mkdir()
    for name in ("__init__.py", "prices.py"):
        (project / "shop" / name).write_text("")
    diff = ask("fix", str(project), "--unsafe", "--only", "PAR104").out
    assert "+import shop.prices" in diff
    assert "util.py" not in diff
    diff = ask("fix", str(project), "--unsafe", "--only", "missing-module").out
    assert "util.py" in diff
    assert "shop.prices" not in diff


def test_another_way(project: Path) -> None:
    (project / "Dockerfile").write_text(
        'FROM python:3.12-slim\nCOPY . /app\nWORKDIR /srv\nCMD ["python", "-m", "shop"]\n'
    )
    (project / "shop").mkdir()
    for name in ("__init__.py", "__main__.py"):
        (project / "shop" / name).write_text("")
    first, second = (ask("fix", str(project), "--unsafe", "--alternative", n).out for n in ("1", "2"))
    assert "+ENV PYTHONPATH=/app\n" in first
    assert "-WORKDIR /srv\n+WORKDIR /app\n" in second
    assert ask("fix", str(project), "--unsafe", "--alternative", "9").out == ""


def test_reports_tell_the_edits_that_hold(project: Path) -> None:
    broken_twice(project)
    (project / "main.py").write_text("import lib.odd\nimport util\nimport nowhere\n")
    told = {one["module"]: (bool(one["edits"]), one["edits_unsafe"]) for one in findings(project)}
    assert told == {"lib.odd": (True, True), "util": (True, False), "nowhere": (False, False)}
