"""An image that an engine of this machine knows by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.archive.read import built_image
from parity.model.errors import ParityError
from tests.support.archives import Saved

IMAGE = Saved({"app/a.py": "1"})


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder of PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}")
    return folder


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("engine", ["docker", "podman"])
def test_the_engine_saves_it(engine: str, programs: Path, tmp_path: Path) -> None:
    archive = IMAGE.old(tmp_path / "image.tar")
    program(programs, engine, f'[ "$*" = "save shop:1" ] && exec /bin/cat {archive}')
    with built_image("shop:1", "linux/amd64") as built:
        assert built.tree.read("/app/a.py") == b"1"


def test_the_second_engine_may_have_it(programs: Path, tmp_path: Path) -> None:
    archive = IMAGE.old(tmp_path / "image.tar")
    program(programs, "docker", "echo no daemon >&2; exit 1")
    program(programs, "podman", f"exec /bin/cat {archive}")
    with built_image("shop:1", "linux/amd64") as built:
        assert built.tree.read("/app/a.py") == b"1"


def refused(name: str) -> tuple[str, str]:
    with pytest.raises(ParityError) as error, built_image(name, "linux/amd64"):
        pass
    return error.value.message, error.value.hint


def test_no_engine(programs: Path) -> None:
    message, hint = refused("shop:1")
    assert (
        message
        == "there is no file or folder shop:1, and neither docker nor podman to ask for an image of that name"
    )
    assert hint == "name what `docker save IMAGE -o image.tar` has written"


def test_an_engine_without_the_image(programs: Path) -> None:
    program(programs, "docker", "echo first >&2; echo 'No such image: shop:1' >&2; exit 1")
    assert (
        refused("shop:1")[0]
        == "shop:1 is neither a file nor an image that can be had: docker: No such image: shop:1"
    )


def test_an_engine_that_says_nothing(programs: Path) -> None:
    program(programs, "podman", "exit 3")
    assert refused("shop:1")[0].endswith("podman: it ended with status 3")


def test_an_option_is_no_name(programs: Path, tmp_path: Path) -> None:
    program(programs, "docker", f"touch {tmp_path}/ran")
    assert refused("--output=x")[0] == "there is no image --output=x"
    assert not (tmp_path / "ran").exists()
