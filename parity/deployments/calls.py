"""`docker build` and `docker compose` calls in Makefiles, shell scripts and workflows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator

from msgspec import Struct

from parity.deployments.paths import inside
from parity.deployments.service import Build, Service
from parity.model.location import Location
from parity.tree.base import FileTree
from parity.tree.links import is_file

_CALL = re.compile(r"\b(?:docker|podman|nerdctl|buildah|docker-compose)\b")
COMPUTED = re.compile(r"\$\{\{.{0,200}?\}\}|\$\([^()\n]{0,500}\)|`[^`\n]{0,500}`")
"""What a workflow or a shell puts in: one word, whatever blanks it holds."""
_LONGEST_LINE = 5000
_MOST_LINES = 20_000
_VALUED = frozenset(
    "-f --file -t --tag --target --build-arg --build-context --platform --label --secret --ssh --cache-from "
    "--cache-to --output -o --progress --network --add-host --builder --iidfile --metadata-file --annotation "
    "--attest --allow --shm-size --ulimit --memory -m --cpu-shares --cpuset-cpus --isolation --cgroup-parent "
    "-p --project-name --project-directory --profile --env-file --ansi --parallel --no-cache-filter".split()
)
"""Options of docker build and docker compose that take the next word as their value."""


class Call(Struct, frozen=True):
    """A simple command of a script, and the folder (checkout path) that `cd` led to before it."""

    words: tuple[str, ...]
    folder: str
    location: Location


def calls_in(text: str, path: str, folder: str, line: int = 1) -> Iterator[Call]:
    """The calls of Docker in a script of the checkout, each line read on its own.

    `folder`: where the script starts; `line`: the number of its first line. A call with what only the script's run
    knows (`$TAG`) is read as well: the word that holds it stands for nothing.
    """
    here = folder
    text = COMPUTED.sub("$computed", text)
    for number, whole in _lines(text, line):
        if len(whole) > _LONGEST_LINE or not (_CALL.search(whole) or "cd " in whole):
            continue
        line_folder: str | None = here
        for part in re.split(r"&&|\|\||;|\|", whole.strip().lstrip("@-+\t ")):
            try:
                words = shlex.split(part, comments=True)
            except ValueError:
                continue
            while words and (
                re.fullmatch(r"\w+=.*", words[0]) or words[0] in ("sudo", "exec", "time", "run:", "-")
            ):
                words = words[1:]
            if not words:
                continue
            if words[0] == "cd" and len(words) > 1:
                line_folder = inside(line_folder or "/", words[1]) if "$" not in words[1] else None
            elif _CALL.fullmatch(words[0].rpartition("/")[2]) and line_folder is not None:
                yield Call(tuple(words), line_folder, Location(path, number))


def _lines(text: str, first: int) -> Iterator[tuple[int, str]]:
    """The lines, those that end in a backslash joined with the next, by the number of the first."""
    joined, start = "", first
    for number, line in enumerate(text.splitlines()[:_MOST_LINES], first):
        start = start if joined else number
        if line.endswith("\\") and len(joined) < _LONGEST_LINE:
            joined += line[:-1] + " "
            continue
        yield start, joined + line
        joined = ""


def compose_files(call: Call) -> tuple[str, ...]:
    """The files (checkout paths) that `docker compose -f` names, () for none or for what cannot be told."""
    words = list(call.words)
    if words[0].endswith("docker") and words[1:2] == ["compose"]:
        words = words[1:]
    elif not words[0].endswith("docker-compose"):
        return ()
    named: list[str] = []
    for option, value in _options(words[1:]):
        if option in ("-f", "--file"):
            path = inside(call.folder, value) if "$" not in value else None
            if path is None:
                return ()
            named.append(path)
        if not option:
            break
    return tuple(named)


def build_of(call: Call, tree: FileTree) -> Service | None:
    """What `docker build`, `docker buildx build` or `podman build` makes; None for any other call."""
    words = list(call.words[1:])
    for noun in ("buildx", "image", "builder"):
        words = words[1:] if words[:1] == [noun] else words
    if words[:1] not in (["build"], ["bud"], ["b"]):
        return None
    context: str | None = None
    said: dict[str, list[str]] = {}
    for option, value in _options(words[1:]):
        if option:
            said.setdefault(option, []).append(value)
        elif context is None:
            context = value
    file = next((values[-1] for name, values in said.items() if name in ("-f", "--file")), None)
    if context is None or "$" in context or "$" in (file or ""):
        return None
    folder = inside(call.folder, context)
    dockerfile = inside(call.folder, file) if file else inside(folder, "Dockerfile") if folder else None
    if folder is None or dockerfile is None or not is_file(tree, dockerfile):
        return None
    target = said.get("--target", [None])[-1]
    pairs = (one.partition("=") for one in said.get("--build-arg", ()))
    args = tuple((name, value) for name, equals, value in pairs if equals and "$" not in value)
    tags = (*said.get("-t", ()), *said.get("--tag", ()))
    images = tuple(without_variables for tag in tags if "$" not in (without_variables := _named(tag)))
    return Service(
        name=f"line {call.location.line}",
        file=call.location.path,
        location=call.location,
        build=Build(folder, dockerfile, None if target and "$" in target else target, args),
        images=images,
    )


def builds_in_calls(calls: Iterable[Call], tree: FileTree) -> tuple[Service, ...]:
    """What these calls build, each once."""
    built = (build_of(call, tree) for call in calls)
    found: dict[object, Service] = {}
    for service in built:
        if service is not None:
            found.setdefault((service.build, service.images), service)
    return tuple(found.values())


def _named(tag: str) -> str:
    """`team/api:$VERSION` -> `team/api`: the tag alone may be computed."""
    name, colon, version = tag.rpartition(":")
    return name if colon and "$" in version else tag


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Each option with its value, and `("", word)` for each other word."""
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if not word.startswith("-") or word == "-":
            yield "", word
            continue
        name, equals, value = word.partition("=")
        if equals:
            yield name, value
        elif word in _VALUED and at < len(words):
            yield word, words[at]
            at += 1
        elif len(word) > 2 and not word.startswith("--") and word[:2] in ("-f", "-t", "-o"):
            yield word[:2], word[2:]
        else:
            yield word, ""
