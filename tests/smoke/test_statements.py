"""What the test of each form of start command imports, to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity import pipeline
from parity.config.asked import Asked
from parity.config.discover import discover
from parity.model.start_test import ImageTests, StartTest


def smoked(folder: Path, files: dict[str, str]) -> ImageTests:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf8")
    (image,), failures = pipeline.smoke(discover(folder, Asked()))
    assert failures == ()
    return image


def dockerfile(command: str, *more: str) -> str:
    return "\n".join(("FROM python:3.12-slim", "WORKDIR /app", "COPY . .", *more, f"CMD {command}", ""))


def code(folder: Path, command: str, files: dict[str, str], *more: str) -> str:
    """The code of the only test, which the image's `python` runs."""
    (test,) = smoked(folder, {"Dockerfile": dockerfile(command, *more), **files}).tests
    assert test.argv[:2] == ("python", "-c")
    return test.argv[2]


GUARDED = 'import lib\n\ndef main():\n    import late\n\nif __name__ == "__main__":\n    main()\n'
SERVERS = {
    "uvicorn shop.api:app": "from shop.api import app",
    "uvicorn shop.api:make --factory": "from shop.api import make; make()",
    "uvicorn --app-dir shop api:app": 'import sys; sys.path[0] = "/app/shop"; from api import app',
    "gunicorn 'shop.api:make_with(\"x\")'": 'from shop.api import make_with; make_with("x")',
    "gunicorn shop.api:holder.app": "from shop.api import holder; holder.app",
    "gunicorn --chdir shop api:app": 'import os, sys; os.chdir("/app/shop"); sys.path[:1] = ["/app/shop", "/app"]; '
    "from api import app",
    "celery -A shop.api worker": "import shop.api; from celery.app.utils import find_app; "
    'find_app("shop.api").loader.import_default_modules()',
    "flask --app shop.api run": 'from flask.cli import ScriptInfo; ScriptInfo("shop.api").load_app()',
}
API = "class holder:\n    app = 1\n\napp = celery = 1\n\ndef make(): ...\n\ndef make_with(name): ...\n"


class TestServers:
    @pytest.mark.parametrize("command", SERVERS)
    def test_the_application_is_loaded_as_the_server_does(self, command: str, tmp_path: Path) -> None:
        files = {"shop/__init__.py": "", "shop/api.py": API}
        assert code(tmp_path, command, files) == SERVERS[command]

    def test_a_handler_of_django_is_checked(self, tmp_path: Path) -> None:
        files = {
            "mysite/wsgi.py": "from django.core.wsgi import get_wsgi_application\n"
            "application = get_wsgi_application()\n"
        }
        assert code(tmp_path, "gunicorn mysite.wsgi", files) == (
            "from mysite.wsgi import application; "
            'from django.core.management import call_command; call_command("check")'
        )

    def test_manage_py_checks_itself(self, tmp_path: Path) -> None:
        manage = "from django.core.management import execute_from_command_line\nexecute_from_command_line()\n"
        image = smoked(
            tmp_path,
            {"Dockerfile": dockerfile("python manage.py runserver 0.0.0.0:80"), "manage.py": manage},
        )
        command = ("python", "manage.py", "runserver", "0.0.0.0:80")
        assert image.tests == (StartTest(("python", "manage.py", "check"), command),)


