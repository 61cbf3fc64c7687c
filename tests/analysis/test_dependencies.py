"""Which packages of others are told to be missing, and which are not: whole projects, by how they install."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import ask

PIP = "COPY requirements.txt .\nRUN pip install -r requirements.txt"
POETRY_LOCK = """\
[[package]]
name = "requests"
version = "2.32.3"
optional = false
[package.dependencies]
certifi = "*"
pysocks = {version = "*", optional = true}
[package.extras]
socks = ["pysocks (>=1)"]

[[package]]
name = "certifi"
version = "2025.1.31"

[[package]]
name = "pysocks"
version = "1.7.1"

[[package]]
name = "pyyaml"
version = "6.0.2"
"""
POETRY = """\
[tool.poetry]
name = "shop"
version = "1"
package-mode = false
[tool.poetry.dependencies]
python = "^3.12"
requests = "^2"
[tool.poetry.group.dev.dependencies]
pyyaml = "^6"
"""
PIPFILE_LOCK = json.dumps(
    {
        "_meta": {},
        "default": {"requests": {"version": "==2.32.3"}, "certifi": {"version": "==2025.1.31"}},
        "develop": {"pyyaml": {"version": "==6.0.2"}},
    }
)
PDM_LOCK = """\
[[package]]
name = "requests"
version = "2.32.3"
dependencies = ["certifi", "tomli; python_version < '3.11'"]

[[package]]
name = "certifi"
version = "2025.1.31"

