"""Files that start an image: of platforms and clusters, bake files and Procfiles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from parity.deployments.bake import services_of_bake
from parity.deployments.service import Build
from tests.conftest import ask

DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'
FILES = {
    "Dockerfile": DOCKERFILE,
    "main.py": "",
    "work.py": "import gone.x\n",
    "gone/x.py": "",
    ".dockerignore": "gone\n",
}


def starts(folder: Path, files: Mapping[str, str]) -> list[tuple[list[str], list[str], list[str]]]:
    """(names, command, codes) of each image, but that nothing tries any of them."""
    for name, text in {**FILES, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    answer = ask("check", str(folder), "--format", "json")
    return [
        (
            image["names"],
            (image["entrypoint"] or {"argv": []})["argv"],
            [one["code"] for one in image["findings"] if one["code"] != "PAR801"],
        )
        for image in json.loads(answer.out)["images"]
    ]


def test_processes_of_fly(tmp_path: Path) -> None:
    text = (
        '[build]\ndockerfile = "Dockerfile"\n[deploy]\nrelease_command = "python main.py --migrate"\n'
        '[processes]\nweb = "python main.py"\nworker = "python work.py"\n'
    )
    assert starts(tmp_path, {"fly.toml": text}) == [
        (["fly.toml: release command"], ["python", "main.py", "--migrate"], []),
        (["fly.toml: process web"], ["python", "main.py"], []),
        (["fly.toml: process worker"], ["python", "work.py"], ["PAR101"]),
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('app = "x"\n', ["fly.toml: app"]),
        ('[build]\nimage = "x"\n', []),
        ('[build]\nbuilder = "heroku"\n', []),
        ('[build]\ndockerfile = "gone"\n', []),
        ("x = = 1\n", []),
        ("[processes]\n[build]\n", ["fly.toml: app"]),
        ('build = 3\nprocesses = "x"\n', ["fly.toml: app"]),
    ],
)
def test_fly_without_processes(tmp_path: Path, text: str, names: list[str]) -> None:
    assert starts(tmp_path, {"fly.toml": text}) == [(names, ["python", "main.py"], [])]


def test_a_procfile_tells_where_the_dockerfile_does_not(tmp_path: Path) -> None:
    procfile = "# comment\nweb: python main.py\nworker: python work.py\n"
    assert starts(tmp_path, {"Procfile": procfile}) == [([], ["python", "main.py"], [])]
    without = DOCKERFILE.rpartition("CMD")[0]
    (own, web, worker) = starts(tmp_path, {"Dockerfile": without})
    assert own == ([], [], ["PAR603"])
    assert (web[0], web[2]) == (["Procfile: process web"], [])
    assert (worker[0], worker[2]) == (["Procfile: process worker"], ["PAR101"])


def test_a_procfile_is_not_of_an_image_that_compose_starts(tmp_path: Path) -> None:
    service = "services:\n  web:\n    build: .\n    command: python main.py\n    volumes: [.:/app]\n"
    without = DOCKERFILE.rpartition("CMD")[0]
    files = {"Dockerfile": without, "compose.yaml": service, "Procfile": "worker: python work.py\n"}
    assert "Procfile: process worker" not in [name for one in starts(tmp_path, files) for name in one[0]]


BAKE = {
    "target": {
        "base": {"context": ".", "args": {"A": "1"}},
        "api": {"inherits": ["base"], "target": "run", "tags": ["team/api:1"]},
        "inline": {"inherits": ["base"], "dockerfile-inline": "FROM python:3.12\nCMD python /x.py\n"},
        "unread": {"dockerfile": "${FILE}"},
        "outside": {"context": "../x"},
    }
}


def test_targets_of_a_bake_file(tmp_path: Path) -> None:
    text = DOCKERFILE.replace("slim", "slim AS run") + "FROM run\n"
    assert starts(tmp_path, {"docker-bake.json": json.dumps(BAKE), "Dockerfile": text}) == [
        (["docker-bake.json: target base"], ["python", "main.py"], []),
        (["docker-bake.json: target api"], ["python", "main.py"], []),
        (["docker-bake.json: target inline"], ["/bin/sh", "-c", "python /x.py"], ["PAR602"]),
    ]
    for broken in ("[", "3", '{"target": 3}', '{"target": {"a": 3}}'):
        starts(tmp_path, {"docker-bake.json": broken})


HCL = """\
# the images
variable "STAGE" { default = "run" }
variable "TAG" {
  default = "1"
}
group "default" { targets = ["api"] }
function "tag" {
  params = [name]
  result = ["team/${name}"]
}
target "base" {
  context = "."
  args = { A = "1", B = upper("x") }  // computed
}
target "api" {
  inherits   = ["base"]
  dockerfile = "Dockerfile"
  target     = "${STAGE}"
  tags       = ["team/api:${TAG}", equal(TAG, "1") ? "x" : "y"]
  labels = {
    "org.x" = "y"
  }
}
target "inline" {
  dockerfile-inline = <<EOT
FROM python:3.12
CMD python /x.py
EOT
}
"""


def test_targets_of_a_bake_file_in_hcl(tmp_path: Path) -> None:
    text = DOCKERFILE.replace("slim", "slim AS run") + "FROM run\n"
    assert starts(tmp_path, {"docker-bake.hcl": HCL, "Dockerfile": text}) == [
        (["docker-bake.hcl: target base"], ["python", "main.py"], []),
        (["docker-bake.hcl: target api"], ["python", "main.py"], []),
        (["docker-bake.hcl: target inline"], ["/bin/sh", "-c", "python /x.py"], ["PAR602"]),
    ]
    service = list(services_of_bake(HCL, "docker-bake.hcl"))[1]
    assert service.build == Build("/", "/Dockerfile", "run", (("A", "1"),))
    assert service.images == ("team/api:1",)


@pytest.mark.parametrize(
    "text", ["target", "target {", 'target "a" {', "a = [", "a = {", "}", "a = " + "[" * 500, '"']
)
def test_no_hcl(text: str) -> None:
    assert list(services_of_bake(text, "docker-bake.hcl")) == []


MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: shop}}
spec:
  template:
    spec:
      initContainers:
        - {{name: wait, image: "{image}", args: [python, main.py, --wait]}}
      containers:
        - name: shop
          image: "{image}"
          command: [python]
          args: ["$(SCRIPT)"]
          workingDir: /app
          env:
            - {{name: SCRIPT, valueFrom: {{configMapKeyRef: {{name: settings, key: script}}}}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: settings}}
data: {{script: work.py}}
"""


