"""Shell completion: what `--show-completion` prints, loaded into a shell, completes commands, options and values."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

BASH = r"""
eval "$(parity --show-completion)"
complete -p parity >/dev/null || exit 1
COMP_WORDS=(parity "$@"); COMP_CWORD=$#
_parity_completion parity
printf '%s\n' "${COMPREPLY[@]}"
"""
ZSH = r"""
script=$(parity --show-completion; print -n x)
autoload -Uz compinit; compinit -u -D
eval "${script%x}"
[[ $_comps[parity] = _parity_completion ]] || exit 1
_arguments() { local offers=${${1#*\(\(}%\)\)}; local -a each=(${(z)offers}); print -l -- ${(Q)each%%:*} }
_files() { : }
words=(parity "$@"); CURRENT=$#words
_parity_completion
"""
FISH = r"""
parity --show-completion | source
complete -C "parity $argv" | string split --fields 1 \t
"""
SHELLS = {"bash": (BASH, ["--norc"]), "zsh": (ZSH, ["-f"]), "fish": (FISH, ["--no-config"])}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["ch"], ["check"]),
        (["check", "--format", "sa"], ["sarif"]),
        (["check", "--fail-on", "w"], ["warning", "warning,unchecked"]),
        (["rule", "PAR60"], ["PAR601", "PAR602", "PAR603"]),
        (["rule", "missing-n"], ["missing-name"]),
    ],
)
def test_a_shell_completes(tmp_path: Path, shell: str, words: list[str], offered: list[str]) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    script, options = SHELLS[shell]
    (tmp_path / "try").write_text(script)
    done = subprocess.run(
        [shell, *options, tmp_path / "try", *words],
        cwd=ROOT,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (sorted(done.stdout.split()), done.stderr) == (offered, "")
