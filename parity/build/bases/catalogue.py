"""What a base image brings: files, environment, Python, start command."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from parity.build.bases import linux
from parity.build.bases.base import Base
from parity.build.bases.linux import NO_PYTHON, no_python, system_of
from parity.build.bases.tree import (
    FOLDER,
    PROGRAM,
    BaseTree,
    System,
    bare_site_packages,
    empty_tree,
    linux_tree,
    python_entries,
    unknown_tree,
)
from parity.model.location import Unknown
from parity.model.packages import Distribution, Installed, SitePackages
from parity.model.version import NEWEST, PythonVersion
from parity.packages.system_python import find_release
from parity.tree.base import Entry
from parity.tree.which import DEFAULT_PATH

PYTHON_PATH = "/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def find_base(reference: str) -> Base:
    """The base image of a FROM line or a `--from`, variables expanded. Never fails: see `Base.unknown`."""
    name, tag = split_reference(reference)
    if name == "scratch":
        return Base(reference, empty_tree(reference))
    for pattern, make in FAMILIES:
        if (found := re.fullmatch(pattern, name)) and (base := make(reference, found, tag)) is not None:
            return base
    return Base(
        reference,
        unknown_tree(reference),
        python=_version_in(tag) if name.rpartition("/")[2] == "python" else None,
        unknown=Unknown(f"the base image {reference} is not known"),
    )


def split_reference(reference: str) -> tuple[str, str]:
    """`docker.io/library/python:3.11@sha256:…` -> `python`, `3.11`; no tag is `latest`."""
    name = reference.partition("@")[0]
    tag = ""
    if ":" in name.rpartition("/")[2]:
        name, _, tag = name.rpartition(":")
    for mirror in MIRRORS:
        name = name.removeprefix(mirror)
    return name.removeprefix("library/"), tag or "latest"


MIRRORS = tuple(
    (
        "docker.io/ index.docker.io/ registry-1.docker.io/ registry.hub.docker.com/ "
        "public.ecr.aws/docker/ mirror.gcr.io/"
    ).split()
)


def _version_in(tag: str) -> PythonVersion | None:
    found = re.search(r"(?:^|python|py|-)(\d+\.\d+)", tag)
    return PythonVersion.parse(found[1]) if found else None


Family = Callable[[str, "re.Match[str]", str], Base | None]


def _python(reference: str, _: re.Match[str], tag: str) -> Base | None:
    if "windows" in tag or "nanoserver" in tag or not re.match(r"\d|latest|slim|alpine|[a-z]+$", tag):
        return None
    return official_python(reference, tag)


def official_python(reference: str, tag: str) -> Base:
    """The image `python:TAG` under whatever name."""
    told = PythonVersion.parse(tag)
    version = told or NEWEST
    if version < (3, 0) or re.match(r"2\b", tag):
        version = PythonVersion(2, 7)
    environment = {"PATH": PYTHON_PATH}
    if version < (3, 13):
        environment["LANG"] = "C.UTF-8"
    return Base(
        reference,
        _python_tree(reference, version, tag, {}),
        environment,
        cmd=("python3",),
        python=version,
        floating=told is None,
        bare=True,
    )


def _python_tree(reference: str, version: PythonVersion, tag: str, programs: Mapping[str, Entry]) -> BaseTree:
    """That of `python:TAG`, with further programs."""
    packages, marks = bare_site_packages(version)
    entries = {**python_entries(version), **programs, **packages}
    system = system_of(tag, slim="slim" in tag)
    return linux_tree(reference, system=system, entries=entries, open_folders=marks)


def _uv(reference: str, _: re.Match[str], tag: str) -> Base | None:
    found = re.search(r"python(\d+\.\d+.*)$", tag)
    if found:
        base = official_python(reference, found[1])
        programs = dict.fromkeys(("/usr/local/bin/uv", "/usr/local/bin/uvx"), PROGRAM)
        tree = _python_tree(reference, base.python or NEWEST, tag, programs)
        return replace(base, tree=tree, cmd=("/usr/local/bin/uv",))
    if re.match(r"latest$|\d+(\.\d+)*$", tag):
        tree = BaseTree(reference, {"/uv": PROGRAM, "/uvx": PROGRAM}, {"/io": True})
        return Base(reference, tree, working_directory="/io", entrypoint=("/uv",))
    if re.search("debian|bookworm|trixie|alpine", tag):
        entries = {"/usr/local/bin/uv": PROGRAM, "/usr/local/bin/uvx": PROGRAM}
        tree = linux_tree(reference, system=system_of(tag), entries=entries)
        return Base(reference, tree, cmd=("/usr/local/bin/uv",))
    return None


def _devcontainer(reference: str, _: re.Match[str], tag: str) -> Base:
    version = _version_in(tag)
    tree = linux_tree(
        reference,
        system=system_of(tag),
        entries=python_entries(version),
        open_folders={"/home": True, "/opt": True, "/workspaces": True},
    )
    return Base(reference, tree, {"PATH": PYTHON_PATH}, cmd=("python3",), python=version)


def _distroless(reference: str, found: re.Match[str], tag: str) -> Base:
    release = find_release("debian", found[1] or "")
    version = release.python if release else None
    program = f"/usr/bin/python{version or '3'}"
    nonroot = "nonroot" in tag
    tree = linux_tree(
        reference,
        system=System(merged_usr=False),
        entries={program: PROGRAM, "/home/nonroot": FOLDER},
        open_folders={"/home/nonroot": True, "/busybox": "debug" in tag},
    )
    return Base(
        reference,
        tree,
        {"PATH": DEFAULT_PATH, "LANG": "C.UTF-8"},
        working_directory="/home/nonroot" if nonroot else "/",
        user="65532" if nonroot else None,
        entrypoint=(program,),
        python=version,
        bare=True,
    )


LAMBDA_PACKAGES = SitePackages(
    (
        Installed(
            tuple(Distribution(name) for name in ("awslambdaric", "boto3", "simplejson", "six", "urllib3"))
        ),
    )
)
"""What the runtime brings: of boto3, all that it needs."""


def _lambda(reference: str, _: re.Match[str], tag: str) -> Base:
    version = PythonVersion.parse(tag)
    tree = linux_tree(
        reference,
        system=System(shell="bash"),
        entries={
            **python_entries(version, "/var/lang"),
            "/var/task": FOLDER,
            "/var/runtime": FOLDER,
            "/lambda-entrypoint.sh": PROGRAM,
        },
        open_folders={"/var/task": False},
        packages={"/var/runtime": LAMBDA_PACKAGES},
    )
    return Base(
        reference,
        tree,
        {
            "LANG": "en_US.UTF-8",
            "PATH": "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
            "LAMBDA_TASK_ROOT": "/var/task",
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
        },
        working_directory="/var/task",
        entrypoint=("/lambda-entrypoint.sh",),
        python=version,
    )


_START = b"""\
#!/bin/sh
set -e
test -f /app/app/main.py && module=app.main || module=main
APP_MODULE=${APP_MODULE:-${MODULE_NAME:-$module}:${VARIABLE_NAME:-app}}
for settings in /gunicorn_conf.py /app/app/gunicorn_conf.py /app/gunicorn_conf.py; do
  if test -f $settings; then GUNICORN_CONF_HERE=$settings; fi
