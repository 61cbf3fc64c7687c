"""Whatever the bytes of a Dockerfile or an ignore file are, only ParityError is raised, soon, and in little memory."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.case import CASES
from tests.conftest import ROOT, ask
from tests.support.hostile import ALL, Nasty, asked

SECONDS, MEMORY = 40, 1 << 30
"""Processor time and address space for one part of the cases: far more than they take, far less than a hang."""
PARTS = 4


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.parametrize("part", range(PARTS))
def test_cases_are_answered(part: int) -> None:
    script = (
        "import sys; from tests.support.hostile import ALL, asked\n"
        "for name in sys.argv[1:]: print(name, flush=True); asked(ALL[name].tree())\n"
    )
    names = list(ALL)[part::PARTS]
    done = subprocess.run(
        [sys.executable, "-c", script, *names], cwd=ROOT, capture_output=True, text=True, preexec_fn=limit
    )
    assert done.returncode == 0, (done.stdout.splitlines()[-1:], done.stderr[-2000:])
    assert done.stdout.splitlines() == names


def files_of_cases(name: str) -> list[bytes]:
    texts = [case.files.get(name) for case in CASES]
    return [text.encode("utf8", "surrogateescape") for text in texts if isinstance(text, str)]


DOCKERFILES = files_of_cases("Dockerfile")
IGNORE_FILES = files_of_cases(".dockerignore")
PIECES = (
    *(b"<<E", b"\\\n", b"${", b"}", b"$A", b"**", b"[", b"]", b"!", b"'", b'"', b"\n", b"\r", b"\0", b"\xff"),
    *(
        b"--from=",
        b"--parents ",
        b"--exclude=",
        b"ONBUILD ",
        b"FROM x AS y\n",
        b"COPY ",
        b"RUN ",
        b"/./",
        b"../",
    ),
    *(b"#", b"=", b":-", b"$(", b"`", b"{a,b}", b"\xe2\x80\xa8", b" " * 40),
)


@st.composite
def changed(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    """A file of the fixtures after a few splices, repetitions, deletions and flips."""
    data = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(1, 6))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
        match draw(st.sampled_from(["splice", "repeat", "delete", "flip", "insert"])):
            case "splice":
                other = draw(st.sampled_from(originals))
                data = data[:start] + other[start:] + data[end:]
            case "repeat":
                data = data[:end] + data[start:end][:400] * draw(st.integers(1, 20)) + data[end:]
            case "delete":
                data = data[:start] + data[end:]
            case "flip":
                data = data[:start] + bytes(
                    byte ^ draw(st.integers(1, 255)) for byte in data[start : start + 1]
                )
                data += data[start + 1 :]
            case _:
                data = data[:start] + draw(st.sampled_from(PIECES)) + data[start:]
    return data


TREE = {"a": "x", "src/a.py": "import b", "src/b/__init__.py": "", "requirements.txt": "flask\n", "é/ü": ""}
FREELY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
dockerfiles = st.binary(max_size=200) | changed(DOCKERFILES)
ignore_files = st.binary(max_size=60) | changed(IGNORE_FILES)


@settings(FREELY, max_examples=120)
@given(dockerfiles, ignore_files)
def test_any_bytes(dockerfile: bytes, ignore: bytes) -> None:
    asked(Nasty(dockerfile, ignore, lambda: TREE).tree())


@settings(FREELY, max_examples=60)
@given(dockerfiles, ignore_files, st.binary(max_size=200), st.sampled_from(["check", "files", "fix"]))
def test_any_bytes_on_the_command_line(
    tmp_path_factory: pytest.TempPathFactory, dockerfile: bytes, ignore: bytes, source: bytes, command: str
) -> None:
    project = tmp_path_factory.mktemp("project")
    (project / "Dockerfile").write_bytes(dockerfile)
    (project / ".dockerignore").write_bytes(ignore)
    (project / "main.py").write_bytes(source)
    answer = ask(command, str(project))
    assert answer.status in (0, 1, 2)
    assert "Traceback" not in answer.err + answer.out
    assert "internal error" not in answer.err + answer.out
