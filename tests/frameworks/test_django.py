"""What a Django process imports by its settings: when it starts, and for its first request; Django itself is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import findings, lay_out, told
from tests.support.frameworks import run

DOCKERFILE = """\
FROM python:3.12-slim
WORKDIR /app
ENV DJANGO_SETTINGS_MODULE=web.settings.prod
RUN pip install django==5.2 gunicorn
COPY . .
CMD ["gunicorn", "web.wsgi"]
"""
BASE = """\
SECRET_KEY = "x"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "shop.apps.ShopConfig",
    "stock",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "web.middleware.Timing",
]
ROOT_URLCONF = "web.urls"
SESSION_ENGINE = "web.sessions"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["web.context.brand"],
            "libraries": {"money": "web.money"},
        },
    }
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DATABASE_ROUTERS = ["web.routers.Router"]
AUTHENTICATION_BACKENDS = ["web.backends.Token"]
CACHES = {"default": {"BACKEND": "web.caches.Cache"}}
LOGGING = {
    "version": 1,
    "formatters": {"json": {"()": "web.formats.Json"}},
    "handlers": {"out": {"class": "web.handlers.Out", "formatter": "json"}},
    "root": {"handlers": ["out"]},
}
EMAIL_BACKEND = "web.mail.Backend"
"""
FILES = {
    "web/__init__.py": "",
    "web/settings/__init__.py": "",
    "web/settings/base.py": BASE,
    "web/settings/prod.py": "from .base import *\n\nDEBUG = False\n",
    "web/wsgi.py": "from django.core.wsgi import get_wsgi_application\n\napplication = get_wsgi_application()\n",
    "web/urls.py": (
        "from django.urls import include, path\n\nurlpatterns = [\n    path('', include('shop.urls')),\n]\n"
    ),
    "web/middleware.py": "from web.clock import now\n\n\ndef Timing(get_response):\n    return get_response\n",
    "web/clock.py": "now = None\n",
    "web/sessions.py": "from django.contrib.sessions.backends.signed_cookies import SessionStore\n",
    "web/context.py": "def brand(request):\n    return {}\n",
    "web/money.py": "from django import template\n\nregister = template.Library()\n",
    "web/routers.py": "class Router:\n    pass\n",
    "web/backends.py": "from django.contrib.auth.backends import ModelBackend as Token\n",
    "web/caches.py": "from django.core.cache.backends.locmem import LocMemCache as Cache\n",
    "web/formats.py": "import logging\n\n\nclass Json(logging.Formatter):\n    pass\n",
    "web/handlers.py": "import logging\n\n\nclass Out(logging.StreamHandler):\n    pass\n",
    "web/mail.py": "from django.core.mail.backends.dummy import EmailBackend as Backend\n",
    "shop/__init__.py": "",
    "shop/apps.py": (
        "from django.apps import AppConfig\n\n\nclass ShopConfig(AppConfig):\n    name = 'shop'\n\n"
        "    def ready(self):\n        import shop.signals\n"
    ),
    "shop/signals.py": "",
    "shop/models.py": "import shop.prices\n",
    "shop/prices.py": "",
    "shop/admin.py": "import shop.columns\n",
    "shop/columns.py": "",
    "shop/urls.py": "from django.urls import path\n\nfrom shop import views\n\nurlpatterns = [path('', views.home)]\n",
    "shop/views.py": (
        "from django.http import HttpResponse\nfrom shop.orders import total\n\n\n"
        "def home(request):\n    from shop.pdf import draw\n    return HttpResponse('')\n"
    ),
    "shop/orders.py": "total = 0\n",
    "shop/pdf.py": "def draw():\n    pass\n",
    "shop/templatetags/__init__.py": "",
    "shop/templatetags/boxes.py": "from django import template\n\nregister = template.Library()\nimport shop.colours\n",
    "shop/colours.py": "",
    "stock/__init__.py": "",
    "Dockerfile": DOCKERFILE,
}
PACKAGES = {
    "shop": "error PAR101 start shop at web/settings/base.py:9",
    "stock": "error PAR101 start stock at web/settings/base.py:10",
}
START = {
    "web/middleware.py": "error PAR101 start web.middleware at web/settings/base.py:14",
    "web/clock.py": "error PAR101 start web.clock at web/middleware.py:1",
    "web/sessions.py": "error PAR101 start web.sessions at web/settings/base.py:17",
    "web/formats.py": "error PAR101 start web.formats at web/settings/base.py:34",
    "web/handlers.py": "error PAR101 start web.handlers at web/settings/base.py:35",
    "shop/apps.py": "error PAR101 start shop.apps at web/settings/base.py:9",
    "shop/signals.py": "error PAR101 start shop.signals at shop/apps.py:8",
    "shop/prices.py": "error PAR101 start shop.prices at shop/models.py:1",
    "shop/columns.py": "error PAR101 start shop.columns at shop/admin.py:1",
}
REQUEST = {
    "web/urls.py": "error PAR101 request web.urls at web/settings/base.py:16",
    "shop/urls.py": "error PAR101 request shop.urls at web/urls.py:4",
    "shop/views.py": "error PAR101 request shop.views at shop/urls.py:3",
    "shop/orders.py": "error PAR101 request shop.orders at shop/views.py:2",
}
OTHERS = {
    "web/context.py": "error PAR101 request web.context at web/settings/base.py:23",
    "web/money.py": "error PAR101 request web.money at web/settings/base.py:24",
    "shop/colours.py": "error PAR101 request shop.colours at shop/templatetags/boxes.py:4",
    "web/routers.py": "error PAR101 request web.routers at web/settings/base.py:29",
    "web/backends.py": "error PAR101 request web.backends at web/settings/base.py:30",
    "web/caches.py": "error PAR101 request web.caches at web/settings/base.py:31",
    "web/mail.py": "warning PAR101 later web.mail at web/settings/base.py:38",
    "shop/pdf.py": "warning PAR102 later shop.pdf at shop/views.py:6",
    "shop/models.py": "warning PAR101 start shop.models at web/settings/base.py:9",
    "shop/admin.py": "warning PAR101 start shop.admin at web/settings/base.py:4",
}


def test_nothing_is_told_of_a_whole_project(tmp_path: Path) -> None:
    assert told(tmp_path, FILES) == []


@pytest.mark.parametrize(
    ("path", "expected"), [*PACKAGES.items(), *START.items(), *REQUEST.items(), *OTHERS.items()]
)
def test_what_is_left_out_of_the_image(tmp_path: Path, path: str, expected: str) -> None:
    assert told(tmp_path, {**FILES, ".dockerignore": f"{path}\n"}) == [expected]


@pytest.mark.parametrize(
    ("server", "module"),
    [
        ('["uvicorn", "web.asgi:application"]', "asgi"),
        ('["daphne", "web.asgi:application"]', "asgi"),
        ('["hypercorn", "web.asgi:application"]', "asgi"),
        ('["uwsgi", "--http", ":80", "--module", "web.wsgi"]', "wsgi"),
        ('["waitress-serve", "web.wsgi:application"]', "wsgi"),
    ],
)
def test_every_server_comes_to_the_same(tmp_path: Path, server: str, module: str) -> None:
    start = DOCKERFILE.replace('["gunicorn", "web.wsgi"]', server).replace(
        "gunicorn", server[2:].partition('"')[0]
    )
    files = {
        **FILES,
        "Dockerfile": start.replace("waitress-serve gun", "waitress gun").replace(
            "install django==5.2 waitress-serve", "install django==5.2 waitress"
        ),
        "web/asgi.py": FILES["web/wsgi.py"].replace("wsgi", "asgi"),
        ".dockerignore": "shop/urls.py\n",
    }
    assert told(tmp_path, files) == [REQUEST["shop/urls.py"]]


def test_the_message_says_what_it_comes_to(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, {**FILES, ".dockerignore": "shop/urls.py\n"})
    assert finding["message"] == "shop.urls is not in the image: every request fails"
    assert finding["exception"] == "ModuleNotFoundError"
    (finding,) = findings(tmp_path, {".dockerignore": "shop/models.py\n"})
    assert finding["message"] == "shop.models is not in the image: Django starts without the models of shop"
    assert finding["exception"] is None


@pytest.mark.parametrize(
    ("apps", "expected"),
    [
        ('["rest_framework", "corsheaders"]', "error PAR201 start corsheaders at web/settings/prod.py:3"),
        ('["rest_framework", "stok"]', "error PAR104 start stok at web/settings/prod.py:3"),
        ('["shop.apps.Shop"]', "error PAR105 start shop.apps at web/settings/prod.py:3"),
    ],
)
def test_a_name_in_the_settings_is_like_an_import_of_it(tmp_path: Path, apps: str, expected: str) -> None:
    start = DOCKERFILE.replace("django==5.2", "django==5.2 djangorestframework")
    settings = f"from .base import *\n\nINSTALLED_APPS = {apps}\n"
    assert told(tmp_path, {**FILES, "web/settings/prod.py": settings, "Dockerfile": start}) == [expected]


MANAGE = (
    "import os, sys\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'web.settings.prod')\n"
    "from django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n"
)


@pytest.mark.parametrize(
    ("command", "path", "expected"),
    [
        (
            "python manage.py migrate",
            "shop/prices.py",
            ["error PAR101 start shop.prices at shop/models.py:1"],
        ),
        ("python manage.py migrate", "shop/views.py", ["error PAR101 start shop.views at shop/urls.py:3"]),
        (
            "python manage.py migrate",
            "shop/old.py",
            ["error PAR101 start shop.old at shop/migrations/0001.py:1"],
        ),
        (
            "python manage.py migrate",
            "**/migrations",
            ["warning PAR101 start shop.migrations at web/settings/base.py:9"],
        ),
        ("python manage.py collectstatic", "shop/views.py", []),
        (
            "django-admin migrate --pythonpath /app",
            "shop/prices.py",
            ["error PAR101 start shop.prices at shop/models.py:1"],
        ),
        (
            "python manage.py runserver 0:80",
            "web/routers.py",
            ["error PAR101 request web.routers at web/settings/base.py:29"],
        ),
    ],
)
def test_management_commands(tmp_path: Path, command: str, path: str, expected: list[str]) -> None:
    start = DOCKERFILE.rpartition("CMD")[0] + f"CMD {command}\n"
    more = {
        "manage.py": MANAGE,
        "shop/migrations/__init__.py": "",
        "shop/migrations/0001.py": "import shop.old\n",
    }
    files = {**FILES, **more, "shop/old.py": "", "Dockerfile": start, ".dockerignore": f"{path}\n"}
    assert told(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("app", "served"),
    [("daphne", "ASGI_APPLICATION"), ("django.contrib.staticfiles", "WSGI_APPLICATION")],
)
def test_what_runserver_serves(tmp_path: Path, app: str, served: str) -> None:
    """Daphne 4: the `runserver` of its app serves the one, Django's own the other; the setting left over may lie."""
    settings = BASE.replace('    "django.contrib.admin",', f'    "{app}",\n    "django.contrib.admin",', 1)
    names = {"WSGI_APPLICATION": "gone.wsgi.app", "ASGI_APPLICATION": "lost.asgi.app"}
    settings += "".join(f'{name} = "{value}"\n' for name, value in names.items())
    start = DOCKERFILE.rpartition("CMD")[0] + "CMD python manage.py runserver 0:80\n"
    start = start.replace("gunicorn\n", "daphne\n")
    files = {**FILES, "manage.py": MANAGE, "web/settings/base.py": settings, "Dockerfile": start}
    (answer,) = told(tmp_path, files)
    assert names[served].partition(".")[0] in answer


