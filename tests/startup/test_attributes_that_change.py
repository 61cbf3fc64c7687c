"""A class's body gives an attribute a plain value, and something else makes another of it: CPython is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import cpython
from tests.support.checked import told

KIND = "class K:\n    value = 1\n"
CHANGED = {
    "a metaclass": (
        "class Meta(type):\n    def __new__(m, n, b, d):\n"
        "        return super().__new__(m, n, b, {k: K if v == 'a' else v for k, v in d.items()})\n"
        "class M(metaclass=Meta):\n    x = 'a'\nM.x.value\n"
    ),
    "__init_subclass__": (
        "class Base:\n    def __init_subclass__(cls, **kw):\n"
        "        for key in list(vars(cls)):\n            if key == 'y': setattr(cls, key, K)\n"
        "class Sub(Base):\n    y = 'q'\nSub.y.value\n"
    ),
    "__set_name__": (
        "class Desc:\n    def __set_name__(self, owner, name): setattr(owner, 'z', K)\n"
        "class W:\n    z = 's'\n    d = Desc()\nW.z.value\n"
    ),
    "a decorator": "def deco(c):\n    c.w = K\n    return c\n@deco\nclass D:\n    w = 's'\nD.w.value\n",
    "__getattribute__": "class P:\n    v = 's'\n    def __getattribute__(self, name): return K\nP().v.value\n",
    "keywords as attributes": (
        "class I:\n    v = 's'\n    def __init__(self, **kw):\n"
        "        for k, x in kw.items(): setattr(self, k, x)\nI(v=K).v.value\n"
    ),
    "the object's dict": (
        "class I:\n    v = 's'\n    def __init__(self, **kw): self.__dict__.update(kw)\nI(v=K).v.value\n"
    ),
    "a dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass D:\n    k: object = 's'\n"
        "D(K).k.value\nD(k=K).k.value\n"
    ),
}
KEPT = {
    "a class": "class C:\n    v = 's'\nC.v.value\n",
    "an object": "class C:\n    v = 's'\nC().v.value\n",
    "a class with a base": "class B:\n    v = 's'\nclass C(B): pass\nC().v.value\n",
}


@pytest.mark.parametrize("text", CHANGED.values(), ids=CHANGED.keys())
def test_nothing_is_told_of_it(text: str) -> None:
    real, ours = cpython.judged({"main.py": KIND + text})
    assert (real, ours) == (cpython.Outcome(), cpython.Outcome())


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_what_nothing_changes_is_told(text: str) -> None:
    real, ours = cpython.judged({"main.py": text})
    assert ours == real
    assert real.exception == "AttributeError"


def test_a_base_of_another_package_makes_members_of_texts(tmp_path: Path) -> None:
    dockerfile = (
        'FROM python:3.12-slim\nWORKDIR /app\nRUN pip install django\nCOPY . .\nCMD ["python", "main.py"]\n'
    )
    main = (
        "from django.db import models\nclass T(models.TextChoices):\n    A = 'a'\n    B = 'b', 'Second'\n"
        "T.A.value\nT.B.label\n"
    )
    assert told(tmp_path, {"Dockerfile": dockerfile, "main.py": main}) == []
