"""Where does the configuration of an image differ from what the Dockerfile sets now?

Only what the Dockerfile itself sets is compared: a base image may have changed since, and of most only a part is known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from parity.archive.description import Configured, Step
from parity.archive.read import BuiltImage
from parity.build.image import Image
from parity.model.verification import ConfigDifference
from parity.tree.base import clean
from parity.tree.which import DEFAULT_PATH
from parity.verify.built import variables

PATH = "PATH"
_COMMAND = re.compile(r"^(?:.*#\(nop\) +)?(?:CMD|ENTRYPOINT)\b")
_VARIABLE = re.compile(r"(?:^|(?<=\s))([A-Za-z_]\w*)(?==)")


def compare_configuration(image: Image, built: BuiltImage, first: int) -> tuple[ConfigDifference, ...]:
    """`image`: as the Dockerfile makes it; `first`: the first layer that is not the base's."""
    return (*_environment(image, built, first), *_rest(image, built.config))


def _environment(image: Image, built: BuiltImage, first: int) -> Iterator[ConfigDifference]:
    inherited = {PATH: DEFAULT_PATH, **image.base.environment}
    there = variables(built.config)
    for name, value in sorted(image.config.environment.items()):
        if inherited.get(name) == value:
            continue
        if name == PATH:
            lost = _lost(value, inherited[PATH], there.get(PATH, ""))
            if lost:
                yield ConfigDifference("ENV PATH", there.get(PATH), f"{lost} in it")
        elif there.get(name) != value:
            yield ConfigDifference(f"ENV {name}", there.get(name), value)

    for name in sorted(_set_by(_own_steps(built.history, first))):
        if name in there and name not in image.config.environment:
            yield ConfigDifference(f"ENV {name}", there[name], None)


def _own_steps(history: Sequence[Step], first: int) -> Sequence[Step]:
    """Those behind the base image's: `first` is the number of the first layer that is none of its.

    Steps without a layer before that one are told from the base image's where its command stands between them.
    """
    end = next((number for number, step in enumerate(history) if step.layer == first), len(history))
    start = end
    while start and history[start - 1].layer is None:
        start -= 1
        if _COMMAND.search(history[start].made_by):
            return history[start + 1 :]
    return history[end:]


def _set_by(steps: Sequence[Step]) -> set[str]:
    """The variables of ENV instructions, as BuildKit writes them down (`ENV A=1 B=2`), and as Docker did before."""
    found: set[str] = set()
    for step in steps:
        text = step.made_by.partition("#(nop)")[2].strip() or step.made_by
        if text.startswith("ENV "):
            found |= set(_VARIABLE.findall(text[4:]))
    return found


def _lost(planned: str, inherited: str, built: str) -> str:
    """The folders that the Dockerfile adds to PATH and that the image does not look in."""
    base, there = inherited.split(":"), built.split(":")
    return ":".join(folder for folder in planned.split(":") if folder not in base and folder not in there)


def _rest(image: Image, built: Configured) -> Iterator[ConfigDifference]:
    base, config = image.base, image.config
    known = base.unknown is None
    directory = built.working_dir or "/"
    if clean(directory) != config.working_directory and (
        known or config.working_directory != base.working_directory
    ):
        yield ConfigDifference("WORKDIR", directory, config.working_directory)
    commands = (
        ("ENTRYPOINT", built.entrypoint, config.entrypoint, config.entrypoint_at),
        ("CMD", built.cmd, config.cmd, config.cmd_at),
    )
    for name, has, wants, place in commands:
        own = place is not None or (known and name == "ENTRYPOINT")
        if own and tuple(has or ()) != tuple(wants or ()):
            yield ConfigDifference(name, _words(has), _words(wants), place)
    if (built.user or None) != config.user and (known or config.user != base.user):
        yield ConfigDifference("USER", built.user or None, config.user)


def _words(command: list[str] | tuple[str, ...] | None) -> str | None:
    return json.dumps(list(command), ensure_ascii=False) if command else None
