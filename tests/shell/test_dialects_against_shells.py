"""What bash has and others lack, or do in another way: dash, busybox and bash are asked."""

from __future__ import annotations

import shutil

import pytest

from parity.shell.dialect import LACKING, Dialect
from parity.shell.reading import read
from parity.shell.syntax import Refused
from tests.support.shell_oracle import COMMANDS, modelled, real

SHELLS = [shell for shell in ("dash", "ash", "bash") if shutil.which(COMMANDS.get(shell, (shell,))[0])]
FORMS = (
    "[[ a == a ]]", "[[ a = b ]]", "[[ -n x || -z y ]]", "[[ -f a.py && -d b ]]", "[ a == a ]", "[ a == b ]",
    "test a == a", "[ a == a -a b = b ]", "source ./f.sh", ". ./f.sh", ". ./gone.sh", ". f.sh",
    "A=(x y)", "function f { touch g1; }", "function f() { touch g1; }; f", "cat <<< x", "read A <<< x",
    "cat <(echo x)", "V=abc; touch x${V:0:1}", "V=aba; touch x${V//a/b}", "V=a; touch x${V^^}", "touch x${!V}",
    "V+=x", "let x=1", "let x=0", "declare x=1", "typeset x=1", "local x=1", "pushd d", "popd", "dirs",
    "shopt -s x", "mapfile V < a.py", "echo x |& cat", "for ((i=0;i<3;i++)); do touch $i; done", "export -f f",
    "export -n V", "select x in a; do break; done", "((1 + 1))", "case x in x) touch c1;& y) touch c2;; esac",
    "touch $'q'", "touch {1..3}.z", "read -a V < a.py", "printf -v V x", "disown", "builtin echo",
    'touch "x${V[0]}"', "[ -v V ]", "set -o nounset; touch $NOPE", "f() { [[ $1 == d ]] && touch in; }; f d",
    "if [[ a ]]; then touch y; else touch n; fi", "[ a == b ] || touch n", "[[ a == b ]] || touch n",
    "[[ a == b ]] && touch n", "! [[ a == a ]]", "(source ./f.sh)", "set -e; [[ a == a ]]; touch y",
    "set -e; let x=1; touch y", "while [[ a == b ]]; do break; done; touch y",
    'export A=$(echo \'x y\'); touch "$A"', "N=A; export $N=v; touch $A", 'N=A; export "$N=v w"; touch "$A"',
    "V=1 true; touch v$V", "IFS=: read -r A B < f.txt; touch x$A", "unset V; touch x$V",
    "shift 3", "trap 'touch left' EXIT", "break; touch b1", "return 0", "for i in 1 2; do break; done; touch b1",
    "readonly R=1; touch r$R", "if true; then\r\n touch y\r\nfi\r\n", "touch a\r\ntouch b\r\n",
    "for i in 1; do touch $i; done\r\n", "false\r\ntrue", "{ touch y; }\r\n",
    "f() {\r\n touch y\r\n}\r\nf\r\n",
)  # fmt: skip


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("after", ["", "\ntouch after"])
def test_as_the_shell_does(shell: str, form: str, after: str) -> None:
    environment = {"V": "d", "HOME": "/nonexistent"}
    script = "printf 'touch sourced' > f.sh\n" + form + after
    tree, succeeded = modelled(shell, script, environment)
    wanted, status = real(shell, script, environment)
    if tree.obscured:
        assert succeeded or not status
        return
    assert succeeded or not status, "a failure that is none"
    found = tree.listing()
    assert {k: v for k, v in wanted.items() if found.get(k) != "?"} == {
        k: v for k, v in found.items() if v != "?"
    }


def test_an_sh_of_which_nothing_is_known_refuses_nothing() -> None:
    assert not any(isinstance(one, Refused) for one in read("A=(x)\ncat <<< x", Dialect.SH).statements)
    assert {Dialect.SH.lacks(part) for part in LACKING[Dialect.DASH]} == {None}
    assert Dialect.SH.lacks("cd") is False