done
prepare=${PRE_START_PATH:-/app/prestart.sh}
if test -f "$prepare"; then . "$prepare"; fi
"""
_GUNICORN = b'exec gunicorn -c "${GUNICORN_CONF:-$GUNICORN_CONF_HERE}" "$APP_MODULE"\n'
_RELOAD = b'exec uvicorn --reload "$APP_MODULE"\n'
"""What the start scripts of tiangolo's images do, as far as it decides what is imported."""


def _tiangolo(reference: str, found: re.Match[str], tag: str) -> Base:
    version = _version_in(tag)
    reloads = _RELOAD if "uvicorn" in found[0] else b""
    entries = python_entries(version) | {
        "/app": FOLDER,
        "/app/main.py": replace(PROGRAM, mode=0o644),
        "/app/prestart.sh": replace(PROGRAM, mode=0o644, content=b""),
        "/start.sh": replace(PROGRAM, content=_START + _GUNICORN),
        "/start-reload.sh": replace(PROGRAM, content=_START + reloads) if reloads else PROGRAM,
        "/gunicorn_conf.py": replace(PROGRAM, mode=0o644, content=b"import json, multiprocessing, os\n"),
    }
    return Base(
        reference,
        linux_tree(reference, system=system_of(tag), entries=entries),
        {"PATH": PYTHON_PATH, "LANG": "C.UTF-8", "PYTHONPATH": "/app"},
        working_directory="/app",
        cmd=("/start.sh",),
        python=version,
    )


