"""`check --compare A B`: what differs between two images, and what makes it so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ask

START = 'CMD ["python", "-m", "shop"]\n'


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


SHOP = {"shop/__init__.py": "", "shop/__main__.py": "import shop.lib\n", "shop/lib.py": ""}


def compared(folder: Path, first: str, second: str) -> Any:
    """The two images as JSON tells of them; their Dockerfiles are `Dockerfile.a` and `Dockerfile.b`."""
    written(folder, {**SHOP, "Dockerfile.a": first + START, "Dockerfile.b": second + START})
    return json.loads(
        ask("check", str(folder), "--compare", "Dockerfile.a", "Dockerfile.b", "--format", "json").out
    )


def differences(folder: Path, first: str, second: str) -> list[tuple[str, str, str | None, str | None]]:
    return [
        (one["aspect"], one["name"], *(fact["value"] for fact in one["values"]))
        for one in compared(folder, first, second)["differences"]
        if (one["aspect"], one["name"]) != ("setup", "command")
    ]


BASE = "FROM python:3.12-slim\nWORKDIR /app\n"


def test_images_that_are_alike(tmp_path: Path) -> None:
    assert differences(tmp_path, BASE + "COPY . .\n", BASE + "COPY shop shop\n") == []


def test_the_set_up(tmp_path: Path) -> None:
    other = "FROM python:3.11-slim\nWORKDIR /srv\nCOPY . .\nUSER app\n"
    assert differences(tmp_path, BASE + "COPY . .\n", other) == [
        ("setup", "base image", "python:3.12-slim", "python:3.11-slim"),
        ("setup", "Python", "3.12", "3.11"),
        ("setup", "working directory", "/app", "/srv"),
        ("setup", "user", "root", "app"),
        ("files", "shop/__init__.py", "/app/shop/__init__.py", "/srv/shop/__init__.py"),
        ("files", "shop/__main__.py", "/app/shop/__main__.py", "/srv/shop/__main__.py"),
        ("files", "shop/lib.py", "/app/shop/lib.py", "/srv/shop/lib.py"),
    ]


def test_variables_and_where_they_are_set(tmp_path: Path) -> None:
    first = BASE + "ENV A=1 API_TOKEN=abc SAME=x\nCOPY . .\n"
    second = BASE + "COPY . .\nENV B=2 API_TOKEN=def SAME=x\n"
    answer = compared(tmp_path, first, second)["differences"]
    told = {one["name"]: one["values"] for one in answer if one["aspect"] == "environment"}
    assert [[fact["value"] for fact in values] for values in told.values()] == [
        ["1", None],
        ["(not shown)", "(not shown)"],
        [None, "2"],
    ]
    assert list(told) == ["A", "API_TOKEN", "B"]
    assert told["A"][0]["location"]["line"] == 3
    assert told["B"][1]["location"]["line"] == 4


def test_packages_and_what_installs_them(tmp_path: Path) -> None:
    first = BASE + "RUN pip install flask==3.0 redis==5.0\nCOPY . .\n"
    second = BASE + "RUN pip install flask==2.0\nCOPY . .\n"
    answer = compared(tmp_path, first, second)["differences"]
    told = {one["name"]: one["values"] for one in answer if one["aspect"] == "packages"}
    assert [fact["value"] for fact in told["flask"]] == ["3.0", "2.0"]
    here, gone = told["redis"]
    assert (here["value"], here["location"]["line"]) == ("5.0", 3)
    assert (gone["value"], gone["cause"]["kind"], gone["cause"]["location"]["line"]) == (
        *(None, "not-installed"),
        3,
    )


def test_a_package_that_a_group_leaves_out_says_so(tmp_path: Path) -> None:
    declared = (
        '[tool.poetry]\nname = "shop"\nversion = "1"\n[tool.poetry.group.dev.dependencies]\nredis = "*"\n'
    )
    written(tmp_path, {"pyproject.toml": declared})
    install = "COPY . .\nRUN pip install poetry && poetry config virtualenvs.create false && poetry install"
    answer = compared(tmp_path, f"{BASE}{install}\n", f"{BASE}{install} --only main\n")["differences"]
    ((here, gone),) = [one["values"] for one in answer if one["name"] == "redis"]
    assert here["value"] == "any version"
    assert (gone["cause"]["detail"], gone["cause"]["location"]["line"]) == ("only in dev", 4)


def test_a_file_that_one_lacks_and_what_fails_there(tmp_path: Path) -> None:
    answer = compared(tmp_path, BASE + "COPY . .\n", BASE + "COPY . .\nRUN rm shop/lib.py\n")
    first, second = answer["images"]
    assert (first["verdict"], first["only_here"]) == ("ok", [])
    assert (second["verdict"], [one["code"] for one in second["only_here"]]) == ("fails", ["PAR101"])
    (lib,) = [one["values"] for one in answer["differences"] if one["aspect"] == "files"]
    assert lib[0]["value"] == "/app/shop/lib.py"
    assert (lib[1]["cause"]["kind"], lib[1]["cause"]["location"]["line"]) == ("removed", 4)


def test_a_file_with_another_content(tmp_path: Path) -> None:
    second = BASE + "COPY . .\nRUN echo 'X = 1' > shop/lib.py\n"
    assert differences(tmp_path, BASE + "COPY . .\n", second) == [
        ("files", "shop/lib.py", "/app/shop/lib.py", "its content differs")
    ]


def test_a_file_that_the_other_has_and_does_not_reach(tmp_path: Path) -> None:
    written(tmp_path, {"shop/idle.py": ""})
    written(tmp_path, {**SHOP, "Dockerfile": BASE + "COPY . .\n" + START})
    written(
        tmp_path,
        {
            "compose.yaml": "services:\n  web: {build: .}\n  idle: {build: ., command: python -m shop.idle}\n"
            "  other: {build: ., command: python -m shop.idle, environment: {A: b}}\n"
        },
    )
    answer = json.loads(ask("check", str(tmp_path), "--compare", "web", "idle", "--format", "json").out)
    told = {one["name"]: [fact["value"] for fact in one["values"]] for one in answer["differences"]}
    assert told["shop/idle.py"] == ["in the image, not reached", "/app/shop/idle.py"]
    assert told["shop/lib.py"] == ["/app/shop/lib.py", "in the image, not reached"]


class TestStatus:
    @pytest.mark.parametrize(("second", "status"), [("COPY . .\n", 0), ("COPY shop/__main__.py shop/\n", 1)])
    def test_it_is_1_where_one_alone_fails(self, second: str, status: int, tmp_path: Path) -> None:
        written(tmp_path, {**SHOP, "Dockerfile.a": BASE + "COPY . .\n" + START})
        written(tmp_path, {"Dockerfile.b": BASE + second + START})
        words = ("check", str(tmp_path), "--compare", "Dockerfile.a", "Dockerfile.b")
        assert ask(*words).status == status
        assert ask(*words, "--exit-zero").status == 0

    def test_an_image_that_nobody_knows(self, tmp_path: Path) -> None:
        written(tmp_path, {**SHOP, "Dockerfile": BASE + "COPY . .\n" + START})
        answer = ask("check", str(tmp_path), "--compare", "Dockerfile", "Dockerfil")
        assert answer.err == "error: there is no image Dockerfil\n  did you mean Dockerfile?\n"
        assert answer.status == 2

    def test_a_name_of_several_images(self, tmp_path: Path) -> None:
        written(tmp_path, {**SHOP, "Dockerfile": BASE + "COPY . .\n" + START})
        written(
            tmp_path,
            {
                "compose.yaml": "services:\n  a: {build: ., command: python -m shop}\n"
                "  b: {build: ., command: python -m shop.lib}\n"
            },
        )
        answer = ask("check", str(tmp_path), "--compare", "Dockerfile", "a")
        assert answer.err == (
            "error: Dockerfile is 2 images\n  name one of them: compose.yaml: a, compose.yaml: b\n"
        )

    def test_a_format_that_cannot_tell_it(self, tmp_path: Path) -> None:
        written(tmp_path, {**SHOP, "Dockerfile": BASE + "COPY . .\n" + START})
        answer = ask("check", str(tmp_path), "--compare", "Dockerfile", "Dockerfile", "--format", "sarif")
        assert answer.err.startswith("error: --compare answers as text or json, not as sarif\n")
        assert answer.status == 2


def test_the_text_of_images_that_are_alike(tmp_path: Path) -> None:
    written(tmp_path, {**SHOP, "Dockerfile": BASE + "COPY . .\n" + START})
    assert ask("check", str(tmp_path), "--compare", "Dockerfile", "Dockerfile").out == (
        "A  Dockerfile starts\nB  Dockerfile starts\n\nnothing differs\n"
    )
