"""Is the start command's program one that only a distribution brings, and that nothing has installed?

Asked of programs that are no start command of their own (supervisord), on base images that bring pip alone; a shell or
the engine then says that there is no such file (127).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from parity.build.image import Image
from parity.model.command import Command
from parity.model.location import Location, Unknown
from parity.model.packages import NOTHING_INSTALLED, site_packages
from parity.packages.catalogue import Knowledge
from parity.packages.dependencies import Dependency, judge_program
from parity.packages.metadata import LocalEnvironment
from parity.packages.programs import TOOLS
from parity.programs.program import name_of
from parity.tree.base import Absent
from parity.tree.links import follow
from parity.tree.which import places


def missing_tool(
    command: Command | None, image: Image, known: Sequence[Knowledge], local: LocalEnvironment | None
) -> Dependency | None:
    """None where it is there, or something else may have brought it."""
    distribution = TOOLS.get(name_of(command)) if command is not None else None
    if command is None or distribution is None or not image.base.bare or "/" in (command.argv[0] or ""):
        return None
    doubts: list[Unknown] = []
    for candidate in places(name_of(command), command.environment, command.working_directory):
        answer = follow(image.tree, candidate).answer
        if isinstance(answer, Unknown):
            doubts.append(answer)
        elif not isinstance(answer, Absent):
            return None
    if any(_is_no_installer(step) for doubt in doubts for step in doubt.steps):
        return None
    there = site_packages(doubts) if doubts else NOTHING_INSTALLED
    place = command.location or Location("")
    missing = judge_program(name_of(command), distribution, place, there, known, local)
    return replace(missing, certain=False) if missing is not None and not missing.doubtful else None


def _is_no_installer(step: Unknown) -> bool:
    """May the step have brought the program in another way than as a distribution (apt-get, make)?"""
    return step.location is not None and not (step.installed and step.installed.parts)