@pytest.mark.parametrize(
    ("named", "image"),
    [
        ({"compose.yaml": "services: {web: {build: ., image: 'team/shop:1'}}\n"}, "team/shop"),
        ({"Makefile": "x:\n\tdocker build -t ghcr.io/team/shop:$(TAG) .\n"}, "ghcr.io/team/shop:3@sha256:0"),
    ],
)
def test_containers_of_kubernetes(tmp_path: Path, named: Mapping[str, str], image: str) -> None:
    found = starts(tmp_path, {**named, "k8s/shop.yaml": MANIFEST.format(image=image)})
    told = {names[0]: (command, codes) for names, command, codes in found}
    label = "k8s/shop.yaml: Deployment shop"
    assert told[label] == (["python", "work.py"], ["PAR101"])
    assert told[f"{label}, init container wait"] == (["python", "main.py", "--wait"], [])
    assert len(found) == 3


@pytest.mark.parametrize(
    "image", ["postgres:15", "bitnami/redis", "team/other", "{{ .Values.image }}", "shop"]
)
def test_images_of_others_are_not_taken_for_ours(tmp_path: Path, image: str) -> None:
    assert starts(tmp_path, {"k8s.yaml": MANIFEST.format(image=image)}) == [([], ["python", "main.py"], [])]


def test_an_image_that_is_called_like_the_folder_of_its_dockerfile(tmp_path: Path) -> None:
    files = {"shop/Dockerfile": DOCKERFILE, "k8s.yaml": MANIFEST.format(image="eu.gcr.io/team/shop:2")}
    names = [names for names, _, _ in starts(tmp_path, files)]
    assert ["k8s.yaml: Deployment shop"] in names


VOLUMES = """\
kind: Pod
metadata: {{name: shop}}
spec:
  volumes:
    - name: v
      {volume}
  containers:
    - image: team/shop
      volumeMounts: [{{name: v, mountPath: /app/pack{more}}}]
---
kind: ConfigMap
metadata: {{name: conf}}
data: {{a.ini: x, b.py: y}}
"""


@pytest.mark.parametrize(
    ("volume", "more", "codes"),
    [
        ("configMap: {name: conf}", "", ["PAR702"]),
        ("emptyDir: {}", "", ["PAR702"]),
        ("secret: {secretName: x, items: [{key: k, path: p}]}", "", ["PAR702"]),
        ("configMap: {name: conf}", "/a.ini, subPath: a.ini", []),
        ("configMap: {name: other}", "", []),
        ("persistentVolumeClaim: {claimName: x}", "", []),
        ("hostPath: {path: /x}", "", []),
        ("configMap: {name: conf}", "age", []),
    ],
)
def test_volumes_of_kubernetes(tmp_path: Path, volume: str, more: str, codes: list[str]) -> None:
    files = {
        "main.py": "from pack import X\n",
        "pack/__init__.py": "X = 1\n",
        "compose.yaml": "services: {web: {build: ., image: team/shop}}\n",
        "pod.yaml": VOLUMES.format(volume=volume, more=more),
    }
    found = {names[0]: codes for names, _, codes in starts(tmp_path, files)}
    assert found.get("pod.yaml: Pod shop", found["compose.yaml: web"]) == codes


RENDER = """\
services:
  - {type: web, name: web, runtime: docker, envVars: [{key: A, value: "1"}]}
  - type: worker
    name: worker
    env: docker
    dockerfilePath: ./Dockerfile
    dockerContext: .
    dockerCommand: exec python work.py
    preDeployCommand: python main.py --migrate
  - {type: web, name: other, runtime: python}
  - {type: web, name: outside, runtime: docker, rootDir: ../x}
  - {type: web, name: gone, runtime: docker, dockerfilePath: gone}
"""


