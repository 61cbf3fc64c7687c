"""What does a server's `module:attribute` name?"""

from __future__ import annotations

import re

from msgspec import Struct

from parity.startup.entrypoint import ImportModule

MODULE = re.compile(r"[^\W\d][\w-]*(?:\.[^\W\d][\w-]*)*")
"""`importlib.import_module` takes names that no import statement can say: `my-app`."""
ATTRIBUTE = re.compile(r"\s*([^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*(\(.*\))?\s*", re.DOTALL)
LONGEST = 1000


class Application(Struct, frozen=True):
    """`module:attribute`, called where brackets follow; `attribute` is "" where none is named."""

    module: str
    attribute: str = ""
    call: bool = False

    def step(self, default: str = "", *, call: bool = False) -> ImportModule:
        """`default`: the attribute where none is named. `call`: the program calls it in any case."""
        return ImportModule(self.module, self.attribute or default, self.call or call)


def application(text: str | None) -> Application | None:
    """None: what it names cannot be told, or it names nothing that Python could import."""
    if text is None or len(text) > LONGEST:
        return None
    module, colon, attribute = text.partition(":")
    if not MODULE.fullmatch(module):
        return None
    if not colon:
        return Application(module)
    found = ATTRIBUTE.fullmatch(attribute)
    return Application(module, found[1], found[2] is not None) if found else None


def is_module(text: str | None) -> bool:
    """Is it a dotted name that can be imported?"""
    return text is not None and len(text) <= LONGEST and MODULE.fullmatch(text) is not None


def dotted(text: str | None) -> Application | None:
    """`package.module.attribute`, the last part being the attribute."""
    if text is None or not is_module(text) or "." not in text:
        return None
    module, _, attribute = text.rpartition(".")
    return Application(module, attribute)
