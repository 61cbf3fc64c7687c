"""Shapes of real services that were once judged wrongly: small projects of our own that show the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import ask


def findings(folder: Path, files: Mapping[str, str], *options: str) -> list[tuple[str, str, str]]:
    """(code, confidence, module or message) of each finding that is no info."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    answer = ask("check", str(folder), "--format", "json", *options)
    assert answer.status in (0, 1), answer.err
    return [
        (finding["code"], finding["confidence"], finding["module"] or finding["message"])
        for image in json.loads(answer.out)["images"]
        for finding in image["findings"]
        if finding["severity"] != "info"
    ]


PACKAGE = {"shop/__init__.py": "from . import core\n", "shop/core.py": "", "main.py": "import shop\n"}


def test_a_published_package_is_taken_from_the_index(tmp_path: Path) -> None:
    start = 'WORKDIR /app\nCOPY main.py .\nCMD ["python", "main.py"]\n'
    image = f"FROM python:3.12\nARG VERSION\nRUN pip install shop==$VERSION other\n{start}"
    assert findings(tmp_path, {**PACKAGE, "Dockerfile": image}) == []
    other = f"FROM python:3.12\nRUN pip install other\n{start}"
    assert findings(tmp_path, {"Dockerfile": other}) == [("PAR101", "likely", "shop")]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("WORKDIR /usr/src/app", ["certain"]),
        ("WORKDIR /root/app", ["likely"]),
        ("WORKDIR /var/www/shop", ["likely"]),
        ("RUN apt-get install -y gcc\nWORKDIR /usr/src/app", ["likely"]),
        ("WORKDIR /opt/app\nRUN apt-get install -y gcc", ["certain"]),
        ("RUN dpkg -i /tmp/shop.deb\nWORKDIR /opt/app", ["likely"]),
        ("WORKDIR /usr/src/app\nRUN apt-get install -y gcc && make", ["likely"]),
    ],
)
def test_what_everybody_has_holds_no_module_of_the_project(
    tmp_path: Path, steps: str, expected: list[str]
) -> None:
    image = f'FROM python:3.12\n{steps}\nCOPY . .\nCMD ["python", "main.py"]\n'
    files = {**PACKAGE, "Dockerfile": image, ".dockerignore": "shop\n"}
    assert findings(tmp_path, files) == [("PAR101", confidence, "shop") for confidence in expected]


def test_what_an_opaque_step_would_have_had_to_foresee(tmp_path: Path) -> None:
    image = 'FROM python:3.12\nWORKDIR /app\nRUN some-tool\nCOPY . /app\nCMD ["python", "main.py"]\n'
    files = {**PACKAGE, "Dockerfile": image, ".dockerignore": "**/core.py\n"}
    assert findings(tmp_path, files) == [("PAR101", "likely", "shop.core")]
    # No build writes back what an ignore rule keeps out.
    assert findings(tmp_path, {"Dockerfile": image.replace("CMD", "RUN make\nCMD")}) == [
        ("PAR101", "likely", "shop.core")
    ]


def test_a_step_that_may_have_ended_well(tmp_path: Path) -> None:
    steps = "RUN adduser -D www && exit 0 ; exit 1\nRUN set -x; probe && exit 0; false\n"
    image = f'FROM python:3.12-alpine\n{steps}COPY main.py /\nCMD ["python", "/main.py"]\n'
    assert findings(tmp_path, {"main.py": "", "Dockerfile": image}) == []


def test_wheels_of_another_stage(tmp_path: Path) -> None:
    image = (
        "FROM python:3.12 AS builder\nRUN pip wheel --wheel-dir /wheels flask\n"
        "FROM python:3.12\nRUN --mount=type=bind,target=/wheels,source=/wheels,from=builder pip install /wheels/*\n"
        'COPY main.py /\nCMD ["python", "/main.py"]\n'
    )
    assert findings(tmp_path, {"main.py": "import flask\n", "Dockerfile": image}) == []


def test_a_start_script_that_waits_and_changes_the_user(tmp_path: Path) -> None:
    script = (
        "#!/bin/bash\nwhile !</dev/tcp/db/5432; do sleep 1; done\n"
        'exec setpriv --reuid=$PUID --regid=$PGID --init-groups "$@"\n'
    )
    image = (
        "FROM python:3.12\nWORKDIR /app\nCOPY start.sh main.py ./\n"
        'ENTRYPOINT ["bash", "start.sh"]\nCMD ["python", "main.py"]\n'
    )
    files = {"start.sh": script, "main.py": "import gone.x\n", "gone/x.py": "", "Dockerfile": image}
    assert [finding[0] for finding in findings(tmp_path, files)] == ["PAR101"]


