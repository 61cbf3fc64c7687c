"""Known findings, kept in a file: what is in it is not reported again, wherever its lines move to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct, field

from parity.model.errors import ParityError
from parity.model.finding import Finding
from parity.model.location import Location

SCHEMA_VERSION = 1


class Baseline(Struct, frozen=True):
    """`known`: how often each fingerprint occurs; `file`: where that was read, "" where there is none."""

    file: str = ""
    known: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def joined(self, other: Baseline) -> Baseline:
        """What either of them knows. Of the whole nobody can say what is gone."""
        return Baseline(known=Counter(self.known) | Counter(other.known))


def known_of(findings: Iterable[Finding]) -> Mapping[str, int]:
    """How often each fingerprint occurs."""
    return Counter(finding.fingerprint for finding in findings)


def rendered(findings: Iterable[Finding]) -> str:
    """The file's text: for each fingerprint how often it occurs, and what it is, for people."""
    shown: dict[str, Finding] = {}
    found = tuple(findings)
    counts = known_of(found)
    for finding in found:
        shown.setdefault(finding.fingerprint, finding)
    rows = [
        {
            "fingerprint": fingerprint,
            "count": counts[fingerprint],
            "code": finding.code,
            "path": finding.location.path if finding.location else None,
            "message": finding.message,
        }
        for fingerprint, finding in shown.items()
    ]
    rows.sort(key=lambda row: (str(row["path"]), str(row["code"]), str(row["message"])))
    text = json.dumps({"schema_version": SCHEMA_VERSION, "findings": rows}, indent=2, ensure_ascii=False)
    return text.encode("utf8", "backslashreplace").decode("utf8") + "\n"


def read(text: str, path: str) -> Baseline:
    """The known findings. Raises ParityError for what is no baseline."""
    hint = f"parity check --write-baseline {path} writes it"
    try:
        document = json.loads(text)
        version = document.get("schema_version", SCHEMA_VERSION)
        rows = document["findings"]
        known = {str(row["fingerprint"]): int(row.get("count", 1)) for row in rows}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        raise ParityError("this is not a baseline", Location(path), hint) from None
    if version != SCHEMA_VERSION:
        raise ParityError(f"a baseline of version {version!r} is not known", Location(path), hint)
    return Baseline(path, known)


def new_findings(findings: Iterable[Finding], left: dict[str, int]) -> tuple[Finding, ...]:
    """The findings that are not known yet; takes the known ones out of `left`."""
    kept = []
    for finding in findings:
        if left.get(finding.fingerprint, 0) > 0:
            left[finding.fingerprint] -= 1
        else:
            kept.append(finding)
    return tuple(kept)
