"""`check --diff BASE`: only what is new against a git revision."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

import pytest

from parity.cli.revision import files_of
from parity.model.errors import ParityError
from parity.tree.reader import LARGEST_FILE
from tests.conftest import Answer, ask

IMAGE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'


def git(folder: Path, *words: str) -> str:
    name = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.autocrlf=false")
    return subprocess.run(
        ["git", *name, *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One commit with one finding: main.py imports what is nowhere."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "Dockerfile").write_text(IMAGE)
    (folder / ".dockerignore").write_text(".git\n")
    (folder / "main.py").write_text("import old_one\n")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    return folder


def modules(answer: Answer) -> list[str]:
    report = json.loads(answer.out)
    return [finding["module"] for image in report["images"] for finding in image["findings"]]


def test_only_what_is_new_is_reported(repository: Path) -> None:
    assert ask("check", str(repository), "--diff", "HEAD").status == 0
    (repository / "main.py").write_text("import json\nimport old_one\nimport new_one\n")
    answer = ask("check", str(repository), "--diff", "HEAD", "--format", "json")
    assert (answer.status, modules(answer)) == (1, ["new_one"])
    assert "1 error, 1 silenced in 1 image" in ask("check", str(repository), "--diff", "HEAD").out
    git(repository, "commit", "-qam", "two")
    assert modules(ask("check", str(repository), "--diff", "HEAD~1", "--format", "json")) == ["new_one"]
    assert ask("check", str(repository), "--diff", "HEAD").status == 0


def test_the_repository_and_the_folder_for_temporary_files_stay_as_they_are(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def seen() -> list[tuple[str, int]]:
        return sorted((str(place), place.lstat().st_mtime_ns) for place in repository.rglob("*"))

    before = seen()
    ask("check", str(repository), "--diff", "HEAD")
    assert (seen(), list(temporary.glob("parity-*"))) == (before, [])


def test_with_a_folder_a_dockerfile_and_the_rules_of_now(repository: Path) -> None:
    service = repository / "services/api"
    service.mkdir(parents=True)
    (service / "Dockerfile").write_text(IMAGE.replace("main", "api"))
    (service / "api.py").write_text("import old_one\n")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "service")
    (service / "api.py").write_text("import old_one\nimport new_one\n")
    for path in ("services/api", "services/api/Dockerfile", "."):
        answer = ask("check", path, "--diff", "HEAD", "--format", "json", cwd=repository)
        assert modules(answer) == ["new_one"], path
    (repository / "parity.toml").write_text('[severity]\nPAR104 = "warning"\n')
    assert ask("check", ".", "--diff", "HEAD", cwd=repository).status == 0


def test_an_image_that_is_new_is_new_altogether(repository: Path) -> None:
    git(repository, "mv", "Dockerfile", "Dockerfile.web")
    git(repository, "rm", "-q", "--cached", "Dockerfile.web")
    git(repository, "commit", "-qm", "no image")
    assert modules(ask("check", str(repository), "--diff", "HEAD", "--format", "json")) == ["old_one"]


def test_a_revision_is_written_as_it_is_stored(repository: Path) -> None:
    """No filter, attribute or line ending of the checkout has a say; links stay links; submodules are empty."""
    (repository / ".gitattributes").write_text("*.py export-ignore filter=shout text eol=crlf\n")
    git(repository, "config", "filter.shout.smudge", "touch ../ran; cat")
    (repository / "link").symlink_to("main.py")
    (repository / "run.sh").write_text("#!/bin/sh\n")
    (repository / "run.sh").chmod(0o755)
    with (repository / "large").open("wb") as large:
        large.truncate(LARGEST_FILE + 1)
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "more")
    with files_of(repository, "HEAD") as then:
        assert (then / "main.py").read_bytes() == b"import old_one\n"
        assert (then / "link").readlink() == Path("main.py")
        assert (then / "run.sh").stat().st_mode & 0o777 == 0o755
        assert (then / "large").stat().st_size == LARGEST_FILE + 1
    assert not then.exists()
    assert not (repository.parent / "ran").exists()


def test_hostile_names_lead_nowhere(repository: Path) -> None:
    blob = git(repository, "rev-parse", "HEAD:main.py").strip()
    inner = subprocess.run(
        ["git", "mktree"],
        cwd=repository,
        input=f"100644 blob {blob}\tx\n",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    listing = f"040000 tree {inner}\t..\n040000 tree {inner}\t.GIT\n100644 blob {blob}\tfine\n"
    tree = subprocess.run(
        ["git", "mktree"], cwd=repository, input=listing, capture_output=True, text=True, check=True
    ).stdout.strip()
    with files_of(repository, tree) as then:
        assert sorted(place.name for place in then.iterdir()) == [".git", "fine"]
        assert list((then / ".git").iterdir()) == []
        assert sorted(place.name for place in then.parent.iterdir()) == ["shop"]


@pytest.mark.parametrize("revision", ["nowhere", "--upload-pack=x", "a\x00b", ""])
def test_a_revision_that_there_is_not(repository: Path, revision: str) -> None:
    with pytest.raises(ParityError, match="--diff"), files_of(repository, revision):
        pass
    answer = ask("check", str(repository), "--diff", revision)
    assert (answer.status, answer.err.startswith("error: --diff ")) == (2, True)


def test_outside_of_a_repository(project: Path) -> None:
    answer = ask("check", str(project), "--diff", "HEAD")
    assert answer.status == 2
    assert "not a git repository" in answer.err
