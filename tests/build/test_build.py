"""Stages, variables, configuration, and COPY where nothing is certain."""

from __future__ import annotations

import pytest

from parity.build.copy_step import MissingSource
from parity.build.image import ImageConfig
from parity.build.step import RunStep
from parity.context.ignore import IgnoreRule
from parity.model.errors import ParityError
from parity.model.location import May, Unknown
from parity.tree.base import ABSENT, Entry, FileKind
from parity.tree.memory import MemoryTree
from parity.tree.writable import WritableTree
from tests.support.building import OpaqueRun, at, built
from tests.support.projects import archive


def config(dockerfile: str, **given: str) -> ImageConfig:
    return built(dockerfile, {"f": ""}, build_args=given).config


@pytest.mark.parametrize(
    ("steps", "entrypoint", "cmd"),
    [
        ('CMD ["a"]', None, ("a",)),
        ("CMD a b", None, ("/bin/sh", "-c", "a b")),
        ('SHELL ["/bin/bash", "-c"]\nCMD a', None, ("/bin/bash", "-c", "a")),
        ('CMD ["a"]\nENTRYPOINT ["e"]', ("e",), ("a",)),
        ('CMD ["a"]\nFROM s\nENTRYPOINT ["e"]', ("e",), None),
        ('CMD ["a"]\nFROM s\nCMD ["b"]\nENTRYPOINT ["e"]', ("e",), ("b",)),
        ('ENTRYPOINT ["e"]\nFROM s\nCMD ["b"]', ("e",), ("b",)),
        ('ENTRYPOINT ["e"]\nFROM s\nENTRYPOINT []', None, None),
        ('CMD ["a"]\nCMD []', None, None),
    ],
)
def test_entrypoint_and_cmd(steps: str, entrypoint: object, cmd: object) -> None:
    made = config(f"FROM scratch AS s\n{steps}\n")
    assert (made.entrypoint, made.cmd) == (entrypoint, cmd)


def test_the_base_image_gives_what_the_dockerfile_does_not() -> None:
    made = built("FROM python:3.11-slim\nENV A=1\n", {})
    assert made.config.cmd == ("python3",)
    assert made.config.cmd_at is None
    assert made.config.environment["LANG"] == "C.UTF-8"
    assert made.base.bare


def test_where_the_command_is_written() -> None:
    made = config('FROM python:3.11\nENTRYPOINT ["a"]\nCMD ["b"]\n')
    assert (made.entrypoint_at, made.cmd_at) == (at(2), at(3))


@pytest.mark.parametrize(
    ("dockerfile", "given", "value"),
    [
        ("ARG V=1\nFROM scratch\nARG V\nENV X=$V\n", {}, "1"),
        ("ARG V=1\nFROM scratch\nENV X=$V\n", {}, ""),
        ("ARG V=1\nFROM scratch\nARG V=2\nENV X=$V\n", {}, "2"),
        ("ARG V=1\nFROM scratch\nARG V=2\nENV X=$V\n", {"V": "3"}, "3"),
        ("FROM scratch\nENV V=e\nARG V\nENV X=$V\n", {}, "e"),
        ("FROM scratch\nENV V=e\nARG V=a\nENV X=$V\n", {}, "a"),
        ("FROM scratch\nARG TARGETARCH\nENV X=$TARGETARCH\n", {}, "amd64"),
        ("FROM scratch\nENV X=$TARGETARCH\n", {}, ""),
        ("FROM scratch AS a\nARG V=1\nFROM a\nENV X=$V\n", {}, "1"),
        ("FROM scratch AS a\nARG V=1\nFROM scratch\nENV X=$V\n", {}, ""),
    ],
)
def test_the_value_of_a_variable(dockerfile: str, given: dict[str, str], value: str) -> None:
    assert config(dockerfile, **given).environment["X"] == value


def test_arguments_do_not_reach_the_image() -> None:
    assert "V" not in config("FROM scratch\nARG V=1\n").environment