class TestPrograms:
    def test_one_with_a_guard_is_imported_and_what_it_runs_besides(self, tmp_path: Path) -> None:
        files = {"main.py": GUARDED, "lib.py": "", "late.py": ""}
        assert code(tmp_path, "python main.py", files) == "import main; import late"

    def test_one_without_a_guard_is_not_run(self, tmp_path: Path) -> None:
        files = {
            "main.py": "import os\nfrom lib import run\n\nrun(os.environ)\n",
            "lib.py": "def run(_): ...\n",
        }
        assert code(tmp_path, "python main.py", files) == "from lib import run"

    def test_a_relative_import_is_made_absolute(self, tmp_path: Path) -> None:
        files = {
            "shop/__init__.py": "",
            "shop/__main__.py": "from .lib import run\nrun()\n",
            "shop/lib.py": "def run(): ...\n",
        }
        assert code(tmp_path, "python -m shop", files) == "import shop; from shop.lib import run"

    def test_what_importlib_brings_is_imported(self, tmp_path: Path) -> None:
        main = 'import importlib\nfor name in ("a", "b"):\n    importlib.import_module(f"jobs.{name}")\n'
        files = {"main.py": main, "jobs/a.py": "", "jobs/b.py": ""}
        assert code(tmp_path, "python main.py", files) == "import jobs.a; import jobs.b"

    def test_one_that_is_imported_as_well_keeps_both_modules(self, tmp_path: Path) -> None:
        main = 'import views\nif __name__ == "__main__":\n    views.run()\n'
        files = {"app.py": main, "views.py": "import app\n\ndef run(): ...\n"}
        assert code(tmp_path, "python app.py", files) == 'import runpy; runpy.run_path("/app/app.py")'

    def test_a_folder_in_front_of_the_search_path(self, tmp_path: Path) -> None:
        files = {"src/main.py": "import lib\nlib.run()\n", "src/lib.py": "def run(): ...\n"}
        assert (
            code(tmp_path, "python src/main.py", files) == 'import sys; sys.path[0] = "/app/src"; import lib'
        )

    def test_what_a_start_script_exports_and_where_it_goes(self, tmp_path: Path) -> None:
        script = "#!/bin/sh\ncd /app/src\nexport MODE=prod PYTHONPATH=/app/lib\nexec python main.py\n"
        files = {
            "start.sh": script,
            "src/main.py": "import lib\nlib.run()\n",
            "lib/lib.py": "def run(): ...\n",
        }
        assert code(tmp_path, '["sh", "start.sh"]', files) == (
            'import os, sys; os.chdir("/app/src"); os.environ.update({"MODE": "prod"}); '
            'sys.path[:1] = ["/app/src", "/app/lib"]; import lib'
        )

    def test_what_a_start_script_writes_is_left_out(self, tmp_path: Path) -> None:
        script = "#!/bin/sh\necho 'X = 1' > /app/local.py\nexec python main.py\n"
        files = {"start.sh": script, "main.py": "import lib\nimport local\n", "lib.py": ""}
        assert code(tmp_path, '["sh", "start.sh"]', files) == "import lib"

    def test_each_program_of_a_supervisor_has_its_own(self, tmp_path: Path) -> None:
        settings = (
            "[supervisord]\nnodaemon=true\n[program:web]\ncommand=uvicorn web:app\n"
            "[program:worker]\ncommand=python worker.py\n"
        )
        files = {
            "supervisord.conf": settings,
            "web.py": "app = 1\n",
            "worker.py": "import jobs\njobs.run()\n",
            "jobs.py": "def run(): ...\n",
            "Dockerfile": dockerfile('["supervisord", "-c", "/app/supervisord.conf"]'),
        }
        codes = [test.argv[2] for test in smoked(tmp_path, files).tests]
        assert codes == ["from web import app", "import jobs"]


class TestInterpreter:
    def test_that_of_the_environment(self, tmp_path: Path) -> None:
        files = {
            "Dockerfile": dockerfile("/opt/venv/bin/uvicorn main:app", "RUN python -m venv /opt/venv"),
            "main.py": "app = 1\n",
        }
        (test,) = smoked(tmp_path, files).tests
        assert test.argv == ("/opt/venv/bin/python3", "-c", "from main import app")

    def test_its_flags(self, tmp_path: Path) -> None:
        files = {"Dockerfile": dockerfile("python -I -m shop"), "shop.py": "import json\nimport lib\n"}
        (test,) = smoked(tmp_path, files).tests
        assert test.argv[:4] == ("python", "-E", "-s", "-c")


def test_an_image_without_python_has_none(tmp_path: Path) -> None:
    assert smoked(tmp_path, {"Dockerfile": 'FROM nginx\nCMD ["nginx"]\n'}).tests == ()
