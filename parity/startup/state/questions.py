"""What the start-up asks the image for and the readable steps leave out: questions, and what is open of them."""

from __future__ import annotations

from difflib import get_close_matches

from msgspec import Struct

from parity.model.location import Location, Unknown
from parity.python.resolve import NamespacePackage, SourceModule
from parity.startup.state.machine import Machine
from parity.tree.base import Entry, FileKind, FileTree, ancestors, child
from parity.verdict.judge import judge
from parity.verdict.question import Answer, Kind, NotChecked, Question

NEAR = 0.72
"""`healthz` is near `health`, `orders_v2` near `orders`; `api` is not near `app`."""
SHORTEST_PREFIX = 4


class OpenQuestion(Struct, frozen=True):
    """Something that was not checked: what was asked, where, and the step to blame."""

    question: Question
    doubt: Unknown
    place: Location


def ask(
    machine: Machine,
    kind: Kind,
    subject: str,
    path: str,
    doubt: Unknown | None,
    *,
    in_checkout: str = "",
    namesake: str = "",
) -> Answer:
    """Judges, and notes what stays open."""
    world = machine.world
    question = Question(
        kind=kind,
        subject=subject,
        path=path,
        in_checkout=in_checkout,
        doubt=doubt,
        git_ignored=bool(doubt and in_checkout) and world.git_ignored(in_checkout),
        namesake=namesake,
        project_copied=world.project_copied,
    )
    answer = judge(question)
    if isinstance(answer, NotChecked):
        _note(machine, question, answer.doubt)
    return answer


def leave_open(machine: Machine, kind: Kind, subject: str, path: str, doubt: Unknown) -> None:
    """What is there and cannot be read: what it does is not checked."""
    _note(machine, Question(kind=kind, subject=subject, path=path, doubt=doubt), doubt)


def _note(machine: Machine, question: Question, doubt: Unknown) -> None:
    one = OpenQuestion(question, doubt, machine.place())
    machine.open_questions.setdefault((question.kind, question.subject), one)


def namesake_of(name: str, folders: tuple[str, ...], checkout: FileTree) -> str:
    """A module beside it in the checkout that has nearly this name, without its package; "" for none."""
    tail = name.rpartition(".")[2]
    for folder in folders:
        names = checkout.names(folder)
        if isinstance(names, Unknown):
            continue
        stems = {one.removesuffix(".py") for one in names if one.endswith(".py") or "." not in one}
        near = get_close_matches(tail, sorted(stems - {tail}), 1, NEAR)
        longer = sorted(one for one in stems if _begins(one, tail) or _begins(tail, one))
        if near or longer:
            return (near or longer)[0]
    return ""


def _begins(text: str, start: str) -> bool:
    return text != start and len(start) >= SHORTEST_PREFIX and text.startswith(start)


class OwnModule(Struct, frozen=True):
    """A module of the project that is on no search path.

    `nested`: it lies in a package or beside the importing file, so its own name is another, such as `shop.celery`.
    """

    resolution: SourceModule | NamespacePackage
    nested: bool


def own_module(name: str, source: str, checkout: FileTree) -> OwnModule | None:
    """The project's own top-level module `name`, wherever it lies; None for none.

    It is looked for beside the importing file `source` (a checkout path), in the folders above it, and in their
    `src`. A folder without `__init__.py` counts only where the importing file lies in it.
    """
    above = [folder for folder in ancestors(source or "/") if folder != source] or ["/"]
    for level, folder in enumerate(above):
        for place in (folder, child(folder, "src")):
            package = child(place, name)
            nested = (level == 0 and bool(source)) or _is_file(f"{place}/__init__.py", checkout)
            for path, is_package in ((f"{package}/__init__.py", True), (f"{package}.py", False)):
                if path != source and _is_file(path, checkout):  # a file never means itself
                    return OwnModule(SourceModule(name, path, is_package), nested)
            if source.startswith(package + "/"):
                return OwnModule(NamespacePackage(name, (package,)), nested)
    return None


def _is_file(path: str, checkout: FileTree) -> bool:
    answer = checkout.lookup(path)
    return isinstance(answer, Entry) and answer.kind is FileKind.FILE
