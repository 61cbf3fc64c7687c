"""What of the build context does the client send?

BuildKit: dockerfile2llb: ctxPaths, normalizeContextPaths; fsutil: FollowLinks, filterFS: only what some COPY, ADD
or mount of the stages that are executed names, and the folders above.
"""

from __future__ import annotations

from collections.abc import Iterable

from parity.docker.wildcards import expand, has_wildcard
from parity.tree.base import Absent, FileTree, within
from parity.tree.links import follow


def is_sent(context: FileTree, named: Iterable[str], folder: str) -> bool:
    """Does the builder get `folder`, which the context has? `named`: paths and patterns of all instructions.

    Where that cannot be told, it does.
    """
    for path in named:
        if has_wildcard(path):
            found = expand(context, path)
        else:
            place = follow(context, path)
            found = () if isinstance(place.answer, Absent) else (path, place.path)
        if isinstance(found, Absent):
            continue
        if not isinstance(found, tuple) or any(within(folder, one) or within(one, folder) for one in found):
            return True
    return False
