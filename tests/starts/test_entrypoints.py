"""Which files and modules a start command makes Python load, as read from the programs' own sources."""

from __future__ import annotations

import pytest

from parity.model.command import Command
from parity.starts.recognise import recognise
from parity.startup.entrypoint import Entrypoint, ExecuteFile, ImportModule, Step
from parity.tree.memory import MemoryTree
from tests.support.building import overlay

DAG = "from airflow import DAG\n"


def started(line: str, files: dict[str, str], **variables: str) -> Entrypoint | None:
    found = recognise(Command(tuple(line.split()), variables, "/app"), overlay(MemoryTree(files))).entrypoints
    return found[0] if found else None


@pytest.mark.parametrize(
    ("line", "files", "steps", "path"),
    [
        ("locust", {"app/locustfile.py": ""}, ["/app/locustfile.py"], ("/app",)),
        (
            "locust -f load/a.py --headless -u 5",
            {"app/load/a.py": ""},
            ["/app/load/a.py"],
            ("/app/load", "/app"),
        ),
        ("python -m locust -f a.py", {"app/a.py": ""}, ["/app/a.py"], ("/app",)),
        (
            "locust --locustfile=a.py,load",
            {"app/a.py": "", "app/load/b.py": "", "app/load/_c.py": "", "app/load/d/e.py": ""},
            ["/app/a.py", "/app/load/b.py", "/app/load/d/e.py"],
            ("/app/load/d", "/app/load", "/app"),
        ),
        ("locust", {"app/locust.conf": "users = 5\nlocustfile = b.py\n"}, ["/app/b.py"], ("/app",)),
        (
            "locust",
            {"app/pyproject.toml": '[tool.locust]\nlocustfile = "b.py"\n[tool.x]\n'},
            ["/app/b.py"],
            ("/app",),
        ),
    ],
)
def test_locust_executes_its_files(
    line: str, files: dict[str, str], steps: list[str], path: tuple[str, ...]
) -> None:
    entry = started(line, files)
    assert entry is not None
    assert entry.steps == tuple(map(ExecuteFile, steps))
    assert entry.search_path == path


def test_locust_gets_its_file_from_the_master() -> None:
    assert started("locust -f - --worker", {"app/locustfile.py": ""}) is None


DAGS = {
    "air/dags/one.py": DAG,
    "air/dags/deep/two.py": DAG,
    "air/dags/old/three.py": DAG,
    "air/dags/common.py": "import json\n",
    "air/dags/.airflowignore": "# not any more\nold\n",
}
TWO = ExecuteFile("/air/dags/deep/two.py")
LOGGING = {"AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS": "log_config.LOGGING"}
SETTINGS = ImportModule("airflow_local_settings", optional=True)


@pytest.mark.parametrize(
    ("line", "variables", "steps", "fatal"),
    [
        ("airflow scheduler", {}, [ExecuteFile("/air/dags/one.py"), TWO], False),
        ("airflow standalone", {"AIRFLOW__CORE__DAGS_FOLDER": "/air/dags/deep"}, [TWO], False),
        ("airflow webserver", {}, [], True),
        ("airflow worker", LOGGING, [ImportModule("log_config")], True),
    ],
)
def test_airflow_executes_the_files_with_dags(
    line: str, variables: dict[str, str], steps: list[Step], fatal: bool
) -> None:
    entry = started(line, DAGS, AIRFLOW_HOME="/air", **variables)
    assert entry is not None
    assert entry.steps == (SETTINGS, *steps)
    assert entry.command.fatal is fatal
    folder = variables.get("AIRFLOW__CORE__DAGS_FOLDER", "/air/dags")
    assert dict(entry.environment)["PYTHONPATH"] == f"{folder}:/air/config:/air/plugins"
