"""Was a virtual environment copied to another folder than the one that it was made in?

The scripts in it begin with the path of its Python, as installers wrote it. (pip: `distlib.scripts`; uv:
`uv-install-wheel`.) Where that path is not in the image, the kernel says that there is no such file, though
`python -m` works.
"""

from __future__ import annotations

import re

from parity.build.image import Image
from parity.model.location import Unknown
from parity.tree.base import Absent, FileTree, join, parent_of
from parity.tree.links import follow

ACTIVATED = re.compile(rb"^VIRTUAL_ENV=(/\S+)$", re.MULTILINE)
"""The line of `activate` that says where the environment was made."""


def python_elsewhere(image: Image, program: str) -> str | None:
    """The Python that the script `program` (an image path) is written for, if that is absent from the image.

    None where the script may have been installed after the environment was copied.
    """
    prefix = parent_of(parent_of(program))
    made_in = _made_in(image.tree, prefix)
    there = follow(image.tree, program).answer
    if made_in is None or made_in == prefix or not isinstance(there, Unknown):
        return None
    python = join(made_in, "bin/python")
    first = join(made_in, f"bin/{program.rpartition('/')[2]}")
    was_copied = any(follow(stage.tree, first).answer == there for stage in image.stages)
    return python if was_copied and isinstance(follow(image.tree, python).answer, Absent) else None


def _made_in(files: FileTree, prefix: str) -> str | None:
    content = files.read(follow(files, join(prefix, "bin/activate")).path)
    found = ACTIVATED.search(content) if not isinstance(content, Unknown) else None
    return found[1].decode("utf8", "surrogateescape") if found else None
