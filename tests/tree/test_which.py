"""Where is a program found? Python's `os.execvpe` looks as execvp does."""

import os
import subprocess

import pytest

from parity.tree.disk import DiskTree
from parity.tree.which import places, which


@pytest.mark.parametrize(
    ("program", "path"),
    [
        ("tool", "{root}/a:{root}/b"),
        ("tool", "{root}/b:{root}/a"),
        ("tool", "{root}/empty:{root}/b"),
        ("tool", "{root}/empty::{root}/a"),
        ("tool", "b:{root}/a"),
        ("./tool", "{root}/a"),
        ("a/tool", "{root}/b"),
        ("linked", "{root}/empty:{root}/a"),
    ],
)
def test_as_execvp_finds_it(tmp_path, program, path):
    for folder in ("a", "b", "empty", "."):
        (tmp_path / folder).mkdir(exist_ok=True)
        if folder != "empty":
            tool = tmp_path / folder / "tool"
            tool.write_text('#!/bin/sh\nprintf %s "$0"\n')
            tool.chmod(0o755)
    (tmp_path / "a/linked").symlink_to("../b/tool")
    environment = {"PATH": path.format(root=tmp_path)}
    code = "import os, sys; os.execvpe(sys.argv[1], sys.argv[1:], {'PATH': sys.argv[2]})"
    command = ["/usr/bin/env", "python3", "-c", code, program, environment["PATH"]]
    real = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    inside = {"PATH": path.format(root="")}
    place = which(program, inside, DiskTree(tmp_path), "/")
    assert place is not None
    assert place.lstrip("/") == os.path.relpath(os.path.join(tmp_path, real), tmp_path)


def test_without_a_working_directory_only_absolute_places_are_known():
    assert places("tool", {"PATH": "bin:/usr/bin:"}, None) == ("/usr/bin/tool",)
    assert places("./tool", {}, None) == ()
