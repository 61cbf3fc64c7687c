"""The public Python API."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from parity import api
from parity.api import Finding, ParityError, StartError, image, images
from tests.conftest import ROOT
from tests.support.checked import lay_out

INCIDENT = ROOT / "fixtures" / "incident"
DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN rm -r docs\nCMD ["python", "-m", "shop"]\n'
COMPOSE = "services:\n  worker:\n    build: .\n    command: python -m shop.worker\n    healthcheck: {test: 'true'}\n"
FILES = {
    "Dockerfile": DOCKERFILE,
    "compose.yaml": COMPOSE,
    "shop/__init__.py": "",
    "shop/__main__.py": "import shop.orders\n",
    "shop/orders.py": "",
    "shop/worker.py": "import shop.gone\n",
    "schema/a.json": "{}",
    "docs/a.md": "",
    ".dockerignore": "*.log\n",
    "x.log": "",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    lay_out(tmp_path, FILES)
    return tmp_path


def test_what_is_promised() -> None:
    assert api.__all__ == ["Finding", "Image", "ParityError", "StartError", "image", "images"]


def test_an_image_that_starts(root: Path) -> None:
    shop = image(root=root)
    shop.starts()
    assert (shop.verdict, shop.python, shop.findings, shop.dockerfile) == ("ok", "3.12", (), "Dockerfile")


def test_an_image_that_does_not_start() -> None:
    with pytest.raises(StartError) as raised:
        image(root=INCIDENT / "ignored").starts()
    text = str(raised.value)
    assert "error PAR101 missing-module: src.services.model_registry is not in the image" in text
    assert ".dockerignore:3" in text
    assert "^^^^" in text


def test_findings(root: Path) -> None:
    (finding,) = image(root=root, service="worker").findings
    assert finding == Finding(
        code="PAR104",
        name="unresolved-module",
        severity="error",
        confidence="certain",
        message=finding.message,
        path="shop/worker.py",
        line=1,
        module="shop.gone",
        image_path=None,
        fix=finding.fix,
    )
    assert str(finding) == f"shop/worker.py:1: PAR104 {finding.message}"


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("schema/a.json", True),
        ("schema", True),
        ("/app/schema/a.json", True),
        ("/app/schema", True),
        (Path("schema/a.json"), True),
        ("docs/a.md", False),
        ("docs", False),
        ("/app/docs/a.md", False),
        ("x.log", False),
        ("schema/b.json", False),
        ("a.json", False),
    ],
)
def test_what_is_in_an_image(path: str | Path, there: bool, root: Path) -> None:
    assert (path in image(root=root)) is there


def test_what_the_start_up_reaches(root: Path) -> None:
    assert image(root=root).reaches("shop.orders")
    assert not image(root=root).reaches("shop.worker")
    assert image(root=root, service="worker").reaches("shop.worker")
    assert image(root=root, entrypoint="python -c 'import shop.worker'").reaches("shop.worker")


def test_paths_are_seen_from_the_root_that_is_named(root: Path) -> None:
    (root / "parity.toml").write_text("")
    lay_out(root, {f"api/{name}": text for name, text in FILES.items() if name != "compose.yaml"})
    below = image(root=root / "api")
    assert below.dockerfile == "Dockerfile"
    assert "schema/a.json" in below
    assert image("api/Dockerfile", root=root).dockerfile == "api/Dockerfile"


def test_every_image(root: Path) -> None:
    assert [(one.dockerfile, one.names) for one in images(root)] == [
        ("Dockerfile", ("compose.yaml: worker",))
    ]


def test_each_answer_is_of_the_files_as_they_are_now(tmp_path: Path) -> None:
    project = copytree(INCIDENT / "ignored", tmp_path / "project")
    assert image(root=project).verdict == "fails"
    (project / ".dockerignore").unlink()
    assert image(root=project).verdict != "fails"


@pytest.mark.parametrize(
    ("dockerfile", "service", "says"),
    [("Dockerfile.api", None, "Dockerfile.api"), ("Dockerfile", "web", "no service web starts Dockerfile")],
)
def test_what_is_not_there(dockerfile: str, service: str | None, says: str, root: Path) -> None:
    with pytest.raises(ParityError, match=says):
        image(dockerfile, root=root, service=service)


def test_a_dockerfile_that_docker_refuses(root: Path) -> None:
    (root / "Dockerfile").write_text("FROM\n")
    with pytest.raises(ParityError):
        image(root=root).starts()
