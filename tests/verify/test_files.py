"""Which files of an image are not what the sources say now."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from parity import pipeline
from parity.config.asked import Asked
from parity.config.discover import discover
from parity.model.verification import Differs, FileDifference, Verification
from tests.support.archives import Layer, Saved, link

DOCKERFILE = 'FROM scratch\nWORKDIR /app\nCOPY src src\nCMD ["python", "src/main.py"]\n'
BASE: Layer = {"usr/lib/os-release": "scratch"}
SRC: Layer = {"app/src": None, "app/src/main.py": "import a\n", "app/src/a.py": "A = 1\n"}
STEPS = ("RUN make base", "WORKDIR /app", "COPY src src # buildkit", "RUN /bin/sh -c later # buildkit")
CONFIG: dict[str, Any] = {"WorkingDir": "/app", "Cmd": ["python", "src/main.py"]}


def verified(folder: Path, *layers: Layer, steps: tuple[str, ...] = STEPS, **files: str) -> Verification:
    """The checkout of `SRC` with further `files` (`__` for a slash), and an image of the layers above its own two."""
    write(folder, {"Dockerfile": DOCKERFILE, "src/main.py": "import a\n", "src/a.py": "A = 1\n"})
    write(folder, {name.replace("__", "/").replace("DOT", "."): text for name, text in files.items()})
    image = Saved(BASE, {"app": None}, *layers, steps=steps[: 2 + len(layers)], **CONFIG)
    archive = image.old(folder.parent / "image.tar")
    return pipeline.verify(discover(folder, Asked()), str(archive))


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def told(answer: Verification) -> list[tuple[str, str]]:
    return [(one.how.value, one.path) for one in answer.files]


def only(answer: Verification) -> FileDifference:
    assert len(answer.files) == 1
    return answer.files[0]


def test_an_image_as_the_sources_say(tmp_path: Path) -> None:
    answer = verified(tmp_path / "shop", SRC)
    assert (answer.files, answer.is_same, answer.compared) == ((), True, 2)


def test_a_file_that_was_changed_since(tmp_path: Path) -> None:
    answer = only(verified(tmp_path / "shop", SRC, src__aDOTpy="A = 2\n"))
    assert (answer.how, answer.path, answer.source) == (Differs.STALE, "/app/src/a.py", "src/a.py")
    assert str(answer.instruction) == "Dockerfile:3:1"
    assert answer.layer is not None
    assert (answer.layer.number, answer.layer.made_by) == (3, "COPY src src")


def test_a_file_and_a_folder_that_were_added_since(tmp_path: Path) -> None:
    answer = verified(tmp_path / "shop", SRC, src__bDOTpy="", src__c__dDOTpy="", src__c__eDOTpy="")
    assert told(answer) == [("missing", "/app/src/b.py"), ("missing", "/app/src/c")]
    assert [one.type for one in answer.files] == ["file", "dir"]
    assert [one.layer for one in answer.files] == [None, None]


def test_a_file_that_a_later_layer_takes_away(tmp_path: Path) -> None:
    answer = only(verified(tmp_path / "shop", SRC, {"app/src/.wh.a.py": ""}))
    assert (answer.how, answer.path) == (Differs.MISSING, "/app/src/a.py")
    assert answer.layer is not None
    assert (answer.layer.number, answer.layer.made_by) == (4, "RUN /bin/sh -c later")


def test_a_file_that_was_deleted_since(tmp_path: Path) -> None:
    answer = only(verified(tmp_path / "shop", {**SRC, "app/src/old.py": ""}))
    assert (answer.how, answer.path) == (Differs.UNEXPECTED, "/app/src/old.py")
    assert answer.cause is not None
    assert answer.cause.detail == "no instruction copies src/old.py"


def test_a_file_that_an_ignore_rule_keeps_out_now(tmp_path: Path) -> None:
    answer = only(verified(tmp_path / "shop", SRC, DOTdockerignore="src/a.py\n"))
    assert (answer.how, answer.path) == (Differs.UNEXPECTED, "/app/src/a.py")
    assert answer.cause is not None
    assert (answer.cause.detail, str(answer.cause.location)) == ("src/a.py", ".dockerignore:1")


def test_what_a_run_step_made_is_not_unexpected(tmp_path: Path) -> None:
    made: Layer = {"app/src/made.py": "", "app/src/main.pyc": "", "app/src/__pycache__/a.pyc": ""}
    assert told(verified(tmp_path / "shop", SRC, made)) == []


def test_bytecode_is_not_unexpected_whoever_made_it(tmp_path: Path) -> None:
    assert told(verified(tmp_path / "shop", {**SRC, "app/src/__pycache__/a.pyc": ""})) == []


def test_a_link_in_place_of_a_file_and_a_folder_in_place_of_one(tmp_path: Path) -> None:
    layer = {**SRC, "app/src/a.py": link("main.py"), "app/src/main.py": None}
    answer = verified(tmp_path / "shop", layer)
    assert [(one.path, one.detail) for one in answer.files] == [
        ("/app/src/a.py", "it is a link, and a file now"),
        ("/app/src/main.py", "it is a folder, and a file now"),
    ]


def test_a_link_that_leads_elsewhere_now(tmp_path: Path) -> None:
    (tmp_path / "shop/src").mkdir(parents=True)
    (tmp_path / "shop/src/x.py").symlink_to("a.py")
    answer = only(verified(tmp_path / "shop", {**SRC, "app/src/x.py": link("main.py")}))
    assert (answer.path, answer.detail) == ("/app/src/x.py", "it leads to main.py, and to a.py now")


def test_a_step_that_cannot_be_read_may_have_changed_it(tmp_path: Path) -> None:
    dockerfile = DOCKERFILE.replace("CMD", "RUN perl build.pl\nCMD")
    write(tmp_path / "shop", {"src/build.pl": "x"})
    layer = {**SRC, "app/src/build.pl": "x"}
    answer = verified(tmp_path / "shop", layer, {"app/src/a.py": "A = 3\n"}, Dockerfile=dockerfile)
    assert told(answer) == []


def test_what_git_does_not_have_is_not_compared(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    write(folder, {"src/a.py": "", "src/main.py": "", "Dockerfile": ""})
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    answer = verified(folder, SRC, src__localDOTcfg="x")
    assert (told(answer), answer.left_out) == ([], 1)


def test_a_repository_that_is_copied_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    write(folder, {"src/a.py": "", "src/main.py": "", "Dockerfile": ""})
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    dockerfile = "FROM scratch\nWORKDIR /app\nCOPY . .\n"
    layer = {**SRC, "app/Dockerfile": dockerfile, "app/.git/HEAD": "other", "app/.git/objects/ab": ""}
    answer = verified(folder, layer, Dockerfile=dockerfile)
    assert told(answer) == []
    assert answer.left_out > 3


def test_folders_of_the_base_image(tmp_path: Path) -> None:
    """What lies beside the copied files is the base image's, if a layer below brings it."""
    write(tmp_path / "shop", {"src/a.py": "A = 1\n"})
    layers: tuple[Layer, ...] = ({"srv/base.py": ""}, {"srv/a.py": "A = 1\n", "srv/old.py": ""})
    image = Saved(*layers, steps=("RUN make base", "COPY src /srv"))
    write(tmp_path / "shop", {"Dockerfile": "FROM python:3.12-slim\nCOPY src /srv\n"})
    archive = image.old(tmp_path / "image.tar")
    answer = pipeline.verify(discover(tmp_path / "shop", Asked()), str(archive))
    assert told(answer) == [("unexpected", "/srv/old.py")]


