"""Chains of file commands leave what dash and bash leave."""

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.shell_oracle import modelled, real

paths = st.sampled_from(
    """
    a.py b b/c.py b/sub b/sub/x.py d f.txt l l/c.py g no new new/x d/y ./b/ d/ *.py b/* n* [ad]*
    "x_y" . b/. l/ new/ g/x "$V" $V ${V}_x "" b/[!_]*.py no/x '*' d/../b l/sub
    """.split()
)
some = st.lists(paths, min_size=1, max_size=3).map(" ".join)


def command(*choices: str) -> st.SearchStrategy[str]:
    return st.builds(
        lambda form, many, one: form.replace("@@", many).replace("@", one),
        st.sampled_from(choices),
        some,
        paths,
    )


simple = st.one_of(
    command("mkdir @@", "mkdir -p @@", "rm @@", "rm -f @@", "rm -r @@", "rm -rf @@", "rmdir @@", "touch @@"),
    command("mv @@", "mv @ @", "mv -T @ @", "mv -t d @@", "cp @@", "cp -r @ @", "cp -a @@", "cp -rT @ @", "cp -n @ @"),
    command("cp -a b/. @", "cp -rL @ @", "cp -P @ @", "cp -aT b @", "cp -r b/* @", "cp -Lr b/in @", "mv b/* @"),
    command("cp --remove-destination @ @", "false | touch @"),
    command("ln -s @ @", "ln -sf @ @", "ln -sfn @ @", "install -d @@", "install -D @ @", "chmod +x @@"),
    command("echo hi > @", "echo $V >> @", "printf '%s\\n' $V x > @", "cat @@ > @", "echo x | tee -a @ > /dev/null"),
    command("cd @", "[ -f @ ]", "[ -d @ ]", "test -e @", "[ ! -L @ ]", "V=@", "set -e", "set -- @@", "exit 1", "false"),
    command("find @ -name '*.py' -delete", "find . -name '*.py' | xargs rm -f", "find @ -type f -exec rm {} +"),
    command("for i in @@; do touch $i; done", "f() { rm -rf \"$1\"; }; f @@", "sh s.sh @"),
    command(". ./s.sh", "eval 'touch @'"),
    command("case @ in a*|b) touch m1;; *) touch m2;; esac", "rm -rf \"$@\"", "echo $# $1 > args", "V=$(echo @)"),
)  # fmt: skip
joined = st.sampled_from([" && ", " && ", "; ", " || ", "\n"])
chain = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.builds(lambda a, op, b: a + op + b, inner, joined, inner),
        st.builds("if {}; then {}; else {}; fi".format, inner, inner, inner),
        st.builds("( {} )".format, inner),
        st.builds("{{ {}; }}".format, inner),
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("shell", [shell for shell in ("dash", "bash") if shutil.which(shell)])
@settings(max_examples=120, deadline=None)
@given(script=chain, value=st.sampled_from(["d", "a.py", "b", "q"]))
def test_same_files_and_status(shell: str, script: str, value: str) -> None:
    environment = {"V": value, "HOME": "/nonexistent"}
    tree, succeeded = modelled(shell, script, environment)
    wanted, status = real(shell, script, environment)
    if tree.obscured:
        assert succeeded or not status
        return
    assert succeeded == status
    found = tree.listing()
    assert {k: v for k, v in wanted.items() if found.get(k) != "?"} == {
        k: v for k, v in found.items() if v != "?"
    }
