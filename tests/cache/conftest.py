from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import lay_out
from tests.support.remembering import Checks

PROJECT = {
    "Dockerfile": "FROM python:3.12-slim\nARG WHERE=/app\nWORKDIR $WHERE\nCOPY . .\n"
    'RUN pip install -r requirements.txt\nCMD ["python", "main.py"]\n',
    "requirements.txt": "requests==2.0\n",
    "main.py": "import shop.api\nimport json\nimport requests\n",
    "shop/__init__.py": "",
    "shop/api.py": "from shop import store\nopen('prices.json')\n",
    "shop/store.py": "NAME = 1\n",
    "shop/unused.py": "",
    "prices.json": "{}",
    "notes/today.txt": "",
    "worker/Dockerfile": 'FROM python:3.12-slim\nCOPY worker/ /w\nCMD ["python", "/w/main.py"]\n',
    "worker/main.py": "import helper\n",
    "worker/helper.py": "",
}


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checks:
    """Of two images, whose files have not been changed for a while."""
    root = tmp_path / "project"
    lay_out(root, PROJECT)
    return Checks(root, tmp_path / "kept", monkeypatch)


@pytest.fixture
def settled(checks: Checks, monkeypatch: pytest.MonkeyPatch) -> Checks:
    """Checked once, with every file taken for an old one."""
    monkeypatch.setattr("parity.cache.trace.SETTLED", -(10**12))
    monkeypatch.setattr("parity.cache.verify.SETTLED", -(10**12))
    checks.ask()
    assert checks.checked == ["Dockerfile", "worker/Dockerfile"]
    return checks
