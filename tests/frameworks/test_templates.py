"""Templates that functions render, and that the image lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import told

FILES = {
    "site_app/__init__.py": (
        "from flask import Flask, render_template\n\napp = Flask(__name__)\n\n\n"
        "@app.get('/')\ndef home():\n    return render_template('home.html')\n"
    ),
    "site_app/templates/home.html": "{% extends 'base.html' %}\n{% include 'ad.html' ignore missing %}\n",
    "site_app/templates/base.html": "base",
    "site_app/templates/ad.html": "ad",
    "site_app/templates/old.html": "old",
    "Dockerfile": (
        "FROM python:3.12-slim\nWORKDIR /app\nRUN pip install flask gunicorn\nCOPY . .\n"
        'CMD ["gunicorn", "site_app:app"]\n'
    ),
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("home.html", ["warning PAR501 later site_app at site_app/__init__.py:8"]),
        (
            "base.html",
            ["warning PAR501 later /app/site_app/templates/base.html at site_app/templates/home.html:1"],
        ),
        ("ad.html", []),
        ("old.html", []),
    ],
)
def test_a_template_that_is_missing(tmp_path: Path, path: str, expected: list[str]) -> None:
    assert told(tmp_path, {**FILES, ".dockerignore": f"**/{path}\n"}) == expected


def test_another_folder_may_have_it(tmp_path: Path) -> None:
    elsewhere = {"templates/home.html": "", ".dockerignore": "site_app/templates/home.html\n"}
    assert told(tmp_path, {**FILES, **elsewhere}) == []


@pytest.mark.parametrize(
    "function",
    [
        "def home(name):\n    return render_template(f'{name}.html')\n",
        "def home():\n    try:\n        return render_template('home.html')\n    except OSError:\n        pass\n",
    ],
)
def test_what_cannot_be_told_or_is_taken(tmp_path: Path, function: str) -> None:
    module = f"from flask import Flask, render_template\n\napp = Flask(__name__)\n\n\n{function}"
    files = {**FILES, "site_app/__init__.py": module, ".dockerignore": "**/home.html\n"}
    assert told(tmp_path, files) == []
