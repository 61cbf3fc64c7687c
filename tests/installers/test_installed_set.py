"""What is said to be installed is what pip and uv install: small environments, made from wheels at hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ask
from tests.support.indexed import (
    MODULES,
    UV,
    developers_environment,
    hashed,
    really_importable,
    run,
    write_wheels,
)

PROJECT = """\
[project]
name = "shop"
version = "1.0"
requires-python = ">=3.8"
dependencies = ["beta"]

[project.optional-dependencies]
quick = ["alpha[fast]"]
last = ["eta"]

[dependency-groups]
dev = ["theta", {include-group = "more"}]
more = ["zeta"]
"""


@dataclass(frozen=True)
class Case:
    """`commands`: of the Dockerfile's RUN, and what is really run; `files`: beside `app.py`."""

    commands: str
    files: dict[str, str]
    locked: bool = False


def of_pip(commands: str, **files: str) -> Case:
    return Case(commands, {name.replace("_", ".").replace("..", "-"): text for name, text in files.items()})


CASES = {
    "one": of_pip("pip install beta"),
    "pinned": of_pip("pip install theta==1.0"),
    "an extra": of_pip("pip install alpha[fast]"),
    "without what it needs": of_pip("pip install --no-deps alpha"),
    "two commands": of_pip("pip install eta && pip install beta"),
    "requirements": of_pip(
        "pip install -r requirements.txt", requirements_txt="alpha\n# eta\nzeta ; python_version < '3'\n"
    ),
    "nested requirements": of_pip(
        "pip install -r requirements.txt", requirements_txt="-r other.txt\n", other_txt="zeta  # here\n"
    ),
    "constraints": of_pip(
        "pip install -r requirements.txt -c limits.txt", requirements_txt="beta\n", limits_txt="alpha==1.0\n"
    ),
    "continued lines": of_pip(
        "pip install -r requirements.txt", requirements_txt="al\\\npha \\\n  >=1\neta\n"
    ),
    "uv pip": of_pip("uv pip install alpha[fast] eta"),
    "uv pip requirements": of_pip("uv pip install -r requirements.txt", requirements_txt="delta-py\n"),
    "uv sync": Case("uv sync --frozen --no-install-project", {"pyproject.toml": PROJECT}, True),
    "uv sync --no-dev": Case(
        "uv sync --frozen --no-install-project --no-dev", {"pyproject.toml": PROJECT}, True
    ),
    "uv sync --extra": Case(
        "uv sync --frozen --no-install-project --no-dev --extra quick", {"pyproject.toml": PROJECT}, True
    ),
    "uv sync --all-extras": Case(
        "uv sync --frozen --no-install-project --no-dev --all-extras", {"pyproject.toml": PROJECT}, True
    ),
    "uv sync --group": Case(
        "uv sync --frozen --no-install-project --no-dev --group more", {"pyproject.toml": PROJECT}, True
    ),
    "uv sync --only-group": Case("uv sync --frozen --only-group more", {"pyproject.toml": PROJECT}, True),
    "uv sync --no-group": Case(
        "uv sync --frozen --no-install-project --group more --no-group dev", {"pyproject.toml": PROJECT}, True
    ),
    "uv export": Case(
        "uv export --frozen --no-emit-project --no-dev --extra quick -o all.txt && uv pip install -r all.txt",
        {"pyproject.toml": PROJECT},
        True,
    ),
    "uv export to pylock.toml": Case(
        "uv export --frozen --no-emit-project --no-dev -o pylock.toml && uv pip install -r pylock.toml",
        {"pyproject.toml": PROJECT},
        True,
    ),
    "uv pip sync": of_pip("uv pip sync requirements.txt", requirements_txt="alpha\ndelta-py\n"),
    "uv pip compile": of_pip(
        "uv pip compile base.in -o all.txt && uv pip sync all.txt", base_in="alpha[fast]\n"
    ),
    "requirements of a project": of_pip(
        "uv pip install -r pyproject.toml --extra all",
        pyproject_toml="[project]\nname = 'shop'\nversion = '1'\ndependencies = ['beta']\n"
        "[project.optional-dependencies]\nquick = ['eta']\nall = ['shop[quick]', 'gamma-tools']\n",
    ),
    "uv sync without a lock file": Case("uv sync --no-install-project --no-dev", {"pyproject.toml": PROJECT}),
}


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    write_wheels(folder)
    return folder


def said_missing(project: Path) -> dict[str, str]:
    """module -> the rule that tells that it is missing."""
    answer = ask("check", str(project), "--format", "json")
    (image,) = json.loads(answer.out)["images"]
    return {one["module"]: one["code"] for one in image["findings"] if one["exception"]}


def lay_out(project: Path, case: Case, wheels: Path) -> None:
    copied = " ".join(case.files)
    lines = ["FROM python:3.12-slim", "WORKDIR /app"]
    lines += [f"COPY {copied} ./"] if copied else []
    lines += [f"RUN {case.commands}", "COPY app.py .", 'CMD ["python", "app.py"]']
    if "uv sync" in case.commands:
        lines.insert(-1, 'ENV PATH="/app/.venv/bin:$PATH"')
    for name, text in {**case.files, "Dockerfile": "\n".join(lines) + "\n"}.items():
        (project / name).write_text(text)
    (project / "app.py").write_text("".join(f"import {module}\n" for module in MODULES))
    if case.locked:
        run([UV, "lock"], project, {"UV_OFFLINE": "1", "UV_NO_INDEX": "1", "UV_FIND_LINKS": str(wheels)})
        dockerfile = project / "Dockerfile"
        dockerfile.write_text(dockerfile.read_text().replace(f"COPY {copied}", f"COPY {copied} uv.lock"))


@pytest.mark.installs
@pytest.mark.parametrize("name", CASES)
def test_the_modules_that_can_be_imported(name: str, tmp_path: Path, wheels: Path) -> None:
    case = CASES[name]
    if "uv " in case.commands and not UV:
        pytest.skip("uv is not installed")
    project = tmp_path / "project"
    project.mkdir()
    lay_out(project, case, wheels)
    developers_environment(project / ".venv", wheels)
    said = said_missing(project)
    (project / ".venv").rename(tmp_path / "put-away")
    importable = really_importable(case.commands, project, wheels, tmp_path)
    assert set(MODULES) - set(said) == importable


@pytest.mark.installs
def test_hashes_say_everything(tmp_path: Path, wheels: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    text = hashed(wheels, "beta", "delta-py", "epsilon")
    lay_out(project, Case("pip install -r requirements.txt", {"requirements.txt": text}), wheels)
    developers_environment(project / ".venv", wheels)
    said = said_missing(project)
    (project / ".venv").rename(tmp_path / "put-away")
    importable = really_importable("pip install -r requirements.txt", project, wheels, tmp_path)
    assert set(MODULES) - set(said) == importable == {"beta", "delta", "greek.epsilon"}
