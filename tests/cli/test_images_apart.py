"""One image's trouble is its own: whatever is wrong with it, the others are checked and reported, status 2."""

from __future__ import annotations

import html
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ask
from tests.support.reading import DOCKERFILE, ask_soon, codes, failures, notes, report, repository

FOUND = ["PAR101"]


def make_fifo(place: Path) -> None:
    os.mkfifo(place)


def make_socket(place: Path) -> None:
    here = Path.cwd()
    os.chdir(place.parent)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(place.name)
    os.chdir(here)


def link_to(target: str) -> Callable[[Path], None]:
    return lambda place: place.symlink_to(target)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (link_to("nowhere"), "the Dockerfile sub/Dockerfile is a link that leads nowhere"),
        (link_to("Dockerfile"), "the Dockerfile sub/Dockerfile is a link that leads nowhere"),
        (link_to("/etc/passwd"), "the Dockerfile sub/Dockerfile is outside of PATH"),
        (link_to("/dev/zero"), "the Dockerfile sub/Dockerfile is outside of PATH"),
        (make_fifo, "cannot be read: it is a FIFO, not a file"),
        (make_socket, "cannot be read: it is a socket, not a file"),
        (lambda place: place.write_bytes(b"\xff\xfe"), "unknown instruction: ??"),
    ],
)
def test_a_dockerfile_that_cannot_be_read(tmp_path: Path, make: Callable[[Path], None], message: str) -> None:
    repository(tmp_path)
    (tmp_path / "sub").mkdir()
    make(tmp_path / "sub/Dockerfile")
    answer = ask_soon("check", str(tmp_path), "--format", "json")
    assert answer.status == 2
    assert codes(answer) == {"Dockerfile": [], "bad/Dockerfile": FOUND}
    if "??" not in message:
        assert failures(answer) == {"sub/Dockerfile": message}
    assert list(failures(answer)) == ["sub/Dockerfile"]


def test_a_sparse_dockerfile_is_not_read(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / "sub").mkdir()
    with (tmp_path / "sub/Dockerfile").open("wb") as stream:
        stream.truncate(10 << 30)
    answer = ask_soon("check", str(tmp_path), "--format", "json")
    assert failures(answer) == {"sub/Dockerfile": "is larger than 32 MB and was not read"}
    assert codes(answer) == {"Dockerfile": [], "bad/Dockerfile": FOUND}


LONG = "a" * 300


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sub/Dockerfile", f"FROM python:3.11-slim\nCOPY {LONG} /x\n"),
        ("sub/Dockerfile", "FROM python:3.11-slim\nADD https://[::1 /x\n"),
        ("sub/Dockerfile", 'FROM python:3.11-slim\nCMD ["python", "\\ud800"]\n'),
        ("sub/Dockerfile", "FROM python:3.11-slim\nWORKDIR /a\0b\n"),
        ("sub/main.py", 'import importlib\nimportlib.import_module("\\ud800")\n'),
        ("sub/main.py", 'open("\\ud800/x")\nimport os\nos.listdir("\\udfff")\n__import__("a\\0b")\n'),
        ("sub/package.json", '{"scripts": {"start": "python \\ud800"}}'),
        ("sub/pyproject.toml", f"x = {'9' * 5000}\n"),
        ("sub/pyproject.toml", f"{'a.' * 20000}a = 1\n"),
        ("pyproject.toml", f"x = {'9' * 5000}\n"),
        ("pyproject.toml", f"{'a.' * 20000}a = 1\n"),
        ("pyproject.toml", f"[{'a.' * 20000}a]\n"),
        ("pyproject.toml", f"x = {'[' * 20000}\n"),
    ],
)
def test_an_input_that_is_strange(tmp_path: Path, name: str, text: str) -> None:
    """Each of them once ended the whole run: `internal error`, or all of the memory."""
    started = (
        DOCKERFILE.replace('["python", "main.py"]', '["npm", "start"]') if "package" in name else DOCKERFILE
    )
    repository(tmp_path, **{"sub/Dockerfile": started, "sub/main.py": "", name: text})
    answer = ask_soon("check", str(tmp_path), "--format", "json")
    assert codes(answer)["bad/Dockerfile"] == FOUND
    assert "internal error" not in answer.out + answer.err


