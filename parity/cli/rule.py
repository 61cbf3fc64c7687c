"""`parity rule`: the rules, or one rule explained."""

from __future__ import annotations

from typing import Annotated

import typer

from parity.cli.streams import send
from parity.model.errors import ParityError


def _codes(begun: str) -> list[tuple[str, str]]:
    """What a shell offers for the beginning of a code or a name."""
    from parity.rules.registry import ALL_RULES

    told = [(word, one.summary) for one in ALL_RULES for word in (one.code, one.name)]
    return [(word, summary) for word, summary in told if word.startswith(begun)]


def rule(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="[CODE]",
            help="A code (PAR101) or a name (missing-module). Without it all rules are listed.",
            autocompletion=_codes,
        ),
    ] = None,
) -> None:
    """The rules, or one rule explained: what it means, an example that fails, how to fix it.

    The list has the code, the severity that it has as a rule, the name and the first sentence of each.

    Examples:
    - `parity rule`: lists the rules
    - `parity rule PAR101`, `parity rule missing-module`: explains one
    """
    from parity.rules.registry import ALL_RULES, require_known

    if code is None:
        lines = (f"{one.code}  {one.severity.value:8}{one.name:28}{one.summary}\n" for one in ALL_RULES)
        send("".join(lines))
        return
    require_known((code,))
    pages = [one for one in ALL_RULES if code.upper() == one.code or code == one.name]
    if not pages:
        begun = ", ".join(one.code for one in ALL_RULES if one.code.startswith(code.upper()))
        raise ParityError(f"there is no rule {code}", hint=f"there are {begun}")
    send("".join(f"# {one.code} {one.name}\n\n{one.documentation}\n" for one in pages))
