"""How does Python find a module that the image has, and that no folder of the search path leads to?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.build.image import Image
from parity.dockerfile.instructions import Cmd, Copy, Entrypoint, Env, Instruction, Run, Workdir
from parity.model.finding import Cause, Remedy
from parity.remedies.dockerfile.written import Written, written
from parity.remedies.dockerfile.written_paths import is_read_as_written, words_of_copy
from parity.tree.base import Entry, join, parent_of


def extended(image: Image, text: Written, cause: Cause, module: str, image_path: str) -> Iterator[Remedy]:
    """`cause.at`: the image path of `module`'s file, or of a file that is looked for at `image_path`."""
    folder = _root_of(cause.at, module) if module else _without_common_end(cause.at, image_path)
    copy = text.instruction(cause.location)
    if module and isinstance(copy, Copy) and not copy.heredocs:
        yield from _under_its_name(text, copy, module)
    if not folder or folder == "/" or not is_read_as_written(folder):
        return
    last = next((one for one in reversed(text.own.instructions) if isinstance(one, Workdir)), None)
    if last is not None and _is_earlier_folder(text, last, folder):
        yield _other_folder(text, last, folder)
    if module:
        yield _on_python_path(image, text, folder)
    if last is not None and not _is_earlier_folder(text, last, folder) and not _uses_folder(text, last):
        yield _other_folder(text, last, folder)


def _under_its_name(text: Written, copy: Copy, module: str) -> Iterator[Remedy]:
    """A COPY of a folder brings what is in it: the folder's name, which the import asks for, is to be said again."""
    names = [word.rstrip("/").rpartition("/")[2] for word in copy.sources]
    if module.partition(".")[0] not in names or not all(name.isidentifier() for name in names):
        return
    if copy.destination.rstrip("/").rpartition("/")[2] in names:
        return
    flags = [word for word in text.text(copy).split() if word.startswith("--")]
    base = "" if copy.destination in (".", "") else copy.destination.rstrip("/") + "/"
    lines = "".join(
        words_of_copy(flags, [word], base + name) for word, name in zip(copy.sources, names, strict=True)
    )
    what = " and ".join(lines.strip().split("\n"))
    yield Remedy(f"{text.place(copy)}: write {what}", (text.replaced(copy, lines),), unsafe=True)


def _without_common_end(path: str, other: str) -> str:
    """The folder above what both end with."""
    while path != "/" and path.rpartition("/")[2] == other.rpartition("/")[2]:
        path, other = parent_of(path), parent_of(other)
    return path


def started_from(analysis: Analysis, name: str) -> Iterator[Remedy]:
    """`name`: a relative path of the start command that a WORKDIR above the last one has."""
    text = written(analysis.image, analysis.dockerfile)
    if text is None or name.startswith("/"):
        return
    folders = [one for one in text.own.instructions if isinstance(one, Workdir)]
    for one in reversed(folders[:-1]):
        folder = text.working_directory(one)
        if folder is not None and isinstance(analysis.image.tree.lookup(join(folder, name)), Entry):
            yield _other_folder(text, folders[-1], folder)
            return


def _other_folder(text: Written, last: Workdir, folder: str) -> Remedy:
    """The last WORKDIR goes where nothing but the start uses it and an earlier one says the same; else it moves."""
    if _is_earlier_folder(text, last, folder) and not _uses_folder(text, last):
        return Remedy(
            f"{text.place(last)}: take this WORKDIR away",
            (text.replaced(last, ""),),
            unsafe=True,
        )
    line = f"WORKDIR {folder}\n"
    return Remedy(f"{text.place(last)}: write WORKDIR {folder}", (text.replaced(last, line),), unsafe=True)


def _root_of(path: str, module: str) -> str:
    """The folder that the search path lacks."""
    path = path.removesuffix("/__init__.py").removesuffix("/__main__.py")
    for _ in module.split(".") if module else (1,):
        path = parent_of(path)
    return path


def _is_earlier_folder(text: Written, last: Workdir, folder: str) -> bool:
    """Is it the working directory above the last WORKDIR?"""
    before: Instruction = text.own.base
    for one in text.own.instructions:
        if one is last:
            break
        before = one
    return text.working_directory(before) == folder


def _uses_folder(text: Written, last: Workdir) -> bool:
    return any(isinstance(one, Copy | Run) and one.location > last.location for one in text.own.instructions)


def _on_python_path(image: Image, text: Written, folder: str) -> Remedy:
    """One more folder of the PYTHONPATH that is set, or an ENV of its own above the start command."""
    there = image.config.environment.get("PYTHONPATH")
    for one in reversed(text.own.instructions):
        if isinstance(one, Env) and any(name == "PYTHONPATH" for name, _ in one.pairs):
            before = text.text(one)
            after = re.sub(r"(PYTHONPATH(?:=|[ \t]+)\"?[^\s\"\\]+)", rf"\1:{folder}", before, count=1)
            if after != before:
                return Remedy(
                    f"{text.place(one)}: add {folder} to PYTHONPATH",
                    (text.replaced(one, after),),
                )
    value = f"{folder}:$PYTHONPATH" if there else folder
    line = f"ENV PYTHONPATH={value}\n"
    at = _above_start(text)
    return Remedy(f"{text.place(at)}: add {line.strip()} below it", (text.added(line, below=at),))


def _above_start(text: Written) -> Instruction:
    """The last ENV of the stage, else its last COPY, RUN or WORKDIR."""
    own = [one for one in text.own.instructions if not isinstance(one, Cmd | Entrypoint)]
    variables = [one for one in own if isinstance(one, Env)]
    steps = [one for one in own if isinstance(one, Copy | Run | Workdir)]
    return (steps or variables or [text.own.base])[-1]
