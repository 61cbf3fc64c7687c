"""`parity init`, the action and the hook: what they write and run works as it stands."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from parity.cli.scaffold import github, pre_commit, vscode
from parity.cli.scaffold.source import Source, installed_from
from tests.conftest import ROOT, ask

FILES = ("parity.toml", ".github/workflows/parity.yml", ".pre-commit-config.yaml")
SOURCE = f"https://git.example/team/parity@{'0' * 40}"
PARITY = Path(sys.executable).with_name("parity")


def test_init_writes_each_file_once_and_check_takes_them(project: Path) -> None:
    (project / "api").mkdir()
    (project / "api/Dockerfile").write_text("FROM python:3.11\nCOPY a.py /\nCMD python /a.py\n")
    (project / "api/a.py").write_text("")
    answer = ask("init", str(project), "--editor", "vscode", "--source", SOURCE)
    assert answer.status == 0
    assert [line.split(":")[0] for line in answer.out.splitlines()] == [
        f"wrote {name}" for name in (*FILES, vscode.PATH)
    ]
    declared = tomllib.loads((project / "parity.toml").read_text())["images"]
    assert declared == [{"dockerfile": "Dockerfile"}, {"dockerfile": "api/Dockerfile", "context": "api"}]
    assert ask("check", str(project)).status == 0
    again = ask("init", str(project), "--editor", "vscode", "--source", SOURCE)
    assert again.out.splitlines() == [f"{name} is up to date" for name in (*FILES, vscode.PATH)]


def test_init_leaves_alone_what_is_there(project: Path) -> None:
    (project / ".pre-commit-config.yaml").write_text("repos: []\n")
    answer = ask("init", str(project))
    assert (project / ".pre-commit-config.yaml").read_text() == "repos: []\n"
    assert ".pre-commit-config.yaml is there already" in answer.out
    assert "    entry: parity check" in re.sub(" {8,}", "    ", answer.out)


def test_without_a_source_there_is_no_workflow_and_the_hook_is_of_who_commits(project: Path) -> None:
    out = ask("init", str(project)).out
    assert out.splitlines()[-1].startswith(
        "wrote no workflow: CI cannot get parity from where it was installed"
    )
    assert not (project / ".github").exists()
    assert yaml.safe_load((project / ".pre-commit-config.yaml").read_text())["repos"][0]["repo"] == "local"


def test_the_table_of_pyproject_is_a_configuration(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.parity]\nignore = []\n")
    assert "pyproject.toml is up to date" in ask("init", str(project)).out
    assert not (project / "parity.toml").exists()


def test_a_folder_of_a_repository_sets_up_the_repository(project: Path) -> None:
    (project / ".git").mkdir()
    (project / "src").mkdir()
    assert ask("init", str(project / "src")).status == 0
    assert (project / "parity.toml").exists()


HOOK = yaml.safe_load(pre_commit.rendered(None))["repos"][0]


@pytest.mark.parametrize(
    "text",
    [
        "repos:\n- repo: a\n  rev: '1'\n  hooks: [{id: x}]\n",
        "fail_fast: true\nrepos:   # all\n    -   repo: a\n        hooks:\n        -   id: x # why\n\n# end\nci: {}\n",
        "repos:\n  # none yet\nexclude: ^docs/\n",
        "repos:\n  - repo: a\n    hooks:\n      - id: x\n        args: ['- b']",
    ],
)
def test_a_list_of_hooks_gets_one_more_and_stays_as_it_is(text: str) -> None:
    made = pre_commit.extended(text, None)
    assert made is not None
    before, after = yaml.safe_load(text), yaml.safe_load(made)
    assert after == {**before, "repos": [*(before["repos"] or []), HOOK]}
    kept = made.splitlines()
    assert all(line in kept for line in text.splitlines())
    assert pre_commit.is_set_up(made)
    assert not pre_commit.is_set_up(text)


@pytest.mark.parametrize(
    "text", ["", "repos: []\n", "[", "repos: x\n", "repos:\n- &a {repo: a, hooks: []}\n- *a\n", "- repos:\n"]
)
def test_what_cannot_be_extended_is_left_to_a_person(text: str) -> None:
    assert pre_commit.extended(text, None) is None


@pytest.mark.parametrize(
    ("noted", "source"),
    [
        (
            {"url": "https://github.com/team/parity.git", "vcs_info": {"vcs": "git", "commit_id": "a" * 40}},
            Source("https://github.com/team/parity.git", "a" * 40),
        ),
        ({"url": "file:///home/me/parity", "dir_info": {"editable": True}}, None),
        ({"url": "file:///home/me/parity", "vcs_info": {"vcs": "git", "commit_id": "a" * 40}}, None),
        ({"url": "https://x/y; rm", "vcs_info": {"vcs": "git", "commit_id": "a" * 40}}, None),
        ([], None),
    ],
)
def test_the_source_is_where_the_installer_had_it_from(noted: object, source: Source | None) -> None:
    assert installed_from(json.dumps(noted)) == source
    assert installed_from(None) is installed_from("{") is None


@pytest.mark.parametrize(
    "text", ["", "parity", "https://x/parity", "https://x/parity@main", "https://x/parity@v1.2"]
)
def test_a_source_is_a_commit(project: Path, text: str) -> None:
    answer = ask("init", str(project), "--source", text)
    assert (answer.status, list(project.glob("parity.toml"))) == (2, [])
    assert "is not a repository at a commit" in answer.err


def test_on_github_the_repository_is_an_action() -> None:
    source = Source("https://github.com/team/parity", "b" * 40)
    (job,) = yaml.safe_load(github.rendered(source))["jobs"].values()
    assert job["steps"][-1] == {"uses": f"team/parity@{'b' * 40}"}


def test_init_of_a_folder_without_images(tmp_path: Path) -> None:
    answer = ask("init", str(tmp_path))
    assert (answer.status, list(tmp_path.iterdir())) == (2, [])


def test_init_leaves_the_images_to_compose(project: Path) -> None:
    (project / "compose.yaml").write_text("services: {web: {build: .}}\n")
    ask("init", str(project))
    assert "images" not in tomllib.loads((project / "parity.toml").read_text())


@pytest.mark.parametrize(
    "folder", ["incident/ignored", "incident/circular", "incident/wrong-root", "incident/healthy"]
)
def test_the_editor_finds_what_is_reported(folder: str) -> None:
    where = str(ROOT / "fixtures" / folder)
    text = ask("check", where, *vscode.ARGUMENTS[1:]).out.splitlines()
    found = []
    for first, second in pairwise(text):
        head, place = re.match(vscode.HEAD, first), re.match(vscode.PLACE, second)
        if head and place:
            found.append((head[1], head[2], place[1], int(place[2]), int(place[3])))
    report = json.loads(ask("check", where, "--format", "json").out)
    assert found == [
        (f["severity"], f["code"], f["location"]["path"], f["location"]["line"], f["location"]["column"])
        for f in report["images"][0]["findings"]
    ]


def test_the_task_is_valid_json() -> None:
    assert json.loads(vscode.rendered())["tasks"][0]["command"] == "parity"


def zizmor(*paths: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("zizmor"), "--offline", "--no-progress", *paths]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_the_workflows_and_the_action_are_sound(project: Path) -> None:
    ask("init", str(project), "--source", SOURCE)
    for paths in ((ROOT / "action.yml",), (ROOT / ".github/workflows",), (project / ".github/workflows",)):
        done = zizmor(*paths)
        assert done.returncode == 0, done.stdout


def test_inputs_reach_the_shell_as_variables_only() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert not [step for step in action["runs"]["steps"] if "${{" in step.get("run", "")]


@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ({"CHECKED": "fixtures/incident/healthy"}, 0),
        ({"CHECKED": "fixtures/incident/ignored"}, 1),
        ({"CHECKED": "fixtures/incident/ignored", "FAIL_ON": "never"}, 0),
        ({"CHECKED": "fixtures/incident/ignored", "ARGUMENTS": "--ignore\nPAR101\n"}, 0),
        ({"CHECKED": "fixtures/incident/ignored", "DOCKERFILE": "no such file; exit 0"}, 2),
        ({"CHECKED": "$(touch owned)"}, 2),
    ],
)
def test_the_action_runs(tmp_path: Path, inputs: dict[str, str], status: int) -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    script = next(step["run"] for step in steps if step.get("id") == "check")
    (tmp_path / "parity/bin").mkdir(parents=True)
    (tmp_path / "parity/bin/parity").symlink_to(PARITY)
    given = dict.fromkeys(("DOCKERFILE", "FAIL_ON", "ARGUMENTS"), "") | inputs
    sarif = tmp_path / "found.sarif"
    environment = {
        **os.environ,
        **given,
        "SARIF": str(sarif),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_ACTIONS": "true",
    }
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == status, done.stderr
    assert not (ROOT / "owned").exists()
    if status != 2:
        assert json.loads(sarif.read_text())["version"] == "2.1.0"
        assert (tmp_path / "output").read_text() == f"sarif={sarif}\n"
    if status == 1:
        assert "::error file=" in done.stdout
        assert "model_registry" in (tmp_path / "summary.md").read_text()


HOSTILE = """
    hashlib pathlib sys os re io site types typing enum abc ast argparse sysconfig logging subprocess shutil venv pip
    importlib runpy functools collections contextlib encodings codecs json tomllib tempfile inspect warnings weakref
    keyword token tokenize linecache textwrap platform socket ssl zipfile parity typer libcst ensurepip
