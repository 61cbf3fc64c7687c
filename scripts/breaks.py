"""Breaks healthy checkouts in thirteen ways and says which parity tells: breaks.py [--places N] [--seed S] FOLDER...

Each folder is copied to a temporary place; the copy is broken at places that the start-up reaches for sure (by import
statements at module level, as `parity graph` has them), one break at a time, and `parity check` is asked in a process
of its own, before and after. Nothing of the folder is ever run. Printed is a line for each break that is not told, the
errors that there were before the first break (each must be true), the slowest check, and a table. Its columns:

told        a new error at the right place: it names the module, file or package that was broken, or the build fails
elsewhere   a new error, at another place
warning     no new error, a new warning at the right place
unchecked   the image is not checked any more, or what was broken is named as not checked
silent      none of these
not applied the folder has no place for this break

The temporary copies lie on the same disk as Python's `tempfile` takes; a folder's `.git` is not copied.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path, PurePosixPath
from random import Random
from typing import Any

import yaml
from msgspec import Struct

ROOT = Path(__file__).resolve().parent.parent
OUTCOMES = ("told", "elsewhere", "warning", "unchecked", "silent", "not applied")
NOT_SURE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Try, ast.If, ast.With, ast.For, ast.While)
"""A statement in one of these may never run, or its failure may be caught."""
STOPS = ("PAR601", "PAR602")
"""The build or the start command itself fails: about every break that touches either."""
MAY_NOT_RUN = (ast.Try, ast.If, ast.For, ast.While, ast.IfExp, ast.Lambda)
OPENERS = frozenset({"open", "read_text", "read_bytes", "fileConfig", "StaticFiles"})
"""They fail where the file, or the folder, is not there."""
INSTALLED = re.compile(r"venv|-packages|\.local|/install|/usr/local(?:/lib\S*)? |/deps|/wheels|/root")
DECLARATIONS = (
    "*requirements*.txt *requirements*.in requirements/*.txt requirements/*.in constraints*.txt pyproject.toml uv.lock "
    "poetry.lock pdm.lock Pipfile Pipfile.lock setup.py setup.cfg environment.y*ml"
).split()


class Break(Struct, frozen=True):
    """`edits`: path → new text, None to remove it; `signs`: a finding with one of these is about this break."""

    place: str
    edits: dict[str, str | None]
    signs: tuple[str, ...]


class Answer(Struct, frozen=True):
    """What `parity COMMAND --format json` says; `refusal`: why it says nothing."""

    report: dict[str, Any]
    refusal: str
    seconds: float


def ask(command: str, folder: Path) -> Answer:
    start = time.monotonic()
    call = [sys.executable, "-m", "parity", command, "--format", "json", str(folder)]
    try:
        done = subprocess.run(call, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        return Answer({}, "it takes over 300 seconds", time.monotonic() - start)
    report = json.loads(done.stdout) if done.stdout.startswith("{") else {}
    return Answer(report, done.stderr if done.returncode == 2 else "", time.monotonic() - start)


def is_same(image: dict[str, Any], other: dict[str, Any]) -> bool:
    """Is it the same image? A break may take it apart from others that were started alike."""
    alike = all(image[one] == other[one] for one in ("dockerfile", "target"))
    return alike and (image["names"] == other["names"] or bool({*image["names"]} & {*other["names"]}))


class Service:
    """One image of the healthy folder: what its start-up reaches, and the texts that a break edits."""

    def __init__(
        self, root: Path, image: dict[str, Any], graph: dict[str, Any], files: dict[str, Any]
    ) -> None:
        self.root, self.image = root, image
        self.modules = {m["name"]: m for m in graph["modules"] if m["path"] and m["image_path"]}
        self.imports = graph["imports"]
        self.instructions = {file["path"]: file["instruction"] for file in files["files"]}

    def text(self, path: str) -> str:
        try:
            return (self.root / path).read_text()
        except (OSError, UnicodeDecodeError):
            return ""

    def tree(self, path: str) -> ast.Module:
        try:
            return ast.parse(self.text(path))
        except (SyntaxError, ValueError):
            return ast.Module([], [])

    def statement(self, path: str, line: int) -> ast.stmt | None:
        """The statement of the module's own body at that line, where it runs for sure."""
        at = [s for s in self.tree(path).body if s.lineno <= line <= (s.end_lineno or 0)]
        return at[0] if at and not isinstance(at[0], NOT_SURE) else None

    @cached_property
    def sure(self) -> list[str]:
        """The modules that the start-up reaches for sure, those that the start command names left out."""
        reached = [name for name, module in self.modules.items() if module["entry"]]
        entries = set(reached)
        for name in reached:
            parents = [str(p).replace("/", ".") for p in PurePosixPath(name.replace(".", "/")).parents][:-1]
            targets = [
                i["imported"]
                for i in self.imports
                if i["importer"] == name and not i["deferred"] and self.statement(i["path"], i["line"])
            ]
            reached += [
                n for n in dict.fromkeys([*parents, *targets]) if n in self.modules and n not in reached
            ]
        return [name for name in reached if name not in entries]

    @property
    def sources(self) -> list[str]:
        """The files of all that is reached for sure."""
        entries = [m["path"] for m in self.modules.values() if m["entry"]]
        return [*entries, *(self.modules[name]["path"] for name in self.sure)]

    def ignoring(self, path: str) -> dict[str, str | None]:
        """One more line, at the end of the ignore file that counts; {} where the path is not in the context."""
        own = self.image["dockerfile"] + ".dockerignore"
        context = PurePosixPath(self.image["context"])
        name = own if (self.root / own).exists() else str(context / ".dockerignore")
        if not PurePosixPath(path).is_relative_to(context):
            return {}
        line = PurePosixPath(path).relative_to(context)
        return {name: f"{self.text(name).rstrip()}\n{line}\n"}

    def stage_end(self) -> int:
        """The index of the line behind the stage that is built."""
        lines = self.text(self.image["dockerfile"]).splitlines()
        froms = [i for i, line in enumerate(lines) if line.upper().startswith("FROM ")]
        target = self.image["target"]
        here = [i for i in froms if target and lines[i].lower().split()[-1] == target.lower()] or froms[-1:]
        return min([i for i in froms if here and i > here[0]], default=len(lines))

    def start_of(self, name: str) -> tuple[str, str]:
        module = self.modules[name]
        return module["path"], module["image_path"]


