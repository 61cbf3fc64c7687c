"""Calls that do not fit the parameters: each program is run by CPython as well."""

from __future__ import annotations

import pytest

from tests.support import cpython

F = "def f(a, b=1, *, c=2):\n    return a\n"
C = "class C:\n    def __init__(self, a):\n        self.a = a\n    def m(self, x):\n        return x\n"
D = "from dataclasses import dataclass\n@dataclass\nclass D:\n    a: int\n"
HEALTHY = {
    "all forms": F + "f(1)\nf(1, 2)\nf(a=1)\nf(*[1], c=3)\nf(**{'a': 1})\n",
    "gathered": "def f(*a, **k):\n    pass\nf(1, 2, x=3)\n",
    "a method": C + "C(1).m(2)\nC.m(C(1), 2)\n",
    "a static method": "class C:\n    @staticmethod\n    def s(x):\n        return x\nC.s(1)\nC().s(1)\n",
    "a class method": "class C:\n    @classmethod\n    def s(cls, x):\n        return x\nC.s(1)\nC().s(1)\n",
    "decorated": (
        "import functools\ndef d(g):\n    @functools.wraps(g)\n    def inner(*a, **k):\n        return g(1, *a, **k)\n"
        "    return inner\n@d\ndef f(a, b):\n    return a\nf(2)\n"
    ),
    "other defaults": "def f(a):\n    return a\nf.__defaults__ = (1,)\nf()\n",
    "an __init__ that a dataclass above makes": (
        "from dataclasses import dataclass\nclass A:\n    def __init__(self, x, y):\n        pass\n"
        "@dataclass\nclass B(A):\n    a: int\nclass C(B):\n    pass\nC(1)\n"
    ),
    "a metaclass that calls otherwise": (
        "class M(type):\n    def __call__(cls, *a):\n        return super().__call__(1)\n"
        "class C(metaclass=M):\n    def __init__(self, a):\n        pass\nC()\n"
    ),
    "caught": F + "try:\n    f()\nexcept TypeError:\n    pass\n",
    "not called": F + "if len(str(F)) < 0 if False else False:\n    f()\n",
    "a class method uses its class": (
        "class C:\n    table = {}\n    @classmethod\n    def s(cls, x):\n        return cls.table.get(x)\n"
        "C.s('a')\nC().s('a')\n"
    ),
    "a static method of an object": (
        "class C:\n    @staticmethod\n    def s(x):\n        return x.upper()\nC().s('a')\n"
    ),
    "a lambda": "f = lambda x, y=2: x\nf(1)\n",
    "a bound method kept": C + "m = C(1).m\nm(2)\n",
    "another function of that name": "def f(a): pass\nglobals()['f'] = lambda a, b: a\nf(1, 2)\n",
    "a metaclass that looks at the bases": "class M(type):\n    def __new__(cls, name, bases, names):\n"
    "        return super().__new__(cls, name, bases, names) if len(bases) < 2 else gone\nclass C(metaclass=M): pass\n",
    "a private parameter": "class A:\n    def f(self, *, __x=1): pass\nA().f(_A__x=2)\n",
    "a class method by its name": "class A:\n    def __class_getitem__(cls, i): pass\nA.__class_getitem__(int)\n",
}
BROKEN = {
    "missing": F + "f()\n",
    "missing two": "def f(a, b, c):\n    pass\nf(1)\n",
    "too many": F + "f(1, 2, 3)\n",
    "unknown keyword": F + "f(1, d=2)\n",
    "twice": F + "f(1, a=2)\n",
    "by position only": "def f(a, /):\n    pass\nf(a=1)\n",
    "keyword-only": "def f(*, need):\n    pass\nf()\n",
    "a constructor": C + "C()\n",
    "a method": C + "C(1).m()\n",
    "a method of the class": C + "C.m(1)\n",
    "a lambda": "f = lambda x: x\nf()\n",
    "a class method": "class C:\n    @classmethod\n    def s(cls, x):\n        return x\nC.s()\n",
    "a static method": "class C:\n    @staticmethod\n    def s(x):\n        return x\nC().s(1, 2)\n",
    "an unpacked list": F + "f(*[1, 2, 3])\n",
    "over two lines": C + "(\n    C(1)\n    .m()\n)\n",
    "in a function": F + "def g():\n    return f()\ng()\n",
}


@pytest.mark.parametrize("text", HEALTHY.values(), ids=HEALTHY.keys())
def test_nothing_is_told_of_what_fits(text: str) -> None:
    real, ours = cpython.judged({"main.py": text})
    assert (real, ours) == (cpython.Outcome(), cpython.Outcome())


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_what_does_not_fit_is_told_as_cpython_does(text: str) -> None:
    real, ours = cpython.judged({"main.py": text})
    assert real.exception == "TypeError"
    assert real == ours
