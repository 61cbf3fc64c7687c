"""A pre-commit hook that checks the images before each commit.

pre-commit: only files that are added or changed start a hook by their names; a module that is deleted must, too.
"""

from __future__ import annotations

_CONFIGURATION = """\
repos:
  - repo: local
    hooks:
      - id: parity
        name: parity
        entry: parity check
        language: python
        additional_dependencies: ["parity=={version}"]
        pass_filenames: false
        always_run: true
"""


def rendered(version: str) -> str:
    """The text of `.pre-commit-config.yaml`."""
    return _CONFIGURATION.format(version=version)
