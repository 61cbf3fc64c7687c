"""`parity init`: writes the configuration, the CI workflow, the pre-commit hook and the editor task."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from parity import __version__
from parity.cli.options import PathArgument
from parity.model.errors import ParityError


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
    from parity.config.discover import Asked, discover
    from parity.scaffold.plan import planned

    settings = discover(path, Asked())
    for file in planned(settings.images, __version__, tuple(one.value for one in editor or ())):
        place = settings.root / file.path
        if place.exists() or place.is_symlink():
            typer.echo(f"{file.path} is there already, and left alone; {file.purpose} would be:\n")
            typer.echo("".join(f"    {line}\n" for line in file.text.splitlines()))
            continue
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(file.text, "utf8")
        except OSError as error:
            raise ParityError(f"cannot write {file.path}: {error.strerror}") from None
        typer.echo(f"wrote {file.path}: {file.purpose}")
    sys.stdout.flush()
