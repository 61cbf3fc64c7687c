"""Every rule, one file a code: `parNNN_name.py` with a `rule`. A new rule is one new file."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import parity.rules
from parity.analysis.analysis import Analysis
from parity.model.errors import ParityError
from parity.model.location import Location
from parity.model.rule_code import names_rule
from parity.rules import par901_unused_suppression
from parity.rules.base import Rule, UnusedSuppressions

AnyRule = Rule[Analysis] | Rule[UnusedSuppressions]


def _all() -> Iterator[Any]:
    """The rule of each module here that is named like one, by their codes."""
    for name in sorted(module.name for module in pkgutil.iter_modules(parity.rules.__path__)):
        if re.match(r"par\d{3}_", name):
            yield import_module(f"parity.rules.{name}").rule


ALL_RULES: tuple[AnyRule, ...] = tuple(_all())
UNUSED_SUPPRESSION: Rule[UnusedSuppressions] = par901_unused_suppression.rule
"""It looks at what is left of the other rules' findings when they are silenced."""
RULES: tuple[Rule[Analysis], ...] = tuple(rule for rule in _all() if rule is not UNUSED_SUPPRESSION)
"""They look at the facts about one image."""


def require_known(codes: tuple[str, ...], place: Location | None = None) -> None:
    """Raises ParityError, with a suggestion, for what is no rule's code, name or beginning of a code.

    `place`: where a configuration names them.
    """
    for code in codes:
        if not any(names_rule(code, rule.code, rule.name) for rule in ALL_RULES):
            names = [name for rule in ALL_RULES for name in (rule.code, rule.name)]
            near = get_close_matches(code.upper(), names, 1) or get_close_matches(code, names, 1)
            hint = f"did you mean {near[0]}?" if near else "parity rule lists them"
            raise ParityError(f"there is no rule {code or repr(code)}", place, hint)