def test_a_start_that_is_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    repository(tmp_path, sub__Dockerfile=DOCKERFILE, sub__main="")
    for name in ("sub/main.py", "module.py"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "package").mkdir()
    os.mkfifo(tmp_path / "package/__init__.py")
    (tmp_path / "linked.py").symlink_to("module.py")
    (tmp_path / "main.py").write_text("import module\nimport linked\nimport package\n")
    answer = ask_soon("check", str(tmp_path), "--format", "json")
    assert codes(answer) == {"Dockerfile": [], "bad/Dockerfile": FOUND, "sub/Dockerfile": []}
    unknowns = {image["dockerfile"]: image["unknowns"] for image in report(answer)["images"]}
    assert any("it is a FIFO" in unknown["reason"] for unknown in unknowns["sub/Dockerfile"])
    assert any("it is a FIFO" in unknown["reason"] for unknown in unknowns["Dockerfile"])


def test_a_fault_of_ours_is_one_images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from parity import one_image

    examine = one_image.examine

    def faulty(*arguments: object, **options: object) -> object:
        if arguments[2] == "Dockerfile":
            raise LookupError("what nobody foresaw")
        return examine(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(one_image, "examine", faulty)
    answer = ask("check", str(repository(tmp_path)), "--format", "json")
    assert answer.status == 2
    assert codes(answer) == {"bad/Dockerfile": FOUND}
    message = failures(answer)["Dockerfile"]
    assert message.startswith("internal error (LookupError: what nobody foresaw at ")
    assert message.endswith("), please report it")
    assert "send this line, the output of parity --version, and the Dockerfile" in answer.err


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="there is no setpriv")
@pytest.mark.parametrize(
    ("name", "mode", "failure"),
    [
        ("sub/Dockerfile", 0, "cannot be read: Permission denied"),
        ("sub", 0o444, "there is no Dockerfile sub/Dockerfile"),
    ],
)
def test_a_dockerfile_that_may_not_be_read(tmp_path: Path, name: str, mode: int, failure: str) -> None:
    repository(tmp_path, sub__Dockerfile=DOCKERFILE)
    (tmp_path / name).chmod(mode)
    answer = ask_soon("check", str(tmp_path), "--format", "json", unprivileged=True)
    (tmp_path / name).chmod(0o755)
    assert answer.status == 2
    assert codes(answer) == {"Dockerfile": [], "bad/Dockerfile": FOUND}
    assert failures(answer) == {"sub/Dockerfile": failure}


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="there is no setpriv")
@pytest.mark.parametrize("name", ["text", "json", "sarif", "github", "gitlab", "junit", "markdown", "html"])
def test_a_folder_that_may_not_be_listed_is_said_in_every_format(tmp_path: Path, name: str) -> None:
    repository(tmp_path)
    (tmp_path / "bad").chmod(0)
    answer = ask_soon("check", str(tmp_path), "--format", name, unprivileged=True)
    quiet = ask_soon("check", str(tmp_path), "--quiet", unprivileged=True)
    (tmp_path / "bad").chmod(0o755)
    assert "bad cannot be listed: Permission denied; no Dockerfile was looked for in it" in html.unescape(
        answer.out
    )
    assert quiet.err == "note: bad cannot be listed: Permission denied; no Dockerfile was looked for in it\n"
    assert (answer.status, quiet.status) == (0, 0)


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="there is no setpriv")
def test_path_that_may_not_be_listed(tmp_path: Path) -> None:
    repository(tmp_path)
    tmp_path.chmod(0o111)
    answer = ask_soon("check", cwd=tmp_path, unprivileged=True)
    tmp_path.chmod(0o755)
    assert (answer.status, answer.err) == (2, "error: PATH cannot be listed: Permission denied\n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("services: [\n", "compose.yaml: is not valid YAML; its services are not known"),
        (
            f"x: {'a' * 300_000}\n",
            "compose.yaml: is larger than 200 KB and was not read; its services are not known",
        ),
    ],
)
def test_a_compose_file_that_cannot_be_read_is_said(tmp_path: Path, text: str, why: str) -> None:
    answer = ask("check", str(repository(tmp_path, **{"compose.yaml": text})), "--format", "json")
    assert notes(answer) == [why]
    assert codes(answer) == {"Dockerfile": [], "bad/Dockerfile": FOUND}


