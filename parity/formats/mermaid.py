"""How a name becomes the label of a Mermaid node, whatever it holds."""

from __future__ import annotations

from parity.formats.safe import safe

_ENTITIES = {ord(char): f"#{ord(char)};" for char in "#;\"'`<>&[](){}|\\*_~$%"}


def label(*lines: str) -> str:
    """The lines in quotes; what Mermaid, Markdown or HTML would read as markup is written as an entity."""
    return '"' + "<br>".join(safe(line).translate(_ENTITIES) for line in lines) + '"'
