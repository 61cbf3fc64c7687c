"""Settings that are put together: `include` of django-split-settings, lists that a branch may change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ask
from tests.support.checked import lay_out, told

FILES = {
    "Dockerfile": "FROM python:3.12-slim\nWORKDIR /app\nRUN pip install django gunicorn django-split-settings\n"
    "ENV DJANGO_SETTINGS_MODULE=web.settings\nCOPY . .\nCMD gunicorn web.wsgi\n",
    "web/__init__.py": "",
    "web/wsgi.py": "from django.core.wsgi import get_wsgi_application\n\napplication = get_wsgi_application()\n",
    "web/settings/__init__.py": (
        "from split_settings.tools import include, optional\n\n"
        "include('parts/*.py', 'last.py', optional('local.py'))\n"
    ),
    "web/settings/parts/apps.py": "INSTALLED_APPS = ['shop', 'stock']\n",
    "web/settings/last.py": "ROOT_URLCONF = 'web.urls'\n",
    "web/urls.py": "urlpatterns = []\n",
    "shop/__init__.py": "",
    "stock/__init__.py": "",
}


@pytest.mark.parametrize(
    ("ignored", "expected"),
    [
        ("", []),
        ("stock/", ["error PAR101 start stock at web/settings/parts/apps.py:1"]),
        ("web/urls.py", ["error PAR101 request web.urls at web/settings/last.py:1"]),
        (
            "web/settings/last.py",
            ["error PAR501 start /app/web/settings/last.py at web/settings/__init__.py:3"],
        ),
    ],
)
def test_what_include_takes_in(tmp_path: Path, ignored: str, expected: list[str]) -> None:
    assert told(tmp_path, {**FILES, ".dockerignore": f"{ignored}\n"}) == expected


@pytest.mark.parametrize(
    "change",
    [
        "if env('X'):\n    INSTALLED_APPS = INSTALLED_APPS + ['debug_toolbar']\n",
        "if env('X'):\n    INSTALLED_APPS = [app for app in INSTALLED_APPS if app != 'stock']\n",
        "populate(globals())\nif env('X'):\n    INSTALLED_APPS = list(a for a in INSTALLED_APPS if a != 'stock')\n",
    ],
)
def test_apps_that_a_branch_leaves_alone_are_there(tmp_path: Path, change: str) -> None:
    apps = f"from environ import populate, Env\n\nenv = Env()\nINSTALLED_APPS = ['shop', 'stock']\n{change}"
    start = FILES["Dockerfile"].replace("gunicorn django-", "gunicorn django-environ django-")
    files = {**FILES, "Dockerfile": start, "web/settings/parts/apps.py": apps, ".dockerignore": "shop/\n"}
    assert told(tmp_path, files) == ["error PAR101 start shop at web/settings/parts/apps.py:4"]


def test_apps_that_nobody_can_tell_are_said_not_to_be_checked(tmp_path: Path) -> None:
    lay_out(
        tmp_path,
        {**FILES, "web/settings/parts/apps.py": "import os\nINSTALLED_APPS = os.popen('x').read()\n"},
    )
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    reasons = [one["reason"] for one in image["unknowns"] if one["costs"]]
    assert (image["findings"], reasons) == ([], ["which apps INSTALLED_APPS lists is not known"])
