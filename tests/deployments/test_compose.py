"""Compose files: which image each service builds, and how it starts it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parity.deployments.compose import Project, services_of_projects
from parity.deployments.service import Build, Files, FromCheckout, FromImage, NotInCheckout, NotKnown, Service
from parity.deployments.variables import assignments, interpolated
from parity.deployments.yaml_file import documents
from parity.model.errors import ParityError
from parity.model.location import Location
from parity.tree.memory import MemoryTree
from tests.conftest import ask

DOCKERFILE = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n"


def images(path: Path, *options: str) -> list[dict[str, object]]:
    return list(json.loads(ask("check", str(path), "--format", "json", *options).out)["images"])


def started(image: dict[str, object]) -> list[str]:
    entrypoint = image["entrypoint"]
    assert isinstance(entrypoint, dict)
    return list(entrypoint["argv"])


def codes(image: dict[str, object]) -> list[str]:
    findings = image["findings"]
    assert isinstance(findings, list)
    return [finding["code"] for finding in findings]


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


def test_a_developers_service_does_not_hide_the_image(project: Path) -> None:
    (project / "debug.py").write_text("")
    (project / "compose.yaml").write_text(
        "services:\n  web: {build: ., command: python debug.py, volumes: ['.:/app'], environment: {A: '1'}}\n"
    )
    assert [(image["service"], started(image)) for image in images(project)] == [
        ("web", ["python", "debug.py"]),
        (None, ["python", "main.py"]),
    ]
    (project / "Dockerfile").write_text(DOCKERFILE)
    (image,) = images(project)
    assert started(image) == ["python", "debug.py"]


def test_a_stage_for_development_does_not_hide_the_last(project: Path) -> None:
    (project / "Dockerfile").write_text(
        "FROM python:3.12 AS base\nWORKDIR /app\nFROM base AS dev\nCOPY . .\n"
        'CMD ["python", "main.py"]\nFROM base\nCMD ["python", "main.py"]\n'
    )
    (project / "compose.yaml").write_text("services: {web: {build: {target: dev}}}\n")
    assert [(image["target"], image["names"], codes(image)) for image in images(project)] == [
        ("dev", ["compose.yaml: web"], ["PAR801"]),
        (None, ["Dockerfile: last stage"], ["PAR602"]),
    ]


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
        ("${A:-${B:-x}}", "x"),
        ("${A:-${B}}", None),
        ("${C}-$C-${C:-x}-${C:+y}-${C:?gone}", "c-c-c-y-c"),
        ("${A", None),
        ("$", "$"),
    ],
)
def test_variables_are_those_of_the_env_file_and_their_defaults(text: str, value: str | None) -> None:
    assert interpolated(text, {"C": "c"}) == value


def test_an_env_file() -> None:
    text = "# no=1\nA=x # y\nexport B='a # b'\nC=\"d\"\n\nnothing\n D = e\n"
    assert assignments(text) == {"A": "x", "B": "a # b", "C": "d", "D": "e"}


def services(files: str | dict[str, str], *names: str) -> tuple[Service, ...]:
    """Those of one project: the compose file `/c.yml`, or these."""
    tree = MemoryTree(dict(files) if isinstance(files, dict) else {"c.yml": files})
    return services_of_projects([Project(names or ("/c.yml",), "/")], tree, "shop")


def test_merged_keys() -> None:
    (service,) = services(
        "x: &x {build: {context: here}, command: a b}\nservices:\n  s:\n    <<: *x\n    command: ['c', 'd e']\n"
    )
    assert service.build == Build("/here", "/here/Dockerfile")
    assert (service.command, service.location.line) == (("c", "d e"), 3)


@pytest.mark.parametrize("text", ["{", "a: b: c", "services: [", "\x00", "- - - &a [*a]\n  : {"])
def test_no_yaml(text: str) -> None:
    with pytest.raises(ParityError):
        documents(text, "c.yml")
    assert services(text) == ()


@pytest.mark.parametrize(
    "text", ["", "3", "[]", "services: 3", "services: {a: 3}", "services: {a: {command: x}}", "a: &a [*a]"]
)
def test_nothing_is_built(text: str) -> None:
    assert services(text) == ()


def test_what_a_service_builds_may_depend_on_the_shell() -> None:
    text = (
        "services:\n  a: {build: {context: $HERE}}\n  b: {build: $HERE}\n  c: {build: {dockerfile: $FILE}}\n"
    )
    assert services(text) == ()
    more = text + "  d: {build: {target: }}\n  e: {build: '${HERE:-x}'}\n"
    assert [one.build for one in services(more)] == [Build("/", "/Dockerfile"), Build("/x", "/x/Dockerfile")]
    told = services({"c.yml": text, ".env": "HERE=there\nFILE=F\n"})
    assert [one.build for one in told] == [
        Build("/there", "/there/Dockerfile"),
        Build("/there", "/there/Dockerfile"),
        Build("/", "/F"),
    ]


def test_a_template_of_a_compose_file_has_no_services_of_its_own() -> None:
    (service,) = services("services:\n  {{ name }}: {build: .}\n  web: {build: .}\n")
    assert service.name == "web"


def test_all_that_a_service_says() -> None:
    files = {
        "c.yml": (
            "services:\n"
            "  web:\n"
            "    build:\n"
            "      context: api\n"
            "      dockerfile: Dockerfile.prod\n"
            "      target: run\n"
            "      args: [A=1, B]\n"
            "      additional_contexts: {libs: ./libs, other: 'docker-image://x'}\n"
            "    image: team/web:3\n"
            "    entrypoint: python -m\n"
            "    command: [shop.web, --port, '80']\n"
            "    env_file: [app.env, {path: more.env}]\n"
            "    environment: {MODE: x, SHELL_ONLY: }\n"
            "    working_dir: /srv\n"
            "    user: '1000'\n"
        ),
        "app.env": "DJANGO_SETTINGS_MODULE=proj.prod\nMODE=y\n",
        "more.env": "DEBUG=0\n",
    }
    (service,) = services(files)
    assert service == Service(
        name="web",
        file="c.yml",
        location=Location("c.yml", 2, 3),
        build=Build("/api", "/api/Dockerfile.prod", "run", (("A", "1"),), (("libs", "/libs"),)),
        images=("team/web:3",),
        entrypoint=("python", "-m"),
        command=("shop.web", "--port", "80"),
        environment=(("DJANGO_SETTINGS_MODULE", "proj.prod"), ("MODE", "x"), ("DEBUG", "0")),
        working_directory="/srv",
        user="1000",
        command_at=Location("c.yml", 11, 5),
    )
    assert service.label == "c.yml: web"


def test_what_is_mounted() -> None:
    text = (
        "services:\n"
        "  web:\n"
        "    build: .\n"
        "    volumes:\n"
        "      - .:/app\n"
        "      - ./gone:/app/gone:ro\n"
        "      - /app/.venv\n"
        "      - data:/data\n"
        "      - ~/x:/home/x\n"
        "      - ${HOME}/.aws:/root/.aws:ro\n"
        "      - {type: bind, source: ./src, target: /src}\n"
        "      - {type: volume, source: data, target: /more}\n"
        "      - {type: tmpfs, target: /scratch}\n"
        "    tmpfs: /run\n"
        "    configs: [{source: settings, target: /etc/settings.py}]\n"
        "configs: {settings: {file: ./settings.py}}\n"
    )
    (service,) = services({"c.yml": text, "src/a.py": "", "settings.py": ""})
    assert {mount.target: mount.shown for mount in service.mounts} == {
        "/app": FromCheckout("/"),
        "/app/gone": NotInCheckout("/gone"),
        "/app/.venv": FromImage(),
        "/data": FromImage(),
        "/home/x": NotKnown("~/x is outside of the checkout"),
        "/root/.aws": NotKnown("only the shell that calls compose knows it"),
        "/src": FromCheckout("/src"),
        "/more": FromImage(),
        "/scratch": Files(),
        "/run": Files(),
        "/etc/settings.py": FromCheckout("/settings.py"),
    }


def test_a_file_over_another() -> None:
    files = {
        "a.yml": (
            "services:\n  web:\n    build: {context: ., args: {A: '1', B: '1'}}\n    command: one\n"
            "    environment: [A=1, B=1]\n    volumes: ['.:/app', 'x:/x']\n"
        ),
        "b.yml": (
            "services:\n  web:\n    build: {args: {B: '2'}}\n    command: two\n    environment: {B: '2'}\n"
            "    volumes: [/app]\n"
        ),
    }
    (service,) = services(files, "/a.yml", "/b.yml")
    assert service.build == Build("/", "/Dockerfile", args=(("A", "1"), ("B", "2")))
    assert (service.command, service.environment) == (("two",), (("A", "1"), ("B", "2")))
    assert [(mount.target, mount.shown) for mount in service.mounts] == [
        ("/app", FromImage()),
        ("/x", FromImage()),
    ]
    assert service.label == "b.yml: web"


def test_extended_and_included_services_start_from_their_own_folder() -> None:
    files = {
        "c.yml": (
            "include: [deploy/more.yml]\n"
            "services:\n"
            "  web: {extends: {file: deploy/base.yml, service: job}, command: b}\n"
            "  itself: {extends: itself, build: .}\n"
        ),
        "deploy/base.yml": (
            "services:\n  job: {extends: root, working_dir: /srv}\n  root: {build: .., command: a}\n"
        ),
        "deploy/more.yml": "include: [more.yml]\nservices:\n  worker: {build: worker}\n",
    }
    web, itself, worker = sorted(services(files), key=lambda one: (one.name != "web", one.name))
    assert (web.build, web.command, web.working_directory) == (Build("/", "/Dockerfile"), ("b",), "/srv")
    assert itself.build == Build("/", "/Dockerfile")
    assert worker.build == Build("/deploy/worker", "/deploy/worker/Dockerfile")


def test_a_dockerfile_in_the_compose_file(project: Path) -> None:
    (project / "Dockerfile").unlink()
    (project / "compose.yaml").write_text(
        "services:\n  web:\n    build:\n      context: .\n      dockerfile_inline: |\n"
        '        FROM python:3.12\n        COPY main.py /\n        CMD ["python", "/main.py"]\n'
    )
    (image,) = images(project)
    assert (image["dockerfile"], image["names"], codes(image)) == (
        "compose.yaml: dockerfile_inline of web",
        ["compose.yaml: web"],
        ["PAR801"],
    )


def test_each_compose_file_tells_of_starts_and_equal_ones_are_one(project: Path) -> None:
    (project / "Dockerfile").write_text(DOCKERFILE)
    (project / "work.py").write_text("")
    (project / "docker-compose.prod.yml").write_text(
        "services:\n  web: {build: ., command: python main.py}\n  worker: {build: ., command: python work.py}\n"
    )
    (project / "docker-compose.yml").write_text("services: {web: {build: ., command: python main.py}}\n")
    assert [image["names"] for image in images(project)] == [
        ["docker-compose.yml: web", "docker-compose.prod.yml: web"],
        ["docker-compose.prod.yml: worker"],
    ]


def test_a_file_that_only_adds_to_services_is_merged(project: Path) -> None:
    (project / "work.py").write_text("")
    (project / "compose.yaml").write_text("services: {web: {build: .}}\n")
    (project / "compose.work.yaml").write_text("services: {web: {command: python work.py}}\n")
    (project / "compose.override.yaml").write_text("services: {web: {environment: {A: '1'}}}\n")
    assert [(image["names"], started(image)) for image in images(project)] == [
        (["compose.override.yaml: web"], ["python", "main.py"]),
        (["compose.work.yaml: web"], ["python", "work.py"]),
    ]


def test_files_that_a_script_merges(project: Path) -> None:
    (project / "work.py").write_text("")
    (project / "deploy").mkdir()
    (project / "deploy/base.yml").write_text("services: {web: {build: {context: ..}}}\n")
    (project / "deploy/work.yml").write_text("services: {web: {command: python work.py}}\n")
    (project / "Makefile").write_text(
        "up:\n\t@docker compose -p x -f deploy/base.yml \\\n\t\t--file=deploy/work.yml up -d\n"
    )
    (image,) = images(project)
    assert (image["names"], image["context"], started(image)) == (
        ["deploy/work.yml: web"],
        ".",
        ["python", "work.py"],
    )


def test_a_service_that_starts_what_another_builds(project: Path) -> None:
    (project / "work.py").write_text("")
    (project / "compose.yaml").write_text(
        "services:\n  web: {build: ., image: 'team/shop:${TAG:-1}'}\n"
        "  worker: {image: team/shop, command: python work.py}\n  db: {image: postgres}\n"
    )
    assert [image["names"] for image in images(project)] == [["compose.yaml: web"], ["compose.yaml: worker"]]


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


def test_files_that_repeat_themselves_end() -> None:
    """Aliases of aliases, services that extend each other, and files that include themselves and others."""
    levels = "".join(
        f"x{n}: &x{n} {{<<: [*x{n - 1}, *x{n - 1}], a: [*x{n - 1}, *x{n - 1}]}}\n" for n in range(1, 40)
    )
    deep = f"x0: &x0 {{build: .}}\n{levels}services: {{s: *x39}}\n"
    assert [one.build for one in services(deep)] == [Build("/", "/Dockerfile")]
    files = {f"{n}.yml": f"include: [{', '.join(f'{m}.yml' for m in range(9))}]\n" for n in range(9)}
    chain = "".join(f"  s{n}: {{extends: {{file: c.yml, service: s{n + 1}}}}}\n" for n in range(200))
    assert (
        len(services({**files, "c.yml": f"include: [0.yml]\nservices:\n{chain}  s200: {{build: .}}\n"})) == 9
    )
    assert interpolated("${A:-" * 5000 + "}" * 5000, {}) is None
    assert services("services: " + "[" * 5000) == ()
