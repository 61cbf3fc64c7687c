"""What does an installer take that knows a project's declarations, and perhaps a lock file of them?"""

from __future__ import annotations

from collections.abc import Iterable

from parity.model.location import Unknown
from parity.model.packages import Distribution, Installed
from parity.model.version import PythonVersion
from parity.packages.declared import Declared
from parity.packages.locks.closure import Lock, Need


def choose(
    told: Declared,
    lock: Lock | Unknown | None,
    python: PythonVersion | None,
    extras: Iterable[str],
    groups: Iterable[str],
    *,
    own: bool = True,
) -> Installed | None:
    """`extras` and `groups`: those asked for; `own`: what the project itself needs, too. None: cannot be told."""
    if isinstance(lock, Unknown) or told.dynamic:
        return None
    wanted = told.install(extras, groups, own=own)
    if lock is None:
        return wanted
    others: dict[str, list[Need]] = {}
    for one in wanted.left_out:
        others.setdefault(one.group, []).append(_need(one))
    return lock.install(map(_need, wanted.distributions), others, python)


def _need(one: Distribution) -> Need:
    return Need(one.name, one.extras)
