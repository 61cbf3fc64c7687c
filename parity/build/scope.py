"""Which value a variable has at an instruction: build arguments, ARG, ENV, platform.

BuildKit: dockerfile2llb: the order of precedence of ARG values; dispatchArg, dispatchEnv.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from parity.dockerfile.expand import expand_heredoc, expand_word
from parity.dockerfile.instructions import Arg, Dockerfile, Env
from parity.image.effort import CHARACTERS_A_STEP, Effort
from parity.model.errors import ParityError
from parity.model.location import Location

LONGEST_VALUE = 1 << 20
"""Characters; a few lines of `ENV a=$a$a` would fill the memory."""
VARIABLE = re.compile(r"\$\{?(\w+)")
PROXIES = ("http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy")


def platform_arguments(platform: str, stage_name: str | None) -> dict[str, str]:
    """The predefined arguments for a build of `platform` (`linux/arm64/v8`) on a machine like it."""
    system, architecture, variant = ([*platform.split("/"), "", ""])[:3]
    values = {"PLATFORM": platform, "OS": system, "OSVERSION": "", "ARCH": architecture, "VARIANT": variant}
    both = {f"{side}{key}": value for side in ("BUILD", "TARGET") for key, value in values.items()}
    return {**both, "TARGETSTAGE": stage_name or "default"}


class Scope(Struct):
    """The variables at one moment of a stage. `image`: those that reach the image; `all`: with ARG values.

    `valueless`: build arguments that have no value, as nobody gives them one.
    """

    escape: str
    image: dict[str, str] = field(default_factory=dict)
    all: dict[str, str] = field(default_factory=dict)
    effort: Effort = field(default_factory=Effort)
    valueless: set[str] = field(default_factory=set)

    def inherited(self) -> Scope:
        """The scope of a stage that is FROM this one: ENV and ARG values go along."""
        return Scope(self.escape, dict(self.image), dict(self.all), self.effort, set(self.valueless))

    def word(self, location: Location) -> Callable[[str], str]:
        """Expands one word of the instruction at `location`; raises ParityError with that place."""

        def expand(text: str) -> str:
            return expand_at(text, self.all, self.escape, location, self.effort)

        return expand

    def body(self, location: Location) -> Callable[[str], str]:
        """The same for the body of a heredoc."""

        def expand(text: str) -> str:
            value = expand_heredoc(text, self.all, location)
            self.effort.spend(len(value) // CHARACTERS_A_STEP, location)
            return value

        return expand

    def env(self, instruction: Env) -> None:
        """All values of one ENV see the variables before the instruction."""
        word = self.word(instruction.location)
        pairs = [(word(name), word(value)) for name, value in instruction.pairs]
        self.image.update(pairs)
        self.all.update(pairs)

    def arg(self, instruction: Arg, given: Mapping[str, str], outer: Mapping[str, str]) -> None:
        """`given`: the build arguments; `outer`: the values before the first FROM, and the platform's."""
        for name, default in instruction.pairs:
            value = given.get(name)
            if value is None:
                value = outer.get(name) if default is None else self.word(instruction.location)(default)
            if value is not None:
                self.all[name] = value
            if name not in given and not self.all.get(name):
                self.valueless.add(name)

    def lacks(self, text: str) -> str | None:
        """The first build argument without a value that this word asks for."""
        return next((name for name in VARIABLE.findall(text) if name in self.valueless), None)


def expand_at(
    text: str, variables: Mapping[str, str], escape: str, location: Location, effort: Effort
) -> str:
    """`expand_word`, with a bound on what comes out."""
    value = expand_word(text, variables, escape, location)
    if len(value) > LONGEST_VALUE:
        raise ParityError(f"a value is longer than {LONGEST_VALUE} characters", location)
    effort.spend(len(value) // CHARACTERS_A_STEP, location)
    return value


def global_scope(
    dockerfile: Dockerfile, given: Mapping[str, str], platform: Mapping[str, str], effort: Effort
) -> dict[str, str]:
    """The variables of FROM lines: platform arguments, then the ARGs before the first FROM."""
    variables = dict(platform)
    for instruction in dockerfile.global_args:
        for name, default in instruction.pairs:
            if name in given:
                variables[name] = given[name]
            elif default is not None:
                variables[name] = expand_at(
                    default, variables, dockerfile.escape, instruction.location, effort
                )
    return variables
