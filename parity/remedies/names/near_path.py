"""Is there a path, module or name much like the one that an instruction or the start command tells?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.build.copy_step import MissingSource
from parity.dockerfile.instructions import Copy
from parity.model.command import Command
from parity.model.finding import Edit, Remedy
from parity.model.location import Location, Unknown
from parity.model.secret_names import is_secret
from parity.remedies.dockerfile.written import written
from parity.remedies.names.renamed import near_name, nearest
from parity.remedies.secret_names import may_hold_secret
from parity.tree.base import Entry, FileKind, FileTree, child, join, parent_of
from parity.tree.links import follow

MOST_FOLDERS = 2_000


def source_renamed(analysis: Analysis, missing: MissingSource) -> Iterator[Remedy]:
    """A COPY source that is absent: the one path of the context that is much like it, or has its name elsewhere."""
    text = written(analysis.image, analysis.dockerfile)
    instruction = text.instruction(missing.location) if text is not None else None
    if text is None or not isinstance(instruction, Copy) or missing.written not in instruction.sources:
        return
    context = analysis.image.context
    for path in _alike(context, missing.path):
        place = context.checkout_path(path)
        if is_secret(path[1:]) or may_hold_secret(context, path) or analysis.git_ignored(place):
            continue
        before = text.text(instruction)
        kept = "./" if missing.written.startswith("./") else "/" if missing.written.startswith("/") else ""
        new = kept + path[1:] + ("/" if missing.written.endswith("/") else "")
        after = _replaced(before, missing.written, new)
        if after is not None:
            yield Remedy(
                f"{text.place(instruction)}: copy {new}, which is there",
                (text.replaced(instruction, after),),
                unsafe=True,
            )


def _alike(tree: FileTree, path: str) -> Iterator[str]:
    """Beside where the path ends, then anywhere under the same name."""
    folder = "/"
    for part in path[1:].split("/"):
        here = child(folder, part)
        if isinstance(tree.lookup(here), Entry):
            folder = here
            continue
        names = tree.names(folder)
        near = "" if isinstance(names, Unknown) else nearest(part, set(names))
        if near:
            found = join(folder, near + path[len(here) :])
            if isinstance(tree.lookup(found), Entry):
                yield found
        break
    same = _of_name(tree, path.rpartition("/")[2])
    if len(same) == 1:
        yield same[0]


def _of_name(tree: FileTree, name: str) -> list[str]:
    waiting, found, seen = ["/"], [], 0
    while waiting and seen < MOST_FOLDERS:
        folder = waiting.pop()
        seen += 1
        names = tree.names(folder)
        for one in () if isinstance(names, Unknown) else sorted(names):
            path = child(folder, one)
            answer = tree.lookup(path)
            if not isinstance(answer, Entry):
                continue
            if one == name:
                found.append(path)
            elif answer.kind is FileKind.DIRECTORY and not one.startswith(".") and one != "node_modules":
                waiting.append(path)
    return found if seen < MOST_FOLDERS else []


def command_renamed(
    analysis: Analysis, command: Command | None, named: str, *, module: str = ""
) -> Iterator[Remedy]:
    """The start command with the nearest name there is.

    `named`: a module, a script's path, or an application of the `module` that is started.
    """
    if command is None or command.location is None or not named:
        return
    for old, new in _names(analysis, command, named, module):
        edits = _in_command(analysis, command.location, old, new)
        if edits:
            yield Remedy(
                f"{command.location.path}:{command.location.line}: start {new}, which is there",
                edits,
                unsafe=True,
            )


def _names(analysis: Analysis, command: Command, named: str, module: str) -> Iterator[tuple[str, str]]:
    tree, folder = analysis.image.tree, command.working_directory
    if module:
        startup = next((one for one in analysis.startups for m in one.modules if m.name == module), None)
        source = next((m.source for m in startup.modules if m.name == module), "") if startup else ""
        near = near_name(analysis.checkout, f"/{source}", named) if source else ""
        if near:
            yield named, near
        return
    if "/" in named or named.endswith((".py", ".sh")):
        path = join(folder, named)
        name = path.rpartition("/")[2]
        names = tree.names(parent_of(path))
        near = "" if isinstance(names, Unknown) else nearest(name, _with_suffix(names, name))
        if near:
            yield name, near
        return
    *above, last = named.split(".")
    place = join(folder, "/".join(above))
    names = tree.names(place)
    if not isinstance(names, Unknown):
        modules = {one.removesuffix(".py") for one in names if one.endswith(".py")}
        modules |= {
            one for one in names if isinstance(tree.lookup(f"{child(place, one)}/__init__.py"), Entry)
        }
        near = nearest(last, {one for one in modules if one.isidentifier()})
        if near:
            yield named, ".".join((*above, near))


def _with_suffix(names: frozenset[str], name: str) -> set[str]:
    suffix = name[name.rfind(".") :] if "." in name else ""
    return {one for one in names if one.endswith(suffix)}


def _in_command(analysis: Analysis, place: Location, old: str, new: str) -> tuple[Edit, ...]:
    """The first line of the command that has the word; () where there is none, or several have."""
    found = follow(analysis.checkout, "/" + place.path)
    data = analysis.checkout.read(found.path) if isinstance(found.answer, Entry) else None
    if not isinstance(data, bytes):
        return ()
    lines = data.decode("utf8", "surrogateescape").split("\n")
    last = max(place.line, place.end_line)
    for number in range(place.line, min(last, len(lines)) + 1):
        text = lines[number - 1].removesuffix("\r")
        after = _replaced(text, old, new)
        if after is not None:
            return (Edit(place.path, number, number, after + "\n"),)
    return ()


def _replaced(text: str, old: str, new: str) -> str | None:
    pattern = re.compile(
        rf"(?<![\w./-]){re.escape(old)}(?![\w-])"
        if "/" in old or old.startswith(".")
        else rf"(?<![\w-]){re.escape(old)}(?![\w-])"
    )
    found = list(pattern.finditer(text))
    if len(found) != 1:
        return None
    return text[: found[0].start()] + new + text[found[0].end() :]
