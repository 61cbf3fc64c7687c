"""`parity init`: writes the configuration, the CI workflow, the pre-commit hook and the editor task."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parity import __version__
from parity.cli.options import PathArgument
from parity.cli.streams import send
from parity.formats.safe import safe
from parity.model.errors import ParityError
from parity.tree.base import ABSENT
from parity.tree.reader import is_link, is_there
from parity.tree.replace import replace_file

if TYPE_CHECKING:
    from parity.scaffold.plan import NewFile


class Editor(Enum):
    """An editor with a task of its own."""

    VSCODE = "vscode"


def init(
    path: PathArgument = Path(),
    editor: Annotated[
        list[Editor] | None, typer.Option("--editor", help="Also write a task for this editor.")
    ] = None,
) -> None:
    """Sets the check up in a repository: configuration, GitHub workflow, pre-commit hook.

    It looks for the images below PATH and writes parity.toml, .github/workflows/parity.yml,
    .pre-commit-config.yaml and, with `--editor`, a task for the editor. A file that is there already is left
    alone, and what it would have said is printed instead.

    Examples:
    - `parity init`: the current folder
    - `parity init --editor vscode`: with a task for Visual Studio Code
    """
    from parity.cli import failures
    from parity.config.asked import Asked
    from parity.config.discover import discover
    from parity.scaffold.plan import planned

    settings = discover(path, Asked())
    files = planned(settings.images, __version__, tuple(one.value for one in editor or ()))
    new = [file for file in files if not _is_taken(settings.root / file.path)]
    _write(settings.root, new)
    for file in files:
        if file in new:
            send(f"wrote {file.path}: {file.purpose}\n")
        else:
            send(f"{file.path} is there already, and left alone; {file.purpose} would be:\n\n")
            send("".join(f"    {safe(line)}\n" for line in file.text.splitlines()) + "\n")
    failures.tell_notes(settings.notes)
    failures.tell(settings.refused)


def _is_taken(place: Path) -> bool:
    return is_there(place) or is_link(place)


def _write(root: Path, files: Sequence[NewFile]) -> None:
    """All of them, or none: what was written is taken back where one cannot be."""
    written: list[Path] = []
    try:
        for file in files:
            place = root / file.path
            _make_folders(root, place.parent, file.path)
            replace_file(place, file.path, file.text.encode("utf8", "replace"), within=root, before=ABSENT)
            written.append(place)
    except ParityError:
        for place in written:
            place.unlink()
        raise


def _make_folders(root: Path, folder: Path, shown: str) -> None:
    """Raises ParityError where a link leads out of `root`, or no folder can be made."""
    try:
        if not folder.resolve().is_relative_to(root):
            raise ParityError(
                f"cannot write {shown}: a link on the way to it leads out of {root.name or root}"
            )
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ParityError(f"cannot write {shown}: {error.strerror}") from None
