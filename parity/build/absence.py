"""Why something is not in the image: the one answer to that question."""

from __future__ import annotations

from msgspec.structs import replace

from parity.build.image import BuiltStage, Image, LaidOver
from parity.context.build_context import BuildContext
from parity.context.parts import PartialTree
from parity.image.counterpart import CopiedPart, checkout_folders, copied_parts, image_paths, packed_from
from parity.image.tree import ImageTree
from parity.model.finding import Cause, CauseKind
from parity.model.location import Location, Unknown
from parity.tree.base import Absent, Answer, Entry, below, join, within


def explain(image: Image, path: str, checkout_path: str | None = None) -> Cause:
    """Why the image path `path` is not there. `checkout_path`: the file that one would expect there.

    The detail is an ignore rule as written, or says in a few words which instruction is to blame. For a path
    that is there in truth, the caller knows better: it lies off the search path, say.
    """
    if image.planned is not None:
        return _outdated(image.planned, path) or explain(
            replace(image, tree=image.planned, planned=None), path, checkout_path
        )
    image, path = where_packed(image, path)
    answer = image.tree.readable(path)
    parts = tuple(copied_parts(image.tree, path))
    expected = (checkout_path,) if checkout_path else _expected(image, path)
    return (
        _removed(image, path, answer)
        or _left_out(path, parts)
        or _other_stage(image, path, expected)
        or _not_copied(image.alone, path, expected)
    )


def _outdated(planned: ImageTree, path: str) -> Cause | None:
    """A build would put it there now."""
    entry = planned.readable(path)
    if not isinstance(entry, Entry):
        return None
    detail = f"the Dockerfile puts {path} there, and the image was built otherwise"
    return Cause(CauseKind.OUTDATED, detail, entry.made_by)


def where_packed(image: Image, path: str) -> tuple[Image, str]:
    """Of a path in a zip file that an instruction made: the image then, and the path that was packed."""
    archive = packed_from(image.tree, path)
    return (image, path) if archive is None else (replace(image, tree=archive[0]), archive[1])


def _expected(image: Image, path: str) -> tuple[str, ...]:
    """The checkout paths that may be meant."""
    folder, _, name = path.rpartition("/")
    return tuple(join(one, name) for one in checkout_folders(image.tree, folder or "/"))


def _removed(image: Image, path: str, answer: Answer) -> Cause | None:
    if not isinstance(answer, Absent) or answer.removed_by is None:
        return None
    before = image.tree.before_removal(path)
    mount = mount_at(image, answer.removed_by)
    if before is None or not isinstance(before, Entry if mount is None else Entry | Unknown):
        return None
    if mount is not None:
        return Cause(CauseKind.VOLUME, f"a mount over {mount.target} hides it", mount.location)
    return Cause(CauseKind.REMOVED, f"{path} is removed", answer.removed_by)


def mount_at(image: Image, location: Location | None) -> LaidOver | None:
    """The mount that is said there."""
    return next((mount for mount in image.mounts if mount.location == location), None)


def _left_out(path: str, parts: tuple[CopiedPart, ...]) -> Cause | None:
    """An ignore rule, or `--exclude`, keeps it out of a folder that is copied."""
    for part in parts:
        source = part.source
        if not within(path, part.image):
            continue
        inside = join(part.origin, below(path, part.image))
        while isinstance(source, PartialTree):
            if isinstance(source.tree.lookup(source.source_path(inside)), Entry):
                return Cause(CauseKind.NOT_COPIED, source.reason, part.by)
            inside = source.source_path(inside)
            source = source.tree
        if isinstance(source, BuildContext) and (rule := source.hidden_by(inside)) is not None:
            return Cause(CauseKind.DOCKERIGNORE, rule.text, Location(source.ignore.path, rule.line))
    return None


def in_other_stage(
    image: Image, path: str, expected: tuple[str, ...]
) -> tuple[BuiltStage, str, Location] | None:
    """The last other stage that has it, where it lies there, and what put it there."""
    for stage in reversed(image.stages):
        if stage.tree is image.tree:
            continue
        places = [path, *(place for one in expected for place in image_paths(stage.tree, one))]
        for place in places:
            found = stage.tree.lookup(place)
            if isinstance(found, Entry) and found.made_by is not None:
                return stage, place, found.made_by
    return None


def _other_stage(image: Image, path: str, expected: tuple[str, ...]) -> Cause | None:
    found = in_other_stage(image, path, expected)
    if found is None:
        return None
    stage, place, by = found
    return Cause(CauseKind.OTHER_STAGE, f"it is in stage {stage.reference} only, at {place}", by)


def _not_copied(image: Image, path: str, expected: tuple[str, ...]) -> Cause:
    """No instruction brings it: the COPY whose source lies nearest is shown."""
    wanted = expected[0] if expected else None
    best: tuple[int, Location | None] = (0, None)
    for part in copied_parts(image.tree):
        nearness = _shared(part.checkout, wanted) if wanted else _shared(part.image, path)
        if nearness > best[0]:
            best = (nearness, part.by)
    what = wanted[1:] if wanted else path
    return Cause(CauseKind.NOT_COPIED, f"no instruction copies {what}", best[1])


def _shared(one: str, other: str) -> int:
    """How many leading segments two paths have in common."""
    count = 0
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left != right:
            break
        count += 1
    return count
