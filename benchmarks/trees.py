"""The checkouts that the benchmarks look at: written, or unpacked from PyPI, always the same."""

from __future__ import annotations

import keyword
import random
import subprocess
import sys
import zipfile
from pathlib import Path

HEALTHY = Path(__file__).resolve().parents[1] / "fixtures" / "incident" / "healthy"
DJANGO = "django==5.2"
DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\n{more}COPY . .\nCMD ["python", "main.py"]\n'
A_FOLDER = 100
"""Files in a folder that nobody asks for, and modules of a package."""


def django(folder: Path) -> Path:
    """Django as it is on PyPI, and a program that imports each of its modules."""
    root = folder / "django"
    if root.exists():
        return root
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--only-binary=:all:",
        "-d",
        folder,
        DJANGO,
    ]
    subprocess.run(command, check=True)
    with zipfile.ZipFile(next(folder.glob("[Dd]jango-*.whl"))) as wheel:
        wheel.extractall(root, [name for name in wheel.namelist() if ".dist-info/" not in name])
    names = []
    for file in sorted(root.rglob("*.py")):
        parts = list(file.relative_to(root).with_suffix("").parts)
        if parts[-1] == "__init__":
            parts.pop()
        if (
            all(part.isidentifier() and not keyword.iskeyword(part) for part in parts)
            and parts[-1] != "__main__"
        ):
            names.append(".".join(parts))
    program = "".join(f"try:\n    import {name}\nexcept Exception:\n    pass\n" for name in names)
    (root / "main.py").write_text(program)
    (root / "Dockerfile").write_text(DOCKERFILE.format(more="RUN pip install asgiref sqlparse\n"))
    return root


def library(folder: Path, modules: int) -> None:
    """Packages of a hundred modules; each imports three earlier ones, as a tree of layers would."""
    chance = random.Random(modules)
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    for number in range(modules):
        package = folder / f"p{number // A_FOLDER}"
        if number % A_FOLDER == 0:
            package.mkdir()
            (package / "__init__.py").touch()
        before = sorted({chance.randrange(number // 2 + 1) for _ in range(3)} - {number})
        (package / f"m{number}.py").write_text(_module(number, before))


def _module(number: int, imported: list[int]) -> str:
    lines = ["import json", "import os", "from typing import Any", ""]
    lines += [f"from lib.p{one // A_FOLDER}.m{one} import Thing{one}" for one in imported]
    lines += ["", "", f"class Thing{number}:", "    def run(self, value: Any) -> str:", "        if value:"]
    lines += [
        "            return json.dumps({'value': value})",
        "        return os.path.join('a', str(value))",
    ]
    for count in range(12):
        lines += [
            "",
            "",
            f"def function_{count}(one: int, other: int = 1) -> int:",
            "    total = one + other",
        ]
        lines += ["    for number in range(other):", "        total += number", "    return total"]
    return "\n".join(lines) + "\n"


def one_image(root: Path, modules: int) -> Path:
    """A program that reaches every module of a library."""
    if not root.exists():
        library(root / "lib", modules)
        names = (f"import lib.p{number // A_FOLDER}.m{number}\n" for number in range(modules))
        (root / "main.py").write_text("".join(names))
        (root / "Dockerfile").write_text(DOCKERFILE.format(more=""))
    return root


def monorepo(root: Path, images: int, modules: int) -> Path:
    """Services with an image each, whose programs import parts of one library."""
    if root.exists():
        return root
    library(root / "lib", modules)
    chance = random.Random(images)
    for number in range(images):
        service = root / "services" / f"s{number}"
        service.mkdir(parents=True)
        used = sorted(chance.sample(range(modules), min(modules, 40)))
        (service / "main.py").write_text("".join(f"import lib.p{one // A_FOLDER}.m{one}\n" for one in used))
        (service / "Dockerfile").write_text(
            f"FROM python:3.12-slim\nWORKDIR /app\nCOPY lib lib\nCOPY services/s{number}/main.py .\n"
            'CMD ["python", "main.py"]\n'
        )
    return root


def with_unrelated(root: Path, below: str, count: int) -> Path:
    """The program of 400 modules, and so many files below one of its folders that nobody asks for."""
    if root.exists():
        return root
    one_image(root, 400)
    for number in range(count // A_FOLDER):
        inside = root / below / f"p{number // 50}" / f"q{number}"
        inside.mkdir(parents=True)
        for file in range(A_FOLDER):
            (inside / f"f{file}.js").touch()
    return root
