"""Files that build and start images, broken, huge, or leading back to themselves: compose, workflows, bake, manifests."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.support.corpus.material import (
    LARGEST,
    ODD,
    Content,
    Fifo,
    Input,
    Link,
    as_toml,
    encoded,
    mutated,
    nested,
    repeated,
    size,
    with_odd_values,
)

DOCKERFILE = 'FROM python:3.12-slim AS runtime\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'

COMPOSE: dict[str, Any] = {
    "name": "x",
    "include": [{"path": ["other.yaml"], "env_file": ".env", "project_directory": "."}],
    "x-common": {"a": "b"},
    "services": {
        "web": {
            "build": {
                "context": ".",
                "dockerfile": "Dockerfile",
                "target": "runtime",
                "args": {"A": "b", "C": None},
                "additional_contexts": {"libs": "./libs"},
            },
            "image": "x/y:${TAG:-latest}",
            "command": ["python", "main.py", "${A:-b}"],
            "entrypoint": "sh -c 'exec \"$$@\"'",
            "environment": {"PYTHONPATH": "/app:${LIB:?no}", "N": 1, "T": True, "X": None},
            "env_file": [".env", {"path": "b.env", "required": False}],
            "volumes": [
                "./src:/app/src:ro",
                {"type": "bind", "source": "libs", "target": "/libs"},
                "data:/data",
            ],
            "working_dir": "/app",
            "user": "1000:1000",
            "extends": {"file": "other.yaml", "service": "base"},
            "depends_on": {"db": {"condition": "service_healthy"}},
            "healthcheck": {"test": ["CMD", "python", "-c", "import main"]},
            "profiles": ["x"],
            "deploy": {"replicas": 2},
            "develop": {"watch": [{"path": ".", "action": "sync", "target": "/app"}]},
            "configs": [{"source": "c", "target": "/app/c.py"}],
            "secrets": ["s"],
        },
        "db": {"image": "postgres"},
        "inline": {
            "build": {
                "context": ".",
                "dockerfile_inline": 'FROM python\nCOPY . .\nCMD ["python", "main.py"]\n',
            }
        },
    },
    "volumes": {"data": {}},
    "configs": {"c": {"content": "x = 1", "file": "c.py", "environment": "C"}},
    "secrets": {"s": {"file": "s.txt"}},
}
WORKFLOW: dict[str, Any] = {
    "name": "ci",
    "on": {"push": {"branches": ["main"]}},
    "env": {"A": "${{ github.sha }}"},
    "jobs": {
        "build": {
            "runs-on": "ubuntu-latest",
            "strategy": {
                "matrix": {"target": ["runtime", "dev"], "include": [{"target": "x", "file": "Dockerfile"}]}
            },
            "env": {"TARGET": "${{ matrix.target }}"},
            "defaults": {"run": {"working-directory": "."}},
            "steps": [
                {"uses": "actions/checkout@v4", "with": {"path": "."}},
                {
                    "uses": "docker/build-push-action@v6",
                    "with": {
                        "context": ".",
                        "file": "Dockerfile",
                        "target": "${{ matrix.target }}",
                        "build-args": "A=b\nC=${{ env.A }}",
                        "build-contexts": "libs=./libs",
                        "tags": "x/y:${{ github.ref_name }}",
                    },
                },
                {
                    "run": "docker build -f Dockerfile --target $TARGET --build-arg A=b -t x .\ndocker run x python -c 'import main'",
                    "working-directory": ".",
                },
                {"uses": "docker/bake-action@v5", "with": {"files": "docker-bake.json", "targets": "x"}},
            ],
        }
    },
}
BAKE: dict[str, Any] = {
    "group": {"default": {"targets": ["web", "default"]}},
    "target": {
        "web": {
            "inherits": ["base", "web"],
            "context": ".",
            "dockerfile": "Dockerfile",
            "dockerfile-inline": "FROM python",
            "contexts": {"libs": "libs"},
            "args": {"A": "b"},
            "target": "runtime",
            "tags": ["x/y"],
            "matrix": {"x": ["a", "b"]},
        },
        "base": {"inherits": ["web"]},
    },
    "variable": {"TAG": {"default": "x"}},
}
FLY: dict[str, Any] = {
    "app": "x",
    "build": {
        "dockerfile": "Dockerfile",
        "build-target": "runtime",
        "args": {"A": "b"},
        "ignorefile": ".dockerignore",
    },
    "deploy": {"release_command": "python main.py migrate"},
    "processes": {"web": "python main.py", "worker": "python -m main"},
    "env": {"A": "b"},
    "mounts": [{"source": "x", "destination": "/app"}],
}
CONTAINER: dict[str, Any] = {
    "name": "web",
    "image": "x/y:1",
    "command": ["python"],
    "args": ["main.py", "$(A)"],
    "workingDir": "/app",
    "env": [
        {"name": "A", "value": "b"},
        {"name": "C", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "k", "optional": True}}},
    ],
    "envFrom": [{"prefix": "X_", "configMapRef": {"name": "c"}}],
    "volumeMounts": [{"name": "v", "mountPath": "/app/conf", "subPath": "k", "readOnly": True}],
    "startupProbe": {"exec": {"command": ["python", "-c", "import main"]}},
}
MANIFEST: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "labels": {"a": "b"}},
    "spec": {
        "replicas": 1,
        "template": {
            "metadata": {},
            "spec": {
                "containers": [CONTAINER],
                "initContainers": [CONTAINER],
                "volumes": [{"name": "v", "configMap": {"name": "c", "items": [{"key": "k", "path": "p"}]}}],
                "securityContext": {"runAsUser": 1000},
            },
        },
    },
}
CONFIG_MAP: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "c"},
    "data": {"k": "v"},
}
CRON: dict[str, Any] = {
    "apiVersion": "batch/v1",
    "kind": "CronJob",
    "metadata": {"name": "c"},
    "spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [CONTAINER]}}}}},
}
RENDER: dict[str, Any] = {
    "services": [
        {
            "type": "web",
            "runtime": "docker",
            "name": "x",
            "dockerfilePath": "./Dockerfile",
            "dockerContext": ".",
            "dockerCommand": "python main.py",
            "preDeployCommand": "python main.py migrate",
            "rootDir": ".",
            "envVars": [{"key": "A", "value": "b"}, {"fromGroup": "g"}],
        }
    ],
    "envVarGroups": [{"name": "g", "envVars": [{"key": "A", "value": "b"}]}],
}
HEROKU: dict[str, Any] = {
    "build": {"docker": {"web": "Dockerfile", "worker": "Dockerfile"}, "config": {"A": "b"}},
    "release": {"image": "web", "command": ["python main.py"]},
    "run": {"web": "python main.py", "worker": {"command": ["python -m main"], "image": "web"}},
}
ECS: dict[str, Any] = {
    "family": "x",
    "containerDefinitions": [
        {
            "name": "web",
            "image": "x/y",
            "command": ["python", "main.py"],
            "entryPoint": ["sh", "-c"],
            "environment": [{"name": "A", "value": "b"}],
            "workingDirectory": "/app",
            "mountPoints": [{"sourceVolume": "v", "containerPath": "/app"}],
        }
    ],
    "volumes": [{"name": "v"}],
}
FILES: dict[str, Any] = {
    "compose.yaml": COMPOSE,
    "docker-compose.yml": COMPOSE,
    ".github/workflows/ci.yml": WORKFLOW,
    "docker-bake.json": BAKE,
    "fly.toml": FLY,
    "k8s/web.yaml": MANIFEST,
    "k8s/cron.yaml": CRON,
    "k8s/config.yaml": CONFIG_MAP,
    "render.yaml": RENDER,
    "heroku.yml": HEROKU,
    "task-definition.json": ECS,
}
PROCFILE = "web: gunicorn main:app --bind 0.0.0.0:$PORT\nworker: python -m main\nrelease: python main.py\n"
MAKEFILE = (
    "TAG ?= x\nbuild:\n\tdocker build -t x/y:$(TAG) --target runtime -f Dockerfile .\n"
    "up: build\n\tdocker compose -f compose.yaml -f other.yaml up\n"
)
HCL = """variable "TAG" { default = "x" }
group "default" { targets = ["web"] }
function "f" { params = [a]
  result = "${a}${a}" }
