"""The import system of the simulated interpreter: `sys.modules`, `sys.path`, parents, submodules.

CPython: `importlib._bootstrap._find_and_load`, `_handle_fromlist`, `ceval.import_from`.
"""

from __future__ import annotations

from parity.model.location import Unknown
from parity.python.resolve import (
    CompiledModule,
    Missing,
    NamespacePackage,
    Resolution,
    SourceModule,
    StandardLibrary,
    Undecided,
)
from parity.startup.importing.absence import Absence, StandsIn, is_installed
from parity.startup.importing.finder import Finder
from parity.startup.importing.search import Search
from parity.startup.importing.telling import Telling
from parity.startup.importing.trail import Trail
from parity.startup.library.sys import attribute_of_external
from parity.startup.state.failures import FailureKind, Raised, Stopped
from parity.startup.state.machine import Machine
from parity.startup.state.modules import Module, State
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    Function,
    Items,
    ModuleValue,
    Value,
    text_of,
)
from parity.startup.state.world import World
from parity.verdict.question import NotChecked


class Importer:
    """Imports modules for one `Machine`."""

    def __init__(self, machine: Machine, search_path: tuple[str, ...]) -> None:
        self.machine = machine
        self.world: World = machine.world
        self.modules: dict[str, Module] = {}
        self.blocked: set[str] = set()
        self.finder = Finder(machine.world, search_path)
        third_party: set[str] = set()
        self.telling = Telling(machine, self.finder, self.modules, third_party)
        self.search = Search(machine, self.finder, self.telling, self.modules)
        self.absence = Absence(machine, self.finder, self.telling, self.search, third_party)
        self.trail = Trail(machine)
        self._standard_seen: set[str] = set()

    # -- the statements

    def run_import(self, name: str, package: str | None, fromlist: tuple[str, ...], level: int) -> Value:
        """`__import__`: the module that the statement gets; for `import a.b`, that is `a`."""
        absolute = self._absolute(name, package, level)
        if absolute is None:
            return ANYTHING
        self.trail.note_edge(absolute)
        module = self.import_module(absolute)
        if isinstance(module, External) and absolute.partition(".")[0] in self.absence.third_party:
            self.trail.note_outside(absolute, fromlist)
        if isinstance(module, ModuleValue):
            for wanted in fromlist:  # CPython: all submodules are imported before the first name is bound
                if wanted != "*":
                    self.load_submodule(module.module, wanted)
        if fromlist or level or "." not in absolute:
            return module
        return self.import_module(absolute.partition(".")[0])

    def import_name(self, module: Value, name: str) -> Value:
        """The `name` of `from module import name` (CPython: `_handle_fromlist`, then `import_from`)."""
        if not isinstance(module, ModuleValue):
            part = self.import_part(module, name)
            if isinstance(module, External) and self.world.standard(f"{module.name}.{name}"):
                self._load_standard(f"{module.name}.{name}")
            return part
        owner = module.module
        loaded = self.load_submodule(owner, name)
        found = self.module_attribute(owner, name)
        if loaded is not None and (found is None or owner.is_open):
            return loaded
        found = found or self._loaded(owner, name)
        if found is None and (owner.shared is None or self._lacks_its_file(owner, name)):
            self.telling.fail_name(owner, name, importing=True)
        return found or ANYTHING

    def import_part(self, module: Value, name: str) -> Value:
        """A further part of `import a.b.c as d`: nothing is loaded for it (CPython: `import_from` alone).

        Where nothing of that name is loaded, the import was not checked, unless what lies below it is loaded.
        """
        if isinstance(module, External):
            self.telling.fail_standard_name(module.name, name, importing=True)
            return attribute_of_external(self.machine, module, name)
        if not isinstance(module, ModuleValue):
            return ANYTHING
        owner = module.module
        found = self.module_attribute(owner, name) or self._loaded(owner, name)
        if found is None and any(one.startswith(f"{owner.name}.{name}.") for one in self.modules):
            self.telling.fail_name(owner, name, importing=True)
        return found or ANYTHING

    def _loaded(self, owner: Module, name: str) -> Value | None:
        """CPython: import_from falls back to sys.modules."""
        child = self.modules.get(f"{owner.name}.{name}")
        return ModuleValue(child) if child is not None else None

    def import_module(self, name: str) -> Value:
        """`importlib.import_module` of an absolute name, parents first."""
        known = self.modules.get(name)
        if known is not None:
            return ModuleValue(known)
        if name in self.blocked:
            self.telling.fail_blocked(name)
            return ANYTHING
        parent_name, _, _ = name.rpartition(".")
        if not parent_name:
            return self._load(name, None)
        if not self.machine.may_import(name):
            return ANYTHING
        with self.machine.importing_parent():
            parent = self.import_module(parent_name)
        if name in self.modules:  # the parent's own body imported it
            return ModuleValue(self.modules[name])
        if isinstance(parent, ModuleValue) and parent_name not in self.modules:
            self.telling.fail_unloaded(parent_name)
        match parent:
            case External():
                if self.finder.is_standard(name):
                    self._load_standard(name)
                elif self.finder.is_standard(parent_name) and parent_name not in self.world.opaque:
                    self.telling.fail_standard_submodule(name, parent_name)
                    return ANYTHING
                return External(name)
            case ModuleValue():
                if parent.module.folders is None and not parent.module.is_open:
                    self.telling.fail_missing(name, f"; {parent.module.name!r} is not a package")
                    return ANYTHING
                return self._load(name, parent.module) if parent.module.folders is not None else ANYTHING
            case _:
                return ANYTHING

    def _parent_of(self, name: str) -> tuple[bool, Module | None]:
        """Imports the parents. Is the last one known (or is there none), and which is it?"""
        parent_name = name.rpartition(".")[0]
        if not parent_name:
            return True, None
        parent = self.import_module(parent_name)
        return (True, parent.module) if isinstance(parent, ModuleValue) else (False, None)

    def has_module(self, name: str) -> bool:
        """Is there such a module of the project, in the image or in the checkout? Its parents are imported."""
        questions = self.machine.open_questions
        before = set(questions)
        known, owner = self._parent_of(name)
        for key in [key for key in questions if key not in before and f"{name}.".startswith(f"{key[1]}.")]:
            del questions[key]  # it is only asked whether it is there, and may be missing
        if not known:
            return False
        image, local = self.search.resolve(name, owner)
        return isinstance(image, SourceModule | CompiledModule) or isinstance(local, SourceModule)

    @property
    def search_path(self) -> tuple[str, ...]:
        """`sys.path`, but for the standard library's own folders."""
        return tuple(entry for entry in self.finder.search_path if entry.startswith("/"))

    def has_spec(self, name: str) -> bool | None:
        """Does `importlib.util.find_spec` find it? Its parents are imported. None where it cannot be told."""
        if name in self.modules:
            return True
        parent_name = name.rpartition(".")[0]
        if not parent_name:
            self.trail.looked_for.add(name)
        parent = self.import_module(parent_name) if parent_name else None
        if parent_name and not isinstance(parent, ModuleValue):
            return None
        owner = parent.module if isinstance(parent, ModuleValue) else None
        if owner is not None and owner.folders is None:
            return None
        match self.search.resolve(name, owner)[0]:
            case Missing():
                return False if parent_name else None  # a package of others may have that name
            case SourceModule() | CompiledModule() | NamespacePackage():
                return True
            case _:
                return None

    def module_attribute(self, module: Module, name: str) -> Value | None:
        """`getattr(module, name)`, a module `__getattr__` included; None where it certainly fails."""
        found = module.attribute(name)
        if found is not None:
            return found
        hook = module.getattr
        if hook is None:
            return None
        if not isinstance(hook, Function):
            return ANYTHING
        try:
            with self.machine.guarded(lambda raised: "AttributeError" in raised.bases) as guard:
                return self.machine.interpreting.call(hook, Arguments((Constant(name),)))
        except Raised as raised:
            if raised.guard is not guard:
                raise
            self.telling.refusals[module.name, name] = raised.value
            return None

    def star_names(self, module: Module) -> tuple[tuple[str, ...], bool]:
        """The names that `from module import *` binds, and whether there may be more."""
        listed = module.namespace.get("__all__")
        if isinstance(listed, Items):
            names = [text_of(item) for item in listed.elements]
            known = tuple(name for name in names if name is not None)
            return known, not listed.complete or len(known) < len(names)
        public = tuple(name for name in module.namespace.values if not name.startswith("_"))
        return public, listed is not None or module.is_open

    def fail_name(self, module: Module, name: str) -> None:
        """`module.name` of a name that it certainly has not."""
        if module.shared is None or self._lacks_its_file(module, name):
            self.telling.fail_name(module, name, importing=False)

    def _lacks_its_file(self, package: Module, name: str) -> bool:
        """Is it a folder of the project without its `__init__.py`, which binds the name in the checkout?"""
        if package.shared is None or self.absence.may_be_shared(package):
            return False
        return bool(self.telling.other_file(package, name))

    # -- finding and loading

    def _load(self, name: str, parent: Module | None) -> Value:
        if name in self.world.opaque or (parent is None and name in self.world.preloaded):
            return External(name)
        image, local = self.search.resolve(name, parent)
        if isinstance(image, StandardLibrary):
            self._load_standard(name)
            return External(name)
        if parent is None and isinstance(image, NamespacePackage) and is_installed(name, image.undecided):
            # CPython: a regular package further on the search path wins over a folder without __init__.py.
            self.absence.third_party.add(name)
            return External(name)
        if isinstance(image, SourceModule | CompiledModule) and self.world.of_others(image.path):
            self.absence.third_party.add(name.partition(".")[0])
            return External(name)
        in_image = True
        found: Resolution = image
        doubt: Unknown | None = None
        if isinstance(image, Missing | Undecided):
            in_image = False
            found = local if local is not None else image
            if parent is None and not self.search.is_module(found):
                found = self.absence.own(name, image) or found
            settled = self.absence.settle(name, image, found, parent)
            if not isinstance(settled, StandsIn):
                return settled
            doubt = settled.doubt
        where = image.folder if isinstance(image, Undecided) else ""
        module = self.finder.make(name, found, parent, in_image=in_image, where=where)
        if module is None:
            return External(name)
        if doubt is not None:
            module.in_image, module.doubt = True, doubt  # nothing below it is a gap for certain
        return self._execute(module, parent, found)

    def _execute(self, module: Module, parent: Module | None, found: Resolution) -> Value:
        self.modules[module.name] = module
        if isinstance(found, NamespacePackage):
            module.shared = found.undecided
        if isinstance(found, SourceModule | CompiledModule):
            self._run(module, parent)
        module.state = State.LOADED
        if module.name not in self.modules:  # CPython: _load_unlocked takes what `sys.modules` has by now
            self.telling.fail_unloaded(module.name)
        module = self.modules.setdefault(module.name, module)
        if parent is not None:
            if parent.name not in self.modules:  # CPython: _find_and_load_unlocked looks the parent up again
                self.telling.fail_unloaded(parent.name)
            parent = self.modules.setdefault(parent.name, parent)
            parent.namespace.bind(module.name.rpartition(".")[2], ModuleValue(module))
        return ModuleValue(module)

    def _run(self, module: Module, parent: Module | None) -> None:
        if not self.finder.is_readable(module):
            self.modules.pop(module.name, None)
            self.telling.fail_unreadable(module)
            self.modules[module.name] = module
        loading = parent.loading if parent is not None else []
        loading.append(module)
        try:
            if self.machine.may_import(module.name):
                with self.machine.loading():
                    self.machine.interpreting.run_module(module)
            else:
                module.namespace.open = True
        except (Raised, Stopped):
            module.state = State.LOADED
            self.modules.pop(module.name, None)  # CPython: _load_unlocked removes it
            raise
        finally:
            loading.remove(module)

    def _load_standard(self, name: str) -> None:
        """A file of the project that has a standard module's name is what other standard modules get too."""
        if name in self._standard_seen or name in self.world.preloaded:
            return
        self._standard_seen.add(name)
        if "." in name:
            self._load_standard(name.rpartition(".")[0])
        for needed, names in self.world.standard_imports(name):
            first = needed.partition(".")[0]
            if first in self.world.preloaded:
                continue
            got = self.import_module(first)
            if isinstance(got, External) and "." in needed:
                self.import_module(needed)
            if isinstance(got, ModuleValue):
                if "." in needed:
                    got = self.import_module(needed)
                for wanted in names or ():
                    self.import_name(got, wanted)

    def load_submodule(self, module: Module, name: str, *, by_star: bool = False) -> Value | None:
        """The submodule `name` of a package that has not bound it (CPython: `_handle_fromlist`).

        None where there is none, in either world. `by_star`: `__all__` names it.
        """
        child = f"{module.name}.{name}"
        bound = self.module_attribute(module, name)
        if module.folders is None or (
            bound is not None and (not module.is_open or name in module.namespace.values)
        ):
            return None
        if child in self.modules:
            return ModuleValue(self.modules[child])
        image, local = self.search.resolve(child, module)
        if not isinstance(image, Missing | Undecided):
            self.trail.note_edge(child)
            return self._load(child, module)
        if self.search.is_module(local):
            assert local is not None
            return self._missing_submodule(module, child, image, local, by_star=by_star)
        if bound is not None:
            return ANYTHING
        unknown = image.unknown if isinstance(image, Undecided) else self.absence.left_to_users(child, module)
        if unknown is None:
            return None
        if self._lacks_its_file(module, name):
            return None
        open_ = module.doubt is not None or isinstance(
            self.absence.ask(child, None, module, unknown), NotChecked
        )
        return ANYTHING if open_ else None

    def _missing_submodule(
        self, module: Module, child: str, image: Resolution, local: Resolution, *, by_star: bool
    ) -> Value:
        """`from package import submodule` of a submodule that only the checkout has."""
        unknown = image.unknown if isinstance(image, Undecided) else None
        doubt = module.doubt
        if module.in_image and doubt is None:
            answer = self.absence.ask(child, local, module, unknown)
            if isinstance(answer, NotChecked):
                doubt = answer.doubt
            else:
                self.telling.fail_submodule(module, child, local, answer.doubt, by_star=by_star)
        made = self.finder.make(child, local, module, in_image=False)
        if made is None:
            return ANYTHING
        made.in_image, made.doubt = doubt is not None, doubt
        return self._execute(made, module, local)

    def is_loaded(self, name: str) -> bool | None:
        """`name in sys.modules`; None where it cannot be told."""
        if name in self.modules or name in self.world.preloaded:
            return True
        found = self.finder.find(name, tuple(self.finder.search_path), self.finder.files, in_image=True)
        return False if "." not in name and isinstance(found, SourceModule | NamespacePackage) else None

    def delete_name(self, module: Module, name: str) -> None:
        """`del module.name`."""
        if module.attribute(name) is None:
            text = f"'module' object has no attribute {name!r}"
            self.telling.fail(FailureKind.MISSING_NAME, "AttributeError", text, module.name, name=name)
        module.namespace.unbind(name)

    def module_to_run(self, name: str) -> Module | None:
        """What `runpy.run_module` runs: the module, or the `__main__` of the package, made anew."""
        known, owner = self._parent_of(name)
        if not known:
            return None
        image, local = self.search.resolve(name, owner)
        found: Resolution | None = image
        if isinstance(image, Missing):
            found = local if self.search.is_module(local) else None
            told = FailureKind.MISSING_MODULE, "ImportError", f"No module named {name}", name
            self.telling.fail(*told, local=found, parent=owner)
        regular = isinstance(found, SourceModule | CompiledModule) and found.package
        if (regular or isinstance(found, NamespacePackage)) and not name.endswith("__main__"):
            return self.module_to_run(f"{name}.__main__")
        module = self.finder.make(name, found, owner, in_image=found is image) if found else None
        if module is not None:
            module.package = name.rpartition(".")[0]
        return module

    # -- small questions

    def _absolute(self, name: str, package: str | None, level: int) -> str | None:
        if not level:
            return name
        exception, python = "ImportError", self.world.python
        if not package:
            text = "attempted relative import with no known parent package"
        else:
            bits = package.rsplit(".", level - 1)
            if len(bits) >= level:
                return f"{bits[0]}.{name}" if name else bits[0]
            text = "attempted relative import beyond top-level package"
            if python is not None and python < (3, 9):
                exception = "ValueError"  # CPython: an ImportError from 3.9 on
        self.telling.fail_relative(exception, text, "." * level + name)
        return None
