"""Every rule, one file a code."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from parity.analysis.analysis import Analysis
from parity.model.errors import ParityError
from parity.model.location import Location
from parity.model.suppression import Suppression
from parity.rules import (
    par101_missing_module,
    par102_missing_module_deferred,
    par103_shadowed_module,
    par104_unresolved_module,
    par105_missing_name,
    par106_module_case_mismatch,
    par108_raised_exception,
    par201_missing_dependency,
    par202_development_only_dependency,
    par203_transitive_dependency,
    par204_version_drift,
    par301_circular_import_crash,
    par302_circular_import_fragile,
    par303_circular_import,
    par401_syntax_error,
    par402_python_version,
    par501_missing_data_file,
    par601_copy_source_missing,
    par602_entrypoint_not_found,
    par603_no_entrypoint,
    par701_volume_hides_gap,
    par702_volume_hides_module,
    par901_unused_suppression,
)
from parity.rules.base import Rule

RULES: tuple[Rule[Analysis], ...] = (
    par101_missing_module.rule,
    par102_missing_module_deferred.rule,
    par103_shadowed_module.rule,
    par104_unresolved_module.rule,
    par105_missing_name.rule,
    par106_module_case_mismatch.rule,
    par108_raised_exception.rule,
    par201_missing_dependency.rule,
    par202_development_only_dependency.rule,
    par203_transitive_dependency.rule,
    par204_version_drift.rule,
    par301_circular_import_crash.rule,
    par302_circular_import_fragile.rule,
    par303_circular_import.rule,
    par401_syntax_error.rule,
    par402_python_version.rule,
    par501_missing_data_file.rule,
    par601_copy_source_missing.rule,
    par602_entrypoint_not_found.rule,
    par603_no_entrypoint.rule,
    par701_volume_hides_gap.rule,
    par702_volume_hides_module.rule,
)
"""What the facts about one image come to."""

UNUSED_SUPPRESSION: Rule[Iterable[Suppression]] = par901_unused_suppression.rule_knowing(
    [name for rule in RULES for name in (rule.code, rule.name)]
)
"""What the other rules' findings come to, once they are silenced."""

AnyRule = Rule[Analysis] | Rule[Iterable[Suppression]]
ALL_RULES: tuple[AnyRule, ...] = (*RULES, UNUSED_SUPPRESSION)


def require_known(codes: tuple[str, ...], place: Location | None = None) -> None:
    """Raises ParityError, with a suggestion, for what is no rule's code, name or beginning of a code.

    `place`: where a configuration names them.
    """
    for code in codes:
        known = code and any(rule.code.startswith(code.upper()) or rule.name == code for rule in ALL_RULES)
        if not known:
            names = [name for rule in ALL_RULES for name in (rule.code, rule.name)]
            near = get_close_matches(code.upper(), names, 1) or get_close_matches(code, names, 1)
            hint = f"did you mean {near[0]}?" if near else "parity rule lists them"
            raise ParityError(f"there is no rule {code or repr(code)}", place, hint)