SERVE = """
import sys
try:
    from web.wsgi import application
except Exception as error:
    sys.exit(f"start {error!r}")
environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SERVER_NAME": "x", "SERVER_PORT": "80", "wsgi.input": sys.stdin}
try:
    import django.conf
    django.conf.settings.DEBUG_PROPAGATE_EXCEPTIONS = True
    application(environ, lambda status, headers: None)
except Exception as error:
    sys.exit(f"request {error!r}")
"""


@pytest.mark.framework
@pytest.mark.parametrize(
    ("path", "when"), [*((p, "start") for p in START), *((p, "request") for p in REQUEST)]
)
def test_django_fails_then(tmp_path: Path, path: str, when: str) -> None:
    lay_out(tmp_path, {name: text for name, text in FILES.items() if name != path})
    ended = run(tmp_path, "-c", SERVE, DJANGO_SETTINGS_MODULE="web.settings.prod")
    assert ended.stderr.rpartition("\n")[0].rpartition("\n")[2].startswith(when) or ended.stderr.startswith(
        when
    )


@pytest.mark.framework
@pytest.mark.parametrize("path", ["", *OTHERS])
def test_django_answers_without_it(tmp_path: Path, path: str) -> None:
    lay_out(tmp_path, {name: text for name, text in FILES.items() if name != path})
    ended = run(tmp_path, "-c", SERVE, DJANGO_SETTINGS_MODULE="web.settings.prod")
    assert (ended.returncode, ended.stderr) == (
        (1, "") if path == "shop/pdf.py" else (0, "")
    ) or path == "shop/pdf.py"
