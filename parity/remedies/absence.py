"""How to bring a file of the checkout into the image, by the reason why it is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from parity.analysis.analysis import Analysis
from parity.build.absence import where_packed
from parity.build.image import Image
from parity.context.build_context import BuildContext
from parity.image.counterpart import image_paths
from parity.model.finding import Cause, CauseKind, Edit, Remedy
from parity.model.secret_names import is_secret
from parity.remedies.dockerfile import from_stage, removal, search_path
from parity.remedies.dockerfile.copy_in import copy_in
from parity.remedies.dockerfile.reinclude import WILDCARD, reinclude
from parity.remedies.dockerfile.written import Written, written
from parity.remedies.secret_names import ADVICE
from parity.tree.base import Absent, Entry, below, join, parent_of, within
from parity.tree.links import follow

_INSTALLED = re.compile(r"/(?:site|dist)-packages(?:/|$)")
MOST_BESIDE = 50
_EXCLUDE = re.compile(r"--exclude=\S+[ \t]*(?:\\\n[ \t]*)?")


def bring_in(
    analysis: Analysis, cause: Cause, checkout_path: str = "", image_path: str = "", module: str = ""
) -> tuple[Remedy, ...]:
    """The ways, the best first. `checkout_path` is absolute in the checkout, `image_path` in the image.

    Of a package its whole folder is brought in, unless the image has some of it. `module`: the one that is off the
    search path.
    """
    image, image_path = where_packed(analysis.image.alone, image_path)
    text = written(image, analysis.dockerfile)
    return tuple(_ways(replace(analysis, image=image), image, text, cause, checkout_path, image_path, module))


def _ways(
    analysis: Analysis,
    image: Image,
    text: Written | None,
    cause: Cause,
    checkout_path: str,
    image_path: str,
    module: str,
) -> Iterator[Remedy]:
    where = f"{cause.location}: " if cause.location else ""
    match cause.kind:
        case CauseKind.DOCKERIGNORE:
            yield from let_in(image.context, _whole(image, checkout_path, image_path)[0])
            if checkout_path.endswith("/__init__.py"):
                yield from let_in(image.context, checkout_path)
            yield Remedy(f"{where}narrow the rule {cause.detail!r}")
        case CauseKind.NOT_COPIED:
            yield from _copied(analysis, image, text, cause, checkout_path, image_path)
        case CauseKind.REMOVED:
            if text is not None and cause.location is not None:
                yield from removal.kept(text, cause.location, image_path)
            yield Remedy(f"{where}do not remove {image_path}")
        case CauseKind.OTHER_STAGE:
            if text is not None:
                yield from from_stage.copied(image, text, checkout_path, image_path)
            yield Remedy(f"{where}{cause.detail}: copy it from there with COPY --from")
        case CauseKind.NOT_ON_SEARCH_PATH if _INSTALLED.search(image_path):
            yield from _before_install(image, text, checkout_path)
        case CauseKind.NOT_ON_SEARCH_PATH:
            if text is not None:
                yield from search_path.extended(image, text, cause, module, image_path)
            yield Remedy(
                f"{cause.detail}: set WORKDIR or PYTHONPATH to the folder above it, or copy it elsewhere"
            )
        case CauseKind.OUTDATED:
            yield Remedy("build the image again")
        case _:
            pass


def let_in(context: BuildContext, checkout_path: str) -> Iterator[Remedy]:
    """What lets an ignored file or folder into the context; nothing where no line does it for certain."""
    if not checkout_path or not within(checkout_path, context.root):
        return
    if is_secret(checkout_path[1:]):
        yield Remedy(f"{checkout_path[1:]} is kept out, and {ADVICE}")
        return
    made = reinclude(context, "/" + below(checkout_path, context.root))
    if made is not None:
        yield Remedy(made.text, made.edits, unsafe=bool(made.lines))


def keep_out(context: BuildContext, checkout_path: str) -> Remedy | None:
    """The line that keeps a file or folder out of the context; None where it lies outside of it anyway."""
    if not within(checkout_path, context.root) or checkout_path == context.root:
        return None
    line = WILDCARD.sub(r"\\\1", below(checkout_path, context.root))
    path = context.ignore.path
    data = context.tree.read(f"/{path}") if path else None
    if not isinstance(data, bytes) or not line.isprintable():
        return Remedy(f"{path or '.dockerignore'}: add the line {line}")
    number = data.count(b"\n") + (not data.endswith(b"\n") and data != b"")
    edit = Edit(path, number + 1, number, f"{line}\n")
    return Remedy(f"{path}: add the line {line} at its end", (edit,))


def _copied(
    analysis: Analysis, image: Image, text: Written | None, cause: Cause, checkout_path: str, image_path: str
) -> Iterator[Remedy]:
    root = image.context.root
    checkout_path = _of_link(analysis, checkout_path)
    if not within(checkout_path, root):
        text_ = (
            f"{checkout_path[1:]} lies outside the build context {root[1:]}: build from a folder above both"
        )
        yield Remedy(text_)
        return
    if is_secret(checkout_path[1:]) and not checkout_path.endswith(".py"):
        yield Remedy(f"{checkout_path[1:]} is not copied, and {ADVICE}")
        return
    if analysis.git_ignored(checkout_path):
        yield Remedy(
            f"{checkout_path[1:]} is not in git (a .gitignore names it): commit it, or make it in a RUN"
        )
        return
    if _INSTALLED.search(image_path):
        yield from _before_install(image, text, checkout_path)
        return
    if text is None:
        yield Remedy(f"add a COPY of {checkout_path[1:]} to {image_path}")
        return
    yield from _not_excluded(text, cause)
    dropped = tuple(from_stage.dropped(image, text))
    yield from dropped
    if dropped:
        return
    source, target = _whole(image, checkout_path, image_path)
    ways = list(copy_in(image, text, "/" + below(source, root), target))
    if source != checkout_path and not any(one.edits for one in ways):
        ways += copy_in(image, text, "/" + below(checkout_path, root), image_path)
    if not ways:
        yield Remedy(f"{source[1:]} may hold a secret: copy what start-up needs of it, file by file")
    hidden = image.context.hidden_by("/" + below(source, root))
    for one in ways:
        if hidden is None or not one.edits:
            yield one
            continue
        admitted = next((way for way in let_in(image.context, source) if way.edits), None)
        if admitted is not None:
            yield Remedy(f"{one.text}; {admitted.text}", (*one.edits, *admitted.edits), admitted.unsafe)
        else:
            narrow = f"and narrow the rule {hidden.text!r} of {image.context.ignore.path}"
            yield Remedy(f"{one.text}, {narrow}")


def _before_install(image: Image, text: Written | None, checkout_path: str) -> Iterator[Remedy]:
    """Into the folder that a RUN installs the project from: beside the files of the same folder."""
    folder, name = parent_of(checkout_path), checkout_path.rpartition("/")[2]
    names = image.context.tree.names(folder)
    beside = sorted(names)[:MOST_BESIDE] if isinstance(names, frozenset) else ()
    places = dict.fromkeys(
        parent_of(path) for one in beside for path in image_paths(image.tree, join(folder, one))
    )
    if text is not None and within(checkout_path, image.context.root):
        for place in places:
            target = join(place, name)
            if not _INSTALLED.search(place) and isinstance(image.tree.lookup(target), Absent):
                yield from copy_in(image, text, "/" + below(checkout_path, image.context.root), target)
    what = checkout_path[1:]
    if image_paths(image.tree, checkout_path):
        yield Remedy(f"let the project's build take {what}: list its package, or the package data")
    elif what.endswith(".py"):
        yield Remedy(f"copy {what} above the RUN that installs the project")
    else:
        yield Remedy(
            f"list {what} in the package data of the project, and copy it above the RUN that installs it"
        )


def _whole(image: Image, checkout_path: str, image_path: str) -> tuple[str, str]:
    """The package's folders for a module in it, where the image has nothing of it; those of the outermost one."""
    source, target = checkout_path, image_path
    while True:
        folder, place = parent_of(source), parent_of(target)
        package = image.context.tree.lookup(join(folder, "__init__.py"))
        names = image.tree.names(place)
        is_there = isinstance(names, frozenset) and bool(names)
        alike = folder.rpartition("/")[2] == place.rpartition("/")[2]
        if is_there or not alike or not isinstance(package, Entry):
            return source, target
        source, target = folder, place


def _of_link(analysis: Analysis, path: str) -> str:
    """What a link leads to: it is copied, not the link."""
    found = follow(analysis.checkout, path)
    return found.path if isinstance(found.answer, Entry) else path


def _not_excluded(text: Written, cause: Cause) -> Iterator[Remedy]:
    """The COPY without its --exclude."""
    instruction = text.instruction(cause.location)
    if instruction is None or "exclude" not in cause.detail:
        return
    before = text.text(instruction)
    for found in _EXCLUDE.finditer(before):
        after = before[: found.start()] + before[found.end() :]
        yield Remedy(
            f"{text.place(instruction)}: take {found[0].split()[0]} away",
            (text.replaced(instruction, after),),
        )
