"""What a user sees: the commands of the README, their text to the letter, and the shape of the JSON."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import ROOT, ask, ask_process

TIME = re.compile(r"in \d+\.\d\d s$", re.MULTILINE)


def shown_commands() -> list[tuple[str, str]]:
    """Each `$ parity …` of the README, with the output below it."""
    blocks = re.findall(
        r"```console\n\$ (parity [^\n]*)\n(.*?)```", (ROOT / "README.md").read_text("utf8"), re.DOTALL
    )
    return [(command, output) for command, output in blocks]


@pytest.mark.parametrize(("command", "output"), shown_commands(), ids=lambda text: text.split("\n")[0][:60])
def test_the_readme_shows_what_is_printed(command: str, output: str) -> None:
    answer = ask(*shlex.split(command)[1:])
    assert TIME.sub("in 0.00 s", answer.out) == TIME.sub("in 0.00 s", output)
    assert answer.err == ""


def test_a_plain_pipe_has_no_colours_and_a_forced_one_has() -> None:
    plain = ask("check", "fixtures/incident/ignored")
    coloured = ask("check", "fixtures/incident/ignored", "--color", "always")
    assert "\x1b" not in plain.out
    assert re.sub(r"\x1b\[[0-9;]*m", "", TIME.sub("", coloured.out)) == TIME.sub("", plain.out)
    assert "\x1b[" in coloured.out


def test_json_has_the_keys_of_the_contract() -> None:
    answer = ask("check", "fixtures/incident/ignored", "--format", "json")
    report = json.loads(answer.out)
    assert answer.status == 1
    assert set(report) == {"schema_version", "tool", "images", "failures", "notes", "summary"}
    assert report["summary"] == {
        "images": 1,
        "errors": 1,
        "warnings": 0,
        "infos": 0,
        "unchecked": 0,
        "modules_checked": 10,
    }
    image = report["images"][0]
    assert set(image) >= {
        *("dockerfile", "context", "target", "service", "python", "workdir"),
        *("search_path", "entrypoint", "unknowns", "findings", "verdict", "checked"),
    }
    assert image["entrypoint"]["kind"] == "uvicorn"
    assert image["entrypoint"]["modules"] == ["src.api.main"]
    assert image["entrypoint"]["location"]["path"] == "Dockerfile"
    finding = image["findings"][0]
    assert set(finding) >= {
        *("code", "name", "severity", "confidence", "message", "location", "module", "image_path"),
        *("chain", "cause", "exception", "edits", "fingerprint"),
    }
    assert finding["location"] == {
        "path": "src/services/__init__.py", "line": 4, "column": 1, "end_line": 4, "end_column": 42,
    }  # fmt: skip
    assert [link["path"] for link in finding["chain"]] == [
        "src/api/main.py", "src/api/routes/__init__.py", "src/api/routes/dspy.py", "src/services/__init__.py",
    ]  # fmt: skip
    assert finding["cause"] == {
        "kind": "dockerignore",
        "detail": "**/model_registry*",
        "location": {"path": ".dockerignore", "line": 3},
    }


def test_files_as_text_and_json(project: Path) -> None:
    (project / ".dockerignore").write_text("*.md\n")
    (project / "notes.md").write_text("")
    text = ask("files", str(project), "--excluded").out
    assert "main.py" in text
    assert re.search(r"notes\.md\s+\.dockerignore:1\s+\*\.md", text)
    image = json.loads(ask("files", str(project), "--format", "json").out)["images"][0]
    assert image["config"] == {
        "workdir": "/app", "env": image["config"]["env"], "entrypoint": None, "cmd": ["python", "main.py"],
        "user": None,
    }  # fmt: skip
    assert [(file["path"], file["type"], file["source"]) for file in image["files"]] == [
        ("/app", "dir", None),
        ("/app/.dockerignore", "file", ".dockerignore"),
        ("/app/Dockerfile", "file", "Dockerfile"),
        ("/app/main.py", "file", "main.py"),
    ]
    instruction = image["files"][-1]["instruction"]
    assert (instruction["path"], instruction["line"]) == ("Dockerfile", 3)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("src.services.model_registry", "not there"),
        ("src/services/model_registry.py", "not there"),
        ("/app/src/services/model_registry.py", "not there"),
        ("src.services", "/app/src/services/__init__.py"),
        ("/app/src/api/main.py", "src/api/main.py"),
    ],
)
def test_why_takes_a_module_a_file_and_an_image_path(name: str, told: str) -> None:
    answer = ask("why", name, "fixtures/incident/ignored")
    assert answer.status == 0
    assert told in answer.out


def test_rules_are_listed_and_explained() -> None:
    listed = ask("rule").out
    assert "PAR101  error   missing-module" in listed
    assert ask("rule", "PAR101").out == ask("rule", "missing-module").out
    assert ask("rule", "par101").out.startswith("# PAR101 missing-module\n")


def test_select_and_ignore(project: Path) -> None:
    (project / "main.py").write_text("import gone.x\n")
    (project / "gone").mkdir()
    (project / "gone/x.py").write_text("")
    (project / ".dockerignore").write_text("gone\n")
    assert ask("check", str(project)).status == 1
    assert ask("check", str(project), "--select", "PAR4").status == 0
    assert ask("check", str(project), "--ignore", "missing-module").status == 0
    assert ask("check", str(project), "--fail-on", "never").status == 0
    assert ask("check", str(project), "--quiet").out == ""


def test_output_goes_to_a_file(project: Path) -> None:
    answer = ask("check", str(project), "--format", "json", "--output", str(project / "report.json"))
    assert answer.out == ""
    assert json.loads((project / "report.json").read_text())["summary"]["errors"] == 0


def test_version_and_help_load_no_heavy_library() -> None:
    for option in ("--version", "--help", "check --help"):
        answer = ask_process(*option.split(), PYTHONPROFILEIMPORTTIME="1")
        assert answer.status == 0
        loaded = {line.rpartition("|")[2].strip() for line in answer.err.splitlines()}
        assert ("typer" in loaded) == (option != "--version")
        assert not loaded & {
            "libcst",
            "networkx",
            "tree_sitter",
            "dockerfile_parse",
            "pathspec",
            "parity.pipeline",
        }


def test_a_healthy_check_loads_nothing_that_it_does_not_need() -> None:
    answer = ask_process("check", "fixtures/incident/healthy", PYTHONPROFILEIMPORTTIME="1")
    loaded = {line.rpartition("|")[2].strip() for line in answer.err.splitlines()}
    assert answer.status == 0
    assert not loaded & {"libcst", "networkx", "yaml", "parity.deployments.compose", "parity.build.run"}


def test_files_stand_below_their_folders_though_the_base_image_brings_these(project: Path) -> None:
    (project / "Dockerfile").write_text("FROM python:3.12\nCOPY main.py /usr/src/main.py\n")
    rows = ask("files", str(project)).out.splitlines()[2:]
    assert [row.split("  from")[0].rstrip() for row in rows] == [
        "  /usr/",
        "    src/",
        rows[2].split("  from")[0].rstrip(),
    ]
    assert rows[2].startswith("      main.py ")


def test_several_processes_say_the_same(project: Path) -> None:
    (project / "main.py").write_text("import nowhere_at_all\n")
    for name, last in (("Dockerfile.a", ""), ("Dockerfile.b", "COPPY . .\n"), ("Dockerfile.c", "")):
        (project / name).write_text((project / "Dockerfile").read_text() + last)
    told = [
        ask("check", str(project), "--format", "json", "--no-cache", "--jobs", jobs) for jobs in ("1", "3")
    ]
    assert told[0] == told[1]
    assert told[0].status == 2
    assert json.loads(told[0].out)["summary"]["errors"] == 3
