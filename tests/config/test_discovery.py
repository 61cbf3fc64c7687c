"""Which Dockerfiles there are, and which folder is the build context of each."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ask

DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'


def laid_out(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def images(path: Path, *options: str, cwd: Path | None = None) -> list[dict[str, Any]]:
    answer = ask("check", str(path), "--format", "json", *options, cwd=cwd or path)
    assert answer.status in (0, 1), answer.err
    return list(json.loads(answer.out)["images"])


def found(image: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(code, confidence, path) of the findings that are no info."""
    return [
        (one["code"], one["confidence"], (one["location"] or {}).get("path", ""))
        for one in image["findings"]
        if one["severity"] != "info"
    ]


@pytest.mark.parametrize(
    "folder",
    ["build/package", ".docker", "env", "dist", "vendor/x", "target", ".devcontainer", "venv", "a/b/c/d/e/f"],
)
def test_dockerfiles_are_looked_for_in_every_folder(tmp_path: Path, folder: str) -> None:
    laid_out(tmp_path, {f"{folder}/Dockerfile": DOCKERFILE, "main.py": ""})
    assert [image["dockerfile"] for image in images(tmp_path)] == [f"{folder}/Dockerfile"]


@pytest.mark.parametrize(
    "files",
    [
        {"node_modules/x/Dockerfile": DOCKERFILE},
        {".git/Dockerfile": DOCKERFILE},
        {"x/site-packages/Dockerfile": DOCKERFILE},
        {"env/pyvenv.cfg": "", "env/share/Dockerfile": DOCKERFILE},
        {".gitignore": "/build/\n", "build/Dockerfile": DOCKERFILE},
        {"sub/.gitignore": "out*\n", "sub/output/Dockerfile": DOCKERFILE},
        {"{{ name }}/Dockerfile": DOCKERFILE},
        {"docs/Dockerfile.md": ""},
    ],
)
def test_what_nobody_wrote_for_the_project_is_left_out(tmp_path: Path, files: Mapping[str, str]) -> None:
    laid_out(tmp_path, {**files, "Dockerfile": DOCKERFILE, "main.py": ""})
    assert [image["dockerfile"] for image in images(tmp_path)] == ["Dockerfile"]


def test_a_dockerfile_that_a_file_names_is_looked_at_wherever_it_lies(tmp_path: Path) -> None:
    files = {
        ".gitignore": "build/\n",
        "build/Dockerfile": DOCKERFILE,
        "images/api.docker": DOCKERFILE,
        "main.py": "",
        "Makefile": "image:\n\tdocker build -f build/Dockerfile -t shop .\n",
        "compose.yaml": "services: {api: {build: {dockerfile: images/api.docker}}}\n",
    }
    assert [(image["dockerfile"], image["context"]) for image in images(laid_out(tmp_path, files))] == [
        ("images/api.docker", "."),
        ("build/Dockerfile", "."),
    ]


def test_the_context_is_the_folder_that_has_what_is_copied_and_started(tmp_path: Path) -> None:
    text = DOCKERFILE.replace("COPY . .", "COPY . /app").replace("main.py", "/app/main.py")
    files = {"docker/Dockerfile": text, "docker/requirements.txt": "", "main.py": "import gone\n"}
    (image,) = images(laid_out(tmp_path, files))
    assert (image["context"], image["context_guessed"]) == (".", True)
    assert found(image) == [("PAR104", "likely", "main.py")]


@pytest.mark.parametrize(
    ("command", "context"),
    [
        ('["python", "main.py"]', "api"),
        ('["python", "-m", "app.web"]', "api"),
        ('["uvicorn", "app.web:app"]', "api"),
        ("uvicorn app.web:app --port 80", "api"),
        ('["python", "other.py"]', "."),
        ('["python", "-m", "src"]', "."),
    ],
)
def test_what_the_command_names_tells_the_context(tmp_path: Path, command: str, context: str) -> None:
    text = f"FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD {command}\n"
    files = {
        "api/Dockerfile": text,
        "api/main.py": "",
        "api/app/web.py": "app = 1\n",
        "other.py": "",
        "src/x.py": "",
    }
    (image,) = images(laid_out(tmp_path, files))
    assert image["context"] == context


@pytest.fixture
def monorepo(tmp_path: Path) -> Path:
    """A Dockerfile that is written for the root of the repository; what it imports is ignored there."""
    return laid_out(
        tmp_path,
        {
            ".git/HEAD": "ref: refs/heads/main\n",
            ".dockerignore": "**/helper.py\n",
            "services/api/Dockerfile": DOCKERFILE.replace("COPY . .", "COPY services/api common ./"),
            "services/api/main.py": "import helper\n",
            "services/api/helper.py": "",
            "common/rates.py": "",
        },
    )


