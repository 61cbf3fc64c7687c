"""What the workers of task queues and the Flask command import; the real ones are asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import lay_out, told
from tests.support.frameworks import run

START = (
    "FROM python:3.12-slim\nWORKDIR /app\nRUN pip install celery arq flask gunicorn django\nCOPY . .\n{}\n"
)
CELERY = {
    "worker.py": (
        "from celery import Celery\n\napp = Celery('worker', broker='memory://', include=['mail.jobs'])\n"
        "app.config_from_object('settings')\napp.autodiscover_tasks(['crm'])\n"
    ),
    "settings.py": "imports = ['bills']\n",
    "bills.py": "import money\n",
    "money.py": "",
    "mail/__init__.py": "",
    "mail/jobs.py": "",
    "crm/__init__.py": "",
    "crm/tasks.py": "import clients\n",
    "clients.py": "",
}
INCLUDED = {
    "settings.py": "error PAR101 start settings at worker.py:4",
    "bills.py": "error PAR101 start bills at settings.py:1",
    "money.py": "error PAR101 start money at bills.py:1",
    "mail/jobs.py": "error PAR101 start mail.jobs at worker.py:3",
}
DISCOVERED = {
    "clients.py": "error PAR101 start clients at crm/tasks.py:1",
    "crm": "error PAR101 start crm at worker.py:5",
}
WORKER = "CMD celery -A worker worker"
ON_PATH = f"ENV PYTHONPATH=/app\n{WORKER}"


@pytest.mark.parametrize("start", [ON_PATH, "CMD python -m celery -A worker worker"])
@pytest.mark.parametrize(("path", "expected"), [*INCLUDED.items(), *DISCOVERED.items()])
def test_a_worker_imports_its_tasks(tmp_path: Path, start: str, path: str, expected: str) -> None:
    files = {**CELERY, "Dockerfile": START.format(start)}
    assert told(tmp_path, files) == []
    assert told(tmp_path, {".dockerignore": f"{path}\n"}) == [expected]


def test_a_package_without_its_tasks(tmp_path: Path) -> None:
    files = {**CELERY, "Dockerfile": START.format(ON_PATH), ".dockerignore": "crm/tasks.py\n"}
    assert told(tmp_path, files) == ["error PAR101 task crm.tasks at worker.py:5"]


def test_tasks_are_looked_for_without_the_working_directory(tmp_path: Path) -> None:
    files = {**CELERY, "Dockerfile": START.format(WORKER)}
    assert told(tmp_path, files) == [
        "error PAR101 start crm at worker.py:5",
        "error PAR101 start clients at crm/tasks.py:1",
    ]


def test_a_celery_worker_sets_django_up(tmp_path: Path) -> None:
    files = {
        "web/__init__.py": "from .celery import app\n",
        "web/celery.py": (
            "import os\n\nfrom celery import Celery\n\n"
            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'web.settings')\n"
            "app = Celery('web')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n"
            "app.autodiscover_tasks()\n"
        ),
        "web/settings.py": "INSTALLED_APPS = ['shop.apps.ShopConfig']\n",
        "shop/__init__.py": "",
        "shop/apps.py": "from django.apps import AppConfig\n\n\nclass ShopConfig(AppConfig):\n    name = 'shop'\n",
        "shop/models.py": "import shop.prices\n",
        "shop/tasks.py": "import shop.mail\n",
        "shop/prices.py": "",
        "shop/mail.py": "",
        "Dockerfile": START.format("CMD celery -A web worker"),
    }
    assert told(tmp_path, files) == []
    assert told(tmp_path, {".dockerignore": "shop/mail.py\n"}) == [
        "error PAR101 start shop.mail at shop/tasks.py:1"
    ]
    assert told(tmp_path, {".dockerignore": "shop/prices.py\n"}) == [
        "error PAR101 start shop.prices at shop/models.py:1"
    ]


LOAD = "import sys; sys.argv = ['celery', '-A', 'worker', 'worker', '--pool', 'solo']\n"
LOAD += "sys.path.remove('')\nfrom celery.bin.celery import celery\n"
LOAD += "from celery.signals import worker_ready\nimport os\n"
LOAD += "worker_ready.connect(lambda **_: os._exit(0), weak=False)\ncelery()\n"


@pytest.mark.framework
@pytest.mark.parametrize("path", ["", *INCLUDED, *DISCOVERED])
@pytest.mark.parametrize("on_path", [True, False])
def test_celery_does_the_same(tmp_path: Path, path: str, on_path: bool) -> None:
    lay_out(tmp_path, {name: text for name, text in CELERY.items() if not path or not name.startswith(path)})
    ended = run(tmp_path, "-c", LOAD, **({"PYTHONPATH": str(tmp_path)} if on_path else {}))
    assert (ended.returncode == 0) is (not path and on_path), ended.stderr


ARQ = {
    "feed/__init__.py": "",
    "feed/worker.py": (
        "from arq import cron\n\n\nasync def start(ctx):\n    import feed.late\n\n\n"
        "class WorkerSettings:\n    functions = ['feed.push.push']\n    cron_jobs = [cron('feed.clean.clean')]\n"
        "    on_startup = start\n"
    ),
    "feed/push.py": "async def push(ctx):\n    pass\n",
    "feed/clean.py": "async def clean(ctx):\n    pass\n",
    "feed/late.py": "",
    "Dockerfile": START.format("CMD arq feed.worker.WorkerSettings"),
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("feed/push.py", "error PAR101 start feed.push at feed/worker.py:9"),
        ("feed/clean.py", "error PAR101 start feed.clean at feed/worker.py:10"),
        ("feed/late.py", "error PAR101 start feed.late at feed/worker.py:5"),
    ],
)
def test_an_arq_worker_imports_functions_that_are_named(tmp_path: Path, path: str, expected: str) -> None:
    assert told(tmp_path, ARQ) == []
    assert told(tmp_path, {".dockerignore": f"{path}\n"}) == [expected]


FLASK = {
    "src/site_app/__init__.py": "from flask import Flask\n\n\ndef create_app():\n    import site_app.admin\n",
    "src/site_app/admin.py": "",
}


@pytest.mark.parametrize(
    "start",
    [
        "CMD flask --app site_app:create_app run",
        "CMD flask --app 'site_app:create_app()' run",
        "CMD flask --app site_app run",
        "ENV FLASK_APP=site_app\nCMD flask run --host 0.0.0.0",
        'CMD gunicorn "site_app:create_app()"',
        "CMD uvicorn --factory site_app:create_app",
    ],
)
def test_a_factory_below_src(tmp_path: Path, start: str) -> None:
    image = START.format(f"ENV PYTHONPATH=/app/src\nRUN pip install uvicorn\n{start}")
    files = {**FLASK, "Dockerfile": image}
    assert told(tmp_path, files) == []
    expected = "error PAR101 start site_app.admin at src/site_app/__init__.py:5"
    assert told(tmp_path, {".dockerignore": "**/admin.py\n"}) == [expected]


FIND = "from flask.cli import locate_app\nlocate_app(*{!r})\n"


@pytest.mark.framework
@pytest.mark.parametrize(
    "arguments", [("site_app", None), ("site_app", "create_app"), ("site_app", "create_app()")]
)
def test_flask_calls_the_factory(tmp_path: Path, arguments: tuple[str, str | None]) -> None:
    text = FLASK["src/site_app/__init__.py"] + "    return Flask(__name__)\n"
    lay_out(tmp_path, {**FLASK, "src/site_app/__init__.py": text})
    assert run(tmp_path / "src", "-c", FIND.format(arguments)).returncode == 0
    (tmp_path / "src/site_app/admin.py").unlink()
    assert "site_app.admin" in run(tmp_path / "src", "-c", FIND.format(arguments)).stderr
