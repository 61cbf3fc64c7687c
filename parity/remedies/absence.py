"""How to bring a file of the checkout into the image, by the reason why it is not there."""

from __future__ import annotations

import json

from msgspec import Struct

from parity.build.absence import in_other_stage, where_packed
from parity.build.evaluate import Image
from parity.context.build_context import BuildContext
from parity.image.layers import Copied, Placed
from parity.model.finding import Cause, CauseKind, Edit
from parity.model.location import Location
from parity.remedies.reinclude import WILDCARD, reinclude
from parity.tree.base import FileKind, below, within

_SPECIAL = frozenset("$*?[]\\\"'`")
"""What BuildKit reads as more than itself in the paths of a COPY."""
NOTHING: tuple[str, tuple[Edit, ...]] = ("", ())


class _CopyLine(Struct, frozen=True):
    """`stage`: the one to copy from, "" for the build context."""

    source: str
    target: str
    stage: str = ""

    @property
    def text(self) -> str:
        flag = f"--from={self.stage} " if self.stage else ""
        if any(character.isspace() for character in self.source + self.target):
            return f"COPY {flag}{json.dumps([self.source, self.target], ensure_ascii=False)}"
        return f"COPY {flag}{self.source} {self.target}"

    @property
    def is_read_as_written(self) -> bool:
        """Does BuildKit take the paths for what they are?"""
        paths = self.source + self.target
        return paths.isprintable() and not _SPECIAL & set(paths) and not self.source.startswith(("-", "<<"))


def bring_in(
    image: Image, cause: Cause, checkout_path: str = "", image_path: str = ""
) -> tuple[str, tuple[Edit, ...]]:
    """A sentence and the edits. `checkout_path` is absolute in the checkout, `image_path` in the image.

    Of a package its whole folder is brought in. No path is needed for what is off the search path.
    """
    image, image_path = where_packed(image.alone, image_path)
    where = f"{cause.location}: " if cause.location else ""
    source = checkout_path.removesuffix("/__init__.py")
    target = image_path.removesuffix("/__init__.py")
    root = image.context.root
    match cause.kind:
        case CauseKind.DOCKERIGNORE:
            admitted = let_in(image.context, source) or let_in(image.context, checkout_path)
            return admitted or (f"{where}narrow the rule {cause.detail!r}", ())
        case CauseKind.NOT_COPIED if not within(source, root):
            return (
                f"{source[1:]} lies outside the build context {root[1:]}: build from a folder above both",
                (),
            )
        case CauseKind.NOT_COPIED:
            return _copied(image, below(source, root), target)
        case CauseKind.REMOVED:
            return f"{where}do not remove {image_path}", ()
        case CauseKind.OTHER_STAGE:
            found = in_other_stage(image, image_path, (checkout_path,) if checkout_path else ())
            if found is None:
                return f"{where}{cause.detail}: copy it from there with COPY --from", ()
            stage, place, by = found
            line = _CopyLine(place.removesuffix("/__init__.py"), target, stage.reference)
            return _added(image, line, below=by)
        case CauseKind.NOT_ON_SEARCH_PATH:
            text = f"{cause.detail}: set WORKDIR or PYTHONPATH to the folder above it, or copy it elsewhere"
            return text, ()
        case _:
            return NOTHING


def let_in(context: BuildContext, checkout_path: str) -> tuple[str, tuple[Edit, ...]] | None:
    """What lets an ignored file or folder into the context; None where no line does it for certain."""
    if not within(checkout_path, context.root):
        return None
    made = reinclude(context, "/" + below(checkout_path, context.root))
    return (made.text, made.edits) if made is not None else None


def keep_out(context: BuildContext, checkout_path: str) -> tuple[str, tuple[Edit, ...]] | None:
    """The line that keeps a file or folder out of the context; None where it lies outside of it anyway."""
    if not within(checkout_path, context.root) or checkout_path == context.root:
        return None
    line = WILDCARD.sub(r"\\\1", below(checkout_path, context.root))
    path = context.ignore.path
    data = context.tree.read(f"/{path}") if path else None
    if not isinstance(data, bytes) or not line.isprintable():
        return f"{path or '.dockerignore'}: add the line {line}", ()
    number = data.count(b"\n") + (not data.endswith(b"\n") and data != b"")
    return f"{path}: add the line {line} at its end", (Edit(path, number + 1, number, f"{line}\n"),)


def _copied(image: Image, source: str, target: str) -> tuple[str, tuple[Edit, ...]]:
    """A new COPY; let into the context first where an ignore rule hides what it copies."""
    text, edits = _added(image, _CopyLine(source, target))
    hidden = image.context.hidden_by("/" + source)
    if hidden is None or not edits:
        return text, edits
    admitted = let_in(image.context, image.context.checkout_path("/" + source))
    if admitted is None:
        return f"{text}, and narrow the rule {hidden.text!r} of {image.context.ignore.path}", ()
    return f"{text}; {admitted[0]}", (*edits, *admitted[1])


def _added(image: Image, line: _CopyLine, below: Location | None = None) -> tuple[str, tuple[Edit, ...]]:
    """The line below the image's last COPY, or above its start command; `below`: what it has to follow."""
    last = max(_copies(image), default=None)
    starts = [at for at in (image.config.entrypoint_at, image.config.cmd_at) if at is not None]
    if last is not None and (below is None or below < last):
        path, at = last.path, max(last.line, last.end_line) + 1
        where = f"{path}:{last.line}"
    elif starts and (below is None or below < min(starts)):
        path, at = min(starts).path, min(starts).line
        where = f"{path}:{at}"
    else:
        return f"add {line.text}", ()
    edits = (Edit(path, at, at - 1, line.text + "\n"),) if line.is_read_as_written else ()
    return f"{where}: add {line.text}", edits


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
