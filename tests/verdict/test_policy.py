"""The table of doubt: a step that cannot be read, what is asked for behind it, and the answer."""

from __future__ import annotations

import pytest

from parity.build.run import ShellRun
from parity.installers import INSTALLERS
from parity.model.location import May, Unknown
from parity.model.packages import Distribution, Installed, SitePackages
from parity.programs.capability import capability, targets
from parity.tree.base import Entry
from parity.verdict.cost import costs_of
from parity.verdict.judge import judge
from parity.verdict.question import Fails, Kind, NotChecked, Question
from tests.support.building import built

FILES = {
    "main.py": "",
    "svc/__init__.py": "",
    "svc/api.py": "",
    "svc/data.json": "",
    "run.py": "",
    ".dockerignore": "svc/api.py\nsvc/data.json\nrun.py\n",
}
AFTER = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN {}\n"
BEFORE = "FROM python:3.12\nWORKDIR /app\nRUN {}\nCOPY . .\n"
INTO = "FROM python:3.12\nWORKDIR /app\nRUN {}\nCOPY svc svc\n"
OTHER_BASE = "FROM {}\nWORKDIR /app\nCOPY . .\n"
CERTAIN, LIKELY, OPEN = "certain", "likely", "open"


def answer(
    dockerfile: str,
    path: str,
    in_checkout: str = "",
    *,
    kind: Kind = Kind.MODULE,
    git_ignored: bool = False,
    namesake: str = "",
) -> str:
    found = built(dockerfile, FILES, run=ShellRun(INSTALLERS)).tree.lookup(path)
    assert not isinstance(found, Entry)
    question = Question(
        kind=kind,
        subject=path.removeprefix("/app/").removesuffix(".py").replace("/", "."),
        path=path,
        in_checkout=in_checkout,
        doubt=found if isinstance(found, Unknown) else None,
        git_ignored=git_ignored,
        namesake=namesake,
    )
    match judge(question):
        case Fails(certain):
            return CERTAIN if certain else LIKELY
        case NotChecked():
            return OPEN


@pytest.mark.parametrize("template", [AFTER, BEFORE, INTO])
@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("true", CERTAIN),
        ("nginx -t", CERTAIN),
        ("pytest", CERTAIN),
        ("localedef -i de_DE -f UTF-8 de_DE.UTF-8", CERTAIN),
        ("npm ci && npm run build", CERTAIN),
        ("go build ./...", CERTAIN),
        ("pybabel compile -d svc", CERTAIN),
        ("make", LIKELY),
        ("configure-host", LIKELY),
        ("python gen.py", LIKELY),
        ("prisma generate", LIKELY),
        ("curl -LsSf https://example.com/install.sh | sh", LIKELY),
        ("git clone https://example.com/x.git x", CERTAIN),
        ("git pull", LIKELY),
        ("aws s3 cp s3://models . --recursive", LIKELY),
        ("python -m spacy download en", LIKELY),
        ("some-tool --now", LIKELY),
    ],
)
def test_no_step_writes_back_what_an_ignore_rule_keeps_out(template: str, step: str, expected: str) -> None:
    assert answer(template.format(step), "/app/svc/api.py", "/svc/api.py") == expected


@pytest.mark.parametrize(
    ("step", "path", "expected"),
    [
        ("make", "/app/svc/built.py", OPEN),
        ("python gen.py", "/app/svc/built.py", OPEN),
        ("build-it --now", "/app/svc/built.py", OPEN),
        ("nginx -t", "/app/svc/built.py", CERTAIN),
        ("npm run build", "/app/svc/built.py", CERTAIN),
        ("make -C /srv", "/srv/built.py", OPEN),
        ("make", "/srv/built.py", CERTAIN),
        ("git pull", "/app/a.py", OPEN),
        ("some-tool --out-dir gen", "/app/gen/x.py", OPEN),
        ("some-tool -o /lib2/x.py", "/lib2/x.py", OPEN),
        ("make install DESTDIR=/out", "/out/usr/x.py", OPEN),
        ("pip install something", "/app/svc/built.py", CERTAIN),
        ("apt-get install -y gcc", "/app/svc/built.py", CERTAIN),
    ],
)
def test_what_neither_world_has(step: str, path: str, expected: str) -> None:
    """A module that the checkout lacks may be made by a build; by a check, or a build of a front end, it is not."""
    assert answer(AFTER.format(step), path) == expected


@pytest.mark.parametrize("step", ["make", "python gen.py", "build-it --now", "some-tool"])
def test_evidence_outweighs_what_a_build_may_make(step: str) -> None:
    assert answer(AFTER.format(step), "/app/svc/healthy.py", namesake="health") == LIKELY
    assert answer(INTO.format(step), "/app/svc/built.py") == LIKELY  # it ran before the COPY that makes svc
    assert answer(AFTER.format(step), "/app/svc/api.py", "/svc/api.py", git_ignored=True) == OPEN
    assert answer(AFTER.format(step), "/app/svc/api_pb2.py", "/svc/api_pb2.py") == OPEN
    assert answer(AFTER.format(step), "/app/svc/_version.py") == OPEN


