"""Files that the start-up looks at: paths built from `__file__`, tests for existence, files opened."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Callable

from msgspec import Struct

from parity.model.location import Unknown
from parity.startup.state.budget import LONGEST_PATH, Bound
from parity.startup.state.failures import Failure, FailureKind, builtin_bases
from parity.startup.state.machine import Machine
from parity.startup.state.questions import ask
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
from parity.tree.base import Absent, Entry, FileKind, clean, join, within
from parity.tree.links import follow
from parity.verdict.question import Kind, NotChecked

MOST_LISTED = 500
"""Entries of a folder that a discovery loop is followed over."""


def absolute(machine: Machine, path: str) -> str:
    """The image path, seen from the working directory."""
    return join(machine.working_directory, path)


def real(machine: Machine, path: str) -> str:
    """The same with links followed."""
    return follow(machine.world.files, absolute(machine, path)).path


def is_there(machine: Machine, path: str) -> bool:
    """Is a file known to be at this image path?"""
    answer = follow(machine.world.files, path).answer
    return isinstance(answer, Entry) and answer.kind is FileKind.FILE


def modules_in(machine: Machine, folder: str | None) -> list[tuple[str, bool]]:
    """What `pkgutil.iter_modules` gives for a folder: (name, is it a package?), sorted by name."""
    if folder is None:
        return []
    listing = _listing(machine, folder)
    found: dict[str, bool] = {}
    for name in listing:
        stem, dot, suffix = name.partition(".")
        path = join(absolute(machine, folder), name)
        answer = follow(machine.world.files, path).answer
        if not isinstance(answer, Entry):
            continue
        if answer.kind is FileKind.DIRECTORY and stem.isidentifier() and not dot:
            inside = follow(machine.world.files, path + "/__init__.py").answer
            if isinstance(inside, Entry):
                found[name] = True
        elif suffix == "py" and stem != "__init__" and stem:
            found.setdefault(stem, False)
    return sorted(found.items())


def tester(name: str) -> Callable[[Machine, Arguments, Value | None], Value]:
    """`os.path.exists`, `isfile` and `isdir`."""

    def test(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
        text = text_of(bound if bound is not None else arguments.get(0))
        if text is None:
            return ANYTHING
        answer = follow(machine.world.files, absolute(machine, text)).answer
        if isinstance(answer, Unknown):
            return ANYTHING
        if isinstance(answer, Absent):
            # a mount or an earlier step of the program may bring it
            return (
                Constant(False, assumed=True) if absolute(machine, text) not in machine.touched else ANYTHING
            )
        wanted = {"isfile": FileKind.FILE, "isdir": FileKind.DIRECTORY}.get(name)
        return Constant(wanted is None or answer.kind is wanted)

    return test


def working_directory(machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    return Constant(machine.working_directory)


def list_directory(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    text = text_of(bound if bound is not None else arguments.get(0) or Constant("."))
    if text is None:
        return ANYTHING
    if not _is_known_folder(machine, text):
        require(machine, text, FileKind.DIRECTORY)
        return ANYTHING
    names = _listing(machine, text)
    if bound is not None:
        return Items("list", [FilePath(posixpath.join(text, name)) for name in names])
    return Items("list", [Constant(name) for name in names])


def glob_text(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    pattern = text_of(arguments.get(0))
    if pattern is None:
        return ANYTHING
    found = _globbed(machine, posixpath.dirname(pattern), posixpath.basename(pattern))
    return ANYTHING if found is None else Items("list", [Constant(path) for path in found])


def _glob_path(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    pattern, folder = text_of(arguments.get(0)), text_of(bound)
    if pattern is None or folder is None:
        return ANYTHING
    found = _globbed(machine, posixpath.join(folder, posixpath.dirname(pattern)), posixpath.basename(pattern))
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
        found = _globbed(machine, folder, pattern)
        if found is None or len(made) > MOST_LISTED:
            return ANYTHING
        made += [FilePath(path) for path in found]
        inside = [posixpath.join(folder, name) for name in _listing(machine, folder)]
        todo += reversed([path for path in inside if _is_known_folder(machine, path)])
    return Items("list", made)


def _globbed(machine: Machine, folder: str, pattern: str) -> list[str] | None:
    if "**" in pattern:
        return None
    if any(c in folder for c in "*?["):
        above = _globbed(machine, posixpath.dirname(folder), posixpath.basename(folder))
        inside = [_globbed(machine, one, pattern) for one in above or () if _is_known_folder(machine, one)]
        if above is None or None in inside:
            return None
        return [path for found in inside for path in found or ()][:MOST_LISTED]
    if not _is_known_folder(machine, folder or "."):
        return None
    return [
        posixpath.join(folder, name)
        for name in _listing(machine, folder or ".")
        if fnmatch.fnmatchcase(name, pattern) and (not name.startswith(".") or pattern.startswith("."))
    ]


def _is_known_folder(machine: Machine, text: str) -> bool:
    answer = follow(machine.world.files, absolute(machine, text)).answer
    return isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY


def _listing(machine: Machine, text: str) -> list[str]:
    names = machine.world.files.names(real(machine, text))
    return [] if isinstance(names, Unknown) else sorted(names)[:MOST_LISTED]


def open_file(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    """`open(path)`: a file that the image certainly lacks, and the checkout has, fails."""
    path: Value | None = bound if bound is not None else arguments.get(0, "file")
    mode = arguments.get(0 if bound is not None else 1, "mode")
    text = text_of(path)
    if text is None:
        return ANYTHING
    wanted = "r" if mode is None else text_of(mode)
    if wanted is None:
        machine.touched.add(absolute(machine, text))
        return ANYTHING
    if not wanted.startswith("r"):
        require_folder_of(machine, text)
        machine.touched.add(absolute(machine, text))
        return ANYTHING
    require_file(machine, text)
    return External("io.TextIOWrapper", FileText(absolute(machine, text)))


def read_file(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    """`file.read()` of all that it says."""
    del machine
    return bound if bound is not None and not arguments.positional else ANYTHING


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


class Refusal(Struct, frozen=True):
    """What is raised where a file is not there: `text` "" says what `open` says; `absolute`: of the whole path."""

    exception: str = "FileNotFoundError"
    text: str = ""
    absolute: bool = False


PLAIN = Refusal()


def require_file(machine: Machine, text: str) -> None:
    """The program reads this file now. `text` is the path as the program has it."""
    require(machine, text, FileKind.FILE)


def require_folder_of(machine: Machine, text: str, refusal: Refusal = PLAIN) -> None:
    """The program makes this file now: its folder must be there."""
    folder = posixpath.dirname(text)
    if folder:
        require(machine, folder, FileKind.DIRECTORY, refusal, told=text)


def require(
    machine: Machine, text: str, kind: FileKind | None, refusal: Refusal = PLAIN, *, told: str = ""
) -> None:
    """Something of this kind (None: whatever) must be there. `told`: the name that is complained about."""
    path = absolute(machine, text)
    if any(within(path, made) or within(made, path) for made in machine.touched):
        return
    found = follow(machine.world.files, path).answer
    if isinstance(found, Entry):
        if found.source and found.kind is FileKind.FILE:
            machine.opened[path] = found.source
        return
    local = in_checkout(machine, path, kind) or _from_another_folder(machine, text, kind)
    if not local and not (isinstance(found, Absent) and found.removed_by):
        return  # neither world has it: a mount or a secret brings it, as far as can be known
    doubt = found if isinstance(found, Unknown) else None
    answer = ask(machine, Kind.DATA, text, path, doubt, in_checkout=local)
    if isinstance(answer, NotChecked):
        return
    said = absolute(machine, told or text) if refusal.absolute else told or text
    machine.fail(
        Failure(
            FailureKind.MISSING_FILE,
            refusal.exception,
            refusal.text or f"[Errno 2] No such file or directory: {said!r}",
            "",
            machine.chain(),
            machine.place(),
            name=text,
            in_checkout=local,
            image_path=path,
            certain=answer.certain,
            unknown=answer.doubt,
        ),
        builtin_bases(refusal.exception) or (refusal.exception, "Exception", "BaseException"),
    )


def in_checkout(machine: Machine, path: str, kind: FileKind | None) -> str:
    """The checkout's file (or folder, by `kind`) that corresponds to an image path; "" for none."""
    folder, _, name = path.rpartition("/")
    while folder and not machine.world.counterpart(
        folder
    ):  # nothing of it is in the image: the folder above tells
        folder, _, last = folder.rpartition("/")
        name = f"{last}/{name}"
    return _of_kind(machine, folder or "/", name, kind)


def _of_kind(machine: Machine, folder: str, name: str, kind: FileKind | None) -> str:
    """What the checkout has of this name where it has the image's folder."""
    for local in machine.world.counterpart(folder):
        found = follow(machine.world.checkout, join(local, name))
        if isinstance(found.answer, Entry) and found.answer.kind is (kind or found.answer.kind):
            return clean(found.path)
    return ""


def _from_another_folder(machine: Machine, text: str, kind: FileKind | None) -> str:
    """A relative path that leads to a file from a folder above the working directory: there it was tried."""
    folder = machine.working_directory
    while not text.startswith("/") and kind is FileKind.FILE and folder != "/":
        folder = folder.rpartition("/")[0] or "/"
        found = in_checkout(machine, join(folder, text), kind) or _of_kind(machine, folder, text, kind)
        if found:
            return found
    return ""


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
