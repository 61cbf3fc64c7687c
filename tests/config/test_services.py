"""Compose files: which image each service builds, and how it starts it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parity.deployments.compose import interpolated, services_of
from parity.model.errors import ParityError
from tests.conftest import ask

DOCKERFILE = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n"


def images(path: Path, *options: str) -> list[dict[str, object]]:
    return list(json.loads(ask("check", str(path), "--format", "json", *options).out)["images"])


def started(image: dict[str, object]) -> list[str]:
    entrypoint = image["entrypoint"]
    assert isinstance(entrypoint, dict)
    return list(entrypoint["argv"])


def test_each_way_to_start_it_is_an_image(project: Path) -> None:
    (project / "Dockerfile").write_text(DOCKERFILE)
    (project / "work.py").write_text("")
    (project / "compose.yaml").write_text(
        "services:\n"
        "  web: {build: ., command: python main.py}\n"
        "  again: {build: ., command: python main.py}\n"
        "  worker: {build: ., command: [python, work.py]}\n"
        "  db: {image: postgres}\n"
    )
    assert [(image["service"], started(image)) for image in images(project)] == [
        ("web", ["python", "main.py"]),
        ("worker", ["python", "work.py"]),
    ]


def test_context_target_and_arguments(project: Path) -> None:
    (project / "api").mkdir()
    (project / "api/main.py").write_text("")
    (project / "api/Dockerfile").write_text(
        "ARG VERSION\nFROM python:${VERSION} AS run\nCOPY main.py /\nCMD python /main.py\nFROM scratch\n"
    )
    (project / "docker-compose.yml").write_text(
        "services:\n  api:\n    build: {context: ./api, target: run, args: {VERSION: '3.11'}}\n"
    )
    image = next(image for image in images(project) if image["dockerfile"] == "api/Dockerfile")
    assert (image["context"], image["target"], image["python"]) == ("api", "run", "3.11")


def test_a_developers_service_does_not_override_the_image(project: Path) -> None:
    (project / "compose.yaml").write_text(
        "services:\n  web: {build: ., command: python debug.py, volumes: ['.:/app'], environment: {A: '1'}}\n"
    )
    (image,) = images(project)
    assert started(image) == ["python", "main.py"]
    (project / "Dockerfile").write_text(DOCKERFILE)
    (project / "debug.py").write_text("")
    (image,) = images(project)
    assert started(image) == ["python", "debug.py"]


def test_a_base_that_compose_builds_is_followed(project: Path) -> None:
    (project / "base.Dockerfile").write_text("FROM python:3.11-slim\nWORKDIR /srv\nCOPY main.py ./\n")
    (project / "Dockerfile").write_text('FROM team/base\nCMD ["python", "main.py"]\n')
    (project / "compose.yaml").write_text(
        "services:\n  base: {build: {context: ., dockerfile: base.Dockerfile}, image: 'team/base:latest'}\n"
    )
    (image,) = images(project, "-f", "Dockerfile")
    assert (image["python"], image["workdir"], image["unknowns"], image["findings"]) == (
        "3.11",
        "/srv",
        [],
        [],
    )


def test_images_that_are_built_on_each_other_end(project: Path) -> None:
    (project / "Dockerfile").write_text('FROM team/b\nCMD ["python", "main.py"]\n')
    (project / "other.Dockerfile").write_text("FROM team/a\n")
    (project / "compose.yaml").write_text(
        "services:\n  a: {build: ., image: team/a}\n  b: {build: {dockerfile: other.Dockerfile}, image: team/b}\n"
    )
    assert ask("check", str(project)).status in (0, 1)


def test_what_leads_out_of_the_folder_or_is_no_yaml_is_left_out(project: Path) -> None:
    (project / "compose.yaml").write_text("services:\n  web: {build: ../elsewhere, command: python x.py}\n")
    assert started(images(project)[0]) == ["python", "main.py"]
    (project / "compose.yaml").write_text("services: {web: [\n")
    assert started(images(project)[0]) == ["python", "main.py"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a$$b", "a$b"),
        ("${A:-x}/y", "x/y"),
        ("${A-}", ""),
        ("${A:+x}", ""),
        ("${A}", None),
        ("$A", None),
        ("${A:?gone}", None),
    ],
)
def test_variables_are_their_defaults(text: str, value: str | None) -> None:
    assert interpolated(text) == value


def test_merged_keys() -> None:
    (service,) = services_of(
        "x: &x {build: {context: here}, command: a b}\nservices:\n  s:\n    <<: *x\n    command: ['c', 'd e']\n",
        "c.yml",
    )
    assert (service.context, service.command, service.location.line) == ("here", ("c", "d e"), 3)


@pytest.mark.parametrize("text", ["{", "a: b: c", "services: [", "\x00", "- - - &a [*a]\n  : {"])
def test_no_yaml(text: str) -> None:
    with pytest.raises(ParityError):
        services_of(text, "c.yml")


@pytest.mark.parametrize(
    "text", ["", "3", "[]", "services: 3", "services: {a: 3}", "services: {a: {build: [1]}}"]
)
def test_nothing_is_built(text: str) -> None:
    assert all(service.context == "." for service in services_of(text, "c.yml"))


def test_what_a_service_builds_may_depend_on_the_shell() -> None:
    text = (
        "services:\n  a: {build: {context: $HERE}}\n  b: {build: $HERE}\n  c: {build: {dockerfile: $FILE}}\n"
    )
    assert (
        services_of(text + "  d: {build: {target: }}\n  e: {build: '${HERE:-x}'}\n", "c.yml")[-1].context
        == "x"
    )
    assert services_of(text, "c.yml") == ()


def test_a_template_of_a_compose_file_has_no_services_of_its_own() -> None:
    (service,) = services_of("services:\n  {{ name }}: {build: .}\n  web: {build: .}\n", "c.yml")
    assert service.name == "web"


def test_other_compose_files_tell_where_the_usual_one_does_not(project: Path) -> None:
    (project / "Dockerfile").write_text(DOCKERFILE)
    (project / "work.py").write_text("")
    (project / "docker-compose.prod.yml").write_text(
        "services:\n  web: {build: ., command: python main.py}\n  worker: {build: ., command: python work.py}\n"
    )
    assert [image["service"] for image in images(project)] == ["web", "worker"]
    (project / "docker-compose.yml").write_text("services: {web: {build: ., command: python main.py}}\n")
    assert [image["service"] for image in images(project)] == ["web"]


def test_another_compose_file_does_not_override_the_image(project: Path) -> None:
    (project / "compose.test.yaml").write_text("services: {web: {build: ., command: pytest}}\n")
    (image,) = images(project)
    assert started(image) == ["python", "main.py"]


def test_a_compose_file_in_a_folder_of_its_own(project: Path) -> None:
    (project / "deploy").mkdir()
    (project / "work.py").write_text("")
    (project / "Dockerfile").write_text(DOCKERFILE)
    (project / "deploy/docker-compose.yaml").write_text(
        "services: {web: {build: {context: ..}, command: python work.py}}\n"
    )
    (image,) = images(project)
    assert (image["context"], started(image)) == (".", ["python", "work.py"])


@pytest.mark.parametrize("command", ['["bash"]', "bash", '["/bin/sh"]'])
def test_a_shell_waits_for_what_the_service_says(project: Path, command: str) -> None:
    (project / "work.py").write_text("")
    (project / "Dockerfile").write_text(f"{DOCKERFILE}CMD {command}\n")
    (project / "compose.yaml").write_text(
        "services: {web: {build: ., command: python work.py, volumes: ['./data:/app/data']}}\n"
    )
    (image,) = images(project)
    assert started(image) == ["python", "work.py"]
