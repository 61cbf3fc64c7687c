"""What stands in for a file that Git LFS has not fetched?"""

from __future__ import annotations

POINTER = b"version https://git-lfs.github.com/spec/"
"""git-lfs: docs/spec.md: a pointer begins with its version."""


def is_pointer(content: bytes) -> bool:
    return content.startswith(POINTER)
