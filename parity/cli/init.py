"""`parity init`: writes the configuration, the CI workflow, the pre-commit hook and the editor task."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parity.cli.options import PathArgument
from parity.cli.streams import send
from parity.config.places import root_of
from parity.formats.safe import safe
from parity.model.errors import ParityError
from parity.model.octets import octets
from parity.tree.base import ABSENT
from parity.tree.reader import LARGEST_SETTINGS, is_link, is_there, read_file, repository_of
from parity.tree.replace import replace_file

if TYPE_CHECKING:
    from parity.cli.scaffold.plan import Planned


class Editor(Enum):
    """An editor with a task of its own."""

    VSCODE = "vscode"


def init(
    path: PathArgument = Path(),
    editor: Annotated[
        list[Editor] | None, typer.Option("--editor", help="Also write a task for this editor.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            metavar="URL@COMMIT",
            help="Where CI and pre-commit get parity from: a git repository, at the hash of a commit.",
            show_default="where parity was installed from, if that is a git repository",
        ),
    ] = None,
) -> None:
    """Sets the check up in a repository: configuration, GitHub workflow, pre-commit hook.

    It looks for the images of the repository that PATH lies in, and writes parity.toml, .github/workflows/parity.yml,
    .pre-commit-config.yaml and, with `--editor`, a task for the editor. A list of hooks that is there already gets one
    more; any other file is left alone, and what it would have said is printed instead.

    Examples:
    - `parity init`: the repository of the current folder
    - `parity init --editor vscode`: with a task for Visual Studio Code
    - `parity init --source https://git.example/team/parity@3f1c…`: CI installs parity from there, at that commit
    """
    from parity.cli import failures
    from parity.cli.scaffold.plan import planned
    from parity.cli.scaffold.source import Source, direct_url, installed_from
    from parity.config.asked import Asked
    from parity.config.discover import discover
    from parity.config.load import load

    origin = Source.parse(source) if source is not None else installed_from(direct_url())
    settings = discover(repository_of(root_of(path)[0]), Asked())
    root = settings.root
    editors = tuple(one.value for one in editor or ())
    files = tuple(planned(settings.images, load(root, None).file, origin, editors, partial(_text, root)))
    _write(root, [file for file in files if file.text is not None and file.text != file.before])
    for file in files:
        if file.text is None:
            send(f"{file.path} is there already, and left alone; {file.purpose} would be:\n\n")
            send("".join(f"    {safe(line)}\n" for line in file.own.splitlines()) + "\n")
        elif file.text == file.before:
            send(f"{file.path} is up to date\n")
        else:
            send(f"{'wrote' if file.before is None else 'extended'} {file.path}: {file.purpose}\n")
    if origin is None:
        send(
            "wrote no workflow: CI cannot get parity from where it was installed from here; "
            "--source URL@COMMIT says from where it can\n"
        )
    failures.tell_notes(settings.notes)
    failures.tell(settings.refused)


def _text(root: Path, name: str) -> str | None:
    """The text of a file, None where nothing stands there; "" of what is no text, or no file."""
    if not is_there(root / name) and not is_link(root / name):
        return None
    data = read_file(root / name, name, largest=LARGEST_SETTINGS, within=root)
    return data.decode("utf8", "surrogateescape") if isinstance(data, bytes) else ""


def _write(root: Path, files: Sequence[Planned]) -> None:
    """All of them, or none: what was written is taken back where one cannot be."""
    written: list[Planned] = []
    try:
        for file in files:
            place = root / file.path
            _make_folders(root, place.parent, file.path)
            before = ABSENT if file.before is None else octets(file.before)
            replace_file(place, file.path, octets(file.text or ""), within=root, before=before)
            written.append(file)
    except ParityError:
        for file in written:
            if file.before is None:
                (root / file.path).unlink()
            else:
                replace_file(root / file.path, file.path, octets(file.before), within=root)
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
