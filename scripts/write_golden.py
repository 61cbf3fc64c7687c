"""Writes what each format makes of the reports of tests/formats; read the diff before you commit it.

python scripts/write_golden.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from parity.formats.choice import names  # noqa: E402
from tests.formats.reports import CASES, GRAPHS, rendered, rendered_graph  # noqa: E402

for family, cases, made in (("report", CASES, rendered), ("graph", GRAPHS, rendered_graph)):
    for name in names(family):
        folder = ROOT / "fixtures/golden" / family / name
        folder.mkdir(parents=True, exist_ok=True)
        for case in cases:
            (folder / f"{case}.txt").write_text(made(case, name), "utf8", errors="surrogateescape")
