"""Which settings of an image are not what the Dockerfile says now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from parity import pipeline
from parity.config.asked import Asked
from parity.config.discover import discover
from tests.support.archives import Saved

PATH = "/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
DOCKERFILE = """FROM python:3.12-slim
ENV MODE=fast
WORKDIR /app
COPY a.py .
USER app
ENTRYPOINT ["python"]
CMD ["a.py"]
"""
CONFIG: dict[str, Any] = {
    "Env": [f"PATH={PATH}", "LANG=C.UTF-8", "PYTHON_VERSION=3.12.1", "MODE=fast"],
    "WorkingDir": "/app",
    "User": "app",
    "Entrypoint": ["python"],
    "Cmd": ["a.py"],
}
STEPS = ("RUN make base", "WORKDIR /app", "COPY a.py .")


def told(
    folder: Path, dockerfile: str = DOCKERFILE, steps: tuple[str, ...] = STEPS, **config: Any
) -> list[str]:
    (folder / "a.py").write_text("")
    (folder / "Dockerfile").write_text(dockerfile)
    layers = ({"usr/a": ""}, {"app": None}, {"app/a.py": ""})
    archive = Saved(*layers, steps=steps, **{**CONFIG, **config}).old(folder / "image.tar")
    answer = pipeline.verify(discover(folder, Asked()), str(archive))
    return [f"{one.name}: {one.built} -> {one.planned}" for one in answer.configuration]


def test_the_same(tmp_path: Path) -> None:
    assert told(tmp_path) == []


def test_each_setting(tmp_path: Path) -> None:
    found = told(tmp_path, WorkingDir="/srv", User="", Entrypoint=None, Cmd=["python", "b.py"])
    assert found == [
        "WORKDIR: /srv -> /app",
        'ENTRYPOINT: None -> ["python"]',
        'CMD: ["python", "b.py"] -> ["a.py"]',
        "USER: None -> app",
    ]


def test_variables(tmp_path: Path) -> None:
    assert told(tmp_path, Env=[f"PATH={PATH}"]) == ["ENV MODE: None -> fast"]
    assert told(tmp_path, Env=[f"PATH={PATH}", "MODE=a=b"]) == ["ENV MODE: a=b -> fast"]


def test_a_variable_that_the_dockerfile_does_not_set_any_more(tmp_path: Path) -> None:
    """The history tells it from one of the base image's."""
    steps = (*STEPS, "ENV DEBUG=1 LEVEL=2")
    assert told(tmp_path, steps=steps, Env=[*CONFIG["Env"], "DEBUG=1", "LEVEL=2"]) == [
        "ENV DEBUG: 1 -> None",
        "ENV LEVEL: 2 -> None",
    ]
    assert told(tmp_path, Env=[*CONFIG["Env"], "DEBUG=1"]) == []


def test_folders_of_path(tmp_path: Path) -> None:
    dockerfile = DOCKERFILE.replace("ENV MODE=fast", 'ENV PATH="/venv/bin:$PATH" MODE=fast')
    assert told(tmp_path, dockerfile) == [f"ENV PATH: {PATH} -> /venv/bin in it"]
    assert told(tmp_path, dockerfile, Env=[f"PATH=/venv/bin:/more:{PATH}", "MODE=fast"]) == []


def test_what_a_base_image_brings_that_nobody_knows(tmp_path: Path) -> None:
    dockerfile = "FROM registry.example.com/base\nCOPY a.py /app/\n"
    assert (
        told(tmp_path, dockerfile, Env=["X=1"], User="9", WorkingDir="/w", Cmd=["z"], Entrypoint=["y"]) == []
    )
