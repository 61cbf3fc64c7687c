"""Wildcards in COPY sources: Go's filepath.Match, segment by segment."""

from __future__ import annotations

import pytest

from parity.build.wildcards import expand, has_wildcard, matches
from parity.tree.base import ABSENT, Entry, FileKind
from parity.tree.memory import MemoryTree


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("abc", "abc", True),
        ("*", "abc", True),
        ("*c", "abc", True),
        ("a*", "a", True),
        ("a*", "ab", True),
        ("a*b*c*d*e*", "axbxcxdxe", True),
        ("a*b?c*x", "abxbbxdbxebxczzx", True),
        ("a*b?c*x", "abxbbxdbxebxczzy", False),
        ("ab[c]", "abc", True),
        ("ab[b-d]", "abc", True),
        ("ab[e-g]", "abc", False),
        ("ab[^c]", "abc", False),
        ("ab[^b-d]", "abc", False),
        ("ab[^e-g]", "abc", True),
        ("a\\*b", "a*b", True),
        ("a\\*b", "ab", False),
        ("a?b", "a☺b", True),
        ("a[^a]b", "a☺b", True),
        ("a???b", "a☺b", False),
        ("[a-ζ]*", "α", True),
        ("*[a-ζ]", "A", False),
        ("[\\]a]", "]", True),
        ("[\\-]", "-", True),
        ("[x\\-]", "-", True),
        ("[x\\-]", "z", False),
        ("[\\-x]", "a", False),
        ("[]a]", "]", False),
        ("[-]", "-", False),
        ("[x-]", "x", False),
        ("[-x]", "x", False),
        ("\\", "a", False),
        ("[a-b-c]", "a", False),
        ("[", "a", False),
        ("[^bc", "a", False),
        ("a[", "ab", False),
        ("[!a]", "b", False),
        ("[!a]", "!", True),
        ("*x", "xxx", True),
        ("**", "anything", True),
        (".*", ".env", True),
        ("*", ".env", True),
        ("", "", True),
    ],
)
def test_as_in_go(pattern: str, name: str, expected: bool) -> None:
    assert matches(pattern, name) is expected


def test_a_row_of_stars_takes_no_longer_than_its_length() -> None:
    assert not matches("*a" * 400 + "b", "a" * 5_000)


@pytest.mark.parametrize(("text", "expected"), [("a*", True), ("a\\*", False), ("a\\\\*", True), ("[", True)])
def test_what_is_a_wildcard(text: str, expected: bool) -> None:
    assert has_wildcard(text) is expected


CONTEXT = MemoryTree(
    {
        "a/b/f": "",
        "a/c/f": "",
        "a/f": "",
        "a-b/f": "",
        "link": Entry(FileKind.SYMLINK, target="a"),
        "a/inside": Entry(FileKind.SYMLINK, target="b"),
    }
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a/*/f", ("/a/b/f", "/a/c/f")),
        ("/a/**", ("/a/b", "/a/c", "/a/f", "/a/inside")),
        ("/*/f", ("/a/f", "/a-b/f")),
        ("/link/*/f", ("/a/b/f", "/a/c/f")),
        ("/a/i*/f", ()),
        ("/none/*", ABSENT),
        ("/a/*/none", ()),
    ],
)
def test_links_are_followed_before_the_first_wildcard_only(path: str, expected: object) -> None:
    assert expand(CONTEXT, path) == expected
