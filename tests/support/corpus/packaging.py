"""Files of packages that are broken, huge, nested, or that lead back to themselves: requirements, projects, locks."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.support.corpus.material import (
    LARGEST,
    ODD,
    Content,
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

HEAD = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n"
END = 'CMD ["python", "main.py"]\n'


def project(name: str, install: str, files: dict[str, Content]) -> Input:
    return Input(
        name,
        {
            "Dockerfile": HEAD + "".join(f"RUN {line}\n" for line in install.split("\n") if line) + END,
            ".dockerignore": "gone.py\n",
            "gone.py": "",
            "main.py": "import requests, app, yaml\nimport gone\n",
            "src/app/__init__.py": "",
            "app/__init__.py": "",
            **files,
        },
    )


REQUIREMENTS: dict[str, Callable[[int], str]] = {
    "itself": lambda n: "-r requirements.txt\n" * n,
    "itself as constraints": lambda n: "-c requirements.txt\n" * n,
    "each other": lambda n: "-r a.txt\n-r b.txt\n" * n,
    "many": lambda n: "\n".join(f"p{i}=={i}.0" for i in range(n)),
    "one": lambda n: "requests\n" * n,
    "versions": lambda n: "requests" + ",".join([">=1.0"] * n),
    "long version": lambda n: "requests==1" + ".1" * n,
    "large version": lambda n: "requests==" + "9" * n,
    "epoch": lambda n: "requests==" + "9" * n + "!1",
    "extras": lambda n: "requests[" + ",".join(f"e{i}" for i in range(n)) + "]",
    "markers": lambda n: "requests; " + " and ".join(["python_version > '3'"] * n),
    "nested markers": lambda n: "requests; " + nested("(", "os_name == 'posix'", ")", n),
    "unclosed markers": lambda n: "requests; " + "(" * n,
    "hashes": lambda n: "requests==1 " + " ".join(["--hash=sha256:" + "a" * 64] * n),
    "continued": lambda n: "requests \\\n" * n,
    "comments": lambda n: "# x\n" * n,
    "name": lambda n: "r" * n,
    "name of dots": lambda n: "r" + ".-_" * n + "r",
    "url": lambda n: "requests @ https://x/" + "a/" * n,
    "urls": lambda n: "git+https://x/y.git@" + "a" * n + "#egg=requests\n",
    "editable": lambda n: "-e .\n" * n,
    "editable up": lambda n: "-e " + "../" * n,
    "path": lambda n: "./" + "a/" * n + "x.whl",
    "variables": lambda n: "${A}" * n,
    "options": lambda n: "--index-url https://x --extra-index-url https://y --no-binary :all:\n" * n,
    "find links": lambda n: "-f " + "a" * n,
    "blanks": lambda n: " " * n + "requests",
    "brackets": lambda n: "requests" + "[" * n,
    "percents": lambda n: "./" + "%41" * n,
}


def requirements(random: Random) -> Input:
    name = random.choice(list(REQUIREMENTS))
    text = encoded(REQUIREMENTS[name](size(random, 10_000))[:LARGEST])
    if random.random() < 0.3:
        text = mutated(random, text + b"\nrequests[socks]>=2,<3; python_version>'3.8' --hash=sha256:aa\n")
    install = random.choice(
        (
            "pip install -r requirements.txt",
            "pip install -r requirements.txt -c requirements.txt",
            "uv pip install --system -r requirements.txt",
            "pip install -r a.txt",
            "python -m pip install --no-deps -r requirements.txt -r b.txt",
            "xargs pip install < requirements.txt",
        )
    )
    return project(
        f"requirements: {name}",
        install,
        {
            "requirements.txt": text,
            "a.txt": random.choice(("-r b.txt\n-r requirements.txt\n", Link("requirements.txt"))),
            "b.txt": random.choice(("-r a.txt\n-r a.txt\n", "-r ../app/b.txt\n", Link("a.txt"), "yaml\n")),
        },
    )


def files_of_requirements(random: Random) -> Input:
    """Hundreds of files that name each other."""
    n = size(random, 500)
    shapes: dict[str, Callable[[int], str]] = {
        "chain": lambda i: f"-r r{i + 1}.txt\n",
        "cycle": lambda i: f"-r r{(i + 1) % n}.txt\n",
        "tree": lambda i: f"-r r{i + 1}.txt\n-r r{i + 1}.txt\n",
        "two": lambda i: f"-r r{(i + 1) % n}.txt\n-r r{(i * 7) % n}.txt\n-c r{(i * 3) % n}.txt\n",
        "all": lambda i: "".join(f"-r r{j}.txt\n" for j in range(min(n, 60))),
    }
    shape = random.choice(list(shapes))
    files: dict[str, Content] = {f"r{i}.txt": shapes[shape](i) + f"p{i}\n" for i in range(n)}
    return project(f"requirements in a {shape}", "pip install -r r0.txt", files)


PROJECT: dict[str, Any] = {
    "project": {
        "name": "app",
        "version": "1.0",
        "requires-python": ">=3.11",
        "dependencies": ["requests>=2", "pyyaml; python_version > '3'", "app[extra]"],
        "dynamic": ["readme"],
        "optional-dependencies": {"extra": ["uvloop"], "all": ["app[extra,all]"]},
        "scripts": {"app": "app.main:run"},
        "entry-points": {"console": {"x": "app:y"}},
    },
    "build-system": {
        "requires": ["setuptools"],
        "build-backend": "setuptools.build_meta",
        "backend-path": ["."],
    },
    "dependency-groups": {
        "dev": ["pytest", {"include-group": "dev"}, {"include-group": "test"}],
        "test": ["x"],
    },
    "tool": {
        "setuptools": {
            "packages": {
                "find": {"where": ["src"], "include": ["app*"], "exclude": ["**/x"], "namespaces": False}
            },
            "package-dir": {"": "src"},
            "package-data": {"*": ["*.json"]},
            "py-modules": ["main"],
            "dynamic": {
                "version": {"attr": "app.__version__"},
                "dependencies": {"file": ["requirements.txt"]},
            },
        },
        "poetry": {
            "name": "app",
            "packages": [{"include": "app", "from": "src", "to": "x", "format": "wheel"}],
            "dependencies": {
                "python": "^3.11",
                "requests": {"version": "*", "extras": ["a"], "path": ".", "develop": True},
            },
            "group": {"dev": {"optional": True, "dependencies": {"app": {"path": "../app"}}}},
            "extras": {"a": ["requests"]},
            "scripts": {"app": {"reference": "app:x", "type": "console"}},
        },
        "hatch": {
            "build": {
                "targets": {
                    "wheel": {"packages": ["src/app"], "force-include": {"a": "b"}, "sources": {"src": ""}}
                },
                "include": ["*"],
                "exclude": ["x"],
            },
            "envs": {"default": {"dependencies": ["x"]}},
            "metadata": {"hooks": {"x": {}}},
        },
        "uv": {
            "sources": {"app": {"workspace": True}, "requests": {"path": ".", "editable": True}},
            "workspace": {"members": ["packages/*", "."], "exclude": ["x"]},
            "package": True,
            "dev-dependencies": ["x"],
            "build-backend": {"module-root": "src", "module-name": ["app"], "namespace": True},
        },
        "pdm": {
            "build": {"includes": ["app"], "package-dir": "src"},
            "dev-dependencies": {"x": ["-e file:///./app"]},
        },
        "flit": {"module": {"name": "app"}, "sdist": {}},
        "maturin": {"python-source": "python", "module-name": "app._x"},
        "setuptools_scm": {"write_to": "app/_version.py"},
    },
}
INSTALLS = (
    "pip install .",
    "pip install -e '.[extra,all]'",
    "pip install --no-deps .",
    "poetry install --without dev",
    "poetry install --no-root\npoetry export -f requirements.txt -o r.txt && pip install -r r.txt",
    "uv sync --frozen --no-dev",
    "uv sync --all-packages --all-extras --locked",
    "uv pip install --system .",
    "uv pip install -r pyproject.toml --all-extras",
    "uv export --format requirements-txt > r.txt && pip install -r r.txt",
    "pdm install --prod --no-editable",
    "pipenv install --system --deploy --ignore-pipfile",
    "pipenv requirements > r.txt && pip install -r r.txt",
    "conda env create -f environment.yml",
    "micromamba install -y -f environment.yml",
    "python setup.py install",
    "python setup.py develop",
    "pip install --group dev\nhatch build\npip install dist/*.whl",
    "python -m build && pip install dist/*.whl",
    "pip install -r pylock.toml",
    "flit install --symlink",
    "pip install -r requirements.txt .",
)
LOCKS: dict[str, tuple[str, Any]] = {
    "uv.lock": (
        "toml",
        {
            "version": 1,
            "requires-python": ">=3.11",
            "package": [
                {
                    "name": "app",
                    "version": "1.0",
                    "source": {"editable": "."},
                    "dependencies": [{"name": "requests", "extra": ["a"], "marker": "python_version > '3'"}],
                    "optional-dependencies": {"extra": [{"name": "app"}]},
                    "metadata": {"requires-dist": [{"name": "requests"}]},
                },
                {
                    "name": "requests",
                    "version": "2.0",
                    "source": {"registry": "https://x"},
                    "dependencies": [{"name": "app"}, {"name": "requests"}],
                    "wheels": [
                        {"url": "https://x/requests-2.0-py3-none-any.whl", "hash": "sha256:a", "size": 1}
                    ],
                },
            ],
        },
    ),
    "poetry.lock": (
        "toml",
        {
            "package": [
                {
                    "name": "requests",
                    "version": "2.0",
                    "optional": False,
                    "python-versions": ">=3",
                    "groups": ["main"],
                    "files": [{"file": "requests-2.0-py3-none-any.whl", "hash": "sha256:a"}],
                    "dependencies": {"app": {"version": "*", "optional": True, "markers": "extra == 'x'"}},
                    "extras": {"x": ["app"]},
                    "source": {"type": "directory", "url": "."},
                }
            ],
            "metadata": {"lock-version": "2.0", "python-versions": ">=3", "content-hash": "a"},
            "extras": {"a": ["requests"]},
        },
    ),
    "pdm.lock": (
        "toml",
        {
            "metadata": {
                "groups": ["default"],
                "strategy": ["x"],
                "lock_version": "4.5.0",
                "content_hash": "a",
            },
            "package": [
                {
                    "name": "requests",
                    "version": "2.0",
                    "groups": ["default"],
                    "dependencies": ["app>=1"],
                    "path": ".",
                }
            ],
        },
    ),
    "pylock.toml": (
        "toml",
        {
            "lock-version": "1.0",
            "packages": [
                {"name": "requests", "version": "2", "marker": "x", "dependencies": [{"name": "requests"}]}
            ],
        },
    ),
    "Pipfile": (
        "toml",
        {
            "source": [{"url": "https://x", "name": "pypi", "verify_ssl": True}],
            "packages": {"requests": {"version": "*", "extras": ["a"], "path": ".", "editable": True}},
            "dev-packages": {"x": "*"},
            "requires": {"python_version": "3.12"},
        },
    ),
    "Pipfile.lock": (
        "json",
        {
            "_meta": {"hash": {"sha256": "a"}, "pipfile-spec": 6, "requires": {"python_version": "3.12"}},
            "default": {
                "requests": {"version": "==2", "hashes": ["sha256:a"], "markers": "x", "extras": ["a"]}
            },
            "develop": {"x": {"path": ".", "editable": True}},
        },
    ),
    "environment.yml": (
        "json",  # YAML reads it
        {
            "name": "x",
            "channels": ["conda-forge"],
            "dependencies": ["python=3.12", "requests=2", "pip", {"pip": ["-r requirements.txt", "pyyaml"]}],
            "variables": {"A": "b"},
        },
    ),
    "conda-lock.yml": (
        "json",
        {
            "version": 1,
            "package": [{"name": "requests", "version": "2", "manager": "pip", "platform": "linux-64"}],
        },
    ),
}


def _written(form: str, value: Any) -> bytes:
    if form == "toml":
        return encoded(as_toml(value) if isinstance(value, dict) else str(value))
    return encoded(json.dumps(value))


def odd_project(random: Random) -> Input:
    value = with_odd_values(random, PROJECT)
    lock = random.choice(list(LOCKS))
    form, plain = LOCKS[lock]
    return project(
        "project with odd values",
        random.choice(INSTALLS),
        {
            "pyproject.toml": _written("toml", value),
            lock: _written(form, plain),
            "requirements.txt": "requests\n",
        },
    )


def odd_lock(random: Random) -> Input:
    lock = random.choice(list(LOCKS))
    form, plain = LOCKS[lock]
    fitting = [
        line for line in INSTALLS if lock.split(".")[0].split("-")[0].lower()[:4] in line.lower()
    ] or list(INSTALLS)
    return project(
        f"{lock} with odd values",
        random.choice(fitting),
        {
            "pyproject.toml": as_toml(PROJECT),
            "requirements.txt": "-e .\n",
            "Pipfile": as_toml(LOCKS["Pipfile"][1]),
            lock: _written(form, with_odd_values(random, plain)),
        },
    )


def changed_lock(random: Random) -> Input:
    lock = random.choice([*LOCKS, "pyproject.toml"])
    form, plain = LOCKS.get(lock, ("toml", PROJECT))
    install = random.choice(INSTALLS)
    return project(
        f"changed {lock}",
        install,
        {
            "pyproject.toml": as_toml(PROJECT),
            lock: mutated(random, _written(form, plain)),
            "requirements.txt": "x\n",
        },
    )


GRAPHS: dict[str, Callable[[int, int], list[int]]] = {
    "chain": lambda i, n: [i + 1] if i + 1 < n else [],
    "cycle": lambda i, n: [(i + 1) % n],
    "tree": lambda i, n: [j for j in (2 * i + 1, 2 * i + 2) if j < n],
    "ladder": lambda i, n: [j for j in (i + 1, i + 2) if j < n],
    "all": lambda i, n: list(range(min(n, 60))),
    "itself": lambda i, n: [i, i],
}


def large_lock(random: Random) -> Input:
    n = size(random, 3_000)
    shape = random.choice(list(GRAPHS))
    edges = GRAPHS[shape]
    lock, value, install = random.choice(
        (
            (
                "uv.lock",
                {
                    "version": 1,
                    "package": [
                        {
                            "name": "app",
                            "version": "1",
                            "source": {"editable": "."},
                            "dependencies": [{"name": "p0"}],
                        },
                        *(
                            {
                                "name": f"p{i}",
                                "version": "1",
                                "source": {"registry": "https://x"},
                                "dependencies": [{"name": f"p{j}"} for j in edges(i, n)],
                            }
                            for i in range(n)
                        ),
                    ],
                },
                "uv sync --frozen",
            ),
            (
                "poetry.lock",
                {
                    "package": [
                        {"name": f"p{i}", "version": "1", "dependencies": {f"p{j}": "*" for j in edges(i, n)}}
                        for i in range(n)
                    ],
                    "metadata": {"lock-version": "2.0"},
                },
                "poetry install",
            ),
            (
                "pdm.lock",
                {
                    "package": [
                        {"name": f"p{i}", "version": "1", "dependencies": [f"p{j}" for j in edges(i, n)]}
                        for i in range(n)
                    ]
                },
                "pdm install",
            ),
        )
    )
    data = _written("toml", value)[: 4 * LARGEST]
    project_file = as_toml({"project": {"name": "app", "version": "1", "dependencies": ["p0"]}})
    return project(f"{lock} of a {shape}", install, {"pyproject.toml": project_file, lock: data})


def projects(random: Random) -> Input:
    """Projects that depend on each other by their paths."""
    n = size(random, 200)
    shape = random.choice(list(GRAPHS))
    files: dict[str, Content] = {}
    for i in range(n):
        names = [f"p{j}" for j in GRAPHS[shape](i, n)]
        value: dict[str, Any] = {
            "project": {
                "name": f"p{i}",
                "version": "1",
                "dependencies": [*names, f"q @ file:../p{(i + 1) % n}"],
            },
            "tool": {
                "uv": {"sources": {name: {"path": f"../{name}", "editable": True} for name in names}},
                "poetry": {
                    "name": f"p{i}",
                    "dependencies": {name: {"path": f"../{name}", "develop": True} for name in names},
                },
            },
            "build-system": {
                "requires": [],
                "build-backend": random.choice(("hatchling.build", "poetry.core.masonry.api", "x")),
            },
        }
        files[f"p{i}/pyproject.toml"] = as_toml(value)
        files[f"p{i}/p{i}/__init__.py"] = f"import p{(i + 1) % n}\n"
    install = random.choice(
        (
            "pip install ./p0",
            "pip install -e p0",
            "cd p0 && poetry install",
            "cd p0 && uv sync",
            "pip install ./p*",
        )
    )
    return project(f"projects in a {shape}", install, files)


TOML: dict[str, Callable[[int], str]] = {
    "dotted key": lambda n: "a" + ".a" * n + " = 1",
    "dotted keys": lambda n: "".join(f"a.b{i}.c.d = 1\n" for i in range(n)),
    "dotted table": lambda n: "[a" + ".a" * n + "]\nb = 1",
    "dotted tables": lambda n: "".join(f"[a{'.b' * (i % 60)}.c{i}]\n" for i in range(n)),
    "nested lists": lambda n: "a = " + nested("[", "1", "]", n),
    "nested tables": lambda n: "a = " + nested("{a = ", "1", "}", n),
    "unclosed lists": lambda n: "a = " + "[" * n,
    "tables of a list": lambda n: "[[a]]\nb = 1\n" * n,
    "keys": lambda n: "".join(f"a{i} = 1\n" for i in range(n)),
    "key": lambda n: "a" * n + " = 1",
    "number": lambda n: "a = " + "9" * n,
    "numbers": lambda n: "a = [" + "1, " * n + "]",
    "float": lambda n: "a = 1." + "9" * n + "e" + "9" * n,
    "hexadecimal": lambda n: "a = 0x" + "f" * n,
    "string": lambda n: 'a = "' + "a" * n + '"',
    "escapes": lambda n: 'a = "' + "\\u0041" * n + '"',
    "surrogate": lambda n: 'a = "' + "\\ud800" * n + '"',
    "lines": lambda n: 'a = """' + "a\n" * n + '"""',
    "unclosed lines": lambda n: "a = '''" + "a\n" * n,
    "dates": lambda n: "a = [" + "1979-05-27T07:32:00Z, " * n + "]",
    "odd dates": lambda n: "a = 9999-99-99T99:99:99." + "9" * n + "Z",
    "comments": lambda n: "# a\n" * n,
    "blanks": lambda n: " " * n,
    "quoted keys": lambda n: '"a b".' * n + "c = 1",
    "twice": lambda n: "a = 1\n" * n,
}


def toml(random: Random) -> Input:
    name = random.choice(list(TOML))
    text = TOML[name](size(random, 30_000))[:LARGEST]
    where = random.choice(
        ("pyproject.toml", "pyproject.toml", "uv.lock", "poetry.lock", "Pipfile", "pdm.lock", "pylock.toml")
    )
    files: dict[str, Content] = {
        "pyproject.toml": as_toml(PROJECT),
        "requirements.txt": "",
        where: encoded(text),
    }
    if where == "pyproject.toml" and random.random() < 0.5:
        files[where] = encoded(f"{text}\n{as_toml({'project': PROJECT['project']})}")
    return project(f"TOML in {where}: {name}", random.choice(INSTALLS), files)


SETUP = """from setuptools import setup, find_packages
import os, re
here = os.path.dirname(__file__)
version = re.search(r'x = "(.*)"', open(os.path.join(here, "app/__init__.py")).read() or 'x = "1"')
setup(
    name="app", version="1", packages=find_packages("src", exclude=["tests*"]), package_dir={"": "src"},
    py_modules=["main"], install_requires=open("requirements.txt").read().splitlines(),
    extras_require={"all": ["x"]}, entry_points={"console_scripts": ["app = app:main"]}, python_requires=">=3",
)
"""
CFG = """[metadata]
name = app
version = attr: app.__version__
[options]
packages = find:
package_dir =
    = src
