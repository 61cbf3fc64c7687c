"""A stage while it is executed."""

from __future__ import annotations

from msgspec import Struct, field

from parity.build.bases.base import SHELL, Base
from parity.build.image import ImageConfig
from parity.build.scope import Scope
from parity.dockerfile.instructions import Instruction
from parity.image.builder import ImageBuilder
from parity.model.location import Location, Unknown


class StageState(Struct):
    """A stage while it is executed."""

    index: int
    base: Base
    files: ImageBuilder
    scope: Scope
    working_directory: str = "/"
    user: str | None = None
    shell: tuple[str, ...] = SHELL
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    entrypoint_at: Location | None = None
    cmd_at: Location | None = None
    cmd_is_own: bool = False
    volumes: tuple[str, ...] = ()
    triggers: list[Instruction] = field(default_factory=list)
    unknowns: list[Unknown] = field(default_factory=list)
    written_directory: str = ""

    @property
    def config(self) -> ImageConfig:
        return ImageConfig(
            self.working_directory,
            dict(self.scope.image),
            self.user,
            self.entrypoint,
            self.cmd,
            self.shell,
            self.volumes,
            self.entrypoint_at,
            self.cmd_at,
            self.written_directory or self.working_directory,
        )