""".split()


def test_no_step_runs_a_module_of_the_checkout(tmp_path: Path, project: Path) -> None:
    """Each call of Python in the action and in the workflow of `init`, in a folder full of modules of known names."""
    marker = tmp_path / "ran"
    for name in HOSTILE:
        (project / f"{name}.py").write_text(f"open({str(marker)!r}, 'a').write({name!r})\n")
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    ask("init", str(project), "--source", SOURCE)
    workflow = yaml.safe_load((project / ".github/workflows/parity.yml").read_text())
    written = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    scripts = [step["run"] for step in steps if "run" in step] + written
    assert sum("python" in script for script in scripts) == 3
    environment = {
        "PATH": os.environ["PATH"],
        "SOURCE": str(tmp_path),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "PIP_NO_INDEX": "1",
    }
    (tmp_path / "pyproject.toml").write_text("")
    for script in scripts:
        if "python" in script:
            subprocess.run(
                ["bash", "-c", script], cwd=project, env=environment, capture_output=True, timeout=120
            )
    assert not marker.exists()
    assert (tmp_path / "output").read_text().startswith("digest=")
    assert (tmp_path / "parity/bin/python").exists()
    # The trap works: without -I a module of the folder is run.
    subprocess.run([sys.executable, "-c", "import hashlib"], cwd=project, capture_output=True, timeout=60)
    assert marker.exists()


def test_a_report_of_the_checkout_is_not_handed_on(tmp_path: Path) -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    script = next(step["run"] for step in steps if step.get("id") == "check")
    (tmp_path / "parity/bin").mkdir(parents=True)
    (tmp_path / "parity/bin/parity").symlink_to(PARITY)
    (tmp_path / "parity.sarif").write_text("somebody else's findings")
    environment = {
        **os.environ,
        **dict.fromkeys(("DOCKERFILE", "FAIL_ON", "ARGUMENTS"), ""),
        "CHECKED": "no such folder",
        "SARIF": str(tmp_path / "parity.sarif"),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, timeout=60)
    assert done.returncode == 2
    assert not (tmp_path / "output").exists()
    assert not (tmp_path / "parity.sarif").exists()


def test_what_cannot_be_looked_at_is_said(project: Path) -> None:
    (project / "Dockerfile.old").symlink_to("nowhere")
    answer = ask("init", str(project))
    assert answer.status == 0
    assert answer.err == (
        "error: Dockerfile.old: the Dockerfile Dockerfile.old is a link that leads nowhere\n  fix the link\n"
    )


def test_the_hook_and_what_init_writes_say_the_same() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    written = HOOK["hooks"][0]
    keys = ("id", "name", "entry", "pass_filenames", "always_run")
    assert {key: hook[key] for key in keys} == {key: written[key] for key in keys}
    assert "files" not in hook


@pytest.mark.installs
def test_a_real_pre_commit_runs_the_hook(tmp_path: Path) -> None:
    """With the hook's environment taken from this interpreter, so that nothing is downloaded."""
    shutil.copytree(ROOT / "fixtures/incident/ignored", tmp_path / "service")
    project = tmp_path / "service"
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    hook |= {"language": "system", "entry": f"{PARITY} check"}
    (project / ".pre-commit-config.yaml").write_text(
        json.dumps({"repos": [{"repo": "local", "hooks": [hook]}]})
    )
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home"), "GITHUB_ACTIONS": ""}

    def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=project, env=environment, capture_output=True, text=True, timeout=120
        )

    for command in (("git", "init", "-q"), ("git", "add", "-A")):
        run(*command)
    hooks = Path(sys.executable).with_name("pre-commit")
    failed = run(hooks, "run", "--all-files")
    assert failed.returncode == 1
    assert "PAR101" in failed.stdout
    (project / ".dockerignore").write_text("__pycache__\n")
    assert run(hooks, "run", "--all-files").returncode == 0
    for command in (("git", "add", "-A"), ("git", "commit", "-qm", "all")):
        run(*command, "--no-verify") if "commit" in command else run(*command)
    (module,) = project.glob("src/services/__init__.py")
    run("git", "rm", "-q", str(module.relative_to(project)))
    assert "Skipped" not in run(hooks, "run").stdout
