"""The import system of the simulated interpreter: `sys.modules`, `sys.path`, parents, submodules.

CPython: `importlib._bootstrap._find_and_load`, `_handle_fromlist`, `ceval.import_from`.
"""

from __future__ import annotations

from msgspec import Struct

from parity.model.location import May, Unknown
from parity.model.packages import normalized, resembles
from parity.python.outside import OutsideImport
from parity.python.resolve import (
    CompiledModule,
    Missing,
    NamespacePackage,
    Resolution,
    SourceModule,
    StandardLibrary,
    Undecided,
)
from parity.startup.importing.finder import Finder
from parity.startup.importing.telling import Telling
from parity.startup.library.files import absolute
from parity.startup.library.sys import attribute_of_external
from parity.startup.state.failures import FailureKind, Raised, RaisedValue, Stopped, builtin_bases
from parity.startup.state.machine import Machine
from parity.startup.state.modules import Module, State
from parity.startup.state.questions import OwnModule, ask, leave_open, namesake_of, own_module
from parity.startup.state.taint import doubt_of_finding
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
from parity.tree.base import Entry, join, within
from parity.verdict.question import Answer, Kind, NotChecked

OF_OTHERS = (May.SYSTEM, May.DISTRIBUTIONS)
"""What brings packages of others."""
OF_PROJECTS = (May.ANYTHING, May.SOURCES, May.GENERATED)
"""What may make a module of the project, or bring one."""


class Edge(Struct, frozen=True):
    """`importer` (a module name) asked for `imported` on `line` of the checkout file `path`."""

    importer: str
    imported: str
    path: str
    line: int
    image_path: str


class StandsIn(Struct, frozen=True):
    """The checkout's file stands in for what the image lacks. `doubt`: the image may have it, and why."""

    doubt: Unknown | None = None


