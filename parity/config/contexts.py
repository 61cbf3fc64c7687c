"""Which folder is a Dockerfile's build context, where nobody says it? The one whose content fits its COPY sources."""

from __future__ import annotations

import re

from msgspec import Struct

from parity.dockerfile.instructions import Cmd, Copy, Dockerfile, Entrypoint, Workdir
from parity.dockerfile.parse import parse
from parity.model.errors import ParityError
from parity.model.location import Unknown
from parity.tree.base import Entry, FileTree, join
from parity.tree.links import follow

_OF_A_PROJECT = ("pyproject.toml", "setup.py", "setup.cfg", "manage.py", ".dockerignore")
_PERHAPS_OF_A_PROJECT = ("requirements.txt", "Pipfile")
"""They say that a folder is a project only where there is Python beside them."""
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*(?::\w+(?:\(.*\))?)?")
_FILE = re.compile(r"[\w./-]+\.(?:py|sh|ini|toml|ya?ml|conf)")


class Guess(Struct, frozen=True):
    """A folder (checkout path). `fits`: it has every COPY source that can be read; `lacks`: the others."""

    context: str
    fits: bool
    lacks: tuple[str, ...] = ()


def parsed_dockerfile(tree: FileTree, path: str, text: bytes | None = None) -> Dockerfile | None:
    """None for one that cannot be read: the check itself tells why. `text`: where it is in no file."""
    data = tree.read(path) if text is None else text
    try:
        return None if isinstance(data, Unknown) else parse(data, path[1:])
    except ParityError:
        return None


def guess_context(tree: FileTree, dockerfile: str, parsed: Dockerfile | None) -> Guess:
    """The root of the checkout, the Dockerfile's own folder, or one between them.

    It is the one that has most of the COPY sources, and then most of what the start command names. Where that does
    not tell, it is the Dockerfile's folder if that looks like a project of its own, else the root.
    """
    folder = dockerfile.rpartition("/")[0] or "/"
    sources = _sources(parsed) if parsed is not None else ()
    started = _started(parsed) if parsed is not None else ()
    places = [folder]
    while places[-1] != "/":
        places.append(places[-1].rpartition("/")[0] or "/")
    fit = {place: (_has(tree, place, sources), _starts(tree, place, started)) for place in places}
    most = max(fit.values())
    best = [place for place in places if fit[place] == most]
    own = best[0] == folder and _is_project(tree, folder)
    chosen = best[0] if own or "/" not in best else "/"
    lacks = tuple(source for source in sources if not _has(tree, chosen, (source,)))
    return Guess(chosen, not lacks, lacks)


def _has(tree: FileTree, folder: str, names: tuple[str, ...]) -> int:
    return sum(isinstance(follow(tree, join(folder, name)).answer, Entry) for name in names)


def _starts(tree: FileTree, folder: str, names: tuple[str, ...]) -> int:
    """How many of the modules and scripts that the command names are there, on their own or as a package."""
    return sum(
        any(_has(tree, folder, (form,)) for form in (name, f"{name}.py", f"src/{name}", f"src/{name}.py"))
        for name in names
    )


def _is_project(tree: FileTree, folder: str) -> bool:
    names = tree.names(folder)
    if isinstance(names, Unknown):
        return False
    if not names.isdisjoint(_OF_A_PROJECT):
        return True
    return not names.isdisjoint(_PERHAPS_OF_A_PROJECT) and any(
        name.endswith(".py") or _has(tree, folder, (f"{name}/__init__.py",)) for name in names
    )


def _sources(parsed: Dockerfile) -> tuple[str, ...]:
    """What COPY and ADD take from the context under a name that can be read."""
    return tuple(
        dict.fromkeys(
            source.lstrip("/")
            for stage in parsed.stages
            for copy in stage.instructions
            if isinstance(copy, Copy) and copy.flag("from") is None
            for source in copy.sources
            if not set(source) & set("$*?[") and ":" not in source and source.strip("./")
        )
    )


def _started(parsed: Dockerfile) -> tuple[str, ...]:
    """The modules and scripts of the start command, relative to a context of which all is copied to one folder."""
    last = parsed.stages[-1].instructions if parsed.stages else ()
    whole = [
        copy.destination.rstrip("/")
        for stage in parsed.stages
        for copy in stage.instructions
        if isinstance(copy, Copy)
        and copy.flag("from") is None
        and {"."} >= {s.rstrip("/") for s in copy.sources}
    ]
    if not whole:
        return ()
    whole += [
        step.path for stage in parsed.stages for step in stage.instructions if isinstance(step, Workdir)
    ]
    commands = [one.command for one in last if isinstance(one, Cmd | Entrypoint)]
    words = [
        word
        for command in commands
        for word in (command.exec if command.exec is not None else (command.shell or "").split())
    ]
    found: dict[str, None] = {}
    for before, word in zip(("", *words), words, strict=False):
        if _FILE.fullmatch(word):
            tops = (top.rstrip("/") for top in whole)
            place = next((word[len(top) :] for top in tops if top and word.startswith(f"{top}/")), word)
            if not place.startswith("/") or place != word:
                found[place.lstrip("./")] = None
        elif (before == "-m" or ":" in word) and _MODULE.fullmatch(word):
            found[word.partition(":")[0].replace(".", "/")] = None
    return tuple(name for name in found if name)
