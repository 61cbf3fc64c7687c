"""Configurations, baselines and options that are strange: an error with its place, or a word of what was not read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from parity.tree import toml
from tests.conftest import ask
from tests.support.reading import ask_soon, codes, failures, notes, repository

FOUND = {"Dockerfile": [], "bad/Dockerfile": ["PAR101"]}
IMAGE = '[[images]]\ndockerfile = "Dockerfile"\n'


def link_to(target: str) -> Callable[[Path], None]:
    return lambda place: place.symlink_to(target)


STRANGE: list[tuple[Callable[[Path], None], str]] = [
    (os.mkfifo, "cannot be read: it is a FIFO, not a file"),
    (Path.mkdir, "cannot be read: it is a folder, not a file"),
    (link_to("/dev/zero"), "cannot be read: it is a link that leads out of checkout"),
    (link_to("/etc/passwd"), "cannot be read: it is a link that leads out of checkout"),
    (lambda place: place.write_text("#" * (1 << 20) + "\n"), "is larger than 1 MB and was not read"),
]


@pytest.mark.parametrize(("make", "why"), STRANGE)
def test_a_parity_toml_that_cannot_be_read(tmp_path: Path, make: Callable[[Path], None], why: str) -> None:
    checkout = repository(tmp_path / "checkout")
    make(checkout / "parity.toml")
    answer = ask_soon("check", str(checkout))
    assert (answer.status, answer.err) == (2, f"error: parity.toml {why}\n")


@pytest.mark.parametrize(("make", "why"), STRANGE)
def test_a_pyproject_that_cannot_be_read_is_said(
    tmp_path: Path, make: Callable[[Path], None], why: str
) -> None:
    """Nothing says that it speaks to us."""
    checkout = repository(tmp_path / "checkout")
    make(checkout / "pyproject.toml")
    answer = ask_soon("check", str(checkout), "--format", "json")
    assert codes(answer) == FOUND
    assert notes(answer) == [f"pyproject.toml {why}; is [tool.parity] in it?"]


def test_a_link_within_the_repository_is_followed(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    checkout = repository(tmp_path / "services/api")
    (tmp_path / "parity.toml").write_text('exclude = ["bad"]\n')
    (checkout / "parity.toml").symlink_to("../../parity.toml")
    assert codes(ask("check", str(checkout), "--format", "json")) == {"Dockerfile": []}


@pytest.mark.parametrize("text", [b"x = '\xff'\n", b"[project\n", b"x = " + b"9" * 5000])
def test_the_broken_pyproject_of_others_is_passed_over(tmp_path: Path, text: bytes) -> None:
    assert (
        codes(ask("check", str(repository(tmp_path, **{"pyproject.toml": text})), "--format", "json"))
        == FOUND
    )


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b"[tool.parity]\nexclude = ['\xff']\n", "pyproject.toml:2: this is not UTF-8: byte 0xff"),
        (b"[tool]\nparity = 1\n", "pyproject.toml:2: parity is a table"),
        (
            b"[tool.parity]\nx = %s\n" % (b"9" * 5000),
            "pyproject.toml: this is not valid TOML: Exceeds the limit",
        ),
        (
            b"[tool.parity]\n%sa = 1\n" % (b"a." * 201),
            "pyproject.toml:2: this is not valid TOML: a key has more than",
        ),
    ],
)
def test_a_pyproject_that_speaks_to_us(tmp_path: Path, text: bytes, error: str) -> None:
    answer = ask_soon("check", str(repository(tmp_path, **{"pyproject.toml": text})))
    assert (answer.status, answer.err.startswith(f"error: {error}")) == (2, True), answer.err


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('\nexclude = ["!"]\n', "parity.toml:2: exclude: "),
        ('ignore = ["PAR101", "PAR998"]\n', "parity.toml:1: there is no rule PAR998"),
        ('\nselect = [""]\n', "parity.toml:2: there is no rule ''"),
        (f'{IMAGE}ignore = ["PAR998"]\n', "parity.toml:3: there is no rule PAR998"),
        (f'{IMAGE}entrypoint = "python \'x"\n', 'parity.toml:3: "python \'x" is not a command'),
        (f'{IMAGE}context = ""\n', "parity.toml:3: context is empty"),
        (f'{IMAGE}python = "3.99"\n', "parity.toml:3: '3.99' is not a version of Python 3"),
        (f'{IMAGE}[[images]]\ndockerfile = ""\n', "parity.toml:4: dockerfile is empty"),
        (f'{IMAGE}[[images]]\ntarget = "x"\n', "parity.toml:3: an image of [[images]] has no dockerfile"),
        ('python-environment = "nowhere"\n', "parity.toml:1: "),
        (f'python-environment = "{"x" * 300}"\n', "parity.toml:1: "),
        ('\nbaseline = "a\\u0000b"\n', "parity.toml:2: the baseline a\\x00b cannot be read: it is not there"),
        (f'baseline = "{"x" * 300}"\n', "parity.toml:1: the baseline xxx"),
        ("images = 1\n", "parity.toml:1: images are tables"),
        ('[bases]\n"x" = 1\n', "parity.toml:"),
    ],
)
def test_errors_of_the_configuration_name_its_line(tmp_path: Path, text: str, error: str) -> None:
    answer = ask_soon("check", str(repository(tmp_path, **{"parity.toml": text})))
    assert (answer.status, answer.err[: len(error) + 7]) == (2, f"error: {error}")
    assert "internal" not in answer.err


@pytest.mark.parametrize(
    ("key", "line", "why"),
    [
        ('dockerfile = "nope"', 4, "there is no Dockerfile nope"),
        ('dockerfile = "a\\u0000b"', 4, "there is no Dockerfile a\0b"),
        (f'dockerfile = "{"x" * 300}"', 4, f"there is no Dockerfile {'x' * 300}"),
        ('dockerfile = "../Dockerfile"', 4, "the Dockerfile ../Dockerfile is outside of PATH"),
        ('dockerfile = "main.py"\ncontext = "a\\u0000b"', 5, "there is no folder a\0b"),
        ('dockerfile = "main.py"\nbuild-contexts = {x = "nowhere"}', 5, "there is no folder nowhere"),
        ('dockerfile = "main.py"\n[images.build-contexts]\nx = "nowhere"', 5, "there is no folder nowhere"),
    ],
)
def test_an_image_of_the_configuration_that_is_not_there(
    tmp_path: Path, key: str, line: int, why: str
) -> None:
    """It is this image's trouble, and the hint can be followed where a configuration is."""
    (tmp_path / "Dockerfile").write_text("")
    text = f'{IMAGE}[[images]]\n{key}\n[[images]]\ndockerfile = "bad/Dockerfile"\n'
    checkout = repository(tmp_path / "checkout", **{"parity.toml": text})
    answer = ask_soon("check", str(checkout), "--format", "json")
    assert answer.status == 2
    assert codes(answer) == FOUND
    assert list(failures(answer).values()) == [why]
    assert f"error: parity.toml:{line}: " in answer.err
    assert "as PATH" not in answer.err