def test_an_unused_stage_is_not_executed() -> None:
    made = built("FROM scratch AS unused\nCOPY none /\nFROM scratch\nCOPY f /\n", {"f": ""})
    assert made.missing_sources == ()
    assert [stage.index for stage in made.stages] == [1]


def test_an_unknown_target_names_the_nearest() -> None:
    with pytest.raises(ParityError) as error:
        built("FROM scratch AS runtime\n", {}, target="runtme")
    assert (error.value.message, error.value.hint) == (
        "target stage 'runtme' could not be found",
        "did you mean runtime?",
    )


def test_triggers_run_in_the_child_once() -> None:
    made = built("FROM scratch AS a\nONBUILD COPY f /t\nFROM a AS b\nCOPY f /b\nFROM b\n", {"f": ""})
    assert [path for path, _ in made.tree.listing()] == ["/b", "/t"]
    stages = {stage.name: [path for path, _ in stage.tree.listing()] for stage in made.stages}
    assert stages["a"] == []


def test_a_named_context_replaces_a_stage_and_an_image() -> None:
    other = MemoryTree({"x": "1"})
    text = "FROM scratch AS deps\nCOPY none /\nFROM scratch\nCOPY --from=deps /x /a\nCOPY --from=img /x /b\n"
    made = built(text, {}, named_contexts={"deps": other, "img": other})
    assert [path for path, _ in made.tree.listing()] == ["/a", "/b"]


def test_a_source_that_is_not_there() -> None:
    made = built("FROM scratch\nCOPY none.py /app/\nCOPY f /app/\n", {"f": ""})
    place = at(2)
    assert made.missing_sources == (MissingSource("none.py", "/none.py", place),)
    assert made.tree.lookup("/app/none.py") == Unknown(
        "none.py is missing, so the build fails", place, May.UNBUILT
    )
    assert isinstance(made.tree.lookup("/app/f"), Entry)


def test_a_source_that_is_ignored_goes_on_as_if_it_were_there() -> None:
    made = built("FROM scratch\nCOPY src /app\n", {"src/a.py": "1", ".dockerignore": "# c\nsrc\n"})
    rule = IgnoreRule("src", exception=False, line=2, text="src")
    assert made.missing_sources == (MissingSource("src", "/src", at(2), rule),)
    assert made.tree.read("/app/a.py") == b"1"


def test_a_source_that_a_stage_lacks() -> None:
    made = built("FROM scratch AS b\nFROM scratch\nCOPY --from=b /x /\n", {})
    assert [(one.path, one.stage) for one in made.missing_sources] == [("/x", "b")]


def test_what_comes_from_an_unknown_image_is_unknown_and_nothing_else() -> None:
    made = built("FROM scratch\nCOPY f /app/\nCOPY --from=example.com/p /out /app/out\n", {"f": ""})
    assert isinstance(made.tree.lookup("/app/out/x"), Unknown)
    assert isinstance(made.tree.lookup("/app/f"), Entry)
    assert made.tree.lookup("/app/g") == ABSENT


def test_the_programs_of_uv_are_files() -> None:
    made = built("FROM python:3.12-slim\nCOPY --from=ghcr.io/astral-sh/uv:latest /uv /uvx /bin/\n", {})
    assert [path for path, _ in made.tree.listing()] == ["/usr/bin/uv", "/usr/bin/uvx"]


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("COPY f /x\nWORKDIR /x", "mkdir /x: not a directory"),
        ("COPY f /x\nCOPY f /x/y", "mkdir /x: not a directory"),
        ("COPY f /x\nCOPY f /x/", "mkdir /x: not a directory"),
        ("COPY f /x/b/a/k\nCOPY . /x", "cannot replace to directory /x/b/a with file"),
        ("COPY f /x/b\nCOPY . /x", "cannot copy to non-directory: /x/b"),
        ("ENV A=${B:?gone}", 'failed to process "${B:?gone}": B: gone'),
        ("ARG A\nCOPY start-$A.sh /", "start-.sh is not found: the build argument A has no value"),
        ("ARG A=${A}\nCOPY ${A}/x /g", "/x is not found: the build argument A has no value"),
        ("COPY --from=9 /x /", "invalid from flag value 9: no stage has that number"),
    ],
)
def test_what_is_refused(steps: str, message: str) -> None:
    with pytest.raises(ParityError) as error:
        built(f"FROM scratch\n{steps}\n", {"f": "", "b/a": ""})
    assert error.value.message == message
    assert error.value.location == at(2 + steps.count("\n"))