def ignored_module(service: Service) -> Iterator[Break]:
    for name in service.sure:
        path, _ = service.start_of(name)
        if not path.endswith("__init__.py") and (edits := service.ignoring(path)):
            yield Break(path, edits, (name, path))


def ignored_package(service: Service) -> Iterator[Break]:
    for name in service.sure:
        path, _ = service.start_of(name)
        folder = str(PurePosixPath(path).parent)
        if path.endswith("/__init__.py") and (edits := service.ignoring(folder)):
            yield Break(folder, edits, (name, folder + "/"))


def _dropped(service: Service, *, stage: bool) -> Iterator[Break]:
    dockerfile = service.image["dockerfile"]
    lines = service.text(dockerfile).split("\n")
    for index, line in enumerate(lines):
        words = line.split()
        if not words or words[0].upper() not in ("COPY", "ADD") or ("--from=" in line) is not stage:
            continue
        end = index
        while lines[end].rstrip().endswith("\\") and end + 1 < len(lines):
            end += 1
        brought = [
            name
            for name in service.sure
            if (instruction := service.instructions.get(service.modules[name]["image_path"]))
            and (instruction["path"], instruction["line"]) == (dockerfile, index + 1)
        ]
        if (brought and not stage) or (stage and INSTALLED.search(line) and index < service.stage_end()):
            text = "\n".join(lines[:index] + lines[end + 1 :])
            entries = [name for name, module in service.modules.items() if module["entry"]]
            yield Break(f"{dockerfile}:{index + 1} {line.strip()}", {dockerfile: text}, (*brought, *entries))


def dropped_copy(service: Service) -> Iterator[Break]:
    yield from _dropped(service, stage=False)


def dropped_stage(service: Service) -> Iterator[Break]:
    for cut in _dropped(service, stage=True):
        yield Break(cut.place, cut.edits, ("",))