[[package]]
name = "pyyaml"
version = "6.0.2"
"""
PDM = """\
[project]
name = "shop"
version = "1"
dependencies = ["requests"]
[tool.pdm]
distribution = false
[dependency-groups]
dev = ["pyyaml"]
"""


def told(
    folder: Path,
    steps: str,
    program: str,
    files: Mapping[str, str],
    *options: str,
    command: str = "python main.py",
) -> list[tuple[str, str, str]]:
    """(code, module, severity) of each finding of a project of one script."""
    argv = json.dumps(command.split())
    text = f"FROM python:3.12-slim\nWORKDIR /app\n{steps}\nCOPY main.py .\nCMD {argv}\n"
    for name, content in {**files, "main.py": program, "Dockerfile": text}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    answer = ask("check", str(folder), "--format", "json", *options)
    (image,) = json.loads(answer.out)["images"]
    return [(one["code"], one["module"], one["severity"]) for one in image["findings"]]


REQUESTS_YAML = "import requests\nimport yaml\n"
YAML_IS_MISSING = [("PAR201", "yaml", "error")]


@pytest.mark.parametrize(
    ("steps", "files", "expected"),
    [
        pytest.param(PIP, {"requirements.txt": "requests\n"}, YAML_IS_MISSING, id="requirements"),
        pytest.param(PIP, {"requirements.txt": "requests\nPyYAML>=6\n"}, [], id="another spelling"),
        pytest.param(
            PIP,
            {"requirements.txt": "requests\n", "requirements-dev.txt": "pyyaml\n"},
            [("PAR202", "yaml", "error")],
            id="in the developers' requirements",
        ),
        pytest.param(
            PIP,
            {"requirements.txt": "requests\nacme-sdk-of-nobody\n"},
            [("PAR201", "yaml", "warning")],
            id="something unknown may need it",
        ),
        pytest.param("RUN pip install requests", {}, YAML_IS_MISSING, id="by name"),
        pytest.param(
            "RUN pipx install poetry && pip install requests", {}, YAML_IS_MISSING, id="programs of pipx"
        ),
        pytest.param(
            "COPY base.in .\nRUN pip-compile -o requirements.txt base.in && pip-sync",
            {"base.in": "requests\n"},
            YAML_IS_MISSING,
            id="pip-tools",
        ),
        pytest.param(
            "COPY base.in .\nRUN uv pip compile base.in -o all.txt && uv pip sync --system all.txt",
            {"base.in": "requests\n"},
            YAML_IS_MISSING,
            id="uv pip compile",
        ),
        pytest.param(
            "ENV PATH=/venv/bin:$PATH\nRUN python -mvenv /venv && pip install requests",
            {},
            YAML_IS_MISSING,
            id="an environment",
        ),
        pytest.param(
            "ENV PATH=/venv/bin:$PATH\nRUN mkenv --at /venv\nRUN pip install requests pyyaml",
            {},
            [],
            id="an environment that another program makes",
        ),
        pytest.param(
            "COPY pyproject.toml .\nRUN pip install --group main",
            {"pyproject.toml": "[dependency-groups]\nmain = ['requests']\ndev = ['pyyaml']\n"},
            [("PAR202", "yaml", "error")],
            id="groups",
        ),
        pytest.param(
            "RUN pip install requests pyyaml && pip uninstall -y PyYAML", {}, YAML_IS_MISSING, id="uninstalled"
        ),
        pytest.param(
            "RUN pip install requests pyyaml && uv pip uninstall --system pyyaml",
            {},
            YAML_IS_MISSING,
            id="uninstalled by uv",
        ),
        pytest.param(
            "COPY pyproject.toml poetry.lock .\nRUN poetry config virtualenvs.create false && poetry add flask",
            {"pyproject.toml": POETRY.replace("pyyaml", "black"), "poetry.lock": POETRY_LOCK},
            YAML_IS_MISSING,
            id="poetry add",
        ),
        pytest.param(
            "COPY pyproject.toml poetry.lock .\nRUN poetry config virtualenvs.create false"
            " && poetry add -G x PyYAML@^6",
            {"pyproject.toml": POETRY.replace("pyyaml", "black"), "poetry.lock": POETRY_LOCK},
            [],
            id="poetry adds it",
        ),
        pytest.param(
            "COPY pyproject.toml .\nENV PATH=/app/.venv/bin:$PATH\nRUN uv add flask",
            {"pyproject.toml": "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['requests']\n"},
            YAML_IS_MISSING,
            id="uv add",
        ),
        pytest.param(
            "COPY pyproject.toml .\nENV PATH=/app/.venv/bin:$PATH\nRUN uv add --group x 'pyyaml>=6'",
            {"pyproject.toml": "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['requests']\n"},
            [],
            id="uv adds it",
        ),
        pytest.param(
            "COPY pyproject.toml .\nENV PATH=/app/.venv/bin:$PATH\nRUN uv add --no-sync pyyaml && uv sync",
            {"pyproject.toml": "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['requests']\n"},
            [],
            id="uv adds it to pyproject.toml",
        ),
        pytest.param(
            "ENV PATH=/app/.venv/bin:$PATH\nRUN uv init && uv add requests pyyaml",
            {},
            [],
            id="uv adds it to a new project",
        ),
        pytest.param(
            "COPY pyproject.toml pdm.lock .\nRUN pdm add -g flask",
            {"pyproject.toml": PDM.replace("pyyaml", "black"), "pdm.lock": PDM_LOCK},
            YAML_IS_MISSING,
            id="pdm add",
        ),
        pytest.param(
            "COPY pyproject.toml pdm.lock .\nRUN pdm add -g -dG x pyyaml",
            {"pyproject.toml": PDM.replace("pyyaml", "black"), "pdm.lock": PDM_LOCK},
            [],
            id="pdm adds it",
        ),
        pytest.param(
            "RUN pip install requests kubernetes && pip uninstall -y pyyaml",
            {},
            YAML_IS_MISSING,
            id="uninstalled, though something needs it",
        ),
        pytest.param(
            "RUN pip install requests && pip uninstall -y pyyaml && pip install kubernetes",
            {},
            [],
            id="uninstalled, and needed again",
        ),
        pytest.param(
            "RUN pip install requests pyyaml && (test -e /data/x && pip uninstall -y pyyaml || true)",
            {},
            [],
            id="perhaps uninstalled",
        ),
        pytest.param(
            "RUN pip install requests pyyaml && pip uninstall -y pyyaml && pip install requests pyyaml",
            {},
            [],
            id="uninstalled, and installed again",
        ),
        pytest.param(
            "RUN pip install requests pyyaml && pip uninstall -y pyyaml && python -m venv /venv --system-site-packages"
            "\nENV PATH=/venv/bin:$PATH\nRUN pip install pyyaml",
            {},
            [],
            id="uninstalled in another environment",
        ),
        pytest.param(
            "RUN pip install requests opencv-python PyYAML && pip uninstall -y opencv-python",
            {},
            [],
            id="another one is uninstalled",
        ),
        pytest.param("RUN pip install requests && make install", {}, [], id="make may install it"),
        pytest.param(
            f"{PIP}\nRUN python prepare.py", {"requirements.txt": "requests\n"}, YAML_IS_MISSING, id="a program hardly"
        ),
        pytest.param(
            "COPY requirements.txt .\nRUN pip wheel -r requirements.txt -w /wheels && pip install /wheels/*",
            {"requirements.txt": "requests\n"},
            YAML_IS_MISSING,
            id="wheels",
        ),
        pytest.param(
            "COPY pyproject.toml poetry.lock .\nRUN pip install poetry && poetry config virtualenvs.create false"
            " && poetry install --only main",
            {"pyproject.toml": POETRY, "poetry.lock": POETRY_LOCK},
            [("PAR202", "yaml", "error")],
            id="poetry --only main",
        ),
        pytest.param(
            "COPY pyproject.toml poetry.lock .\nRUN poetry config virtualenvs.create false && poetry install",
            {"pyproject.toml": POETRY, "poetry.lock": POETRY_LOCK},
            [],
            id="poetry",
        ),
        pytest.param(
            "COPY pyproject.toml poetry.lock .\nRUN poetry export -o requirements.txt\n"
            "RUN pip install -r requirements.txt",
            {"pyproject.toml": POETRY, "poetry.lock": POETRY_LOCK},
            [("PAR202", "yaml", "error")],
            id="poetry export",
        ),
        pytest.param(
            "COPY Pipfile Pipfile.lock .\nRUN pipenv install --system --deploy",
            {"Pipfile": "[packages]\nrequests = '*'\n[dev-packages]\npyyaml = '*'\n", "Pipfile.lock": PIPFILE_LOCK},
            [("PAR202", "yaml", "error")],
            id="pipenv",
        ),
        pytest.param(
            "COPY Pipfile Pipfile.lock .\nRUN pipenv install --system --deploy --dev",
            {"Pipfile": "[packages]\nrequests = '*'\n[dev-packages]\npyyaml = '*'\n", "Pipfile.lock": PIPFILE_LOCK},
            [],
            id="pipenv --dev",
        ),
        pytest.param(
            "COPY pyproject.toml pdm.lock .\nRUN pdm sync --prod -g",
            {"pyproject.toml": PDM, "pdm.lock": PDM_LOCK},
            [("PAR202", "yaml", "error")],
            id="pdm --prod",
        ),
        pytest.param(
            "COPY pyproject.toml .\nRUN pip install .",
            {"pyproject.toml": "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['requests']\n"
             "[project.optional-dependencies]\nformats = ['pyyaml']\n[tool.setuptools]\npy-modules = []\n"},
            [("PAR202", "yaml", "error")],
            id="an extra of the project",
        ),
        pytest.param(
            "COPY pyproject.toml .\nRUN pip install .[all]",
            {"pyproject.toml": "[project]\nname = 'My_Shop'\nversion = '1'\ndependencies = ['requests']\n"
             "[project.optional-dependencies]\nformats = ['pyyaml']\nall = ['my-shop[formats]']\n"
             "[tool.setuptools]\npy-modules = []\n"},
            [],
            id="an extra that names another one",
        ),
        pytest.param(
            "COPY setup.py .\nRUN pip install -e .[formats]",
            {"setup.py": "from setuptools import setup\nsetup(name='shop', install_requires=['requests'],"
             " extras_require={'formats': ['pyyaml']}, py_modules=[])\n"},
            [],
            id="an extra of setup.py",
        ),
        pytest.param(
            "COPY setup.py base.txt ./\nRUN pip install .",
            {"setup.py": "from setuptools import setup\nsetup(name='shop', py_modules=[],"
             " install_requires=open('base.txt').read().splitlines())\n", "base.txt": "requests\npyyaml\n"},
            [],
            id="setup.py computes them",
        ),
        pytest.param(
            "COPY pyproject.toml base.txt ./\nRUN pip install .",
            {"pyproject.toml": "[project]\nname = 'shop'\nversion = '1'\ndynamic = ['dependencies']\n"
             "[tool.setuptools]\npy-modules = []\n[tool.setuptools.dynamic]\ndependencies = {file = 'base.txt'}\n",
             "base.txt": "requests # for all\n"},
            YAML_IS_MISSING,
            id="in a file that pyproject.toml names",
        ),
        pytest.param(
            "COPY . .\nRUN pip install -r requirements/base.txt",
            {"requirements/base.txt": "-c constraints.txt\nrequests\n", "requirements/constraints.txt": "pyyaml==6\n"},
            YAML_IS_MISSING,
            id="a constraint installs nothing",
        ),
        pytest.param(
            "COPY pyproject.toml .\nRUN poetry export | pip install -r /dev/stdin",
            {"pyproject.toml": POETRY},
            [("PAR202", "yaml", "error")],
            id="from a pipe",
        ),
        pytest.param(
            "COPY pyproject.toml poetry.lock .\nRUN poetry export --with dev -f requirements.txt -o all.txt\n"
            "RUN pip install -r all.txt",
            {"pyproject.toml": POETRY, "poetry.lock": POETRY_LOCK},
            [],
            id="poetry export --with",
        ),
        pytest.param(
            "COPY pyproject.toml poetry.lock .\nRUN poetry export > r.txt && pip install -r r.txt",
            {"pyproject.toml": POETRY, "poetry.lock": POETRY_LOCK},
            [("PAR202", "yaml", "error")],
            id="poetry export, printed",
        ),
        pytest.param(
            "COPY pyproject.toml poetry.lock .\nRUN (poetry export; echo pyyaml) > r.txt && pip install -r r.txt",
            {"pyproject.toml": POETRY, "poetry.lock": POETRY_LOCK},
            [],
            id="poetry export, and something else",
        ),
        pytest.param(
            "COPY pyproject.toml poetry.lock .\nRUN poetry export | sed s,ce,ya, >r.txt && pip install -r r.txt",
            {"pyproject.toml": POETRY, "poetry.lock": POETRY_LOCK},
            [],
            id="poetry export, edited",
        ),
        pytest.param(
            "COPY requirements.txt .\nRUN cat requirements.txt | pip install -r /dev/stdin",
            {"requirements.txt": "requests\n"},
            YAML_IS_MISSING,
            id="a file through a pipe",
        ),
        pytest.param(
            "COPY pyproject.toml .\nRUN uv export --no-dev > r.txt\nRUN uv pip install --system -r r.txt",
            {"pyproject.toml": "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['requests']\n"
             "[dependency-groups]\ndev = ['pyyaml']\n"},
            [("PAR202", "yaml", "error")],
            id="uv export, printed",
        ),
        pytest.param(
            "COPY pyproject.toml .\nRUN uv export | tee r.txt && uv pip install --system -r r.txt",
            {"pyproject.toml": "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['requests']\n"
             "[dependency-groups]\ndev = ['pyyaml']\n"},
            [],
            id="uv export with groups",
        ),
        pytest.param(
            "COPY pyproject.toml pdm.lock .\nRUN pdm export --prod -f requirements -o r.txt && pip install -r r.txt",
            {"pyproject.toml": PDM, "pdm.lock": PDM_LOCK},
            [("PAR202", "yaml", "error")],
            id="pdm export",
        ),
        pytest.param(
            "COPY pyproject.toml pdm.lock .\nRUN pdm export > r.txt && pip install -r r.txt",
            {"pyproject.toml": PDM, "pdm.lock": PDM_LOCK},
            [],
            id="pdm export with groups",
        ),
        pytest.param(
            "COPY Pipfile Pipfile.lock .\nRUN pipenv requirements > r.txt && pip install -r r.txt",
            {"Pipfile": "[packages]\nrequests = '*'\n[dev-packages]\npyyaml = '*'\n", "Pipfile.lock": PIPFILE_LOCK},
            [("PAR202", "yaml", "error")],
            id="pipenv requirements",
        ),
        pytest.param(
            "COPY Pipfile Pipfile.lock .\nRUN pipenv requirements --dev > r.txt && pip install -r r.txt",
            {"Pipfile": "[packages]\nrequests = '*'\n[dev-packages]\npyyaml = '*'\n", "Pipfile.lock": PIPFILE_LOCK},
            [],
            id="pipenv requirements --dev",
        ),
        pytest.param(
            "COPY base.in .\nRUN uv pip compile base.in > r.txt && pip install -r r.txt",
            {"base.in": "requests\n"},
            YAML_IS_MISSING,
            id="uv pip compile, printed",
        ),
        pytest.param(
            "COPY pylock.toml .\nRUN uv pip install --system -r pylock.toml",
            {"pylock.toml": "lock-version = '1.0'\n[[packages]]\nname = 'requests'\nversion = '2.32.3'\n"},
            YAML_IS_MISSING,
            id="pylock.toml",
        ),
        pytest.param(
            "COPY pyproject.toml pdm.lock .\nENV PATH=/app/.venv/bin:$PATH\nRUN pdm install --check --prod",
            {"pyproject.toml": PDM, "pdm.lock": PDM_LOCK},
            [("PAR202", "yaml", "error")],
            id="pdm install --check",
        ),
        pytest.param(
            "COPY Pipfile .\nRUN pipenv install --system --skip-lock",
            {"Pipfile": "[packages]\nrequests = '*'\n[dev-packages]\npyyaml = '*'\n"},
            [("PAR202", "yaml", "error")],
            id="pipenv without a lock file",
        ),
    ],
)  # fmt: skip
def test_by_how_the_image_installs(
    tmp_path: Path, steps: str, files: Mapping[str, str], expected: list[tuple[str, str, str]]
) -> None:
    assert told(tmp_path, steps, REQUESTS_YAML, files) == expected


UV = "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['requests']\n[dependency-groups]\ndev = ['pyyaml']\n"
IN_DEV = [("PAR202", "yaml", "error")]


@pytest.mark.parametrize(
    ("steps", "files", "command", "expected"),
    [
        ("COPY pyproject.toml .", {"pyproject.toml": UV}, "uv run main.py", []),
        ("COPY pyproject.toml .", {"pyproject.toml": UV}, "uv run --no-dev main.py", IN_DEV),
        (
            "COPY pyproject.toml .\nRUN uv sync --no-dev",
            {"pyproject.toml": UV},
            "uv run --no-sync python main.py",
            IN_DEV,
        ),
        ("COPY pyproject.toml .\nRUN uv sync --no-dev", {"pyproject.toml": UV}, "tini -- uv run main.py", []),
        ("COPY pyproject.toml .", {"pyproject.toml": UV}, "uv run --no-dev --with pyyaml main.py", []),
        (
            "COPY pyproject.toml .\nRUN poetry install",
            {"pyproject.toml": POETRY},
            "poetry run python main.py",
            [],
        ),
        (
            "COPY pyproject.toml .\nRUN poetry install --only main",
            {"pyproject.toml": POETRY},
            "poetry run python main.py",
            IN_DEV,
        ),
        (
            "COPY Pipfile .\nRUN pipenv install --dev",
            {"Pipfile": "[packages]\nrequests = '*'\n[dev-packages]\npyyaml = '*'\n"},
            "pipenv run python main.py",
            [],
        ),
        (
            "COPY start.sh .\nRUN pip install requests",
            {"start.sh": "#!/bin/sh\npip install pyyaml\nexec python main.py\n"},
            "sh start.sh",
            [],
        ),
    ],
)
def test_what_the_start_command_installs(
    tmp_path: Path,
    steps: str,
    files: Mapping[str, str],
    command: str,
    expected: list[tuple[str, str, str]],
) -> None:
    assert told(tmp_path, steps, REQUESTS_YAML, files, command=command) == expected


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("try:\n    import yaml\nexcept ImportError:\n    yaml = None\n", []),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import yaml\n", []),
        ("def later():\n    import yaml\n", []),
        ("import os\nif os.environ.get('X') == os.getcwd():\n    import yaml\n", []),
        ("from google.cloud import storage\n", [("PAR201", "google.cloud", "error")]),
        ("import google.protobuf.message\n", []),
        ("import urllib3\n", []),
        ("import zebras_of_nobody\n", [("PAR104", "zebras_of_nobody", "error")]),
        ("import yaml.nodes\nfrom yaml import safe_load\n", [("PAR201", "yaml.nodes", "error")]),
    ],
)
def test_by_how_it_is_imported(tmp_path: Path, program: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(tmp_path, PIP, program, {"requirements.txt": "requests\nprotobuf\n"}) == expected


@pytest.mark.parametrize(
    ("installed", "program", "expected"),
    [
        ("requests", "import imp\nimport tomllib\n", [("PAR402", "imp", "error")]),
        ("requests", "import distutils.version\n", [("PAR402", "distutils.version", "error")]),
        ("setuptools", "import distutils.version\n", []),
        ("pandas==1.5.3", "import six\nimport pytz\n", []),
        ("django-cms python-logstash acme-of-nobody", "import cms\nimport logstash\nimport acme\n", []),
        ("openai-whisper", "import whisper\nimport torch\n", [("PAR201", "torch", "warning")]),
        (
            "opentelemetry-exporter-otlp-proto-http",
            "import opentelemetry.exporter.otlp.proto.grpc\n",
            [("PAR201", "opentelemetry.exporter.otlp.proto.grpc", "error")],
        ),
    ],
)
def test_by_what_is_known_of_distributions(
    tmp_path: Path, installed: str, program: str, expected: list[tuple[str, str, str]]
) -> None:
    assert told(tmp_path, f"RUN pip install {installed}", program, {}) == expected


FORKED = """\
version = 1