@pytest.mark.parametrize(
    ("start", "arguments", "prefix"),
    [
        ("services/api", ("check",), ""),
        ("services/api", ("check", "."), ""),
        ("services/api", ("check", "Dockerfile"), ""),
        ("services/api", ("check", "-f", "Dockerfile"), ""),
        ("services", ("check",), "api/"),
        (".", ("check",), "services/api/"),
        (".", ("check", "services/api"), ""),
        (".", ("check", "services/api/Dockerfile"), "services/api/"),
    ],
)
def test_the_context_may_lie_above_path(
    monorepo: Path, start: str, arguments: tuple[str, ...], prefix: str
) -> None:
    answer = ask(*arguments, "--format", "json", cwd=monorepo / start)
    (image,) = json.loads(answer.out)["images"]
    above = "/".join([".."] * (2 - prefix.count("/"))) or "."
    assert (image["dockerfile"], image["context"], image["context_guessed"]) == (
        f"{prefix}Dockerfile",
        above,
        True,
    )
    (finding,) = image["findings"]
    assert (finding["code"], finding["confidence"]) == ("PAR101", "likely")
    assert finding["location"]["path"] == f"{prefix}main.py"
    ignore = f"{above}/.dockerignore".removeprefix("./")
    assert finding["cause"]["location"]["path"] == ignore
    assert finding["fix"].startswith(f"{ignore}:1: ")


def test_outside_of_a_repository_nothing_above_path_is_looked_at(monorepo: Path) -> None:
    (monorepo / ".git/HEAD").unlink()
    (monorepo / ".git").rmdir()
    (image,) = images(monorepo / "services/api")
    assert {one[0] for one in found(image)} == {"PAR601"}


def test_paths_of_annotations_are_those_of_the_repository(monorepo: Path) -> None:
    for name in ("github", "gitlab", "sarif"):
        out = ask("check", "--format", name, cwd=monorepo / "services/api").out
        assert "services/api/main.py" in out
        assert "api/../.." not in out


def test_the_configuration_may_lie_above_path(monorepo: Path) -> None:
    (monorepo / "parity.toml").write_text('ignore = ["PAR101"]\n')
    assert ask("check", cwd=monorepo / "services/api").status == 0
    (monorepo / "parity.toml").write_text(
        '[[images]]\ndockerfile = "services/api/Dockerfile"\ncontext = "."\npython = "3.11"\n'
        '[[images]]\ndockerfile = "other/Dockerfile"\n'
    )
    (image,) = images(monorepo / "services/api")
    assert (image["python"], image["context"], image["context_guessed"]) == ("3.11", "../..", False)
    assert found(image) == [("PAR101", "certain", "main.py")]
    (monorepo / "services/api/parity.toml").write_text('ignore = ["PAR101"]\n')
    (image,) = images(monorepo / "services/api")
    assert (image["python"], image["context"], found(image)) == ("3.12", "../..", [])


