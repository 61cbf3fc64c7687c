"""What the backends are said to install is what pip, with the real backends, installs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from parity.build.bases.catalogue import find_base
from parity.build.run import ShellRun
from parity.build.step import RunStep
from parity.image.builder import ImageBuilder
from parity.image.tree import ImageTree
from parity.installers import INSTALLERS
from parity.model.errors import ParityError
from parity.model.location import Location, Unknown
from parity.packages.environment import pth_folders
from parity.tree.base import Absent, Entry, FileKind, join
from parity.tree.links import follow
from parity.tree.memory import MemoryTree
from tests.support.samples import SAMPLES, Sample

pytestmark = pytest.mark.installs

BACKENDS = [
    "pip",
    "setuptools>=77",
    "wheel",
    "hatchling",
    "poetry-core>=2",
    "flit_core",
    "pdm-backend",
    "uv-build",
    "editables",
]
SITE = "/out/lib/python3.11/site-packages"


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backends")
    venv.create(folder, with_pip=True)
    program = folder / "bin" / "python"
    done = subprocess.run(
        [program, "-m", "pip", "install", "-q", "--disable-pip-version-check", *BACKENDS],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip(f"the build backends cannot be had: {done.stderr[-200:]}")
    return program


def installed(python: Path, sample: Sample, folder: Path, *, editable: bool) -> Path | None:
    """The site-packages folder; None where the installation fails."""
    project = folder / "project"
    for path, text in sample.files.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text)
    command = [python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--no-build-isolation"]
    command += ["--disable-pip-version-check", "--no-compile", "--prefix", folder / "out"]
    environment = {**os.environ, "PATH": f"{python.parent}:{os.environ['PATH']}"}
    command += ["-e", "."] if editable else ["."]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    if done.returncode:
        return None
    return folder / "out" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"


def model(sample: Sample, *, editable: bool) -> ImageTree | None:
    checkout = MemoryTree({f"project/{path}": text for path, text in sample.files.items()})
    base = find_base("python:3.11")
    files = ImageBuilder(ImageTree.of(base.tree, checkout), checkout)
    files.copy_from(checkout, "/project", "/project")
    text = f"pip install --no-deps --no-index --prefix /out {'-e ' if editable else ''}."
    where = Location("Dockerfile", 3)
    step = RunStep(text, None, (), dict(base.environment), "/project", None, ("/bin/sh", "-c"), (), where)
    try:
        ShellRun(INSTALLERS).run(step, files)
    except ParityError:
        return None
    return files.snapshot()


def listed(tree: ImageTree, top: str) -> set[str]:
    found = set()
    todo = [top]
    while todo:
        folder = todo.pop()
        names = tree.names(folder)
        for name in () if isinstance(names, Unknown) else names:
            entry = tree.lookup(join(folder, name))
            if isinstance(entry, Entry):
                if entry.kind is FileKind.DIRECTORY:
                    todo.append(join(folder, name))
                else:
                    found.add(join(folder, name)[len(top) + 1 :])
    return found


def real_files(folder: Path) -> set[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    names = (path.relative_to(folder).as_posix() for path in paths)
    return {name for name in names if ".dist-info/" not in name and "__pycache__" not in name}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_installed_files(sample: Sample, python: Path, tmp_path: Path) -> None:
    site, tree = installed(python, sample, tmp_path, editable=False), model(sample, editable=False)
    assert (site is None) == (tree is None)
    if site is None or tree is None:
        return
    assert listed(tree, SITE) == real_files(site)
    assert isinstance(tree.lookup(f"{SITE}/nothing.py"), Absent)
    for name in real_files(site):
        assert tree.read(f"{SITE}/{name}") == (site / name).read_bytes()
    scripts = tmp_path / "out" / "bin"
    assert listed(tree, "/out/bin") == (real_files(scripts) if scripts.exists() else set())
    for name in listed(tree, "/out/bin"):
        imports = [
            line
            for line in (scripts / name).read_text().splitlines()
            if line.startswith(("from", "import shop"))
        ]
        content = tree.read(f"/out/bin/{name}")
        assert isinstance(content, bytes)
        assert all(line in content.decode().splitlines() for line in imports)


FIND = """
import importlib.util, json, site, sys
site.addsitedir(sys.argv[1])
def find(name):
    try:
        found = importlib.util.find_spec(name)
    except ImportError:
        return None
    return found and found.origin
print(json.dumps({name: find(name) for name in sys.argv[2:]}))
"""


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_editable_imports(sample: Sample, python: Path, tmp_path: Path) -> None:
    plain = model(sample, editable=False)
    if plain is None:
        return
    paths = [path for path in listed(plain, SITE) if path.endswith(".py")]
    names = sorted({path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in paths})
    site, tree = installed(python, sample, tmp_path, editable=True), model(sample, editable=True)
    # pdm-backend refuses packages beside single modules only where the installation is editable.
    assert (site is None) == (tree is None) or sample.name == "pdm includes"
    if site is None or tree is None:
        return
    done = subprocess.run(
        [python, "-c", FIND, site, *names], capture_output=True, text=True, check=True, cwd="/"
    )
    truth = {
        name: None
        if origin is None
        else "/project/" + Path(origin).relative_to(tmp_path / "project").as_posix()
        for name, origin in json.loads(done.stdout).items()
    }
    found = {name: found_in(tree, name) for name in names}
    assert {name: truth[name] if path == "unknown" else path for name, path in found.items()} == truth


def found_in(tree: ImageTree, name: str) -> str | None:
    for folder in (SITE, *pth_folders(tree, SITE)):
        for ending in ("/__init__.py", ".py"):
            found = follow(tree, join(folder, name.replace(".", "/") + ending))
            if isinstance(found.answer, Entry):
                return found.path
    # Not decided is no answer that could be wrong.
    return "unknown" if isinstance(found.answer, Unknown) else None
