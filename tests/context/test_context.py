from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from parity.context.build_context import BuildContext, ignore_file_for
from parity.context.ignore import NOTHING_IGNORED, IgnoreFile, read_ignore_file
from parity.model.errors import ParityError
from parity.model.location import Location, Unknown
from parity.tree.base import ABSENT, Entry, FileKind, FileTree
from parity.tree.memory import MemoryTree

FIXTURES = Path(__file__).parents[2] / "fixtures"
ENGINE = json.loads((FIXTURES / "dockerignore/engine.json").read_text())
BUILDS = json.loads((FIXTURES / "vectors/dockerignore-builds.json").read_text())

Files = Mapping[str, str | bytes | Entry | None]


def link(target: str) -> Entry:
    return Entry(FileKind.SYMLINK, target=target)


def context(ignore: str, files: Files, root: str = "/") -> BuildContext:
    return BuildContext(MemoryTree(files), root, read_ignore_file(ignore.encode(), ".dockerignore"))


def everything(context: BuildContext) -> dict[str, str]:
    """Kinds by path of all that is kept; a file that arrives empty though it is not is "empty"."""
    found: dict[str, str] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        names = context.names(path)
        assert not isinstance(names, Unknown)
        for name in names:
            child = path.rstrip("/") + "/" + name
            entry = context.lookup(child)
            assert isinstance(entry, Entry)
            empty = entry.kind is FileKind.FILE and context.read(child) == b""
            found[child[1:]] = "empty" if empty else entry.kind.value
            if entry.kind is FileKind.DIRECTORY:
                waiting.append(child)
    return found


@pytest.mark.parametrize("row", ENGINE, ids=lambda row: repr(row["ignore"]))
def test_the_engine(row: dict[str, Any]) -> None:
    """`FROM scratch`, `COPY . /`: what Docker 26.1.5 put into the image, or that the build failed."""
    files: dict[str, str | bytes | Entry | None] = {
        name: link(what["symlink"]) if isinstance(what, dict) else what for name, what in row["tree"].items()
    }
    files["Dockerfile"] = "FROM scratch\nCOPY . /\n"
    files[".dockerignore"] = data = row["ignore"].encode("utf8", "surrogateescape")
    tree = MemoryTree(files)
    if row["image"] is None:
        with pytest.raises(ParityError):
            everything(BuildContext(tree, "/", read_ignore_file(data, ".dockerignore")))
    else:
        assert everything(BuildContext(tree, "/", ignore_file_for(tree, "/Dockerfile", "/"))) == row["image"]


COPY_ALL = [
    row
    for row in (*BUILDS["cases"], *BUILDS["derived"])
    if row["dockerfile"] == "FROM scratch\nCOPY . .\n" and "dockerignore" in " ".join(row["context"])
]


@pytest.mark.parametrize("row", COPY_ALL, ids=lambda row: row["name"])
def test_buildkit(row: dict[str, Any]) -> None:
    files = {
        name: row["dockerfile"] if text == "@dockerfile" else text for name, text in row["context"].items()
    }
    tree = MemoryTree(files)

    def kept() -> dict[str, str]:
        return everything(
            BuildContext(tree, "/", ignore_file_for(tree, "/" + row.get("file", "Dockerfile"), "/"))
        )

    if "error_contains" in row:
        with pytest.raises(ParityError, match=row["error_contains"]):
            kept()
        return
    for path, what in row["present"].items():
        assert kept()[path] == ("dir" if isinstance(what, dict) else "file")
        if isinstance(what, dict) and what.get("empty"):
            assert not [other for other in kept() if other.startswith(path + "/")]
    assert not set(row["absent"]) & set(kept())


def test_paths_of_a_context_in_a_subfolder() -> None:
    files = {"services/api/app.py": "A", "services/api/tmp/x": "X", "app.py": "other"}
    api = context("tmp\n", files, "/services/api")
    entry = api.lookup("/app.py")
    assert isinstance(entry, Entry)
    assert entry.source == "/services/api/app.py"
    assert api.read("/app.py") == b"A"
    assert api.names("/") == {"app.py"}
    assert api.lookup("/tmp") == api.lookup("/tmp/x") == api.lookup("/services") == ABSENT
    assert isinstance(api.read("/tmp/x"), Unknown)


def test_which_rule_hides() -> None:
    hidden = context(
        "**/services\n*.md\n!README.md\nbuild/*\n!build/keep\n",
        dict.fromkeys(
            ["src/services/a.py", "README.md", "NOTES.md", "build/x", "build/keep/y", "src/b.py"], ""
        ),
    )
    assert {
        path: rule and rule.line
        for path in (
            "/src/services",
            "/src/services/a.py",
            "/src/services/none.py",
            "/README.md",
            "/NOTES.md",
            "/build",
            "/build/x",
            "/build/keep/y",
            "/src",
            "/",
        )
        for rule in [hidden.hidden_by(path)]
    } == {
        "/src/services": 1,
        "/src/services/a.py": 1,
        "/src/services/none.py": None,
        "/README.md": None,
        "/NOTES.md": 2,
        "/build": None,
        "/build/x": 4,
        "/build/keep/y": None,
        "/src": None,
        "/": None,
    }
    assert [(path, rule.line) for path, rule in hidden.excluded()] == [
        ("/NOTES.md", 2),
        ("/build/x", 4),
        ("/src/services", 1),
    ]


