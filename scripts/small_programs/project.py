"""A small application: its checkout, its Dockerfile, and what the image would hold of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from small_programs import slips
from small_programs.grammar import Grammar, Part, Piece, Writer

PYTHONS = (11, 12, 13)


@dataclass(frozen=True)
class Project:
    python: int
    """The minor version of the image's Python."""
    checkout: dict[str, str]
    image: frozenset[str]
    """Those of its files that the image holds, in its working directory."""
    start: tuple[str, ...]
    """What follows `python` in the start command."""
    environment: dict[str, str]
    kinds: dict[str, tuple[str, ...]]
    """For each line of a module, what kind of construct it belongs to."""


@dataclass
class _Module:
    lines: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    def write(self, kind: str, text: str) -> None:
        lines = text.rstrip("\n").split("\n") if text.strip() else []
        self.lines += lines
        self.kinds += [kind] * len(lines)


class Author:
    """Writes one application."""

    def __init__(self, grammar: Grammar, random: Random) -> None:
        self.grammar = grammar
        self.random = random
        self.writer = Writer(random)
        self.modules: dict[str, _Module] = {}
        self.data: dict[str, str] = {}
        self.main = _Module()
        self.python = random.choice(PYTHONS)

    def project(self) -> Project:
        package = self.random.choice(("", "app", "app", "service", "src.app", "shop.core"))
        for depth in range(1, len(package.split(".")) + 1 if package else 1):
            if depth == 1 or self.random.random() < 0.9:
                self.modules["/".join([*package.split(".")[:depth], "__init__.py"])] = _Module()
        mood = self.random.random()
        hosts = [self.writer.name() for _ in range(self.random.randint(1, 4))]
        self._begin(package, hosts, mood)
        for host in hosts:
            self._host(host, package, hosts)
        start = self._start(package)
        modules = self.modules
        texts = {name: "".join(line + "\n" for line in module.lines) for name, module in modules.items()}
        kinds = {name: tuple(module.kinds) for name, module in modules.items()}
        if mood > 0.75:
            texts, kinds = slips.slip(texts, kinds, self.random)
        dockerfile, ignore, environment, hidden = self._recipe(start, {**texts, **self.data})
        checkout = {**texts, **self.data, "Dockerfile": dockerfile}
        if ignore:
            checkout[".dockerignore"] = ignore
        return Project(self.python, checkout, frozenset(checkout) - hidden, start, environment, kinds)

    def _begin(self, package: str, hosts: Iterable[str], mood: float) -> None:
        """How careful the author is, and what the start script begins with."""
        self.writer.careless = 0.12 if 0.4 < mood <= 0.75 else 0.0
        for host in hosts:
            dotted = f"{package}.{host}" if package else host
            forms = [
                f"import {dotted}",
                f"import {dotted} as {self.writer.name()}",
                f"from {dotted} import *",
            ]
            if package:
                forms.append(f"from {package} import {host}")
            self.main.write("the start script", self.random.choice(forms))

    def _host(self, name: str, package: str, hosts: list[str]) -> None:
        """A module of the application: some pieces, one behind the other."""
        module = _Module()
        folder = package.replace(".", "/") + "/" if package else ""
        self.modules[f"{folder}{name}.py"] = module
        if self.random.random() < 0.2:
            module.write("future", "from __future__ import annotations")
        later = hosts[hosts.index(name) + 1 :]
        if later and self.random.random() < 0.3:
            other = self.random.choice(later)
            module.write(
                "an import of another",
                f"from {package or '.'} import {other}" if package else f"import {other}",
            )
        for _ in range(self.random.randint(1, 3)):
            part = self._part()
            piece = self.grammar.piece(part, package, self.writer)
            self._place(piece, module, folder)

    def _part(self) -> Part:
        known = [p for p in self.grammar.parts if p.since <= self.python or self.random.random() < 0.02]
        return self.random.choice(known)

    def _place(self, piece: Piece, module: _Module, folder: str) -> None:
        module.write(piece.kind, piece.defines)
        uses = piece.uses
        kind = piece.kind
        for _ in range(self.random.choice((0, 1, 1, 2))):
            context = self.random.choice(self.grammar.contexts)
            uses, called = self.grammar.within(context, uses, self.writer)
            kind = f"{piece.kind} / {context.kind}" if kind == piece.kind else f"{kind}, {context.kind}"
            if called:
                self.main.write(kind, self._called(called, module))
        module.write(kind, uses)
        for name, text in piece.files:
            self._file(name.strip(), text, folder, piece.kind)

    def _called(self, call: str, module: _Module) -> str:
        """The lines of the start script that call what a module defines."""
        dotted = next(n for n, m in self.modules.items() if m is module)[:-3].replace("/", ".")
        name = call.partition("(")[0]
        return f"from {dotted} import {name}\n{call}"

    def _file(self, name: str, text: str, folder: str, kind: str) -> None:
        path = name[1:] if name.startswith("/") else folder + name
        if not path.endswith(".py"):
            self.data[path] = text
        elif path not in self.modules:
            self.modules[path] = _Module()
            self.modules[path].write(kind, text)

    def _start(self, package: str) -> tuple[str, ...]:
        """The start script, finished: how it is started."""
        if package and self.random.random() < 0.25:
            self.modules[package.replace(".", "/") + "/__main__.py"] = self.main
            return ("-m", package)
        script = self.random.choice(("main.py", "main.py", "run.py", "manage.py"))
        ending = self.random.choice(
            ("", "print('started')", "if __name__ == '__main__':\n    print('started')")
        )
        self.main.write("the start script", ending)
        self.modules[script] = self.main
        return (script,)

    def _recipe(
        self, start: tuple[str, ...], files: dict[str, str]
    ) -> tuple[str, str, dict[str, str], set[str]]:
        """The Dockerfile, the .dockerignore, the variables they set, and the files that the image lacks."""
        environment = {
            name: value
            for name, value in (("APP_MODE", "production"), ("DEBUG_X", "1"), ("PYTHONUNBUFFERED", "1"))
            if self.random.random() < 0.2
        }
        lines = [f"FROM python:3.{self.python}-slim", "WORKDIR /app"]
        lines += [f"ENV {name}={value}" for name, value in environment.items()]
        copies, missing = self._copies(sorted(files))
        ignore, hidden = self._ignored(sorted(files))
        sources = [line.split()[1].removeprefix("./") for line in copies]
        if any(
            all(f in hidden for f in files if f == s or f.startswith(s + "/")) for s in sources if s != "."
        ):
            # a build that copies nothing fails
            copies, missing, ignore, hidden = ["COPY . ."], set(), "", set()
        words = ", ".join(f'"{word}"' for word in ("python", *start))
        forms = [f"CMD [{words}]", f"CMD [{words}]", f"ENTRYPOINT [{words}]", "CMD python " + " ".join(start)]
        lines += [*copies, self.random.choice(forms)]
        docker = {"Dockerfile"} if copies != ["COPY . ."] else set()
        return "\n".join(lines) + "\n", ignore, environment, missing | hidden | docker | {".dockerignore"}

    def _copies(self, files: list[str]) -> tuple[list[str], set[str]]:
        """The COPY instructions, and what they leave behind."""
        if self.random.random() < 0.7:
            return ["COPY . ."], set()
        forgotten: set[str] = set()
        copies = []
        tops = sorted({file.partition("/")[0] for file in files})
        for top in tops:
            inside = {file for file in files if file == top or file.startswith(top + "/")}
            if len(tops) > 1 and self.random.random() < 0.08:
                forgotten |= inside
            elif inside == {top}:
                copies.append(f"COPY {top} " + self.random.choice((".", "/app/", f"./{top}")))
            else:
                copies.append(f"COPY {top} " + self.random.choice((f"./{top}", f"/app/{top}", f"{top}/")))
        return copies, forgotten

    def _ignored(self, files: list[str]) -> tuple[str, set[str]]:
        """The .dockerignore, and what it hides."""
        if self.random.random() < 0.75:
            return "", set()
        lines = ["**/__pycache__", "*.md", ".git"]
        hidden: set[str] = set()
        if self.random.random() < 0.4:
            file = self.random.choice(files)
            base = file.rpartition("/")[2]
            suffix = Path(base).suffix
            line, gone = self.random.choice(
                (
                    (file, {file}),
                    (f"**/{base}", {f for f in files if f == base or f.endswith("/" + base)}),
                    (
                        f"**/*{Path(base).suffix}\n!**/*.py",
                        {f for f in files if f.endswith(suffix) and not f.endswith(".py")},
                    ),
                )
            )
            lines.append(line)
            hidden |= gone
        self.random.shuffle(lines[:2])
        return "\n".join(lines) + "\n", hidden


def draw(grammar: Grammar, seed: int) -> Project:
    return Author(grammar, Random(seed)).project()


def kind_at(project: Project, path: str, line: int) -> str:
    """The kind of construct at a line; "" where there is none."""
    kinds = project.kinds.get(path, ())
    return kinds[line - 1] if 0 < line <= len(kinds) else ""


def lay_out(project: Project, folder: Path, files: Iterable[str]) -> None:
    """Writes those of its files into a folder."""
    for name in files:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(project.checkout[name], encoding="utf-8")
