"""Which COPY brings a file or folder of the build context into the image, as the Dockerfile's writer would write it?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parity.build.image import Image
from parity.dockerfile.instructions import Cmd, Copy, Entrypoint, Instruction, Run, Workdir
from parity.image.counterpart import CopiedPart, copied_parts
from parity.image.layers import Copied, Placed
from parity.image.tree import ImageTree
from parity.model.finding import Remedy
from parity.model.location import Location, Unknown
from parity.remedies.dockerfile.written import Written, copies
from parity.remedies.dockerfile.written_paths import (
    carried_flags,
    is_read_as_written,
    with_word,
    words_of_copy,
    written_like,
)
from parity.remedies.secret_names import may_hold_secret
from parity.tree.base import Entry, FileKind, clean, join, parent_of, within

_INSTALLS = re.compile(
    r"\b(?:pip3?|uv|poetry|pdm|pipenv|conda|mamba|pixi)\b.*\b(?:install|sync|export)\b", re.DOTALL
)
_FILE = re.compile(r"(?<![\w/-])[\w./-]+\.(?:py|sh)\b")
_AT_ROOT = re.compile(r"(?!setup\.|tox|pytest|mypy|test|conftest|noxfile|tasks\.)[^.].*\.(?:py|sh|ini|cfg)")
_DECLARES = re.compile(
    r"(?:.*requirements?[^/]*|constraints[^/]*|pyproject\.toml|.*\.lock|Pipfile|setup\.(?:py|cfg)|environment\.ya?ml"
    r"|package[^/]*\.json|README[^/]*|LICENSE[^/]*)",
    re.IGNORECASE,
)


Placings = dict[int, list[tuple[str, str, bool]]]
"""By the line of the instruction: image path, context path, is it a folder?"""


def copy_in(image: Image, text: Written, source: str, target: str) -> Iterator[Remedy]:
    """Ways to have the context path `source` (absolute) at the image path `target`, the best first."""
    entry = image.context.tree.lookup(image.context.checkout_path(source))
    is_folder = isinstance(entry, Entry) and entry.kind is FileKind.DIRECTORY
    if is_folder and may_hold_secret(image.context, source):
        return
    for tree, path in _where_made(image.alone.tree, target):
        placed = _placed(image, tree)
        mine = [
            one
            for stage in text.dockerfile.stages
            for one in copies(iter(stage.instructions))
            if one.flag("from") is None and one.location.line in placed
        ]
        if not is_folder:
            yield from _extended(text, mine, placed, source, path)
        code = [one for one in mine if not _declares(one)]
        if tree is image.alone.tree:
            lacks_code = not any(map(_is_code, copied_parts(tree))) and not _writes_code(tree)
            if lacks_code and not may_hold_secret(image.context, "/"):
                yield from _everything(image, text, mine, source, path)
                if _needs_more(image, text):
                    return
        elif not code:
            continue
        yield from _added(image, text, code or mine, bool(code), placed, source, path, is_folder=is_folder)


def _where_made(tree: ImageTree, target: str) -> Iterator[tuple[ImageTree, str]]:
    """The stage whose folder is copied to where `target` is missing, and the path in it; then the image itself."""
    for layer in tree.layers():
        if isinstance(layer, Copied) and isinstance(layer.source, ImageTree) and within(target, layer.path):
            yield layer.source, layer.source_path(target)
    yield tree, target


def _declares(one: Copy) -> bool:
    return all(_DECLARES.fullmatch(word.rstrip("/").rpartition("/")[2]) for word in one.sources)


def _writes_code(tree: ImageTree) -> bool:
    """Does an instruction write a module itself, which a COPY of all may write over?"""
    return any(isinstance(one, Placed) and one.path.endswith(".py") for one in tree.layers())


def _is_code(part: CopiedPart) -> bool:
    return _DECLARES.fullmatch(part.checkout.rpartition("/")[2]) is None


def _extended(
    text: Written,
    mine: Sequence[Copy],
    placed: Placings,
    source: str,
    target: str,
) -> Iterator[Remedy]:
    """One more source of a COPY that is there, and puts files into that folder."""
    name, folder = source.rpartition("/")[2], parent_of(target)
    if target.rpartition("/")[2] != name:
        return
    for one in reversed(mine):
        there = placed[one.location.line]
        into = one.destination.endswith("/") or one.destination in (".", "")
        if not into or one.is_set("parents") or any(is_dir for _, _, is_dir in there):
            continue
        if {parent_of(path) for path, _, _ in there} != {folder}:
            continue
        word = written_like(_sources(one, there), source)
        after = with_word(text.text(one), word, before=one.destination) if word else None
        if word and after and is_read_as_written(source):
            yield Remedy(f"{text.place(one)}: add {word} to the COPY", (text.replaced(one, after),))
            return


def _added(
    image: Image,
    text: Written,
    neighbours: Sequence[Copy],
    of_code: bool,
    placed: Placings,
    source: str,
    target: str,
    *,
    is_folder: bool,
) -> Iterator[Remedy]:
    """A COPY of its own, below the nearest of code, else behind the install."""
    if not is_read_as_written(source):
        yield Remedy(f"add a COPY of {source[1:]} to {target}")
        return
    neighbour = max(
        neighbours,
        key=lambda one: (_nearness(placed[one.location.line], source, is_folder), one.location),
        default=None,
    )
    at: Instruction = _behind_install(text)
    if of_code and neighbour is not None:
        at = neighbour
    sources = [
        pair
        for one in _last_first(neighbours, neighbour)
        for pair in _sources(one, placed[one.location.line])
    ]
    targets = [
        pair
        for one in _last_first(neighbours, neighbour)
        for pair in _targets(one, placed[one.location.line])
    ]
    here = text.working_directory(at) or (
        image.config.working_directory if _is_last_folder(text, at) else None
    )
    same = neighbour is not None and text.working_directory(neighbour) == here
    targets = [pair for pair in targets if same or pair[0].startswith(("/", "$"))]
    if here is not None:
        targets.append((".", here))
    named = (
        target if is_folder or target.rpartition("/")[2] != source.rpartition("/")[2] else parent_of(target)
    )
    place = written_like(targets, named) or named
    if not is_folder and named != target:
        place = "./" if place == "." else place + "/"
    flags = carried_flags(text.text(neighbour)) if neighbour is not None else []
    line = words_of_copy(flags, [written_like(sources, source) or source[1:]], place)
    yield Remedy(f"{text.place(at)}: add {line.strip()} below it", (text.added(line, below=at),))


def _everything(
    image: Image, text: Written, neighbours: Sequence[Copy], source: str, target: str
) -> Iterator[Remedy]:
    """The COPY of all was forgotten: nothing of the code is there, and it lies at the root, or a RUN uses it."""
    at = _first_use(image, text) or _behind_install(text)
    here = text.working_directory(at) or image.config.working_directory
    if join(here, source[1:]) != target:
        return
    flags = [flag for one in neighbours[-1:] for flag in carried_flags(text.text(one))]
    line = words_of_copy(flags, ["."], ".")
    where = f"{text.place(at)}"
    yield Remedy(f"{where}: add {line.strip()} below it", (text.added(line, below=at),), unsafe=True)


def _needs_more(image: Image, text: Written) -> bool:
    """May the start need more than its package: files at the root, or what a RUN uses?"""
    names = image.context.names("/")
    if isinstance(names, Unknown) or _first_use(image, text) is not None:
        return True
    return any(map(_AT_ROOT.fullmatch, names))


def _first_use(image: Image, text: Written) -> Instruction | None:
    """What stands above the first RUN of the stage that names a file of the context; None where none does."""
    above: Instruction = text.own.base
    for one in text.own.instructions:
        if isinstance(one, Run):
            for word in _FILE.findall(text.text(one)):
                place = image.context.checkout_path(clean(word))
                if isinstance(image.context.tree.lookup(place), Entry):
                    return above
        above = one
    return None


def _behind_install(text: Written) -> Instruction:
    """What the COPY of the code follows: the last install of the stage, else its last COPY, WORKDIR or RUN."""
    own = [one for one in (text.own.base, *text.own.instructions) if not isinstance(one, Entrypoint | Cmd)]
    installs = [one for one in own if isinstance(one, Run) and _INSTALLS.search(text.text(one))]
    steps = [one for one in own if isinstance(one, Copy | Run | Workdir)]
    return (installs or steps or own[:1])[-1]


def _is_last_folder(text: Written, at: Instruction) -> bool:
    own = text.own.instructions
    return (at in own or at is text.own.base) and not any(
        isinstance(one, Workdir) and one.location > at.location for one in own
    )


def _last_first(every: Sequence[Copy], first: Copy | None) -> list[Copy]:
    return ([first] if first is not None else []) + [one for one in reversed(every) if one is not first]


def _sources(one: Copy, there: Sequence[tuple[str, str, bool]]) -> list[tuple[str, str]]:
    """Each source as it is written, and its context path."""
    real = dict.fromkeys(source for _, source, _ in there)
    found = []
    for word in one.sources:
        tail = word.rstrip("/").rpartition("/")[2]
        match = next((path for path in real if path.rpartition("/")[2] == tail), None)
        match = match or ("/" if word in (".", "./", "/") else None)
        if match is not None:
            found.append((word, match))
    return found


def _targets(one: Copy, there: Sequence[tuple[str, str, bool]]) -> list[tuple[str, str]]:
    """The destination as it is written, and the folders that it may come to."""
    into = one.destination.endswith("/") or one.destination in (".", "")
    return [
        (one.destination or ".", path if is_dir or not into else parent_of(path))
        for path, _, is_dir in there[:1]
    ]


def _placed(image: Image, tree: ImageTree) -> Placings:
    found: Placings = {}
    root = image.context.root if image.context.root != "/" else ""
    for layer in tree.layers():
        match layer:
            case Copied(path, source, origin, top, Location() as by) if not isinstance(source, ImageTree):
                real = (top.source or origin).removeprefix(root)
                found.setdefault(by.line, []).append((path, real or "/", True))
            case Placed(path, entry) if entry.kind is FileKind.FILE and entry.source and entry.made_by:
                found.setdefault(entry.made_by.line, []).append(
                    (path, entry.source.removeprefix(root), False)
                )
            case _:
                pass
    return found


def _nearness(there: Sequence[tuple[str, str, bool]], source: str, of_folder: bool) -> tuple[int, bool]:
    """How many leading folders are the same; does it copy a folder, as is wanted, or files?"""

    def shared(other: str) -> int:
        pairs = zip(parent_of(other).split("/"), parent_of(source).split("/"), strict=False)
        return next((i for i, (a, b) in enumerate(pairs) if a != b), min(other.count("/"), source.count("/")))

    alike = any(is_dir == of_folder for _, _, is_dir in there)
    return max((shared(other) for _, other, _ in there), default=0), alike