def test_what_is_excluded_around_an_exception() -> None:
    some = context("d\n!d/e/keep\n", {"d/a/x": "", "d/b": "", "d/e/keep": "", "d/e/no": "", "f": ""})
    assert [path for path, _ in some.excluded()] == ["/d/a", "/d/b", "/d/e/no"]
    assert some.hidden_by("/d") is None
    assert some.names("/d") == {"e"}


class Watched:
    """A tree that remembers which folders were listed."""

    def __init__(self, tree: FileTree) -> None:
        self.tree = tree
        self.listed: list[str] = []

    def lookup(self, path: str) -> Any:
        return self.tree.lookup(path)

    def names(self, path: str) -> frozenset[str] | Unknown:
        self.listed.append(path)
        return self.tree.names(path)

    def read(self, path: str) -> bytes | Unknown:
        return self.tree.read(path)


FOLDERS: Files = {"d/a/x": "", "d/b/k.md": "", "d/b/m/n": "", "d/c/y": "", "e/f/g": ""}


@pytest.mark.parametrize(
    ("ignore", "listed"),
    [
        ("d\n", []),
        ("d\n!x/y\n", []),
        ("d\n!d/b/k.md\n", ["/d", "/d/b"]),
        ("d\n!d/b/none\n", ["/d", "/d/b"]),
        ("d\n!d/a\n", ["/d"]),
        ("d\n!**/none\n", ["/d", "/d/c", "/d/b", "/d/b/m", "/d/a"]),
    ],
)
def test_a_lookup_enters_what_it_must(ignore: str, listed: list[str]) -> None:
    watched = Watched(MemoryTree(FOLDERS))
    kept = BuildContext(watched, "/", read_ignore_file(ignore.encode(), ".dockerignore"))
    first = kept.lookup("/d")
    assert watched.listed == listed
    assert kept.lookup("/d") == first
    assert watched.listed == listed


def test_a_folder_that_cannot_be_listed() -> None:
    class Closed(Watched):
        def names(self, path: str) -> frozenset[str] | Unknown:
            return Unknown("no") if path == "/d/b" else super().names(path)

    def kept(ignore: str) -> BuildContext:
        tree = Closed(MemoryTree(FOLDERS))
        return BuildContext(tree, "/", read_ignore_file(ignore.encode(), ".dockerignore"))

    assert kept("d\n!**/*.md\n").lookup("/d") == Unknown("no")
    assert isinstance(kept("d\n!**/y\n").lookup("/d"), Entry)
    assert kept("d\n").lookup("/d") == ABSENT
    assert kept("x\n").names("/d/b") == Unknown("no")


def test_a_bad_rule_fails_at_the_entries_of_the_root() -> None:
    with pytest.raises(ParityError) as failure:
        context("src\n[b-a]\n", {"src/x": "", "y": ""})
    assert failure.value.location == Location(".dockerignore", 2)
    assert everything(context("*\n[b-a]\n", {"src/x": "", "y": ""})) == {}


@pytest.mark.parametrize(
    ("files", "path", "rules"),
    [
        ({"ops/Api.dockerignore": "own", "svc/.dockerignore": "general"}, "ops/Api.dockerignore", ["own"]),
        ({"ops/Api.dockerignore": "", "svc/.dockerignore": "general"}, "ops/Api.dockerignore", []),
        ({"svc/.dockerignore": "general", ".dockerignore": "root"}, "svc/.dockerignore", ["general"]),
        ({"svc/Api.dockerignore": "no", ".dockerignore": "no", "ops/.dockerignore": "no"}, "", []),
        ({"svc/.dockerignore/x": "a folder"}, "", []),
        ({"svc/.dockerignore": link("sub/list"), "svc/sub/list": "linked"}, "svc/.dockerignore", ["linked"]),
        (
            {"svc/.dockerignore": link("/list"), "svc/list": "linked", "list": "no"},
            "svc/.dockerignore",
            ["linked"],
        ),
        ({"svc/.dockerignore": link("../list"), "list": "outside"}, "", []),
        (
            {"ops/Api.dockerignore": link("../list"), "list": "outside", "svc/.dockerignore": "general"},
            "svc/.dockerignore",
            ["general"],
        ),
    ],
)
def test_which_ignore_file(files: Files, path: str, rules: list[str]) -> None:
    found = ignore_file_for(MemoryTree({"ops/Api": "FROM scratch", **files}), "/ops/Api", "/svc")
    assert (found.path, [rule.pattern for rule in found.rules]) == (path, rules)


def test_a_dockerfile_at_the_root() -> None:
    tree = MemoryTree({"Dockerfile": "", "Dockerfile.dockerignore": "a", ".dockerignore": "b"})
    assert ignore_file_for(tree, "/Dockerfile", "/").path == "Dockerfile.dockerignore"
    assert ignore_file_for(MemoryTree({}), "/Dockerfile", "/") == NOTHING_IGNORED == IgnoreFile("", ())


def test_an_ignore_file_that_git_lfs_has_not_fetched_is_refused() -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n"
    with pytest.raises(ParityError, match="pointer of Git LFS"):
        ignore_file_for(MemoryTree({".dockerignore": pointer}), "/Dockerfile", "/")
