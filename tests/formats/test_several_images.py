"""Several images in one text: each finding once, the images by their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ask

PYTHON = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'
OTHER = 'FROM nginx:1.27\nCOPY . /usr/share/nginx/html\nCMD ["nginx"]\n'


def services(folder: Path, names: tuple[str, ...], **files: str) -> Path:
    """A service of one Dockerfile for each name, each with a command of its own, and a check that it works."""
    health = "healthcheck: {test: 'true'}"
    (folder / "compose.yaml").write_text(
        "services:\n"
        + "".join(f"  {name}: {{build: ., command: python main.py {name}, {health}}}\n" for name in names)
    )
    for name, text in {"Dockerfile": PYTHON, "main.py": "import json\n", **files}.items():
        (folder / name).write_text(text)
    return folder


def lines(*arguments: str) -> list[str]:
    return ask("check", *arguments).out.splitlines()


def test_eighteen_images_with_nothing_to_say_fit_on_three_lines(tmp_path: Path) -> None:
    services(tmp_path, tuple(f"worker{number}" for number in range(12)))
    for number in range(6):
        (tmp_path / f"web{number}").mkdir()
        (tmp_path / f"web{number}/Dockerfile").write_text(OTHER)
    found, bare, counted = lines(str(tmp_path))
    assert found.startswith("ok in 12 images, all imports found: worker0, worker1, ")
    assert found.endswith(" and 5 more")
    assert bare.startswith("no Python start command in 6 images: web0/Dockerfile, web1/Dockerfile, ")
    assert counted.startswith("6 not checked in 18 images, 12 modules in ")


def test_the_finding_of_several_images_is_shown_once(tmp_path: Path) -> None:
    services(tmp_path, ("api", "worker", "beat"), **{"main.py": "import gone\n"})
    out = ask("check", str(tmp_path)).out
    assert out.count("error PAR104") == 1
    assert "  = in 3 images: api, worker, beat\n" in out
    assert "\n1 error in 3 images, " in out
    assert ask("check", str(tmp_path), "--verbose").out.count("error PAR104") == 3


def test_equal_images_are_one_with_several_names(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services:\n  api: {build: .}\n  copy: {build: .}\n")
    (tmp_path / "Dockerfile").write_text(PYTHON)
    (tmp_path / "main.py").write_text("")
    assert lines(str(tmp_path))[:2] == [
        "Dockerfile  python main.py  (python 3.12, /app)",
        "  as compose.yaml: api, compose.yaml: copy",
    ]


def test_infos_are_counted_until_they_are_asked_for(tmp_path: Path) -> None:
    services(
        tmp_path, ("api", "worker"), **{"main.py": "import a\n", "a.py": "import b\n", "b.py": "import a\n"}
    )
    (tmp_path / ".dockerignore").write_text("")
    found, counted = lines(str(tmp_path))
    assert found == "ok in 2 images, all imports found: api, worker"
    assert counted.startswith("1 info (--verbose) in 2 images, ")
    for option in (("--verbose",), ("--fail-on", "info")):
        assert "info PAR303 circular-import: 2 modules import each other: a, b" in "\n".join(
            lines(str(tmp_path), *option)
        )


def test_what_was_not_checked_is_one_line_the_costliest_step_first(tmp_path: Path) -> None:
    services(tmp_path, ("api", "worker"), **{"main.py": "from shop import built, made\n"})
    (tmp_path / "Dockerfile").write_text(PYTHON.replace("CMD", "RUN make all\nCMD"))
    (tmp_path / "Dockerfile.job").write_text(
        PYTHON.replace("CMD", "RUN make job\nCMD").replace("main.py", "job.py")
    )
    (tmp_path / "job.py").write_text("from shop import job\n")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/__init__.py").write_text("")
    told = [line for line in lines(str(tmp_path)) if line.startswith("not checked")]
    assert told == [
        "not checked whether shop.built and shop.made are there: "
        "what make does to the files is not known (Dockerfile:4); and 1 step more (--verbose)",
        "not checked in 2 images, 2 modules of the project may be missing: api, worker",
        "not checked in 1 image, 1 module of the project may be missing: Dockerfile.job",
    ]


def test_a_command_that_is_not_recognised_is_shown_where_there_is_a_python(tmp_path: Path) -> None:
    services(tmp_path, ("api",))
    (tmp_path / "Dockerfile.job").write_text(PYTHON.replace('"python", "main.py"', '"shop-runner", "--all"'))
    assert lines(str(tmp_path))[0] == (
        "not checked Dockerfile.job: no Python program is recognised in: shop-runner --all (Dockerfile.job:4:1); "
        "name another command with --entrypoint"
    )


@pytest.mark.parametrize(("options", "codes"), [((), ["PAR104"]), (("--verbose",), ["PAR104", "PAR303"])])
def test_concise_is_a_line_for_each_finding(
    tmp_path: Path, options: tuple[str, ...], codes: list[str]
) -> None:
    services(
        tmp_path,
        ("api", "worker"),
        **{"main.py": "import a\nimport gone\n", "a.py": "import b\n", "b.py": "import a\n"},
    )
    told = lines(str(tmp_path), "--format", "concise", *options)
    assert told[0] == "main.py:2:1: PAR104 gone is neither in the checkout nor in the image"
    assert [line.split()[1] for line in told] == codes


def test_statistics_count_what_each_rule_finds(tmp_path: Path) -> None:
    services(
        tmp_path,
        ("api", "worker"),
        **{"main.py": "import a\nimport gone\nimport lost\n", "a.py": "import b\n", "b.py": "import a\n"},
    )
    answer = ask("check", str(tmp_path), "--statistics")
    assert (answer.status, ask("check", str(tmp_path), "--statistics", "--exit-zero").status) == (1, 0)
    *rows, counted = answer.out.splitlines()
    assert rows == ["    2  error    PAR104 unresolved-module", "    1  info     PAR303 circular-import"]
    assert counted.startswith("2 errors, 1 info in 2 images, ")
    refused = ask("check", str(tmp_path), "--statistics", "--format", "json")
    assert (refused.status, refused.err.partition("\n")[0]) == (
        2,
        "error: --statistics is text, and --format json is not",
    )