def test_a_dockerfile_from_standard_input(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = DOCKERFILE.replace("COPY . .", "RUN true").encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    (image,) = images(project, "-f", "-")
    assert (image["dockerfile"], image["context"], image["context_guessed"]) == ("-", ".", False)
    assert found(image) == [("PAR602", "certain", "-")]


def test_the_context_of_standard_input_is_looked_for_upwards(
    monorepo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (monorepo / "services/api/Dockerfile").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    (image,) = images(monorepo / "services/api", "-f", "-")
    assert (image["dockerfile"], image["context"], image["context_guessed"]) == ("-", "../..", True)
    assert found(image) == [("PAR101", "likely", "main.py")]


@pytest.mark.parametrize(
    ("folder", "options", "dockerfile", "guessed"),
    [
        ("services/api", ("-f", "Dockerfile", "--context", "../.."), "Dockerfile", False),
        ("services", ("-f", "../services/api/Dockerfile"), "api/Dockerfile", True),
        (
            "libs",
            ("-f", "../services/api/Dockerfile", "--context", ".."),
            "../services/api/Dockerfile",
            False,
        ),
    ],
)
def test_options_may_name_what_lies_above_path_in_the_repository(
    monorepo: Path, folder: str, options: tuple[str, ...], dockerfile: str, guessed: bool
) -> None:
    (monorepo / "libs").mkdir(exist_ok=True)
    (image,) = images(monorepo / folder, *options)
    assert (image["dockerfile"], image["context_guessed"]) == (dockerfile, guessed)
    assert (monorepo / folder / str(image["context"])).resolve() == monorepo


def test_the_configuration_of_a_dockerfile_is_looked_for_from_its_own_folder(monorepo: Path) -> None:
    (image,) = images(Path("services/api/Dockerfile"), cwd=monorepo)
    assert [code for code, _, _ in found(image)] == ["PAR101"]
    (monorepo / "services/api/parity.toml").write_text('ignore = ["PAR101"]\n')
    (image,) = images(Path("services/api/Dockerfile"), cwd=monorepo)
    assert (image["dockerfile"], found(image)) == ("services/api/Dockerfile", [])


def test_without_a_dockerfile_the_repository_is_named(
    monorepo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (monorepo / "src/deep").mkdir(parents=True)
    monkeypatch.chdir(monorepo / "src/deep")
    answer = ask("check", cwd=monorepo / "src/deep")
    assert answer.status == 2
    assert "or look at the whole repository: parity check ../..\n" in answer.err


WORKFLOW = """\
on: push
jobs:
  image:
    strategy:
      matrix:
        service: [vat, tax]
        include:
          - service: tax
    steps:
      - uses: docker/build-push-action@v6
        with:
          {}
"""


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("{context: services/vat, file: services/vat/Dockerfile}", ["job image"]),
        ("{context: ./services/vat}", ["job image"]),
        ("{context: 'services/${{ matrix.service }}'}", ["job image"]),
        ("{context: '{{defaultContext}}:services/vat'}", ["job image"]),
        ("{context: '${{ github.workspace }}/services/vat'}", ["job image"]),
        ("{context: '${{ inputs.context }}', file: services/vat/Dockerfile}", []),
        ("{context: services/none}", []),
    ],
)
def test_a_workflow_names_the_context(tmp_path: Path, said: str, names: list[str]) -> None:
    files = {
        ".github/workflows/images.yml": WORKFLOW.format(said),
        "services/vat/Dockerfile": DOCKERFILE,
        "services/vat/main.py": "import common\n",
        "common/__init__.py": "",
    }
    (image,) = images(laid_out(tmp_path, files))
    assert image["names"] == [f".github/workflows/images.yml: {name}" for name in names]
    assert image["context_guessed"] is not bool(names)
    assert found(image) == [("PAR101", "certain" if names else "likely", "services/vat/main.py")]


def test_target_and_arguments_of_a_workflow(tmp_path: Path) -> None:
    said = "{target: run, build-args: 'VERSION=3.11', build-contexts: 'libs=./libs'}"
    files = {
        ".github/workflows/images.yml": WORKFLOW.format(said),
        "Dockerfile": (
            "ARG VERSION=3.10\nFROM python:${VERSION} AS run\nCOPY main.py /\nCOPY --from=libs prices.py /\n"
            'CMD ["python", "/main.py"]\nFROM run\nRUN rm /prices.py\n'
        ),
        "main.py": "import prices\n",
        "libs/prices.py": "",
    }
    run, last = images(laid_out(tmp_path, files))
    assert (run["target"], run["python"], found(run)) == ("run", "3.11", [])
    assert (last["target"], last["names"]) == (None, ["Dockerfile: last stage"])
    assert [one[0] for one in found(last)] == ["PAR101"]


@pytest.mark.parametrize(
    ("file", "text", "context"),
    [
        ("Makefile", "build:\n\t@docker build -t x -f api/Dockerfile .\n", "."),
        ("Makefile", "build:\n\tcd api && docker build --target=x . && ls\n", "api"),
        (
            "scripts/build.sh",
            "#!/bin/sh\nsudo docker buildx build \\\n  -t x:$TAG -f api/Dockerfile \\\n  .\n",
            ".",
        ),
        ("api/build.sh", "podman build --build-arg A=$B -t x .\n", "api"),
        (".github/workflows/ci.yml", "jobs: {a: {steps: [{run: docker build api, name: x}]}}\n", "api"),
        (
            ".github/workflows/ci.yml",
            "jobs: {a: {steps: [{run: docker build ., working-directory: api}]}}\n",
            "api",
        ),
    ],
)
def test_a_script_names_the_context(tmp_path: Path, file: str, text: str, context: str) -> None:
    files = {
        "api/Dockerfile": DOCKERFILE + "FROM scratch AS x\n",
        "api/main.py": "",
        "main.py": "",
        file: text,
    }
    image = images(laid_out(tmp_path, files))[0]
    assert (image["context"], image["context_guessed"]) == (context, False)


def test_compose_goes_before_a_workflow(tmp_path: Path) -> None:
    files = {
        ".github/workflows/images.yml": WORKFLOW.format("{context: services/vat}"),
        "compose.yaml": "services: {vat: {build: {dockerfile: services/vat/Dockerfile}}}\n",
        "services/vat/Dockerfile": DOCKERFILE,
        "main.py": "",
        "services/vat/main.py": "",
    }
    (image,) = images(laid_out(tmp_path, files))
    assert (image["context"], image["names"]) == (".", ["compose.yaml: vat"])
    (image,) = images(tmp_path, "-f", "services/vat/Dockerfile")
    assert (image["context"], image["names"]) == (".", [])