[[package]]
name = "shop"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "requests" }]

[[package]]
name = "requests"
version = "2.99"
source = { git = "https://example.org/requests?rev=1#1" }
"""


def test_what_comes_from_no_index_may_hold_other_modules(tmp_path: Path) -> None:
    program = "import requests\nimport requests_more\n"
    project = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["requests"]\n'
    steps = "COPY pyproject.toml uv.lock ./\nRUN uv sync --frozen\nENV PATH=/app/.venv/bin:$PATH"
    lock = FORKED.replace(
        'git = "https://example.org/requests?rev=1#1"', 'registry = "https://pypi.org/simple"'
    )
    locked = tmp_path / "locked"
    wanted = [("PAR104", "requests_more", "error")]
    assert told(locked, steps, program, {"pyproject.toml": project, "uv.lock": lock}) == wanted
    assert told(tmp_path / "fork", steps, program, {"pyproject.toml": project, "uv.lock": FORKED}) == []
    required = {"requirements.txt": "requests @ git+https://example.org/requests\n"}
    assert told(tmp_path / "pip", PIP, program, required) == []


@pytest.mark.parametrize(
    ("lines", "command", "expected"),
    [
        ("FROM python:3.12-slim", "python main.py", "3.12"),
        ("FROM debian:bookworm-slim\nRUN apt-get install -y python3", "python3 main.py", "3.11"),
        (
            "FROM nvidia/cuda:12.4.1-base-ubuntu22.04\nRUN apt-get install -y python3",
            "python3 main.py",
            "3.10",
        ),
        (
            "FROM nvidia/cuda:12.4.1-base-ubuntu22.04\nRUN apt-get install -y python3.12"
            " && update-alternatives --install /usr/bin/python3 python3 /usr/bin/python3.12 1",
            "python3 main.py",
            "3.12",
        ),
        ("FROM ubuntu:22.04\nRUN apt-get install -y python3.12", "python3.12 main.py", "3.12"),
        ("FROM ubuntu:22.04\nRUN uv venv --python 3.13 /opt/env", "/opt/env/bin/python main.py", "3.13"),
        ("FROM python:3.11\nENV PATH=/env/bin:$PATH\nRUN uv venv -p 3.13 /env", "python main.py", "3.13"),
        ("FROM alpine:3.20\nRUN apk add python3", "python3 main.py", "3.12"),
        (
            "FROM continuumio/miniconda3\nCOPY environment.yml .\nRUN conda env create -f environment.yml",
            "conda run -n shop python main.py",
            "3.12",
        ),
        ("FROM condaforge/miniforge3\nRUN conda install -y python=3.11 numpy", "python main.py", "3.11"),
        ("FROM continuumio/miniconda3", "python main.py", None),
    ],
)
def test_which_python_starts(tmp_path: Path, lines: str, command: str, expected: str | None) -> None:
    (tmp_path / "main.py").write_text("import json\n")
    (tmp_path / "environment.yml").write_text("name: shop\ndependencies:\n  - python=3.12\n")
    argv = json.dumps(command.split())
    (tmp_path / "Dockerfile").write_text(f"{lines}\nCOPY main.py .\nCMD {argv}\n")
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert image["python"] == expected


CONDA = """\
name: shop
channels: [conda-forge]
dependencies:
  - python=3.12
  - conda-forge::requests>=2
  - matplotlib-base=3.9
  - dask
  - pip
  - pip:
    - flask==3.1
