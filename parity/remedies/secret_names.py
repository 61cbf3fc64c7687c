"""Is this the name of something that no image may hold: a key, a credential, a repository's history?"""

from __future__ import annotations

import re

from parity.model.location import Unknown
from parity.tree.base import Entry, FileKind, FileTree, child

MOST_FILES = 5_000
ADVICE = "it has the name of a secret, which no image may hold: mount it where the container starts"
_FOLDERS = frozenset(
    {".git", ".hg", ".svn", ".ssh", ".aws", ".gnupg", ".kube", ".azure", "secrets", ".secrets"}
)
_NAMES = re.compile(
    r"\.env(?:rc)?|\.env\.(?!example|sample|template|dist)[^/]+|[^/]*\.env"
    r"|[^/]+\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|ovpn)"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|\.pgpass|\.npmrc|\.pypirc|\.htpasswd|\.git-credentials|\.dockercfg"
    r"|(?:[^/]*[-_.])?(?:secrets?|credentials?)(?:\.(?:json|ya?ml|toml|ini|cfg|conf|txt|csv|properties|xml|db|py|enc))?"
    r"|passwords?(?:\.(?:json|ya?ml|ini|txt|csv))?|service[-_]account[^/]*\.json",
    re.IGNORECASE,
)


def is_secret(path: str) -> bool:
    """By a path's own name, or that of a folder above."""
    *folders, name = path.split("/")
    return _NAMES.fullmatch(name) is not None or any(one in _FOLDERS for one in (*folders, name))


def may_hold_secret(tree: FileTree, path: str) -> bool:
    """Is there one at or below `path` of the tree? True also where that is too much to look through."""
    waiting, seen = [path], 0
    while waiting:
        place = waiting.pop()
        seen += 1
        if seen > MOST_FILES:
            return True
        name = place.rpartition("/")[2]
        if place != path and (_NAMES.fullmatch(name) or name in _FOLDERS) and not name.endswith(".py"):
            return True
        answer = tree.lookup(place)
        if isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY:
            names = tree.names(place)
            if isinstance(names, Unknown):
                return True
            waiting += [child(place, one) for one in names]
    return False
