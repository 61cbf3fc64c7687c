"""Which templates would functions render that are not in the image?

Read from Django, Jinja2 (Flask, Quart, Starlette, Litestar) and Tornado. Nothing is run for it: a name is looked at
where it is written out, in a call that renders or in another template, and is looked up in every folder that templates
are kept in. One that only the checkout has is missing.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator

from msgspec import Struct

from parity.model.finding import ChainLink
from parity.model.location import Location, Unknown
from parity.model.occasion import LATER
from parity.python.source import parse
from parity.startup.deferred import Reached
from parity.startup.state.failures import Failure, FailureKind
from parity.startup.state.world import World
from parity.tree.base import Answer, Entry, FileKind, join, parent_of
from parity.tree.links import follow
from parity.verdict.judge import judge
from parity.verdict.question import Fails, Kind, Question

RENDERING = frozenset(
    "render render_to_string render_to_response get_template render_template stream_template TemplateResponse Template"
    " as_view render_string render_async render_template_async".split()
)
"""The last names of functions that are told a template's name."""
NAMING = frozenset(("template_name", "html_email_template_name", "email_template_name", "template"))
"""Keywords, and attributes of classes, that are a template's name."""
FOLDER_ARGUMENTS = frozenset(
    ("template_folder", "template_path", "template_dir", "templates_dir", "directory", "searchpath")
)
LOADERS = frozenset(("Jinja2Templates", "FileSystemLoader", "Environment", "TemplateLookup", "Loader"))
"""What is told a folder first."""
SUFFIXES = "html? jinja2? j2 txt xml md tpl tmpl mjml eml svg css js sql".replace(" ", "|")
SUFFIX = re.compile(rf"[\w./-]+\.(?:{SUFFIXES})")
WORTH_READING = re.compile(
    rf"""\.(?:{SUFFIXES})["']|\bDIRS\b|{"|".join((*sorted(FOLDER_ARGUMENTS), *sorted(LOADERS)))}""".encode()
)
"""A module without any of these names neither a template nor a folder of templates."""
OTHERS = re.compile(
    r"""\{%[-+]?\s*(?:extends|include|import|from)\s+["']([\w./-]+)["'](?![^%]*\bignore\s+missing\b)"""
)
"""What a template says of another."""
LONGEST = 200_000


class _Named(Struct, frozen=True):
    """A template that is named: where, and by which function ("" for another template)."""

    name: str
    place: Location
    chain: tuple[ChainLink, ...]
    module: str = ""
    function: str = ""


def missing_templates(world: World, modules: Iterable[Reached], working_directory: str) -> Iterator[Failure]:
    """Each template once."""
    folders: dict[tuple[str, str], None] = {}
    todo: deque[_Named] = deque()
    for module in modules:
        data = world.checkout.read("/" + module.source) if module.source and not module.caught else b""
        if not isinstance(data, bytes):
            continue
        homes = tuple(_homes(module, world, working_directory))
        folders.update(dict.fromkeys((join(a, "templates"), join(b, "templates")) for a, b in homes))
        lines = [number for number, line in enumerate(data.splitlines(), 1) if WORTH_READING.search(line)]
        if not lines:
            continue
        body = parse(data, world.python)
        if isinstance(body, tuple):
            reader = _Reader(module, lines)
            reader.read(body)
            todo += reader.named
            folders.update(
                dict.fromkeys((join(a, text), join(b, text)) for text in reader.folders for a, b in homes)
            )
    yield from _look_up(world, todo, tuple(folders))


def _homes(module: Reached, world: World, working_directory: str) -> Iterator[tuple[str, str]]:
    """The folders from the module's own up to the project's: of the image, and of the checkout."""
    image, local = parent_of(module.image_path), parent_of("/" + module.source)
    yield image, local
    while image.rpartition("/")[2] == local.rpartition("/")[2] and local != "/":
        image, local = parent_of(image), parent_of(local)
        yield image, local
    for one in world.counterpart(working_directory):
        yield working_directory, one


