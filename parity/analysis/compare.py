"""What differs between two images of a repository: set-up, environment, packages, and the files they start from."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from msgspec import Struct

from parity.analysis.analysis import Analysis
from parity.analysis.dependencies import packages_of
from parity.analysis.secrets import own_instructions
from parity.dockerfile.instructions import Env
from parity.image.counterpart import image_paths
from parity.model.comparison import Aspect, Difference, Fact
from parity.model.finding import Cause, CauseKind
from parity.model.packages import Distribution, SitePackages
from parity.model.token_forms import is_secret
from parity.tree.base import Entry

NOT_SHOWN = "(not shown)"
NOTHING = Fact()
NOT_REACHED = "in the image, not reached"


def differences_of(first: Analysis, second: Analysis) -> Iterator[Difference]:
    """In the order of the aspects; what is alike in both is left out."""
    there = _installed(first), _installed(second)
    pairs = (
        (Aspect.SETUP, _setup(first), _setup(second)),
        (Aspect.ENVIRONMENT, _environment(first), _environment(second)),
        (Aspect.PACKAGES, _packages(there[0]), _packages(there[1])),
    )
    for aspect, one, other in pairs:
        for name in dict.fromkeys((*one, *other)):
            mine, theirs = one.get(name, NOTHING), other.get(name, NOTHING)
            if mine.value != theirs.value:
                yield Difference(
                    aspect, name, *_explained(aspect, name, (mine, there[0]), (theirs, there[1]))
                )
    yield from _files(first, second)


def open_packages(analysis: Analysis) -> str:
    """Why it is not known which packages there are; "" where it is."""
    there = _installed(analysis)
    return there.open if there is not None else ""


def _setup(analysis: Analysis) -> Mapping[str, Fact]:
    config, command = analysis.image.config, analysis.command
    words = shlex.join(word if word is not None else "…" for word in command.argv) if command else ""
    return {
        "base image": Fact(analysis.image.base.reference),
        "Python": Fact(str(analysis.python) if analysis.python else "not known"),
        "command": Fact(words, command.location if command else None),
        "working directory": Fact(config.working_directory),
        "user": Fact(config.user or "root"),
    }


def _environment(analysis: Analysis) -> Mapping[str, Fact]:
    """Values that may be credentials are compared, and not shown."""
    places = {
        name: instruction.location
        for instruction in own_instructions(analysis)
        if isinstance(instruction, Env)
        for name, _ in instruction.pairs
    }
    return {name: Fact(value, places.get(name)) for name, value in analysis.image.config.environment.items()}


def _packages(there: SitePackages | None) -> Mapping[str, Fact]:
    found: dict[str, Fact] = {}
    for part in there.parts if there is not None else ():
        for name in part.removed:
            found.pop(name, None)
        for one in part.distributions:
            found[one.name] = Fact(_version(one), part.by)
    return found


def _version(one: Distribution) -> str:
    return one.version or one.specifier or "any version"


def _installed(analysis: Analysis) -> SitePackages | None:
    for startup in analysis.startups:
        return packages_of(startup, analysis.image)
    return None


def _explained(
    aspect: Aspect, name: str, one: tuple[Fact, SitePackages | None], other: tuple[Fact, SitePackages | None]
) -> tuple[Fact, Fact]:
    """With the cause of what is not among the packages, and without the values of secrets."""
    facts = []
    for fact, there in (one, other):
        if aspect is Aspect.PACKAGES and not fact.value:
            fact = Fact(cause=_not_installed(name, there))
        if aspect is Aspect.ENVIRONMENT and fact.value and is_secret(name, fact.value):
            fact = Fact(NOT_SHOWN, fact.location)
        facts.append(fact)
    return facts[0], facts[1]


def _not_installed(name: str, there: SitePackages | None) -> Cause | None:
    if there is None:
        return None
    for part in there.parts:
        for one in part.left_out:
            if one.name == name:
                return Cause(CauseKind.NOT_INSTALLED, f"only in {one.group or 'another group'}", part.by)
    return there.lacks


class _Reached(Struct, frozen=True):
    """`source`: the module's checkout path, "" of one that an instruction wrote."""

    source: str
    fact: Fact


def _files(first: Analysis, second: Analysis) -> Iterator[Difference]:
    """The files of the project that the start of either image reaches, and the other has otherwise."""
    one, other = _reached(first), _reached(second)
    for module in dict.fromkeys((*one, *other)):
        found = [reached[module] for reached in (one, other) if module in reached]
        source = next((reached.source for reached in found if reached.source), "")
        mine = one[module].fact if module in one else _elsewhere(first, source, found[0].fact)
        theirs = other[module].fact if module in other else _elsewhere(second, source, found[0].fact)
        name = source or found[0].fact.value
        if mine.value != theirs.value:
            yield Difference(Aspect.FILES, name, mine, theirs)
        elif len(found) == 2 and _content(first, mine) != _content(second, theirs):
            yield Difference(Aspect.FILES, name, mine, Fact("its content differs", theirs.location))


def _reached(analysis: Analysis) -> Mapping[str, _Reached]:
    """By module: the image path, where the image has the file."""
    found: dict[str, _Reached] = {}
    for startup in analysis.startups:
        for module in startup.modules:
            if not module.image_path:  # a namespace package has no file
                continue
            entry = analysis.image.tree.lookup(module.image_path) if module.in_image else None
            if isinstance(entry, Entry):
                fact = Fact(module.image_path, entry.made_by)
            else:
                fact = Fact(cause=analysis.why_absent(module.image_path, f"/{module.source}"))
            found.setdefault(module.name, _Reached(module.source, fact))
    return found


def _elsewhere(analysis: Analysis, source: str, there: Fact) -> Fact:
    """Of a file that its start does not reach, as the other image has it: is it in the image all the same?"""
    places = image_paths(analysis.image.tree, f"/{source}") if source else ()
    for place in (*places, there.value):
        entry = analysis.image.tree.lookup(place) if place else None
        if isinstance(entry, Entry):
            return Fact(NOT_REACHED, entry.made_by)
    expected = next(iter(places), there.value or f"/{source}")
    return Fact(cause=analysis.why_absent(expected, f"/{source}" if source else ""))


def _content(analysis: Analysis, fact: Fact) -> bytes | None:
    data = analysis.image.tree.read(fact.value)
    return data if isinstance(data, bytes) else None
