"""Which COPY --from brings something from another stage?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.build.absence import in_other_stage
from parity.build.image import Image
from parity.dockerfile.instructions import Cmd, Copy, Entrypoint, Env, Instruction, Run, Stage, User, Workdir
from parity.model.finding import Remedy
from parity.remedies.dockerfile.written import Written
from parity.remedies.dockerfile.written_paths import (
    carried_flags,
    is_read_as_written,
    words_of_copy,
    written_like,
)
from parity.remedies.secret_names import may_hold_secret
from parity.tree.base import ancestors, clean

_INSTALLS = re.compile(
    r"(?<![\w-])(?:pip3?\s+install|uv\s+(?:sync|pip)|poetry\s+install|pdm\s+(?:sync|install)|pipenv\s+(?:sync|install)"
    r"|-m\s+venv|virtualenv|uv\s+venv)\b"
)
_VENV = re.compile(r"(?:-m\s+venv|virtualenv|uv\s+venv)\s+(?:--\S+\s+)*(/[\w./-]+)")
_PREFIX = re.compile(r"--(?:prefix|root)[= ]\s*(/[\w./-]+)")
_WHEELS = re.compile(r"pip3?\s+wheel\b")
_ENVIRONMENT = re.compile(r"(?:VIRTUAL_ENV|UV_PROJECT_ENVIRONMENT)[= ]\"?(/[\w./-]+)")
_ON_PATH = re.compile(r"PATH[= ]\"?(/[\w./-]+)/bin:")
_SYSTEM = frozenset({"/", "/usr", "/usr/local", "/opt", "/home", "/root", "/srv", "/var", "/etc", "/tmp"})


def copied(image: Image, text: Written, checkout_path: str, image_path: str) -> Iterator[Remedy]:
    """Where another stage that the build executes has it: the folder that the image has nothing of, or the file."""
    found = in_other_stage(image, image_path, (checkout_path,) if checkout_path else ())
    if found is None:
        return
    stage, place, by = found
    source, target = _largest(image, place, image_path)
    if not is_read_as_written(source + target) or may_hold_secret(stage.tree, source):
        source, target = place, image_path
    last = _last_copy(text)
    if last is not None and by < last.location:
        yield _line(text, last, stage.reference, source, target)
    else:
        yield _line(text, _before_start(text), stage.reference, source, target)


def dropped(image: Image, text: Written) -> Iterator[Remedy]:
    """A stage that installs packages and that nothing takes anything from: its COPY --from was dropped."""
    if any(isinstance(one, Run) and _INSTALLS.search(text.text(one)) for one in text.own.instructions):
        return
    for stage in _unused(text):
        if not any(isinstance(one, Run) and _INSTALLS.search(text.text(one)) for one in stage.instructions):
            continue
        reference = stage.name or str(stage.index)
        at = _last_copy(text, own=True) or _first_place(text)
        for source, target in _prefixes(image, text, stage):
            yield _line(text, at, reference, source, target)


def _unused(text: Written) -> list[Stage]:
    every = text.dockerfile.stages
    used = {text.own.base.image.lower()}
    for stage in every:
        used.add(stage.base.image.lower())
        for one in stage.instructions:
            if isinstance(one, Copy) and (name := one.flag("from")):
                used.add(name.lower())
            if isinstance(one, Run):
                used.update((mount.get("from") or "").lower() for mount in one.mounts)
    return [
        stage
        for stage in every[: text.stage]
        if str(stage.index) not in used and (stage.name or "") not in used
    ]


def _prefixes(image: Image, text: Written, stage: Stage) -> Iterator[tuple[str, str]]:
    """Where the stage may have installed to, and where that belongs."""
    body = "".join(text.text(one) for one in stage.instructions)
    own = "".join(text.text(one) for one in text.own.instructions)
    found: dict[tuple[str, str], None] = {}
    for match in _PREFIX.finditer(body):
        found[match[1], "/usr/local"] = None
    for pattern in (_VENV, _ENVIRONMENT, _ON_PATH):
        for match in (*pattern.finditer(own), *pattern.finditer(body)):
            if match[1] not in ("/usr/local", "/usr") and match[1] not in _SYSTEM:
                found[match[1], match[1]] = None
    if re.search(r"pip3?\s+install\b[^\n]*--user", body):
        found["/root/.local", "/root/.local"] = None
    folder = next((clean(one.path) for one in reversed(stage.instructions) if isinstance(one, Workdir)), "")
    if folder and re.search(r"\b(?:uv\s+sync|poetry\s+install|pdm\s+(?:sync|install))", body):
        found[f"{folder}/.venv", f"{folder}/.venv"] = None
        found[folder, image.config.working_directory] = None
    if "/usr/local/bin" in image.config.environment.get("PATH", ""):
        found["/usr/local", "/usr/local"] = None
    yield from found


def _largest(image: Image, place: str, target: str) -> tuple[str, str]:
    """The highest folders that end alike, the image having nothing in its own; else the file's, or package's."""
    place, target = place.removesuffix("/__init__.py"), target.removesuffix("/__init__.py")
    best = place, target
    for here, there in zip(ancestors(place), ancestors(target), strict=False):
        if here in _SYSTEM or there in _SYSTEM:
            break
        names = image.tree.names(there)
        if isinstance(names, frozenset) and names:
            break
        best = here, there
        if here.rpartition("/")[2] != there.rpartition("/")[2]:
            break
    return best


def _line(text: Written, at: Instruction, reference: str, source: str, target: str) -> Remedy:
    neighbours = [one for one in text.own.instructions if isinstance(one, Copy)]
    here = text.working_directory(at)
    if neighbours and here is not None and not neighbours[-1].destination.startswith(("/", "$")):
        start = "./" if neighbours[-1].destination.startswith("./") else "."
        target = written_like([(start, here)], target) or target
    flags = [f"--from={reference}"]
    if neighbours:
        flags += carried_flags(text.text(neighbours[-1]))
    line = words_of_copy(flags, [source], target)
    message = f"{text.place(at)}: add {line.strip()} below it"
    return Remedy(message, (text.added(line, below=at),) if is_read_as_written(source + target) else ())


def _last_copy(text: Written, *, own: bool = True) -> Copy | None:
    found = [one for one in (text.own.instructions if own else text.chain()) if isinstance(one, Copy)]
    return found[-1] if found else None


def _first_place(text: Written) -> Instruction:
    """The last of the stage's first instructions that set folders and variables."""
    at: Instruction = text.own.base
    for one in text.own.instructions:
        if not isinstance(one, Workdir | Env):
            break
        at = one
    return at


def _before_start(text: Written) -> Instruction:
    steps = [one for one in text.own.instructions if not isinstance(one, Cmd | Entrypoint | User)]
    return steps[-1] if steps else text.own.base