def test_a_script_that_cannot_be_followed_is_not_taken_for_no_python(tmp_path: Path) -> None:
    image = 'FROM python:3.12\nCOPY . /\nCMD ["sh", "-c", "case x in esac; )"]\n'
    (tmp_path / "Dockerfile").write_text(image)
    report = json.loads(ask("check", str(tmp_path), "--format", "json").out)
    assert [finding["code"] for finding in report["images"][0]["findings"]] == ["PAR603"]


def test_a_wsgi_application_imports_the_apps_of_its_settings(tmp_path: Path) -> None:
    files = {
        "web/wsgi.py": (
            "import os\nfrom django.core.wsgi import get_wsgi_application\n"
            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'web.settings')\n"
            "application = get_wsgi_application()\n"
        ),
        "web/__init__.py": "",
        "web/settings.py": (
            "COMMON = ['django.contrib.admin']\nINSTALLED_APPS = [*COMMON, 'orders.apps.OrdersConfig', 'stock']\n"
            "MIDDLEWARE = ['web.middleware.Log']\n"
        ),
        "orders/__init__.py": "",
        "orders/apps.py": "class OrdersConfig: pass\n",
        "orders/models.py": "import orders.prices\n",
        "orders/prices.py": "",
        "stock/__init__.py": "",
        "web/middleware.py": "class Log: pass\n",
        "Dockerfile": (
            "FROM python:3.12\nRUN pip install django gunicorn\nWORKDIR /app\nCOPY . .\n"
            "RUN rm orders/prices.py web/middleware.py && rm -r stock\n"
            'CMD ["gunicorn", "web.wsgi:application"]\n'
        ),
    }
    found = findings(tmp_path, files)
    assert sorted(finding[2] for finding in found) == ["orders.prices", "stock", "web.middleware"]
    assert {finding[0] for finding in found} == {"PAR101"}


def test_what_only_type_checkers_read(tmp_path: Path) -> None:
    code = (
        "import typing\nfrom typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING is True:\n    import gone.a\n"
        "if typing.TYPE_CHECKING == True:\n    import gone.b\n"
        "if TYPE_CHECKING is not False:\n    import gone.c\n"
    )
    image = 'FROM python:3.12\nCOPY main.py /\nCMD ["python", "/main.py"]\n'
    gone = {"gone/a.py": "", "gone/b.py": "", "gone/c.py": ""}
    assert findings(tmp_path, {"main.py": code, "Dockerfile": image, **gone}) == []


def test_below_a_package_that_is_likely_missing_nothing_more_is_told(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "from . import client, parts\n",
        "shop/client.py": "from .parts.deep import x\n",
        "shop/parts/__init__.py": "from . import other\n",
        "shop/parts/deep.py": "x = 1\n",
        "shop/parts/other.py": "",
        "main.py": "import shop\n",
        ".dockerignore": "**/parts\n",
        "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nRUN some-tool\nCOPY . .\nCMD ["python", "main.py"]\n',
    }
    assert findings(tmp_path, files) == [("PAR101", "likely", "shop.parts")]


CHECKED = """import os
KEY = os.environ.get("KEY")
if not KEY:
    {refuse}
LIMIT = 3
"""


def test_a_variable_that_every_run_has_to_set(tmp_path: Path) -> None:
    image = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'
    files = {"main.py": "import settings\nsettings.LIMIT\nsettings.GONE\n", "Dockerfile": image}
    for refuse in ("raise RuntimeError('KEY is not set')", "raise SystemExit(1)", "import sys; sys.exit(1)"):
        text = CHECKED.format(refuse=refuse)
        found = findings(tmp_path, {**files, "settings.py": text})
        assert found == [("PAR105", "certain", "settings")], refuse


def test_what_comes_after_a_failure_of_its_own_is_not_said_to_be_missing(tmp_path: Path) -> None:
    image = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'
    text = "raise RuntimeError('not here')\nLIMIT = 3\n"
    files = {"main.py": "import settings\nsettings.LIMIT\n", "settings.py": text, "Dockerfile": image}
    assert findings(tmp_path, files) == [("PAR108", "certain", "settings")]


MANAGED = {
    "manage.py": (
        "import os, sys\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'web.settings')\n"
        "from django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n"
    ),
    "web/__init__.py": "",
    "web/settings/__init__.py": "try:\n    from .local import *\nexcept ImportError:\n    from .base import *\n",
    "web/settings/base.py": "INSTALLED_APPS = ['django.contrib.auth', 'shop']\nROOT_URLCONF = 'web.urls'\n",
    "web/urls.py": "from django.urls import include, path\nurlpatterns = [path('', include('shop.urls'))]\n",
    "shop/__init__.py": "",
    "shop/urls.py": "from . import views\nurlpatterns = []\n",
    "shop/views.py": "import shop.prices\n",
    "shop/prices.py": "",
    "shop/stock.py": "",
    "shop/management/commands/fill.py": "import shop.stock\nclass Command:\n    requires_system_checks = []\n",
}


