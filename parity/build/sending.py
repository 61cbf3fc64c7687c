"""What of the build context does the client send?

BuildKit: dockerfile2llb: ctxPaths, normalizeContextPaths; fsutil: FollowLinks, filterFS: only what some COPY, ADD
or mount of the stages that are executed names, and the folders above.
"""

from __future__ import annotations

from collections.abc import Iterable

from parity.build.wildcards import expand, has_wildcard
from parity.model.location import Unknown
from parity.tree.base import Absent, FileTree, ancestors
from parity.tree.links import follow


class Sent:
    """What the builder gets of a context. `named`: paths and patterns of all instructions.

    Where it cannot be told what a pattern finds, everything is sent.
    """

    def __init__(self, context: FileTree, named: Iterable[str]) -> None:
        self._everything = False
        self._places: set[str] = set()
        self._above: set[str] = set()
        """The places, and the folders above them."""
        for path in dict.fromkeys(named):
            if has_wildcard(path):
                found = expand(context, path)
            else:
                place = follow(context, path)
                found = () if isinstance(place.answer, Absent) else (path, place.path)
            if isinstance(found, Unknown):
                self._everything = True
            elif isinstance(found, tuple):
                self._places.update(found)
                for one in found:
                    self._above.update(ancestors(one))

    def __contains__(self, folder: str) -> bool:
        """Does the builder get `folder`, which the context has?"""
        return (
            self._everything or folder in self._above or any(up in self._places for up in ancestors(folder))
        )
