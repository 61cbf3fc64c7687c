"""Data files that only functions read are told: by a path built from `__file__`, to what the image lacks."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from parity.model.command import Command
from parity.startup.deferred import deferred
from parity.startup.entrypoint import Entrypoint, RunFile
from parity.startup.simulate import simulate
from parity.tree.memory import MemoryTree
from tests.support import cpython

HEAD = "import json, os, shutil, sys\nfrom pathlib import Path\nHERE = Path(__file__).parent\nDATA = HERE / 'data'\n"
TOLD = {
    "read_text": "def f():\n    return json.loads((HERE / 'data' / 'x.json').read_text())\n",
    "a constant": (
        "NAME = HERE.joinpath('data', 'x.json')\ndef f():\n    with NAME.open() as file:\n"
        "        return file\n"
    ),
    "open": "def f():\n    return open(os.path.join(os.path.dirname(__file__), 'data', 'x.json'), encoding='utf8')\n",
    "a name of the function": "def f():\n    place = DATA / 'x.json'\n    return open(str(place), 'rb')\n",
    "a method": "class A:\n    def f(self):\n        return (DATA / 'x.json').read_bytes()\n",
    "another opener": "def f():\n    shutil.copy(DATA / 'x.json', '/tmp/x')\n",
    "a handler of something else": (
        "def f():\n    try:\n        return (DATA / 'x.json').read_text()\n    except KeyError: pass\n"
    ),
    "handed on": "import templates\ntemplates.Loader(DATA / 'x.json')\n",
    "handed on by name": "import templates\ndef f():\n    templates.Loader(directory=str(DATA / 'x.json'))\n",
}
SILENT = {
    "a parameter": "def f(DATA):\n    return (DATA / 'x.json').read_text()\n",
    "a name that changes": (
        "def f():\n    place = DATA / 'x.json'\n    place = find(place)\n    return place.read_text()\n"
    ),
    "tested": "def f():\n    if (DATA / 'x.json').exists():\n        return (DATA / 'x.json').read_text()\n",
    "its folder is tested": "def f():\n    if DATA.is_dir():\n        return (DATA / 'x.json').read_text()\n",
    "made": "def f():\n    DATA.mkdir()\n    return (DATA / 'x.json').read_text()\n",
    "written": "def f():\n    return open(DATA / 'x.json', 'w'), (DATA / 'x.json').open(mode='a')\n",
    "taken": "def f():\n    try:\n        return (DATA / 'x.json').read_text()\n    except OSError: pass\n",
    "what the checkout lacks": "def f():\n    return (DATA / 'y.json').read_text()\n",
    "what is optional": "import dotenv\ndotenv.load_dotenv(HERE / '.env')\n",
    "what git ignores": "def f():\n    return (HERE / 'cache.db').read_text()\n",
    "handed to what only says it": "def f():\n    print(DATA / 'x.json')\n",
    "what is there": "def f():\n    return Path(__file__).read_text()\n",
}
CHECKOUT = {"data/x.json": "{}", ".env": "", "cache.db": ""}


def told(text: str) -> list[tuple[str, int]]:
    """(image path, line) of each."""
    files = {"main.py": HEAD + text}
    world = replace(
        cpython.world_of({**files, **CHECKOUT}),
        files=MemoryTree(files),
        preloaded=cpython.PRELOADED | {"templates", "dotenv"},
        git_ignored=lambda path: path == "/cache.db",
    )
    start = Entrypoint("python", Command(("python", "main.py")), ("/",), (RunFile("/main.py"),))
    startup = simulate(start, world)
    assert startup.failures == ()
    return [(one.image_path, one.place.line) for one in deferred(startup, world).failures]


@pytest.mark.parametrize("text", TOLD.values(), ids=TOLD.keys())
def test_what_a_function_reads_is_told_with_its_line(text: str) -> None:
    lines = (HEAD + text).splitlines()
    ((path, line),) = told(text)
    assert path == "/data/x.json"
    assert any(word in lines[line - 1] for word in ("read", "open", "copy", "Loader"))


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT.keys())
def test_nothing_is_told_of_what_can_do_without(text: str) -> None:
    assert told(text) == []


def test_what_the_start_up_reads_itself_is_told_once() -> None:
    files = {"main.py": HEAD + "def f():\n    return (DATA / 'x.json').read_text()\nf()\n"}
    world = replace(cpython.world_of({**files, **CHECKOUT}), files=MemoryTree(files))
    start = Entrypoint("python", Command(("python", "main.py")), ("/",), (RunFile("/main.py"),))
    startup = simulate(start, world)
    assert [failure.image_path for failure in startup.failures] == ["/data/x.json"]
    assert deferred(startup, world).failures == ()
