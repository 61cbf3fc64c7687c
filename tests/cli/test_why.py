"""`parity why` in plain words: for modules, files and image paths, of the project and of others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ask

FILES = {
    "Dockerfile": (
        "FROM python:3.12-slim\n"
        "WORKDIR /srv\n"
        "COPY requirements.txt .\n"
        "RUN pip install -r requirements.txt\n"
        "COPY shop ./shop\n"
        'CMD ["uvicorn", "shop.api:app"]\n'
    ),
    ".dockerignore": "**/models\n",
    "requirements.txt": "fastapi\nuvicorn\n",
    "settings.py": "",
    "shop/__init__.py": "",
    "shop/api.py": "import os\nfrom fastapi import FastAPI\nfrom shop.orders import place\n",
    "shop/orders.py": (
        "from shop.models.order import Order\nimport requests\nimport settings\n\n\n"
        "def place():\n    import later\n"
    ),
    "shop/models/__init__.py": "",
    "shop/models/order.py": "class Order: ...\n",
    "later.py": "",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "checkout", "image", "needed"),
    [
        (
            "shop.models",
            "shop/models/__init__.py",
            "not there: .dockerignore:1 excludes it (**/models)",
            "through shop/api.py:3 → shop/orders.py:1",
        ),
        (
            "/srv/shop/models/order.py",
            "shop/models/order.py",
            "not there: .dockerignore:1 excludes it (**/models)",
            "through shop/api.py:3 → shop/orders.py:1",
        ),
        (
            "shop",
            "shop/__init__.py",
            "/srv/shop/__init__.py, by Dockerfile:5:1",
            "by the start command itself",
        ),
        (
            "settings.py",
            "settings.py",
            "not there: no instruction copies settings.py; the nearest that copies is Dockerfile:5:1",
            "through shop/api.py:3 → shop/orders.py:3",
        ),
        (
            "later",
            "later.py",
            "not there: no instruction copies later.py; the nearest that copies is Dockerfile:5:1",
            "later shop/api.py:3 → shop/orders.py:7, when that function is called",
        ),
        (
            "Dockerfile",
            "Dockerfile",
            "not there: no instruction copies Dockerfile; the nearest that copies is Dockerfile:5:1",
            "not by the start-up",
        ),
        (
            "requests",
            "no file of the project",
            "not there: requirements.txt does not bring it (Dockerfile:4)",
            "through shop/api.py:3 → shop/orders.py:2",
        ),
        (
            "fastapi",
            "no file of the project",
            "in the distribution fastapi, installed by Dockerfile:4",
            "through shop/api.py:2",
        ),
        (
            "numpy",
            "no file of the project",
            "not there: requirements.txt does not bring it (Dockerfile:4)",
            "by no module of the project",
        ),
        ("os", "no file of the project", "in the standard library of Python 3.12", "through shop/api.py:1"),
        (
            "distutils",
            "no file of the project",
            "not there: it is in the standard library of Python 3.11 and earlier",
            "by no module of the project",
        ),
    ],
)
def test_where_it_is_and_who_needs_it(shop: Path, name: str, checkout: str, image: str, needed: str) -> None:
    answer = ask("why", name, str(shop))
    rows = [" ".join(row.split()) for row in answer.out.splitlines()]
    assert rows == [
        f"Dockerfile: {name}",
        f"in the checkout {checkout}",
        f"in the image {image}",
        f"needed {needed}",
    ]
    assert (answer.status, answer.err) == (0, "")


@pytest.mark.parametrize(
    ("name", "hint"),
    [("shop.order", "did you mean shop.orders?"), ("qzxw.at.all", "name a module, a file")],
)
def test_what_nobody_knows_is_no_answer(shop: Path, name: str, hint: str) -> None:
    answer = ask("why", name, str(shop))
    assert (answer.status, answer.out) == (2, "")
    assert f"there is neither a module nor a file {name}" in answer.err
    assert hint in answer.err


def test_json(shop: Path) -> None:
    (image,) = json.loads(ask("why", "shop.models", str(shop), "--format", "json").out)["images"]
    assert (image["in_image"], image["need"], image["image_path"]) == (
        False,
        "imported",
        "/srv/shop/models/__init__.py",
    )
    assert image["cause"]["location"] == {"path": ".dockerignore", "line": 1}
    assert image["chain"][-1]["path"] == "shop/orders.py"


@pytest.mark.parametrize("command", [("why", "shop"), ("files",), ("graph",), ("check",)])
def test_an_image_that_cannot_be_told_hides_no_other(shop: Path, command: tuple[str, ...]) -> None:
    (shop / "Dockerfile.bad").write_text("FROM python:3.12\nCOPPY . .\n")
    answer = ask(*command, str(shop))
    assert answer.status == 2
    assert "shop" in answer.out
    assert answer.err == "error: Dockerfile.bad:2:1: unknown instruction: COPPY\n  did you mean COPY?\n"


def test_images_with_the_same_answer_are_told_together(project: Path) -> None:
    (project / "compose.yaml").write_text(
        "services:\n  api: {build: .}\n  worker: {build: ., command: python main.py --worker}\n"
    )
    assert ask("why", "main", str(project)).out.splitlines()[0] == "Dockerfile (2 images): main"
    (project / "Dockerfile.bare").write_text('FROM python:3.12-slim\nCMD ["python"]\n')
    heads = [line for line in ask("why", "main", str(project)).out.splitlines() if line.endswith(": main")]
    assert heads == ["Dockerfile (2 images): main", "Dockerfile.bare: main"]
