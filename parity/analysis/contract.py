"""Does the image hold what the configuration says, and nothing that it forbids?"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from parity.analysis.analysis import Analysis, Required, Unwanted
from parity.image.counterpart import copied_parts
from parity.image.tree import ImageTree
from parity.model.contract import Contract
from parity.model.errors import ParityError
from parity.model.location import Location, Unknown
from parity.patterns.git_ignore import IgnoreLine, line_of, named
from parity.tree.base import Absent, Entry, FileKind, FileTree, below, child, join, within
from parity.tree.links import follow

MOST_FOLDERS = 20_000
"""Folders of the checkout that are looked into."""


def with_contract(analysis: Analysis, contract: Contract) -> Analysis:
    """The facts, and how the image breaks the contract. Raises ParityError for a pattern that means nothing."""
    if not contract.contains and not contract.lacks:
        return analysis
    return replace(
        analysis,
        required=tuple(_required(analysis, contract)),
        unwanted=tuple(_unwanted(analysis, contract)),
    )


def _required(analysis: Analysis, contract: Contract) -> Iterator[Required]:
    of_image, of_checkout = _read(contract.contains, contract.contains_at)
    for line in of_image:
        if (found := _in_image(analysis.image.tree, line)) is not None:
            yield Required(line.text, found, contract.contains_at)
    found_by: set[int] = set()
    tree = analysis.image.tree
    for path, number in _files(analysis, contract.folder, of_checkout):
        found_by.add(number)
        if not holds(tree, path):
            places = _places(tree, path)
            answers = [tree.lookup(place) for place in places]
            doubt = next((answer for answer in answers if isinstance(answer, Unknown)), None)
            directory = analysis.image.config.working_directory
            place = places[0] if places else join(directory, below(path, contract.folder))
            yield Required(contract.contains[number], place, contract.contains_at, path, doubt)
    for line in of_checkout:
        if line.number not in found_by and not line.negated:
            message = f"contains: {line.text!r} matches no file of the checkout"
            raise ParityError(message, contract.contains_at, "correct it; an image path begins with a slash")


def _unwanted(analysis: Analysis, contract: Contract) -> Iterator[Unwanted]:
    of_image, of_checkout = _read(contract.lacks, contract.lacks_at)
    found: dict[tuple[int, Location | None], Unwanted] = {}
    for path, entry in analysis.image.tree.listing():
        is_folder = entry.kind is FileKind.DIRECTORY
        hit = named(of_image, path[1:], is_folder)
        if hit is None and entry.source is not None and within(entry.source, contract.folder):
            hit = named(of_checkout, below(entry.source, contract.folder), is_folder)
        if hit is None or is_folder:
            continue
        line, place = hit
        key = (line.number, entry.made_by)
        first = found.get(key)
        if first is None:
            source = join(contract.folder, place) if line in of_checkout else entry.source or ""
            found[key] = Unwanted(contract.lacks[line.number], path, source, entry.made_by)
        else:
            found[key] = replace(first, more=first.more + 1)
    yield from found.values()


def _read(
    patterns: tuple[str, ...], place: Location | None
) -> tuple[tuple[IgnoreLine, ...], tuple[IgnoreLine, ...]]:
    """Those of image paths, and those of the checkout's, numbered as they are written."""
    of_image: list[IgnoreLine] = []
    of_checkout: list[IgnoreLine] = []
    for number, text in enumerate(patterns):
        line = line_of(text, number)
        if line is None:
            raise ParityError(f"{text!r} is no pattern", place, "write it as in .gitignore")
        (of_image if text.removeprefix("!").startswith("/") else of_checkout).append(line)
    return tuple(of_image), tuple(of_checkout)


def _in_image(tree: ImageTree, line: IgnoreLine) -> str | None:
    """The image path that is missing, if nothing fits the line; None where something does or may."""
    if line.negated:
        return None
    path = "/" + line.text.strip("/")
    if line.is_plain:
        return path if isinstance(follow(tree, path).answer, Absent) else None
    fits = (line.names(place[1:], entry.kind is FileKind.DIRECTORY) for place, entry in tree.listing())
    return None if any(fits) else path


def holds(tree: ImageTree, checkout_path: str) -> bool:
    """Has the image this file of the checkout, wherever it lies, as far as its steps can be read?"""
    there = (tree.readable(place) for place in _places(tree, checkout_path))
    return any(isinstance(entry, Entry) and entry.source == checkout_path for entry in there)


def _places(tree: ImageTree, checkout_path: str) -> list[str]:
    """Where the instructions that copy a folder around it put it."""
    parts = (part for part in copied_parts(tree) if within(checkout_path, part.checkout))
    return [join(part.image, below(checkout_path, part.checkout)) for part in parts]


def _files(analysis: Analysis, folder: str, lines: tuple[IgnoreLine, ...]) -> Iterator[tuple[str, int]]:
    """The files of the checkout that the lines name, and which line does; those that git leaves out are nobody's."""
    checkout: FileTree = analysis.checkout
    waiting, left = [folder] if lines else [], MOST_FOLDERS
    while waiting and left:
        at, left = waiting.pop(), left - 1
        names = checkout.names(at)
        for name in () if isinstance(names, Unknown) else sorted(names):
            path = child(at, name)
            entry = checkout.lookup(path)
            if not isinstance(entry, Entry) or name == ".git":
                continue
            if entry.kind is FileKind.DIRECTORY:
                waiting.append(path)
            elif (hit := named(lines, below(path, folder), False)) and not analysis.git_ignored(path):
                yield path, hit[0].number
