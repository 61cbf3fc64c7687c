"""Starts one Python process in the simulation: from an Entrypoint to what fails and what was imported."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from parity.model.command import Command
from parity.model.finding import ChainLink
from parity.model.location import Location, Unknown
from parity.model.packages import normalized
from parity.programs.interpreter import program_arguments
from parity.python.no_file import NO_FILE
from parity.python.outside import OutsideImport
from parity.python.resolve import (
    BYTECODE_SUFFIX,
    EXTENSION_SUFFIX,
    CompiledModule,
    Missing,
    NamespacePackage,
    SourceModule,
    Undecided,
)
from parity.python.source import SyntaxProblem, parse
from parity.startup.entrypoint import (
    CallFunction,
    Entrypoint,
    ExecuteFile,
    ImportModule,
    RunCode,
    RunFile,
    RunModule,
    Step,
)
from parity.startup.importing.importer import Importer
from parity.startup.importing.trail import Edge
from parity.startup.language.statements import Statements
from parity.startup.library.servers import serve
from parity.startup.read_later import ReadLater, read_later
from parity.startup.stack import on_deep_stack
from parity.startup.state.budget import Bound, Budget
from parity.startup.state.failures import Failure, FailureKind, Raised, RaisedValue, Stopped, builtin_bases
from parity.startup.state.machine import Machine
from parity.startup.state.modules import Module, State
from parity.startup.state.namespace import Namespace
from parity.startup.state.questions import OpenQuestion, ask, leave_open
from parity.startup.state.scope import Scope
from parity.startup.state.taint import Touched
from parity.startup.state.values import Arguments, Constant, Coroutine, External, ModuleValue, Value
from parity.startup.state.world import World
from parity.tree.base import Absent, Compiled, Entry, FileKind, FileTree, join
from parity.tree.links import follow
from parity.verdict.question import Fails, Kind, NotChecked


class LoadedModule(Struct, frozen=True):
    """A module of the project that the start-up reached.

    `source` is its checkout path without a leading slash ("" for what an instruction wrote), `folders` and
    `local_folders` its `__path__` in the image and in the checkout, `package` where relative imports start.
    """

    name: str
    image_path: str
    source: str
    in_image: bool
    folders: tuple[str, ...] | None
    local_folders: tuple[str, ...]
    package: str | None


class Startup(Struct, frozen=True):
    """What one process does when it starts.

    `ran` holds the (checkout path, line) of every import statement that was executed, `unknowns` the bounds
    that were reached, `outside` the imports of packages of others; `path_unknown`: why more
    folders may be on the search path; `wrote` the image paths that it may have made or written, `handed` those of them
    that were only named in a call;
    `importable` the image's files as imports see them; `not_checked` what of the project's own stays open;
    `own_finder`: the program changes how modules are found; `read_later` the data files that only functions read;
    `opened` the checkout's files that it reads besides modules.
    """

    entrypoint: Entrypoint
    failures: tuple[Failure, ...]
    modules: tuple[LoadedModule, ...]
    edges: tuple[Edge, ...]
    ran: frozenset[tuple[str, int]]
    unknowns: tuple[Unknown, ...]
    search_path: tuple[str, ...]
    local_path: tuple[str, ...]
    importable: FileTree
    outside: tuple[OutsideImport, ...] = ()
    path_unknown: Unknown | None = None
    wrote: tuple[str, ...] = ()
    handed: frozenset[str] = frozenset()
    not_checked: tuple[OpenQuestion, ...] = ()
    own_finder: bool = False
    read_later: tuple[ReadLater, ...] = ()
    opened: tuple[str, ...] = ()


def simulate(entrypoint: Entrypoint, world: World, budget: Budget | None = None) -> Startup:
    """Runs the entrypoint's steps in order; a failure does not end them, so that one run finds every gap.

    `budget`: what is left for the image, if this is not all that runs of it.
    """
    process = _Process(entrypoint, world, budget or Budget())
    on_deep_stack(process.run)
    return process.result()


class _Process:
    def __init__(self, entrypoint: Entrypoint, world: World, budget: Budget) -> None:
        self.entrypoint = entrypoint
        self.world = world
        command = entrypoint.command
        environment = {**command.environment, **dict(entrypoint.environment)}
        self.machine = Machine(world, environment, command.working_directory, program_arguments(command))
        self.machine.budget = budget
        self.importer = Importer(self.machine, python_path(command, environment))
        self.statements = Statements(self.machine, self.importer, self.parse)
        self.machine.importing = self.importer
        self.machine.interpreting = self.statements
        self.everything: dict[tuple[str, str], Module] = {}

    def run(self) -> None:
        try:
            self.customize()
            for step in self.entrypoint.steps:
                self.step(step)
            self.machine.meet_occasions()
        except (Stopped, Raised):
            pass
        except RecursionError:
            self.machine.budget.reach(Bound.STACK, "the start-up nests too deeply", self.machine.place())

    def customize(self) -> None:
        """CPython: `site` imports these, and prints what they raise; then comes the program's own folder."""
        for name in ("sitecustomize", "usercustomize"):
            if isinstance(self.importer.search.resolve(name, None)[0], SourceModule):
                try:
                    with self.machine.guarded(lambda _raised: True):
                        self.importer.import_module(name)
                except Raised:
                    pass
        self.importer.finder.put_first(self.entrypoint.search_path)

    def step(self, step: Step) -> None:
        match step:
            case RunFile():
                self._run_file(step.path, "__main__", step.whole)
            case ExecuteFile():
                self._run_file(step.path, "<configuration>")
            case RunModule():
                self._run_module(step.name)
            case RunCode():
                self._run_code(step)
            case ImportModule():
                self._import_module(step)
            case CallFunction():
                texts = tuple(Constant(text) for text in step.arguments)
                self.statements.call(External(step.function), Arguments(texts))

    def result(self) -> Startup:
        loaded = [
            LoadedModule(
                m.shown, m.image_path, m.source.lstrip("/"), m.in_image, m.folders, m.local_folders, m.package
            )
            for m in (*self.everything.values(), *self.importer.modules.values())
        ]
        return Startup(
            self.entrypoint,
            tuple(self.machine.failures.values()),
            tuple(dict.fromkeys(loaded)),
            tuple(self.importer.trail.edges.values()),
            frozenset(self.statements.ran),
            tuple(self.machine.budget.reached.values()),
            tuple(self.importer.finder.search_path),
            self.importer.finder.local_folders(),
            self.importer.finder.files,
            tuple(self.importer.trail.outside.values()),
            self.importer.finder.path_unknown or self.machine.taints.get(Touched.MODULES),
            tuple(sorted(self.machine.touched)),
            frozenset(self.machine.handed),
            tuple(self.machine.open_questions.values()),
            Touched.FINDERS in self.machine.taints,
            read_later(self.machine, list(self.everything.values())),
            tuple(dict.fromkeys(self.machine.opened.values())),
        )

    # -- reading

    def parse(self, module: Module) -> Sequence[ast.stmt]:
        """The module's statements. Of one that does not compile, the import statements that can be read."""
        self.everything[module.name, module.image_path] = module
        data = self._bytes(module)
        if isinstance(data, Unknown):
            if not module.image_path.endswith((BYTECODE_SUFFIX, EXTENSION_SUFFIX)):
                leave_open(self.machine, Kind.MODULE, module.shown, module.image_path, data)
            module.namespace.open = True
            return ()
        parsed = parse(data, self.world.python)
        match parsed:
            case SyntaxProblem():
                self._fail_syntax(module, parsed)
                module.namespace.open = True
                return _imports_of(data)
            case Unknown():
                leave_open(self.machine, Kind.MODULE, module.shown, module.image_path, parsed)
                module.namespace.open = True
                return ()
            case _:
                return parsed

    def _bytes(self, module: Module) -> bytes | Unknown:
        if not module.in_image:
            return self.world.checkout.read(module.source)
        found = follow(self.importer.finder.files, module.image_path)
        if isinstance(found.answer, Entry):
            if (compiled := found.answer.compiled) is not None:
                return self._compiled_text(compiled)
            if found.path.endswith((BYTECODE_SUFFIX, EXTENSION_SUFFIX)):
                return Unknown("it is compiled")
            return self.importer.finder.files.read(found.path)
        return self.world.checkout.read(module.source) if module.source else Unknown("not in the image")

    def _compiled_text(self, compiled: Compiled) -> bytes | Unknown:
        source = compiled.source
        if source.content is not None:
            return source.content
        if source.altered is not None or not source.source:
            return source.altered or Unknown("it is compiled")
        return self.world.checkout.read(source.source)

    def _fail_syntax(self, module: Module, problem: SyntaxProblem) -> None:
        frames = self.machine.chain()[:-1]
        link = ChainLink(module.shown, module.source.lstrip("/"), problem.line, module.image_path)
        place = Location(module.source.lstrip("/"), problem.line, problem.column)
        since = f"Python {problem.since} reads it" if problem.since else ""
        self.machine.fail(
            Failure(
                FailureKind.SYNTAX,
                problem.exception,
                problem.text,
                module.shown,
                (*frames, link),
                place,
                name=since,
                in_checkout=module.source,
                image_path=module.image_path,
                certain=self.world.language_unknown is None,
                unknown=self.world.language_unknown,
            ),
            builtin_bases(problem.exception),
        )

    # -- the steps

    def _run_file(self, path: str, name: str, whole: str = "") -> None:
        found = follow(self.importer.finder.files, path)
        in_image = True
        compiled_as = ""
        if isinstance(found.answer, Entry) and found.answer.kind is FileKind.FILE:
            source, compiled_as = self.importer.finder.origin(path)
        elif isinstance(found.answer, Absent) or (
            isinstance(found.answer, Entry) and found.answer.kind is not FileKind.FILE
        ):
            source = self._local_file(path)
            says = f"can't open file {path!r}: [Errno 2] No such file or directory"
            if whole:
                says = f"can't find '__main__' module in {whole!r}"
            self._fail_start("", says, path, source, None)
            if not source:
                return
            in_image = False
        else:
            source = self._local_file(path)
            unknown = found.answer if isinstance(found.answer, Unknown) else None
            answer = ask(self.machine, Kind.PROGRAM, path, path, unknown, in_checkout=source)
            if isinstance(answer, Fails):
                says = f"can't open file {path!r}: [Errno 2] No such file or directory"
                self._fail_start("", says, path, source, None, answer.doubt)
                in_image = False
            if not source:
                return
        stem = path.rpartition("/")[2].removesuffix(".py")
        module = Module(name, stem, path, source, None, (), in_image, package=None, compiled_as=compiled_as)
        self._run_main(module)

    def _run_module(self, name: str) -> None:
        parent_name = name.rpartition(".")[0]
        parent: Module | None = None
        if parent_name:
            value = self._import_parent(parent_name)
            if value is None:
                loaded = self.importer.modules.get(name)
                if loaded is not None and loaded.folders is None:  # CPython: find_spec asks sys.modules first
                    self._run_main(
                        replace(loaded, name="__main__", namespace=Namespace(), state=State.LOADING)
                    )
                    return
                value = self.importer.import_module(parent_name)
            if not isinstance(value, ModuleValue):
                return
            parent = value.module
        image, local = self.importer.search.resolve(name, parent)
        found, in_image = image, True
        if isinstance(image, Missing | Undecided):
            here = isinstance(local, SourceModule | NamespacePackage)
            made = self.importer.finder.make(name, local, parent, in_image=False) if here and local else None
            where = (made.image_path, made.source) if made is not None else ("", "")
            unknown = image.unknown if isinstance(image, Undecided) else None
            doubt = parent.doubt if parent is not None else None
            if doubt is None and not here and unknown is not None and self._is_published(name, unknown):
                return
            if doubt is None and (parent is None or parent.in_image):
                answer = ask(self.machine, Kind.PROGRAM, name, where[0], unknown, in_checkout=where[1])
                if isinstance(answer, NotChecked):
                    doubt = answer.doubt
                else:
                    text = f"No module named {name}"
                    self._fail_start(name, text, *where, "ModuleNotFoundError", answer.doubt)
            if local is None or not here:
                return
            found, in_image = local, doubt is not None
        regular = isinstance(found, SourceModule | CompiledModule) and found.package
        if isinstance(found, NamespacePackage) or regular:
            if name.endswith("__main__"):
                return
            self._run_module(f"{name}.__main__")
            return
        module = self.importer.finder.make(name, found, parent, in_image=in_image and found is image)
        if module is not None:
            module.in_image = in_image
            module.name = "__main__"
            module.package = parent_name
            self.machine.arguments = (module.image_path, *self.machine.arguments[1:])
            self._run_main(module)

    def _import_parent(self, name: str) -> Value | None:
        """CPython: `runpy` imports the parent of `-m`, and passes over it (None) where it misses itself."""

        def misses_itself(raised: RaisedValue) -> bool:
            failure = raised.failure
            if failure is None or failure.kind in (FailureKind.RAISED, FailureKind.RELATIVE_IMPORT):
                return False  # an ImportError without a name
            return "ImportError" in raised.bases and f"{name}.".startswith(f"{failure.module}.")

        try:
            with self.machine.guarded(misses_itself) as guard:
                return self.importer.import_module(name)
        except Raised as raised:
            if raised.guard is not guard:
                raise
            return None

    def _run_code(self, step: RunCode) -> None:
        location = step.location or self.entrypoint.command.location
        module = Module("__main__", "-c", "<string>", location.path if location else "", package=None)
        try:
            program = ast.parse(step.text, NO_FILE)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        if location is not None and location.line:
            ast.increment_lineno(program, location.line - 1)
        self.importer.modules["__main__"] = module
        with self.machine.frame(module):
            module.body = tuple(program.body)
            self.statements.block(program.body, Scope(module, module.namespace))

    def _import_module(self, step: ImportModule) -> None:
        if step.optional and not self.importer.has_module(step.name):
            return
        value: Value = self.importer.import_module(step.name)
        for part in step.attribute.split(".") if step.attribute else ():
            value = self.statements.expressions.attributes.attribute(value, part)
        if step.call:
            made = self.statements.call(value, Arguments(complete=False))
            value = (
                made
                if not isinstance(made, Coroutine)
                else self.statements.expressions.calls.run_coroutine(made)
            )
        if step.serves and step.attribute:
            serve(self.machine, value)

    def _run_main(self, module: Module) -> None:
        self.importer.modules["__main__"] = module
        self.statements.run_module(module)
        module.state = State.LOADED

    def _local_file(self, path: str) -> str:
        folder, _, name = path.rpartition("/")
        for local in self.world.counterpart(folder or "/"):
            candidate = local.rstrip("/") + "/" + name
            answer = follow(self.world.checkout, candidate).answer
            if isinstance(answer, Entry) and answer.kind is FileKind.FILE:
                return candidate
        return ""

    def _is_published(self, name: str, unknown: Unknown) -> bool:
        """May an installer have brought it?"""
        top = name.partition(".")[0]
        installed = unknown.installed.names if unknown.installed is not None else ()
        return normalized(top) in installed or bool(self.world.providers(top))

    def _fail_start(
        self,
        name: str,
        text: str,
        image_path: str,
        source: str,
        exception: str | None,
        doubt: Unknown | None = None,
    ) -> None:
        self.machine.fail(
            Failure(
                FailureKind.ENTRYPOINT,
                exception or "",
                text,
                name,
                (),
                self.entrypoint.command.location or Location(""),
                in_checkout=source,
                image_path=image_path,
                certain=doubt is None,
                unknown=doubt,
            ),
            builtin_bases(exception or "SystemExit"),
        )


def python_path(command: Command, environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The entries of PYTHONPATH (of the command's environment, or this one); an empty one is the working directory."""
    entries = (command.environment if environment is None else environment).get("PYTHONPATH", "")
    folders = [join(command.working_directory, entry) for entry in entries.split(":")] if entries else []
    return tuple(dict.fromkeys(folders))


def _imports_of(data: bytes) -> list[ast.stmt]:
    from parity.python.scan import scan

    return [statement.as_ast() for statement in scan(data) if statement.scope.runs_at_import]
