"""A package that a step may have installed: nothing below it is missing for certain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ask
from tests.support.checked import told

PROJECT = """\
[project]
name = "shop"
version = "1"
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""


@pytest.mark.parametrize("package", ["", "shop/__init__.py"])
@pytest.mark.parametrize("build", ["poetry build", "uv build", "python -m build"])
@pytest.mark.parametrize(
    "start", ["uvicorn shop.core.main:app", "python -m shop.core.main", "python -c 'import shop.core.main'"]
)
def test_an_archive_that_is_built_in_another_stage(
    tmp_path: Path, package: str, build: str, start: str
) -> None:
    files = {
        "pyproject.toml": PROJECT,
        "shop/core/__init__.py": "",
        "shop/core/main.py": "from pathlib import Path\nimport shop.core.more\nfrom shop.core import data\n"
        "app = (Path(__file__).parent / 'a.txt').read_text()\n",
        "shop/core/more.py": "",
        "shop/core/data/__init__.py": "",
        "shop/core/a.txt": "",
        "Dockerfile": f"FROM python:3.12-slim AS build\nWORKDIR /src\nCOPY . .\nRUN python -m venv /env && {build}"
        " && /env/bin/pip install dist/*.whl uvicorn\nFROM python:3.12-slim\nWORKDIR /app\n"
        f"COPY --from=build /env /env\nENV PATH=/env/bin:$PATH\nCMD {start}\n",
    }
    if package:
        files[package] = ""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert image["findings"] == []
    assert sum("whether shop" in one["reason"] for one in image["unknowns"]) <= 1


@pytest.mark.parametrize("program", ["gunicorn", "/app/.local/bin/gunicorn"])
def test_programs_of_the_users_folder(tmp_path: Path, program: str) -> None:
    """No interpreter stands beside them: what pip installed for the user is on that of the base image."""
    lines = ["FROM python:3.12", "RUN useradd --create-home --home-dir /app app", "WORKDIR /app", "USER app"]
    lines += [
        "COPY . .",
        "RUN pip install flask gunicorn",
        "RUN python prepare.py",
        f'CMD ["{program}", "main:app"]\n',
    ]
    (tmp_path / "Dockerfile").write_text("\n".join(lines))
    (tmp_path / "main.py").write_text("import flask, yaml\napp = flask.Flask('shop')\n")
    (tmp_path / "prepare.py").write_text("import json\n")
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert [(one["code"], one["module"]) for one in image["findings"]] == [("PAR201", "yaml")]


def test_a_folder_of_the_search_path_that_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "plugins/shop/core").mkdir(parents=True)
    for name in ("", "core/"):
        (tmp_path / f"plugins/shop/{name}__init__.py").write_text("")
    (tmp_path / "main.py").write_text(
        "import os, sys\nsys.path.append(os.environ['PLUGINS'])\nimport shop.core\n"
    )
    text = "FROM python:3.12-slim\nWORKDIR /app\nCOPY main.py .\nCMD python main.py\n"
    (tmp_path / "Dockerfile").write_text(text)
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert [one for one in image["findings"] if one["confidence"] == "certain"] == []


@pytest.mark.parametrize(
    ("lines", "command", "expected"),
    [
        (
            "COPY --from=build /src/__pypackages__/3.12/lib /lib-of-shop\nENV PYTHONPATH=/lib-of-shop",
            "python main.py",
            ["yaml"],
        ),
        (
            "COPY --from=build /src /src\nWORKDIR /src\nRUN pip install pdm",
            "pdm run python /app/main.py",
            ["yaml"],
        ),
        ("COPY --from=build /src /src", "python main.py", ["requests", "yaml"]),
    ],
)
def test_packages_of_pdm_beside_the_project(
    tmp_path: Path, lines: str, command: str, expected: list[str]
) -> None:
    """PEP 582: where there is a folder `__pypackages__`, pdm makes no virtual environment."""
    (tmp_path / "main.py").write_text("import requests\nimport yaml\n")
    (tmp_path / "pyproject.toml").write_text(
        "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['requests']\n"
    )
    (tmp_path / "pdm.lock").write_text(
        '[[package]]\nname = "requests"\nversion = "2.32.3"\ngroups = ["default"]\n'
    )
    (tmp_path / "Dockerfile").write_text(
        "FROM python:3.12-slim AS build\nRUN pip install pdm\nWORKDIR /src\nCOPY pyproject.toml pdm.lock ./\n"
        "RUN mkdir __pypackages__ && pdm sync --prod --no-editable --no-self\n"
        f"FROM python:3.12-slim\nWORKDIR /app\nCOPY main.py .\n{lines}\nCMD {json.dumps(command.split())}\n"
    )
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert [one["module"] for one in image["findings"]] == expected