def undeclared_package(service: Service) -> Iterator[Break]:
    declared = {p: service.text(p) for p in _declarations(service.root)}
    texts = "\n".join(declared.values()).lower()
    seen = {name.partition(".")[0] for name in service.modules}
    for path in service.sources:
        for statement in service.tree(path).body:
            names = [alias.name for alias in statement.names] if isinstance(statement, ast.Import) else []
            if isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
                names = [statement.module]
            for name in (n.partition(".")[0] for n in names):
                written = re.compile(rf"(?<![\w-]){re.escape(name).replace('_', '[-_.]')}(?![\w.-])", re.I)
                plugins = re.search(
                    rf"\b{re.escape(name)}-\w|\w-{re.escape(name)}\b", texts, re.I
                )  # they bring it
                if name in sys.stdlib_module_names or name in seen or plugins or not written.search(texts):
                    continue
                seen.add(name)
                edits = {p: without_package(p, t, name) for p, t in declared.items()}
                changed: dict[str, str | None] = {p: t for p, t in edits.items() if t != declared[p]}
                if changed:
                    yield Break(
                        f"{name} ({path}:{statement.lineno})", changed, (name, name.replace("_", "-"))
                    )


def _declarations(root: Path) -> list[str]:
    found = {p for pattern in DECLARATIONS for p in root.rglob(pattern) if p.is_file()}
    return sorted(str(p.relative_to(root)) for p in found if "node_modules" not in p.parts)


def without_package(path: str, text: str, name: str) -> str:
    """The declaration without that distribution, and without what asks for it."""
    one = re.escape(name).replace("_", "[-_.]")
    if path.endswith(".lock"):
        blocks = re.split(r"(?m)^(?=\[\[package\]\]$)", text)
        text = "".join(b for b in blocks if not re.match(rf'\[\[package\]\]\nname = "{one}"', b, re.I))
        text = re.sub(rf'(?mi)^\s*\{{ name = "{one}".*\n', "", text)
        return re.sub(rf'(?mi)^"?{one}"? = (?:\[\n(?:.*\n)*?\]|.*)\n', "", text)
    if path.endswith("Pipfile.lock"):
        return re.sub(rf'(?mis)^        "{one}": \{{.*?^        \}},?\n', "", text)
    ends = r"(?=[\[\s=<>~!;@,#\"']|$)"
    text = re.sub(rf"(?mi)^[ \t]*(?:- )?{one}{ends}(?:[^\n]*\\\n)*[^\n]*\n?", "", text)
    return re.sub(rf"(?mi)([\"']){one}{ends}[^\"'\n]*\1[ \t]*,?", "", text)


def renamed_module(service: Service) -> Iterator[Break]:
    for name in service.sure:
        path, _ = service.start_of(name)
        if not path.endswith("__init__.py"):
            text = service.text(path)
            parent, _, last = name.rpartition(".")
            signs = (name, f"{parent} does not define {last}")
            yield Break(path, {path: None, path.removesuffix(".py") + "_moved.py": text}, signs)


def _from_imports(service: Service) -> Iterator[tuple[str, str, ast.ImportFrom]]:
    """Importer, imported module, statement: each `from module import name` that runs for sure."""
    reached = {*service.sure, *(name for name, module in service.modules.items() if module["entry"])}
    for edge in service.imports:
        if edge["importer"] in reached and edge["imported"] in service.sure and not edge["deferred"]:
            statement = service.statement(edge["path"], edge["line"])
            if isinstance(statement, ast.ImportFrom):
                yield edge["importer"], edge["imported"], statement


def renamed_name(service: Service) -> Iterator[Break]:
    for _, imported, statement in _from_imports(service):
        path, _ = service.start_of(imported)
        tree, lines = service.tree(path), service.text(path).split("\n")
        places = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)]
        if any(n.name == "__getattr__" for n in places):
            continue
        for name in (alias.name for alias in statement.names):
            bound = [n for n in places if n.name == name]
            if len(bound) == 1 and bound[0] in tree.body:
                at = bound[0].lineno - 1
                new = re.sub(rf"\b{name}\b", name + "_renamed", lines[at], count=1)
                text = "\n".join([*lines[:at], new, *lines[at + 1 :]])
                yield Break(f"{path}:{at + 1} {name}", {path: text}, (name,))


