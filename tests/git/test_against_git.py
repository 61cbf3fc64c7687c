"""Trees of .gitignore files and files: does git leave out the same ones?"""

from __future__ import annotations

from pathlib import Path
from shutil import rmtree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parity.git.work_tree import WorkTree
from parity.tree.disk import DiskTree
from tests.support.repositories import git, lines, needs_git

NAMES = ("a", "b", "lib", "models", "x.py", "y.py", "keep", "data.json", "A", "foo bar", ".env", "[x]", "é")
ATOMS = (
    *("a", "b", "lib", "models", "x.py", "keep", "foo bar", ".env", "*.py", "*", "**", "?", "??", "*.json"),
    *("[ab]", "[!a]", "[^l]ib", "[a-z]ib", "[[:alpha:]]", "[]a]", "[\\[]x]", "x.p[y]", "foo*", "l*b", "m**s"),
    *("\\*", "a\\b", "\\!keep", "\\#a", "[", "[a", "a\\", "[[:no:]]", "é"),
)
ODD = (
    "",
    "#a",
    "!",
    "/",
    "\\",
    "//a",
    "a//b",
    "**/",
    "/**",
    "a/**",
    "**/a",
    "a/**/b",
    "**a/b",
    "/*",
    "*/",
    "!*/",
)


@st.composite
def patterns(draw: st.DrawFn) -> str:
    if draw(st.integers(0, 19)) == 0:
        return draw(st.sampled_from(ODD))
    text = "/".join(draw(st.lists(st.sampled_from(ATOMS), min_size=1, max_size=3)))
    text = draw(st.sampled_from(("", "", "", "/"))) + text + draw(st.sampled_from(("", "", "/")))
    return (
        draw(st.sampled_from(("", "", "", "!")))
        + text
        + draw(st.sampled_from((*[""] * 9, " ", "\\ ", "\t", "\r")))
    )


FILES = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4), min_size=5, max_size=25)
TEXTS = st.lists(patterns(), min_size=1, max_size=4).map("\n".join)


@needs_git
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(files=FILES, texts=st.lists(TEXTS, min_size=1, max_size=6), own=TEXTS, tracked=st.integers(0, 3))
def test_git_leaves_out_the_same(
    files: list[list[str]],
    texts: list[str],
    own: str,
    tracked: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    root = tmp_path_factory.mktemp("tree")
    git(root, "init", "-q")
    paths = [path for parts in files if (path := _written(root, parts))]
    paths = list(dict.fromkeys(paths))
    folders = sorted(
        {folder for path in paths for folder in (root / path).parents if folder.is_relative_to(root)}
    )
    for at, text in enumerate(texts):
        (folders[at * 7 % len(folders)] / ".gitignore").write_text(text, "utf8")
    (root / ".git/info/exclude").write_text(own, "utf8")
    git(root, "add", "--force", "--", *paths[: len(paths) * tracked // 4])

    work_tree = WorkTree(DiskTree(root), root)
    ignored = lines(
        root, "check-ignore", "--no-index", "-z", "--stdin", given="\0".join(paths).encode() + b"\0"
    )
    assert sorted(path for path in paths if work_tree.ignore.ignores("/" + path)) == sorted(set(ignored))
    others = set(lines(root, "ls-files", "-z", "--others"))
    told = {path[1:] for path in work_tree.untracked("/" + path for path in paths)}
    assert told == (others & set(paths) if tracked and len(paths) * tracked // 4 else set())
    rmtree(root)


def _written(root: Path, parts: list[str]) -> str | None:
    """None where another file stands in the way."""
    path = root.joinpath(*parts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf8")
    except OSError:
        return None
    return "/".join(parts)