START = 'COPY . .\nCMD ["python", "main.py"]\n'


@pytest.mark.parametrize(
    "steps",
    [
        "FROM python:3.12-slim\nWORKDIR /app\nRUN pip install flask\nRUN flask translate compile\n",
        "FROM python:slim\nWORKDIR /app\nRUN pip install flask\n",
        "FROM python:3.12-slim\nWORKDIR /app\nRUN pip install flask\nRUN shop install-ui\n",
        "FROM python:3.12\nWORKDIR /app\nCOPY models.py .\nRUN pip install flask\nRUN python models.py --install\n",
        "FROM python:3.12-slim\nWORKDIR /app\nRUN pip install flask && rm -rf $(pip cache dir)\n",
        "FROM python:3.12-slim\nRUN pip install flask && shrink --size 0 /var/log/*log\nWORKDIR /app\n",
        "FROM python:3.12-slim\nRUN pip install flask && poetry --version apt clean\nWORKDIR /app\n",
    ],
    ids=[
        "a framework's command",
        "a floating tag",
        "assets",
        "a script of the checkout",
        "a removal",
        "a pattern",
        "a version",
    ],
)
def test_no_step_that_installs_packages_is_behind_it(tmp_path: Path, steps: str) -> None:
    (tmp_path / "main.py").write_text("import flask, yaml\n")
    (tmp_path / "models.py").write_text(
        "import urllib.request\nurllib.request.urlretrieve('https://x.example/m', 'm')\n"
    )
    (tmp_path / "Dockerfile").write_text(steps + START)
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert [(one["code"], one["module"], one["severity"]) for one in image["findings"]] == [
        ("PAR201", "yaml", "error")
    ]


@pytest.mark.parametrize(
    "step",
    ["python fetch.py", "make install", "curl -sSL https://x.example/install.sh | sh"],
)
def test_a_step_that_may_install_packages_is_behind_it(tmp_path: Path, step: str) -> None:
    (tmp_path / "main.py").write_text("import flask, yaml\n")
    (tmp_path / "fetch.py").write_text("import subprocess\nsubprocess.run(['pip', 'install', 'pyyaml'])\n")
    lines = f"FROM python:3.12-slim\nWORKDIR /app\nCOPY fetch.py .\nRUN pip install flask\nRUN {step}\n"
    (tmp_path / "Dockerfile").write_text(lines + START)
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert image["findings"] == []


@pytest.mark.parametrize(("options", "missing"), [("", []), ("--no-deps ", ["pydantic"])])
def test_archives_of_packages_are_installed_with_what_they_need(
    tmp_path: Path, options: str, missing: list[str]
) -> None:
    (tmp_path / "requirements.txt").write_text("fastapi==0.109.0\n")
    (tmp_path / "main.py").write_text("import fastapi, pydantic\n")
    (tmp_path / "Dockerfile").write_text(
        "FROM python:3.12 AS build\nCOPY requirements.txt .\n"
        "RUN pip wheel --no-deps --wheel-dir /wheels -r requirements.txt\n"
        f"FROM python:3.12-slim\nCOPY --from=build /wheels /wheels\nRUN pip install {options}/wheels/*\n"
        + START
    )
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert [one["module"] for one in image["findings"]] == missing


def test_a_folder_named_like_an_installed_distribution(tmp_path: Path) -> None:
    """CPython: the package further on the search path wins over a folder without __init__.py."""
    (tmp_path / "alembic/versions").mkdir(parents=True)
    (tmp_path / "alembic/env.py").write_text("")
    (tmp_path / "main.py").write_text("import alembic.command\nfrom alembic.config import Config\n")
    lines = "FROM python:3.12-slim\nWORKDIR /app\nRUN pip install alembic\n" + START.replace(
        "CMD", "RUN gen\nCMD"
    )
    (tmp_path / "Dockerfile").write_text(lines)
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert [cost for one in image["unknowns"] for cost in one["costs"]] == []


