"""What does a base image bring that only its users know? Their word for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from parity.build.bases.base import Base
from parity.build.bases.catalogue import find_base, split_reference
from parity.model.version import PythonVersion

BaseOf = Callable[[str], Base]
"""The image that a reference (variables expanded) means. Never raises."""


class ToldBase(Struct, frozen=True):
    """`like`: a public image with the same files and settings; None of a setting: nothing is said of it."""

    like: str | None = None
    python: PythonVersion | None = None
    working_directory: str | None = None
    environment: tuple[tuple[str, str], ...] = ()
    user: str | None = None
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None

    def base(self, reference: str) -> Base:
        """What is said, over what the table knows of `like`, or of `reference` itself."""
        known = find_base(self.like or reference)
        return replace(
            known,
            reference=reference,
            python=self.python or known.python,
            working_directory=self.working_directory or known.working_directory,
            environment={**known.environment, **dict(self.environment)},
            user=self.user or known.user,
            entrypoint=self.entrypoint or known.entrypoint,
            cmd=self.cmd or known.cmd,
        )


def base_of(told: Mapping[str, ToldBase]) -> BaseOf:
    """`told`: by name, without a tag."""

    def find(reference: str) -> Base:
        full = reference.partition("@")[0]
        name = full if ":" not in full.rpartition("/")[2] else full.rpartition(":")[0]
        said = told.get(name) or told.get(split_reference(reference)[0])
        return said.base(reference) if said else find_base(reference)

    return find if told else find_base
