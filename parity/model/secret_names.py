"""Which names have files that hold secrets: some by the name alone, others if their text says so, too."""

from __future__ import annotations

import re

SECRET_FOLDERS = frozenset(
    {".git", ".hg", ".svn", ".ssh", ".aws", ".gnupg", ".kube", ".azure", "secrets", ".secrets"}
)
SECRET_NAMES = (
    r"\.env(?:rc)?|\.env\.(?!example|sample|template|dist)[^/]+|[^/]*\.env"
    r"|[^/]+\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|ovpn)"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|\.pgpass|\.npmrc|\.pypirc|\.htpasswd|\.git-credentials|\.dockercfg"
    r"|(?:[^/]*[-_.])?(?:secrets?|credentials?)(?:\.(?:json|ya?ml|toml|ini|cfg|conf|txt|csv|properties|xml|db|py|enc))?"
    r"|passwords?(?:\.(?:json|ya?ml|ini|txt|csv))?|service[-_]account[^/]*\.json"
)
"""What no edit lets into an image: there, a name is enough."""

# What is looked at in few checks is compiled by the check that does.
_PRIVATE_KEY = rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=:, -]{16}"
KINDS: tuple[tuple[str, bytes, str], ...] = (
    (r".*\.(?:pem|key)|id_(?:rsa|dsa|ecdsa|ed25519)", _PRIVATE_KEY, "a private key"),
    (r"[._]netrc", rb"\bpassword\s+\S", "passwords of hosts"),
    (r"\.git-credentials", rb"://[^/\s:]+:[^/\s@]+@", "passwords of repositories"),
    (r"\.pypirc", rb"(?m)^[ \t]*password\s*[=:]\s*[^\s$]", "credentials of a package index"),
    (r"\.npmrc", rb"_(?:authToken|password|auth)\s*=\s*[^\s$]", "credentials of a package registry"),
    (r"credentials", rb"(?m)^[ \t]*aws_secret_access_key\s*=\s*\S", "credentials of a cloud"),
    (
        r"\.?kube-?config(?:\.ya?ml)?|config",
        rb"(?m)^[ \t]*(?:client-key-data|token):\s*\S",
        "credentials of a cluster",
    ),
    (r"config\.json", rb'"auth"\s*:\s*"[^"]', "credentials of a container registry"),
    (r".*(?:credential|service.?account|key).*\.json", rb'"private_key"\s*:\s*"-----BEGIN', "a private key"),
)
"""Names, what such a file holds where it is a secret, and what it is then. A finding needs both."""

OF_FOLDERS = {"credentials": ".aws", "config": ".kube", "config.json": ".docker"}
"""Names that say something only in such a folder."""
ENV_FILE = r"\.env(?:\.(?!.*(?:example|sample|template|dist|test|default|schema)).+)?"


def has_secret_name(name: str) -> bool:
    """A file or folder, whatever folder it is in."""
    return name in SECRET_FOLDERS or re.fullmatch(SECRET_NAMES, name, re.IGNORECASE) is not None


def is_secret(path: str) -> bool:
    """By a path's own name, or that of a folder above."""
    *folders, name = path.split("/")
    return has_secret_name(name) or not SECRET_FOLDERS.isdisjoint(folders)