def closed_cycle(service: Service) -> Iterator[Break]:
    """The imported module asks its importer for a name first of all: whichever comes first, one is not ready."""
    for importer, imported, statement in _from_imports(service):
        path, _ = service.start_of(imported)
        body = service.tree(service.start_of(importer)[0]).body
        later = [
            n for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.lineno > statement.lineno
        ]
        own = {n.name for n in service.tree(path).body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        if not later or not own & {alias.name for alias in statement.names}:
            continue
        lines = service.text(path).split("\n")
        head = [
            s for s in service.tree(path).body if isinstance(s, ast.ImportFrom) and s.module == "__future__"
        ]
        first = service.tree(path).body[:1]
        docstring = [s for s in first if isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant)]
        at = max((s.end_lineno or 0 for s in [*head, *docstring]), default=0)
        text = "\n".join([*lines[:at], f"from {importer} import {later[-1].name}", *lines[at:]])
        yield Break(f"{path} imports {importer}", {path: text}, (imported, importer))


def _run(tree: ast.Module) -> Iterator[list[ast.AST]]:
    """For each statement that runs for sure as the module is imported: its nodes, and those of what it uses.

    That is: the functions of the module that it calls and the constants that it names.
    """
    functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef) and not n.decorator_list}
    constants = {
        target.id: n.value
        for n in tree.body
        if isinstance(n, ast.Assign)
        for target in n.targets
        if isinstance(target, ast.Name)
    }
    for statement in tree.body:
        if isinstance(statement, (*MAY_NOT_RUN, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        nodes, used = [*ast.walk(statement)], set[str]()
        for node in nodes:
            if isinstance(node, ast.Name) and node.id not in used and isinstance(node.ctx, ast.Load):
                used.add(node.id)
                if node.id in functions and _is_called(node.id, nodes):
                    body = functions[node.id].body
                    nodes += [n for s in body if not isinstance(s, MAY_NOT_RUN) for n in ast.walk(s)]
                elif node.id in constants:
                    nodes += ast.walk(constants[node.id])
        if not any(isinstance(node, MAY_NOT_RUN) for node in nodes):
            yield nodes


def _is_called(name: str, nodes: list[ast.AST]) -> bool:
    return any(isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == name for n in nodes)


def ignored_data_file(service: Service) -> Iterator[Break]:
    context = service.root / service.image["context"]
    for path in service.sources:
        for nodes in _run(service.tree(path)):
            called = [n for n in nodes if isinstance(n, ast.Call)]
            openers = {ast.unparse(n.func).rpartition(".")[2] for n in called} & OPENERS
            words = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            for word in words if openers else ():
                if not word.strip("/. "):
                    continue
                for folder in (*(service.root / path).parents, context):
                    file = folder / word.lstrip("/")
                    is_data = file.is_file() and file.suffix != ".py"
                    is_data = is_data or ("StaticFiles" in openers and file.is_dir())
                    if is_data and file.resolve().is_relative_to(service.root):
                        edits = service.ignoring(str(file.relative_to(service.root)))
                        line = next(n.lineno for n in nodes if isinstance(n, ast.stmt | ast.expr))
                        if edits:
                            yield Break(f"{word} ({path}:{line})", edits, (Path(word).name,))
                        break


def wrong_start(service: Service) -> Iterator[Break]:
    entry = service.image["entrypoint"]
    if not entry or not (at := entry["location"]) or not (text := service.text(at["path"])):
        return
    lines = text.split("\n")
    end = (
        max(at.get("end_line") or at["line"], at["line"])
        if at["path"] == service.image["dockerfile"]
        else len(lines)
    )
    for name, module in service.modules.items():
        script = PurePosixPath(module["path"]).name
        for word, new in ((name, name + "_wrong"), (script, "wrong_" + script)):
            for index in range(at["line"] - 1, min(end, len(lines))):
                pattern = rf"(?<![\w.]){re.escape(word)}(?!\w)"
                here = at["path"] == service.image["dockerfile"] or entry["argv"][0] in lines[index]
                if module["entry"] and here and re.search(pattern, lines[index]):
                    changed = [
                        *lines[:index],
                        re.sub(pattern, new, lines[index], count=1),
                        *lines[index + 1 :],
                    ]
                    yield Break(f"{at['path']}:{index + 1} {word}", {at["path"]: "\n".join(changed)}, (new,))
                    return


def other_workdir(service: Service) -> Iterator[Break]:
    dockerfile, workdir = service.image["dockerfile"], service.image["workdir"]
    entries = [(n, m) for n, m in service.modules.items() if m["entry"]]
    text = service.text(dockerfile)
    if "PYTHONPATH" in text or workdir not in service.image["search_path"] or not entries:
        return
    name, module = entries[-1]
    if module["image_path"] != f"{workdir}/{name.replace('.', '/')}.py":
        return
    lines = text.split("\n")
    end = service.stage_end()
    changed = "\n".join([*lines[:end], "WORKDIR /elsewhere", *lines[end:]])
    yield Break(
        f"{dockerfile}:{end + 1}",
        {dockerfile: changed},
        (name, PurePosixPath(module["path"]).name, "/elsewhere"),
    )


def mounted_over(service: Service) -> Iterator[Break]:
    for file, _, name in (n.partition(": ") for n in service.image["names"]):
        if "compose" not in PurePosixPath(file).name:
            continue
        try:
            document = yaml.safe_load(service.text(file))
            volumes = document["services"][name].setdefault("volumes", [])
        except (yaml.YAMLError, KeyError, TypeError):
            continue
        for module in service.sure:
            path, image_path = service.start_of(module)
            if path.endswith("__init__.py") and isinstance(volumes, list):
                folder = str(PurePosixPath(image_path).parent)
                volumes.append(f"./empty-folder:{folder}")
                text = yaml.safe_dump(document, sort_keys=False)
                empty = str(PurePosixPath(file).parent / "empty-folder" / "readme")
                yield Break(f"{file}: {name}: {folder}", {file: text, empty: ""}, (module, folder))
                volumes.pop()


def _is_readable(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def old_python(service: Service) -> Iterator[Break]:
    """The newest Python that does not know the syntax, in every FROM; else newer syntax in a module."""
    dockerfile, version = service.image["dockerfile"], service.image["python"]
    if not version or not version.startswith("3."):
        return
    minor, text = int(version.split(".")[1]), service.text(dockerfile)
    for path in service.sources:
        if not _is_readable(service.text(path)):
            continue  # this Python knows its syntax no more than an older one does
        for older in range(minor - 1, 6, -1):
            try:
                ast.parse(service.text(path), feature_version=(3, older))
            except SyntaxError:
                changed = re.sub(rf"(?<![\d.])3\.{minor}(?:\.\d+)?(?![\d])", f"3.{older}", text)
                if changed != text:
                    yield Break(f"{path}: python 3.{older}", {dockerfile: changed}, (path, f"3.{older}"))
                break
    if minor < 12:
        for name in service.sure:
            path, _ = service.start_of(name)
            yield Break(f"{path}: type", {path: service.text(path) + "\ntype Broken = int\n"}, (path,))


KINDS: dict[str, Callable[[Service], Iterator[Break]]] = {
    "an ignore line over a module": ignored_module,
    "an ignore line over a package": ignored_package,
    "a COPY dropped": dropped_copy,
    "a package declared nowhere": undeclared_package,
    "a module renamed": renamed_module,
    "a name renamed": renamed_name,
    "a cycle closed": closed_cycle,
    "a data file kept out": ignored_data_file,
    "the wrong module started": wrong_start,
    "another WORKDIR": other_workdir,
    "a stage not copied": dropped_stage,
    "a mount over code": mounted_over,
    "a Python too old": old_python,
}


def apply(root: Path, edits: dict[str, str | None]) -> dict[str, str | None]:
    """Makes the edits; the edits that undo them."""
    undo: dict[str, str | None] = {}
    for name, text in edits.items():
        path = root / name
        undo[name] = path.read_text() if path.exists() else None
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return undo


def words_of(finding: dict[str, Any]) -> str:
    cause = finding.get("cause") or {}
    parts = [finding["message"], finding.get("module"), finding.get("image_path"), cause.get("detail")]
    return "\n".join([*(part or "" for part in parts), finding["location"]["path"]])


def known(finding: dict[str, Any]) -> tuple[object, ...]:
    return (finding["code"], finding["severity"], finding["message"], finding["location"]["path"])


def outcome(before: dict[str, Any], after: Answer, broken: Break) -> str:
    """One of OUTCOMES. `before`: the image of the healthy folder."""
    images = [image for image in after.report.get("images", ()) if is_same(image, before)]
    if not images:
        return "told" if after.refusal else "silent"
    image = images[0]
    old = {known(finding) for finding in before["findings"]}
    new = [finding for finding in image["findings"] if known(finding) not in old]

    def named(text: str) -> bool:
        return any(sign in text for sign in broken.signs)

    errors = [f for f in new if f["severity"] == "error"]
    if any(named(words_of(f)) or f["code"] in STOPS for f in errors):
        return "told"
    if errors:
        return "elsewhere"
    if any(f["severity"] == "warning" and named(words_of(f)) for f in new):
        return "warning"
    lost = [cost for unknown in image["unknowns"] for cost in unknown["costs"]]
    if image["verdict"] == "unchecked" or any(map(named, lost)):
        return "unchecked"
    return "silent"


def services_of(root: Path, report: dict[str, Any]) -> list[Service]:
    graphs, files = (ask(command, root).report.get("images", []) for command in ("graph", "files"))
    if not len(graphs) == len(report["images"]) == len(files):
        return []
    return [
        Service(root, *parts)
        for parts in zip(report["images"], graphs, files, strict=True)
        if parts[0]["verdict"] != "unchecked" and parts[1]["modules"]
    ]


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """A copy that may be broken, without what git keeps."""
    with tempfile.TemporaryDirectory() as made:
        root = Path(made).resolve() / folder.name
        shutil.copytree(folder, root, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        yield root


def drawn(
    services: list[Service], places: int, draw: Random
) -> Iterator[tuple[str, list[tuple[Service, Break]]]]:
    """Each kind of break, and at most so many of the places that it can be made at."""
    for kind, find in KINDS.items():
        candidates = [(service, broken) for service in services for broken in find(service)]
        yield kind, draw.sample(candidates, min(places, len(candidates)))


def examine(folder: Path, places: int, draw: Random, table: dict[str, Counter[str]]) -> None:
    """All kinds of break in one folder, counted in `table`."""
    with copied(folder) as root:
        healthy = ask("check", root)
        print(f"\n{folder.name}: {healthy.seconds:.1f} s {healthy.refusal.strip()}")
        images = healthy.report.get("images", [])
        for image in images:
            print(f"  {image['verdict']}: {image['dockerfile']} {image['service'] or ''} {image['checked']}")
            for finding in (f for f in image["findings"] if f["severity"] == "error"):
                print(f"  error before: {finding['code']} {finding['message']} {finding['location']}")
        services = services_of(root, healthy.report) if images else []
        for kind, sample in drawn(services, places, draw):
            for service, broken in sample:
                undo = apply(root, broken.edits)
                answer = ask("check", root)
                apply(root, undo)
                result = outcome(service.image, answer, broken)
                table[kind][result] += 1
                if result != "told":
                    print(
                        f"  {result}: {kind}: {broken.place} [{service.image['service'] or ''}]", flush=True
                    )
            table[kind]["not applied"] += not sample


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--places", type=int, default=2, help="breaks of each kind in each folder")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    table: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for folder in options.folders:
        examine(folder.resolve(), options.places, Random(options.seed), table)
    print(f"\n{'':32}" + "".join(f"{name:>12}" for name in OUTCOMES))
    for kind, counts in table.items():
        print(f"{kind:32}" + "".join(f"{counts[name]:12}" for name in OUTCOMES))


if __name__ == "__main__":
    main()
