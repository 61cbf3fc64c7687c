"""May a step that cannot be read have changed a file that is there?"""

from __future__ import annotations

from parity.image.layers import CannotKnow, Changed, Copied, Renamed
from parity.image.tree import ImageTree
from parity.tree.base import within


def may_be_changed(tree: ImageTree, path: str) -> bool:
    """Its permissions or its text, since a readable instruction put it there."""
    for layer in tree.layers():
        if not within(path, layer.path):
            continue
        said = layer.answer(path)
        if isinstance(said, Renamed):
            path = said.path
        elif isinstance(layer, Copied) and isinstance(layer.source, ImageTree) and said:
            return may_be_changed(layer.source, layer.source_path(path))
        elif said and not isinstance(said, Changed):
            return isinstance(said, CannotKnow)
    return False
