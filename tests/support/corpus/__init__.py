"""Hostile projects, drawn from a seed: what would hang a reader, fill its memory, or break what it writes."""

from __future__ import annotations

from random import Random

from tests.support.corpus import (
    configurations,
    deployments,
    dockerfiles,
    filesystems,
    packaging,
    shells,
    sources,
)
from tests.support.corpus.material import Input, Template

KINDS: dict[str, tuple[Template, ...]] = {
    "dockerfile": dockerfiles.TEMPLATES,
    "shell": shells.TEMPLATES,
    "python": sources.TEMPLATES,
    "packaging": packaging.TEMPLATES,
    "configuration": configurations.TEMPLATES,
    "deployment": deployments.TEMPLATES,
    "filesystem": filesystems.TEMPLATES,
}


def drawn(kind: str, seed: int, number: int) -> Input:
    """The same for the same arguments, in every process."""
    random = Random(f"{kind} {seed} {number}")
    return random.choice(KINDS[kind])(random)