@pytest.mark.parametrize("option", [True, False])
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (os.mkfifo, "cannot be read: it is a FIFO, not a file"),
        (link_to("/dev/zero"), "cannot be read: it is a"),
        (
            lambda place: place.write_text('{"findings": [{"fingerprint": "x", "count": 1e400}]}'),
            "this is not a baseline",
        ),
        (
            lambda place: place.write_text('{"schema_version": 99, "findings": []}'),
            "a baseline of version 99",
        ),
        (lambda place: place.write_text(f'{{"findings": {"[" * 50_000}'), "this is not a baseline"),
        (lambda place: place.write_bytes(b"\n\xff"), "b.json:2: this is not UTF-8: byte 0xff"),
    ],
)
def test_a_baseline_that_is_none(
    tmp_path: Path, make: Callable[[Path], None], why: str, option: bool
) -> None:
    checkout = repository(tmp_path / "checkout")
    make(checkout / "b.json")
    if not option:
        (checkout / "parity.toml").write_text('baseline = "b.json"\n')
    answer = ask_soon("check", ".", *(("--baseline", "b.json") if option else ()), cwd=checkout)
    assert answer.status == 2
    assert why in answer.err
    assert "parity check --write-baseline b.json writes it" in answer.err or "UTF-8" in answer.err


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--entrypoint", 'python "$(x'), "--entrypoint 'python \"$(x' is not a command"),
        (("-f", ""), "-f is empty"),
        (("--context", ""), "--context is empty"),
        (("--python", "3.99"), "--python '3.99' is not a version of Python 3"),
        (("--select", ""), "--select names no rule"),
        (("--ignore", " ,"), "--ignore names no rule"),
        (("--config", ""), ". cannot be read: it is a folder, not a file"),
    ],
)
def test_options_that_say_nothing(project: Path, options: tuple[str, str], error: str) -> None:
    answer = ask("check", str(project), *options)
    assert (answer.status, answer.err[: len(error) + 7]) == (2, f"error: {error}")


def test_an_entrypoint_that_only_a_shell_reads(project: Path) -> None:
    answer = ask("check", str(project), "--entrypoint", 'python main.py $(echo "it\'s")')
    assert answer.status == 0


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (("rule", ""), "there is no rule ''"),
        (("rule", "PAR3"), "there is no rule PAR3"),
        (("why", ""), "NAME is empty"),
    ],
)
def test_commands_that_are_asked_nothing(command: tuple[str, str], error: str) -> None:
    answer = ask(*command)
    assert (answer.status, answer.err[: len(error) + 7]) == (2, f"error: {error}")


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 201 + " = 1",
        "[" + "a." * 201 + "a]",
        "x = {" + '"a".' * 201 + "a = 1}",
        "x = " + "9" * 5000,
        "x = " + "[" * 5000,
    ],
)
def test_toml_within_bounds(text: str) -> None:
    with pytest.raises(toml.NotTomlError):
        toml.parsed(text)
    assert toml.tables_of(text) is None


@pytest.mark.parametrize(
    "text", ["a" + ".a" * 199 + " = 1", f"x = '{'a.' * 5000}'", f"# {'. ' * 100}{'.' * 500}"]
)
def test_toml_that_people_write(text: str) -> None:
    assert toml.tables_of(text) is not None
