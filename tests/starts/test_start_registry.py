"""The registry is what the forms themselves say; a new form is one new file."""

from __future__ import annotations

import runpy

from parity.starts import registry
from tests.conftest import ROOT

SCRIPT = runpy.run_path(str(ROOT / "scripts/write_start_registry.py"))


def test_the_registry_is_what_the_forms_declare() -> None:
    assert SCRIPT["written"]() == (ROOT / "parity/starts/registry.py").read_text("utf8")
    assert set(registry.PROGRAM_OF_MODULE.values()) >= {"uvicorn", "gunicorn", "celery", "supervisord"}


def test_every_call_of_a_framework_is_found_by_its_first_part() -> None:
    assert SCRIPT["calls"]() == (ROOT / "parity/startup/library/frameworks.py").read_text("utf8")
