"""Which data files would functions read that the start-up does not call: by paths that are built from `__file__`.

Nothing is run for it. A path is looked at where it can be told from the module's names and the function's own, and
leads to something that the checkout has.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from parity.model.location import Location, Unknown
from parity.startup.language.operations import combine
from parity.startup.library import files
from parity.startup.library.calls import known_call
from parity.startup.library.methods import method_of
from parity.startup.library.openers import OPENERS
from parity.startup.library.sys import attribute_of_external
from parity.startup.state.exceptions import named, takes
from parity.startup.state.failures import builtin_bases
from parity.startup.state.machine import Machine
from parity.startup.state.modules import Module, bindings
from parity.startup.state.scope import Scope
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    FilePath,
    Items,
    ModuleValue,
    Value,
    text_of,
)
from parity.tree.base import Entry, within
from parity.tree.links import follow
from parity.verdict.judge import judge
from parity.verdict.question import Fails, Kind, Question

Body = ast.FunctionDef | ast.AsyncFunctionDef

MAKING = frozenset(
    [
        *("builtins.str", "os.fspath", "pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath"),
        *(f"os.path.{name}" for name in ("join", "dirname", "abspath", "realpath", "normpath", "basename")),
        *(
            f"Path.{name}"
            for name in ("joinpath", "resolve", "absolute", "with_name", "with_suffix", "as_posix")
        ),
    ]
)
"""What makes paths, and changes nothing."""
READING = frozenset(
    {"Path.open", "Path.read_text", "Path.read_bytes", "Path.iterdir", "builtins.open", "io.open"}
)
TESTING = frozenset(
    [
        f"Path.{name}"
        for name in ("exists", "is_file", "is_dir", "mkdir", "write_text", "write_bytes", "touch")
    ]
    + [f"os.path.{name}" for name in ("exists", "isfile", "isdir")]
    + ["os.makedirs", "os.mkdir"]
)
"""Whoever asks this of a path, or makes what is there, can do without it."""
OPTIONAL = (".env", ".git")
"""What is meant to be missing in an image has such a name."""
DEEPEST = 20


class ReadLater(Struct, frozen=True):
    """A file or folder that only the checkout has. `doubt`: a step that may have put it into the image."""

    module: str
    function: str
    path: str
    in_checkout: str
    place: Location
    doubt: Unknown | None


def read_later(machine: Machine, modules: Iterable[Module]) -> tuple[ReadLater, ...]:
    """Each path once."""
    found: dict[str, ReadLater] = {}
    for module in modules:
        if module.in_image and module.source and b"__file__" in _text(machine, module):
            for function in _functions(module.body):
                for one in _Reader(machine, module, function).found():
                    found.setdefault(one.path, one)
            for one in _Reader(machine, module, None).found():
                found.setdefault(one.path, one)
    return tuple(found.values())


def read_unloaded(machine: Machine, module: Module) -> tuple[ReadLater, ...]:
    """The same of a module that the start-up does not load: its names are made of what its statements plainly say."""
    if b"__file__" not in _text(machine, module):
        return ()
    _bind(_Reader(machine, module, None), module)
    return read_later(machine, (module,))


def _bind(reader: _Reader, module: Module) -> None:
    names = module.namespace.values
    names.update(dict.fromkeys((name for _, name in bindings(list(module.body))), ANYTHING))
    for statement in module.body:
        match statement:
            case ast.Import():
                for one in statement.names:
                    name = one.name if one.asname else one.name.partition(".")[0]
                    names[one.asname or name] = reader.standard(name)
            case ast.ImportFrom(level=0, module=str() as owner):
                for one in statement.names:
                    names[one.asname or one.name] = reader.standard(f"{owner}.{one.name}")
            case ast.Assign(targets=[ast.Name(id=name)]):
                names[name] = reader.value(statement.value)


def _text(machine: Machine, module: Module) -> bytes:
    data = machine.world.checkout.read(module.source)
    return b"" if isinstance(data, Unknown) else data


def _functions(body: Sequence[ast.AST]) -> Iterator[Body]:
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, Body):
                yield node


class _Reader:
    """The paths of one function, or (None) of the statements of the module itself."""

    def __init__(self, machine: Machine, module: Module, function: Body | None) -> None:
        self.machine = machine
        self.module = module
        self.function = function
        self.body: Sequence[ast.stmt] = function.body if function is not None else module.body
        self.scope = Scope(module, module.namespace)
        self.own = self._own_names()

    def _own_names(self) -> dict[str, ast.expr | None]:
        """The function's names: what each is made of, None where that cannot be told."""
        if self.function is None:
            return {}
        arguments = self.function.args
        every = [
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            arguments.vararg,
            arguments.kwarg,
        ]
        own: dict[str, ast.expr | None] = {one.arg: None for one in every if one is not None}
        for _, name in bindings(list(self.body)):
            own[name] = None
        counted = [name for _, name in bindings(list(self.body))]
        for statement in self.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if counted.count(name) == 1:
                    own[name] = value
        return own

    def found(self) -> Iterator[ReadLater]:
        asked = {text for call, _ in self._calls(self.body) for text in self._tested(call)}
        for call, caught in self._calls(self.body):
            if caught:
                continue
            for text in self._read(call):
                if not any(within(text, one) or within(one, text) for one in asked):
                    yield from self._missing(call, text)

    def _calls(self, body: Iterable[ast.AST], caught: bool = False) -> Iterator[tuple[ast.Call, bool]]:
        """Every call, and whether a handler around it takes a FileNotFoundError."""
        for node in body:
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Lambda():
                    continue
                case ast.Try():
                    takes_it = any(self._takes(handler) for handler in node.handlers)
                    yield from self._calls(node.body, caught or takes_it)
                    yield from self._calls([*node.handlers, *node.orelse, *node.finalbody], caught)
                case _:
                    if isinstance(node, ast.Call):
                        yield node, caught
                    yield from self._calls(ast.iter_child_nodes(node), caught)

    def _takes(self, handler: ast.ExceptHandler) -> bool:
        bases = builtin_bases("FileNotFoundError")
        return handler.type is None or takes(named(handler.type, self.scope), bases) is not False

    def _tested(self, call: ast.Call) -> list[str]:
        function = self.value(call.func)
        if not isinstance(function, External) or function.name not in TESTING:
            return []
        values = [function.bound_to or ANYTHING, *(self.value(one) for one in call.args[:1])]
        return [files.absolute(self.machine, text) for one in values if (text := text_of(one))]

    def _read(self, call: ast.Call) -> list[str]:
        """The paths that the call reads, or is handed and is not followed."""
        function = self.value(call.func)
        if not isinstance(function, External):
            return []
        top = function.name.partition(".")[0]
        arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
        if function.name in READING or (function.name in OPENERS and not OPENERS[function.name].makes):
            values = [function.bound_to or (self.value(arguments[0]) if arguments else ANYTHING)]
            if function.name.endswith("open") and not self._is_read(call, function.bound_to is None):
                return []
        elif not self.machine.world.standard(top) and top not in ("Path", "str", "list", "dict"):
            values = [self.value(one) for one in arguments]
        else:
            return []
        return [text for one in values if (text := text_of(one)) and text.startswith("/")]

    def _is_read(self, call: ast.Call, named_first: bool) -> bool:
        """The mode of `open(path, mode)`, or of `path.open(mode)`."""
        modes = [*call.args[named_first:][:1], *(one.value for one in call.keywords if one.arg == "mode")]
        return all((text_of(self.value(mode)) or "w").startswith("r") for mode in modes)

    def _missing(self, call: ast.Call, path: str) -> Iterator[ReadLater]:
        machine = self.machine
        path = files.absolute(machine, path)
        answer = follow(machine.world.files, path).answer
        written = machine.touched - machine.handed
        if isinstance(answer, Entry) or any(within(path, one) or within(one, path) for one in written):
            return
        local = files.in_checkout(machine, path, None)
        if not local or local == "/" or machine.world.git_ignored(local):
            return
        if path.rpartition("/")[2].startswith(OPTIONAL):
            return
        doubt = answer if isinstance(answer, Unknown) else None
        question = Question(kind=Kind.DATA, subject=path, path=path, in_checkout=local, doubt=doubt)
        verdict = judge(question)
        if isinstance(verdict, Fails):
            place = Location(
                self.module.source.lstrip("/"),
                call.lineno,
                call.col_offset + 1,
                call.end_lineno or 0,
                (call.end_col_offset or 0) + 1,
            )
            name = self.function.name if self.function is not None else ""
            yield ReadLater(self.module.name, name, path, local, place, verdict.doubt)

    def value(self, node: ast.expr, depth: int = 0) -> Value:
        """What the expression gives, asked without running anything."""
        if depth > DEEPEST:
            return ANYTHING
        match node:
            case ast.Constant(value=str() | int() as plain):
                return Constant(plain)
            case ast.Name(id=name):
                if name in self.own:
                    made = self.own[name]
                    return ANYTHING if made is None else self.value(made, depth + 1)
                return self._global(name)
            case ast.Attribute():
                return self._attribute(self.value(node.value, depth + 1), node.attr)
            case ast.BinOp(op=ast.Div() | ast.Add()):
                left, right = self.value(node.left, depth + 1), self.value(node.right, depth + 1)
                plain = isinstance(left, FilePath | Constant) and isinstance(right, FilePath | Constant)
                return combine(self.machine, node.op, left, right) if plain else ANYTHING
            case ast.Subscript():
                items, index = self.value(node.value, depth + 1), self.value(node.slice, depth + 1)
                if isinstance(items, Items) and isinstance(index, Constant) and isinstance(index.value, int):
                    return items.elements[index.value] if index.value < len(items.elements) else ANYTHING
                return ANYTHING
            case ast.Call(keywords=[]):
                function = self.value(node.func, depth + 1)
                run = known_call(function.name) if isinstance(function, External) else None
                if run is None or not isinstance(function, External) or function.name not in MAKING:
                    return ANYTHING
                arguments = Arguments(tuple(self.value(one, depth + 1) for one in node.args))
                return run(self.machine, arguments, function.bound_to)
            case _:
                return ANYTHING

    def standard(self, name: str) -> Value:
        """What an import of the standard library binds."""
        return External(name) if self.machine.world.standard(name.partition(".")[0]) else ANYTHING

    def _global(self, name: str) -> Value:
        value = self.module.attribute(name) if name.startswith("__") else self.module.namespace.get(name)
        if value is None:
            return External(f"builtins.{name}")
        return value

    def _attribute(self, owner: Value, name: str) -> Value:
        match owner:
            case ModuleValue():
                return owner.module.attribute(name) or ANYTHING
            case External():
                return attribute_of_external(self.machine, owner, name)
            case FilePath() | Constant():
                return method_of(owner, name)
            case _:
                return ANYTHING
