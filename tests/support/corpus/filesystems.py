"""Folders with odd names, links that lead anywhere, files that are no files, and what nobody may read."""

from __future__ import annotations

from random import Random

from tests.support.corpus.material import (
    ODD,
    Closed,
    Content,
    Fifo,
    Folder,
    Input,
    Link,
    Socket,
    Sparse,
    size,
)

DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'
WELL_KNOWN = (
    "Dockerfile",
    ".dockerignore",
    ".gitignore",
    "main.py",
    "a.py",
    "a/__init__.py",
    "a/b.py",
    "requirements.txt",
    "pyproject.toml",
    "parity.toml",
    "setup.py",
    "compose.yaml",
    ".env",
    ".git",
    ".git/HEAD",
    ".venv",
    "sub/Dockerfile",
    "sub/.dockerignore",
    "uv.lock",
    "data.txt",
    ".github",
    "control",
    "gone.py",
)
PROGRAM = "import a, a.b\nopen('data.txt')\nopen(__file__ + '/../x')\nimport gone\n"


def project(name: str, files: dict[str, Content]) -> Input:
    plain: dict[str, Content] = {
        "Dockerfile": DOCKERFILE,
        ".dockerignore": "gone.py\n",
        "main.py": PROGRAM,
        "a/__init__.py": "",
        "a/b.py": "",
    }
    for path in files:  # what is a file in one may be a folder in the other
        for known in list(plain):
            if path.startswith(known + "/") or known.startswith(path + "/"):
                del plain[known]
    return Input(name, {**plain, **files})


def odd(random: Random) -> Content:
    return random.choice(
        (
            Fifo(),
            Socket(),
            Folder(),
            Sparse(1 << 36),
            Sparse((32 << 20) + 1),
            Sparse(30 << 20),
            Closed(0, "x"),
            Closed(0o444, "x"),
            Closed(0o111, "x"),
            Closed(0),
            Closed(0o444),
            Closed(0o111),
            Link("."),
            Link(".."),
            Link("/"),
            Link("/dev/zero"),
            Link("/dev/stdin"),
            Link("/proc/self/mem"),
            Link("/proc/kmsg"),
            Link("/etc/passwd"),
            Link("nowhere"),
            Link("a" * 300),
            Link("../" * 1_000 + "etc/passwd"),
            Link("main.py/"),
            Link("\x1b[2J"),
            Link("/".join(["a", ".."] * 800) + "/main.py"),
            b"\0" * 5_000,
            b"\xff" * 5_000,
            b"",
            b"\n" * 200_000,
        )
    )


def known_names(random: Random) -> Input:
    files: dict[str, Content] = {}
    for _ in range(random.choice((1, 1, 2, 3))):
        path = random.choice(WELL_KNOWN)
        if not any(path.startswith(other + "/") or other.startswith(path + "/") for other in files):
            content = odd(random)
            if content == Folder() or (isinstance(content, Closed) and content.content is None):
                path += ""
            files[path] = content
    described = ", ".join(f"{path} {type(content).__name__.lower()}" for path, content in files.items())
    return project(described, files)


def _name(random: Random) -> str:
    text = "".join(random.choice(ODD) for _ in range(random.randint(1, 3))).replace("/", "").replace("\0", "")
    return text.encode("utf8", "surrogatepass")[:200].decode("utf8", "ignore") or "x"


def odd_names(random: Random) -> Input:
    files: dict[str, Content] = {}
    for _ in range(size(random, 200)):
        name = _name(random)
        if name in (".", ".."):
            continue
        where = random.choice(("", "a/", f"{name}/")) + random.choice(
            (
                name,
                name + ".py",
                name + "/__init__.py",
                name + "/Dockerfile",
                "Dockerfile." + name,
                name + ".Dockerfile",
            )
        )
        parts = where.split("/")
        if any("/".join(parts[:n]) in files for n in range(1, len(parts))) or any(
            p.startswith(where + "/") for p in files
        ):
            continue
        if all(
            0 < len(part.encode("utf8", "surrogatepass")) < 250 and part not in (".", "..") for part in parts
        ):
            files[where] = DOCKERFILE if "Dockerfile" in where else "import gone\n"
    return project("odd names", files)


