"""What the parts of the standard library that decide imports do: one function a callable.

Everything not in `KNOWN` returns a value that cannot be told, and does nothing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module

from msgspec.structs import replace

from parity.startup.library import files
from parity.startup.library.binding import BINDING
from parity.startup.library.contexts import CONTEXTS
from parity.startup.library.known_values import VALUES, Known, register
from parity.startup.library.loaded import LOADED
from parity.startup.library.metadata import METADATA
from parity.startup.library.openers import OPENING
from parity.startup.library.resources import RESOURCES
from parity.startup.library.running import RUNNING
from parity.startup.state.budget import LONGEST_TEXT, Bound
from parity.startup.state.exceptions import LEAVING
from parity.startup.state.failures import Raised, RaisedValue, Stopped, builtin_bases
from parity.startup.state.machine import Machine
from parity.startup.state.taint import assigned
from parity.startup.state.values import (
    ANYTHING,
    BUILTINS,
    ESCAPED,
    Anything,
    Arguments,
    Constant,
    Coroutine,
    External,
    Function,
    Items,
    ModuleValue,
    Value,
    is_assumed,
    text_of,
    truth,
)

KNOWN: dict[str, Known] = {
    **VALUES,
    **BINDING,
    **CONTEXTS,
    **LOADED,
    **METADATA,
    **OPENING,
    **RESOURCES,
    **RUNNING,
}
known = partial(register, KNOWN)

TRANSPARENT = frozenset(
    [
        "functools.lru_cache",
        "functools.cache",
        "functools.wraps",
        "builtins.staticmethod",
        "builtins.classmethod",
        "abc.abstractmethod",
        "dataclasses.dataclass",
        "typing.final",
        "typing.runtime_checkable",
        "typing.no_type_check",
        "enum.unique",
    ]
)
"""Decorators that give back something that can be called, or used as a class, like what they got."""


@known("functools.lru_cache", "functools.cache")
def _lru_cache(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`@lru_cache(maxsize=None)` decorates as `@lru_cache` does."""
    first = arguments.get(0, "user_function")
    if isinstance(first, Function):  # another object, with attributes of its own, that calls the function
        return replace(first, given={*first.given, ESCAPED})
    return External("functools.lru_cache") if isinstance(first, Anything | Constant | None) else ANYTHING


