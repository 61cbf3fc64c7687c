"""What runs before the first request of an ASGI application; the frameworks themselves are asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import lay_out, told
from tests.support.frameworks import run

LIFESPAN = """\
from contextlib import asynccontextmanager

{imported}


@asynccontextmanager
async def lifespan(app):
    import voice.engine

    yield
    import voice.last


app = {made}
"""
EVENT = """\
{imported}

app = {made}


@app.{decorator}
async def start({parameters}):
    await load()


async def load():
    import voice.engine
"""
APPLICATIONS = {
    "fastapi lifespan": LIFESPAN.format(
        imported="from fastapi import FastAPI", made="FastAPI(lifespan=lifespan)"
    ),
    "starlette lifespan": LIFESPAN.format(
        imported="from starlette.applications import Starlette", made="Starlette(lifespan=lifespan)"
    ),
    "litestar lifespan": LIFESPAN.format(
        imported="from litestar import Litestar", made="Litestar(lifespan=[lifespan])"
    ),
    "litestar startup": (
        "from litestar import Litestar\n\n\ndef start():\n    import voice.engine\n\n\n"
        "app = Litestar(on_startup=[start])\n"
    ),
    "fastapi event": EVENT.format(
        imported="from fastapi import FastAPI",
        made="FastAPI()",
        decorator='on_event("startup")',
        parameters="",
    ),
    "fastapi router": (
        "from fastapi import APIRouter, FastAPI\n\nrouter = APIRouter()\n\n\n"
        '@router.on_event("startup")\ndef start():\n    import voice.engine\n\n\n'
        "app = FastAPI()\napp.include_router(router)\n"
    ),
    "fastapi handler": (
        "from fastapi import FastAPI\n\n\ndef start():\n    import voice.engine\n\n\n"
        "app = FastAPI()\napp.router.on_startup.append(start)\n"
    ),
    "quart": EVENT.format(
        imported="from quart import Quart", made='Quart("voice")', decorator="before_serving", parameters=""
    ),
    "sanic": EVENT.format(
        imported="from sanic import Sanic",
        made='Sanic("voice")',
        decorator="before_server_start",
        parameters="app",
    ),
    "sanic listener": EVENT.format(
        imported="from sanic import Sanic",
        made='Sanic("voice")',
        decorator='listener("before_server_start")',
        parameters="app, loop",
    ),
}
START = "FROM python:3.12-slim\nWORKDIR /app\nRUN pip install {}\nCOPY . .\nCMD {}\n"
FILES = {"voice/__init__.py": "", "voice/engine.py": "", "voice/last.py": ""}


def line_of(text: str) -> int:
    return text[: text.index("import voice.engine")].count("\n") + 1


@pytest.mark.parametrize("name", APPLICATIONS)
@pytest.mark.parametrize(
    "start", ['["uvicorn", "voice.main:app"]', '["python", "-m", "voice"]', '["hypercorn", "voice.main:app"]']
)
def test_what_runs_before_the_first_request(tmp_path: Path, name: str, start: str) -> None:
    text = APPLICATIONS[name]
    packages = (
        f"{text.partition('import')[0].split()[-1].partition('.')[0]} fastapi starlette litestar quart sanic"
    )
    files = {
        **FILES,
        "voice/main.py": text,
        "voice/__main__.py": 'import uvicorn\n\nuvicorn.run("voice.main:app")\n',
        "Dockerfile": START.format(f"{packages} uvicorn hypercorn", start),
        ".dockerignore": "voice/engine.py\n",
    }
    expected = f"error PAR101 start voice.engine at voice/main.py:{line_of(text)}"
    assert told(tmp_path, files) == [expected]
    assert told(tmp_path, {**files, ".dockerignore": ""}) == []


@pytest.mark.parametrize(
    "program",
    [
        'import uvicorn\nuvicorn.Server(uvicorn.Config("voice.main:app")).run()\n',
        'from uvicorn import Config, Server\nconfig = Config(app="voice.main:app")\nServer(config=config).run()\n',
        'import granian\ngranian.Granian("voice.main:app").serve()\n',
    ],
)
def test_a_server_that_the_program_makes_itself(tmp_path: Path, program: str) -> None:
    files = {
        **FILES,
        "voice/main.py": "import voice.engine\napp = None\n",
        "voice/__main__.py": program,
        "Dockerfile": START.format("uvicorn granian", '["python", "-m", "voice"]'),
        ".dockerignore": "voice/engine.py\n",
    }
    assert told(tmp_path, files) == ["error PAR101 start voice.engine at voice/main.py:1"]
    assert [one for one in told(tmp_path, {**files, ".dockerignore": ""}) if "PAR101" in one] == []


@pytest.mark.parametrize(
    "start",
    [
        '["uvicorn", "voice.main:app", "--lifespan", "off"]',
        '["daphne", "voice.main:app"]',
        '["python", "-c", "import voice.main"]',
    ],
)
def test_servers_without_lifespan(tmp_path: Path, start: str) -> None:
    text = APPLICATIONS["fastapi lifespan"]
    image = START.format("fastapi uvicorn daphne", start)
    files = {**FILES, "voice/main.py": text, "Dockerfile": image, ".dockerignore": "voice/engine.py\n"}
    assert told(tmp_path, files) == [f"warning PAR102 later voice.engine at voice/main.py:{line_of(text)}"]


def test_what_stands_behind_the_yield_runs_at_the_end(tmp_path: Path) -> None:
    image = START.format("fastapi uvicorn", '["uvicorn", "voice.main:app"]')
    files = {
        **FILES,
        "voice/main.py": APPLICATIONS["fastapi lifespan"],
        "Dockerfile": image,
        ".dockerignore": "voice/last.py\n",
    }
    assert told(tmp_path, files) == ["warning PAR101 later voice.last at voice/main.py:11"]


def test_a_route_is_no_path_of_a_file(tmp_path: Path) -> None:
    files = {
        "voice/__init__.py": "",
        "voice/main.py": (
            "import json\nfrom pathlib import Path\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
            "@app.get('/')\ndef home():\n    pass\n\n\n"
            "TEXTS = json.loads((Path(__file__).parent / 'texts.json').read_text())\n"
        ),
        "voice/texts.json": "{}",
        "Dockerfile": START.format("fastapi uvicorn", '["uvicorn", "voice.main:app"]'),
        ".dockerignore": "**/*.json\n",
    }
    assert told(tmp_path, files) == ["error PAR501 start /app/voice/texts.json at voice/main.py:13"]


SERVE = """
import asyncio, sys
import uvicorn
server = uvicorn.Server(uvicorn.Config("voice.main:app", port=0, log_level="error", interface="asgi3", lifespan="on"))
async def main():
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    print("started" if server.started else "failed")
    server.should_exit = True
    await serving
try:
    asyncio.run(main())
except SystemExit:
    print("failed")
"""


@pytest.mark.framework
@pytest.mark.parametrize(
    "name", [name for name in APPLICATIONS if "sanic" not in name]
)  # a server of its own
def test_the_framework_runs_it(tmp_path: Path, name: str) -> None:
    lay_out(tmp_path, {**FILES, "voice/main.py": APPLICATIONS[name]})
    assert "started" in run(tmp_path, "-c", SERVE).stdout
    (tmp_path / "voice/engine.py").unlink()
    ended = run(tmp_path, "-c", SERVE)
    assert "started" not in ended.stdout
    assert "voice.engine" in ended.stderr
