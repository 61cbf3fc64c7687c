"""Modules that would run for ever or fill the memory are told about soon."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

SECONDS, MEMORY = 30, 2 << 30
SOURCES = {
    "products": "a = 'x' * 10**9\nb = [0] * 10**9\nc = 10**10**10\nd = 1 << 10**9\ne = bytes(10**9)\n",
    "doubled": "a = 'x' * 10**6\nfor i in range(100): a = a + a\n",
    "repeated lists": "a = [0] * 1000\nfor i in range(50): a = a * 1000\n",
    "formats": "a = '%1000000000d' % 1\nb = f'{1:1000000000d}'\nc = 'a'.ljust(10**9)\nd = 'a'.zfill(10**9)\n",
    "ranges": "for i in range(10**9):\n    for j in range(10**9):\n        k = i * j\n",
    "comprehensions": "a = [[i for i in range(10**9)] for j in range(10**9)]\nb = sum(range(10**10))\n",
    "dictionaries": "a = {}\nfor i in range(10**7): a[i] = 'x' * i\n",
    "a growing search path": "import sys\nfor i in range(10**6): sys.path.insert(0, '/x' * i)\n",
    "twice at each level": "def f(n):\n    return 1 if n < 2 else f(n - 1) + f(n - 2)\nf(60)\n",
    "classes": "class A: pass\n"
    + "".join(f"class A{n}(A{n - 1 if n else ''}): pass\n" for n in range(2_000)),
    "imports of itself": "import main\n" * 5_000 + "from main import *\n" * 1_000,
}
LENGTH = 3_000
CHAIN = {f"m{n}.py": f"import m{n + 1}\n" for n in range(LENGTH)} | {f"m{LENGTH}.py": ""}
CIRCLE = {f"m{n}.py": f"import m{(n + 1) % LENGTH}\n" for n in range(LENGTH)}
PROJECTS = {
    **{name: {"main.py": source} for name, source in SOURCES.items()},
    "a recursion": {"main.py": "def f(n):\n    return f(n + 1)\nf(0)\n"},
    "no end": {"main.py": "n = 2\nwhile True:\n    n = n * n\n"},
    "a chain of modules": {"main.py": "import m0\n", **CHAIN},
    "a circle of modules": {"main.py": "import m0\n", **CIRCLE},
}


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.parametrize("name", PROJECTS)
def test_answered(tmp_path: Path, name: str) -> None:
    for file, text in PROJECTS[name].items():
        (tmp_path / file).write_text(text)
    (tmp_path / "Dockerfile").write_text(
        'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'
    )
    done = subprocess.run(
        [sys.executable, "-m", "parity", "check", "--no-cache", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=limit,
    )
    assert done.returncode in (0, 1), done.stderr[-2000:]
    assert "internal error" not in done.stdout + done.stderr
