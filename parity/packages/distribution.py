"""What does a requirement say (PEP 508), and does it hold for the image's Python on Linux?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from parity.model.location import Location
from parity.model.packages import Distribution, normalized
from parity.model.version import PythonVersion

LONGEST = 2_000
OLDEST, NEWEST = 8, 14
"""The minor versions that are tried where the image's Python is not known."""
MACHINES = ("x86_64", "aarch64")
NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(.*)$", re.DOTALL)
EXACT = re.compile(r"\s*===?\s*([^\s,*;]+)\s*$")


def read_distribution(
    text: str,
    python: PythonVersion | None,
    location: Location | None = None,
    *,
    group: str = "",
    extras: Iterable[str] = (),
    machines: tuple[str, ...] = MACHINES,
) -> Distribution | None:
    """`name[extra]>=1; marker`, or `name @ url`; None where it is not installed, or is no requirement.

    `extras`: those of the project that the requirement is one of; `machines`: those that the image may be for.
    """
    if len(text) > LONGEST or (found := NAME.match(text)) is None:
        return None
    rest, _, marker = found[3].partition(";")
    if rest.lstrip().startswith("@"):
        rest, _, marker = found[3].partition(" ;")
    elif rest.strip() and not re.match(r"\s*[<>=!~(]", rest):
        return None
    if marker.strip() and not may_apply(marker.strip(), python, tuple(extras), machines):
        return None
    specifier = rest.strip().strip("()").strip()
    exact = EXACT.match(specifier)
    named = tuple(sorted({normalized(one) for one in (found[2] or "").split(",") if one.strip()}))
    return Distribution(
        normalized(found[1]),
        exact[1] if exact else "",
        "" if specifier.startswith("@") else specifier,
        named,
        location,
        group,
        elsewhere=specifier.startswith("@"),
    )


@lru_cache(maxsize=4096)
def may_apply(
    marker: str,
    python: PythonVersion | None,
    extras: tuple[str, ...] = (),
    machines: tuple[str, ...] = MACHINES,
) -> bool:
    """May this marker be true on Linux? Of a Python that is not known, and of machines, any one counts."""
    from packaging.markers import InvalidMarker, Marker, UndefinedEnvironmentName

    if len(marker) > LONGEST:
        return True
    try:
        parsed = Marker(marker)
    except (InvalidMarker, ValueError, RecursionError):
        return True
    versions = [python] if python else [PythonVersion(3, minor) for minor in range(OLDEST, NEWEST + 1)]
    asks_for_machine = "platform_machine" in marker
    for version in versions:
        for machine in machines if asks_for_machine else machines[:1]:
            environment = {
                "implementation_name": "cpython",
                "implementation_version": f"{version}.9",
                "os_name": "posix",
                "platform_machine": machine,
                "platform_python_implementation": "CPython",
                "platform_release": "",
                "platform_system": "Linux",
                "platform_version": "",
                "python_full_version": f"{version}.9",
                "python_version": str(version),
                "sys_platform": "linux",
            }
            for extra in (*extras, ""):
                try:
                    if parsed.evaluate({**environment, "extra": extra}):
                        return True
                except (UndefinedEnvironmentName, ValueError):
                    return True
    return False