target "web" {
  inherits = ["base"]
  context = "."
  dockerfile = "Dockerfile"
  args = { A = "${TAG}", B = f(TAG) }
  tags = ["x/y:${TAG}"]
  matrix = { x = ["a", "b"] }
}
target "base" { target = "runtime" }
"""


def project(name: str, files: dict[str, Content]) -> Input:
    return Input(
        name,
        {
            "Dockerfile": DOCKERFILE,
            ".dockerignore": "gone.py\n",
            "gone.py": "",
            "main.py": "import gone\n",
            "libs/a.py": "",
            "src/a.py": "",
            ".env": "A=b\nTAG=1\n",
            **files,
        },
    )


def _written(name: str, value: Any) -> bytes:
    return encoded(as_toml(value) if name.endswith(".toml") else json.dumps(value, indent=1))


def odd_values(random: Random) -> Input:
    name = random.choice(["compose.yaml", "compose.yaml", *FILES])
    files: dict[str, Content] = {name: _written(name, with_odd_values(random, FILES[name]))}
    if name.startswith("k8s"):
        files["Makefile"] = "x:\n\tdocker build -t x/y .\n"
    if name == "compose.yaml":
        files["other.yaml"] = _written("other.yaml", {"services": {"base": {"environment": {"B": "c"}}}})
    return project(f"{name} with odd values", files)


def odd_include(random: Random) -> Input:
    value = with_odd_values(random, COMPOSE["services"]["web"])
    files: dict[str, Content] = {
        "compose.yaml": _written("", COMPOSE),
        "other.yaml": _written("", {"services": {"base": value}}),
        ".env": mutated(random, b"A=b\nTAG='x'\n# c\nexport B=\"c\nd\"\nE=${A:-${TAG}}\n"),
    }
    return project("other.yaml with odd values", files)


def changed(random: Random) -> Input:
    others: dict[str, Any] = {
        "Procfile": PROCFILE,
        "Makefile": MAKEFILE,
        "docker-bake.hcl": HCL,
        "build.sh": MAKEFILE,
    }
    name = random.choice(["compose.yaml", *FILES, *others])
    plain = encoded(others[name]) if name in others else _written(name, FILES[name])
    files: dict[str, Content] = {name: mutated(random, plain)}
    return project(f"changed {name}", files)


YAML: dict[str, Callable[[int], str]] = {
    "laughs": lambda n: (
        "a0: &a0 [x, x]\n"
        + "".join(
            f"a{i + 1}: &a{i + 1} [*a{i}, *a{i}, *a{i}, *a{i}, *a{i}, *a{i}, *a{i}, *a{i}, *a{i}]\n"
            for i in range(min(n, 60))
        )
        + f"services: {{web: {{build: ., command: *a{min(n, 60)}}}}}\n"
    ),
    "laughs of mappings": lambda n: (
        "a0: &a0 {x: x}\n"
        + "".join(f"a{i + 1}: &a{i + 1} {{a: *a{i}, b: *a{i}, c: *a{i}}}\n" for i in range(min(n, 60)))
        + f"services: {{web: {{build: ., environment: *a{min(n, 60)}, labels: *a{min(n, 60)}}}}}\n"
    ),
    "laughs of merges": lambda n: (
        "a0: &a0 {x: x}\n"
        + "".join(f"a{i + 1}: &a{i + 1} {{<<: [*a{i}, *a{i}, *a{i}], y{i}: 1}}\n" for i in range(min(n, 60)))
        + f"services: {{web: {{build: ., <<: *a{min(n, 60)}}}}}\n"
    ),
    "anchor in itself": lambda n: (
        "services: &s\n web: &w\n  build: .\n  environment: *w\n  labels: *s\n" + "# a\n" * n
    ),
    "list in itself": lambda n: "services: {web: {build: ., command: &c [python, *c]}}\n",
    "merge of itself": lambda n: "services:\n web: &w\n  <<: *w\n  build: .\n",
    "aliases": lambda n: "x: &x a\nservices: {web: {build: ., command: [" + "*x, " * n + "]}}\n",
    "nested lists": lambda n: "services: {web: {build: ., command: " + nested("[", "a", "]", n) + "}}\n",
    "nested mappings": lambda n: (
        "services: {web: {build: ., environment: " + nested("{a: ", "b", "}", n) + "}}\n"
    ),
    "nested blocks": lambda n: "".join(" " * i + "a:\n" for i in range(min(n, 600))),
    "nested sequences": lambda n: "- " * n + "a\n",
    "nested questions": lambda n: "? " * n + "a\n",
    "services": lambda n: (
        "services:\n" + "".join(f" s{i}: {{build: ., command: python main.py {i}}}\n" for i in range(n))
    ),
    "equal services": lambda n: "services:\n" + "".join(f" s{i}: {{build: .}}\n" for i in range(n)),
    "extends": lambda n: (
        "services:\n"
        + "".join(f" s{i}: {{extends: {{service: s{i + 1}}}}}\n" for i in range(n))
        + f" s{n}: {{build: .}}\n"
    ),
    "extends in a cycle": lambda n: (
        "services:\n"
        + "".join(f" s{i}: {{build: ., extends: {{service: s{(i + 1) % n}}}}}\n" for i in range(n))
    ),
    "extends itself": lambda n: "services: {web: {build: ., extends: {file: compose.yaml, service: web}}}\n",
    "extends itself by name": lambda n: "services: {web: {build: ., extends: web}}\n",
    "include": lambda n: "include: [" + "compose.yaml, " * n + "]\nservices: {web: {build: .}}\n",
    "include up": lambda n: "include: [" + "../" * n + "x.yaml]\nservices: {web: {build: .}}\n",
    "env files": lambda n: "services: {web: {build: ., env_file: [" + ".env, " * n + "]}}\n",
    "variables": lambda n: "services: {web: {build: ., command: '" + "${A}" * n + "'}}\n",
    "nested variables": lambda n: (
        "services: {web: {build: ., command: '" + nested("${A:-", "b", "}", n) + "'}}\n"
    ),
    "unclosed variables": lambda n: "services: {web: {build: ., command: '" + "${A:-" * n + "'}}\n",
    "dollars": lambda n: "services: {web: {build: ., command: '" + "$" * n + "'}}\n",
    "command": lambda n: "services: {web: {build: ., command: " + "a " * n + "}}\n",
    "quoted command": lambda n: 'services: {web: {build: ., command: "' + '\\"' * n + '"}}\n',
    "environment": lambda n: (
        "services:\n web:\n  build: .\n  environment:\n" + "".join(f"   A{i}: b\n" for i in range(n))
    ),
    "volumes": lambda n: (
        "services:\n web:\n  build: .\n  volumes:\n" + "".join(f"  - ./libs:/app/{i}\n" for i in range(n))
    ),
    "volume of colons": lambda n: "services: {web: {build: ., volumes: ['" + ":" * n + "']}}\n",
    "volumes over all": lambda n: (
        "services: {web: {build: ., volumes: ['.:/', '.:/app', './nowhere:/app', '/:/app', '~:/app']}}\n"
    ),
    "inline Dockerfile": lambda n: (
        'services: {web: {build: {context: ., dockerfile_inline: "FROM python\\n'
        + "RUN true\\n" * n
        + '"}}}\n'
    ),
    "contexts": lambda n: "services: {web: {build: {context: '" + "../" * n + "'}}}\n",
    "long context": lambda n: "services: {web: {build: {context: '" + "a" * n + "'}}}\n",
    "remote context": lambda n: "services: {web: {build: 'https://[::1" + "x" * n + "'}}\n",
    "tags": lambda n: (
        "services: {web: {build: !reset ., command: !!python/object/apply:os.system ['touch /tmp/x']}}\n"
    ),
    "odd tags": lambda n: "services: {web: {build: ., command: !" + "a" * n + " b}}\n",
    "documents": lambda n: "---\nservices: {web: {build: .}}\n" * n,
    "one string": lambda n: "x: '" + "a" * n + "'\nservices: {web: {build: .}}\n",
    "string of lines": lambda n: "x: '" + "a\n " * n + "'\nservices: {web: {build: .}}\n",
    "block text": lambda n: "x: |\n" + " a\n" * n + "services: {web: {build: .}}\n",
    "keys": lambda n: "".join(f"x-{i}: a\n" for i in range(n)) + "services: {web: {build: .}}\n",
    "key": lambda n: "a" * n + ": b\nservices: {web: {build: .}}\n",
    "twice": lambda n: "services: {web: {build: .}}\n" * n,
    "numbers": lambda n: (
        "services: {web: {build: ., environment: {A: "
        + "9" * n
        + ", B: 0x"
        + "f" * n
        + ", C: 1e"
        + "9" * n
        + "}}}\n"
    ),
    "sexagesimal": lambda n: "services: {web: {build: ., environment: {A: " + ":".join(["59"] * n) + "}}}\n",
    "dates": lambda n: (
        "services: {web: {build: ., environment: {A: 9999-99-99, B: 2001-12-14t21:59:43.1-99:99}}}\n"
    ),
    "binary": lambda n: "services: {web: {build: ., command: !!binary '" + "A" * n + "'}}\n",
    "sets": lambda n: "services: !!set {web, db}\nvolumes: !!omap [a: 1]\n",
    "keys that are lists": lambda n: "? [a, b]\n: c\n? {a: b}\n: c\nservices: {? [web] : {build: .}}\n",
    "tabs": lambda n: "services:\n\tweb:\n" + "\t" * n + "build: .\n",
    "unclosed": lambda n: "services: {" + "[" * n,
    "unclosed quote": lambda n: "services: {web: {build: '" + "a " * n + "\n",
    "percents": lambda n: "%YAML 9.9\n" + "%TAG ! a\n" * n + "---\nservices: {web: {build: .}}\n",
    "comments": lambda n: "# a\n" * n + "services: {web: {build: .}}\n",
}


def yaml(random: Random) -> Input:
    name = random.choice(list(YAML))
    text = YAML[name](size(random, 10_000))[:LARGEST]
    where = random.choice(
        (
            "compose.yaml",
            "compose.yaml",
            "compose.yaml",
            ".github/workflows/ci.yml",
            "k8s/a.yaml",
            "render.yaml",
            "heroku.yml",
        )
    )
    return project(f"{where}: {name}", {where: encoded(text)})


def files_of_compose(random: Random) -> Input:
    n = size(random, 150)
    shapes: dict[str, Callable[[int], dict[str, Any]]] = {
        "includes in a chain": lambda i: {
            "include": [f"c{i + 1}.yaml"],
            "services": {f"s{i}": {"build": "."}},
        },
        "includes in a cycle": lambda i: {
            "include": [f"c{(i + 1) % n}.yaml"],
            "services": {f"s{i}": {"build": "."}},
        },
        "includes of two": lambda i: {
            "include": [f"c{i + 1}.yaml", f"c{i + 2}.yaml"],
            "services": {f"s{i}": {"build": "."}},
        },
        "includes of all": lambda i: {"include": [f"c{j}.yaml" for j in range(min(n, 40))]},
        "extends in a chain": lambda i: {
            "services": {"s": {"extends": {"file": f"c{i + 1}.yaml", "service": "s"}}}
        },
        "extends in a cycle": lambda i: {
            "services": {"s": {"build": ".", "extends": {"file": f"c{(i + 1) % n}.yaml", "service": "s"}}}
        },
        "extends of two": lambda i: {
            "services": {
                "s": {"build": ".", "extends": {"file": f"c{i + 1}.yaml", "service": "s"}},
                "t": {"build": ".", "extends": {"file": f"c{i + 1}.yaml", "service": "t"}},
            },
            "include": [f"c{i + 1}.yaml"],
        },
    }
    shape = random.choice(list(shapes))
    files: dict[str, Content] = {f"c{i}.yaml": _written("", shapes[shape](i)) for i in range(n)}
    files[f"c{n}.yaml"] = _written("", {"services": {"s": {"build": "."}, "t": {"build": "."}}})
    files["compose.yaml"] = _written("", {**shapes[shape](0)})
    return project(f"compose: {shape}", files)


TEXTS: dict[str, Callable[[int], str]] = {
    "Procfile": lambda n: "web: " + "python main.py " * n,
    "Procfile ": lambda n: "".join(f"p{i}: python main.py\n" for i in range(n)),
    "Makefile": lambda n: "A = $(A)\n" * n + "x:\n\tdocker build -t x " + "$(A)" * n + " .\n",
    "Makefile ": lambda n: "include Makefile\n" * n + "x:\n\tdocker build -t x .\n",
    "Makefile  ": lambda n: "x:\n" + "\tdocker build -t x .\n" * n,
    "Makefile   ": lambda n: (
        "A0 = a\n"
        + "".join(f"A{i + 1} = $(A{i})$(A{i})\n" for i in range(n))
        + f"x:\n\tdocker build -t $(A{n}) .\n"
    ),
    "build.sh": lambda n: "docker build " + "--build-arg A=b " * n + ".\n",
    "build.sh ": lambda n: "docker build -f Dockerfile .\n" * n,
    "build.sh  ": lambda n: ". ./build.sh\n" * n + "docker build .\n",
    "docker-bake.hcl": lambda n: 'target "web" { args = ' + nested("{ A = ", '"b"', " }", n) + " }",
    "docker-bake.hcl ": lambda n: 'target "web" { context = "' + nested("${", "a", "}", n) + '" }',
    "docker-bake.hcl  ": lambda n: "".join(
        f'target "t{i}" {{ inherits = ["t{i + 1}", "t{i + 2}"] }}\n' for i in range(n)
    ),
    "docker-bake.hcl   ": lambda n: (
        'variable "A" { default = "${A}${A}" }\n' * n + 'target "web" { context = "${A}" }\n'
    ),
    "docker-bake.hcl    ": lambda n: (
        'target "web" { matrix = { '
        + "".join(f'a{i} = ["a", "b", "c"]\n' for i in range(n))
        + '}\n name = "x"\n context = "." }\n'
    ),
    "docker-bake.hcl     ": lambda n: 'target "web" { context = ' + "(" * n + "1" + ")" * n + " }\n",
    "docker-bake.hcl      ": lambda n: 'target "web" { context = <<E\n' + "a\n" * n,
    "docker-bake.json": lambda n: json.dumps(
        {"target": {f"t{i}": {"inherits": [f"t{(i + 1) % n}", f"t{(i + 2) % n}"]} for i in range(n)}}
    ),
    "docker-bake.json ": lambda n: json.dumps(
        {"group": {f"g{i}": {"targets": [f"g{i + 1}", f"g{i + 1}"]} for i in range(n)}}
    ),
    "docker-bake.json  ": lambda n: '{"target":' * n,
    ".env": lambda n: "A=" + "$A" * n + "\n" + "A=${A}${A}\n" * n,
    ".env ": lambda n: "A='" + "a\n" * n,
    "task-definition.json": lambda n: "[" * n,
    "fly.toml": lambda n: "processes" + ".a" * n + ' = "x"',
}


def texts(random: Random) -> Input:
    name = random.choice(list(TEXTS))
    text = TEXTS[name](size(random, 10_000))[:LARGEST]
    files: dict[str, Content] = {name.strip(): encoded(text)}
    if name.startswith(".env"):
        files["compose.yaml"] = "services: {web: {build: ., command: '${A}', env_file: .env}}\n"
    return project(f"{name.strip()}: {len(name) - len(name.strip())}", files)


def odd_text(random: Random) -> Input:
    odd = "".join(random.choice(ODD) for _ in range(random.randint(1, 3)))
    where, line = random.choice(
        (
            ("compose.yaml", "services:\n  {}:\n    build: .\n"),
            ("compose.yaml", "services:\n  web:\n    build: {}\n"),
            ("compose.yaml", "services:\n  web:\n    build: .\n    command: {}\n"),
            ("compose.yaml", 'services:\n  web:\n    build: .\n    command: "{}"\n'),
            ("compose.yaml", "services:\n  web:\n    build: .\n    volumes: ['{}:/app', './libs:{}']\n"),
            ("compose.yaml", "services:\n  web:\n    build: .\n    environment: ['{}=x', 'PYTHONPATH={}']\n"),
            ("compose.yaml", "services:\n  web:\n    build: {context: ., target: '{}', args: ['{}']}\n"),
            ("compose.yaml", "services:\n  web:\n    build: .\n    env_file: '{}'\n    working_dir: '{}'\n"),
            ("compose.yaml", "include: ['{}']\nservices: {web: {build: .}}\n"),
            ("compose.yaml", "{}"),
            (".github/workflows/ci.yml", "jobs: {a: {steps: [{run: 'docker build {}'}]}}\n"),
            (".github/workflows/ci.yml", "jobs: {a: {steps: [{run: 'docker build -f {} -t {} .'}]}}\n"),
            (".github/workflows/{}.yml", "jobs: {a: {steps: [{run: 'docker build .'}]}}\n"),
            ("Procfile", "web: {}\n{}: python main.py\n"),
            ("Makefile", "x:\n\tdocker build {}\n"),
            ("fly.toml", "[processes]\na = '{}'\n"),
            (".env", "{}={}\n"),
        )
    )
    where = where.replace("{}", odd.replace("/", "").replace("\0", "")[:40] or "x")
    return project(
        f"odd text in {where!r}: {line!r}"[:70],
        {where: encoded(repeated(random, line.replace("{}", odd), 3))},
    )


def kinds_of_files(random: Random) -> Input:
    where = random.choice(
        (
            "compose.yaml",
            ".github/workflows/ci.yml",
            "docker-bake.json",
            "fly.toml",
            "Procfile",
            "Makefile",
            ".env",
            "k8s/a.yaml",
        )
    )
    content = random.choice(
        (
            Fifo(),
            Link(where.split("/")[-1]),
            Link("/dev/zero"),
            Link("nowhere"),
            Link("/"),
            b"\xff\xfe",
            b"\0" * 1_000,
            b"a: b\n" * 60_000,
        )
    )
    files: dict[str, Content] = {where: content}
    if where == ".env":
        files["compose.yaml"] = "services: {web: {build: ., env_file: .env}}\n"
    return project(f"{where} is a {type(content).__name__.lower()}", files)


TEMPLATES = (
    *(
        odd_values,
        odd_values,
        odd_values,
        odd_include,
        changed,
        changed,
        yaml,
        yaml,
        yaml,
        files_of_compose,
        texts,
        texts,
    ),
    *(odd_text, kinds_of_files),
)