def test_what_a_user_may_have_installed_at_the_start_is_not_counted_on(tmp_path: Path) -> None:
    (tmp_path / "run.sh").write_text('if [ -n "$EXTRA" ]; then pip install $EXTRA; fi\nexec python main.py\n')
    (tmp_path / "main.py").write_text("import yaml\n")
    lines = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["sh", "run.sh"]\n'
    (tmp_path / "Dockerfile").write_text(lines)
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert [(one["code"], one["severity"]) for one in image["findings"]] == [("PAR201", "error")]


@pytest.mark.parametrize(
    "step", ["python gen.py", "datamodel-codegen --output made.py", "git clone https://x.example/y ."]
)
def test_a_module_that_a_step_may_have_made_beside_installed_packages(tmp_path: Path, step: str) -> None:
    (tmp_path / "main.py").write_text("import made\n")
    (tmp_path / "gen.py").write_text("open('made.py', 'w').write(input())\n")
    lines = (
        f"FROM python:3.12\nWORKDIR /app\nRUN pip install flask\nCOPY . .\nRUN {step}\n"
        + 'CMD ["python", "main.py"]\n'
    )
    (tmp_path / "Dockerfile").write_text(lines)
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    costs = [cost for one in image["unknowns"] for cost in one["costs"]]
    assert (image["findings"], costs) == ([], ["made"])


def test_a_module_that_is_like_an_installed_distribution(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import nobodys_tool\n")
    lines = (
        "FROM python:3.12\nWORKDIR /app\nRUN pip install django-nobodys-tool\nCOPY . .\nRUN python gen.py\n"
    )
    (tmp_path / "gen.py").write_text("open('made.py', 'w').write(input())\n")
    (tmp_path / "Dockerfile").write_text(lines + 'CMD ["python", "main.py"]\n')
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert [cost for one in image["unknowns"] for cost in one["costs"]] == []


@pytest.mark.parametrize(
    ("asked", "blamed"),
    [
        ("flask-secrets", "it is not known which modules flask-secrets brings"),
        ("https://x.example/v1.zip", "it is not known which modules a package without a name brings"),
    ],
)
def test_a_module_that_an_installed_distribution_may_bring_is_not_checked(
    tmp_path: Path, asked: str, blamed: str
) -> None:
    (tmp_path / "main.py").write_text("import flask\nimport nobodys_secrets\n")
    (tmp_path / "requirements.txt").write_text(f"flask\n{asked}\n")
    (tmp_path / "Dockerfile").write_text(
        "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
        'CMD ["python", "main.py"]\n'
    )
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    unchecked = [(one["reason"], one["costs"]) for one in image["unknowns"] if one["costs"]]
    assert (image["findings"], unchecked) == ([], [(blamed, ["nobodys_secrets"])])
    assert image["checked"] == {
        "modules": 1,
        "modules_open": 0,
        "distributions": 2,
        "distributions_open": 1,
    }


def test_an_environment_that_a_tool_in_another_environment_makes(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.poetry]\nname = 'shop'\n[tool.poetry.dependencies]\nflask = '*'\n"
    )
    (tmp_path / "main.py").write_text("import flask, yaml\n")
    (tmp_path / "Dockerfile").write_text(
        "FROM python:3.12-slim AS build\nRUN python -m venv /opt/poetry && /opt/poetry/bin/pip install poetry\n"
        'ENV POETRY_VIRTUALENVS_IN_PROJECT=true PATH="/opt/poetry/bin:$PATH"\nWORKDIR /app\nCOPY pyproject.toml .\n'
        "RUN poetry install --no-root\nFROM python:3.12-slim\nWORKDIR /app\n"
        'ENV PATH="/app/.venv/bin:$PATH"\nCOPY --from=build /app/.venv /app/.venv\n' + START
    )
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert [(one["code"], one["module"]) for one in image["findings"]] == [("PAR201", "yaml")]


def test_variables_of_a_file_that_nobody_knows_hide_no_missing_package(tmp_path: Path) -> None:
    """It may set PYTHONPATH, so that this is likely only; a good engineer bets that it sets passwords."""
    files = {
        "Dockerfile": (
            'FROM python:3.12-slim\nWORKDIR /app\nRUN pip install flask\nCOPY . .\nENTRYPOINT ["sh", "start.sh"]\n'
        ),
        "start.sh": "set -a; . /run/secrets/env; set +a\nexec python main.py\n",
        "main.py": "import flask\nimport redis\nimport gone\n",
    }
    assert [one.split()[:2] for one in told(tmp_path, files)] == [["error", "PAR104"], ["error", "PAR201"]]
