"""A small index of wheels, and what real pip and uv install from it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True)
class Wheel:
    """A distribution of version 1.0; `modules`: paths in the wheel; `requires`: Requires-Dist lines."""

    name: str
    modules: tuple[str, ...]
    requires: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return f"{self.name.replace('-', '_')}-1.0-py3-none-any.whl"


WHEELS = (
    Wheel(
        "alpha",
        ("alpha/__init__.py",),
        ("beta", 'gamma-tools>=1; extra == "fast"', "old; python_version < '3'"),
        ("fast",),
    ),
    Wheel("beta", ("beta.py",), ("delta-py[more]",)),
    Wheel("gamma-tools", ("gammalib/__init__.py", "gammalib/cli.py")),
    Wheel(
        "delta-py",
        ("delta/__init__.py",),
        ('epsilon; extra == "more"', "zeta; sys_platform == 'win32'"),
        ("more",),
    ),
    Wheel("epsilon", ("greek/epsilon.py",)),
    Wheel("zeta", ("greek/zeta/__init__.py",), ("eta",)),
    Wheel("eta", ("eta.py", "_eta_core.py")),
    Wheel("old", ("old.py",)),
    Wheel("theta", ("theta/__init__.py",), ("alpha[fast]",)),
)
MODULES = (
    "alpha",
    "beta",
    "gammalib.cli",
    "delta",
    "greek.epsilon",
    "greek.zeta",
    "eta",
    "old",
    "theta",
)


def write_wheels(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for wheel in WHEELS:
        info = f"{wheel.name.replace('-', '_')}-1.0.dist-info"
        metadata = [f"Metadata-Version: 2.1\nName: {wheel.name}\nVersion: 1.0"]
        metadata += [f"Requires-Dist: {line}" for line in wheel.requires]
        metadata += [f"Provides-Extra: {extra}" for extra in wheel.extras]
        files = dict.fromkeys(wheel.modules, "")
        files[f"{info}/METADATA"] = "\n".join(metadata) + "\n"
        files[f"{info}/WHEEL"] = (
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
        with zipfile.ZipFile(folder / wheel.file, "w") as archive:
            for path, text in files.items():
                archive.writestr(zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0)), text)


def hashed(folder: Path, *names: str) -> str:
    """Lines of a requirements file that names each wheel with its hash."""
    wheels = {wheel.name: folder / wheel.file for wheel in WHEELS}
    return "".join(
        f"{name}==1.0 --hash=sha256:{sha256(wheels[name].read_bytes()).hexdigest()}\n" for name in names
    )


def developers_environment(folder: Path, wheels: Path) -> None:
    """`.venv` with everything in it, as far as it is read: packages and metadata."""
    site = folder / "lib/python3.12/site-packages"
    site.mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\n")
    for wheel in WHEELS:
        with zipfile.ZipFile(wheels / wheel.file) as archive:
            archive.extractall(site)


def run(arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        arguments, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"


def really_importable(commands: str, project: Path, wheels: Path, scratch: Path) -> set[str]:
    """The MODULES that can be imported where these commands were run, each by itself."""
    environment = {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_OFFLINE": "1",
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(wheels),
        "UV_PYTHON": sys.executable,
        "UV_CACHE_DIR": str(scratch / "cache"),
    }
    folder = scratch / "environment"
    python = folder / "bin/python"
    venv.create(folder, with_pip=False)
    for command in commands.split("&&"):
        program, *rest = command.split()
        if program == "pip":
            run([sys.executable, "-m", "pip", "--python", str(python), *rest], project, environment)
        elif rest[0] == "pip":
            run([UV, *rest, "--python", str(python)], project, environment)
        else:
            run([UV, *rest], project, {**environment, "UV_PROJECT_ENVIRONMENT": str(folder)})
    code = "import importlib, sys\ntry: importlib.import_module(sys.argv[1])\nexcept ImportError: sys.exit(7)"
    statuses = {
        module: subprocess.run([python, "-I", "-c", code, module], timeout=60).returncode
        for module in MODULES
    }
    assert set(statuses.values()) <= {0, 7}
    return {module for module, status in statuses.items() if not status}


UV = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}") or ""
