"""What do paths of `pathlib` do and give?"""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from parity.startup.library.files import (
    MOST_LISTED,
    absolute,
    is_known_folder,
    list_directory,
    listing,
    open_file,
    real,
    require_file,
    require_folder_of,
    tester,
)
from parity.startup.library.glob import globbed
from parity.startup.library.known import Known
from parity.startup.state.budget import LONGEST_PATH, Bound
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    FilePath,
    FileText,
    Items,
    Value,
    text_of,
)
from parity.tree.base import within


def make_path(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`pathlib.Path(...)`."""
    texts = [text_of(argument) for argument in arguments.positional]
    if not arguments.complete or any(text is None for text in texts):
        return ANYTHING
    return FilePath(_normal(posixpath.join("", *(text for text in texts if text is not None))))


def _normal(text: str) -> str:
    # pathlib folds `//` and `/./`, and keeps `..`
    parts = [part for part in text.split("/") if part not in ("", ".")]
    return ("/" if text.startswith("/") else "") + "/".join(parts) or "."


def attribute_of_path(path: FilePath, name: str) -> Value:
    """An attribute of a `pathlib.Path`."""
    text = path.text
    match name:
        case "parent":
            return FilePath(posixpath.dirname(text) or ".")
        case "parents":
            parents: list[Value] = []
            while posixpath.dirname(text) != text and text not in (".", ""):
                text = posixpath.dirname(text) or "."
                parents.append(FilePath(text))
            return Items("tuple", parents)
        case "name":
            return Constant(posixpath.basename(text))
        case "stem":
            return Constant(posixpath.splitext(posixpath.basename(text))[0])
        case "parts":
            parts = (["/"] if text.startswith("/") else []) + [part for part in text.split("/") if part]
            return Items("tuple", [Constant(part) for part in parts])
        case "suffix":
            return Constant(posixpath.splitext(text)[1])
        case _:
            return External(f"Path.{name}", path)


def _relative(own: str, other: str) -> str:
    if not within(own, other):
        raise TypeError  # Python: a ValueError, or a path that goes up
    return posixpath.relpath(own, other)


def _path_method(run: Callable[..., str]) -> Callable[[Machine, Arguments, Value | None], Value]:
    def call(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
        texts = [text_of(argument) for argument in arguments.positional]
        own = text_of(bound)
        if own is None or not arguments.complete or any(text is None for text in texts):
            return ANYTHING
        if len(own) + sum(len(text) for text in texts if text is not None) > LONGEST_PATH:
            machine.reach(Bound.PATH, f"more than {LONGEST_PATH}")
            return ANYTHING
        try:
            return FilePath(run(machine, own, *texts))
        except TypeError:
            return ANYTHING

    return call


def _read(machine: Machine, _arguments: Arguments, bound: Value | None) -> Value:
    text = text_of(bound)
    if text is None:
        return ANYTHING
    require_file(machine, text)
    return FileText(absolute(machine, text))


def _write(machine: Machine, _arguments: Arguments, bound: Value | None) -> Value:
    text = text_of(bound)
    if text is not None:
        require_folder_of(machine, text)
        machine.touched.add(absolute(machine, text))
    return ANYTHING


def _make_folder(machine: Machine, _arguments: Arguments, bound: Value | None) -> Value:
    text = text_of(bound)
    if text is not None:
        machine.touched.add(absolute(machine, text))
    return ANYTHING


def _glob_path(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    pattern, folder = text_of(arguments.get(0)), text_of(bound)
    if pattern is None or folder is None:
        return ANYTHING
    found = globbed(machine, posixpath.join(folder, posixpath.dirname(pattern)), posixpath.basename(pattern))
    return ANYTHING if found is None else Items("list", [FilePath(path) for path in found])


def _glob_below(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    """`Path.rglob`: the folder and all below it."""
    pattern, top = text_of(arguments.get(0)), text_of(bound)
    if pattern is None or top is None or "/" in pattern:
        return ANYTHING
    made: list[Value] = []
    todo = [top]
    while todo:
        folder = todo.pop()
        found = globbed(machine, folder, pattern)
        if found is None or len(made) > MOST_LISTED:
            return ANYTHING
        made += [FilePath(path) for path in found]
        inside = [posixpath.join(folder, name) for name in listing(machine, folder)]
        todo += reversed([path for path in inside if is_known_folder(machine, path)])
    return Items("list", made)


PATH_METHODS: dict[str, Callable[[Machine, Arguments, Value | None], Value]] = {
    "joinpath": _path_method(lambda _m, own, *more: _normal(posixpath.join(own, *more))),
    "resolve": _path_method(lambda m, own, *_strict: real(m, own)),
    "absolute": _path_method(absolute),
    "with_name": _path_method(lambda _m, own, name: posixpath.join(posixpath.dirname(own), name)),
    "with_suffix": _path_method(lambda _m, own, suffix: posixpath.splitext(own)[0] + suffix),
    "relative_to": _path_method(lambda _m, own, other: _relative(own, other)),
    "rglob": _glob_below,
    "exists": tester("exists"),
    "is_file": tester("isfile"),
    "is_dir": tester("isdir"),
    "iterdir": list_directory,
    "glob": _glob_path,
    "open": open_file,
    "read_text": _read,
    "read_bytes": _read,
    "write_text": _write,
    "write_bytes": _write,
    "mkdir": _make_folder,
    "touch": _write,
    "as_posix": lambda _m, _a, bound: Constant(text_of(bound)),
    "__str__": lambda _m, _a, bound: Constant(text_of(bound)),
}


CALLS: dict[str, Known] = {
    **dict.fromkeys(("pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath"), make_path),
    **{f"Path.{name}": function for name, function in PATH_METHODS.items()},
}
