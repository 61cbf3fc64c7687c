"""One file of patterns and one path: the cases of gitignore(5), and what git's own code decides besides."""

from __future__ import annotations

import pytest

from parity.patterns.git_ignore import deciding, line_of, read_lines


def is_named(text: str, path: str, is_folder: bool = False) -> bool:
    line = deciding(read_lines(text.encode()), path, is_folder)
    return line is not None and not line.negated


CASES = """
    lib/            | src/lib/         | yes | a folder of that name, at any level
    lib/            | lib              | no  | and no file
    lib             | src/lib          | yes | without a slash both
    /lib/           | lib/             | yes | a slash in front: beside the file
    /lib/           | src/lib/         | no  | and nowhere else
    doc/frotz/      | doc/frotz/       | yes | a slash in the middle does the same
    doc/frotz/      | a/doc/frotz/     | no  |
    foo/*           | foo/test.json    | yes | `*` is no slash
    foo/*           | foo/bar/hello.c  | no  |
    **/foo          | a/b/foo          | yes | `**/` in front: in all folders
    **/foo/bar      | a/foo/bar        | yes |
    **/foo/bar      | foo/bar          | yes |
    abc/**          | abc/x/y          | yes | `/**` at the end: all that is in it
    abc/**          | abc/             | no  | but not the folder itself
    a/**/b          | a/b              | yes | `/**/`: any number of folders
    a/**/b          | a/x/y/b          | yes |
    a**b            | axxb             | yes | elsewhere `**` is a `*`
    a**/b           | ax/y/b           | no  |
    !lib            | lib              | no  | `!` lets in again
    \\!important!   | !important!      | yes | unless it is quoted
    \\#x            | #x               | yes |
    # x             | # x              | no  | a comment
    a\\ ␠           | a␠               | yes | a quoted space at the end stays, another does not
    a␠␠             | a                | yes |
    *.py[cod]       | x.pyc            | yes |
    [!a]x           | bx               | yes |
    [^a]x           | ax               | no  |
    [[:digit:]]x    | 7x               | yes |
    []a]x           | ]x               | yes |
    [a              | [a               | no  | what is not closed names nothing
    [[:nope:]]      | n                | no  |
    a\\             | a\\              | no  | a lone backslash at the end names nothing
    a//b            | a/b              | no  | nor do two slashes
    /               | a                | no  |
    ?.py            | é.py             | no  | git compares bytes, and this letter has two
    ??.py           | é.py             | yes |
"""


@pytest.mark.parametrize("case", [line.strip() for line in CASES.strip().split("\n")])
def test_a_line_names(case: str) -> None:
    pattern, path, answer, _ = (
        part.strip().replace("␠", " ").replace("\\\\", "\\") for part in case.split("|")
    )
    pattern = pattern if "␠" in case else pattern.strip()
    assert is_named(pattern, path.rstrip("/"), path.endswith("/")) is (answer == "yes")


def test_the_last_line_decides() -> None:
    assert not is_named("*.log\n!keep.log\n", "keep.log")
    assert is_named("!keep.log\n*.log\n", "keep.log")


def test_line_ends_and_a_byte_order_mark_are_no_part_of_a_line() -> None:
    assert is_named("\ufefflib\r\n", "lib")


def test_a_line_knows_where_and_how_it_is_written() -> None:
    line = deciding(read_lines(b"# built\n\nlib/\n"), "src/lib", True)
    assert line is not None
    assert (line.number, line.text, line.is_plain, line.anywhere) == (3, "lib/", True, True)


def test_a_long_line_of_stars_takes_no_time() -> None:
    line = line_of("*a" * 2000 + "b")
    assert line is not None
    assert not line.names("a" * 255, False)
    line = line_of("**/a/" * 1000 + "b")
    assert line is not None
    assert not line.names("a/" * 1000 + "c", False)


def test_a_line_that_is_no_latin_text() -> None:
    """Patterns of the configuration are text, a .gitignore is bytes: both name the same files."""
    for name in ("é.py", "\ufeffx", "日本", "\udcff"):
        line = line_of(name)
        assert line is not None
        assert line.text == name
        assert deciding((line,), name, False) == line
        assert read_lines(f"a\n{name}\n".encode("utf8", "surrogateescape"))[1].parts == line.parts
