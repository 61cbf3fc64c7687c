"""Programs that cannot be executed, drivers that a literal asks for, processes that a supervisor starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.test_findings import told

Found = list[tuple[str, str, str]]


def findings(folder: Path, files: dict[str, str]) -> Found:
    """(code, severity, confidence) of each."""
    return [(one["code"], one["severity"], one["confidence"]) for one in told(folder, files)]


NO_PYTHON: Found = [("PAR602", "error", "likely")]


@pytest.mark.parametrize(
    ("packages", "command", "expected"),
    [
        ("python3", "python", NO_PYTHON),
        ("python3 python3-pip", "python", NO_PYTHON),
        ("python3", "python3", []),
        ("python3 python-is-python3", "python", []),
        ("python3 && ln -s python3 /usr/bin/python", "python", []),
        ("$(apt-cache pkgnames)", "python", []),
    ],
)
@pytest.mark.parametrize("base", ["debian:bookworm-slim", "ubuntu:22.04"])
def test_debian_s_python3_brings_no_python(
    tmp_path: Path, base: str, packages: str, command: str, expected: Found
) -> None:
    dockerfile = f"FROM {base}\nRUN apt-get update && apt-get install -y {packages}\nCOPY main.py .\n"
    files = {"Dockerfile": f'{dockerfile}CMD ["{command}", "main.py"]\n', "main.py": ""}
    assert findings(tmp_path, files) == expected


def test_a_start_script_of_a_forgotten_copy(tmp_path: Path) -> None:
    """Packages of the system may bring something below /opt, and nothing that the checkout has for this folder."""
    dockerfile = (
        "FROM python:3.12-slim AS made\nWORKDIR /opt/shop\nCOPY . /opt/shop\nRUN pip install flask\n"
        "FROM python:3.12-slim\nWORKDIR /opt/shop\nRUN apt-get update && apt-get install -y libffi8\n{}"
        'ENTRYPOINT ["/opt/shop/start.sh"]\n'
    )
    files = {
        "Dockerfile": dockerfile.format(""),
        "start.sh": "#!/bin/sh\nexec python main.py\n",
        "main.py": "",
    }
    assert findings(tmp_path, files) == [("PAR602", "error", "likely"), ("PAR603", "info", "certain")]
    files["Dockerfile"] = dockerfile.format("COPY --chmod=755 . /opt/shop\n")
    assert findings(tmp_path, files) == []


MADE = "FROM python:3.12-slim AS made\nRUN python -m venv /src/venv && /src/venv/bin/pip install gunicorn flask\n"


@pytest.mark.parametrize(
    ("folder", "more", "command", "expected"),
    [
        ("/opt/venv", "", "gunicorn main:app", [("PAR602", "error", "likely")]),
        ("/opt/venv", "", "/opt/venv/bin/gunicorn main:app", [("PAR602", "error", "likely")]),
        ("/opt/venv", "", "python -m gunicorn main:app", []),
        ("/opt/venv", "RUN python -m pip install uvicorn\n", "uvicorn main:app", []),
        ("/opt/venv", "RUN mkdir /src && ln -s /opt/venv /src/venv\n", "gunicorn main:app", []),
        ("/src/venv", "", "gunicorn main:app", []),
    ],
)
def test_scripts_of_an_environment_that_was_copied_to_another_folder(
    tmp_path: Path, folder: str, more: str, command: str, expected: Found
) -> None:
    dockerfile = (
        f"{MADE}FROM python:3.12-slim\nCOPY --from=made /src/venv {folder}\nENV PATH={folder}/bin:$PATH\n"
        f"{more}COPY main.py .\nCMD {command}\n"
    )
    files = {"Dockerfile": dockerfile, "main.py": "import flask\napp = flask.Flask('shop')\n"}
    assert findings(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("packages", "line", "expected"),
    [
        ("asyncpg", "engine = create_engine('postgresql://db/shop')", [("PAR201", "error", "likely")]),
        (
            "asyncpg",
            "engine = sa.create_engine(f'postgresql://{HOST}/shop')",
            [("PAR201", "error", "likely")],
        ),
        ("psycopg2-binary", "engine = create_engine('postgresql://db/shop')", []),
        ("asyncpg", "engine = create_engine('postgresql+asyncpg://db/shop')", []),
        (
            "asyncpg",
            "def late(): return create_engine('postgresql://db/shop')",
            [("PAR201", "info", "certain")],
        ),
    ],
)
def test_the_driver_of_a_dialect(tmp_path: Path, packages: str, line: str, expected: Found) -> None:
    dockerfile = (
        f"FROM python:3.12-slim\nRUN pip install sqlalchemy {packages}\nCOPY main.py .\nCMD python main.py\n"
    )
    program = f"import sqlalchemy as sa\nfrom sqlalchemy import create_engine\nHOST = 'db'\n{line}\n"
    assert findings(tmp_path, {"Dockerfile": dockerfile, "main.py": program}) == expected


@pytest.mark.parametrize(
    "program",
    [
        "from importlib.util import find_spec\nif find_spec('ujson'):\n    import ujson\n",
        "import importlib.util as u\nif u.find_spec('ujson') is not None:\n    import ujson\n",
        "import importlib.util\nHAS = importlib.util.find_spec('ujson') is not None\nif HAS:\n    import ujson\n",
    ],
)
def test_what_is_imported_only_if_it_is_there(tmp_path: Path, program: str) -> None:
    dockerfile = "FROM python:3.12-slim\nRUN pip install flask\nCOPY main.py .\nCMD python main.py\n"
    files = {"Dockerfile": dockerfile, "main.py": f"import flask\n{program}"}
    assert findings(tmp_path, files) == []
    files["main.py"] = program.replace("find_spec('ujson')", "find_spec('orjson')")
    assert findings(tmp_path, files) == [("PAR201", "warning", "likely")]


def test_a_variant_of_the_distribution_is_installed(tmp_path: Path) -> None:
    dockerfile = "FROM python:3.12-slim\nRUN pip install pillow-simd\nCOPY main.py .\nCMD python main.py\n"
    assert findings(tmp_path, {"Dockerfile": dockerfile, "main.py": "import PIL\n"}) == []


def test_each_program_of_a_supervisor_is_a_service(tmp_path: Path) -> None:
    """Where the web server is dead, nginx beside it answers every request with an error."""
    dockerfile = (
        "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y nginx supervisor\n"
        "COPY web.py supervisord.conf ./\nCMD supervisord -n -c /supervisord.conf\n"
    )
    programs = "[program:nginx]\ncommand=nginx -g 'daemon off;'\n[program:web]\ncommand=python web.py\n"
    files = {
        "Dockerfile": dockerfile,
        "supervisord.conf": f"[supervisord]\nnodaemon=true\n{programs}",
        "web.py": "import shop\n",
        "shop.py": "",
    }
    assert findings(tmp_path, files) == [("PAR101", "error", "certain")]
