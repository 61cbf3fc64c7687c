"""`bash run.sh` where the working directory has no such script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ask


@pytest.mark.parametrize(
    ("folder", "command", "files", "expected"),
    [
        ("/srv", '["bash", "run.sh"]', ("run.sh",), [("certain", "it is in the image at /app/run.sh")]),
        ("/srv", '["sh", "./run.sh"]', ("run.sh",), [("certain", "it is in the image at /app/run.sh")]),
        ("/app", '["bash", "bin/run.sh"]', ("run.sh",), [("certain", "no instruction copies bin/run.sh")]),
        ("/app", '["bash", "run.sh"]', ("run.sh",), []),
        ("/srv", '["bash", "/app/run.sh"]', ("run.sh",), []),
        ("/srv", '["bash", "-c", "run.sh"]', ("run.sh",), []),
        ("/srv", '["bash"]', (), []),
        (
            "/srv",
            '["tini", "--", "bash", "run.sh"]',
            ("run.sh",),
            [("certain", "it is in the image at /app/run.sh")],
        ),
        ("/app", '["tini", "--", "bash", "run.sh"]', ("run.sh",), []),
    ],
)
def test_a_script_that_the_shell_does_not_find(
    tmp_path: Path, folder: str, command: str, files: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    for name in files:
        (tmp_path / name).write_text("exec python main.py\n")
    (tmp_path / "main.py").write_text("")
    (tmp_path / "Dockerfile").write_text(
        f"FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nWORKDIR {folder}\nENTRYPOINT {command}\n"
    )
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert [
        (one["confidence"], one["cause"]["detail"])
        for one in image["findings"]
        if one["code"] == "PAR602" and "run.sh" in one["message"]
    ] == expected


def test_a_script_whose_working_directory_is_one_of_the_base_image(tmp_path: Path) -> None:
    """Nobody knows what a base image has in /etc; it has no script of the project."""
    lines = ["FROM python:3.13-alpine", "WORKDIR /etc/shop", "COPY shop shop", 'CMD ["./bootstrap.sh"]\n']
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/__init__.py").write_text("")
    (tmp_path / "bootstrap.sh").write_text("#!/bin/sh\nexec python -m shop\n")
    (tmp_path / "Dockerfile").write_text("\n".join(lines))
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    found = [one for one in image["findings"] if one["severity"] == "error"]
    assert [(one["code"], one["confidence"]) for one in found] == [("PAR602", "likely")]


@pytest.mark.parametrize(
    ("base", "steps", "expected"),
    [
        ("debian:bookworm-slim", "", ["certain"]),
        ("alpine:3.20", "", ["certain"]),
        ("debian:bookworm-slim", "RUN apt-get update && apt-get install -y python3\n", []),
        ("python:3.12-slim", "", []),
        ("registry.example.com/base", "", []),
    ],
)
def test_an_image_without_python(tmp_path: Path, base: str, steps: str, expected: list[str]) -> None:
    (tmp_path / "main.py").write_text("")
    (tmp_path / "Dockerfile").write_text(f'FROM {base}\n{steps}COPY main.py .\nCMD ["python3", "main.py"]\n')
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert [one["confidence"] for one in image["findings"] if one["code"] == "PAR602"] == expected
