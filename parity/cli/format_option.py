"""The option `--format`: its names are those of the modules that write them."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

import typer

from parity.cli.options import OUTPUT
from parity.formats.choice import names


def format_option(family: str, help: str, *further: str) -> Any:
    """For the formats of `report` or `graph`, and `further` names that stand for one of them."""
    known = (*further, *names(family))
    return typer.Option(
        "--format",
        metavar="FORMAT",
        help=f"{help} One of {', '.join(known)}.",
        callback=_one_of(known),
        autocompletion=lambda: list(known),
        rich_help_panel=OUTPUT,
    )


def _one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    def checked(name: str) -> str:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise typer.BadParameter(f"{name!r} is not one of {', '.join(map(repr, known))}{hint}")
        return name

    return checked
