"""The files and the configuration of every conformance case are those that a real engine made."""

from __future__ import annotations

import pytest

from parity.build.evaluate import build
from parity.build.image import Image
from parity.build.run import ShellRun
from parity.context.build_context import BuildContext, ignore_file_for
from parity.dockerfile.parse import parse
from parity.model.errors import ParityError
from parity.model.location import Unknown
from parity.tree.base import Entry, FileKind, clean, join
from tests.conformance.case import CASES, Case

ALL = {case.name: case for case in CASES}


def image_of(case: Case) -> Image:
    tree = case.tree()
    path = clean(case.dockerfile)
    data = tree.read(path)
    assert isinstance(data, bytes)
    return build(
        parse(data, case.dockerfile),
        context=BuildContext(tree, case.context, ignore_file_for(tree, path, case.context)),
        target=case.one("target"),
        build_args=case.build_args,
        run=ShellRun(),
        checkout=tree,
    )


def described(entry: Entry) -> tuple[str, str | None]:
    return entry.kind.value, entry.target if entry.kind is FileKind.SYMLINK else None


BUILT = {name: case for name, case in ALL.items() if "files" in case.truth}
IN_PART = {name for name, case in BUILT.items() if case.one("unknown")}


@pytest.mark.parametrize("name", sorted(IN_PART))
def test_what_the_engine_has_besides_is_said_to_be_unknown(name: str) -> None:
    image = image_of(BUILT[name])
    have, truth = dict(image.tree.listing()), {file["path"] for file in BUILT[name].truth["files"]}
    assert have.keys() <= truth
    assert image.unknowns
    assert [path for path in truth - have.keys() if not isinstance(image.tree.lookup(path), Unknown)] == []


@pytest.mark.parametrize("name", sorted(BUILT.keys() - IN_PART))
def test_the_files_are_those_of_the_engine(name: str) -> None:
    case = ALL[name]
    image = image_of(case)
    assert image.missing_sources == ()
    have = dict(image.tree.listing())
    assert {path: described(entry) for path, entry in have.items()} == {
        file["path"]: (file["type"], file.get("target")) for file in case.truth["files"]
    }
    for file in case.truth["files"]:
        sources = [join(case.context, source) for source in file.get("sources", ())]
        if sources and have[file["path"]].altered is None:
            assert have[file["path"]].source in (*sources, None)
            assert image.tree.read(file["path"]) == case.tree().read(sources[0])


@pytest.mark.parametrize("name", [name for name, case in ALL.items() if "config" in case.truth])
def test_the_configuration_is_that_of_the_engine(name: str) -> None:
    config, truth = image_of(ALL[name]).config, ALL[name].truth["config"]
    assert config.written_directory == truth["workdir"]
    assert config.user == truth["user"]
    assert list(config.entrypoint or ()) == (truth["entrypoint"] or [])
    assert list(config.cmd or ()) == (truth["cmd"] or [])
    own = {name: value for name, value in config.environment.items() if name not in ("PATH", "LANG")}
    assert own == {name: value for name, value in truth["env"].items() if name not in ("PATH", "LANG")}


@pytest.mark.parametrize("name", [name for name, case in ALL.items() if "build_error" in case.truth])
def test_what_the_engine_refuses_is_refused(name: str) -> None:
    case = ALL[name]
    try:
        image = image_of(case)
    except ParityError:
        return
    assert [
        missing.path for missing in image.missing_sources if f'"{missing.path}"' in case.truth["build_error"]
    ]
