"""Keys, credentials, settings and histories that get into an image."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ask
from tests.support.checked import findings, lay_out
from tests.support.repositories import git, needs_git, repository

DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\n{}CMD ["python", "main.py"]\n'
ALL = "COPY . .\n"
KEY = "-----BEGIN RSA PRIVATE KEY-----\n" + "AbCd" * 12 + "\n-----END RSA PRIVATE KEY-----\n"
TOKEN = "ghp_" + "aB3d" * 9
"""Of the form of a token, and of nobody."""


def secrets(folder: Path, files: dict[str, str], steps: str = ALL) -> list[str]:
    every = {"Dockerfile": DOCKERFILE.format(steps), "main.py": ""} | files
    return [found["message"] for found in findings(folder, every) if found["code"] == "PAR504"]


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("deploy/server.key", KEY, "a private key"),
        (".ssh/id_ed25519", KEY.replace("RSA", "OPENSSH"), "a private key"),
        (".netrc", "machine a.example login b password c\n", "passwords of hosts"),
        (".git-credentials", "https://a:b@c.example\n", "passwords of repositories"),
        (".pypirc", "[pypi]\nusername = a\npassword = b\n", "credentials of a package index"),
        (".npmrc", "//registry.example/:_authToken=abc\n", "credentials of a package registry"),
        (".aws/credentials", "[default]\naws_secret_access_key = abc\n", "credentials of a cloud"),
        (
            ".kube/config",
            "users:\n- name: a\n  user:\n    client-key-data: abc\n",
            "credentials of a cluster",
        ),
        (".docker/config.json", '{"auths": {"a": {"auth": "abc"}}}', "credentials of a container registry"),
        ("service-account.json", '{"private_key": "-----BEGIN PRIVATE KEY-----"}', "a private key"),
        (".env", "API_TOKEN=9f8e7d6c5b4a39281706\n", "settings with values"),
        (".env.production", "export DB_PASSWORD='q8W2-z7T4-m1Lk'\n", "settings with values"),
    ],
)
def test_a_file_that_is_nobodys(name: str, text: str, what: str, tmp_path: Path) -> None:
    assert secrets(tmp_path, {name: text}) == [f"{name} gets into the image: {what}"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tests/server.key", KEY),
        ("docs/examples/key.pem", KEY),
        ("certs/ca.pem", "-----BEGIN CERTIFICATE-----\nAbCd\n-----END CERTIFICATE-----\n"),
        ("a.key", "-----BEGIN PRIVATE KEY-----\n"),
        (".npmrc", "//registry.example/:_authToken=${NPM_TOKEN}\n"),
        (".env.example", "API_TOKEN=9f8e7d6c5b4a39281706\n"),
        (".env", "DEBUG=1\nDB_PASSWORD=changethis\nSECRET_KEY=\nAPI_TOKEN=${TOKEN}\n"),
        ("config", "token: abc\n"),
        ("config.json", '{"auth": "abc"}'),
        ("a/b/c/d/server.key", KEY),
    ],
)
def test_a_file_that_is_for_show(name: str, text: str, tmp_path: Path) -> None:
    assert secrets(tmp_path, {name: text}) == []


def test_what_an_ignore_rule_keeps_out(tmp_path: Path) -> None:
    assert secrets(tmp_path, {"server.key": KEY, ".dockerignore": "*.key\n"}) == []


def test_what_no_instruction_copies(tmp_path: Path) -> None:
    assert secrets(tmp_path, {"server.key": KEY}, "COPY main.py .\n") == []


def test_a_file_that_is_copied_by_its_name(tmp_path: Path) -> None:
    steps = "COPY main.py tests/server.key ./\n"
    assert secrets(tmp_path, {"tests/server.key": KEY}, steps) == [
        "tests/server.key gets into the image: a private key"
    ]


def test_what_another_stage_has_does_not_get_into_the_image(tmp_path: Path) -> None:
    steps = "COPY --from=build /src/main.py .\n"
    text = f"FROM python:3.12-slim AS build\nCOPY . /src\n{DOCKERFILE.format(steps)}"
    assert secrets(tmp_path, {"server.key": KEY, "Dockerfile": text}) == []
    assert secrets(tmp_path, {"Dockerfile": text.replace("/src/main.py", "/src")}) == [
        "server.key gets into the image: a private key"
    ]


def test_what_a_later_layer_removes_is_in_the_image_all_the_same(tmp_path: Path) -> None:
    files = {"Dockerfile": DOCKERFILE.format(f"{ALL}RUN rm server.key\n"), "main.py": "", "server.key": KEY}
    (found,) = findings(tmp_path, files)
    assert found["notes"] == ["Dockerfile:4:1 removes it, and the layer of the COPY has it all the same"]


def test_what_is_removed_in_the_stage_that_is_copied_from_is_gone(tmp_path: Path) -> None:
    text = "FROM python:3.12-slim AS build\nCOPY . /src\nRUN rm /src/server.key\n"
    text += DOCKERFILE.format("COPY --from=build /src .\n")
    assert secrets(tmp_path, {"server.key": KEY, "Dockerfile": text}) == []


@needs_git
def test_the_history_of_the_repository(tmp_path: Path) -> None:
    repository(tmp_path, {"main.py": ""})
    assert secrets(tmp_path, {}) == [".git gets into the image: the history of the repository"]
    assert secrets(tmp_path, {}, "COPY main.py .\n") == []
    assert secrets(tmp_path, {".dockerignore": ".git\n"}) == []


@needs_git
def test_a_linked_work_tree_has_no_history_in_it(tmp_path: Path) -> None:
    git(repository(tmp_path / "main", {"main.py": ""}), "commit", "-qm", "first")
    git(tmp_path / "main", "worktree", "add", "-q", "../linked")
    assert secrets(tmp_path / "linked", {}) == []


def test_settings_that_git_leaves_out_have_values_of_this_machine(tmp_path: Path) -> None:
    assert secrets(tmp_path, {".env": "DEBUG=1\n", ".gitignore": ".env\n"}) == [
        ".env gets into the image: settings with values"
    ]


@pytest.mark.parametrize("word", ["ENV", "ARG"])
def test_a_token_in_the_dockerfile_is_told_and_not_shown(word: str, tmp_path: Path) -> None:
    steps = f"{word} UPLOAD={TOKEN}\n{ALL}"
    assert secrets(tmp_path, {}, steps) == [f"{word} UPLOAD gets into the image: a token"]
    formats = ("text", "json", "sarif", "github", "gitlab", "junit", "html", "markdown")
    for name in formats:
        answer = ask("check", str(tmp_path), "--verbose", "--format", name)
        assert "UPLOAD" in answer.out
        assert TOKEN not in answer.out + answer.err


def test_the_history_of_another_stage_is_not_that_of_the_image(tmp_path: Path) -> None:
    text = f"FROM python:3.12-slim AS build\nARG UPLOAD={TOKEN}\n{DOCKERFILE.format(ALL)}"
    assert secrets(tmp_path, {"Dockerfile": text}) == []
    grown = text.replace("FROM python:3.12-slim\n", "FROM build\n")
    assert secrets(tmp_path, {"Dockerfile": grown}) == ["ARG UPLOAD gets into the image: a token"]


def test_a_suppression_silences_it(tmp_path: Path) -> None:
    steps = f"# parity: ignore[PAR504] a key for the demonstration\n{ALL}"
    assert secrets(tmp_path, {"server.key": KEY}, steps) == []


def test_files_that_say_nothing_take_no_time(tmp_path: Path) -> None:
    lay_out(tmp_path, {".env": "SECRET" * 2000, "a.key": "-----BEGIN " + "A " * 4000, ".env.b": "\n" * 9000})
    assert secrets(tmp_path, {}) == []
