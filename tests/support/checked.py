"""A small project is written, `parity check` is asked, and what it tells is made short."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.conftest import ask


def lay_out(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf8")


def findings(folder: Path, files: Mapping[str, str], *options: str) -> list[dict[str, Any]]:
    """The findings of all images that are no infos, as JSON has them."""
    lay_out(folder, files)
    answer = ask("check", str(folder), "--format", "json", *options)
    assert answer.status in (0, 1), answer.err
    return [
        finding
        for image in json.loads(answer.out)["images"]
        for finding in image["findings"]
        if finding["severity"] != "info"
    ]


def short(finding: Mapping[str, Any]) -> str:
    """`error PAR101 request web.urls at web/settings.py:3`."""
    place = finding["location"] or {}
    where = f"{place.get('path')}:{place.get('line')}" if place else "nowhere"
    what = finding["module"] or finding["image_path"]
    return f"{finding['severity']} {finding['code']} {finding['when']} {what} at {where}"


def told(folder: Path, files: Mapping[str, str], *options: str) -> list[str]:
    """The findings that are no infos, each in short."""
    return [short(finding) for finding in findings(folder, files, *options)]
