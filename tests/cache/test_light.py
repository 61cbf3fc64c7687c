"""A check of what has not changed loads nothing that reads Dockerfiles or Python."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.conftest import ROOT
from tests.support.remembering import Checks

HEAVY = {
    *("dockerfile_parse", "libcst", "networkx", "pathspec", "tomlkit", "tomllib", "tree_sitter", "yaml"),
    *(f"parity.{room}" for room in ("analysis", "build", "dockerfile", "image", "python", "shell", "startup")),
    "parity.rules.registry",
}  # fmt: skip


def loaded(checks: Checks) -> set[str]:
    words = ("check", str(checks.root), "--cache-dir", str(checks.place))
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "parity", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    names = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    return names & HEAVY


def test_an_unchanged_check_loads_no_parser(checks: Checks) -> None:
    assert {"dockerfile_parse", "parity.rules.registry", "parity.startup"} <= loaded(checks)
    assert loaded(checks) == set()
