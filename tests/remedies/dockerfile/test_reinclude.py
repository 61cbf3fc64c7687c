"""An exception lets in what is asked for, and nothing that other rules keep out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.context.build_context import BuildContext
from parity.context.ignore import read_ignore_file
from parity.remedies.dockerfile.reinclude import reinclude
from parity.tree.base import Absent, Entry
from parity.tree.memory import MemoryTree

FILES = (
    "src/services/__init__.py",
    "src/services/models/a.py",
    "src/services/secret.pem",
    "src/services/__pycache__/a.pyc",
    "src/api/main.py",
    "other/services/x.py",
    "odd [name]/a*b.py",
)
TREE = MemoryTree(dict.fromkeys(FILES, "x"))


def context(ignore: str) -> BuildContext:
    return BuildContext(TREE, "/", read_ignore_file(ignore.encode(), ".dockerignore"))


def kept(ignore: str) -> set[str]:
    made = context(ignore)
    return {file for file in FILES if isinstance(made.lookup("/" + file), Entry)}


def applied(ignore: str, path: str) -> str | None:
    found = reinclude(context(ignore), path)
    if found is None:
        return None
    lines = ignore.split("\n")
    kept = found.below if found.lines else found.below - 1
    return "\n".join([*lines[:kept], *found.lines, *lines[found.below :]])


@pytest.mark.parametrize(
    ("ignore", "path", "added"),
    [
        ("*.md\n**/services\n**/*.pem", "/src/services", (2, ("!src/services",))),
        ("**/services", "/src/services/__init__.py", (1, ("!src/services/__init__.py",))),
        # a rule further down hides it, too: the exception goes below the last of them
        ("**/*.pem\nsrc\n**/services\n*.md", "/src/services", (3, ("!src/services", "**/*.pem"))),
        # secrets and caches that an earlier rule keeps out stay out
        (
            "**/*.pem\n**/__pycache__\n**/services",
            "/src/services",
            (3, ("!src/services", "**/*.pem", "**/__pycache__")),
        ),
        # a later rule keeps them out as before
        ("**/services\n**/*.pem", "/src/services", (1, ("!src/services",))),
        # of a package that has a secret, the Python files alone
        ("*.md\n**/services\n.git", "/src/services", (2, ("!src/services/**/*.py",))),
        ("*\n!other", "/src/services", (1, ("!src/services/**/*.py",))),
        ("src/services", "/src/services", (1, ("!src/services/**/*.py",))),
        # a line that says nothing else goes
        ("**/*.pem\n*.md\nsrc/services/\n.git", "/src/services", (3, ())),
        ("/src/services\n**/services\n*/*/*.pem", "/src/services", (2, ("!src/services",))),
        ("odd*", "/odd [name]/a*b.py", (1, (r"!odd \[name\]/a\*b.py",))),
    ],
)
def test_where_the_exception_goes(ignore: str, path: str, added: tuple[int, tuple[str, ...]]) -> None:
    found = reinclude(context(ignore), path)
    assert found is not None
    assert (found.below, found.lines) == added


@pytest.mark.parametrize("path", ["/a\nb", "/ a", "/a ", "/\udcff"])
def test_no_promise_for_what_no_line_can_say(path: str) -> None:
    tree = MemoryTree({path: "x"})
    made = BuildContext(tree, "/", read_ignore_file(b"*\n", ".dockerignore"))
    assert isinstance(made.lookup(path), Absent)
    assert reinclude(made, path) is None


RULES = st.sampled_from(
    [
        *(
            "src",
            "*",
            "**/services",
            "src/*",
            "**/*.py",
            "*.md",
            "**/*.pem",
            "other",
            "src/**",
            "services",
            "**/a*",
        ),
        *(
            "!src",
            "!src/services",
            "!**/*.py",
            "!src/services/models",
            "!other",
            "odd*",
            "**/__pycache__",
            "!*/*",
        ),
    ]
)


def test_no_promise_where_a_rule_repeated_would_hide_something_else() -> None:
    assert reinclude(context("**/a*\n!*/*\nsrc"), "/src/services") is None


@settings(max_examples=1000, deadline=None)
@given(
    st.lists(RULES, min_size=1, max_size=6),
    st.sampled_from(["/src/services", *("/" + file for file in FILES)]),
)
def test_whatever_the_rules_only_what_is_asked_for_comes_in(rules: list[str], path: str) -> None:
    ignore = "\n".join(rules)
    if context(ignore).hidden_by(path) is None:
        return
    after = applied(ignore, path)
    if after is None:
        return
    inside = {file for file in FILES if f"/{file}/".startswith(f"{path}/")}
    assert kept(after) - kept(ignore) <= inside
    assert isinstance(context(after).lookup(path), Entry)
    assert "src/services/secret.pem" not in kept(after) - kept(ignore)
    assert kept(ignore) <= kept(after)