def test_a_folder_of_a_base_image_that_is_a_link(tmp_path: Path) -> None:
    """A build follows it; what nobody knows of the base image, the archive tells."""
    write(
        tmp_path / "shop",
        {"a.py": "A = 1\n", "b.py": "", "Dockerfile": "FROM registry.example.com/x\nCOPY *.py /app/\n"},
    )
    image = Saved({"data": None, "app": link("data")}, {"data/a.py": "A = 2\n", "data/b.py": ""})
    archive = image.old(tmp_path / "image.tar")
    answer = pipeline.verify(discover(tmp_path / "shop", Asked()), str(archive))
    assert told(answer) == [("stale", "/app/a.py")]


def test_steps_as_other_engines_write_them_down(tmp_path: Path) -> None:
    for made_by in ("/bin/sh -c make", "|1 A=b /bin/sh -c make", "/bin/bash -o pipefail -c make", "RUN make"):
        answer = verified(tmp_path / "shop", SRC, {"app/src/x.py": ""}, steps=(*STEPS[:3], made_by))
        assert told(answer) == []
    for made_by in (
        "/bin/sh -c #(nop) COPY dir:1 in /app/src ",
        "COPY src src",
        "|1 A=b /bin/sh -c #(nop) ADD x",
        "",
    ):
        answer = verified(tmp_path / "shop", SRC, {"app/src/x.py": ""}, steps=(*STEPS[:3], made_by))
        assert told(answer) == [("unexpected", "/app/src/x.py")]
