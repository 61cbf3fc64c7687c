"""Attributes of plain values, and members of enumerations: each program is run by CPython as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.api import image
from tests.support import cpython

ENUM = (
    "from enum import Enum\nclass C(Enum):\n    RED = 'r'\n    GREEN = 'g'\n"
    "    def nice(self):\n        return self.value\n"
)
HEALTHY = {
    "a text": "x = 'a'\nx.upper()\n",
    "a member": ENUM + "C.RED.value.upper()\nC.RED.name\nC.RED.nice()\nC('r')\nC.__members__\nlen(C)\n",
    "a member that is no text": ENUM + "assert C.RED != 'r'\nif C.RED == 'r':\n    import gone\n",
    "a text that is a member": (
        "from enum import Enum\nclass C(str, Enum):\n    A = 'a'\nC.A.value\nC.A.upper()\nC.A.name\n"
    ),
    "a text that is made of a member": (
        "from enum import Enum\nclass C(str, Enum):\n    OK = 200\nC.OK.value + 'x'\n"
        "class D(Enum):\n    A = 'a'\n    @property\n    def value(self): return 7\nD.A.value + 1\n"
    ),
    "no member": "from enum import Enum\nclass C(Enum):\n    _ignore_ = 'x'\n    x = 1\nclass D(C):\n    A = 1\nD.A\n",
    "flags": "from enum import IntFlag\nclass F(IntFlag):\n    A = 1\n    B = 2\nF.A | F.B\nF.A.bit_length()\n",
    "a base without members": "from enum import Enum\nclass B(Enum):\n    def f(self): pass\nclass C(B):\n    A = 1\n",
    "made by vars()": ("from enum import Enum\nclass C(Enum):\n    vars()['A'] = 'a'\nC.A\n"),
    "of a path": "from pathlib import Path\nPath('x').parent.name.upper()\n",
    "above a class": (
        "class A:\n    def f(self): pass\nclass B(A):\n    def f(self):\n        super().__init__()\n"
        "        return super().f()\nB().f()\n"
    ),
    "of the working directory": "from pathlib import Path\nPath.cwd() / 'a'\nPath.cwd().exists()\n",
    "of a folder's entries": "import os\nfor e in os.scandir('.'):\n    e.is_dir()\n    e.name.upper()\n",
    "given by a method": "class C:\n    def f(self):\n        self.x = 1\nc = C()\nc.f()\nc.x\n",
    "given from elsewhere": "class C:\n    pass\ndef f(o):\n    o.x = 1\nc = C()\n[f(o) for o in [c]]\nc.x\n",
    "given by setattr": (
        "class C:\n    def __init__(self, **k):\n        for n, v in k.items():\n            setattr(self, n, v)\n"
        "n = 'a' + 'b'\nC(**{n: 1}).ab\n"
    ),
    "given to the class": "class C:\n    pass\nsetattr(C, 'x', 1)\nC.x\nC().x\n",
    "given by a base": (
        "import json\nclass C:\n    def __init__(self, **k):\n        for n, v in k.items():\n"
        "            super().__setattr__(n, v)\nC(**json.loads('{\"ab\": 1}')).ab\n"
    ),
    "given by setattr of another name": (
        "put = setattr\nclass C:\n    pass\nc = C()\nfor n in ['a' + 'b']:\n    put(c, n, 1)\nc.ab\n"
    ),
    "given by a text that runs": "class C:\n    pass\nc = C()\nexec('c.ab = 1')\nc.ab\n",
    "bound by a text that runs": "class C:\n    exec('ab' + '=1')\nC.ab\n",
    "private": "class C:\n    __y = 1\n    def __init__(self):\n        self.__x = 1\nC()._C__x\nC._C__y\n",
    "given through a dictionary": "import logging\nvars(logging)['ab'] = 1\nlogging.ab\n",
    "what site gives": "import builtins\nbuiltins.exit\n",
    "made up": "class C:\n    def __getattr__(self, name):\n        return 1\nC().x\n",
    "of a dataclass": "from dataclasses import dataclass\n@dataclass\nclass C:\n    x: int\nC(1).x\n",
    "of a namespace": "import argparse\nclass C:\n    pass\nc = C()\nargparse.ArgumentParser().parse_args([], c)\n",
    "caught": "try:\n    'a'.gone\nexcept AttributeError:\n    pass\n",
    "a view of a dict": "{}.keys().isdisjoint([])\n{}.items().mapping\n",
    "a generator": "def g():\n    yield 1\ng().send(None)\n",
    "guarded": "x = 'a'\nif hasattr(x, 'read'):\n    x.read()\n",
    "a submodule of the standard library": "from importlib import resources\nresources.files\n",
}
BROKEN = {
    "of a text": "x = 'a'\nx.uper()\n",
    "of a number": "x = 1\nx.y\n",
    "of an instance": "class C:\n    def __init__(self):\n        self.name = 1\nC().nmae\n",
    "of self": "class C:\n    def f(self):\n        return self.nmae\nC().f()\n",
    "of a path": "from pathlib import Path\nPath('x').read_txt()\n",
    "above a class": (
        "class A:\n    def f(self): pass\nclass B(A):\n    def f(self):\n        return super().g()\nB().f()\n"
    ),
    "of a class": "class C:\n    limit = 1\nC.limits\n",
    "of a list": "x = [1]\nx.push(2)\n",
    "of a dict": "x = {}\nx.iteritems()\n",
    "of an enumeration": ENUM + "C.BLUE\n",
    "a class of members": ENUM + "class D(C):\n    BLUE = 'b'\n",
}


@pytest.mark.parametrize("text", HEALTHY.values(), ids=HEALTHY.keys())
def test_nothing_is_told_of_what_is_there(text: str) -> None:
    real, ours = cpython.judged({"main.py": text})
    assert (real, ours) == (cpython.Outcome(), cpython.Outcome())


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_not_there_is_told(text: str) -> None:
    real, ours = cpython.judged({"main.py": text})
    assert real.exception is not None
    assert (real.exception, real.line) == (ours.exception, ours.line)


@pytest.mark.parametrize(("first", "certain"), [("", True), ("import flask\n", False)])
def test_a_package_of_others_may_give_a_standard_module_a_name(
    tmp_path: Path, first: str, certain: bool
) -> None:
    recipe = 'FROM python:3.12-slim\nRUN pip install flask\nCOPY main.py /\nCMD ["python", "/main.py"]\n'
    (tmp_path / "Dockerfile").write_text(recipe)
    (tmp_path / "main.py").write_text(first + "import logging\nlogging.VERBOSE\n")
    (finding,) = (one for one in image("Dockerfile", root=tmp_path).findings if one.code == "PAR105")
    assert (finding.confidence == "certain") is certain


def test_a_file_hides_a_standard_module_from_a_submodule_that_is_imported_by_name(tmp_path: Path) -> None:
    recipe = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'
    (tmp_path / "Dockerfile").write_text(recipe)
    (tmp_path / "main.py").write_text("from importlib import resources\n")
    (tmp_path / "random.py").write_text("VALUE = 1\n")
    findings = image("Dockerfile", root=tmp_path).findings
    assert [finding.message for finding in findings] == ["random does not define Random"]
