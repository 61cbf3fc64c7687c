"""Which public scripts, piped into a shell or into Python, install a known tool and nothing else?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from parity.model.location import Location, May, Unknown
from parity.model.packages import HARDLY_ANYTHING

_URLS = re.compile(
    r"""
    (?:https?://)?
    (?: astral\.sh/uv(?:/[\w.]+)?/install\.sh
      | (?:raw\.githubusercontent\.com/python-poetry/install\.python-poetry\.org/.+ | install\.python-poetry\.org)
      | (?:pdm-project\.org|pdm\.fming\.dev)/install-pdm\.py | (?:raw\.githubusercontent\.com/pdm-project/.+)
      | bootstrap\.pypa\.io/(?:.+/)?get-pip\.py
      | (?:deb|rpm)\.nodesource\.com/setup_[\w.]+
      | sh\.rustup\.rs | bun\.sh/install | deno\.land/install\.sh | get\.volta\.sh | get\.pnpm\.io/install\.sh
      | raw\.githubusercontent\.com/nvm-sh/nvm/.+/install\.sh
      | get\.docker\.com
    )
    /?
    """,
    re.VERBOSE,
)
"""Installers of uv, Poetry, PDM, pip, Node.js and its like, Rust, Docker. Each keeps to folders of its own."""


_OWN = re.compile(r"(?:UV|POETRY|PDM|CARGO|RUSTUP|NVM|VOLTA|BUN|DENO|PNPM|XDG)_\w+")
"""Variables by which such a script is told another folder."""


def folders_of(environment: Mapping[str, str]) -> Iterator[str]:
    """Where such scripts write."""
    yield from (environment.get("HOME", "/root"), "/usr/local/bin", "/opt")
    for name, value in environment.items():
        if _OWN.fullmatch(name) and value.startswith("/"):
            yield value


def installer_at(url: str, location: Location | None) -> Unknown | None:
    """What the script at that address does (to `folders_of`); None: nothing is known of it."""
    if not _URLS.fullmatch(url):
        return None
    reason = f"what the script at {url[:100]} does is not known"
    return Unknown(reason, location, May.ELSEWHERE, installed=HARDLY_ANYTHING)