class _Reader:
    """The templates and the folders of templates that one module names. `lines`: where it may, in their order."""

    def __init__(self, module: Reached, lines: list[int]) -> None:
        self.module = module
        self.lines = lines
        self.named: list[_Named] = []
        self.folders: list[str] = []

    def read(self, body: Iterable[ast.AST], function: str = "") -> None:
        for node in body:
            if isinstance(node, ast.stmt) and not self._may_name_one(node):
                continue
            match node:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    self.read(ast.iter_child_nodes(node), name)
                    continue
                case ast.ClassDef(name=name):
                    self.read(ast.iter_child_nodes(node), name)
                    continue
                case ast.Try():
                    self.read([*node.handlers, *node.orelse, *node.finalbody], function)
                    continue
                case ast.Call():
                    self._call(node, function)
                case ast.Assign(targets=[ast.Name(id=name)]) if name in NAMING:
                    self._name(node.value, function)
                case ast.Dict():
                    for key, value in zip(node.keys, node.values, strict=True):
                        if isinstance(key, ast.Constant) and key.value == "DIRS":
                            elements = value.elts if isinstance(value, ast.List | ast.Tuple) else []
                            self.folders += filter(None, map(_tail, elements))
            self.read(ast.iter_child_nodes(node), function)

    def _may_name_one(self, statement: ast.stmt) -> bool:
        first = min(
            (one.lineno for one in getattr(statement, "decorator_list", ())), default=statement.lineno
        )
        at = bisect_left(self.lines, first)
        return at < len(self.lines) and self.lines[at] <= (statement.end_lineno or first)

    def _call(self, call: ast.Call, function: str) -> None:
        called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        for keyword in call.keywords:
            if keyword.arg in NAMING or (keyword.arg == "name" and called in RENDERING):
                self._name(keyword.value, function)
            elif keyword.arg in FOLDER_ARGUMENTS:
                self.folders += filter(None, [_tail(keyword.value)])
        if called in RENDERING:
            for argument in call.args[:2]:
                self._name(argument, function)
        elif called in LOADERS:
            self.folders += filter(None, map(_tail, call.args[:1]))

    def _name(self, node: ast.expr, function: str) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SUFFIX.fullmatch(node.value):
            place = Location(
                self.module.source,
                node.lineno,
                node.col_offset + 1,
                node.end_lineno or 0,
                (node.end_col_offset or 0) + 1,
            )
            link = ChainLink(self.module.name, self.module.source, node.lineno, self.module.image_path)
            chain = (*self.module.chain, link)
            self.named.append(_Named(node.value.lstrip("/"), place, chain, self.module.name, function))


def _tail(node: ast.expr) -> str:
    """`templates/html` of `os.path.join(HERE, "templates", "html")` and of `HERE / "templates" / "html"`."""
    texts = [one.value for one in _in_order(node) if isinstance(one.value, str)]
    return "/".join(text.strip("/") for text in texts if text not in ("", ".", ".."))


def _in_order(node: ast.AST) -> Iterator[ast.Constant]:
    if isinstance(node, ast.Constant):
        yield node
    for inner in ast.iter_child_nodes(node):
        yield from _in_order(inner)


def _look_up(world: World, todo: deque[_Named], folders: tuple[tuple[str, str], ...]) -> Iterator[Failure]:
    kept = [pair for pair in folders if isinstance(follow(world.checkout, pair[1]).answer, Entry)]
    known: set[str] = set()
    while todo:
        named = todo.popleft()
        if named.name in known:
            continue
        known.add(named.name)
        path, local = next(_of_checkout(world, named.name, kept), ("", ""))
        if not local:
            continue
        found = _answers(world, named.name, path, folders)
        if found is None:
            todo += _named_by(world, local, named)
        elif not world.git_ignored(local):
            doubt = next((answer for answer in found if isinstance(answer, Unknown)), None)
            question = Question(kind=Kind.DATA, subject=path, path=path, in_checkout=local, doubt=doubt)
            verdict = judge(question)
            if isinstance(verdict, Fails):
                yield _failure(named, path, local, verdict.doubt)


def _of_checkout(world: World, name: str, folders: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Where the image would have it, and where the checkout has it."""
    for image, local in folders:
        answer = follow(world.checkout, join(local, name)).answer
        if isinstance(answer, Entry) and answer.kind is FileKind.FILE:
            yield join(image, name), join(local, name)


def _answers(world: World, name: str, likely: str, folders: Iterable[tuple[str, str]]) -> list[Answer] | None:
    """What the image says of each place where it may have the template, the likely one first; None: it has it."""
    found: list[Answer] = []
    for path in dict.fromkeys((likely, *(join(image, name) for image, _ in folders))):
        answer = follow(world.files, path).answer
        if isinstance(answer, Entry):
            return None
        found.append(answer)
    return found


def _named_by(world: World, path: str, by: _Named) -> Iterator[_Named]:
    """The templates that a template of the project extends and includes."""
    data = world.checkout.read(path) if path else b""
    if not isinstance(data, bytes) or len(data) > LONGEST:
        return
    source = path.lstrip("/")
    for number, line in enumerate(data.decode("utf8", "replace").splitlines(), 1):
        for found in OTHERS.finditer(line):
            place = Location(source, number, found.start(1) + 1, number, found.end(1) + 1)
            yield _Named(found[1], place, by.chain)


def _failure(named: _Named, path: str, local: str, doubt: Unknown | None) -> Failure:
    return Failure(
        FailureKind.MISSING_FILE,
        "TemplateNotFound",
        named.name,
        named.module,
        named.chain,
        named.place,
        name=named.function,
        in_checkout=local,
        image_path=path,
        certain=False,
        unknown=doubt,
        occasion=LATER,
    )
