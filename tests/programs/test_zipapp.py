"""`RUN python -m zipapp` leaves the file that `zipapp` writes, with the members that it puts there, or fails."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from parity.build.image import Image
from parity.model.errors import ParityError
from parity.model.location import Unknown
from parity.tree.base import Absent, Entry, FileKind, FileTree, join
from parity.tree.zipped import ZippedTree, archive_at
from tests.support.building import built

FILES = {
    "app/__main__.py": "import core\n",
    "app/core/__init__.py": "",
    "app/core/data.json": "{}\n",
    "lib.v1/tool/__init__.py": "def run(): pass\n",
    "empty": None,
    "note.txt": "no zip\n",
}

COMMANDS = [
    "app",
    "app/ -o out.pyz",
    "app --output=sub.pyz -c",
    "app -p /usr/bin/python3",
    "app -o out.zip --python '/usr/bin/env python3' --compress",
    "lib.v1 -m tool:run",
    "lib.v1 -m tool:run -o x && python -m zipapp x -p python3 -o y",
    "lib.v1 -m tool:run -p python3 -o x && python -m zipapp x -o y",
    "lib.v1 -m tool",
    "lib.v1 -m 'tool:1'",
    "lib.v1",
    "app -m core:run",
    "empty",
    "missing",
    "note.txt",
    "note.txt -o copy.pyz",
    "app -o missing/out.pyz",
    "app -o empty",
    "app -o note.txt",
    "app --info || true",
]


def image_of(command: str) -> Image:
    return built(f"FROM python:3.11-slim\nWORKDIR /w\nCOPY . .\nRUN python -m zipapp {command}\n", FILES)


@pytest.mark.parametrize("command", COMMANDS)
def test_it_is_what_zipapp_makes(command: str, tmp_path: Path) -> None:
    for name, text in FILES.items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.mkdir() if text is None else place.write_text(text)
    script = f'umask 022; python() {{ {sys.executable} "$@"; }}; python -m zipapp {command}'
    ran = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, check=False)
    if ran.returncode:
        with pytest.raises(ParityError):
            image_of(command)
        return
    tree = image_of(command).tree
    made = {path.name for path in tmp_path.iterdir()}
    assert tree.names("/w") == made
    for name in made:
        if zipfile.is_zipfile(tmp_path / name):
            assert summary(tree, f"/w/{name}") == real(tmp_path / name)


def real(path: Path) -> tuple[bytes, bool, dict[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    first = path.read_bytes().partition(b"PK")[0]
    return first, bool(path.stat().st_mode & 0o100), members


def summary(tree: FileTree, path: str) -> tuple[bytes, bool, dict[str, bytes]]:
    entry = tree.lookup(path)
    assert isinstance(entry, Entry)
    assert entry.packed is not None
    assert entry.mode is not None
    members: dict[str, bytes] = {}
    inside = ZippedTree(tree, {path: entry.packed})
    todo = [path]
    while todo:
        folder = todo.pop()
        names = inside.names(folder)
        assert not isinstance(names, Unknown)
        for name in names:
            one = join(folder, name)
            here = inside.lookup(one)
            assert isinstance(here, Entry)
            if here.kind is FileKind.DIRECTORY:
                todo.append(one)
            else:
                content = inside.read(one)
                assert isinstance(content, bytes)
                members[one[len(path) + 1 :]] = content
    return entry.packed.prefix, bool(entry.mode & 0o100), members


def test_it_holds_the_folder_as_it_was() -> None:
    image = image_of("app && rm -r app && mv app.pyz /srv.pyz")
    archive = archive_at(image.tree, "/srv.pyz")
    assert archive is not None
    inside = ZippedTree(image.tree, {"/srv.pyz": archive})
    assert isinstance(inside.lookup("/srv.pyz/core/__init__.py"), Entry)
    assert isinstance(image.tree.lookup("/srv.pyz/core/__init__.py"), Absent)
    assert isinstance(image.tree.lookup("/w/app/core/__init__.py"), Absent)


def test_what_may_be_in_the_folder_may_be_in_the_file() -> None:
    image = image_of("app -o early.pyz && make -C app && python -m zipapp app -o late.pyz")
    for name, expected in (("early", Absent), ("late", Unknown)):
        archive = archive_at(image.tree, f"/w/{name}.pyz")
        assert archive is not None
        inside = ZippedTree(image.tree, {f"/w/{name}.pyz": archive})
        assert isinstance(inside.lookup(f"/w/{name}.pyz/generated.py"), expected)