"""
MINICONDA = "FROM continuumio/miniconda3\nWORKDIR /app\nCOPY environment.yml .\n"
IN_SHOP = "conda run -n shop python main.py"


@pytest.mark.parametrize(
    ("lines", "listed", "command", "expected"),
    [
        ("RUN conda env create -f environment.yml", CONDA, IN_SHOP, ["celery"]),
        ("RUN conda env create", CONDA, IN_SHOP, ["celery"]),
        (
            "RUN mamba env create -n other -f environment.yml",
            CONDA,
            "conda run -n other python main.py",
            ["celery"],
        ),
        (
            "RUN conda create -n shop python=3.12 requests matplotlib dask flask && conda install -n shop -y celery",
            "",
            IN_SHOP,
            [],
        ),
        ("RUN conda create -n shop python=3.12 requests matplotlib dask flask", "", IN_SHOP, ["celery"]),
        (
            "RUN conda env create -f environment.yml && conda run -n shop pip install celery",
            CONDA,
            IN_SHOP,
            [],
        ),
        (
            'SHELL ["/bin/bash", "-c"]\nRUN conda env create -f environment.yml && source activate shop'
            " && pip install celery",
            CONDA,
            IN_SHOP,
            [],
        ),
        (
            "RUN conda env create -f environment.yml\nRUN . /opt/conda/etc/profile.d/conda.sh && conda activate shop"
            " && pip install celery",
            CONDA,
            IN_SHOP,
            [],
        ),
        (
            'RUN conda env create -f environment.yml\nSHELL ["conda", "run", "-n", "shop", "/bin/bash", "-c"]\n'
            "RUN pip install celery",
            CONDA,
            IN_SHOP,
            [],
        ),
        (
            "COPY pyproject.toml .\nRUN conda env create -f environment.yml && conda run -n shop poetry install",
            CONDA,
            IN_SHOP,
            [],
        ),
        (
            "RUN conda env create -f environment.yml && pip install celery",
            CONDA,
            IN_SHOP,
            ["celery"],
        ),
        ("RUN conda env create -f environment.yml", CONDA.replace("- pip\n", "- anaconda\n"), IN_SHOP, []),
        (
            "COPY pyproject.toml .\nRUN conda env create -f environment.yml",
            CONDA.replace("flask==3.1", "-e .\n    - flask"),
            IN_SHOP,
            [],
        ),
        ("RUN conda env create -f environment.yml", CONDA.replace("dependencies", "packages"), IN_SHOP, []),
        ("RUN conda create -n shop --clone base", "", IN_SHOP, []),
        ("RUN conda env update -n base -f environment.yml", CONDA, "python main.py", []),
        ("RUN conda install -y requests", "", "python main.py", []),
        (
            "ENV PATH=/opt/conda/envs/shop/bin:$PATH\nRUN conda env create -f environment.yml",
            CONDA,
            "python main.py",
            ["celery"],
        ),
    ],
)
def test_what_conda_installs(
    tmp_path: Path, lines: str, listed: str, command: str, expected: list[str]
) -> None:
    imports = "import requests, matplotlib, numpy, pandas, flask, pip, setuptools, celery\n"
    (tmp_path / "main.py").write_text(imports)
    (tmp_path / "environment.yml").write_text(listed)
    (tmp_path / "pyproject.toml").write_text(POETRY.replace("requests", "celery"))
    argv = json.dumps(command.split())
    (tmp_path / "Dockerfile").write_text(f"{MINICONDA}{lines}\nCOPY main.py .\nCMD {argv}\n")
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    told = [(one["module"], one["severity"], one["confidence"]) for one in image["findings"]]
    assert told == [(name, "warning", "likely") for name in expected]


FREEZE = """\
blinker==1.7.0
click==8.1.7
flask==3.0.0
itsdangerous==2.1.2
jinja2==3.1.2
markupsafe==2.1.3
werkzeug==3.0.1
zebra-tools-of-nobody==1.0
"""


@pytest.mark.parametrize(
    ("listed", "program", "expected"),
    [
        ("flask==3.0.0\nzebra-tools-of-nobody==1.0\n", "import gnus", [("PAR104", "gnus", "warning")]),
        ("flask==3.0.0\nzebra-tools-of-nobody==1.0\n", "import zebra_stripes", []),
        ("flask==3.0.0\nzebra-tools-of-nobody==1.0\n", "import yaml", [("PAR201", "yaml", "warning")]),
        (FREEZE, "import gnus", [("PAR104", "gnus", "error")]),
        ("flask\nflask-zebra-of-nobody\n", "import flask_gnus", [("PAR104", "flask_gnus", "warning")]),
        ("flask\nflask-zebra-of-nobody\n", "import flask_zebra", []),
        (FREEZE, "import zebra_stripes", []),
        (FREEZE, "import yaml", [("PAR201", "yaml", "error")]),
        ("flask\ngit+https://x.example/y.git\n", "import gnus", []),
    ],
)
def test_distributions_of_which_nobody_knows_anything(
    tmp_path: Path, listed: str, program: str, expected: list[tuple[str, str, str]]
) -> None:
    """They may need what is imported, unless the file lists everything; what they hold is like their name."""
    assert told(tmp_path, PIP, f"{program}\n", {"requirements.txt": listed}) == expected


LITERALS = """\
from fastapi import FastAPI, Form
URL = "postgresql+psycopg://shop@db/shop"
# "mysql+aiomysql://shop@db/shop"
EmailStr = str
ENGINE = "django.db.backends.mysql"
BROKER_URL = "redis://queue"
class Customer:
    mail: EmailStr
