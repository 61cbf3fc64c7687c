"""Modules that a loop over the files of a folder imports: followed as CPython goes through them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.support import cpython

LOOPS = {
    "Path.glob": (
        "from importlib import import_module\nfrom pathlib import Path\n"
        "for found in sorted((Path(__file__).parent / 'shop').glob('*/tasks.py')):\n"
        "    import_module(f'shop.{found.parent.name}.tasks')\n"
    ),
    "glob.glob": (
        "import glob, os\nfrom importlib import import_module\n"
        "HERE = os.path.dirname(os.path.abspath(__file__))\n"
        "for found in sorted(glob.glob(os.path.join(HERE, 'shop', '*', 't*.py'))):\n"
        "    import_module('shop.%s.tasks' % found.split(os.sep)[-2])\n"
    ),
}
PACKAGES = {
    "shop/__init__.py": "",
    "shop/a/__init__.py": "",
    "shop/b/__init__.py": "",
    "shop/c.py": "import gone\n",
}


@pytest.mark.parametrize("text", LOOPS.values(), ids=LOOPS.keys())
@pytest.mark.parametrize("tasks", ["", "import gone\n"])
def test_a_pattern_with_folders_finds_what_is_in_each(text: str, tasks: str) -> None:
    files = {"main.py": text, **PACKAGES, "shop/a/tasks.py": "", "shop/b/tasks.py": tasks}
    with tempfile.TemporaryDirectory() as folder:
        real = cpython.really(files, ("main.py",), Path(folder))
    assert (real.exception is None) == (tasks == "")
    assert cpython.same(real, cpython.outcome(cpython.simulated(files, ("main.py",))))
