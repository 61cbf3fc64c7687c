"""The registry is what the forms themselves say; a new form is one new file."""

from __future__ import annotations

import runpy

from parity.starts import registry
from tests.conftest import ROOT


def test_the_registry_is_what_the_forms_declare() -> None:
    written = runpy.run_path(str(ROOT / "scripts/write_start_registry.py"))["written"]()
    assert written == (ROOT / "parity/starts/registry.py").read_text("utf8")
    assert set(registry.PROGRAM_OF_MODULE.values()) >= {"uvicorn", "gunicorn", "celery", "supervisord"}