def _conda(reference: str, found: re.Match[str], _: str) -> Base:
    return Base(
        reference,
        linux_tree(
            reference,
            system=system_of(""),
            open_folders={"/opt": True, "/home": True},
            packages={"/opt": None},
        ),
        {"PATH": f"/opt/conda/bin:{DEFAULT_PATH}", "LANG": "C.UTF-8"},
        entrypoint=("tini", "--") if "miniforge" in found[0] else None,
        cmd=("/bin/bash",),
    )


_AIRFLOW = b"""\
#!/bin/bash
case "$1" in
  bash) shift; exec /bin/bash "$@" ;;
  python) shift; exec python "$@" ;;
  airflow) shift ;;
esac
exec airflow "$@"
"""
"""What the entrypoint of apache/airflow does, as far as it decides what is imported."""


def _airflow(reference: str, _: re.Match[str], tag: str) -> Base:
    said = re.search(r"python(\d+\.\d+)", tag)
    version = PythonVersion.parse(said[1]) if said else None
    home = "/opt/airflow"
    entries = python_entries(version) | {
        "/entrypoint": replace(PROGRAM, content=_AIRFLOW),
        "/usr/bin/dumb-init": PROGRAM,
        home: FOLDER,
        f"{home}/dags": FOLDER,
        f"{home}/plugins": FOLDER,
        "/home/airflow/.local/bin/airflow": PROGRAM,
    }
    marks = {"/home": True, home: True, f"{home}/dags": False, f"{home}/plugins": False}
    held = {"/home/airflow": None, "/opt": None}
    return Base(
        reference,
        linux_tree(reference, system=system_of(""), entries=entries, open_folders=marks, packages=held),
        {
            "PATH": f"/home/airflow/.local/bin:{PYTHON_PATH}",
            "AIRFLOW_HOME": home,
            "HOME": "/home/airflow",
            "LANG": "C.UTF-8",
        },
        working_directory=home,
        user="50000",
        entrypoint=("/usr/bin/dumb-init", "--", "/entrypoint"),
        python=version,
    )


def _pixi(reference: str, _: re.Match[str], tag: str) -> Base:
    tree = linux_tree(
        reference,
        system=system_of(tag),
        entries={"/usr/local/bin/pixi": PROGRAM},
        open_folders={"/home": True},
        lacking=no_python(),
        packages=NO_PYTHON,
    )
    return Base(reference, tree, {"PATH": f"/root/.pixi/bin:{DEFAULT_PATH}"}, cmd=("/bin/bash",), bare=True)


_ACTIVATING = b"""\
#!/usr/bin/env bash
if test "$MAMBA_DOCKERFILE_ACTIVATE" = 1; then micromamba activate "${ENV_NAME:-base}"; fi
exec bash -o pipefail -c "$@"
"""
"""What the SHELL of micromamba's image does, as far as it decides where packages go."""