def test_a_blueprint_of_render(tmp_path: Path) -> None:
    assert starts(tmp_path, {"render.yaml": RENDER}) == [
        (["render.yaml: service web"], ["python", "main.py"], []),
        (["render.yaml: service worker"], ["/bin/sh", "-c", "exec python work.py"], ["PAR101"]),
        (["render.yaml: pre-deploy of worker"], ["/bin/sh", "-c", "python main.py --migrate"], []),
    ]


HEROKU = """\
build:
  docker: {web: Dockerfile}
release:
  image: web
  command: [python main.py --migrate]
run:
  web: python main.py
  worker: {image: web, command: [python work.py]}
"""


def test_processes_of_heroku(tmp_path: Path) -> None:
    assert starts(tmp_path, {"heroku.yml": HEROKU}) == [
        (["heroku.yml: process web"], ["/bin/sh", "-c", "python main.py"], []),
        (["heroku.yml: process worker"], ["/bin/sh", "-c", "python work.py"], ["PAR101"]),
        (["heroku.yml: release"], ["/bin/sh", "-c", "python main.py --migrate"], []),
    ]


def test_what_a_workflow_or_a_shell_puts_in_is_one_word(tmp_path: Path) -> None:
    build = "docker build --cache-from ${{ env.IMAGE }}-base:latest --build-arg REV=$(git rev-parse HEAD) -t shop ./api"
    files = {
        "api/Dockerfile": "FROM python:3.12-slim\nCOPY main.py .\nCMD python main.py\n",
        "api/main.py": "",
        "build.sh": f"{build}\n",
    }
    assert (["build.sh: line 1"], ["/bin/sh", "-c", "python main.py"], []) in starts(tmp_path, files)


def test_containers_of_ecs(tmp_path: Path) -> None:
    containers = [
        {"name": "worker", "image": "1.dkr.ecr.eu.amazonaws.com/shop:3", "command": ["python", "work.py"]},
        {"name": "db", "image": "postgres"},
        {"name": "broken", "image": 3},
    ]
    files = {
        "build.sh": "docker build -t 1.dkr.ecr.eu.amazonaws.com/shop .\n",
        "task-definition.json": json.dumps({"containerDefinitions": containers}),
    }
    assert starts(tmp_path, files) == [
        (["task-definition.json: container worker"], ["python", "work.py"], ["PAR101"]),
        (["build.sh: line 1"], ["python", "main.py"], []),
    ]
    for broken in ("[", "3", '{"containerDefinitions": 3}', '{"containerDefinitions": [3]}'):
        starts(tmp_path, {"task-definition.json": broken})


@pytest.mark.parametrize(
    "name", ["render.yaml", "heroku.yml", "k8s.yaml", "compose.yaml", ".github/workflows/a.yml"]
)
@pytest.mark.parametrize(
    "text",
    [
        "services: [{{",
        "[]",
        "services: 3\nbuild: 3\nrun: [3]\njobs: 3\nkind: Pod\nspec: {containers: [3, {image: 3}]}\n",
        "a: &a [*a]\nservices: &s {s: *s}\nbuild: {docker: {x: [1]}}\njobs: &j {j: {steps: [*j]}}\n",
        "kind: Pod\nspec: &s\n  containers: &c [{image: team/x, volumeMounts: *c, env: *c, args: *c}]\n  volumes: *c\n",
        "&a a: &b b\n<<: [{x: 1}, 3]\nservices:\n  <<: {web: {build: {<<: {context: .}}}}\n",
    ],
)
def test_files_that_mean_nothing(tmp_path: Path, name: str, text: str) -> None:
    assert all(names in ([], [f"{name}: web"]) for names, _, _ in starts(tmp_path, {name: text}))


COMPOSE = 'services:\n  web:\n    image: acme/shop\n    command: ["python", "work.py"]\n'
BUILDS = "on: push\njobs:\n  b:\n    runs-on: x\n    steps:\n      - run: docker build -f docker/Dockerfile -t x .\n"


@pytest.mark.parametrize(
    ("others", "started"),
    [
        ({}, "Dockerfile"),
        ({".devcontainer/Dockerfile": DOCKERFILE}, "Dockerfile"),
        ({"docker/Dockerfile": DOCKERFILE}, "Dockerfile"),
        ({"docker/Dockerfile": DOCKERFILE, ".github/workflows/ci.yml": BUILDS}, "docker/Dockerfile"),
    ],
)
def test_an_image_called_like_the_repository_is_one_dockerfile_s(
    tmp_path: Path, others: Mapping[str, str], started: str
) -> None:
    repository = tmp_path / "shop"
    starts(repository, {"docs/compose.yml": COMPOSE, **others})
    answer = ask("check", str(repository), "--format", "json")
    images = json.loads(answer.out)["images"]
    named = {image["dockerfile"] for image in images if "docs/compose.yml: web" in image["names"]}
    assert named == {started}