@pytest.mark.parametrize(
    ("name", "make", "why"),
    [
        ("compose.yaml", make_fifo, "cannot be read: it is a FIFO, not a file; its services are not known"),
        (
            ".github/workflows/ci.yml",
            lambda place: place.write_text("jobs: [\n"),
            "is not valid YAML; its builds are not known",
        ),
        (
            "docker-bake.hcl",
            lambda place: place.write_text("#" * 300_000),
            "is larger than 200 KB and was not read; its services are not known",
        ),
        ("fly.toml", make_fifo, "cannot be read: it is a FIFO, not a file; its services are not known"),
    ],
)
def test_what_says_how_images_are_built_and_cannot_be_read(
    tmp_path: Path, name: str, make: Callable[[Path], object], why: str
) -> None:
    (repository(tmp_path) / name).parent.mkdir(parents=True, exist_ok=True)
    make(tmp_path / name)
    answer = ask_soon("check", str(tmp_path), "--format", "json")
    assert notes(answer) == [f"{name}: {why}"]
    assert codes(answer) == {"Dockerfile": [], "bad/Dockerfile": FOUND}


def test_notes_are_told_as_they_are_seen_from_path(tmp_path: Path) -> None:
    """What lies above PATH counts where the configuration does."""
    repository(tmp_path / "sub", **{"bad/compose.yaml": "services: [\n"})
    (tmp_path / ".git").mkdir()
    (tmp_path / "parity.toml").write_text("")
    (tmp_path / "compose.yaml").write_text("services: [\n")
    why = "is not valid YAML; its services are not known"
    answer = ask("check", str(tmp_path / "sub"), "--format", "json")
    assert notes(answer) == [f"../compose.yaml: {why}", f"bad/compose.yaml: {why}"]


def test_more_images_than_are_looked_at_is_an_answer_not_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from parity.config import discover

    monkeypatch.setattr(discover, "MOST_IMAGES", 1)
    answer = ask("check", str(repository(tmp_path)), "--format", "json")
    assert (answer.status, codes(answer)) == (2, {"Dockerfile": []})
    assert failures(answer) == {
        "bad/Dockerfile": "there are more than 1 images: from here on none was checked"
    }


def test_a_path_that_git_ignores_is_looked_at(tmp_path: Path) -> None:
    """The folders above know nothing better of a Dockerfile that copies what is nowhere."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("out/\n")
    repository(tmp_path / "out", Dockerfile=DOCKERFILE.replace("COPY", "COPY gone"))
    assert "Dockerfile" in codes(ask("check", str(tmp_path / "out"), "--format", "json"))


def test_files_do_not_hide_folders(tmp_path: Path) -> None:
    """20,000 files once hid the images of the folders behind them."""
    repository(tmp_path)
    (tmp_path / "aaa").mkdir()
    for number in range(20_001):
        (tmp_path / f"aaa/{number}").touch()
    assert codes(ask("check", str(tmp_path), "--format", "json"))["bad/Dockerfile"] == FOUND


def test_a_dockerfile_may_lie_deep(tmp_path: Path) -> None:
    deep = repository(tmp_path / "a/b/c/d/e/f/g/h")
    assert list(codes(ask("check", str(tmp_path), "--format", "json"))) == [
        (deep / name).relative_to(tmp_path).as_posix() for name in ("Dockerfile", "bad/Dockerfile")
    ]


def test_more_folders_than_are_looked_at_is_an_answer_not_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from parity.config import discover
    from parity.deployments import search

    for module in (discover, search):
        monkeypatch.setattr(module, "MOST_FOLDERS", 3)
    for name in ("a", "b", "c"):
        (repository(tmp_path) / name).mkdir()
    answer = ask("check", str(tmp_path), "--format", "json")
    assert answer.status == 2
    assert codes(answer) == {"Dockerfile": []}
    assert failures(answer) == {
        "bad": "there are more than 3 folders: from here on no Dockerfile was looked for"
    }
