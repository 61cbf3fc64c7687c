"""Which files does the code itself run: by a module spec, with `runpy`, with `exec`?"""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from parity.startup.library import files
from parity.startup.library.known import Known, register
from parity.startup.state.machine import Machine
from parity.startup.state.modules import Module, State
from parity.startup.state.namespace import Namespace
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    FileText,
    Items,
    ModuleValue,
    Spec,
    Value,
    text_of,
)

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)


# -- module specs (CPython: importlib.util, importlib._bootstrap_external.spec_from_file_location)


@known("importlib.util.spec_from_file_location")
def _spec_from_file(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name, path = text_of(arguments.get(0, "name")), text_of(arguments.get(1, "location"))
    if name is None or path is None or not path.endswith(".py"):
        return ANYTHING
    path = files.absolute(machine, path)
    folder, _, file = path.rpartition("/")
    folders: tuple[str, ...] | None = (folder or "/",) if file == "__init__.py" else None
    given = arguments.keywords.get("submodule_search_locations", Constant(None))
    if isinstance(given, Items) and given.complete:
        texts = [text_of(one) for one in given.elements]
        folders = tuple(files.absolute(machine, text) for text in texts if text is not None)
    return Spec(name, path, folders)


@known("importlib.machinery.SourceFileLoader")
def _loader(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    spec = _spec_from_file(machine, arguments, bound)
    return replace(spec, is_loader=True) if isinstance(spec, Spec) else ANYTHING


@known("importlib.util.spec_from_loader")
def _spec_from_loader(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name, loader = text_of(arguments.get(0, "name")), arguments.get(1, "loader")
    return replace(loader, name=name, is_loader=False) if name and isinstance(loader, Spec) else ANYTHING


@known("importlib.util.module_from_spec")
def _module_from_spec(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    spec = arguments.get(0, "spec")
    if not isinstance(spec, Spec):
        return ANYTHING
    made = machine.importing.finder.make_file(spec.name, spec.path, spec.folders)
    if made is None:  # neither world has the file: it may be made later
        made = Module(spec.name, spec.name, spec.path, "", spec.folders, package="", state=State.LOADED)
        made.namespace.open = True
    return ModuleValue(made)


def attribute_of_spec(spec: Spec, name: str) -> Value:
    """An attribute of a module spec or of its loader."""
    match name:
        case "loader" if not spec.is_loader:
            return replace(spec, is_loader=True)
        case "exec_module" | "load_module" if spec.is_loader:
            return External(f"importlib.machinery.SourceFileLoader.{name}", spec)
        case "name":
            return Constant(spec.name)
        case "origin" | "path":
            return Constant(spec.path)
        case _:
            return ANYTHING


@known("importlib.machinery.SourceFileLoader.exec_module")
def _exec_module(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    module = arguments.get(0)
    if isinstance(bound, Spec) and isinstance(module, ModuleValue):
        _run(machine, bound.path, module.module)
    return Constant(None)


@known("importlib.machinery.SourceFileLoader.load_module")
def _load_module(machine: Machine, _arguments: Arguments, bound: Value | None) -> Value:
    if not isinstance(bound, Spec):
        return ANYTHING
    made = _module_from_spec(machine, Arguments((bound,)), None)
    if isinstance(made, ModuleValue):
        machine.importing.modules[bound.name] = made.module
        _run(machine, bound.path, made.module)
    return made


def _run(machine: Machine, path: str, module: Module | None) -> None:
    """The module's body, from a file that must be there."""
    files.require_file(machine, path)
    if module is not None and (module.source or module.in_image) and module.image_path:
        machine.interpreting.run_module(module)


# -- runpy


@known("runpy.run_path")
def _run_path(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    written = text_of(arguments.get(0, "path_name"))
    name = text_of(arguments.get(2, "run_name") or Constant("<run_path>"))
    if written is None or name is None or not written.endswith(".py"):
        return ANYTHING
    path = files.absolute(machine, written)
    module = machine.importing.finder.make_file(name, path)
    if module is None:
        files.require_file(machine, path)
        return ANYTHING
    module.file = written
    before = machine.importing.modules.get(name)
    machine.importing.modules[name] = module
    try:
        _run(machine, path, module)
    finally:
        if before is None:
            machine.importing.modules.pop(name, None)
        else:
            machine.importing.modules[name] = before
    return ANYTHING


@known("runpy.run_module")
def _run_module(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.get(0, "mod_name"))
    run_name = arguments.get(2, "run_name") or Constant(None)
    if name is None or not isinstance(run_name, Constant):
        return ANYTHING
    module = machine.importing.module_to_run(name)
    if module is not None:
        module.name = text_of(run_name) or name
        machine.interpreting.run_module(module)
    return ANYTHING


# -- exec


@known("builtins.compile")
def _compile(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    code, filename = arguments.get(0, "source"), text_of(arguments.get(1, "filename"))
    return replace(code, filename=filename) if isinstance(code, FileText) and filename else ANYTHING


def execute_file(machine: Machine, code: FileText, module: Module, names: Namespace | None) -> None:
    """`exec(code)` in the module's own namespace, or (None) in another that holds anybody knows what."""
    made = machine.importing.finder.make_file(module.import_name, code.path)
    if made is None:
        if names is not None:
            names.open = True
        return
    inner = replace(
        made,
        name=module.name,
        folders=module.folders,
        local_folders=module.local_folders,
        package=module.package,
        namespace=names if names is not None else Namespace(open=True),
        compiled_as=code.filename,
    )
    machine.executed.append(inner)
    machine.interpreting.run_module(inner)
