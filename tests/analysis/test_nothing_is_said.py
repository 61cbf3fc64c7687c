"""Projects that start: what they do looks like a mistake, and is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.test_findings import told

BASE = "FROM python:3.12-slim\nWORKDIR /app\n"


def codes(folder: Path, files: dict[str, str]) -> list[str]:
    return [one["code"] for one in told(folder, files)]


def test_a_module_that_is_called_like_the_package_it_imports(tmp_path: Path) -> None:
    files = {
        "Dockerfile": f"{BASE}RUN pip install esdk-obs-python\nCOPY . .\nCMD python main.py\n",
        "main.py": "import storage.obs\n",
        "storage/__init__.py": "",
        "storage/obs.py": "from obs.client import ObsClient\nfrom .base import Storage\n",
        "storage/base.py": "class Storage: ...\n",
    }
    assert codes(tmp_path, files) == []


METACLASS = """
import random
class Registering(type):
    def __new__(cls, name, bases, attrs):
        made = type.__new__(cls, name, bases, attrs)
        if random.random() < 0.5:
            made.kind = {}
        return made
class Message(metaclass=Registering): ...
class {}: ...
"""


def test_a_class_that_a_guarded_line_of_a_function_needs_is_made_below(tmp_path: Path) -> None:
    dockerfile = f"{BASE}COPY . .\nCMD python main.py\n"
    files = {"Dockerfile": dockerfile, "main.py": METACLASS.format("Special", "Special")}
    assert codes(tmp_path, files) == []
    files["main.py"] = METACLASS.format("Special", "Other")
    assert codes(tmp_path, files) == ["PAR105"]


def test_a_build_script_may_write_beside_the_sources(tmp_path: Path) -> None:
    files = {
        "Dockerfile": f"{BASE}COPY . .\nRUN pip install poetry && poetry install\n"
        "RUN cp shop/native.abi3.so /native.so\nCMD python main.py\n",
        "pyproject.toml": "[tool.poetry]\nname = 'shop'\nversion = '1'\n[tool.poetry.build]\nscript = 'build.py'\n",
        "build.py": "",
        "shop/__init__.py": "",
        "main.py": "import shop.native\n",
    }
    assert codes(tmp_path, files) == []


@pytest.mark.parametrize("command", ["celery -A shop worker", "django-admin migrate"])
@pytest.mark.parametrize("app", ["'rest_framework_jwt'", "f'{REST}_jwt'"])
def test_the_apps_of_django_are_no_start_command(tmp_path: Path, command: str, app: str) -> None:
    """drf-jwt brings rest_framework_jwt, and nobody here knows what drf-jwt brings."""
    files = {
        "Dockerfile": f"{BASE}RUN pip install django celery drf-jwt\nCOPY . .\n"
        f"ENV PYTHONPATH=/app DJANGO_SETTINGS_MODULE=shop.local\nCMD {command}\n",
        "shop/__init__.py": "from .celery import app\n",
        "shop/celery.py": "import os\nfrom celery import Celery\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.local')\napp = Celery('shop')\n"
        "app.config_from_object('django.conf:settings')\napp.autodiscover_tasks()\n",
        "shop/local.py": "from .base import *\n",
        "shop/base.py": "REST = 'rest_framework'\nSECRET_KEY = 'x'\n"
        f"INSTALLED_APPS = ['django.contrib.auth', {app}]\n",
    }
    assert codes(tmp_path, files) == []
