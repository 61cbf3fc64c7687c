"""Configurations and arguments that are broken, huge, or wrong."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from tests.support.corpus.material import (
    LARGEST,
    ODD,
    Content,
    Fifo,
    Folder,
    Input,
    Link,
    Sparse,
    as_toml,
    encoded,
    mutated,
    size,
    with_odd_values,
)
from tests.support.corpus.packaging import TOML

DOCKERFILE = (
    'FROM registry.example/team/python:3 AS runtime\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'
)

CONFIGURATION: dict[str, Any] = {
    "select": ["PAR1", "PAR3"],
    "ignore": ["circular-import"],
    "fail-on": "error",
    "baseline": "known.json",
    "exclude": ["docs/", "*.dev.Dockerfile"],
    "python-environment": ".venv",
    "imports": {"acme": "acme-sdk"},
    "severity": {"PAR102": "error"},
    "per-file-ignores": {"src/legacy/": ["PAR104", "PAR2"]},
    "images": [
        {
            "dockerfile": "Dockerfile",
            "context": ".",
            "target": "runtime",
            "build-args": {"VERSION": "3.12"},
            "build-contexts": {"libs": "libs"},
            "entrypoint": "python main.py",
            "python": "3.12",
            "platform": "linux/amd64",
            "ignore": ["PAR501"],
            "contains": ["schema/**/*.json"],
            "lacks": ["tests/", "**/*.pem"],
        }
    ],
    "bases": {
        "registry.example/team/python": {
            "like": "python:3.12-slim",
            "workdir": "/srv",
            "env": {"APP_ENV": "production"},
            "python": "3.12",
            "user": "app",
            "entrypoint": ["python"],
            "cmd": ["main.py"],
        }
    },
}
BASELINE: dict[str, Any] = {
    "schema_version": 1,
    "findings": [{"fingerprint": "x", "count": 1, "code": "PAR101", "message": "m", "path": "main.py"}],
}


def project(name: str, files: dict[str, Content], arguments: tuple[str, ...] = ()) -> Input:
    return Input(
        name,
        {
            "Dockerfile": DOCKERFILE,
            ".dockerignore": "gone.py\n",
            "gone.py": "",
            "main.py": "import gone\n",
            "libs/a.py": "",
            "known.json": json.dumps(BASELINE),
            **files,
        },
        arguments,
        quiet=True,
    )


def _placed(random: Random, value: Any) -> dict[str, Content]:
    if random.random() < 0.3:
        return {"pyproject.toml": encoded(as_toml({"tool": {"parity": value}}))}
    return {"parity.toml": encoded(as_toml(value) if isinstance(value, dict) else str(value))}


def odd_values(random: Random) -> Input:
    return project("odd values", _placed(random, with_odd_values(random, CONFIGURATION)))


def one_odd_value(random: Random) -> Input:
    key = random.choice(list(CONFIGURATION))
    return project(f"odd {key}", _placed(random, with_odd_values(random, {key: CONFIGURATION[key]})))


def changed(random: Random) -> Input:
    where = random.choice(("parity.toml", "pyproject.toml"))
    value = CONFIGURATION if where == "parity.toml" else {"tool": {"parity": CONFIGURATION}}
    return project(f"changed {where}", {where: mutated(random, encoded(as_toml(value)))})


def toml(random: Random) -> Input:
    name = random.choice(list(TOML))
    where = random.choice(("parity.toml", "pyproject.toml"))
    text = TOML[name](size(random, 30_000))[:LARGEST]
    return project(f"{where}: {name}", {where: encoded(text)})


def baseline(random: Random) -> Input:
    data = random.choice(
        (
            encoded(json.dumps(with_odd_values(random, BASELINE))),
            mutated(random, encoded(json.dumps(BASELINE))),
            encoded("[" * size(random, 100_000)),
            encoded('{"a":' * size(random, 30_000)),
            encoded('{"findings": [' + '{"fingerprint": "x"},' * size(random, 10_000) + "]}"),
            encoded('{"schema_version": ' + "9" * size(random, 10_000) + "}"),
        )
    )
    files: dict[str, Content] = {
        "known.json": random.choice(
            (data, data, data, data, Fifo(), Folder(), Link("known.json"), Sparse(1 << 35))
        )
    }
    if random.random() < 0.5:
        return project("baseline", files, ("--baseline", "known.json"))
    return project("baseline of the configuration", {**files, "parity.toml": 'baseline = "known.json"\n'})


ARGUMENTS = (
    ("--entrypoint", "python {}"),
    ("--entrypoint", "{}"),
    ("--entrypoint", "python -m {}"),
    ("--entrypoint", "sh -c '{}'"),
    ("--target", "{}"),
    ("--context", "{}"),
    ("-f", "{}"),
    ("--build-arg", "A={}"),
    ("--build-arg", "{}=b"),
    ("--build-context", "libs={}"),
    ("--build-context", "{}=."),
    ("--python", "{}"),
    ("--platform", "{}"),
    ("--config", "{}"),
    ("--python-environment", "{}"),
    ("--select", "{}"),
    ("--ignore", "{}"),
    ("--baseline", "{}"),
    ("--fail-on", "{}"),
    ("--diff", "{}"),
    ("--jobs", "{}"),
    ("--color", "{}"),
)


def arguments(random: Random) -> Input:
    chosen: tuple[str, ...] = ()
    for _ in range(random.choice((1, 1, 2, 3))):
        option, value = random.choice(ARGUMENTS)
        odd = "".join(random.choice(ODD) for _ in range(random.choice((1, 1, 2)))).replace("\0", "")
        chosen += (option, value.replace("{}", odd))
    return project("arguments " + " ".join(chosen[::2]), {}, chosen)


def kinds_of_files(random: Random) -> Input:
    where = random.choice(
        ("parity.toml", "pyproject.toml", ".venv", ".gitignore", ".git", "libs2", "known.json")
    )
    content = random.choice(
        (
            Fifo(),
            Folder(),
            Link(where),
            Link("/dev/zero"),
            Link("/proc/self/mem"),
            Link("nowhere"),
            Link("/"),
            Sparse(1 << 36),
            b"\xff\xfe",
            b"",
        )
    )
    return project(f"{where} is a {type(content).__name__.lower()}", {where: content})


def many_images(random: Random) -> Input:
    n = size(random, 400)
    image = {**CONFIGURATION["images"][0]}
    del image["python"]
    images = [
        {
            **image,
            random.choice(list(image)): random.choice(("x", "Dockerfile", "runtime", "linux/arm64", ".")),
        }
        for _ in range(n)
    ]
    return project("many images", {"parity.toml": as_toml({"images": images})})


TEMPLATES = (
    *(
        odd_values,
        one_odd_value,
        one_odd_value,
        changed,
        changed,
        toml,
        baseline,
        arguments,
        arguments,
        kinds_of_files,
    ),
    many_images,
)