class Importer:
    """Imports modules for one `Machine`."""

    def __init__(self, machine: Machine, search_path: tuple[str, ...]) -> None:
        self.machine = machine
        self.world: World = machine.world
        self.modules: dict[str, Module] = {}
        self.blocked: set[str] = set()
        self.finder = Finder(machine.world, search_path)
        self.telling = Telling(machine, self.finder, self.modules)
        self.edges: dict[tuple[str, str], Edge] = {}
        self.outside: dict[tuple[str, tuple[str, ...]], OutsideImport] = {}
        self._third_party: set[str] = set()
        self._own_modules: dict[tuple[str, str], OwnModule | None] = {}
        self._standard_seen: set[str] = set()

    # -- the statements

    def run_import(self, name: str, package: str | None, fromlist: tuple[str, ...], level: int) -> Value:
        """`__import__`: the module that the statement gets; for `import a.b`, that is `a`."""
        absolute = self._absolute(name, package, level)
        if absolute is None:
            return ANYTHING
        self._note_edge(absolute)
        module = self.import_module(absolute)
        if isinstance(module, External):
            self._note_outside(absolute, fromlist)
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
            return self.import_part(module, name)
        loaded = self.load_submodule(module.module, name)
        found = self.module_attribute(module.module, name)
        if loaded is not None and (found is None or module.module.is_open):
            return loaded
        return self.import_part(module, name) if found is None else found

    def import_part(self, module: Value, name: str) -> Value:
        """A further part of `import a.b.c as d`: nothing is loaded for it (CPython: `import_from` alone)."""
        if isinstance(module, External):
            self.telling.fail_standard_name(module.name, name, importing=True)
            return attribute_of_external(self.machine, module, name)
        if not isinstance(module, ModuleValue):
            return ANYTHING
        owner = module.module
        found = self.module_attribute(owner, name)
        if found is not None:
            return found
        child = self.modules.get(f"{owner.name}.{name}")
        if child is not None:  # CPython: import_from falls back to sys.modules
            return ModuleValue(child)
        if not (owner.uncertain and owner.is_namespace):
            self.telling.fail_name(owner, name, importing=True)
        return ANYTHING

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
        image, local = self.resolve(name, owner)
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
        parent = self.import_module(parent_name) if parent_name else None
        if parent_name and not isinstance(parent, ModuleValue):
            return None
        owner = parent.module if isinstance(parent, ModuleValue) else None
        if owner is not None and owner.folders is None:
            return None
        match self.resolve(name, owner)[0]:
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

    def add_to_path(self, folder: str | None, position: int | None) -> None:
        """`sys.path.insert(position, folder)`, or append (None)."""
        self.finder.add(folder, position)

    def fail_name(self, module: Module, name: str) -> None:
        """`module.name` of a name that it certainly has not."""
        if not (module.uncertain and module.is_namespace):
            self.telling.fail_name(module, name, importing=False)

    def fail_relative(self, exception: str, text: str, name: str) -> None:
        """A relative import has nothing to start from."""
        self.telling.fail_relative(exception, text, name)

    # -- finding and loading

    def resolve(self, name: str, parent: Module | None) -> tuple[Resolution, Resolution | None]:
        """What the image has under this name; where it has nothing for sure, what the checkout has."""
        folders = tuple(self.finder.search_path) if parent is None else self._path_of(parent)
        image = self.finder.find(name, folders, self.finder.files, in_image=True)
        if isinstance(image, Missing):
            doubt = self._doubt_below(parent) or self._doubt_of_written(name, folders)
            image = image if doubt is None else Undecided(name, doubt)
        if isinstance(image, Missing | Undecided):
            local = self.finder.local_folders() if parent is None else parent.local_folders
            return image, self.finder.find(name, local, self.world.checkout, in_image=False)
        return image, None

    def _doubt_below(self, parent: Module | None) -> Unknown | None:
        """Why a module that is in none of the folders may be found all the same."""
        searched = self.finder.path_unknown if parent is None else parent.doubt or parent.path_unknown
        return searched or doubt_of_finding(self.machine)

    def _doubt_of_written(self, name: str, folders: tuple[str, ...]) -> Unknown | None:
        """The program may have written the module itself by now."""
        tail = name.rpartition(".")[2]
        for folder in folders:
            for path in (join(folder, f"{tail}.py"), join(folder, tail)):
                if any(within(made, path) for made in self.machine.touched):
                    place = self.machine.place()
                    return Unknown(f"the start-up may write {path} itself", place, May.SOURCES, reach=path)
        return None

    def set_path(self, package: Module, value: Value) -> None:
        """`package.__path__ = value`, or what a list became that somebody got hold of."""
        folders = value.elements if isinstance(value, Items) else []
        texts = [text for folder in folders if (text := text_of(folder)) is not None]
        if not isinstance(value, Items) or not value.complete or len(texts) < len(folders):
            why = "the code adds an unknown folder to __path__"
            package.path_unknown = Unknown(why, self.machine.place(), May.SOURCES)
            texts = [*(package.folders or ()), *texts]
        package.listed = value if isinstance(value, Items) else None
        found = tuple(dict.fromkeys(absolute(self.machine, text) for text in texts))
        if found != package.folders:
            more = (local for folder in found for local in self.world.counterpart(folder))
            package.folders = found
            package.local_folders = tuple(dict.fromkeys((*package.local_folders, *more)))

    def _path_of(self, package: Module) -> tuple[str, ...]:
        """Its `__path__`. CPython: that of a namespace package follows its parent's (`_NamespacePath`)."""
        if package.listed is not None:
            self.set_path(package, package.listed)
        if not package.is_namespace or not package.in_image or "__path__" in package.namespace.values:
            return package.folders or ()
        above = package.name.rpartition(".")[0]
        if above and above not in self.modules:
            self.telling.fail_unloaded(above)
        parent = self.modules.get(above)
        found = self.resolve(package.name, parent)[0] if parent is not None or not above else None
        if isinstance(found, NamespacePackage) and found.folders != package.folders:
            again = self.finder.make(package.name, found, parent, in_image=True)
            assert again is not None
            package.folders, package.local_folders = again.folders, again.local_folders
        return package.folders or ()

    def _load(self, name: str, parent: Module | None) -> Value:
        if name in self.world.opaque or (parent is None and name in self.world.preloaded):
            return External(name)
        image, local = self.resolve(name, parent)
        if isinstance(image, StandardLibrary):
            self._load_standard(name)
            return External(name)
        if parent is None and isinstance(image, NamespacePackage) and _is_installed(name, image.undecided):
            # CPython: a regular package further on the search path wins over a folder without __init__.py.
            self._third_party.add(name)
            return External(name)
        in_image = True
        found: Resolution = image
        doubt: Unknown | None = None
        if isinstance(image, Missing | Undecided):
            in_image = False
            found = local if local is not None else image
            if parent is None and not self._is_module(found):
                found = self._own(name, image) or found
            settled = self._settle_missing(name, image, found, parent)
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

    def _settle_missing(
        self, name: str, image: Missing | Undecided, local: Resolution, parent: Module | None
    ) -> Value | StandsIn:
        """The image lacks it, or may. What the import gives; the failure, if it is one, is told."""
        here = self._is_module(local) and not (parent is None and self._is_project_folder(name, local))
        if parent is not None and not parent.in_image and here:
            return StandsIn()  # the gap is the package: told already
        unknown = image.unknown if isinstance(image, Undecided) else None
        if isinstance(local, Undecided):  # the checkout itself cannot be read there
            leave_open(self.machine, Kind.MODULE, name, "", local.unknown)
            return External(name)
        if parent is not None and parent.doubt is not None:
            if here:
                return StandsIn(parent.doubt)  # the package itself was not checked
            self.machine.undecided += 1
            return External(name)
        if parent is None and self._is_of_others(name, unknown, here):
            self.machine.undecided += 1
            self._third_party.add(name)
            return External(name)
        if parent is not None and parent.is_namespace and parent.uncertain and not here:
            self.machine.undecided += 1
            return ANYTHING  # a folder of that name, and perhaps an installed package of that name
        answer = self._ask(name, local if here else None, parent, unknown)
        if isinstance(answer, NotChecked):
            if here:
                return StandsIn(answer.doubt)
            self.machine.undecided += 1
            return External(name)
        self.telling.fail_missing(
            name,
            "",
            local=local if here else None,
            parent=parent,
            unknown=answer.doubt,
            other_case=image.other_case if isinstance(image, Missing) else None,
        )
        return StandsIn() if here else ANYTHING

    def _is_of_others(self, name: str, unknown: Unknown | None, here: bool) -> bool:
        """Is the top-level name that of a package of others? What is installed is asked later, of all together."""
        if unknown is None:
            return False
        installed = unknown.installed
        if _is_installed(name, unknown):
            return True  # published as well, and installed from there
        if here:
            return False
        providers = self.world.providers(name)
        if self.machine.frames:
            kinds = {step.may for step in unknown.steps if not step.early}
            return (
                bool(providers)
                or _may_be_in_one(name, unknown)
                or (not kinds.isdisjoint(OF_OTHERS) and kinds.isdisjoint(OF_PROJECTS))
            )
        # What a start command names is mostly the project's own.
        closed = installed is not None and not installed.open
        return bool(providers) and (
            not closed or not providers.isdisjoint(installed.names if installed else ())
        )

    def _own(self, name: str, image: Missing | Undecided) -> Resolution | None:
        """The project's own module of that name, which is on no search path, unless a distribution has it."""
        frames = self.machine.frames
        source = frames[-1].module.source if frames else ""
        key = (name, source.rpartition("/")[0])
        if key not in self._own_modules:
            self._own_modules[key] = own_module(name, source, self.world.checkout)
        found = self._own_modules[key]
        providers = self.world.providers(name) if found is not None else frozenset()
        if found is None or (found.nested and providers):
            return None
        installed = image.unknown.installed if isinstance(image, Undecided) else None
        if installed is None or installed.open:
            return found.resolution
        return None if {normalized(name), *providers} & installed.names else found.resolution

    def _is_project_folder(self, name: str, local: Resolution) -> bool:
        """Is it the folder of a project that holds the package of the same name: `shop/shop/__init__.py`?"""
        return isinstance(local, NamespacePackage) and any(
            isinstance(self.world.checkout.lookup(f"{folder}/{name}/__init__.py"), Entry)
            for folder in local.folders
        )

    def _ask(
        self, name: str, local: Resolution | None, parent: Module | None, unknown: Unknown | None
    ) -> Answer:
        """Is this module of the project really absent?"""
        in_checkout, path = "", ""
        if isinstance(local, SourceModule | CompiledModule):
            in_checkout = local.path
            path = self.finder.would_be(name, parent, local.path.rpartition("/")[2], package=local.package)
        elif isinstance(local, NamespacePackage):
            in_checkout = local.folders[0]
        else:
            path = self.finder.would_be(name, parent, f"{name.rpartition('.')[2]}.py", package=False)
        folders = parent.local_folders if parent is not None else self.finder.local_folders()
        namesake = "" if local is not None else namesake_of(name, folders, self.world.checkout)
        kind = Kind.MODULE if self.machine.frames else Kind.PROGRAM
        return ask(self.machine, kind, name, path, unknown, in_checkout=in_checkout, namesake=namesake)

    def _execute(self, module: Module, parent: Module | None, found: Resolution) -> Value:
        self.modules[module.name] = module
        if isinstance(found, NamespacePackage):
            module.uncertain = found.undecided is not None
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
        image, local = self.resolve(child, module)
        if not isinstance(image, Missing | Undecided):
            self._note_edge(child)
            return self._load(child, module)
        if self._is_module(local):
            assert local is not None
            return self._missing_submodule(module, child, image, local, by_star=by_star)
        if bound is not None:
            return ANYTHING
        if not isinstance(image, Undecided):
            return None
        open_ = module.doubt is not None or isinstance(
            self._ask(child, None, module, image.unknown), NotChecked
        )
        return ANYTHING if open_ else None

    def _is_module(self, found: Resolution | None) -> bool:
        if isinstance(found, NamespacePackage):
            return self.finder.holds_python(found)
        return isinstance(found, SourceModule | CompiledModule)

    def _missing_submodule(
        self, module: Module, child: str, image: Resolution, local: Resolution, *, by_star: bool
    ) -> Value:
        """`from package import submodule` of a submodule that only the checkout has."""
        unknown = image.unknown if isinstance(image, Undecided) else None
        doubt = module.doubt
        if module.in_image and doubt is None:
            answer = self._ask(child, local, module, unknown)
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
        image, local = self.resolve(name, owner)
        found: Resolution | None = image
        if isinstance(image, Missing):
            found = local if self._is_module(local) else None
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

    def _note_edge(self, imported: str) -> None:
        if self.machine.frames:
            frame = self.machine.frames[-1]
            key = (frame.module.shown, imported)
            if key not in self.edges:
                self.edges[key] = Edge(
                    frame.module.shown,
                    imported,
                    frame.module.source.lstrip("/"),
                    frame.line,
                    frame.module.image_path,
                )

    def _note_outside(self, name: str, parts: tuple[str, ...]) -> None:
        """Unless a handler gets over its failure."""
        machine = self.machine
        if name.partition(".")[0] not in self._third_party or not machine.frames:
            return
        error = RaisedValue("ModuleNotFoundError", builtin_bases("ModuleNotFoundError"))
        if machine.gets_over(error):
            return
        before = self.outside.get((name, parts))
        if before is None or (before.may_not_run and not machine.uncertain):
            self.outside[name, parts] = OutsideImport(
                name, parts, machine.chain(), machine.place(), machine.uncertain > 0, machine.occasion
            )


def _may_be_in_one(name: str, doubt: Unknown) -> bool:
    """Is a distribution installed whose name is much like the module's: `django-hcaptcha`, `hcaptcha`?"""
    return any(resembles(one, name) for one in _installed(doubt))


def _is_installed(name: str, doubt: Unknown | None) -> bool:
    """Is a distribution of that name among what installers put where the module may be?"""
    return doubt is not None and normalized(name) in _installed(doubt)


def _installed(doubt: Unknown) -> frozenset[str]:
    """The distributions that its steps installed."""
    return frozenset().union(*(step.installed.names for step in doubt.steps if step.installed is not None))