def _micromamba(reference: str, _: re.Match[str], tag: str) -> Base:
    shell = "/usr/local/bin/_dockerfile_shell.sh"
    tree = linux_tree(
        reference,
        system=system_of(tag),
        entries={
            "/usr/bin/micromamba": PROGRAM,
            "/opt/conda/conda-meta": FOLDER,
            "/usr/local/bin/_entrypoint.sh": PROGRAM,
            shell: replace(PROGRAM, content=_ACTIVATING),
        },
        open_folders={"/home": True},
        lacking=no_python(),
        packages=NO_PYTHON,
    )
    return Base(
        reference,
        tree,
        {
            "PATH": DEFAULT_PATH,
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "ENV_NAME": "base",
            "MAMBA_ROOT_PREFIX": "/opt/conda",
            "MAMBA_EXE": "/bin/micromamba",
            "MAMBA_USER": "mambauser",
        },
        working_directory="/tmp",
        user="mambauser",
        entrypoint=("/usr/local/bin/_entrypoint.sh",),
        cmd=("/bin/bash",),
        shell=(shell,),
        bare=True,
    )


_OF_THEIR_OWN = tuple(
    (
        "/config /data /deno-dir /docker-entrypoint.d /docker-entrypoint-initdb.d /docker-entrypoint.sh /entrypoint.sh "
        "/go /home /js-yaml.js /opt /srv /tini"
    ).split()
)


def _official(reference: str, _: re.Match[str], tag: str) -> Base:
    """An official image of another language, or of a server: folders of the system, and no project's."""
    opened = dict.fromkeys(_OF_THEIR_OWN, True)
    return Base(
        reference,
        linux_tree(reference, system=system_of(tag), open_folders=opened),
        unknown=Unknown(f"the base image {reference} is not known"),
    )


OFFICIAL = (
    "amazoncorretto|buildpack-deps|caddy|clojure|dart|denoland/deno|eclipse-temurin|elixir|erlang|gcc|golang|gradle|"
    "haproxy|haskell|httpd|julia|mariadb|maven|memcached|mongo|mysql|nginx|nginxinc/nginx-unprivileged|node|openjdk|"
    "oven/bun|perl|php|postgres|r-base|rabbitmq|redis|ruby|rust|swift|traefik"
)
FAMILIES: tuple[tuple[str, Family], ...] = (
    ("python", _python),
    (r"ghcr\.io/astral-sh/uv|astral/uv", _uv),
    (r"mcr\.microsoft\.com/(?:vscode/)?devcontainers/python", _devcontainer),
    (r"gcr\.io/distroless/python3(?:-debian(\d+))?", _distroless),
    (r"public\.ecr\.aws/lambda/python|amazon/aws-lambda-python", _lambda),
    (r"tiangolo/(?:uvicorn|meinheld)-gunicorn(?:-fastapi|-starlette|-flask)?", _tiangolo),
    ("apache/airflow", _airflow),
    ("debian|ubuntu|alpine", linux.distribution),
    (r"(?:quay\.io/)?(alma|rocky|amazon)(?:linux/\1)?linux(?:/\d+-(?:base|minimal))?", linux.red_hat),
    (r"(?:registry\.fedoraproject\.org/|quay\.io/fedora/)?(fedora)(?:-minimal)?", linux.red_hat),
    (r"registry\.access\.redhat\.com/(ubi)(\d+)(?:/ubi)?(?:-minimal)?", linux.red_hat),
    ("nvidia/cuda", linux.cuda),
    (r"continuumio/miniconda3|condaforge/miniforge3", _conda),
    ("mambaorg/micromamba", _micromamba),
    (r"ghcr\.io/prefix-dev/pixi|prefix/pixi", _pixi),
    (OFFICIAL, _official),
)
"""The images that are known, by name (see `split_reference`)."""