@known("functools.wraps")
def _wraps(_machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    return External("functools.wraps")


@known("dataclasses.dataclass")
def _dataclass(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    return ANYTHING if arguments.positional else External("dataclasses.dataclass")


# -- importing


@known("builtins.__import__", "importlib.__import__")
def _import(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name, level = text_of(arguments.get(0, "name")), arguments.get(4, "level") or Constant(0)
    if not name or not (isinstance(level, Constant) and isinstance(level.value, int)) or not machine.frames:
        machine.undecided += 1
        return ANYTHING
    wanted = arguments.get(3, "fromlist") or Constant(None)
    names: tuple[str, ...] = ()
    if isinstance(wanted, Items):
        names = tuple(text for item in wanted.elements if (text := text_of(item)) is not None)
    with machine.called_from_c():
        loaded = machine.importing.run_import(name, machine.frames[-1].module.package, names, level.value)
    return loaded if isinstance(wanted, Items | Constant) else ANYTHING


@known("importlib.import_module")
def _import_module(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    with machine.below(2):  # CPython: import_module and _gcd_import
        return _import_by_name(machine, arguments)


def _import_by_name(machine: Machine, arguments: Arguments) -> Value:
    name = text_of(arguments.get(0, "name"))
    if name is None or not name:
        machine.undecided += 1
        return ANYTHING
    level = len(name) - len(name.lstrip("."))
    if level:
        given = arguments.get(1, "package") or Constant(None)
        package = text_of(given)
        if package is None:
            if isinstance(given, Constant):
                machine.importing.fail_relative(
                    "TypeError",
                    f"the 'package' argument is required to perform a relative import for {name!r}",
                    name,
                )
            return ANYTHING
        return machine.importing.run_import(name[level:], package, ("*",), level)
    return machine.importing.run_import(name, None, ("*",), 0)


@known("uvicorn.run", "hypercorn.run", "granian.run")
def _serve(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    module, colon, attribute = (text_of(arguments.get(0, "app")) or "").partition(":")
    if colon:
        loaded: Value = machine.importing.run_import(module, None, ("*",), 0)
        for part in attribute.split("."):
            if not isinstance(loaded, ModuleValue):
                break
            loaded = machine.importing.module_attribute(loaded.module, part) or ANYTHING
        if truth(arguments.keywords.get("factory", Constant(False))):
            loaded = machine.interpreting.call(loaded, Arguments())
    else:
        loaded = arguments.get(0, "app") or ANYTHING
    if text_of(arguments.keywords.get("lifespan")) != "off":
        serve(machine, loaded)
    return ANYTHING


def serve(machine: Machine, application: Value) -> None:
    """A server starts the application: what it has put off until then is run."""
    if isinstance(application, External) and isinstance(application.bound_to, Items):
        machine.interpreting.call(External("asgi.serve"), Arguments((application,)))


@known("pkgutil.iter_modules")
def _iter_modules(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    return _found_modules(machine, arguments.get(0), _prefix(arguments))


@known("pkgutil.walk_packages")
def _walk_packages(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """Packages are imported on the way, for their `__path__`; an ImportError is passed over."""
    todo = [(arguments.get(0), _prefix(arguments))]
    made = Items("list", [])
    while todo:
        folders, prefix = todo.pop()
        found = _found_modules(machine, folders, prefix)
        if not isinstance(found, Items):
            return ANYTHING
        made.elements += found.elements
        for info in found.elements:
            assert isinstance(info, Items)
            name = text_of(info.elements[1])
            if name is None or not truth(info.elements[2]):
                continue
            try:
                with machine.guarded(lambda raised: "ImportError" in raised.bases) as guard:
                    package = machine.importing.import_module(name)
            except Raised as raised:
                if raised.guard is not guard:
                    raise
                continue
            if isinstance(package, ModuleValue):
                todo.append((package.module.attribute("__path__"), f"{name}."))
    return made


def _prefix(arguments: Arguments) -> str:
    return text_of(arguments.get(1, "prefix") or Constant("")) or ""


def _found_modules(machine: Machine, folders: Value | None, prefix: str) -> Value:
    """One level of `pkgutil.iter_modules`."""
    if not isinstance(folders, Items) or not folders.complete:
        machine.undecided += 1
        return ANYTHING
    found: list[Value] = []
    for folder in folders.elements:
        for name, package in files.modules_in(machine, text_of(folder)):
            found.append(Items("module info", [ANYTHING, Constant(prefix + name), Constant(package)]))
    return Items("list", found)


@known("pkgutil.extend_path")
def _extend_path(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """Every folder of the package's name on the search path that holds an `__init__.py` is added."""
    own, name = arguments.get(0), text_of(arguments.get(1))
    if not (isinstance(own, Items) and own.complete and name is not None):
        return ANYTHING
    known = [text_of(folder) for folder in own.elements]
    parent = name.rpartition(".")[0]
    above = machine.importing.modules.get(parent) if parent else None
    search = machine.importing.search_path if not parent else above.folders if above is not None else None
    if search is None:
        return ANYTHING
    for entry in search:
        folder = f"{entry.rstrip('/')}/{name.rpartition('.')[2]}"
        if folder not in known and files.is_there(machine, f"{folder}/__init__.py"):
            known.append(folder)
    return Items("list", [Constant(folder) for folder in known])


@known("importlib.util.find_spec")
def _find_spec(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.get(0, "name"))
    if name is None or name.startswith("."):
        return ANYTHING
    there = machine.importing.has_spec(name)
    return ANYTHING if there is None else Items("spec", [Constant(name)]) if there else Constant(None)


@known("asyncio.gather", "asyncio.wait_for", "asyncio.shield")
def _gather(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """Nearly always awaited at once: the coroutines run."""
    if "return_exceptions" not in arguments.keywords:
        for value in arguments.positional:
            if isinstance(value, Coroutine):
                machine.interpreting.call_function(value.function, value.arguments)
    return ANYTHING


@known("asyncio.run", "asyncio.get_event_loop.run_until_complete", "anyio.run", "trio.run")
def _run(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    value = arguments.get(0)
    if isinstance(value, Coroutine):
        return machine.interpreting.call_function(value.function, value.arguments)
    if value is not None:
        made = machine.interpreting.call(value, Arguments())
        if isinstance(made, Coroutine):
            return machine.interpreting.call_function(made.function, made.arguments)
    return ANYTHING


@known(*(f"os.exec{how}" for how in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")))
def _exec(machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    """Another program takes the place of this one: no handler and no `finally` runs."""
    if not machine.uncertain and not machine.assumed:
        machine.cleanups.clear()
        raise Stopped
    return ANYTHING


@known(*LEAVING)
def _exit(machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    leave(machine)
    return ANYTHING


def leave(machine: Machine) -> None:
    """`raise SystemExit`: the program ends, unless a handler or a `finally` has another idea.

    What it handles then is what ends it, whatever the status: the program does not do what it was started for.
    """
    if machine.uncertain or machine.assumed:
        return
    origin = next((v.failure for v in reversed(machine.handling) if v.failure is not None), None)
    bases = builtin_bases("SystemExit")
    machine.raise_value(RaisedValue("SystemExit", bases, origin))
    raise Stopped


# -- sys.path


@known("sys.path.insert")
def _path_insert(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    index = arguments.get(0)
    position = index.value if isinstance(index, Constant) and isinstance(index.value, int) else 0
    _add_folder(machine, arguments.get(1), position)
    return Constant(None)


@known("sys.path.append", "site.addsitedir")
def _path_append(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    _add_folder(machine, arguments.get(0), None)
    return Constant(None)


@known("sys.path.extend")
def _path_extend(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    extend_path(machine, arguments.get(0))
    return Constant(None)


def extend_path(machine: Machine, value: Value | None, *, front: bool = False) -> None:
    """`sys.path += value`, or `sys.path[:0] = value`."""
    if isinstance(value, Items) and value.complete:
        for position, folder in enumerate(value.elements):
            _add_folder(machine, folder, position if front else None)
    else:
        machine.importing.add_to_path(None, None)


def _add_folder(machine: Machine, value: Value | None, position: int | None) -> None:
    text = text_of(value)
    folder = None if text is None else files.absolute(machine, text)
    machine.importing.add_to_path(folder, position)


# -- the environment and the interpreter


@known("os.environ.get", "os.getenv")
def _getenv(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.get(0, "key"))
    if name is None:
        return ANYTHING
    if name in machine.environment:
        return Constant(machine.environment[name])
    default = arguments.get(1, "default")
    if default is None:
        return Constant(None, assumed=True)
    return Constant(default.value, assumed=True) if isinstance(default, Constant) else ANYTHING


@known("os.environ.__getitem__")
def _environ_item(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.get(0))
    return Constant(machine.environment[name]) if name in machine.environment else ANYTHING


@known("os.environ.setdefault", "os.putenv")
def _environ_setdefault(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name, value = text_of(arguments.get(0)), text_of(arguments.get(1))
    if name is None or value is None:
        return ANYTHING
    return Constant(machine.environment.setdefault(name, value))


@known("sys.setrecursionlimit")
def _set_recursion_limit(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    limit = arguments.get(0)
    machine.limit = None
    if isinstance(limit, Constant) and isinstance(limit.value, int) and not machine.uncertain:
        machine.limit = limit.value
    return Constant(None)


@known("platform.system")
def _system(_machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    return Constant("Linux")


def attribute_of_external(machine: Machine, value: External, name: str) -> Value:
    """`value.name` of something that is not the project's."""
    full = f"{value.name}.{name}"
    version = machine.world.python
    match full:
        case "sys.version_info":
            if version is None:
                return ANYTHING
            return Items("version", [Constant(version.major), Constant(version.minor)])
        case "sys.platform":
            return Constant("linux")
        case "os.name":
            return Constant("posix")
        case "os.sep" | "os.path.sep" | "posixpath.sep":
            return Constant("/")
        case "os.pardir" | "os.path.pardir" | "posixpath.pardir":
            return Constant("..")
        case "os.curdir" | "os.path.curdir" | "posixpath.curdir":
            return Constant(".")
        case "os.pathsep":
            return Constant(":")
        case "typing.TYPE_CHECKING" | "typing_extensions.TYPE_CHECKING":
            return Constant(False)
        case "sys.argv":
            return Items("list", [ANYTHING if text is None else Constant(text) for text in machine.arguments])
        case "sys.frozen":
            return ANYTHING
        case _:
            return External(full, value.bound_to)


# -- modules


@known("builtins.hasattr")
def _hasattr(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    owner, name = arguments.get(0), text_of(arguments.get(1))
    if isinstance(owner, ModuleValue) and name is not None:
        found = machine.importing.module_attribute(owner.module, name)
        if found is None:
            return Constant(False, assumed=name in owner.module.namespace.unset)
        return Constant(True) if found is not ANYTHING else ANYTHING
    if isinstance(owner, External) and name is not None and machine.world.lacks(owner.name, name):
        return Constant(False)
    return ANYTHING


@known("builtins.getattr")
def _getattr(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    owner, name = arguments.get(0), text_of(arguments.get(1))
    if isinstance(owner, ModuleValue) and name is not None:
        found = machine.importing.module_attribute(owner.module, name)
        if found is None and len(arguments.positional) == 2 and arguments.complete:
            machine.importing.fail_name(owner.module, name)
        return found or arguments.get(2) or ANYTHING
    if isinstance(owner, External) and name is not None and machine.world.lacks(owner.name, name):
        return arguments.get(2) or ANYTHING
    return ANYTHING


@known("builtins.setattr", "builtins.delattr")
def _setattr(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    owner, name = arguments.get(0), text_of(arguments.get(1))
    if isinstance(owner, ModuleValue) or owner == BUILTINS:
        names = owner.module.namespace if isinstance(owner, ModuleValue) else machine.builtins
        if name is not None and len(arguments.positional) == 3:
            names.bind_from_outside(name, arguments.positional[2], doubtful=machine.uncertain > 0)
        else:
            names.open = True
    elif isinstance(owner, Function):
        owner.given.add(name or ESCAPED)
    if isinstance(owner, External):
        assigned(machine, owner, name or ESCAPED)
    return Constant(None)


# -- paths


def _text_of_path(run: Callable[..., str]) -> Known:
    def call(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
        texts = [text_of(argument) for argument in arguments.positional]
        if any(text is None for text in texts) or not texts:
            return ANYTHING
        assumed = any(is_assumed(argument) for argument in arguments.positional)
        if sum(len(text) for text in texts if text is not None) > LONGEST_TEXT:
            machine.reach(Bound.TEXT, f"more than {LONGEST_TEXT}")
            return ANYTHING
        try:
            return Constant(run(machine, *texts), assumed)
        except (TypeError, ValueError):
            return ANYTHING

    return call


def _pair_of_path(run: Callable[[str], tuple[str, str]]) -> Known:
    def call(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
        text = text_of(arguments.get(0))
        if text is None:
            return ANYTHING
        return Items("tuple", [Constant(part) for part in run(text)])

    return call


for _module in ("os.path", "posixpath"):
    KNOWN[f"{_module}.dirname"] = _text_of_path(lambda _m, p: posixpath.dirname(p))
    KNOWN[f"{_module}.basename"] = _text_of_path(lambda _m, p: posixpath.basename(p))
    KNOWN[f"{_module}.join"] = _text_of_path(lambda _m, *p: posixpath.join(*p))
    KNOWN[f"{_module}.normpath"] = _text_of_path(lambda _m, p: posixpath.normpath(p))
    KNOWN[f"{_module}.relpath"] = _text_of_path(
        lambda m, p, start=".": posixpath.relpath(files.absolute(m, p), files.absolute(m, start))
    )
    KNOWN[f"{_module}.abspath"] = _text_of_path(files.absolute)
    KNOWN[f"{_module}.realpath"] = _text_of_path(files.real)
    KNOWN[f"{_module}.splitext"] = _pair_of_path(posixpath.splitext)
    KNOWN[f"{_module}.split"] = _pair_of_path(posixpath.split)
    for _name in ("exists", "isfile", "isdir"):
        KNOWN[f"{_module}.{_name}"] = files.tester(_name)
KNOWN["os.getcwd"] = KNOWN["pathlib.Path.cwd"] = files.working_directory
KNOWN["os.listdir"] = KNOWN["os.scandir"] = files.list_directory
KNOWN["glob.glob"] = KNOWN["glob.iglob"] = files.glob_text
KNOWN["io.TextIOWrapper.read"] = files.read_file
KNOWN["builtins.open"] = KNOWN["io.open"] = KNOWN["codecs.open"] = files.open_file
KNOWN["pathlib.Path"] = KNOWN["pathlib.PurePath"] = KNOWN["pathlib.PosixPath"] = files.make_path
for _name, _function in files.PATH_METHODS.items():
    KNOWN[f"Path.{_name}"] = _function

FRAMEWORKS = {
    **dict.fromkeys(
        ("asgi", "fastapi", "starlette", "litestar", "quart", "sanic", "aiohttp"), "parity.frameworks.asgi"
    ),
    "arq": "parity.frameworks.arq_calls",
    "celery": "parity.frameworks.celery_calls",
    **dict.fromkeys(("environ", "decouple"), "parity.frameworks.environment"),
    "django": "parity.frameworks.django_calls",
    "flask": "parity.frameworks.flask_calls",
    "logging": "parity.frameworks.logging_config",
    "split_settings": "parity.frameworks.split_settings",
}
"""By top-level name: the module whose `CALLS` say what the calls of a framework import. It is loaded when asked."""


def known_call(name: str) -> Known | None:
    """What the callable `name` does, where its doing decides what is imported; None for all others."""
    top = name.partition(".")[0]
    if top in FRAMEWORKS:
        calls: Mapping[str, Known] = import_module(FRAMEWORKS[top]).CALLS
        if name in calls:
            return calls[name]
    return KNOWN.get(name)
