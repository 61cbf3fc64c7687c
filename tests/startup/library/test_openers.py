"""A file that the checkout has and the image lacks, opened in each way of the library: CPython says how it ends."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from parity.model.command import Command
from parity.startup.entrypoint import Entrypoint, RunFile
from parity.startup.simulate import simulate
from parity.tree.memory import MemoryTree
from tests.support import cpython

CALLS = {
    "zipfile": "import zipfile\nzipfile.ZipFile('data/x')\n",
    "tarfile": "import tarfile\ntarfile.open('data/x')\n",
    "gzip": "import gzip\ngzip.open('data/x', 'rt')\n",
    "bz2": "import bz2\nbz2.open('data/x')\n",
    "lzma": "import lzma\nlzma.open('data/x')\n",
    "shutil.copy": "import shutil\nshutil.copy('data/x', 'y')\n",
    "shutil.copytree": "import shutil\nshutil.copytree('data', 'y')\n",
    "os.stat": "import os\nos.stat('data/x')\n",
    "os.path.getsize": "import os\nos.path.getsize('data/x')\n",
    "os.chdir": "import os\nos.chdir('data')\n",
    "os.open": "import os\nos.open('data/x', os.O_RDONLY)\n",
    "Path.stat": "from pathlib import Path\nPath('data/x').stat()\n",
    "Path.stat of a folder": "from pathlib import Path\nPath('data').stat()\n",
    "runpy": "import runpy\nrunpy.run_path('data/x.py')\n",
    "ssl": "import ssl\nssl.create_default_context(cafile='data/x')\n",
    "fileConfig": "import logging.config\nlogging.config.fileConfig('data/x')\n",
    "sqlite3": "import sqlite3\nsqlite3.connect('data/new.db')\n",
    "FileHandler": "import logging\nlogging.FileHandler('data/new')\n",
    "RotatingFileHandler": "from logging.handlers import RotatingFileHandler\nRotatingFileHandler('data/new')\n",
    "basicConfig": "import logging\nlogging.basicConfig(filename='data/new')\n",
    "ElementTree": "import xml.etree.ElementTree as tree\ntree.parse('data/x')\n",
    "minidom": "import xml.dom.minidom\nxml.dom.minidom.parse('data/x')\n",
    "wave": "import wave\nwave.open('data/x')\n",
    "netrc": "import netrc\nnetrc.netrc('data/x')\n",
    "os.remove": "import os\nos.remove('data/x')\n",
    "Path.write_text": "from pathlib import Path\nPath('data/new').write_text('x')\n",
    "Path.touch": "from pathlib import Path\nPath('data/new').touch()\n",
    "parent": "import os\nopen(os.path.join(os.path.dirname(__file__), 'pk', os.pardir, 'data', 'x'))\n",
}
HEALTHY = {
    "another mode": "import gzip, zipfile\ngzip.open('y', 'wb')\nzipfile.ZipFile('z', 'w')\n",
    "in memory": "import sqlite3\nsqlite3.connect(':memory:')\nsqlite3.connect('new.db')\n",
    "made before": "import os, sqlite3\nos.makedirs('data', exist_ok=True)\nsqlite3.connect('data/new.db')\n",
    "made by a path": "import logging, pathlib\npathlib.Path('data').mkdir()\nlogging.FileHandler('data/new')\n",
    "made where it is wanted": "import os\nos.open('y', os.O_RDONLY | os.O_CREAT)\nos.stat('y')\n",
    "tested": "import os\nif os.path.exists('data/x'):\n    os.stat('data/x')\n",
    "taken": "import sqlite3\ntry:\n    sqlite3.connect('data/new.db')\nexcept sqlite3.OperationalError:\n    pass\n",
    "taken by its base": "import os\ntry:\n    os.stat('data/x')\nexcept OSError:\n    pass\n",
    "made by a path, with its parents": "from pathlib import Path\nPath('data/deep').mkdir(parents=True)\n",
    "later": "import logging\nlogging.FileHandler('data/new', delay=True)\n",
}
DATA = {"data/x": "x", "data/x.py": ""}
COPIED = {"pk/__init__.py": ""}


def ours(text: str) -> cpython.Outcome:
    """The image has main.py, the checkout the data as well."""
    world = cpython.world_of({"main.py": text, **COPIED, **DATA})
    world = replace(world, files=MemoryTree({"main.py": text, **COPIED}))
    start = Entrypoint("python", Command(("python", "main.py")), ("/",), (RunFile("/main.py"),))
    return cpython.outcome(simulate(start, world))


def really(text: str) -> cpython.Outcome:
    with tempfile.TemporaryDirectory() as folder:
        return cpython.really({"main.py": text, **COPIED}, ("main.py",), Path(folder))


@pytest.mark.parametrize("text", CALLS.values(), ids=CALLS.keys())
def test_what_is_not_there_ends_the_start_up(text: str) -> None:
    real, told = really(text), ours(text)
    assert real.exception is not None
    assert cpython.same(real, told), (real, told)


@pytest.mark.parametrize("text", HEALTHY.values(), ids=HEALTHY.keys())
def test_nothing_is_told_of_what_starts(text: str) -> None:
    assert (really(text), ours(text)) == (cpython.Outcome(), cpython.Outcome())


@pytest.mark.parametrize("text", CALLS.values(), ids=CALLS.keys())
def test_nothing_is_told_where_the_data_is_there(text: str) -> None:
    assert (
        cpython.outcome(cpython.simulated({"main.py": text, **COPIED, **DATA}, ("main.py",)))
        == cpython.Outcome()
    )
