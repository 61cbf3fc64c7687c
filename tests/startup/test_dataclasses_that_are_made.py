"""What a dataclass refuses: each program is run by CPython as well."""

from __future__ import annotations

import pytest

from tests.support import cpython

USE = "import dataclasses\nfrom dataclasses import KW_ONLY, InitVar, dataclass, field\nfrom typing import ClassVar\n"
POINT = USE + "@dataclass\nclass P:\n    x: int\n    y: int = 0\n"
HEALTHY = {
    "all forms": POINT + "P(1)\nP(1, 2)\nP(x=1, y=2)\n",
    "a child": POINT + "@dataclass\nclass C(P):\n    z: int = 1\nC(1, 2, 3)\nC(1, z=2)\n",
    "a field again": POINT + "@dataclass\nclass C(P):\n    x: int = 1\nC()\n",
    "by keyword": USE + "@dataclass(kw_only=True)\nclass C:\n    a: int = 0\n    b: int\nC(b=1)\n",
    "by keyword from here": USE
    + "@dataclass\nclass C:\n    a: int = 0\n    _: KW_ONLY\n    b: int\nC(1, b=1)\n",
    "no field": USE + "@dataclass\nclass C:\n    a: ClassVar[int] = 1\n    b: int\n    c = 3\nC(2)\n",
    "not a parameter": USE + "@dataclass\nclass C:\n    a: int\n    b: int = field(init=False)\nC(2)\n",
    "a parameter that is no field": USE
    + "@dataclass\nclass C:\n    a: int\n    b: InitVar[int] = 1\nC(2, b=3)\n",
    "a factory": USE
    + "@dataclass\nclass C:\n    a: list = field(default_factory=list)\n    b: tuple = ()\nC()\n",
    "an __init__ of its own": USE + "@dataclass\nclass C:\n    a: int\n    def __init__(self): pass\nC()\n",
    "no __init__": USE + "@dataclass(init=False)\nclass C:\n    a: int\nC()\n",
    "a child that is none": POINT + "class C(P):\n    z: int\nC(1)\n",
    "a list for __init__ alone": USE + "@dataclass\nclass C:\n    x: InitVar[list] = []\nC()\n",
    "a default on a line of its own": POINT + "@dataclass\nclass C(P):\n    z: int\n    z = 3\nC(1)\n",
    "a default of a class above": USE
    + "class B:\n    name = 'x'\n@dataclass\nclass C(B):\n    a: int = 1\n    name: str\nC()\n",
    "a property": USE
    + "@dataclass\nclass C:\n    a: int = 1\n    b: int\n    @property\n    def b(self): return 1\n"
    "    @b.setter\n    def b(self, value): pass\nC()\n",
    "a field annotated again": POINT + "@dataclass\nclass C(P):\n    y: bool\nC(1)\n",
    "a parameter no more": POINT
    + "@dataclass\nclass C(P):\n    x: int = field(init=False, default=1)\nC(2)\n",
    "a field no more": POINT + "@dataclass\nclass C(P):\n    x: ClassVar[int] = 1\nC(2)\n",
    "another name for ClassVar": USE
    + "from typing import ClassVar as Shared\n@dataclass\nclass C:\n    a: int = 1\n    b: Shared[int]\nC()\n",
    "as texts": USE + "@dataclass\nclass C:\n    a: 'int' = 1\n    b: 'ClassVar[int]'\nC()\n",
    "a function that makes a field": "import dataclasses\ndef field(v): return dataclasses.field(default=v)\n"
    "@dataclasses.dataclass\nclass C:\n    a: int = 1\n    b: int = field(3)\nC()\n",
    "a decorator that adds a field": USE
    + "def more(cls):\n    cls.__annotations__['z'] = int\n    return cls\n"
    "@dataclass\n@more\nclass C:\n    x: int\nC(1, 2)\n",
    "a private field": USE + "@dataclass\nclass C:\n    __x: int\nC(_C__x=1)\n",
    "of the module": "import dataclasses\n@dataclasses.dataclass(frozen=True)\nclass C:\n    a: int\nC(1)\n",
}
BROKEN = {
    "missing": POINT + "P()\n",
    "unknown": POINT + "P(1, z=2)\n",
    "too many": POINT + "P(1, 2, 3)\n",
    "of a child": POINT + "@dataclass\nclass C(P):\n    z: int = 1\nC()\n",
    "out of order": USE + "@dataclass\nclass C:\n    a: int = 0\n    b: int\n",
    "out of order in a child": POINT + "@dataclass\nclass C(P):\n    z: int\n",
    "a list": USE + "@dataclass\nclass C:\n    a: list = []\n",
}


@pytest.mark.parametrize("text", HEALTHY.values(), ids=HEALTHY.keys())
def test_nothing_is_told_of_what_fits(text: str) -> None:
    real, ours = cpython.judged({"main.py": text})
    assert (real, ours) == (cpython.Outcome(), cpython.Outcome())


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_refused_is_told_as_cpython_does(text: str) -> None:
    real, ours = cpython.judged({"main.py": text})
    assert real.exception is not None
    assert real == ours
