"""How to bring a file of the checkout into the image, by the reason why it is not there."""

from __future__ import annotations

from parity.model.finding import Cause, CauseKind, Edit
from parity.model.location import Location


def bring_in(cause: Cause, checkout_path: str, image_path: str) -> tuple[str, tuple[Edit, ...]]:
    """A sentence and the edits. `checkout_path` is absolute in the checkout, `image_path` in the image."""
    wanted = checkout_path.lstrip("/")
    where = f"{cause.location}: " if cause.location else ""
    match cause.kind:
        case CauseKind.DOCKERIGNORE:
            package = wanted.removesuffix("/__init__.py")
            text = f"{where}narrow the rule {cause.detail!r}, or add the line !{package} below it"
            return text, _line_below(cause.location, f"!{package}\n")
        case CauseKind.NOT_COPIED:
            folder = wanted.removesuffix("/__init__.py")
            target = image_path.removesuffix("/__init__.py")
            return f"{where}add COPY {folder} {target}", _line_below(
                cause.location, f"COPY {folder} {target}\n"
            )
        case CauseKind.REMOVED:
            return f"{where}do not remove {image_path}", ()
        case CauseKind.OTHER_STAGE:
            return f"{where}{cause.detail}: copy it from there with COPY --from", ()
        case CauseKind.NOT_ON_SEARCH_PATH:
            return (
                f"{cause.detail}: set WORKDIR or PYTHONPATH to the folder above it, or copy it elsewhere",
                (),
            )
        case _:
            return "", ()


def _line_below(location: Location | None, text: str) -> tuple[Edit, ...]:
    if location is None or not location.line:
        return ()
    line = max(location.line, location.end_line) + 1
    return (Edit(location.path, line, line - 1, text),)
