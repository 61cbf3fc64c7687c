"""Where do others get this `parity` from, just as it is? From a git repository, at a commit."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, distribution

from msgspec import Struct

from parity.model.errors import ParityError

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")
_URL = re.compile(r"(?:https|ssh)://[\w.~@:/-]+")


class Source(Struct, frozen=True):
    """No name of a package index: whoever takes that name first decides what is installed by it."""

    url: str
    commit: str

    @classmethod
    def parse(cls, text: str) -> Source:
        """`https://HOST/TEAM/parity@COMMIT`. Raises ParityError: a branch or a tag is not the same tomorrow."""
        url, _, commit = text.removeprefix("git+").rpartition("@")
        if not _COMMIT.fullmatch(commit) or not _URL.fullmatch(url):
            hint = "write it as https://HOST/TEAM/parity@COMMIT, with the whole hash of the commit"
            raise ParityError(f"--source {text!r} is not a repository at a commit", hint=hint)
        return cls(url, commit)

    @property
    def action(self) -> str | None:
        """`TEAM/parity` on GitHub, where the repository is an action; None elsewhere."""
        found = _GITHUB.fullmatch(self.url)
        return found[1] if found else None


def direct_url() -> str | None:
    """What the installer noted of where it had us from (PEP 610); None where it noted nothing."""
    try:
        return distribution("parity").read_text("direct_url.json")
    except PackageNotFoundError:  # it runs from its own checkout
        return None


def installed_from(noted_url: str | None) -> Source | None:
    """`noted_url`: what `direct_url` gives. None where that is a folder, an archive, or not known."""
    try:
        noted = json.loads(noted_url or "{}")
        return Source.parse(f"{noted['url']}@{noted['vcs_info']['commit_id']}")
    except (ValueError, KeyError, TypeError, RecursionError, ParityError):
        return None
