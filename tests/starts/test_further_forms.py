"""Start commands of less usual frameworks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import told

IMAGE = "FROM python:3.12-slim\nWORKDIR /app\n{}COPY . .\nCMD {}\n"
APP = "import box.gone\n\napp = svc = main = TORTOISE_ORM = {}\n"


@pytest.mark.parametrize(
    ("command", "file", "more"),
    [
        ("litestar --app web:app run --host 0.0.0.0", "web.py", {}),
        ("litestar run", "app.py", {}),
        ("sanic web:app --host 0.0.0.0 --port 80", "web.py", {}),
        ("bentoml serve web:svc --port 80", "web.py", {}),
        ("nameko run web", "web.py", {}),
        ("faust -A web worker -l info", "web.py", {}),
        ("serve run web:app", "web.py", {}),
        ("invoke start", "tasks.py", {}),
        ("functions-framework --target main --port 80", "main.py", {}),
        ("functions-framework --target main --source web.py", "web.py", {}),
        ("dagster dev -m web -h 0.0.0.0", "web.py", {}),
        ("dagster-webserver -f web.py", "web.py", {}),
        (
            "aerich upgrade",
            "web.py",
            {"pyproject.toml": '[tool.aerich]\ntortoise_orm = "web.TORTOISE_ORM"\n'},
        ),
        (
            "scrapy crawl prices",
            "web/spiders/prices.py",
            {
                "scrapy.cfg": "[settings]\ndefault = web.settings\n",
                "web/__init__.py": "",
                "web/settings.py": "SPIDER_MODULES = ['web.spiders']\n",
                "web/spiders/__init__.py": "",
            },
        ),
        ("gunicorn my-app:app", "my-app.py", {}),
        ("uvicorn my-app:app", "my-app.py", {}),
        ("flask --app ./my-app.py run", "my-app.py", {}),
    ],
)
def test_what_it_imports(tmp_path: Path, command: str, file: str, more: dict[str, str]) -> None:
    files = {
        **more,
        file: APP,
        "box/__init__.py": "",
        "box/gone.py": "",
        "Dockerfile": IMAGE.format("", command),
    }
    program = command.split()[0]
    distribution = {"faust": "faust-streaming", "serve": "ray", "invoke": "invoke"}.get(program, program)
    files["Dockerfile"] = IMAGE.format(f"RUN pip install {distribution}\n", command)
    assert told(tmp_path, files) == []
    assert told(tmp_path, {".dockerignore": "**/gone.py\n"}) == [f"error PAR101 start box.gone at {file}:1"]
