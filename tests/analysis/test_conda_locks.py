"""What pixi and conda-lock install: environments of a lock file, their Python, their activation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parity.model.version import PythonVersion
from parity.packages.locks import conda_locks
from tests.conftest import ask

FORGE = "https://conda.example/conda-forge"
MANIFEST = """\
[workspace]
name = "shop"
channels = ["conda-forge"]
platforms = ["linux-64", "osx-arm64"]
[dependencies]
python = "3.12.*"
flask = "*"
matplotlib-base = ">=3"
[pypi-dependencies]
requests = { version = ">=2", extras = ["socks"] }
[target.osx-arm64.dependencies]
numpy = "*"
[feature.test.dependencies]
pytest = "*"
[environments]
default = { features = ["test"], solve-group = "all" }
prod = { solve-group = "all" }
bare = { features = ["test"], no-default-feature = true }
[tasks]
start = { cmd = "python main.py", depends-on = ["prepare"], cwd = "code" }
prepare = "python prepare.py"
"""
CONDA_PACKAGES = {
    "libgcc-14.2.0-h767d61c_2": ("", []),
    "python-3.11.9-hb806964_0_cpython": ("python_abi 3.11.* *_cp311", []),
    "flask-3.1.0-pyhff2d567_0": ("python >=3.9", ["flask"]),
    "werkzeug-3.1.3-pyhd8ed1ab_1": ("python >=3.9", ["werkzeug"]),
    "matplotlib-base-3.9.1-py312h9201f00_0": ("python_abi 3.12.* *_cp312", []),
    "graphviz-12.2.1-h5ae0cbf_1": ("libgd >=2.3", []),
    "pytest-8.3.5-pyhd8ed1ab_0": ("python >=3.9", ["pytest"]),
}
IN_PROD = list(CONDA_PACKAGES)[:-1]
REQUESTS = "https://files.example/00/requests-2.32.3-py3-none-any.whl"


def pixi_lock(version: int, *, local: str = "") -> str:
    """In the layout of this version of the format."""
    subdir = {name: "linux-64" if "-h" in name or "-py312" in name else "noarch" for name in CONDA_PACKAGES}
    urls = {name: f"{FORGE}/{subdir[name]}/{name}.conda" for name in CONDA_PACKAGES}
    lines = [f"version: {version}"]
    if version == 7:
        lines += ["platforms:", "- name: linux-64", "- name: osx-arm64"]
    lines += ["environments:"]
    for environment, names in (("default", list(CONDA_PACKAGES)), ("prod", IN_PROD)):
        lines += [f"  {environment}:", "    channels:", f"    - url: {FORGE}/", "    packages:"]
        lines += [
            "      osx-arm64:",
            f"      - conda: {FORGE}/osx-arm64/numpy-2.0.0-py312_0.conda",
            "      linux-64:",
        ]
        lines += [f"      - conda: {urls[name]}" for name in names]
        lines += [f"      - pypi: {REQUESTS}"] + ([f"      - pypi: {local}"] if local else [])
    lines += ["packages:"]
    for name, (needs, purls) in CONDA_PACKAGES.items():
        if version < 6:
            stem, number, _ = name.rsplit("-", 2)
            lines += ["- kind: conda", f"  name: {stem}", f"  version: {number}", f"  url: {urls[name]}"]
        else:
            lines += [f"- conda: {urls[name]}"]
        lines += ["  sha256: 00ff", "  license: MIT"]
        lines += ["  depends:", f"  - {needs}"] if needs else []
        lines += ["  purls:", *(f"  - pkg:pypi/{one}?source=hash-mapping" for one in purls)] if purls else []
    for place, name, number in ((REQUESTS, "requests", "2.32.3"), (local, "shop", "0.1.0")):
        if place and version < 6:
            key = "url" if "://" in place else "path"
            lines += ["- kind: pypi", f"  name: {name}", f"  version: {number}", f"  {key}: {place}"]
        elif place:
            lines += [f"- pypi: {place}", f"  name: {name}", f"  version: {number}"]
    return "\n".join(lines) + "\n"


PIXI = "FROM ghcr.io/prefix-dev/pixi:0.41.4\nWORKDIR /app\nCOPY . .\n"
HOOKED = f"""\
{PIXI.replace("0.41.4", "0.41.4 AS build")}\
RUN pixi install --locked -e prod
RUN pixi shell-hook -e prod -s bash > /hook && echo '#!/bin/bash' > entry.sh && cat /hook >> entry.sh
RUN echo 'exec "$@"' >> entry.sh
FROM ubuntu:24.04
WORKDIR /app
COPY --from=build /app/.pixi/envs/prod /app/.pixi/envs/prod
COPY --from=build --chmod=0755 /app/entry.sh entry.sh
COPY code code
ENTRYPOINT ["/app/entry.sh"]
"""
IMPORTS = "import flask, requests, matplotlib\nimport werkzeug\nimport yaml\nimport graphviz\nimport pytest\n"
LOCKED = [
    ("PAR201", "graphviz", "error"),
    ("PAR201", "yaml", "error"),
    ("PAR203", "werkzeug", "info"),
]


def check(
    folder: Path, dockerfile: str, command: str, files: dict[str, str]
) -> tuple[str | None, list[object]]:
    (folder / "code").mkdir()
    (folder / "code/main.py").write_text(IMPORTS)
    (folder / "prepare.py").write_text("import json\n")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "Dockerfile").write_text(f"{dockerfile}CMD {json.dumps(command.split())}\n")
    (image,) = json.loads(ask("check", str(folder), "--format", "json").out)["images"]
    told = sorted((one["code"], one["module"], one["severity"]) for one in image["findings"])
    return image["python"], told


@pytest.mark.parametrize("version", [5, 6, 7])
def test_an_environment_of_a_lock_file(tmp_path: Path, version: int) -> None:
    files = {"pixi.toml": MANIFEST, "pixi.lock": pixi_lock(version)}
    python, told = check(tmp_path, HOOKED, "python code/main.py", files)
    assert python == "3.11"
    assert told == sorted([*LOCKED, ("PAR202", "pytest", "error")])


@pytest.mark.parametrize(
    ("lines", "command", "expected"),
    [
        ("RUN pixi install --locked\n", "pixi run start", LOCKED),
        ("RUN pixi install\n", "pixi run --frozen python code/main.py", LOCKED),
        (
            "RUN pixi install -a\n",
            "pixi run -e prod python code/main.py",
            [*LOCKED, ("PAR202", "pytest", "error")],
        ),
        ("", "pixi run python code/main.py", LOCKED),
        ("RUN pixi install\nENV PATH=/app/.pixi/envs/default/bin:$PATH\n", "python code/main.py", LOCKED),
        (
            "RUN pixi install --manifest-path pixi.toml\nRUN pixi run pip install graphviz\n"
            "ENV PATH=/app/.pixi/envs/default/bin:$PATH\n",
            "python code/main.py",
            LOCKED[1:],
        ),
        (
            "RUN pixi install && pixi add --pypi pyyaml\n",
            "/app/.pixi/envs/default/bin/python code/main.py",
            [("PAR201", "graphviz", "warning"), LOCKED[2]],
        ),
        ("RUN pixi install\n", "pixi run -e nothing python code/main.py", [("PAR603", None, "info")]),
    ],
)
def test_commands_of_pixi(tmp_path: Path, lines: str, command: str, expected: list[object]) -> None:
    files = {"pixi.toml": MANIFEST, "pixi.lock": pixi_lock(6)}
    _, told = check(tmp_path, f"{PIXI}{lines}", command, files)
    assert told == sorted(expected, key=str)


def test_without_a_lock_file(tmp_path: Path) -> None:
    python, told = check(tmp_path, f"{PIXI}RUN pixi install\n", "pixi run start", {"pixi.toml": MANIFEST})
    assert python == "3.12"
    assert told == [("PAR201", "graphviz", "warning"), ("PAR201", "yaml", "warning")]


@pytest.mark.parametrize("editable", ["true", "false"])
def test_projects_at_hand(tmp_path: Path, editable: str) -> None:
    """A project that pixi builds is there, its variables are set, and what is not there is told."""
    files = {
        "pyproject.toml": "[project]\nname = 'shop'\nversion = '0.1.0'\ndependencies = ['requests']\n"
        "[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'\n"
        "[tool.pixi.workspace]\nchannels = ['conda-forge']\nplatforms = ['linux-64']\n"
        "[tool.pixi.dependencies]\npython = '>=3.11,<3.12'\n"
        f"[tool.pixi.pypi-dependencies]\nshop = {{ path = '.', editable = {editable} }}\n"
        "[tool.pixi.activation.env]\nPYTHONPATH = '$PIXI_PROJECT_ROOT/more'\n"
        "[tool.pixi.tasks]\nserve = 'python -m shop'\n",
        "pixi.lock": pixi_lock(6, local="./"),
        "src/shop/__init__.py": "",
        "src/shop/__main__.py": "import shop.core, extra\nimport shop.gone\n",
        "src/shop/core.py": "import requests\n",
        "more/extra.py": "",
    }
    _, told = check(tmp_path, f"{PIXI}RUN pixi install --frozen\n", "pixi run serve", files)
    assert told == [("PAR104", "shop.gone", "error")]


def test_a_build_without_what_pixi_needs(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text('FROM ghcr.io/prefix-dev/pixi\nRUN pixi install\nCMD ["bash"]\n')
    answer = ask("check", str(tmp_path))
    assert answer.status == 2
    assert "`pixi install` does not succeed" in answer.err


def test_a_project_that_a_step_makes(tmp_path: Path) -> None:
    lines = (
        "FROM ghcr.io/prefix-dev/pixi\nWORKDIR /app\nRUN pixi init && pixi add python flask\nCOPY code code\n"
    )
    _, told = check(tmp_path, lines, "pixi run python code/main.py", {})
    assert [one for one in told if one[2] != "info"] == []


CONDA_LOCK = """\
version: 1
metadata:
  content_hash: {linux-64: 00}
  channels: [{url: conda-forge, used_env_vars: []}]
  platforms: [linux-64, osx-arm64]
