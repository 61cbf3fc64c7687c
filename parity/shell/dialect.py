"""Which shell's language is a text written in, and which parts of bash's does another shell lack?"""

from __future__ import annotations

from enum import Enum

PIPEFAIL = "|"
"""Stands for `-o pipefail` among the letters of a shell's options."""


class Dialect(Enum):
    """`SH`: a `/bin/sh` of which it is not known which of the others it is. `ASH` is busybox."""

    SH = "sh"
    DASH = "dash"
    ASH = "ash"
    BASH = "bash"

    def lacks(self, part: str) -> bool | None:
        """`part`: a builtin by its name, or one of bash's forms as LACKING has it. None: cannot be told."""
        if self is Dialect.SH:
            return None if part in LACKING[Dialect.DASH] else False
        return part in LACKING.get(self, ())


_NEITHER = frozenset(
    """
    declare typeset pushd popd dirs shopt mapfile readarray disown builtin caller bind compgen complete compopt
    enable suspend logout coproc
    A=() ${A[0]} ${A^} ${!A} <<< |& ;& for(( select -v export:-f read:-a
    """.split()
)
LACKING = {
    Dialect.DASH: _NEITHER
    | frozenset(
        """
        [[ source let help history == function <() ${A:0} ${A/} $'' export:-n printf:-v wait:-n
        """.split()
    ),
    Dialect.ASH: _NEITHER,
}
"""`export:-f` is an argument of a builtin. Asked of busybox 1.35, and of dash as Debian 11, 12 and 13 have it; these
differ in `set -o pipefail` alone."""
