"""Small random package trees, full of the imports that real programs get wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

MODULES = ("a", "b", "c", "p", "p.x", "p.y", "p.q", "p.q.z", "n.m", "n.k")
NAMES = ("A", "B", "C", "D")
MISSING = ("gone", "p.gone", "a.b", "n.gone", "p.q.gone")
ERRORS = (
    *("ImportError", "ModuleNotFoundError", "Exception", "(ImportError, AttributeError)", "AttributeError"),
    *("NameError", "KeyError", "ValueError"),
)
KNOWN_TESTS = (
    *("True", "False", "__name__ == '__main__'", "0", "1", "not 0", "__name__ != 'b'", "1 > 2 or 2 > 1"),
    *("'p' in __name__", "__package__"),
)
UNKNOWN_TESTS = (
    *("os.getpid() > 0", "os.getpid() < 0", "os.getpid() > 0 and 1", "not os.getpid()"),
    *("os.environ.get('NO_SUCH_SWITCH')", "not os.getenv('NO_SUCH_SWITCH')"),
)
Lines = list[str]


def program(random: Random, *, doubtful: bool = False) -> tuple[dict[str, str], tuple[str, ...]]:
    """Files by path, and the arguments of `python`.

    `doubtful` programs have conditions that the simulation cannot decide.
    """
    modules = [name for name in MODULES if random.random() < 0.8 or name in ("a", "p")]
    packages = {name.rpartition(".")[0] for name in modules if "." in name} | {"p"}
    careful = random.random() < 0.4
    files: dict[str, str] = {}

    def write(path: str, name: str, package: bool = False, main: bool = False) -> None:
        files[path] = _Author(random, name, package, main, careful, doubtful).module()

    for name in modules:
        path = name.replace(".", "/")
        write(f"{path}/__init__.py" if name in packages else f"{path}.py", name, name in packages)
    if random.random() < 0.1:  # further folders that an edit of sys.path makes visible
        write("lib/c.py", "c")
        write("lib/n/gone.py", "n.gone")
    style = random.random()
    if style < 0.4:
        write("main.py", "__main__", main=True)
        return files, ("main.py",)
    if style < 0.6:
        write("p/__main__.py", "p.__main__", main=True)
        return files, ("-m", "p")
    chosen = random.choice(
        [name for name in modules if name not in packages] + (["p.x"] if random.random() < 0.1 else [])
    )
    if style < 0.8:
        return files, ("-m", chosen)
    return files, (chosen.replace(".", "/") + ".py",)


GETATTR = (
    ["if name == 'A':", "    return 1", "raise AttributeError(name)"],
    ["raise AttributeError(name)"],
    ["if name in ('B', 'C'):", "    import c", "    return c", "raise AttributeError(f'no {name}')"],
    [
        "if name == 'x':",
        "    import importlib",
        "    return importlib.import_module('.x', 'p')",
        "raise AttributeError(name)",
    ],
)


def _indented(lines: Lines) -> Lines:
    return ["    " + line for line in lines]


@dataclass
class _Author:
    """Writes one module. `careful` authors mostly use what is there."""

    random: Random
    name: str
    package: bool
    main: bool
    careful: bool
    doubtful: bool
    lines: Lines = field(default_factory=list)
    inside: int = 0  # functions around the statement that is being drawn

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def module(self) -> str:
        random = self.random
        lines = self.lines
        if self.chance(0.1):
            lines.append("from __future__ import annotations")
        lines.append("import os, sys")
        if self.chance(0.12) and not self.main:
            names = random.sample(NAMES, random.randint(0, 2))
            lines.append(f"__all__ = {names + (['x'] if self.package and self.chance(0.3) else [])!r}")
            if self.chance(0.3):
                lines.append(f"__all__ += [{random.choice(NAMES)!r}]")
        if self.chance(0.06) and not self.main:
            lines += ["def __getattr__(name):", *_indented(random.choice(GETATTR))]
        early = random.random()
        if early < (0.8 if self.careful else 0.5):  # binds most of its names before it imports
            count = 4 if self.careful else random.randint(1, 4)
            lines += [f"{name} = 1" for name in random.sample(NAMES, count)]
        for _ in range(random.randint(1, 4 if self.main or self.careful else 6)):
            lines += self.statement(0)
        if early > 0.3:
            lines += [f"{name} = 2" for name in random.sample(NAMES, random.randint(1, 4))]
        return "\n".join(lines) + "\n"

    # -- pieces

    def some_module(self) -> str:
        missing = self.chance(0.005 if self.careful else 0.04)
        return self.random.choice(MISSING if missing else MODULES)

    def bound(self) -> str:
        return self.random.choice(NAMES)

    def import_line(self) -> str:
        random, choice = self.random, self.random.choice
        target = self.some_module()
        what = self.bound() if self.chance(0.8) else choice(("x", "y", "q", "z", "gone"))
        if self.careful and self.chance(0.6):
            return choice((f"import {target}", f"import {target} as {self.bound()}"))
        if not ("." in self.name or self.package) and self.chance(0.9):
            return choice((f"import {target}", f"from {target} import {what}", f"import {target} as {what}"))
        kind = random.randint(0, 11)
        if kind == 0:
            return f"import {target}"
        if kind == 1:
            return f"import {target} as {self.bound()}"
        if kind in (2, 3, 4):
            return f"from {target} import {what}"
        if kind == 5:
            return f"from {target} import {what} as {self.bound()}"
        if kind == 6:
            return f"from {target} import {self.bound()}, {what}"
        if kind == 7:
            return f"from . import {what}"
        if kind == 8:
            return f"from .{choice(('x', 'y', 'q', 'gone', 'q.z'))} import {self.bound()}"
        if kind == 9:
            return f"from {choice(('..', '..x', '..y', '...'))} import {what}"
        if kind == 10:
            return f"import {target}, {self.some_module()}"
        return f"import {target}"

    def value(self) -> str:
        """An expression; mostly of names that the module seems to have bound by now."""
        text = "\n".join(self.lines) + "\n"
        owners = [m for m in ("a", "b", "c", "p", "p.x", "p.y", "p.q", "n.m") if f"import {m}\n" in text]
        marks = ("{} =", "import {}", "as {}", "class {}")
        known = [name for name in NAMES if any(mark.format(name) in text for mark in marks)]
        if self.chance(0.005 if self.careful else 0.04):
            return self.bound()
        if owners and self.chance(0.7):
            return f"{self.random.choice(owners)}.{self.random.choice((*NAMES, 'x', 'y', 'q'))}"
        return self.random.choice(known) if known else "None"

    def test(self) -> str:
        if not self.doubtful:
            return self.random.choice(KNOWN_TESTS)
        if self.chance(0.3):
            form = self.random.choice(
                ("{} is None", "{} is not None", "{} == 2", "{}", "not {}", "{} in (1, 4)")
            )
            return form.format(self.value())
        return self.random.choice((*UNKNOWN_TESTS, *KNOWN_TESTS))

    def block(self, depth: int) -> Lines:
        """An indented statement."""
        return _indented(self.statement(depth + 1))

    def function(self, depth: int) -> Lines:
        """The indented body of a function."""
        self.inside += 1
        lines = self.block(depth)
        self.inside -= 1
        return lines

    # -- statements

    def statement(self, depth: int) -> Lines:
        if depth > 2 or self.chance(0.3):
            return [self.import_line()] if depth <= 2 or self.chance(0.7) else [f"{self.bound()} = 5"]
        return self.random.choice(STATEMENTS)(self, depth)

    def assignment(self, depth: int) -> Lines:
        return [f"{self.bound()} = {self.random.randint(0, 3)}"]

    def use(self, depth: int) -> Lines:
        return [self.value()]

    def definition(self, depth: int) -> Lines:
        choice = self.random.randint(0, 3)
        if choice == 0:
            return [f"def {self.bound()}(v={self.value()}):", "    return v"]
        if choice == 1:
            return [f"def {self.bound()}(v: {self.value()}) -> {self.value()}:", "    return v"]
        if choice == 2:
            return [f"{self.bound()} = lambda v={self.value()}: {self.bound()}"]
        return [f"async def {self.bound()}(*, v={self.value()}):", *self.function(depth)]

    def called(self, depth: int) -> Lines:
        name = self.bound()
        body = [*_indented([self.import_line()]), *self.function(depth)]
        if self.chance(0.2):
            body = [f"    global {self.bound()}", *body]
        if self.chance(0.2):
            body += [f"    if {self.test()}:", "        return 2", *self.function(depth)]
        call = [f"{name}()"] if self.chance(0.6) else []
        return [f"def {name}():", *body, "    return 1", *call]

    def closure(self, depth: int) -> Lines:
        name, cell = self.bound(), self.bound()
        change = [f"        nonlocal {cell}"] if self.chance(0.5) else []
        return [
            f"def outer({cell}={self.value()}):",
            "    def inner():",
            *change,
            *_indented(self.function(depth + 1)),
            f"        return {cell}",
            *self.function(depth),
            "    return inner()",
            f"{name} = outer()",
        ]

    def attempt(self, depth: int) -> Lines:
        handlers: Lines = []
        for _ in range(2 if self.chance(0.15) else 1):
            caught = self.random.choice(ERRORS)
            handler = self.random.choice(
                (
                    ["    pass"],
                    [f"    {self.bound()} = None"],
                    ["    raise"],
                    ["    raise RuntimeError('no')"],
                    ["    raise RuntimeError('x') from error"],
                    ["    raise error"],
                    self.block(depth),
                    [f"    {self.import_line()}"],
                    ["    if error.name == 'gone':", "        raise"] if self.doubtful else ["    pass"],
                )
            )
            named = " as error" if "error" in "".join(handler) or self.chance(0.1) else ""
            handlers += [f"except {caught}{named}:", *handler]
        if self.chance(0.1):
            handlers += ["except:", *self.block(depth)]
        lines = ["try:", f"    {self.import_line()}", *(self.block(depth) if self.chance(0.3) else [])]
        lines += handlers
        if self.chance(0.2):
            lines += ["else:", *self.block(depth)]
        if self.chance(0.2):
            lines += ["finally:", *([f"    {self.bound()} = 4"] if self.chance(0.5) else self.block(depth))]
        return lines

    def cleanup(self, depth: int) -> Lines:
        return ["try:", *self.block(depth), "finally:", *self.block(depth)]

    def fallback(self, depth: int) -> Lines:
        name = self.bound()
        return ["try:", f"    {name}", "except NameError:", f"    {name} = 6"]

    def star(self, depth: int) -> Lines:
        if self.inside and not self.chance(0.05):
            return [self.import_line()]
        return [f"from {self.some_module()} import *"]

    def condition(self, depth: int) -> Lines:
        lines = [f"if {self.test()}:", *self.block(depth)]
        if self.chance(0.15):
            lines += [f"elif {self.test()}:", *self.block(depth)]
        if self.chance(0.4):
            lines += ["else:", *self.block(depth)]
        return lines

    def typing_only(self, depth: int) -> Lines:
        return ["from typing import TYPE_CHECKING", "if TYPE_CHECKING:", *self.block(depth)]

    def version(self, depth: int) -> Lines:
        return [f"if sys.version_info >= (3, {self.random.choice((8, 30))}):", *self.block(depth)]

    def deletion(self, depth: int) -> Lines:
        if self.careful or self.chance(0.5):
            name = self.bound()
            return [f"{name} = 7", f"del {name}", *([f"{name} = 8"] if self.careful else [])]
        return [f"del {self.bound()}"]

    def dynamic(self, depth: int) -> Lines:
        name = self.some_module()
        form = self.random.randint(0, 3)
        if form == 0 and (self.package or "." in self.name):
            near = self.random.choice(("x", "q", "gone"))
            return ["import importlib", f"importlib.import_module('.{near}', __package__)"]
        if form == 1:
            return [f"{self.bound()} = __import__({name!r})"]
        return ["import importlib", f"{self.bound()} = importlib.import_module({name!r})"]

    def loop(self, depth: int) -> Lines:
        names = (self.some_module(), self.some_module())
        if self.chance(0.5):
            return ["import importlib", f"for name in {names!r}:", "    importlib.import_module(name)"]
        leave = self.random.choice(("break", "continue", "pass"))
        return [
            f"for {self.bound()} in (1, 2):",
            *self.block(depth),
            f"    {leave}",
            *(["else:", *self.block(depth)] if self.chance(0.5) else []),
        ]

    def suppressed(self, depth: int) -> Lines:
        caught = self.random.choice(("ImportError", "AttributeError", "Exception"))
        return ["from contextlib import suppress", f"with suppress({caught}):", *self.block(depth)]

    def class_with_base(self, depth: int) -> Lines:
        return [f"class {self.bound()}({self.value()} if 0 else object):", *self.block(depth)]

    def class_body(self, depth: int) -> Lines:
        name = self.bound()
        lines = [f"class {name}:", f"    v = {self.value()}", *self.block(depth)]
        if self.chance(0.4):
            lines += ["    def __init__(self):", *_indented(self.function(depth + 1))]
            lines += [f"{name}()"] if self.chance(0.6) else []
        return lines

    def decorated(self, depth: int) -> Lines:
        head = ["def deco(f):", *self.function(depth), "    return f", "@deco"]
        if self.chance(0.3):
            return [*head, f"class {self.bound()}:", *self.block(depth)]
        return [*head, f"def {self.bound()}():", *self.function(depth)]

    def asked(self, depth: int) -> Lines:
        """A module is asked for what it has, without failing."""
        name, module = self.bound(), self.some_module()
        question = self.random.choice(
            (
                f"{name} = getattr(asked, {self.bound()!r}, None)",
                f"if hasattr(asked, {self.bound()!r}): {name} = 1",
                f"if not hasattr(asked, {self.bound()!r}): {self.import_line()}",
                f"{name} = {module!r} in sys.modules",
            )
        )
        return [f"import {module} as asked", question]

    def patched(self, depth: int) -> Lines:
        module, name = self.some_module(), self.bound()
        change = f"patched.{name} = 9" if self.chance(0.7) else f"del patched.{name}"
        return [f"import {module} as patched", change, f"patched.{self.bound()}"]

    def removed(self, depth: int) -> Lines:
        form = self.random.choice(
            ("sys.modules.pop({!r}, None)", "if {0!r} in sys.modules: del sys.modules[{0!r}]")
        )
        return [form.format(self.some_module())]

    def search_path(self, depth: int) -> Lines:
        here = "os.path.dirname(os.path.abspath(__file__))"
        return [
            self.random.choice(
                (
                    "sys.path.insert(0, 'lib')",
                    "sys.path.append('p')",
                    f"sys.path.append(os.path.join({here}, 'lib'))",
                    f"sys.path.insert(0, os.path.dirname({here}))",
                    "sys.path += ['lib']",
                    "sys.path.insert(1, 'n')",
                )
            )
        ]

    def walrus(self, depth: int) -> Lines:
        name = self.bound()
        return self.random.choice(
            (
                [f"if ({name} := {self.value()}) is None:", *self.block(depth)],
                ["def fill():", f"    return [{name} := v for v in (1, 2)], {name}", "fill()"],
                [f"kept = [{self.value()} for {name} in (1,) if {self.test()}]"],
            )
        )

    def choice(self, depth: int) -> Lines:
        if self.chance(0.5):
            return [f"{self.bound()} = {self.value()} if {self.test()} else {self.value()}"]
        return [f"{self.bound()} = {self.test()} and {self.value()} or {self.value()}"]

    def match(self, depth: int) -> Lines:
        return [
            f"match {self.random.randint(0, 2)}:",
            "    case 0:",
            *_indented(self.block(depth + 1)),
            "    case 1 | 2:" if self.chance(0.5) else "    case _:",
            *_indented(self.block(depth + 1)),
        ]

    def ending(self, depth: int) -> Lines:
        if not self.doubtful and self.chance(0.5):
            return [self.random.choice(("sys.exit()", "raise SystemExit"))]
        return ["try:", "    raise ImportError('on purpose')", "except ImportError:", *self.block(depth)]

    def table(self, depth: int) -> Lines:
        """Modules by name, gone through in one of the ways that there are."""
        names = (self.some_module(), self.some_module())
        load = "importlib.import_module"
        return [
            "import importlib",
            self.random.choice(
                (
                    f"for _, name in dict(u={names[0]!r}, v={names[1]!r}).items(): {load}(name)",
                    f"loaded = {{name: {load}(name) for name in {names!r}}}",
                    f"loaded = list({load}(name) for name in {names!r})",
                    f"loaded = tuple(map({load}, {names!r}))",
                    f"lazy = ({load}(name) for name in {names!r})",
                    f"for index, name in enumerate(sorted({list(names)!r})): {load}(name)",
                    f"loaded = [{load}(one + two) for one in ('', 'n.') for two in ('k', 'm') if one]",
                    f"loaded = dict(zip('uv', [{load}(name) for name in {names!r}]))",
                )
            ),
        ]

    def generator(self, depth: int) -> Lines:
        use = self.random.choice(("for one in produce(): pass", "list(produce())", "produce()"))
        return ["def produce():", *self.function(depth), "    yield 1", *self.function(depth), use]

    def manager(self, depth: int) -> Lines:
        enter, leave = (_indented(self.function(depth + 1)) for _ in range(2))
        head = ["class Held:", "    def __enter__(self):", *enter, "        return self"]
        return [*head, "    def __exit__(self, *_):", *leave, "with Held() as held:", *self.block(depth)]

    def managed(self, depth: int) -> Lines:
        """A generator function as a context manager."""
        shape = self.random.randint(0, 3)
        inside = ["    yield 1"]
        if shape == 1:
            inside = ["    try:", "        yield 1", "    finally:", *_indented(self.function(depth + 1))]
        elif shape == 2:
            caught = self.random.choice(ERRORS)
            inside = [
                "    try:",
                "        yield 1",
                f"    except {caught}:",
                *_indented(self.function(depth)),
            ]
        elif shape == 3:
            inside = ["    with suppress(ImportError):", "        yield 1"]
        return [
            "from contextlib import contextmanager, suppress",
            "@contextmanager",
            "def managing():",
            *(self.function(depth) if self.chance(0.5) else ()),
            *inside,
            *(self.function(depth) if self.chance(0.3) else ()),
            "with managing() as held:",
            *self.block(depth),
        ]

    def by_path(self, depth: int) -> Lines:
        """A file that is there in every program, run by its path; by the main module, lest they run each other."""
        if not self.main:
            return [self.import_line()]
        path, name = self.random.choice((("a.py", "a"), ("p/__init__.py", "p"), ("a.py", "p.copy")))
        form = self.random.randint(0, 3)
        if form == 0:
            return ["import runpy", f"runpy.run_path({path!r}, run_name={name!r})"]
        if form == 1:
            return ["import runpy", f"runpy.run_module({self.random.choice(('a', 'p.x', 'b'))!r})"]
        return [
            "import importlib.util",
            f"spec = importlib.util.spec_from_file_location({name!r}, {path!r})",
            "made = importlib.util.module_from_spec(spec)",
            *([f"sys.modules[{name!r}] = made"] if self.chance(0.3) else ()),
            "spec.loader.exec_module(made)",
            f"made.{self.bound()}",
        ]

    def inherited(self, depth: int) -> Lines:
        """Methods that call what is above them."""
        bodies = [_indented(self.function(depth + 1)) for _ in range(3)]
        bases = self.random.choice(("Upper, Side", "Side, Upper", "Upper"))
        return [
            *("class Upper:", "    def run(self):", *bodies[0]),
            *("class Side:", "    def run(self):", *bodies[1], "        return 1"),
            *(f"class Lower({bases}):", "    def run(self):", *bodies[2], "        super().run()"),
            "Lower().run()",
        ]

    def cached(self, depth: int) -> Lines:
        """A function in the decorators that give it back, called."""
        mark = self.random.choice(("@functools.lru_cache(maxsize=None)", "@functools.cache", "@wrapping"))
        return [
            "import functools",
            "def wrapping(function):",
            "    @functools.wraps(function)",
            "    def wrapper(*given):",
            "        return function(*given)",
            "    return wrapper",
            mark,
            f"def loading({self.bound()}=1):",
            *self.function(depth),
            "    return 1",
            *(["loading()"] if self.chance(0.7) else []),
        ]

    def named(self, depth: int) -> Lines:
        """What a handler does depends on which module is missing."""
        name = self.some_module()
        test = self.random.choice(
            (f"error.name == {name!r}", "'gone' in str(error)", "error.name != 'p.gone'")
        )
        return [
            "try:",
            f"    import {name}",
            "except ModuleNotFoundError as error:",
            f"    if {test}:",
            f"        {self.random.choice(('raise', 'raise error', 'pass'))}",
        ]

    def hooked(self, depth: int) -> Lines:
        """A class whose making runs code."""
        body = _indented(self.function(depth + 1))
        if self.chance(0.5):
            return [
                "class Base:",
                "    def __init_subclass__(cls, **_):",
                *body,
                "class Made(Base, kind=1): pass",
            ]
        return [
            *("class Meta(type):", "    def __init__(cls, *_):", *body),
            *("class Made(metaclass=Meta): pass", "class Next(Made):", f"    v = {self.value()}"),
        ]

    def computed(self, depth: int) -> Lines:
        body = _indented(self.function(depth + 1))
        use = self.random.choice(("Thing().part", "Thing"))
        return ["class Thing:", "    @property", "    def part(self):", *body, "        return 1", use]

    def partial(self, depth: int) -> Lines:
        call = ["later()"] if self.chance(0.6) else []
        return [
            "import functools, importlib",
            f"later = functools.partial(__import__, {self.some_module()!r})",
            *call,
        ]

    def optional(self, depth: int) -> Lines:
        if self.inside:  # None is followed as far as a module's own names
            return [self.import_line()]
        use = self.random.choice(("kept.A", "kept is None", "kept and kept.A"))
        return [
            "try:",
            f"    import {self.some_module()} as kept",
            "except ImportError:",
            "    kept = None",
            use,
        ]

    def of_function(self, depth: int) -> Lines:
        mark = ["marked.extra = 1"] if self.chance(0.5) else []
        return [
            "def marked(): pass",
            *mark,
            self.random.choice(("marked.extra", "marked.__name__", "marked.other")),
        ]

    def sequence(self, depth: int) -> Lines:
        subject = self.random.choice(("[1, 2]", "['x']", "[]", "'x'"))
        return [
            f"match {subject}:",
            "    case [1, found]:",
            *_indented(self.block(depth + 1)),
            "    case ['x'] | []:",
            *_indented(self.block(depth + 1)),
            *(("    case _:", *_indented(self.block(depth + 1))) if self.chance(0.5) else ()),
        ]

    def printed(self, depth: int) -> Lines:
        return [f"import {self.some_module()} as shown", f"str(shown.{self.bound()}), shown.__name__"]


STATEMENTS: tuple[Callable[[_Author, int], Lines], ...] = (
    *(_Author.assignment,) * 3,
    *(_Author.use,) * 2,
    *(_Author.definition,) * 2,
    *(_Author.called,) * 2,
    *(_Author.attempt,) * 4,
    *(_Author.condition,) * 2,
    *(_Author.dynamic,) * 2,
    *(_Author.star,) * 2,
    *(_Author.class_body,) * 2,
    _Author.closure,
    _Author.cleanup,
    _Author.fallback,
    _Author.typing_only,
    _Author.version,
    _Author.deletion,
    _Author.loop,
    _Author.suppressed,
    _Author.class_with_base,
    _Author.decorated,
    _Author.asked,
    _Author.patched,
    _Author.removed,
    _Author.search_path,
    _Author.walrus,
    _Author.choice,
    _Author.match,
    _Author.ending,
    _Author.printed,
    _Author.table,
    _Author.generator,
    _Author.manager,
    _Author.managed,
    _Author.inherited,
    _Author.cached,
    _Author.named,
    _Author.by_path,
    _Author.hooked,
    _Author.computed,
    _Author.partial,
    _Author.optional,
    _Author.of_function,
    _Author.sequence,
)
