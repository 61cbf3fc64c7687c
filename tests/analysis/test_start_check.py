"""PAR801: what counts as a check of the start-up, and what does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ask

COMPOSE = "services:\n  api:\n    build: .\n    image: team/api\n"
DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["uvicorn", "shop.main:app"]\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A service that compose builds, and nothing tries."""
    written(
        tmp_path,
        {
            "Dockerfile": DOCKERFILE,
            "compose.yaml": COMPOSE,
            "shop/__init__.py": "",
            "shop/main.py": "from shop import lib\napp = 1\n",
            "shop/lib.py": "",
        },
    )
    return tmp_path


def written(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf8")


def is_told(folder: Path, *options: str) -> bool:
    (image,) = json.loads(ask("check", str(folder), *options, "--format", "json").out)["images"]
    return [finding["code"] for finding in image["findings"]] == ["PAR801"]


def workflow(run: str) -> dict[str, str]:
    text = "\n".join(f"          {line}" for line in run.splitlines())
    return {".github/workflows/ci.yml": f"jobs:\n  test:\n    steps:\n      - run: |\n{text}\n"}


def test_an_untried_service_is_told_and_quiet(shop: Path) -> None:
    assert is_told(shop)
    assert is_told(shop, "-f", "Dockerfile")
    answer = ask("check", str(shop))
    assert "PAR801" not in answer.out
    assert answer.status == 0


@pytest.mark.parametrize(
    "step",
    [
        'RUN python -c "import shop.main"',
        'RUN ["python", "-c", "from shop import main"]',
        "RUN pip --version && uv run python -c 'import shop.lib; print(1)'",
        "RUN python <<EOF\nimport shop.main\nEOF",
        "RUN <<EOF\nset -e\npython -c 'import shop.main'\nEOF",
        "RUN python -m shop.main",
        "RUN python manage.py check",
        "RUN gunicorn --check-config shop.main:app",
        "RUN python -m pytest",
        "RUN pytest -q || true",
        "HEALTHCHECK CMD curl -f http://localhost/",
    ],
)
def test_an_instruction_that_tries_it(step: str, shop: Path) -> None:
    written(shop, {"Dockerfile": DOCKERFILE + step + "\n"})
    assert not is_told(shop)


@pytest.mark.parametrize(
    "step",
    [
        'RUN python -c "import sys; print(sys.version)"',
        "RUN python -c 'import shop'",
        "RUN python -m compileall shop",
        "RUN echo shop.main",
        "HEALTHCHECK NONE",
    ],
)
def test_an_instruction_that_does_not(step: str, shop: Path) -> None:
    written(shop, {"Dockerfile": DOCKERFILE + step + "\n"})
    assert is_told(shop)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("    healthcheck:\n      test: curl -f http://localhost/\n", False),
        ("    healthcheck:\n      disable: true\n", True),
        ('    healthcheck:\n      test: ["NONE"]\n', True),
    ],
)
def test_a_healthcheck_of_compose(keys: str, told: bool, shop: Path) -> None:
    written(shop, {"compose.yaml": COMPOSE + keys})
    assert is_told(shop) is told


@pytest.mark.parametrize(
    ("run", "told"),
    [
        ("docker run team/api python -c 'import shop.main'", False),
        ("docker run --rm -e A=b --network none team/api:${{ github.sha }} true", False),
        ("docker run -v $PWD:/src hadolint/hadolint hadolint Dockerfile", True),
        ("docker compose up --wait", False),
        ("docker compose up -d db", True),
        ("docker compose -f compose.yaml run --rm api pytest", False),
        ("parity check --fail-on warning", False),
        ("python -m parity check .", False),
        ("# parity check", True),
        ("pytest", True),
    ],
)
def test_a_workflow(run: str, told: bool, shop: Path) -> None:
    written(shop, workflow(run))
    assert is_told(shop) is told


def test_one_service_with_a_healthcheck_speaks_for_the_image(shop: Path) -> None:
    worker = "  worker:\n    build: .\n    command: python -m shop.main\n    healthcheck: {test: 'true'}\n"
    written(shop, {"compose.yaml": COMPOSE + worker})
    images = json.loads(ask("check", str(shop), "--format", "json").out)["images"]
    assert [image["findings"] for image in images] == [[], []]
    assert not is_told(shop, "-f", "Dockerfile")


def test_the_action_is_a_check(shop: Path) -> None:
    text = "jobs:\n  test:\n    steps:\n      - uses: team/parity@0123456789\n"
    written(shop, {".github/workflows/ci.yml": text})
    assert not is_told(shop)


def test_what_a_makefile_starts_is_none(shop: Path) -> None:
    written(shop, {"Makefile": "up:\n\tdocker compose up\n"})
    assert is_told(shop)


@pytest.mark.parametrize("probe", ["startupProbe", "readinessProbe", "livenessProbe"])
def test_a_probe_of_the_pod(probe: str, shop: Path) -> None:
    manifest = (
        "kind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    spec:\n      containers:\n"
        "        - name: api\n          image: team/api\n          command: [uvicorn, 'shop.main:app']\n"
    )
    written(shop, {"deploy.yaml": manifest})
    images = json.loads(ask("check", str(shop), "--format", "json").out)["images"]
    assert [len(image["findings"]) for image in images] == [1, 1]
    written(shop, {"deploy.yaml": f"{manifest}          {probe}: {{tcpSocket: {{port: 80}}}}\n"})
    images = json.loads(ask("check", str(shop), "--format", "json").out)["images"]
    assert [len(image["findings"]) for image in images] == [1, 0]


def test_a_dockerfile_alone_is_not_told(shop: Path) -> None:
    (shop / "compose.yaml").unlink()
    assert not is_told(shop)


def test_what_smoke_prints_is_a_check(shop: Path) -> None:
    step = ask("smoke", str(shop), "--format", "dockerfile").out.splitlines()[-1]
    written(shop, {"Dockerfile": f"{DOCKERFILE}{step}\n"})
    assert not is_told(shop)
