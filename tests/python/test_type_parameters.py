"""Type parameters (PEP 695, PEP 696): where they are seen, and what is evaluated when a definition runs."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from parity.model.version import PythonVersion
from tests.support import cpython

PYTHON = PythonVersion(3, 13)


def interpreter() -> str | None:
    """The judge of drawn programs, where there is one that runs."""
    path = shutil.which("python3.13")
    asked = subprocess.run([path, "-c", ""], capture_output=True) if path is not None else None
    return path if asked is not None and asked.returncode == 0 else None


INTERPRETER = interpreter()

RECORDED: dict[str, str | None] = {
    "def f[A](x: A) -> A: return x\n": None,
    "async def f[A](x: A) -> A: return x\n": None,
    "def f[**P, *Ts](*a: *Ts, **k: P.kwargs) -> tuple[*Ts]: return a, P\nf()\n": None,
    "def f[A: Gone, B: (Gone, int), C = Gone, *D = Gone](x: A): return A, B, C, D\nf(1)\n": None,
    "class Box[T]:\n    items: list[T]\n    kind = T\n    def get(self) -> T: return T\nBox().get()\n": None,
    "class Base[T, U]:\n    def __init_subclass__(cls, k): pass\nclass Sub[A, B](Base[A, B], k=A): pass\n": None,
    "class A[T]:\n    X = int\n    def m[U](self, a: T, b: U, c: X) -> X: return T, U\nA().m(1, 2, 3)\n": None,
    "class A[T]:\n    class B[U](list[U]):\n        def m(self) -> U: return [T, U]\nA.B().m()\n": None,
    "class A[T]:\n    params = __type_params__\n": None,
    "def f[T](): return [T for _ in (1,)], (lambda: T)()\nf()\n": None,
    "def f[T](): pass\nf.__type_params__\n": None,
    "def f[T](x=lambda: T): pass\n": None,
    "type X = Gone\nX.__name__\n": None,
    "type X[T] = list[Gone]\nX.__value__ if 0 else X.__name__\n": None,
    "def f[\n    A,\n    B: Gone,\n](\n    a: A, b: B): pass\n": None,
    "def f\\\n[T](x: T): pass\n": None,
    "if 1:\n    class C[T]: x: T\n    def f[U](x: U): pass\n": None,
    "def f[T](x: Gone): pass\n": "name 'Gone' is not defined",
    "def f[T](x: T) -> Gone: pass\n": "name 'Gone' is not defined",
    "def f[T](x=Gone): pass\n": "name 'Gone' is not defined",
    "def f[T](x=T): pass\n": "name 'T' is not defined",
    "def f[T](): pass\nT\n": "name 'T' is not defined",
    "def f[T](): return Gone\nf()\n": "name 'Gone' is not defined",
    "def f[T](x=(lambda: T)()): pass\n": "name 'T' is not defined",
    "def d(x): return x\n@d(T)\ndef f[T](): pass\n": "name 'T' is not defined",
    "class A[T](Gone[T]): pass\n": "name 'Gone' is not defined",
    "class A[T](list, kind=Gone): pass\n": "name 'Gone' is not defined",
    "class A[T]: x: Gone\n": "name 'Gone' is not defined",
    "class A[T]: pass\nclass B(list[T]): pass\n": "name 'T' is not defined",
    "class A[T]:\n    T = T\n": "name 'T' is not defined",
    "type X[T] = int\nT\n": "name 'T' is not defined",
    "class A:\n    X = 1\n    def m[T](self) -> T: return X\nA().m()\n": "name 'X' is not defined",
}
"""What Python 3.13 says of each program; None where it starts."""


def said(text: str) -> tuple[str | None, bool]:
    """The simulation's NameError, and whether every failure is certain."""
    failures = cpython.simulated({"main.py": text}, ("main.py",), PYTHON).failures
    return (failures[0].text if failures else None), all(failure.certain for failure in failures)


@pytest.mark.parametrize(("text", "recorded"), RECORDED.items())
def test_it_ends_as_python_does(text: str, recorded: str | None) -> None:
    assert said(text) == (recorded, True)


@pytest.mark.skipif(INTERPRETER is None, reason="there is no python3.13 to ask")
@pytest.mark.parametrize("text", RECORDED)
def test_the_record_is_what_python_says(text: str) -> None:
    assert INTERPRETER is not None
    with tempfile.TemporaryDirectory() as folder:
        real = cpython.really({"main.py": text}, ("main.py",), Path(folder), INTERPRETER)
    assert real.text == RECORDED[text]


NAMES = ("A", "B", "C")


def drawn(random: Random, depth: int = 0) -> list[str]:
    """Definitions with type parameters, within one another, that read names which may be bound there or not."""
    lines: list[str] = []
    for _ in range(random.randint(1, 3)):
        name = random.choice(NAMES)
        parameters = random.sample(NAMES, random.randint(0, 2))
        written = ", ".join(p + random.choice(("", ": A", ": (B, C)", " = C")) for p in sorted(parameters))
        if "=" in written and "=" not in written.rpartition(",")[2]:
            written = ", ".join(sorted(parameters))  # none without a default behind one with it
        listed = f"[{written}]" if parameters else ""
        read = random.choice((*NAMES, "int"))
        inner = ["    " + line for line in (drawn(random, depth + 1) if depth < 2 else ["pass"])]
        use = ["    " + random.choice((f"(lambda: {read})()", f"[{read} for _ in (1,)]", f"x: {read}", read))]
        match random.randint(0, 4):
            case 0:
                lines.append(f"{name} = int")
            case 1:
                lines.append(f"type {name}{listed} = {read}")
            case 2:
                base = f"(list[{random.choice((*NAMES, 'int', 'int', 'int'))}])" if parameters else ""
                lines += [f"class {name}{listed}{base}:", *inner, *use]
            case _:
                header = f"def {name.lower()}{listed}(x: {random.choice((*NAMES, 'int', 'int'))} = 1):"
                lines += [header, *inner, *use, f"{name.lower()}()"]
    return lines


@pytest.mark.skipif(INTERPRETER is None, reason="there is no python3.13 to ask")
@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_a_drawn_program_ends_as_it_does_in_cpython(random: Random) -> None:
    assert INTERPRETER is not None
    files = {"main.py": "\n".join(drawn(random)) + "\n"}
    with tempfile.TemporaryDirectory() as folder:
        real = cpython.really(files, ("main.py",), Path(folder), INTERPRETER)
    assume(real.exception in (None, "NameError"))  # `typing` refuses some bases
    ours = cpython.outcome(cpython.simulated(files, ("main.py",), PYTHON))
    assert cpython.same(real, ours), (files["main.py"], real, ours)