def test_a_management_command_imports_what_the_settings_compute(tmp_path: Path) -> None:
    image = (
        "FROM python:3.12\nRUN pip install django\nWORKDIR /app\nCOPY . .\nRUN rm shop/prices.py shop/stock.py\n"
        'CMD ["python", "manage.py", "{}"]\n'
    )
    migrate = {**MANAGED, "Dockerfile": image.format("migrate")}
    assert findings(tmp_path, migrate) == [("PAR101", "certain", "shop.prices")]
    assert findings(tmp_path, {"Dockerfile": image.format("fill")}) == [("PAR101", "certain", "shop.stock")]
    assert findings(tmp_path, {"Dockerfile": image.format("collectstatic")}) == []


@pytest.mark.parametrize(
    "command",
    [
        "./manage.py collectstatic --noinput",
        "DEBUG=0 python3 -u manage.py compilemessages && DEBUG=0 python manage.py migrate",
        "python -m django check --settings web.settings",
        "DJANGO_SETTINGS_MODULE=web.settings django-admin compress",
        "cd /app && poetry run python manage.py collectstatic --noinput --clear",
        "uv run --no-sync manage.py collectstatic",
    ],
)
def test_management_commands_write_no_modules(tmp_path: Path, command: str) -> None:
    image = (
        "FROM python:3.12\nRUN pip install django\nWORKDIR /app\nCOPY --chmod=755 . .\n"
        f'RUN {command}\nCMD ["python", "main.py"]\n'
    )
    files = {
        **MANAGED,
        ".dockerignore": "shop/prices.py\n",
        "main.py": "import shop.views\n",
        "Dockerfile": image,
    }
    assert findings(tmp_path, files) == [("PAR101", "certain", "shop.prices")]
    whole = {**files, ".dockerignore": "shop\n"}
    assert findings(tmp_path, whole) == [("PAR101", "likely", "shop")]
    reads = {"main.py": "open('static/index.html')\nopen('db.sqlite3')\n"}
    assert findings(tmp_path, {**files, **reads, "static/index.html": "", ".dockerignore": "static\n"}) == []


@pytest.mark.parametrize("command", ["makemigrations", "startapp x", "rebuild", "$COMMAND"])
def test_management_commands_that_may_write_anything(tmp_path: Path, command: str) -> None:
    image = (
        "FROM python:3.12\nWORKDIR /app\nCOPY --chmod=755 . .\n"
        f'RUN ./manage.py {command}\nCMD ["python", "main.py"]\n'
    )
    files = {
        **MANAGED,
        ".dockerignore": "shop/prices.py\n",
        "main.py": "import shop.views\n",
        "Dockerfile": image,
    }
    assert findings(tmp_path, files) == [("PAR101", "likely", "shop.prices")]
    # What git leaves out, a command may well write.
    assert findings(tmp_path, {**files, ".gitignore": "prices.py\n"}) == []


def test_scripts_that_are_freed_of_carriage_returns(tmp_path: Path) -> None:
    image = (
        "FROM python:3.12-slim\nCOPY --chmod=755 start /start\nRUN sed -i 's/\\r$//g' /start\n"
        'WORKDIR /app\nCOPY main.py .\nCMD ["/start"]\n'
    )
    files = {"start": "#!/bin/sh\r\nexec python main.py\r\n", "main.py": "import shop\n", "shop.py": ""}
    assert findings(tmp_path, {**files, "Dockerfile": image}) == [("PAR101", "certain", "shop")]


def test_version_control_may_bring_what_is_no_package(tmp_path: Path) -> None:
    project = (
        "[build-system]\nrequires = ['setuptools>=68', 'setuptools_scm[toml]>=8']\n"
        "build-backend = 'setuptools.build_meta'\n[project]\nname = 'shop'\nversion = '1'\n"
        "[tool.setuptools.packages.find]\ninclude = ['shop']\n"
    )
    files = {
        "shop/__init__.py": "",
        "shop/__main__.py": "import shop.sold\n",
        "shop/sold/__init__.py": "",
        "pyproject.toml": project,
        "Dockerfile": (
            "FROM python:3.12\nCOPY . /tmp/s\nRUN pip install /tmp/s && rm -r /tmp/s\n"
            'CMD ["python", "-m", "shop"]\n'
        ),
    }
    assert [finding[2] for finding in findings(tmp_path, files)] == ["shop.sold"]
    assert findings(tmp_path, {".git/HEAD": "ref: refs/heads/main\n"}) == []
    needs = project.replace("version = '1'\n", "version = '1'\ndependencies = ['rich']\n")
    assert findings(tmp_path, {"pyproject.toml": needs}) == []


TRIED = "try:\n    import flask\nexcept ImportError as e:\n    {}\n"


