"""Words expand as dash and bash expand them."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.shell.dialect import Dialect
from parity.shell.effort import Effort
from parity.shell.host import Call
from parity.shell.interpret import interpret
from parity.shell.status import Output, Status, Text
from parity.tree.memory import MemoryTree

FILES = ["a.py", "b.py", "c d", "sub/x.py", ".hidden", "[z]"]
ENVIRONMENT = {
    "X": "one two",
    "Y": "a.py",
    "E": "",
    "P": "/none/lib/x.tar.gz",
    "G": "*.py",
    "HOME": "/home/me",
}
SHELLS = [shell for shell in ("dash", "bash") if shutil.which(shell)]


class Recorder:
    variables_may_be_set = False

    def __init__(self) -> None:
        self.files = MemoryTree({f"w/{name}": "" for name in FILES})
        self.argv: tuple[str | None, ...] | None = None
        self.effort = Effort()

    def run(self, call: Call) -> Output:
        if call.program == "program":
            self.argv = call.argv[1:]
        return Output(None, Status.SUCCESS)

    def write(self, path: str, content: Text, call: Call) -> None: ...

    def failed(self, call: Call) -> None: ...

    def environment_to_activate(
        self, name: str | None, environment: Mapping[str, str], folder: str
    ) -> str | None: ...

    def lost(self, folder: str | None, reason: str, call: Call) -> None:
        self.argv = (None,)


def real(shell: str, text: str) -> tuple[str, ...] | None:
    """The words that a program gets; None where the shell gives up before it."""
    with tempfile.TemporaryDirectory() as folder:
        for name in FILES:
            os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
            open(f"{folder}/{name}", "w").close()
        script = f"set -- p1 'p 2'\n/usr/bin/printf '%s\\0' : {text}"
        done = subprocess.run(
            [shell, "-c", script],
            cwd=folder,
            env={**ENVIRONMENT, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            timeout=10,
            stdin=subprocess.DEVNULL,
        )
    words = done.stdout.decode("utf8", "surrogateescape").split("\0")
    return tuple(words[1:-1]) if done.stdout.startswith(b":\0") else None


def modelled(shell: str, text: str) -> tuple[str | None, ...] | None:
    host = Recorder()
    interpret(
        f"set -- p1 'p 2'\nprogram {text}",
        host,
        environment=ENVIRONMENT,
        working_directory="/w",
        dialect=Dialect.BASH if shell == "bash" else Dialect.DASH,
    )
    return host.argv


atoms = st.sampled_from(
    [
        "a", "b c", " ", "$X", '"$X"', "'$X'", "${X}", "$Y", "${E:-d e}", '"${E:-d e}"', "${U-u}", "${U:=set}",
        "${E-x}",
        "${X:+yes}", "${U:+no}", "${P##*/}", "${P%.gz}", "${P%%.*}", "${P#/none}", '"${P%/*}"', "${#P}", "$G", '"$G"',
        "*.py", "*", "?.py", "[ab].py", "[!a].py", "sub/*", "*/x.py", '"*".py', "\\*.py", ".h*", "~", "~/x", "'~'",
        "$1", "$2", '"$2"', "$@", '"$@"', '"$*"', "$*", "$#", "$9", '""', "''", "\\$X", '"\\$X"', '"a\\b"', '"\\""',
        "$(echo hi)", '"$(echo  a  b)"', "$(echo $X)", "`echo bq`", "$(printf 'x\\ny\\n\\n')", "$(dirname $P)",
        "$(basename $P .gz)", "x=y", "=", "{a,b}", "{a}", "x{1..3}y", "{a,b}{c,d}", "'{a,b}'", "[z]", "%",
        "${Y%.py}.txt", '${E:+"q w"}', '${U:-"q w"}', "${U:-'q w'}", "${U:-$X}", '"${U:-$X}"', "${U:-*.py}",
        '"${U:-"in ner"}"', "a\\\nb", "'it'\\''s'", "é", "$(pwd | cat > /dev/null)", "-n", "{", "}", "!", "nomatch*",
        "${X#one }", "${X% *}", "${P#*/}", "\\\\", '"\\\\"', "$Xy", "${X}y", "#x", "a#b",
    ]
)  # fmt: skip


@pytest.mark.parametrize("shell", SHELLS)
@settings(max_examples=150, deadline=None)
@given(parts=st.lists(atoms, min_size=1, max_size=5))
def test_expansion(shell: str, parts: list[str]) -> None:
    text = "".join(parts)
    found = modelled(shell, text)
    if found is not None and None in found:
        return
    assert found == real(shell, text)