def deep(random: Random) -> Input:
    n = size(random, 900)
    folder = "/".join([random.choice(("a", "d" * 3, "x"))] * n)
    leaf = random.choice(("Dockerfile", "__init__.py", "compose.yaml", "x.txt", ".dockerignore"))
    content: Content = DOCKERFILE if leaf == "Dockerfile" else "x"
    files: dict[str, Content] = {"z/" + folder + "/" + leaf: content}
    if random.random() < 0.3:
        files["z/" + folder + "/l"] = Link("/".join([".."] * n))
    return project(f"deep {leaf}", files)


def loops(random: Random) -> Input:
    n = size(random, 300)
    shapes: dict[str, dict[str, Content]] = {
        "to the folder above": {f"a/l{i}": Link("..") for i in range(n)},
        "in a chain": {**{f"l{i}": Link(f"l{i + 1}") for i in range(n)}, f"l{n}": "x"},
        "in a chain twice": {**{f"l{i}": Link(f"l{i + 1}/l{i + 1}") for i in range(n)}},
        "in a cycle": {f"l{i}": Link(f"l{(i + 1) % n}") for i in range(n)},
        "of folders": {f"f{i}/l": Link(f"../f{(i + 1) % n}") for i in range(n)},
        "of folders to all": {
            f"f{i}/l{j}": Link(f"../f{j}") for i in range(min(n, 15)) for j in range(min(n, 15))
        },
        "of modules": {f"m{i}.py": Link(f"m{(i + 1) % n}.py") for i in range(n)},
        "of packages": {**{f"p{i}": Link("a") for i in range(n)}, "a/c": Link("../a")},
        "of Dockerfiles": {f"Dockerfile.{i}": Link("Dockerfile") for i in range(min(n, 60))},
        "of Dockerfiles to each other": {
            f"Dockerfile.{i}": Link(f"Dockerfile.{(i + 1) % n}") for i in range(min(n, 60))
        },
    }
    shape = random.choice(list(shapes))
    main = random.choice(
        (
            "import a.c.c.c.c.c.c.c\nimport gone\n",
            "import m0\nimport gone\n",
            "import a.l0.a.l0.a\nimport gone\n",
        )
    )
    copied = random.choice((". .", "l0 .", "a/ .", "f0/l/l/l/l/l .", "l* ./"))
    return project(
        f"links {shape}", {**shapes[shape], "main.py": main, "Dockerfile": DOCKERFILE.replace(". .", copied)}
    )


def many_files(random: Random) -> Input:
    n = size(random, 4_000)
    shape = random.choice(
        ("{}", "d{}/x", "a/m{}.py", "d{}/__init__.py", "x/y/z{}.txt", "d{}/Dockerfile", "d{}/compose.yaml")
    )
    if "Dockerfile" in shape or "compose" in shape:
        n = min(n, 150)
    content = (
        DOCKERFILE if "Dockerfile" in shape else "services: {a: {build: .}}\n" if "compose" in shape else ""
    )
    return project(f"many {shape}", {shape.replace("{}", str(i)): content for i in range(n)})


def large_files(random: Random) -> Input:
    where = random.choice(WELL_KNOWN)
    line = random.choice(
        (
            b"import nope\n",
            b"x = 1\n",
            b"a\n",
            b"*a*\n",
            b"# x\n",
            b"a = 1\n",
            b"RUN true\n",
            b"x: y\n",
            b"\0\n",
            b"(" * 99 + b"\n",
            b"'\n",
        )
    )
    length = size(random, 6_000_000)
    return project(f"{where} of {line[:12]!r}, {length}", {where: line * (length // len(line) + 1)})


TEMPLATES = (
    known_names,
    known_names,
    known_names,
    odd_names,
    odd_names,
    deep,
    loops,
    loops,
    many_files,
    large_files,
)