@pytest.mark.parametrize(
    "image",
    [
        "python:3.12-slim",
        "ubuntu:24.04",
        "debian:bookworm",
        "alpine:3.20",
        "public.ecr.aws/lambda/python:3.12",
        "continuumio/miniconda3",
        "nvidia/cuda:12.4.1-base-ubuntu22.04",
        "tiangolo/uvicorn-gunicorn-fastapi:python3.11",
        "bitnami/python:3.12",
        "registry.access.redhat.com/ubi9/python-312",
        "gcr.io/distroless/python3",
        "example.com/team/base:1",
    ],
)
def test_no_base_image_brings_a_module_of_the_project(image: str) -> None:
    dockerfile = OTHER_BASE.format(image)
    assert answer(dockerfile, "/app/svc/api.py", "/svc/api.py") in (CERTAIN, LIKELY)
    assert answer(dockerfile, "/app/run.py", "/run.py", kind=Kind.PROGRAM) in (CERTAIN, LIKELY)


@pytest.mark.parametrize(
    ("step", "path", "expected"),
    [
        ("make", "/app/svc/data.json", LIKELY),
        ("npm run build", "/app/svc/data.json", LIKELY),
        ("nginx -t", "/app/svc/data.json", CERTAIN),
        ("npm run build", "/app/dist/index.html", OPEN),
        ("npm run build", "/app/static/app.css", OPEN),
    ],
)
def test_data_files(step: str, path: str, expected: str) -> None:
    assert answer(AFTER.format(step), path, path.removeprefix("/app"), kind=Kind.DATA) == expected


@pytest.mark.parametrize(
    ("installed", "expected"),
    [
        (SitePackages((Installed((Distribution("flask"), Distribution("redis"))),)), LIKELY),
        (SitePackages((Installed((Distribution("flask"), Distribution("acme-svc"))),)), OPEN),
        (SitePackages((Installed((Distribution("flask"),), unnamed=True),)), OPEN),
        (SitePackages((Installed((Distribution("flask"),)),), open="make was run"), OPEN),
        (None, OPEN),
    ],
)
def test_nothing_of_the_checkout_is_copied(installed: SitePackages | None, expected: str) -> None:
    """Only a distribution can bring what is started: one with such a name, or one of which nothing is known."""
    question = Question(
        kind=Kind.PROGRAM,
        subject="svc.main",
        path="/app/svc/main.py",
        in_checkout="/svc/main.py",
        doubt=Unknown("pip installs", may=May.DISTRIBUTIONS, installed=installed),
        project_copied=False,
    )
    assert (OPEN if isinstance(judge(question), NotChecked) else LIKELY) == expected


def test_what_a_copy_takes_from_a_stage_that_cannot_be_read() -> None:
    for step in ("make install DESTDIR=/out", "python gen.py", "configure --prefix=/out", "some-tool"):
        assert answer(AFTER.format(step), "/out", kind=Kind.SOURCE) == OPEN
    for step in ("true", "nginx -t"):
        assert answer(AFTER.format(step), "/out", kind=Kind.SOURCE) == CERTAIN


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pytest -q", May.NOTHING),
        ("python -m pytest", May.NOTHING),
        ("npm test", May.NOTHING),
        ("npm run build", May.ASSETS),
        ("cargo build --release", May.ASSETS),
        ("python -m spacy download en", May.DISTRIBUTIONS),
        ("protoc --python_out=. a.proto", May.GENERATED),
        ("python -m grpc_tools.protoc", May.GENERATED),
        ("git clone x", May.SOURCES),
        ("python x.py", May.ANYTHING),
        ("make", May.ANYTHING),
        ("./build.sh", May.ANYTHING),
        ("flask translate compile", May.ASSETS),
        ("tesseract -v", May.NOTHING),
        ("make --version", May.NOTHING),
        ("make -v all", May.ANYTHING),
        ("/tmp/aws/install", May.ELSEWHERE),
        ("/opt/tools/make", May.ANYTHING),
    ],
)
def test_what_a_program_is_capable_of(command: str, expected: May) -> None:
    assert capability(command.split()) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("install DESTDIR=/out", ["/out"]),
        ("--prefix=/opt/x", ["/opt/x"]),
        ("--prefix /opt/x", ["/opt/x"]),
        ("-o build/x.bin", ["build/x.bin"]),
        ("-obuild", ["build"]),
        ("download m --local-dir /models/b", ["/models/b"]),
        ("-C sub all", ["sub"]),
        ("a b --flag", []),
        ("/etc/x.conf", ["/etc/x.conf"]),
    ],
)
def test_where_a_program_writes(words: str, expected: list[str]) -> None:
    assert list(targets(words.split())) == expected


def test_the_costliest_step_comes_first_and_each_once() -> None:
    one, two, free = Unknown("one"), Unknown("two"), Unknown("free")
    costs = costs_of([free, one, two], [(two, "a"), (two, "b"), (one, "c")], [(one, "yaml"), (one, "yaml")])
    assert [(cost.doubt.reason, cost.own, cost.packages) for cost in costs] == [
        ("two", ("a", "b"), ()),
        ("one", ("c",), ("yaml",)),
        ("free", (), ()),
    ]
