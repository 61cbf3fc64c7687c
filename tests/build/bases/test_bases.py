"""What is known about base images, by their reference."""

from __future__ import annotations

import pytest

from parity.build.bases.catalogue import find_base, split_reference
from parity.model.location import Unknown
from parity.model.version import PythonVersion
from parity.packages.system_python import system_python
from parity.tree.base import ABSENT, Entry, FileKind
from parity.tree.links import follow


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("python", ("python", "latest")),
        ("python:3.11", ("python", "3.11")),
        ("docker.io/library/python:3.11@sha256:0abc", ("python", "3.11")),
        ("public.ecr.aws/docker/library/python:3.12-slim", ("python", "3.12-slim")),
        ("localhost:5000/python", ("localhost:5000/python", "latest")),
        ("ghcr.io/astral-sh/uv:0.5", ("ghcr.io/astral-sh/uv", "0.5")),
    ],
)
def test_references(reference: str, expected: tuple[str, str]) -> None:
    assert split_reference(reference) == expected


@pytest.mark.parametrize(
    ("reference", "version"),
    [
        ("python:3.11-slim", "3.11"),
        ("library/python:3.12.4-alpine3.20", "3.12"),
        ("python:3.13.0rc2-bookworm", "3.13"),
        ("python:3", "3.14"),
        ("python", "3.14"),
        ("python:slim", "3.14"),
        ("python:2-slim", "2.7"),
        ("ghcr.io/astral-sh/uv:python3.12-bookworm-slim", "3.12"),
        ("ghcr.io/astral-sh/uv:0.5.1-python3.13-alpine", "3.13"),
        ("ghcr.io/astral-sh/uv:latest", None),
        ("mcr.microsoft.com/devcontainers/python:1-3.11-bullseye", "3.11"),
        ("gcr.io/distroless/python3-debian12:nonroot", "3.11"),
        ("public.ecr.aws/lambda/python:3.12", "3.12"),
        ("tiangolo/uvicorn-gunicorn-fastapi:python3.9", "3.9"),
        ("registry.example.com/mirror/python:3.10-slim", "3.10"),
        ("ubuntu:22.04", None),
    ],
)
def test_the_python_version(reference: str, version: str | None) -> None:
    assert find_base(reference).python == (PythonVersion.parse(version) if version else None)


@pytest.mark.parametrize(
    ("reference", "version"),
    [
        ("debian:bookworm-slim", "3.11"),
        ("debian:12", "3.11"),
        ("ubuntu:22.04", "3.10"),
        ("alpine:3.20.1", "3.12"),
        ("nvidia/cuda:12.1.0-runtime-ubuntu22.04", "3.10"),
        ("debian", None),
    ],
)
def test_the_python_that_the_distribution_would_install(reference: str, version: str | None) -> None:
    assert system_python(find_base(reference).tree) == (PythonVersion.parse(version) if version else None)


def test_an_image_nobody_knows() -> None:
    base = find_base("registry.example.com/team/base:1")
    assert base.unknown == Unknown("the base image registry.example.com/team/base:1 is not known")
    assert isinstance(base.tree.lookup("/app/x.py"), Unknown)
    assert isinstance(base.tree.lookup("/"), Entry)


def test_application_folders_are_not_in_an_official_image() -> None:
    tree = find_base("python:3.11-slim").tree
    assert [tree.lookup(path) for path in ("/app", "/app/main.py", "/srv/x", "/code", "/home/app")] == [
        ABSENT
    ] * 5
    assert isinstance(tree.lookup("/etc/passwd"), Unknown)
    assert tree.lookup("/bin/x") == ABSENT
    assert follow(tree, "/bin/x").path == "/usr/bin/x"
    python = follow(tree, "/usr/local/bin/python")
    assert python.path == "/usr/local/bin/python3.11"
    assert isinstance(python.answer, Entry)


def test_an_official_image_has_no_third_party_package() -> None:
    tree = find_base("python:3.11").tree
    folder = "/usr/local/lib/python3.11/site-packages"
    assert tree.lookup(f"{folder}/requests") == ABSENT
    assert isinstance(tree.lookup(f"{folder}/pip/__init__.py"), Unknown)
    assert isinstance(tree.lookup(f"{folder}/setuptools"), Entry)
    assert (
        find_base("python:3.12").tree.lookup("/usr/local/lib/python3.12/site-packages/setuptools") == ABSENT
    )


def test_the_tools_image_of_uv_holds_two_programs() -> None:
    tree = find_base("ghcr.io/astral-sh/uv:0.5").tree
    assert tree.names("/") == {"uv", "uvx"}


def test_lambda() -> None:
    base = find_base("public.ecr.aws/lambda/python:3.12")
    assert base.working_directory == base.environment["LAMBDA_TASK_ROOT"] == "/var/task"
    assert base.entrypoint == ("/lambda-entrypoint.sh",)
    assert base.tree.lookup("/var/task/app.py") == ABSENT


def test_old_debian_has_folders_where_new_debian_has_links() -> None:
    kinds = {}
    for tag in ("3.8-buster", "3.11-bookworm", "3.11-alpine"):
        entry = find_base(f"python:{tag}").tree.lookup("/bin")
        assert isinstance(entry, Entry)
        kinds[tag] = entry.kind
    assert kinds == {
        "3.8-buster": FileKind.DIRECTORY,
        "3.11-bookworm": FileKind.SYMLINK,
        "3.11-alpine": FileKind.DIRECTORY,
    }


def test_no_python_until_it_is_installed() -> None:
    assert find_base("debian:12").tree.lookup("/usr/bin/python3") == ABSENT