install_requires =
    requests>=2
    file: requirements.txt
python_requires = >=3
[options.packages.find]
where = src
exclude =
    tests*
[options.extras_require]
all = x; y
[options.entry_points]
console_scripts =
    app = app:main
"""


def setup(random: Random) -> Input:
    which, text = random.choice((("setup.py", SETUP), ("setup.cfg", CFG)))
    data = mutated(random, encoded(text))
    if random.random() < 0.3:
        bomb = random.choice(
            (
                "x = 'a' * 10**9\n",
                "while True: pass\n",
                "packages = ['a'] * 10**9\n",
                "[" * 5000,
                "%(x)s" * 5000,
            )
        )
        data = encoded(bomb) + data
    files: dict[str, Content] = {"setup.py": SETUP, which: data, "requirements.txt": "requests\n"}
    return project(
        f"changed {which}",
        random.choice(("pip install .", "python setup.py install", "pip install -e .")),
        files,
    )


def odd_text(random: Random) -> Input:
    odd = "".join(random.choice(ODD) for _ in range(random.randint(1, 3)))
    where, line = random.choice(
        (
            ("requirements.txt", "{}"),
            ("requirements.txt", "requests=={}"),
            ("requirements.txt", "requests[{}]"),
            ("requirements.txt", "-r {}"),
            ("requirements.txt", "-e {}"),
            ("requirements.txt", "requests @ {}"),
            ("requirements.txt", "requests; {} == '1'"),
            ("requirements.txt", "requests; extra == '{}'"),
            ("requirements.txt", "--{}"),
            ("environment.yml", "dependencies: [{}]"),
            ("environment.yml", "dependencies:\n- {}\n- pip:\n  - {}\n"),
            ("Pipfile.lock", '{"default": {"{}": {}}}'),
            ("pyproject.toml", "[project]\nname = '{}'\ndependencies = ['{}']"),
            ("setup.cfg", "[options]\ninstall_requires = {}\n[{}]\n{}"),
            (".python-version", "{}"),
            ("runtime.txt", "python-{}"),
        )
    )
    text = line.replace("{}", odd)
    files: dict[str, Content] = {"requirements.txt": "x\n", where: encoded(repeated(random, text + "\n", 20))}
    return project(
        f"odd text in {where}: {line!r}", random.choice(INSTALLS) + "\npip install -r requirements.txt", files
    )


def environment(random: Random) -> Input:
    """A virtual environment with odd metadata."""
    n = size(random, 300)
    metadata = random.choice(
        (
            "Metadata-Version: 2.1\nName: requests\nVersion: 1\n"
            + "Requires-Dist: requests[x]; extra == 'x'\n" * n,
            "Name: " + "r" * n,
            "Requires-Dist: " + "(" * n,
            random.randbytes(n),
            "\x1b[2J: x\nName: \u202e\n",
        )
    )
    record = random.choice(
        (
            "".join(f"requests/a{i}.py,,\n" for i in range(n)),
            "../" * n + "x.py,,\n",
            "requests/__init__.py\n" * n,
            '"' * n,
            random.randbytes(n),
        )
    )
    site = ".venv/lib/python3.12/site-packages"
    return project(
        "environment with odd metadata",
        "pip install requests",
        {
            ".venv/pyvenv.cfg": random.choice(
                ("home = /usr\nversion = 3.12\n", "version = " + "9" * n, b"\xff", Link("pyvenv.cfg"))
            ),
            f"{site}/requests-1.dist-info/METADATA": metadata,
            f"{site}/requests-1.dist-info/RECORD": record,
            f"{site}/requests-1.dist-info/top_level.txt": random.choice(
                ("requests\n" * n, "\0", "../..\n", "/\n")
            ),
            f"{site}/requests-1.dist-info/entry_points.txt": random.choice(
                ("[x]\na=b:c\n" * n, "[" * n, b"\xff")
            ),
            f"{site}/x.pth": random.choice(("import os\n" * n, "/\n" * n, "../\n" * n)),
            f"{site}/requests/__init__.py": "",
            f"{site}/{'a' * 200}.dist-info/METADATA": "",
            f"{site}/x.egg-link": "/\n",
        },
    )


TEMPLATES = (
    *(
        requirements,
        requirements,
        files_of_requirements,
        odd_project,
        odd_project,
        odd_lock,
        odd_lock,
        changed_lock,
    ),
    *(large_lock, projects, toml, toml, setup, odd_text, environment),
)
