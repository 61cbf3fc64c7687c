"""`parity rule`: the rules, or one rule explained."""

from __future__ import annotations

from typing import Annotated

import typer


def rule(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="A code (PAR101) or a name (missing-module).")
    ] = None,
) -> None:
    """The rules, or one rule explained: what it means, an example that fails, how to fix it."""
    from parity.rules import ALL_RULES, require_known

    if code is None:
        for one in ALL_RULES:
            typer.echo(f"{one.code}  {one.severity.value:8}{one.name:28}{one.summary}")
        return
    require_known((code,))
    for one in ALL_RULES:
        if code.upper() == one.code or code == one.name:
            typer.echo(f"# {one.code} {one.name}\n\n{one.documentation}")