def test_an_argument_without_a_value_may_be_none() -> None:
    assert built("FROM scratch\nARG A\nCOPY f$A /\n", {"f": ""}).missing_sources == ()
    (missing,) = built("FROM scratch\nARG A\nARG B=x\nCOPY g$B /\n", {"f": ""}).missing_sources
    assert missing.written == "gx"


def test_values_that_double_are_refused_before_they_fill_the_memory() -> None:
    with pytest.raises(ParityError, match="longer than"):
        built("FROM scratch\nENV a=xxxxxxxx\n" + "ENV a=$a$a\n" * 40, {})


def test_owners() -> None:
    made = built(
        "FROM scratch\nUSER app\nWORKDIR /w\nCOPY f a\nCOPY --chown=1:2 --chmod=600 f b\n", {"f": ""}
    )
    found = {path: (entry.mode, entry.owner) for path, entry in made.tree.listing()}
    assert found == {"/w": (0o755, "app"), "/w/a": (0o644, "0:0"), "/w/b": (0o600, "1:2")}


def test_link_at_an_existing_folder_is_not_certain() -> None:
    made = built("FROM scratch\nWORKDIR /app\nCOPY --link f /app\n", {"f": ""})
    assert isinstance(made.tree.lookup("/app/f"), Unknown)
    made = built("FROM scratch\nWORKDIR /app\nCOPY --link f ./\n", {"f": ""})
    assert isinstance(made.tree.lookup("/app/f"), Entry)


class Recording:
    def __init__(self) -> None:
        self.steps: list[RunStep] = []

    def run(self, step: RunStep, files: WritableTree) -> tuple[Unknown, ...]:
        self.steps.append(step)
        return ()


def test_what_a_run_step_is_told() -> None:
    run = Recording()
    built(
        """\
        FROM scratch AS deps
        COPY f /f
        FROM python:3.11
        ARG V=1
        USER app
        WORKDIR /w
        RUN --mount=type=bind,from=deps,source=/f,target=in --mount=type=cache,target=/root/.cache make $V
        """,
        {"f": "x"},
        build_args={"http_proxy": "p"},
        run=run,
    )
    (step,) = run.steps
    assert (step.shell_text, step.working_directory, step.user) == ("make $V", "/w", "app")
    assert (step.environment["V"], step.environment["http_proxy"]) == ("1", "p")
    bind, cache = step.mounts
    assert (bind.kind, bind.target, bind.source_path, bind.writable) == ("bind", "/w/in", "/f", False)
    assert bind.source is not None
    assert isinstance(bind.source.lookup("/f"), Entry)
    assert (cache.kind, cache.target, cache.source) == ("cache", "/root/.cache", None)


def test_a_run_step_that_is_only_a_heredoc_has_no_text_of_its_own() -> None:
    run = Recording()
    built("FROM python:3.11\nRUN <<EOF\na\nEOF\nRUN cat <<EOF\nb\nEOF\n", {}, run=run)
    assert [(step.shell_text, step.heredocs[0].content) for step in run.steps] == [
        ("", "a\n"),
        ("cat <<EOF", "b\n"),
    ]


def test_an_opaque_step_is_told_among_the_unknowns() -> None:
    made = built("FROM python:3.11\nWORKDIR /app\nRUN make\n", {}, run=OpaqueRun())
    assert made.unknowns == (Unknown("what this RUN step does is not known", at(3)),)
    assert isinstance(made.tree.lookup("/app/x.py"), Unknown)
    assert made.tree.lookup("/srv/x.py") == ABSENT


