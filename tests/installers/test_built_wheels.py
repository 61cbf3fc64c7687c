"""A wheel that one stage builds and the next installs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ask
from tests.support.checked import lay_out, told

POETRY = """[tool.poetry]
name = "till-box"
version = "0.4"
description = ""
authors = []
[tool.poetry.dependencies]
python = "^3.12"
[tool.poetry.scripts]
till = "till_box.app:main"
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
"""
HATCH = """[project]
name = "till-box"
version = "0.4"
[project.scripts]
till = "till_box.app:main"
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""
FILES = {
    "till_box/__init__.py": "",
    "till_box/app.py": "from till_box.keys import KEY\n\n\ndef main():\n    print(KEY)\n",
    "till_box/keys.py": "KEY = 1\n",
}
IMAGE = """FROM python:3.12-slim AS builder
RUN pip install poetry uv build hatchling
WORKDIR /src
COPY . .
RUN {build}

FROM python:3.12-slim
{copy}
RUN {install}
CMD ["till"]
"""
DIST = "COPY --from=builder /src/dist /tmp/dist"
GLOB = "pip install /tmp/dist/*.whl"


@pytest.mark.parametrize(
    ("project", "build", "copy", "install"),
    [
        (POETRY, "poetry build", DIST, GLOB),
        (POETRY, "poetry build -f wheel", DIST, f"{GLOB} && rm -rf /tmp/dist"),
        (HATCH, "uv build", DIST, GLOB),
        (HATCH, "uv build --wheel --out-dir /dist", "COPY --from=builder /dist/*.whl /tmp/dist/", GLOB),
        (
            HATCH,
            "uv build --wheel -o /dist .",
            "COPY --from=builder /dist /dist",
            "pip install --no-cache-dir /dist/*",
        ),
        (HATCH, "python -m build", DIST, "pip install /tmp/dist/till_box-0.4-py3-none-any.whl"),
        (HATCH, "python -m build --wheel --outdir /w .", "COPY --from=builder /w /w", "pip install /w/*.whl"),
        (HATCH, "pip wheel --no-deps -w /w .", "COPY --from=builder /w /w", "pip install /w/*.whl"),
        (HATCH, "pip wheel -w /w .", "COPY --from=builder /w /w", "pip install /w/*.whl"),
        (HATCH, "pip wheel -w /w .", "COPY --from=builder /w /w", "pip install --no-index -f /w till-box"),
        (
            HATCH,
            "echo . > list.txt && pip wheel -r list.txt -w /w",
            "COPY --from=builder /w /w",
            "pip install /w/*",
        ),
        (
            HATCH.replace('version = "0.4"', 'dynamic = ["version"]'),
            "uv build --wheel -o /dist .",
            "COPY --from=builder /dist/*.whl /dist/",
            "pip install /dist/*.whl",
        ),
    ],
)
def test_it_holds_what_the_project_held(
    tmp_path: Path, project: str, build: str, copy: str, install: str
) -> None:
    image = IMAGE.format(build=build, copy=copy, install=install)
    files = {**FILES, "pyproject.toml": project, "Dockerfile": image}
    assert told(tmp_path, files) == []
    expected = ["error PAR101 start till_box.keys at till_box/app.py:1"]
    assert told(tmp_path, {".dockerignore": "**/key*\n"}) == expected


def test_it_is_the_project_as_it_was_then(tmp_path: Path) -> None:
    image = IMAGE.format(
        build="uv build && echo 'KEY = 2' > till_box/keys.py && rm till_box/app.py", copy=DIST, install=GLOB
    )
    lay_out(tmp_path, {**FILES, "pyproject.toml": HATCH, "Dockerfile": image})
    answer = json.loads(ask("files", str(tmp_path), "--format", "json").out)
    paths = {one["path"]: one["source"] for one in answer["images"][0]["files"] if one["type"] == "file"}
    site = "/usr/local/lib/python3.12/site-packages/till_box"
    assert paths[f"{site}/app.py"] == "till_box/app.py"
    assert paths[f"{site}/keys.py"] == "till_box/keys.py"
    assert not any("unpacked" in path for path in paths)


def test_a_computed_version_is_not_made_up(tmp_path: Path) -> None:
    project = HATCH.replace('version = "0.4"', 'dynamic = ["version"]')
    image = IMAGE.format(
        build="uv build", copy=DIST, install="pip install /tmp/dist/till_box-1.2-py3-none-any.whl"
    )
    assert told(tmp_path, {**FILES, "pyproject.toml": project, "Dockerfile": image}) == []
