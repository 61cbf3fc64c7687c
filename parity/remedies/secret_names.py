"""May an edit bring what is there into an image, or is a key, a credential or a repository's history among it?"""

from __future__ import annotations

from parity.model.location import Unknown
from parity.model.secret_names import has_secret_name
from parity.tree.base import Entry, FileKind, FileTree, child

MOST_FILES = 5_000
ADVICE = "it has the name of a secret, which no image may hold: mount it where the container starts"


def may_hold_secret(tree: FileTree, path: str) -> bool:
    """Is there one at or below `path` of the tree? True also where that is too much to look through."""
    waiting, seen = [path], 0
    while waiting:
        place = waiting.pop()
        seen += 1
        if seen > MOST_FILES:
            return True
        name = place.rpartition("/")[2]
        if place != path and has_secret_name(name) and not name.endswith(".py"):
            return True
        answer = tree.lookup(place)
        if isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY:
            names = tree.names(place)
            if isinstance(names, Unknown):
                return True
            waiting += [child(place, one) for one in names]
    return False
