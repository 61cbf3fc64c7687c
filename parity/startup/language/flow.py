"""How is a block of statements left?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from enum import Enum

from parity.startup.state.scope import Scope


class Flow(Enum):
    """How a block was left. The MAYBE forms: perhaps so, perhaps it went on."""

    NEXT = "next"
    RETURN = "return"
    BREAK = "break"
    CONTINUE = "continue"
    RAISE = "raise"
    MAYBE_RETURN = "maybe return"
    MAYBE_LOOP = "maybe loop"


MAYBE = (Flow.MAYBE_RETURN, Flow.MAYBE_LOOP)


def joined(flows: list[Flow]) -> Flow:
    """How it goes on after one of several branches, when which was taken cannot be told."""
    # a branch that raises on purpose is a check: what follows is what happens when it passes
    going_on = [flow for flow in flows if flow is not Flow.RAISE]
    if not going_on:
        return Flow.RAISE
    kinds = set(going_on)
    if kinds == {Flow.NEXT}:
        return Flow.NEXT
    if len(kinds) == 1:
        return going_on[0]
    return Flow.MAYBE_RETURN if kinds & {Flow.RETURN, Flow.MAYBE_RETURN} else Flow.MAYBE_LOOP


Block = Callable[[Sequence[ast.stmt], Scope], Flow]
"""Runs the statements of a block."""