def order(name: str = Form()): ...
def serve(run): run(loop="uvloop")
"""


def test_lines_may_be_added_to_what_a_tool_listed(tmp_path: Path) -> None:
    text = "# This file is autogenerated by pip-compile with Python 3.12\nflask==3.1.0\nrequests==2.32.3\n"
    program = "import requests\nimport urllib3\nimport yaml\n"
    assert told(tmp_path, PIP, program, {"requirements.txt": text}) == YAML_IS_MISSING


def test_what_a_literal_asks_for(tmp_path: Path) -> None:
    found = told(tmp_path, "RUN pip install fastapi", LITERALS, {})
    at_once, later = ("python_multipart", "email_validator"), ("psycopg", "MySQLdb", "redis", "uvloop")
    assert found == [
        *(("PAR201", name, "error") for name in at_once),
        *(("PAR201", name, "info") for name in later),
    ]
    rest = "fastapi[standard] psycopg[binary] mysqlclient celery[redis] uvicorn[standard] pydantic[email]"
    assert told(tmp_path, f"RUN pip install {rest}", LITERALS, {}) == []
    assert told(tmp_path, "RUN pip install fastapi acme-of-nobody", LITERALS, {}) == []


@pytest.mark.parametrize(
    ("base", "program", "command", "expected"),
    [
        (
            "public.ecr.aws/lambda/python:3.12",
            "import boto3\nimport botocore\nimport yaml\n",
            "main.main",
            ["yaml"],
        ),
        ("continuumio/miniconda3", "import requests\nimport yaml\n", "python main.py", []),
        ("mcr.microsoft.com/devcontainers/python:3.12", "import requests\n", "python main.py", []),
    ],
)
def test_what_the_base_image_brings(
    tmp_path: Path, base: str, program: str, command: str, expected: list[str]
) -> None:
    (tmp_path / "main.py").write_text(f"{program}def main(event, context): ...\n")
    (tmp_path / "Dockerfile").write_text(f"FROM {base}\nCOPY main.py ./\nCMD {json.dumps(command.split())}\n")
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert [one["module"] for one in image["findings"]] == expected


def test_a_server_that_is_not_installed(tmp_path: Path) -> None:
    files = {"requirements.txt": "flask\n"}
    program = "import flask\napp = flask.Flask('shop')\n"
    found = told(tmp_path, PIP, program, files, command="gunicorn main:app")
    assert found == [("PAR602", "gunicorn", "error")]


def test_the_configuration_says_whose_module_it_is(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "acme-sdk\nrequests\n",
        "parity.toml": 'imports = { acme = "acme-sdk", "acme_extra" = "acme-extra" }\n',
    }
    assert told(tmp_path, PIP, "import acme\nimport acme_extra\n", files) == [
        ("PAR201", "acme_extra", "warning")
    ]


def test_an_environment_makes_it_certain(tmp_path: Path) -> None:
    site = "dev/lib/python3.12/site-packages"
    text = "requests==2.32.3 --hash=sha256:00\n"
    files = {"requirements.txt": text, "dev/pyvenv.cfg": "home = /usr/bin\n"}
    for name, version, module in (("requests", "2.32.3", "requests"), ("acme_sdk", "1.0", "acme")):
        info = f"{site}/{name}-{version}.dist-info"
        files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        files[f"{info}/RECORD"] = f"{module}/__init__.py,,\n"
    options = ("--python-environment", str(tmp_path / "dev"))
    assert told(tmp_path, PIP, "import requests\nimport acme\n", files, *options) == [
        ("PAR201", "acme", "error")
    ]
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json", *options).out)["images"]
    assert image["findings"][0]["confidence"] == "certain"


def test_an_environment_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python:3.12-slim\n")
    answer = ask("check", str(tmp_path), "--python-environment", str(tmp_path / "dev"))
    assert answer.status == 2
    assert "is not a virtual environment" in answer.err
    assert "pyvenv.cfg" in answer.err
