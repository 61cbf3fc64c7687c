"""How to bring a file of the checkout into the image, by the reason why it is not there."""

from __future__ import annotations

import json

from parity.docker.build import Image
from parity.docker.layers import Copied, Placed
from parity.model.finding import Cause, CauseKind, Edit
from parity.model.location import Location
from parity.tree.base import FileKind, below, within

NOTHING: tuple[str, tuple[Edit, ...]] = ("", ())


def bring_in(
    image: Image, cause: Cause, checkout_path: str = "", image_path: str = ""
) -> tuple[str, tuple[Edit, ...]]:
    """A sentence and the edits. `checkout_path` is absolute in the checkout, `image_path` in the image.

    Of a package its whole folder is brought in. No path is needed for what is off the search path.
    """
    where = f"{cause.location}: " if cause.location else ""
    source = checkout_path.removesuffix("/__init__.py")
    target = image_path.removesuffix("/__init__.py")
    root = image.context.root
    match cause.kind:
        case CauseKind.DOCKERIGNORE:
            line = f"!{below(source, root)}"
            text = f"{where}narrow the rule {cause.detail!r}, or add the line {line} below it"
            return text, line_below(cause.location, line)
        case CauseKind.NOT_COPIED if not within(source, root):
            return (
                f"{source[1:]} lies outside the build context {root[1:]}: build from a folder above both",
                (),
            )
        case CauseKind.NOT_COPIED:
            return _copied(image, cause.location, below(source, root), target)
        case CauseKind.REMOVED:
            return f"{where}do not remove {image_path}", ()
        case CauseKind.OTHER_STAGE:
            return f"{where}{cause.detail}: copy it from there with COPY --from", ()
        case CauseKind.NOT_ON_SEARCH_PATH:
            text = f"{cause.detail}: set WORKDIR or PYTHONPATH to the folder above it, or copy it elsewhere"
            return text, ()
        case _:
            return NOTHING


def line_below(location: Location | None, text: str) -> tuple[Edit, ...]:
    """The edit that adds the line `text` below the instruction or rule at `location`."""
    if location is None or not location.line:
        return ()
    line = max(location.line, location.end_line) + 1
    return (Edit(location.path, line, line - 1, text + "\n"),)


def _copied(image: Image, nearest: Location | None, source: str, target: str) -> tuple[str, tuple[Edit, ...]]:
    """A new COPY below the nearest one; where that belongs to another stage, below the image's last one."""
    plain = not any(character.isspace() for character in source + target)
    line = f"COPY {source} {target}" if plain else f"COPY {json.dumps([source, target], ensure_ascii=False)}"
    own = _copies(image)
    place = nearest if nearest in own else max(own, default=None)
    return (f"{place}: add {line}" if place else f"add {line}"), line_below(place, line)


def _copies(image: Image) -> set[Location]:
    """The instructions that copied something into the image's own stage, or the stages it grew from."""
    found = set()
    for layer in image.tree.layers():
        match layer:
            case Copied(by=Location() as place):
                found.add(place)
            case Placed(entry=entry) if entry.kind is FileKind.FILE and entry.source and entry.made_by:
                found.add(entry.made_by)
            case _:
                pass
    return found