package:
- {name: python, version: 3.11.9, manager: conda, platform: linux-64, dependencies: {}, category: main}
- {name: flask, version: 3.1.0, manager: conda, platform: linux-64, dependencies: {python: ''}, category: main}
- {name: graphviz, version: '12.10', manager: conda, platform: linux-64, dependencies: {zlib: ''}, category: main}
- {name: werkzeug, version: 3.1.3, manager: conda, platform: linux-64, dependencies: {python: ''}, category: main}
- {name: matplotlib-base, version: 3.9.1, manager: conda, platform: linux-64, dependencies: {python_abi: 3}}
- {name: requests, version: 2.32.3, manager: pip, platform: linux-64, dependencies: {}, category: main}
- {name: pytest, version: 8.3.5, manager: conda, platform: linux-64, dependencies: {python: ''}, category: dev}
- {name: numpy, version: 2.0.0, manager: conda, platform: osx-arm64, dependencies: {python: ''}, category: main}
"""
EXPLICIT = "# platform: linux-64\n@EXPLICIT\n" + "".join(
    f"{FORGE}/noarch/{name}.conda#00ff\n" for name in [*CONDA_PACKAGES, "requests-2.32.3-pyhd8ed1ab_1"]
)
MINIFORGE = "FROM condaforge/miniforge3\nWORKDIR /app\nCOPY . .\n"
MICROMAMBA = "FROM mambaorg/micromamba:2.0.5\nWORKDIR /app\nCOPY . .\n"
MISSING = [("PAR201", "graphviz", "error"), ("PAR201", "yaml", "error")]
PYTEST = ("PAR201", "pytest", "error")


@pytest.mark.parametrize(
    ("dockerfile", "command", "expected"),
    [
        (f"{MINIFORGE}RUN conda-lock install -n shop\n", "conda run -n shop python code/main.py", MISSING),
        (
            f"{MINIFORGE}RUN conda-lock install --no-dev --prefix /env conda-lock.yml\n",
            "/env/bin/python code/main.py",
            [*MISSING, PYTEST],
        ),
        (
            f"{MINIFORGE}RUN conda create -y -p /env --file conda-linux-64.lock\n",
            "/env/bin/python code/main.py",
            MISSING[1:],
        ),
        (
            f"{MICROMAMBA}RUN micromamba install -y -f conda-linux-64.lock\n",
            "python code/main.py",
            MISSING[1:],
        ),
        (
            f"{MICROMAMBA}RUN micromamba create -n shop -y -f conda-lock.yml\nENV ENV_NAME=shop\n",
            "python code/main.py",
            [*MISSING, PYTEST],
        ),
        (
            f"{MICROMAMBA}RUN micromamba install -y -f conda-lock.yml\nARG MAMBA_DOCKERFILE_ACTIVATE=1\n"
            "RUN pip install graphviz pytest pyyaml\n",
            "python code/main.py",
            [],
        ),
    ],
)
def test_lock_files_of_conda(tmp_path: Path, dockerfile: str, command: str, expected: list[object]) -> None:
    files = {"conda-lock.yml": CONDA_LOCK, "conda-linux-64.lock": EXPLICIT}
    python, told = check(tmp_path, dockerfile, command, files)
    assert python == "3.11"
    assert told == sorted(expected, key=str)


@pytest.mark.parametrize(
    ("dockerfile", "command"),
    [
        (f"{MINIFORGE}RUN conda create -y -n shop python=3.11 --file packages.txt\n", "conda run -n shop"),
        (f"{MICROMAMBA}RUN micromamba create -y -n shop -f environment.yml\n", "micromamba run -n shop"),
        (f"{MICROMAMBA}RUN micromamba install -y -n base -f environment.yml\n", ""),
    ],
)
def test_lists_of_conda(tmp_path: Path, dockerfile: str, command: str) -> None:
    """Of what the packages need nobody knows everything."""
    listed = "flask>=3\nmatplotlib-base=3.9\n# graphviz\nrequests\nconda-forge::pytest\npyyaml\n"
    environment = "dependencies:\n- python 3.11.*\n" + "".join(
        f"- {line}\n" for line in listed.splitlines() if not line.startswith("#")
    )
    files = {"packages.txt": listed, "environment.yml": environment}
    python, told = check(tmp_path, dockerfile, f"{command} python code/main.py", files)
    assert python == "3.11"
    assert told == [("PAR201", "graphviz", "warning")]


@pytest.mark.parametrize("version", ["", "=3.11"])
def test_the_environment_that_micromamba_starts_in(tmp_path: Path, version: str) -> None:
    """Empty in the base image; of a Python that is not pinned, the version is not known."""
    files = {
        "env.yaml": f"dependencies:\n- python{version}\n- flask\n- requests\n- matplotlib\n- pytest\n- pyyaml\n"
    }
    lines = f"{MICROMAMBA}RUN micromamba install -y -n base -f env.yaml && micromamba clean -ay\n"
    python, told = check(tmp_path, lines, "python code/main.py", files)
    assert python == (version[1:] or None)
    assert told == [("PAR201", "graphviz", "warning")]


def test_what_pip_installs_for_conda(tmp_path: Path) -> None:
    """`-r`, `-e` and options in the `pip` list of environment.yml, relative to its folder."""
    files = {
        "env/environment.yml": "name: shop\ndependencies:\n- python=3.11\n- pip:\n  - -r more.txt\n  - -e ../lib\n"
        "  - --no-deps\n  - matplotlib\n",
        "env/more.txt": "flask\nrequests\n",
        "lib/pyproject.toml": "[project]\nname = 'lib'\nversion = '1'\ndependencies = ['pyyaml']\n",
        "lib/lib_of_shop/__init__.py": "",
        "code/main.py": f"import lib_of_shop\n{IMPORTS}",
    }
    lines = f"{MINIFORGE}RUN conda env create -f env/environment.yml\n"
    _, told = check(tmp_path, lines, "conda run -n shop python code/main.py", files)
    assert [one[1] for one in told] == ["graphviz", "pytest"]


@pytest.mark.parametrize(
    "text", ["", "version: 6\nenvironments: 3\n", "[1", "version: 6\npackages:\n- pypi: ./\n"]
)
def test_files_that_are_no_lock_files(text: str) -> None:
    assert not conda_locks.pixi(text.encode())
    assert conda_locks.conda_lock(text.encode()) is None
    assert conda_locks.explicit(text.encode()) is None


def test_versions_are_texts() -> None:
    packages = (conda_locks.conda_lock(CONDA_LOCK.encode()) or {})["main"]
    assert [one.version for one in packages if one.name == "graphviz"] == ["12.10"]
    assert conda_locks.python_of(packages) == PythonVersion(3, 11)
