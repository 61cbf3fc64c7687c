"""Files that a server reads when it starts: its configuration, and that of its logging."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import told

IMAGE = "FROM python:3.12-slim\nWORKDIR /srv\nRUN pip install {} flask\nCOPY . .\nCMD {}\n"
SECTIONS = (
    "[loggers]\nkeys=root\n[handlers]\nkeys=console\n[formatters]\nkeys=json\n[logger_root]\nhandlers=console\n"
    "[handler_console]\nclass=StreamHandler\nargs=(sys.stdout,)\n[formatter_json]\nclass=shop.logs.Json\n"
)
JSON = '{"version": 1, "formatters": {"json": {"()": "shop.logs.Json"}}}'
YAML = "version: 1\nhandlers:\n  out:\n    class: shop.logs.Json\n"
FILES = {
    "shop/__init__.py": "",
    "shop/web.py": "app = object()\n",
    "shop/logs.py": "import logging\n\n\nclass Json(logging.Formatter):\n    pass\n",
    "log.conf": SECTIONS,
    "log.json": JSON,
    "log.yml": YAML,
    "serve.toml": "bind = 'x'\n",
    "uwsgi.ini": "[uwsgi]\nmodule = shop.web:app\n",
    "conf.py": 'logconfig = "log.conf"\nwsgi_app = "shop.web:app"\n',
}
COMMANDS = [
    ("gunicorn --log-config log.conf shop.web:app", "log.conf"),
    ("gunicorn --log-config=log.conf shop.web:app", "log.conf"),
    ("gunicorn --log-config-json log.json shop.web:app", "log.json"),
    ("gunicorn -c conf.py", "log.conf"),
    ("uvicorn --log-config log.yml shop.web:app", "log.yml"),
    ("uvicorn --log-config log.json shop.web:app", "log.json"),
    ("hypercorn --log-config log.conf shop.web:app", "log.conf"),
    ("granian --log-config log.json shop.web:app", "log.json"),
]


@pytest.mark.parametrize(
    ("command", "file"),
    [
        *COMMANDS,
        ("uwsgi uwsgi.ini", "uwsgi.ini"),
        ("uwsgi --ini uwsgi.ini", "uwsgi.ini"),
        ("hypercorn -c serve.toml shop.web:app", "serve.toml"),
    ],
)
def test_a_file_that_the_image_lacks(tmp_path: Path, command: str, file: str) -> None:
    files = {**FILES, "Dockerfile": IMAGE.format(command.split()[0], command)}
    assert told(tmp_path, files) == []
    assert told(tmp_path, {".dockerignore": f"{file}\n"}) == [
        f"error PAR501 start /srv/{file} at Dockerfile:5"
    ]


@pytest.mark.parametrize(("command", "file"), COMMANDS)
def test_a_class_that_it_names(tmp_path: Path, command: str, file: str) -> None:
    files = {
        **FILES,
        "Dockerfile": IMAGE.format(command.split()[0], command),
        ".dockerignore": "**/logs.py\n",
    }
    (finding,) = told(tmp_path, files)
    assert finding.split()[0] == "error"
    assert "shop.logs" in finding


def test_dictionaries_of_the_code(tmp_path: Path) -> None:
    code = "import logging.config\n\nLOG = {'version': 1, 'handlers': {'out': {'class': 'shop.logs.Json'}}}\n"
    files = {**FILES, "main.py": f"{code}logging.config.dictConfig(LOG)\n"}
    files["Dockerfile"] = IMAGE.format("uvicorn", "python main.py")
    assert told(tmp_path, files) == []
    assert told(tmp_path, {".dockerignore": "**/logs.py\n"}) == ["error PAR101 start shop.logs at main.py:3"]


@pytest.mark.parametrize(
    ("start", "severity"),
    [
        ("CMD while true; do python -m shop.job; sleep 300; done", "error"),
        ("CMD while true; do python -m shop.job || echo again; done", "error"),
        ('CMD ["supervisord", "-c", "/srv/super.conf"]', "error"),
        ("CMD while true; do python -m shop.job; nginx -t; done", "error"),
        ("CMD python -m shop.job & python -m shop.web", "warning"),
        ("CMD python -m shop.job one & python -m shop.job two & wait", "error"),
    ],
)
def test_the_only_program_of_a_loop(tmp_path: Path, start: str, severity: str) -> None:
    files = {
        **FILES,
        "shop/job.py": "import shop.gone\n",
        "shop/gone.py": "",
        "super.conf": "[supervisord]\nnodaemon=true\n[program:job]\ncommand=python -m shop.job\n",
        "Dockerfile": IMAGE.format("supervisor", "x").rpartition("CMD")[0] + start + "\n",
        ".dockerignore": "**/gone.py\n",
    }
    assert told(tmp_path, files) == [f"{severity} PAR101 start shop.gone at shop/job.py:1"]


@pytest.mark.parametrize(
    ("files", "start"),
    [
        ({}, 'CMD gunicorn -c "$GUNICORN_CONF" main:app'),
        ({}, "CMD gunicorn -c $(find-settings) -k $WORKER main:app"),
        (
            {
                "super.conf": "[supervisord]\nuser=x\n[program:web]\ncommand=gunicorn main:app\n",
                "run.sh": "sed -i s/user=.*/user=$(id -un)/ super.conf\nexec supervisord -c super.conf\n",
            },
            "CMD sh run.sh",
        ),
    ],
    ids=["a variable", "a command", "a file that a script edits"],
)
def test_settings_that_nobody_knows_do_not_hide_the_application(
    tmp_path: Path, files: dict[str, str], start: str
) -> None:
    dockerfile = IMAGE.format("gunicorn supervisor", "x").rpartition("CMD")[0] + start + "\n"
    main = {"main.py": "import shop.gone\napp = None\n", "shop/gone.py": "", ".dockerignore": "**/gone.py\n"}
    assert told(tmp_path, {**FILES, **files, **main, "Dockerfile": dockerfile}) == [
        "error PAR101 start shop.gone at main.py:1"
    ]