@pytest.mark.parametrize(
    ("handler", "told"),
    [
        ("flask = None", False),
        ("if e.name:\n        raise", False),
        ("print(e)\n    sys.exit(0)", True),
        ("raise", True),
        ("raise ImportError('reinstall') from e", True),
    ],
)
def test_a_handler_that_does_not_go_on_is_no_guard_for_a_package(
    tmp_path: Path, handler: str, told: bool
) -> None:
    image = 'FROM python:3.12\nWORKDIR /app\nRUN pip install requests==2.32.3\nCOPY . .\nCMD ["python", "main.py"]\n'
    files = {"Dockerfile": image, "main.py": "import sys\n" + TRIED.format(handler)}
    assert [module for _, _, module in findings(tmp_path, files)] == ["flask"] * told


def test_a_handler_further_out_takes_what_the_inner_one_raises(tmp_path: Path) -> None:
    image = 'FROM python:3.12\nWORKDIR /app\nRUN pip install requests==2.32.3\nCOPY . .\nCMD ["python", "main.py"]\n'
    inner = (
        "try:\n    try:\n        import flask\n    except ImportError:\n        raise RuntimeError('none')\n"
    )
    files = {"Dockerfile": image, "main.py": inner + "except RuntimeError:\n    pass\n"}
    assert findings(tmp_path, files) == []
    files = {"main.py": inner + "except KeyError:\n    pass\n"}
    assert findings(tmp_path, files) == [("PAR201", "likely", "flask")]


@pytest.mark.parametrize("app", ["shop.web:make", "shop.web"])
def test_a_flask_factory_is_found_along_pythonpath(tmp_path: Path, app: str) -> None:
    image = (
        "FROM python:3.12\nWORKDIR /app\nENV PYTHONPATH=/app/src\nCOPY src src\n"
        f'RUN pip install flask==3.1.0\nCMD ["flask", "--app", "{app}", "run"]\n'
    )
    factory = "def {}():\n    from shop import {}\n"
    name = "make" if ":" in app else "create_app"
    files = {
        "Dockerfile": image,
        "src/shop/__init__.py": "",
        "src/shop/web.py": factory.format(name, "orders"),
    }
    assert [(code, module) for code, _, module in findings(tmp_path, files)] == [("PAR105", "shop")]
    assert findings(tmp_path, {"src/shop/orders.py": ""}) == []


def test_a_relative_path_that_leads_to_the_file_from_the_checkout_only(tmp_path: Path) -> None:
    image = 'FROM python:3.12\nWORKDIR /a\nCOPY c c\nWORKDIR {}\nCOPY main.py .\nCMD ["python", "main.py"]\n'
    files = {"Dockerfile": image.format("/b"), "main.py": "open('c/x.txt')\n", "c/x.txt": ""}
    assert [(code, sure) for code, sure, _ in findings(tmp_path, files)] == [("PAR501", "certain")]
    assert findings(tmp_path, {"Dockerfile": image.format("/a")}) == []


ASKED = "from importlib.metadata import PackageNotFoundError, version\n{}\n"
CAUGHT = "try:\n    version('shop')\nexcept {}:\n    pass"


@pytest.mark.parametrize(
    ("steps", "statement", "told"),
    [
        ("RUN pip install requests==2.32.3\nCOPY . .", "version('shop')", True),
        ("COPY . .", "from shop import core\nversion(core.__package__)", True),
        ("COPY . .\nRUN pip install .", "version('shop')", False),
        ("COPY . .\nRUN pip install -e .", "version('shop')", False),
        ("RUN pip install shop==1.2\nCOPY . .", "version('shop')", False),
        ("COPY . .\nRUN chmod +x build.sh && ./build.sh", "version('shop')", False),
        ("COPY . .\nCOPY shop /app/shop.egg-info/", "version('shop')", False),
        ("COPY . .", "version('another')", False),
        ("COPY . .", CAUGHT.format("PackageNotFoundError"), False),
        ("COPY . .", CAUGHT.format("ImportError"), False),
        ("COPY . .", CAUGHT.format("KeyError"), True),
    ],
)
def test_a_project_that_is_copied_has_no_metadata(
    tmp_path: Path, steps: str, statement: str, told: bool
) -> None:
    files = {
        "Dockerfile": f'FROM python:3.12\nWORKDIR /app\n{steps}\nCMD ["python", "main.py"]\n',
        "pyproject.toml": '[project]\nname = "Shop"\nversion = "1"\n',
        "build.sh": "#!/bin/sh\npython -c 'x'\n",
        "main.py": ASKED.format(statement),
        "shop/__init__.py": "",
        "shop/core.py": "",
    }
    found = findings(tmp_path, files)
    assert [one for one in found if one[0] != "PAR601"] == [("PAR201", "certain", "shop")] * told
