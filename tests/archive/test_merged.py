"""Layers over each other, as an engine lays them."""

from __future__ import annotations

import io

import pytest

from parity.archive.members import Walk
from parity.archive.merged import Merged
from parity.archive.source import FileSource
from parity.archive.tree import ArchiveTree
from parity.model.errors import ParityError
from parity.model.location import Unknown
from parity.tree.base import ABSENT, Entry, FileKind
from tests.support.archives import Layer, link, tar_of


def tree(*layers: Layer) -> ArchiveTree:
    merged = Merged()
    sources = [
        FileSource(io.BytesIO(tar_of(layer)), f"layer {number}") for number, layer in enumerate(layers)
    ]
    for number, source in enumerate(sources):
        merged.add(number, Walk(source), source.name)
    return ArchiveTree(merged, sources)


def files(made: ArchiveTree, folder: str = "/") -> dict[str, str]:
    """The files and links below a folder: the text of each, `-> target` of a link."""
    found: dict[str, str] = {}
    names = made.names(folder)
    assert isinstance(names, frozenset)
    for name in names:
        path = f"{folder.rstrip('/')}/{name}"
        entry = made.lookup(path)
        assert isinstance(entry, Entry)
        if entry.kind is FileKind.DIRECTORY:
            found |= files(made, path)
        elif entry.kind is FileKind.SYMLINK:
            found[path] = f"-> {entry.target}"
        else:
            content = made.read(path)
            found[path] = content.decode() if isinstance(content, bytes) else "?"
    return found


def test_the_upper_layer_wins() -> None:
    made = tree({"a": "old", "b": "b"}, {"a": "new"})
    assert files(made) == {"/a": "new", "/b": "b"}
    assert (made.layer("/a"), made.layer("/b"), made.layer("/c")) == (1, 0, None)


def test_a_whiteout_takes_away_a_file_or_a_folder() -> None:
    made = tree({"d/a": "1", "d/b": "2", "e/f/g": "3"}, {"d/.wh.a": "", "e/.wh.f": ""})
    assert files(made) == {"/d/b": "2"}
    assert (made.lookup("/d/a"), made.names("/e")) == (ABSENT, frozenset())
    assert (made.layer("/d/a"), made.layer("/e/f/g")) == (1, 1)


def test_what_was_taken_away_may_come_back() -> None:
    made = tree({"a": "1"}, {".wh.a": ""}, {"a": "2"})
    assert (files(made), made.layer("/a")) == ({"/a": "2"}, 2)


@pytest.mark.parametrize("mark", ["first", "last"])
def test_an_opaque_folder_has_only_what_its_own_layer_puts_there(mark: str) -> None:
    own = {"d/new": "n", "d/in/new": "m"}
    opaque = {"d/.wh..wh..opq": ""}
    upper = opaque | own if mark == "first" else own | opaque
    made = tree({"d/old": "o", "d/in/old": "p", "d/gone/x": "x"}, upper)
    assert files(made) == {"/d/new": "n", "/d/in/new": "m"}
    assert made.names("/d") == {"new", "in"}


def test_hard_links_to_the_same_and_to_a_lower_layer() -> None:
    made = tree({"a": "1"}, {"b": link("a", hard=True), "c": "3", "d": link("/c", hard=True)}, {".wh.a": ""})
    assert files(made) == {"/b": "1", "/c": "3", "/d": "3"}


def test_a_hard_link_to_nothing_has_no_content() -> None:
    made = tree({"b": link("../../etc/passwd", hard=True)})
    assert isinstance(made.lookup("/b"), Entry)
    assert made.read("/b") == Unknown("/b is no regular file, or its content is not in the archive")


def test_names_never_lead_out() -> None:
    made = tree({"/a": "1", "../../b": "2", "c/../../d": "3", "./e": "4"})
    assert files(made) == {"/a": "1", "/b": "2", "/d": "3", "/e": "4"}


def test_a_link_on_the_way_is_followed_inside_the_image() -> None:
    made = tree(
        {"usr/bin/a": "1", "bin": link("usr/bin"), "out": link("../../../usr")}, {"bin/b": "2", "out/c": "3"}
    )
    assert files(made) == {
        "/bin": "-> usr/bin",
        "/out": "-> ../../../usr",
        "/usr/bin/a": "1",
        "/usr/bin/b": "2",
        "/usr/c": "3",
    }


def test_a_folder_takes_the_place_of_a_link() -> None:
    made = tree({"usr/bin/a": "1", "bin": link("usr/bin")}, {"bin": None, "bin/b": "2"})
    assert files(made) == {"/usr/bin/a": "1", "/bin/b": "2"}


def test_links_in_a_circle() -> None:
    with pytest.raises(
        ParityError, match="layer 1 is damaged: it has something below /a, where a is no folder"
    ):
        tree({"a": link("b"), "b": link("a")}, {"a/x": "1"})


def test_something_below_a_file() -> None:
    with pytest.raises(
        ParityError, match="layer 1 is damaged: it has something below /a/b, where a is no folder"
    ):
        tree({"a": "1"}, {"a/b/c": "2"})


def test_a_file_takes_the_place_of_a_folder_and_the_other_way_round() -> None:
    assert files(tree({"a/b": "1", "c": "2"}, {"a": "3", "c": None, "c/d": "4"})) == {"/a": "3", "/c/d": "4"}


def test_the_last_of_two_members_counts() -> None:
    one, other = (tar_of({"a": text}).rstrip(b"\0").ljust(1024, b"\0") for text in ("first", "second"))
    merged = Merged()
    source = FileSource(io.BytesIO(one + other + bytes(1024)), "layer")
    merged.add(0, Walk(source), source.name)
    assert files(ArchiveTree(merged, [source])) == {"/a": "second"}


def test_files_of_aufs_itself_are_none() -> None:
    assert files(tree({".wh..wh.plnk/1": "x", ".wh..wh.aufs": "y", "a": "1"})) == {
        "/.wh..wh.plnk/1": "x",
        "/a": "1",
    }


def test_folders_that_lie_too_deep() -> None:
    with pytest.raises(
        ParityError, match="layer 0 is not read: folders lie in each other more than 1,000 deep"
    ):
        tree({"a/" * 1_500: None})


def test_a_large_file_is_not_read() -> None:
    made = tree({"a": b"x" * (33 << 20)})
    assert made.read("/a") == Unknown("/a is larger than 32 MB and was not read")
    assert made.size("/a") == 33 << 20
