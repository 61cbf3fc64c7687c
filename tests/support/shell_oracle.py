"""Runs a script in a real shell, in an empty folder, and gives what it left."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping

from parity.build.run import ShellRun
from parity.build.step import RunStep
from parity.model.errors import ParityError
from parity.model.location import Location
from parity.tree.base import Answer, Entry, FileKind
from tests.support.written_tree import WrittenTree

START: dict[str, str | None] = {
    "/w/a.py": "A = 1\n",
    "/w/b/__init__.py": "",
    "/w/b/c.py": "C = 1\n",
    "/w/b/sub/x.py": "x\n",
    "/w/d": None,
    "/w/f.txt": "hello\n",
    "/w/s.sh": "touch from_script; echo $1 > arg\n",
}
COMMANDS = {"ash": ("busybox", "ash")}
LINKS = {"/w/l": "b", "/w/g": "f.txt", "/w/no": "nowhere", "/w/b/in": "sub", "/w/b/to": "c.py"}


def real(shell: str, script: str, environment: Mapping[str, str]) -> tuple[dict[str, str], bool]:
    with tempfile.TemporaryDirectory() as top:
        root = top + "/x" * 20  # deep enough that no `cd ..` of a short script leaves the folder
        for path, text in START.items():
            place = root + path
            os.makedirs(place if text is None else os.path.dirname(place), exist_ok=True)
            if text is not None:
                with open(place, "w") as file:
                    file.write(text)
        for path, target in LINKS.items():
            os.symlink(target, root + path)
        done = subprocess.run(
            [*COMMANDS.get(shell, (shell,)), "-c", script],
            cwd=root + "/w",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=10,
        )
        left = {"/": "dir"}
        for folder, folders, files in os.walk(root):
            for name in folders + files:
                whole = os.path.join(folder, name)
                path = whole[len(root) :]
                if os.path.islink(whole):
                    left[path] = f"-> {os.readlink(whole)}"
                elif os.path.isdir(whole):
                    left[path] = "dir"
                else:
                    with open(whole, errors="surrogateescape") as file:
                        left[path] = file.read()
        return dict(sorted(left.items())), done.returncode == 0


class Machine(WrittenTree):
    """Has every program."""

    def lookup(self, path: str) -> Answer:
        if path in ("/usr", "/usr/bin"):
            return Entry(FileKind.DIRECTORY)
        program = path.startswith("/usr/bin/") and "." not in path
        return Entry(FileKind.FILE, mode=0o755) if program else super().lookup(path)


def model_tree() -> WrittenTree:
    tree = Machine(dict(START))
    for path, target in LINKS.items():
        tree.link(path, target)
    return tree


def modelled(shell: str, script: str, environment: Mapping[str, str]) -> tuple[WrittenTree, bool]:
    tree = model_tree()
    step = RunStep(
        script,
        None,
        (),
        {"PATH": "/usr/bin", **environment},
        "/w",
        None,
        (f"/bin/{shell}", "-c"),
        (),
        Location("Dockerfile", 1),
    )
    try:
        ShellRun().run(step, tree)
    except ParityError:
        return tree, False
    return tree, True
