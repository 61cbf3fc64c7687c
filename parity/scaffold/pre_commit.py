"""A pre-commit hook that checks the images before each commit."""

from __future__ import annotations

FILES = (
    r"(\.pyi?|\.toml|(^|/)(Dockerfile|Containerfile)[^/]*|\.[Dd]ockerfile|dockerignore|compose[^/]*\.ya?ml)$"
)
"""What can change the answer, as a regular expression."""

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
        files: '{files}'
"""


def rendered(version: str) -> str:
    """The text of `.pre-commit-config.yaml`."""
    return _CONFIGURATION.format(version=version, files=FILES)