def test_only_what_was_copied_from_an_opaque_stage_is_unknown() -> None:
    text = "FROM debian:12 AS b\nWORKDIR /b\nRUN make\nFROM scratch\nCOPY --from=b /b/out /app/out\n"
    made = built(f"{text}COPY f /app/\n", {"f": ""}, run=OpaqueRun())
    assert isinstance(made.tree.lookup("/app/out/x"), Unknown)
    assert made.tree.lookup("/app/x") == ABSENT
    assert [unknown.location for unknown in made.unknowns] == [at(3)]


def test_a_frontend_of_another_kind_is_unknown() -> None:
    assert built("# syntax=docker/dockerfile:1\nFROM scratch\n", {}).unknowns == ()
    assert built("# syntax=docker/dockerfile:1.7-labs\nFROM scratch\n", {}).unknowns == ()
    (unknown,) = built("# syntax=example.com/other\nFROM scratch\n", {}).unknowns
    assert "example.com/other" in unknown.reason


@pytest.mark.parametrize("source", ["up/f", "sub/up/f", "whole/sub/up/f", "top/sub", "up/*", "/f"])
def test_a_link_to_the_root_on_the_way_to_a_source_is_not_followed_by_all_builders(source: str) -> None:
    links = {name: Entry(FileKind.SYMLINK, target=target) for name, target in ROOT_LINKS.items()}
    made = built(f"FROM scratch\nCOPY {source} /x/\n", {"f": "", **links})
    assert bool(made.unknowns) == (source != "/f")
    assert not made.missing_sources


ROOT_LINKS = {"up": ".", "sub/up": "..", "whole": "sub/../sub/up", "top": "/"}


def test_whether_chown_counts_for_what_is_unpacked_depends_on_the_builder() -> None:
    packed = archive([("lib", None, "dir"), ("lib/f", None, "file")], "")
    made = built("FROM scratch\nADD a.tar /kept/\nADD --chown=5 a.tar /given/\n", {"a.tar": packed})
    owners = {}
    for path in ("/kept", "/kept/lib/f", "/given", "/given/lib/f"):
        entry = made.tree.lookup(path)
        assert isinstance(entry, Entry)
        owners[path] = entry.owner
    assert owners == {"/kept": "0:0", "/kept/lib/f": "0:0", "/given": "5", "/given/lib/f": None}


def test_a_destination_through_a_link_that_may_be_gone_is_not_certain() -> None:
    files: dict[str, str | Entry | None] = {"f": "", "links/lib": Entry(FileKind.SYMLINK, target="real")}
    for step in ("COPY f /lib/", "COPY f /lib/x/", "COPY f /lib/x/y/", "WORKDIR /lib/x", "WORKDIR /lib/x/y"):
        removed = "RUN grep -q x /etc/os-release && rm /lib; true"
        made = built(f"FROM python:3.12\nCOPY links /\n{removed}\n{step}\n", files)
        for path in ("/lib/f", "/real/f", "/lib/x", "/real/x"):
            assert not isinstance(made.tree.lookup(path), Entry), (step, path)


def test_links_in_the_destination_are_followed_in_the_image() -> None:
    made = built(
        "FROM scratch\nCOPY links /\nCOPY f /current/\nCOPY f /name\n",
        {
            "f": "",
            "links/current": Entry(FileKind.SYMLINK, target="/releases/1"),
            "links/name": Entry(FileKind.SYMLINK, target="other"),
        },
    )
    files = [path for path, entry in made.tree.listing() if entry.kind is FileKind.FILE]
    assert files == ["/other", "/releases/1/f"]


def test_a_trigger_that_names_the_stage_it_is_executed_in() -> None:
    """The engine gives it what the stage has by then."""
    text = """
    FROM scratch AS one
    COPY a /x/
    ONBUILD COPY --from=two /x /y/
    FROM one AS two
    COPY b /x/
    """
    image = built(text, {"a": "", "b": ""})
    assert [path for path, _ in image.tree.listing()] == ["/x", "/x/a", "/x/b", "/y", "/y/a"]
