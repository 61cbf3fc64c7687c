"""What is said to be installed is what poetry, pdm and pipenv install, and pip into another folder."""

from __future__ import annotations

import functools
import subprocess
import sys
import threading
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.installers.test_installed_set import said_missing
from tests.support.indexed import MODULES, WHEELS, developers_environment, run, write_wheels

pytestmark = pytest.mark.installs
POETRY = """\
[tool.poetry]
name = "shop"
version = "1.0"
package-mode = false
[tool.poetry.dependencies]
python = ">=3.9,<4"
beta = "*"
gamma-tools = {version = "*", optional = true}
[tool.poetry.group.dev.dependencies]
theta = "*"
[tool.poetry.group.docs]
optional = true
[tool.poetry.group.docs.dependencies]
zeta = "*"
[tool.poetry.extras]
quick = ["gamma-tools"]
[[tool.poetry.source]]
name = "here"
url = "INDEX"
"""
PDM = """\
[project]
name = "shop"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["beta", "old; python_version < '3'"]
[project.optional-dependencies]
quick = ["alpha[fast]"]
[dependency-groups]
dev = ["theta"]
more = ["zeta"]
[tool.pdm]
distribution = false
[[tool.pdm.source]]
name = "pypi"
url = "INDEX"
verify_ssl = false
"""
PIPFILE = """\
[[source]]
name = "here"
url = "INDEX"
verify_ssl = false
[packages]
alpha = {version = "*", extras = ["fast"]}
[dev-packages]
zeta = "*"
[docs]
theta = "*"
"""
WANTED = {
    "poetry": ["poetry==2.5.1"],
    # newer ones take libraries that have changed since
    "pdm": ["pdm==2.22.4", "hishel==0.0.33", "unearth==0.17.5"],
    "pipenv": ["pipenv==2026.10.3"],
}


@dataclass(frozen=True)
class Tool:
    """`lock`: the command that locks; `settings`: variables of the image."""

    manifest: str
    text: str
    lock: str
    lock_file: str
    settings: str = ""


TOOLS = {
    "poetry": Tool("pyproject.toml", POETRY, "poetry lock", "poetry.lock", "POETRY_VIRTUALENVS_IN_PROJECT=1"),
    "pdm": Tool("pyproject.toml", PDM, "pdm lock -G :all", "pdm.lock", "PDM_CHECK_UPDATE=0"),
    "pipenv": Tool("Pipfile", PIPFILE, "pipenv lock", "Pipfile.lock", "PIPENV_VENV_IN_PROJECT=1"),
}
COMMANDS = [
    *("poetry install --only main", "poetry install", "poetry install --without dev --with docs"),
    *(
        "poetry sync --only main --extras quick",
        "poetry install --only dev,docs",
        "poetry install --all-groups",
    ),
    *("pdm sync --prod", "pdm install", "pdm sync --prod -G quick", "pdm sync -G more --without dev"),
    *("pdm install --no-default -G more", "pdm sync -G :all"),
    *("pipenv sync", "pipenv install --deploy", "pipenv sync --dev", "pipenv sync --categories docs"),
]


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The programs. Each has an environment of its own."""
    found = {}
    for name, wanted in WANTED.items():
        folder = tmp_path_factory.mktemp(name)
        venv.create(folder, with_pip=True)
        pip = [folder / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        done = subprocess.run([*pip, *wanted], capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"{name} cannot be had: {done.stderr[-200:]}")
        found[name] = str(folder / "bin" / name)
    return found


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With an index beside them, a folder for each name."""
    folder = tmp_path_factory.mktemp("wheels")
    write_wheels(folder)
    for wheel in WHEELS:
        page = folder / "simple" / wheel.name / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(
            f'<!doctype html><html><body><a href="../../{wheel.file}">{wheel.file}</a></body></html>'
        )
    return folder


@pytest.fixture(scope="module")
def index(wheels: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(wheels))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/simple/"
        server.shutdown()


def importable(python: Path, folder: Path | None = None) -> set[str]:
    code = "import importlib, sys\nsys.path[:0] = sys.argv[2:]\nimportlib.import_module(sys.argv[1])"
    more = [str(folder)] if folder else []
    return {
        module
        for module in MODULES
        if not subprocess.run([python, "-I", "-c", code, module, *more], capture_output=True).returncode
    }


def lay_out(project: Path, files: dict[str, str], lines: list[str]) -> None:
    project.mkdir(exist_ok=True)
    text = ["FROM python:3.12-slim", "WORKDIR /app", "COPY . .", *lines, 'CMD ["python", "app.py"]\n']
    for name, content in {**files, "Dockerfile": "\n".join(text), ".dockerignore": ".venv\n"}.items():
        (project / name).write_text(content)
    (project / "app.py").write_text("".join(f"import {module}\n" for module in MODULES))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_tool(command: str, tmp_path: Path, tools: dict[str, str], wheels: Path, index: str) -> None:
    name, *arguments = command.split()
    tool, project = TOOLS[name], tmp_path / "project"
    lines = [
        f"ENV {tool.settings}",
        f"RUN pip install {name}",
        f"RUN {command}",
        'ENV PATH="/app/.venv/bin:$PATH"',
    ]
    lay_out(project, {tool.manifest: tool.text.replace("INDEX", index)}, lines)
    key, _, value = tool.settings.partition("=")
    settings = {key: value, "HOME": str(tmp_path), "VIRTUAL_ENV": "", "PIPENV_IGNORE_VIRTUALENVS": "1"}
    settings |= {"PIP_INDEX_URL": index, "PIPENV_PYTHON": sys.executable, "PDM_IGNORE_ACTIVE_VENV": "1"}
    lock, *options = tool.lock.split()
    run([tools[lock], *options], project, settings)
    assert (project / tool.lock_file).exists()
    if (project / ".venv").exists():
        (project / ".venv").rename(tmp_path / "of-the-lock")
    developers_environment(project / ".venv", wheels)
    said = said_missing(project)
    (project / ".venv").rename(tmp_path / "put-away")
    run([tools[name], *arguments], project, settings)
    assert set(MODULES) - set(said) == importable(project / ".venv/bin/python")


@pytest.mark.parametrize(
    ("command", "folder"),
    [
        ("pip install --target packages alpha[fast]", "packages"),
        ("pip install --target=packages -r requirements.txt", "packages"),
        ("pip install --prefix out -r requirements.txt -c limits.txt", "out/lib/python{}/site-packages"),
        ("pip install --root other --prefix /usr theta", "other/usr/lib/python{}/site-packages"),
    ],
)
def test_another_folder(command: str, folder: str, tmp_path: Path, wheels: Path) -> None:
    project = tmp_path / "project"
    own = "{}.{}".format(*sys.version_info)
    files = {"requirements.txt": "theta\nzeta; python_version < '3'\n", "limits.txt": "alpha<2\neta==9\n"}
    lines = [f"RUN {command}", f"ENV PYTHONPATH=/app/{folder.format('3.12')}"]
    lay_out(project, files, lines)
    developers_environment(project / ".venv", wheels)
    said = said_missing(project)
    name, *arguments = command.split()
    settings = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    run([sys.executable, "-m", name, *arguments], project, settings)
    assert set(MODULES) - set(said) == importable(Path(sys.executable), project / folder.format(own))
