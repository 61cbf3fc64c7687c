"""An image tree agrees with a plain dictionary of files, whatever is done to it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from parity.image.builder import MOST_NESTED, ImageBuilder
from parity.image.tree import ImageTree
from parity.model.location import Location, May, Unknown
from parity.tree.base import ABSENT, Absent, Entry, FileKind, join, within
from parity.tree.memory import MemoryTree
from tests.support.building import built

EMPTY = MemoryTree({})


def builder(files: MemoryTree | None = None) -> ImageBuilder:
    made = ImageBuilder(ImageTree.of(files or EMPTY, EMPTY), EMPTY)
    made.instruction = Location("Dockerfile", 1)
    return made


class Plain:
    """The oracle: every path spelt out; content None is a folder."""

    def __init__(self) -> None:
        self.files: dict[str, bytes | None] = {"/": None}

    def is_folder(self, path: str) -> bool:
        return path in self.files and self.files[path] is None

    def parents(self, path: str) -> None:
        while (path := path.rpartition("/")[0]) != "":
            self.files[path] = None

    def room_for(self, path: str) -> bool:
        while (path := path.rpartition("/")[0]) != "":
            if path in self.files:
                return self.is_folder(path)
        return True

    def take(self, path: str) -> dict[str, bytes | None]:
        return {other: what for other, what in self.files.items() if within(other, path)}

    def drop(self, path: str) -> None:
        for other in self.take(path):
            del self.files[other]


NAMES = st.sampled_from("abc")
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts))
STEPS = st.one_of(
    st.tuples(st.just("write"), PATHS, st.binary(max_size=2)),
    st.tuples(st.just("mkdir"), PATHS, st.none()),
    st.tuples(st.just("remove"), PATHS, st.none()),
    st.tuples(st.just("rename"), PATHS, PATHS),
    st.tuples(st.just("copy"), PATHS, PATHS),
    st.tuples(st.just("stage"), st.none(), st.none()),
)


def apply(step: tuple[str, str, object], tree: ImageBuilder, plain: Plain) -> ImageBuilder:
    """One step to both, where a real file system would allow it."""
    what, path, more = step
    if what == "stage":
        child = ImageBuilder(tree.snapshot(), EMPTY)
        child.instruction = tree.instruction
        return child
    if what == "write" and plain.room_for(path) and not plain.is_folder(path):
        tree.write(path, bytes(more))
        plain.parents(path)
        plain.files[path] = bytes(more)
    elif what == "mkdir" and plain.room_for(path) and plain.files.get(path, None) is None:
        tree.make_directory(path)
        plain.parents(path)
        plain.files[path] = None
    elif what == "remove" and path in plain.files:
        tree.remove(path)
        plain.drop(path)
    elif what in ("rename", "copy") and path in plain.files:
        new = str(more)
        if within(new, path) or within(path, new) or not plain.room_for(new):
            return tree
        taken = plain.take(path)
        if what == "rename" and not plain.take(new):
            tree.rename(path, new)
            plain.drop(path)
        elif what == "copy" and not conflict(taken, plain, path, new):
            tree.copy(path, new)
        else:
            return tree
        plain.parents(new)
        for other, content in taken.items():
            plain.files[join(new, other[len(path) :].lstrip("/"))] = content
    return tree


def conflict(taken: dict[str, bytes | None], plain: Plain, old: str, new: str) -> bool:
    for other, content in taken.items():
        target = join(new, other[len(old) :].lstrip("/"))
        if target in plain.files and plain.is_folder(target) is not (content is None):
            return True
    return False


@settings(max_examples=300, deadline=None)
@given(st.lists(STEPS, max_size=14))
def test_a_tree_of_layers_is_the_tree_of_its_files(steps: list[tuple[str, str, object]]) -> None:
    tree, plain = builder(), Plain()
    snapshots = []
    for step in steps:
        tree = apply(step, tree, plain)
        snapshots.append((tree.snapshot(), dict(plain.files)))
    for snapshot, files in snapshots:
        listed = {
            path: None if entry.kind is FileKind.DIRECTORY else snapshot.read(path)
            for path, entry in snapshot.listing()
        }
        assert listed == {path: content for path, content in files.items() if path != "/"}
        for path in {join(folder, name) for folder in files for name in "abc"} - set(files):
            assert isinstance(snapshot.lookup(path), Absent), path


def test_opaque_steps_make_what_is_absent_unknown_and_leave_what_is_there() -> None:
    tree = builder()
    tree.write("/app/there.py", b"1")
    unknown = Unknown("who knows", Location("Dockerfile", 2))
    tree.obscure("/app", unknown)
    assert tree.lookup("/app/made.py") == unknown
    assert isinstance(tree.lookup("/app/there.py"), Entry)
    assert tree.lookup("/srv") == ABSENT
    assert tree.names("/app") == {"there.py"}


def test_suffixes_limit_what_an_opaque_step_may_have_made() -> None:
    tree = builder()
    tree.make_directory("/app")
    unknown = Unknown("protoc")
    tree.obscure("/app", unknown, suffixes=("_pb2.py",))
    assert tree.lookup("/app/api_pb2.py") == unknown
    assert tree.lookup("/app/api.py") == ABSENT


def test_an_opaque_step_that_removes_leaves_nothing_certain() -> None:
    tree = builder()
    tree.write("/app/a.py", b"")
    tree.obscure("/app/a.py", Unknown("perhaps removed"), removes=True)
    assert tree.lookup("/app/a.py") == Unknown("perhaps removed", may=May.REMOVES)


def test_what_is_written_after_an_opaque_step_is_certain() -> None:
    tree = builder()
    tree.obscure("/app", Unknown("before"))
    tree.write("/app/a.py", b"x")
    assert tree.read("/app/a.py") == b"x"
    tree.remove("/app")
    assert tree.lookup("/app/a.py") == Absent(Location("Dockerfile", 1))


def test_a_removed_file_remembers_who_removed_it() -> None:
    tree = builder(MemoryTree({"app/a.py": ""}))
    tree.remove("/app/a.py")
    assert tree.lookup("/app/a.py") == Absent(Location("Dockerfile", 1))
    assert tree.names("/app") == frozenset()


def test_only_what_the_build_added_is_listed() -> None:
    tree = builder(MemoryTree({"etc/passwd": "root", "opt/tool/bin": "x"}))
    tree.write("/opt/new", b"")
    tree.rename("/opt/tool", "/opt/moved")
    assert [path for path, _ in tree.snapshot().listing()] == ["/opt/moved", "/opt/moved/bin", "/opt/new"]


def test_modes_and_owners_are_changed_where_asked() -> None:
    tree = builder()
    tree.write("/app/a.py", b"", 0o644)
    tree.write("/app/b/c.py", b"", 0o644)
    tree.change_mode("/app", 0o700, None, recursive=False)
    tree.change_mode("/app/b", None, "app", recursive=True)
    tree.change_mode("/app/b", 0o600, None, recursive=True)

    def bits(path: str) -> tuple[int | None, str | None]:
        entry = tree.lookup(path)
        assert isinstance(entry, Entry)
        return entry.mode, entry.owner

    assert bits("/app") == (0o700, "0:0")
    assert bits("/app/a.py") == (0o644, "0:0")
    assert bits("/app/b/c.py") == (0o600, "app")


def test_copies_of_copies_end_in_an_unknown_instead_of_a_deep_stack() -> None:
    tree = builder()
    tree.write("/a/f", b"")
    for _ in range(MOST_NESTED):
        tree.copy("/a", "/b")
        tree.copy("/b", "/a")
    assert isinstance(tree.lookup("/a/f"), Entry)
    assert isinstance(tree.lookup("/a/none"), Unknown)


def test_a_thousand_renames_are_bounded() -> None:
    tree = builder()
    tree.write("/a/f", b"")
    for _ in range(500):
        tree.rename("/a", "/b")
        tree.rename("/b", "/a")
    assert isinstance(tree.lookup("/a/f"), Unknown)


def test_many_steps_are_looked_up_by_index() -> None:
    tree = builder()
    for number in range(5_000):
        tree.write(f"/app/{number}", b"")
    assert len(list(tree.snapshot().listing())) == 5_001


OPAQUE = "FROM python:3.12\nWORKDIR /app\nRUN fetch-tools --now\nCOPY . /app\n"


def test_what_opaque_steps_wrote_before_the_folder_was_copied_is_early() -> None:
    files = {"pkg/__init__.py": "", "pkg/gone/a.py": "", "gone/b.py": "", ".dockerignore": "**/gone"}

    def unknown(dockerfile: str, path: str) -> Unknown:
        found = built(dockerfile, files).tree.lookup(path)
        assert isinstance(found, Unknown)
        return found

    assert unknown(OPAQUE, "/app/pkg/gone").early
    assert unknown(OPAQUE, "/app/pkg/gone/a.py").early
    assert not unknown(OPAQUE, "/app/gone").early  # the folder /app was there before
    assert not unknown(f"{OPAQUE}RUN make\n", "/app/pkg/gone").early
    builder = OPAQUE.replace("FROM python:3.12", "FROM python:3.12 AS builder")
    last = "FROM python:3.12\nCOPY --from=builder /app /srv\n"
    assert unknown(builder + last, "/srv/pkg/gone/a.py").early
    assert not unknown(f"{builder}RUN make\n{last}", "/srv/pkg/gone/a.py").early
    assert not unknown(f"{OPAQUE}RUN make\nCOPY . /app\n", "/app/pkg/gone").early
