"""A GitHub workflow that checks every push, and annotates it."""

from __future__ import annotations

from parity.cli.scaffold.source import Source

CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
SETUP_PYTHON = "actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0"

_WORKFLOW = """\
name: parity
on:
  push:
  pull_request:
permissions: {{}}
concurrency:
  group: parity-${{{{ github.ref }}}}
  cancel-in-progress: true
jobs:
  parity:
    name: start-up of the images
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      contents: read # to check the repository out
    steps:
      - uses: {checkout}
        with:
          persist-credentials: false
      - uses: {setup_python}
        with:
          python-version: "3.13"
{check}"""
_ACTION = """\
      - uses: {action}@{commit}
"""
_INSTALL = """\
      - run: python -I -m pip install "parity @ git+{url}@{commit}" # -I: no module of the checkout is loaded
      - run: parity check
"""


def rendered(source: Source) -> str:
    """The workflow's text. `parity check` annotates by itself where GitHub runs it."""
    form = _ACTION if source.action else _INSTALL
    check = form.format(action=source.action, url=source.url, commit=source.commit)
    return _WORKFLOW.format(checkout=CHECKOUT, setup_python=SETUP_PYTHON, check=check)
