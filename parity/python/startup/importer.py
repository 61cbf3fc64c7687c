"""The import system of the simulated interpreter: `sys.modules`, `sys.path`, parents, submodules.

CPython: `importlib._bootstrap._find_and_load`, `_handle_fromlist`, `ceval.import_from`.
"""

from __future__ import annotations

from dataclasses import dataclass

from parity.model.finding import ChainLink
from parity.model.location import Unknown
from parity.python.resolve import (
    STANDARD_LIBRARY,
    CompiledModule,
    Missing,
    NamespacePackage,
    Resolution,
    SourceModule,
    StandardLibrary,
    Undecided,
    find,
)
from parity.python.source import SyntaxProblem, parse
from parity.python.startup.failures import (
    Failure,
    FailureKind,
    PartialState,
    Raised,
    RaisedValue,
    Stopped,
    builtin_bases,
)
from parity.python.startup.known import attribute_of_external
from parity.python.startup.machine import Machine
from parity.python.startup.modules import Module, State, line_of_binding
from parity.python.startup.values import (
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
from parity.python.world import World
from parity.tree.base import Entry, FileTree
from parity.tree.links import follow

DEEPEST_IMPORT = 150
"""Nested imports that are followed; CPython itself gives up at a recursion depth of 1000."""


@dataclass(frozen=True, slots=True)
class Edge:
    """`importer` (a module name) asked for `imported` on `line` of the checkout file `path`."""

    importer: str
    imported: str
    path: str
    line: int
    image_path: str


class Importer:
    """Imports modules for one `Machine`."""

    def __init__(self, machine: Machine, search_path: tuple[str, ...]) -> None:
        self.machine = machine
        self.world: World = machine.world
        self.modules: dict[str, Module] = {}
        self.search_path: list[str] = [*search_path, STANDARD_LIBRARY, *self.world.site]
        self.path_unknown: Unknown | None = self.world.site_unknown
        self.edges: dict[tuple[str, str], Edge] = {}
        self._found: dict[tuple[str, tuple[str, ...], bool], Resolution] = {}
        self._standard_seen: set[str] = set()
        self._refusals: dict[tuple[str, str], RaisedValue] = {}

    # -- the statements

    def run_import(self, name: str, package: str | None, fromlist: tuple[str, ...], level: int) -> Value:
        """`__import__`: the module that the statement gets; for `import a.b`, that is `a`."""
        absolute = self._absolute(name, package, level)
        if absolute is None:
            return ANYTHING
        self._note_edge(absolute)
        module = self.import_module(absolute)
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
            self.fail_name(owner, name, importing=True)
        return ANYTHING

    def import_module(self, name: str) -> Value:
        """`importlib.import_module` of an absolute name, parents first."""
        known = self.modules.get(name)
        if known is not None:
            return ModuleValue(known)
        parent_name, _, _ = name.rpartition(".")
        if not parent_name:
            return self._load(name, None)
        parent = self.import_module(parent_name)
        if name in self.modules:  # the parent's own body imported it
            return ModuleValue(self.modules[name])
        if isinstance(parent, ModuleValue) and parent_name not in self.modules:
            self._fail_unloaded(parent_name)
        match parent:
            case External():
                return External(name)
            case ModuleValue():
                if parent.module.folders is None and not parent.module.is_open:
                    self._fail_missing(name, f"; {parent.module.name!r} is not a package")
                    return ANYTHING
                return self._load(name, parent.module) if parent.module.folders is not None else ANYTHING
            case _:
                return ANYTHING

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
            self._refusals[module.name, name] = raised.value
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
        """`sys.path.insert(position, folder)`, or append (None). An unknown folder may hold anything."""
        if folder is None:
            self.path_unknown = self.path_unknown or Unknown(
                "the code adds a folder to sys.path that cannot be told"
            )
        elif position is None or position < 0:
            self.search_path.append(folder)
        else:
            self.search_path.insert(position, folder)
        self._found.clear()

    # -- finding and loading

    def resolve(self, name: str, parent: Module | None) -> tuple[Resolution, Resolution | None]:
        """What the image has under this name; where it has nothing for sure, what the checkout has."""
        folders = tuple(self.search_path) if parent is None else self._path_of(parent)
        image = self._find(name, folders, self.world.files, in_image=True)
        if isinstance(image, Missing) and parent is None and self.path_unknown is not None:
            image = Undecided(name, self.path_unknown)
        if isinstance(image, Missing | Undecided):
            local = self.local_folders() if parent is None else parent.local_folders
            return image, self._find(name, local, self.world.checkout, in_image=False)
        return image, None

    def _path_of(self, package: Module) -> tuple[str, ...]:
        """Its `__path__`. CPython: that of a namespace package follows its parent's (`_NamespacePath`)."""
        if not package.is_namespace or not package.in_image or "__path__" in package.namespace.values:
            return package.folders or ()
        above = package.name.rpartition(".")[0]
        if above and above not in self.modules:
            self._fail_unloaded(above)
        parent = self.modules.get(above)
        found = self.resolve(package.name, parent)[0] if parent is not None or not above else None
        if isinstance(found, NamespacePackage) and found.folders != package.folders:
            again = self.make(package.name, found, parent, in_image=True)
            assert again is not None
            package.folders, package.local_folders = again.folders, again.local_folders
        return package.folders or ()

    def local_folders(self) -> tuple[str, ...]:
        """The checkout's search path: what corresponds to each entry of the image's."""
        folders: dict[str, None] = {}
        for entry in self.search_path:
            if entry == STANDARD_LIBRARY or entry in self.world.site:
                continue
            folders.update(dict.fromkeys(self.world.counterpart(entry)))
        return tuple(folders)

    def make(self, name: str, found: Resolution, parent: Module | None, *, in_image: bool) -> Module | None:
        """A fresh module for what was found; None for what is not the project's."""
        match found:
            case SourceModule() | CompiledModule():
                folder, _, file = found.path.rpartition("/")
                if in_image:
                    image_path, source = found.path, self._source_of(found.path)
                    folders = (folder or "/",) if found.package else None
                    local = self._local_package(folder, source) if found.package else ()
                else:
                    source = found.path
                    image_path = self._would_be(name, parent, file, package=found.package)
                    folders = (image_path.rpartition("/")[0],) if found.package else None
                    local = (folder or "/",) if found.package else ()
                package = name if found.package else name.rpartition(".")[0]
                return Module(name, name, image_path, source, folders, local, in_image, package)
            case NamespacePackage():
                if in_image:
                    local = tuple(dict.fromkeys(c for f in found.folders for c in self.world.counterpart(f)))
                    return Module(name, name, "", "", found.folders, local, True, name)
                would = tuple(
                    dict.fromkeys(self._would_be(name, parent, "x", package=True)[:-2] for _ in found.folders)
                )
                return Module(name, name, "", "", would, found.folders, False, name)
            case _:
                return None

    def _find(self, name: str, folders: tuple[str, ...], tree: FileTree, *, in_image: bool) -> Resolution:
        key = (name, folders, in_image)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = find(
                name, folders, tree, self._is_standard, self.world.python if in_image else None
            )
        return found

    def _is_standard(self, name: str) -> bool:
        return self.world.standard(name) or name.partition(".")[0] in self.world.provided

    def _load(self, name: str, parent: Module | None) -> Value:
        if parent is None and name in self.world.preloaded:
            return External(name)
        image, local = self.resolve(name, parent)
        if isinstance(image, StandardLibrary):
            self._load_standard(name)
            return External(name)
        in_image = True
        found: Resolution = image
        if isinstance(image, Missing | Undecided):
            in_image = False
            found = local if local is not None else image
            settled = self._settle_missing(name, image, found, parent)
            if settled is not None:
                return settled
        module = self.make(name, found, parent, in_image=in_image)
        if module is None:
            return External(name)
        if isinstance(image, Undecided):
            module.in_image = True  # it may well be there: nothing below it is a gap for certain
        return self._execute(module, parent, found)

    def _settle_missing(
        self, name: str, image: Missing | Undecided, local: Resolution, parent: Module | None
    ) -> Value | None:
        """The image lacks it, or may: tells the failure. None where the checkout's file stands in."""
        here = isinstance(local, SourceModule | CompiledModule | NamespacePackage)
        if isinstance(image, Undecided):
            if here and image.unknown.third_party and not isinstance(local, NamespacePackage):
                self._fail_missing(name, "", local=local, parent=parent, unknown=image.unknown)
                return None
            if not image.unknown.third_party:
                self.machine.cannot_tell(f"whether {name} is in the image: {image.unknown.reason}")
            if here and not image.unknown.third_party:
                return None
            self.machine.undecided += 1
            return External(name)
        if parent is not None and not parent.in_image and here:
            return None  # the gap is the package: told already
        if isinstance(local, NamespacePackage) and not self._holds_python(local):
            here = False
        if parent is not None and parent.is_namespace and parent.uncertain and not here:
            self.machine.undecided += 1
            return ANYTHING  # a folder of that name, and perhaps an installed package of that name
        self._fail_missing(
            name, "", local=local if here else None, parent=parent, other_case=image.other_case
        )
        return None if here else ANYTHING

    def _execute(self, module: Module, parent: Module | None, found: Resolution) -> Value:
        self.modules[module.name] = module
        if isinstance(found, NamespacePackage):
            module.uncertain = found.undecided is not None
        if isinstance(found, SourceModule | CompiledModule):
            self._run(module, parent)
        module.state = State.LOADED
        if module.name not in self.modules:  # CPython: _load_unlocked takes what `sys.modules` has by now
            self._fail_unloaded(module.name)
        module = self.modules.setdefault(module.name, module)
        if parent is not None:
            if parent.name not in self.modules:  # CPython: _find_and_load_unlocked looks the parent up again
                self._fail_unloaded(parent.name)
            parent = self.modules.setdefault(parent.name, parent)
            parent.namespace.bind(module.name.rpartition(".")[2], ModuleValue(module))
        return ModuleValue(module)

    def _run(self, module: Module, parent: Module | None) -> None:
        if not self._readable(module):
            self.modules.pop(module.name, None)
            self._fail_unreadable(module)
            self.modules[module.name] = module
        loading = parent.loading if parent is not None else []
        loading.append(module)
        try:
            if len(self.machine.frames) < DEEPEST_IMPORT:
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
        top = name.partition(".")[0]
        if top in self._standard_seen or top in self.world.preloaded:
            return
        self._standard_seen.add(top)
        for needed, names in self.world.standard_imports(top):
            first = needed.partition(".")[0]
            if first in self.world.preloaded:
                continue
            got = self.import_module(first)
            if isinstance(got, ModuleValue):
                if "." in needed:
                    got = self.import_module(needed)
                for wanted in names or ():
                    self.import_name(got, wanted)

    def load_submodule(self, module: Module, name: str) -> Value | None:
        """The submodule `name` of a package that has not bound it (CPython: `_handle_fromlist`).

        None where there is none, in either world.
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
            return self._missing_submodule(module, child, image, local)
        return ANYTHING if isinstance(image, Undecided) or bound is not None else None

    def _is_module(self, found: Resolution | None) -> bool:
        if isinstance(found, NamespacePackage):
            return self._holds_python(found)
        return isinstance(found, SourceModule | CompiledModule)

    def _missing_submodule(self, module: Module, child: str, image: Resolution, local: Resolution) -> Value:
        """`from package import submodule` of a submodule that only the checkout has."""
        name = child.rpartition(".")[2]
        if module.in_image and isinstance(image, Missing):
            self._fail(
                FailureKind.MISSING_MODULE,
                "ImportError",
                self._cannot_import(module, name),
                child,
                name=name,
                local=local,
                parent=module,
                certain=not module.is_open,
            )
        made = self.make(child, local, module, in_image=False)
        if made is None:
            return ANYTHING
        if isinstance(image, Undecided):
            made.in_image = True
        return self._execute(made, module, local)

    def is_loaded(self, name: str) -> bool | None:
        """`name in sys.modules`; None where it cannot be told."""
        if name in self.modules or name in self.world.preloaded:
            return True
        found = self._find(name, tuple(self.search_path), self.world.files, in_image=True)
        return False if "." not in name and isinstance(found, SourceModule | NamespacePackage) else None

    # -- telling

    def delete_name(self, module: Module, name: str) -> None:
        """`del module.name`."""
        if module.attribute(name) is None:
            text = f"'module' object has no attribute {name!r}"
            self._fail(FailureKind.MISSING_NAME, "AttributeError", text, module.name, name=name)
        module.namespace.unbind(name)

    def _fail_unloaded(self, name: str) -> None:
        """The import system looks up what the program has taken out of `sys.modules`."""
        self._fail(FailureKind.RAISED, "KeyError", repr(name), name)

    def fail_relative(self, exception: str, text: str, name: str) -> None:
        """A relative import that has nothing to start from."""
        self._fail(FailureKind.RELATIVE_IMPORT, exception, text, name)

    def fail_name(self, module: Module, name: str, *, importing: bool) -> None:
        """The module is there and has not bound `name` (or never does)."""
        refusal = self._refusals.get((module.name, name))
        if not importing and refusal is not None and refusal.failure is not None:
            self.machine.raise_value(refusal)  # what its own __getattr__ imports fails
            return
        partial = module.state is State.LOADING
        later = line_of_binding(module.body, name, module.line) if partial else 0
        submodule = next((m for m in module.loading if m.name == f"{module.name}.{name}"), None)
        chain: tuple[ChainLink, ...] = ()
        if importing:
            exception, text = "ImportError", self._cannot_import(module, name)
        elif refusal is not None:  # the module's own __getattr__ raises
            exception, text, chain = "AttributeError", refusal.text, refusal.chain
        elif partial:
            exception = "AttributeError"
            text = (
                f"partially initialized module {module.name!r} has no attribute {name!r} "
                "(most likely due to a circular import)"
            )
        elif submodule is not None:
            exception = "AttributeError"
            text = (
                f"cannot access submodule {name!r} of module {module.name!r} "
                "(most likely due to a circular import)"
            )
            partial, later = True, submodule.line
        else:
            exception, text = "AttributeError", f"module {module.name!r} has no attribute {name!r}"
        kind = FailureKind.PARTIAL_MODULE if partial and later else FailureKind.MISSING_NAME
        image_path, in_checkout = module.image_path, ""
        if kind is FailureKind.MISSING_NAME:
            in_checkout = self._other_file(module, name)
            if in_checkout and not image_path:
                image_path = (module.folders or ("",))[0] + "/__init__.py"
        self._fail(
            kind,
            exception,
            text,
            module.name,
            name=name,
            image_path=image_path,
            in_checkout=in_checkout,
            certain=module.in_image,
            partial=self._partial_states(module, name) if partial else (),
            shadows=module.name if self.world.standard(module.name) else "",
            chain=chain,
        )

    def _other_file(self, module: Module, name: str) -> str:
        """The checkout's file of this module, where it is another one than the image's and binds the name."""
        parent = self.modules.get(module.import_name.rpartition(".")[0])
        folders = parent.local_folders if parent is not None else self.local_folders()
        local = self._find(module.import_name, folders, self.world.checkout, in_image=False)
        if not isinstance(local, SourceModule) or local.path == module.source or not module.in_image:
            return ""
        data = self.world.checkout.read(local.path)
        body = parse(data, None) if isinstance(data, bytes) else ()
        binds = not isinstance(body, SyntaxProblem) and line_of_binding(body, name)
        return local.path if binds else ""

    def _cannot_import(self, module: Module, name: str) -> str:
        where = module.image_path or "unknown location"
        if module.state is State.LOADING:
            return (
                f"cannot import name {name!r} from partially initialized module {module.name!r} "
                f"(most likely due to a circular import) ({where})"
            )
        return f"cannot import name {name!r} from {module.name!r} ({where})"

    def _partial_states(self, module: Module, name: str) -> tuple[PartialState, ...]:
        states: list[PartialState] = []
        for frame in self.machine.frames:
            made = frame.module
            if made.state is State.LOADING and made.body and all(s.module != made.shown for s in states):
                later = line_of_binding(made.body, name, made.line) if made is module else 0
                bound = tuple(n for n in made.namespace.values if not n.startswith("__"))
                states.append(PartialState(made.shown, made.source.lstrip("/"), made.line, bound, later))
        return tuple(states)

    def _fail_missing(
        self,
        name: str,
        suffix: str,
        *,
        local: Resolution | None = None,
        parent: Module | None = None,
        unknown: Unknown | None = None,
        other_case: str | None = None,
    ) -> None:
        self._fail(
            FailureKind.MISSING_MODULE,
            "ModuleNotFoundError",
            f"No module named {name!r}{suffix}",
            name,
            local=local,
            parent=parent,
            certain=unknown is None,
            unknown=unknown,
            other_case=other_case,
        )

    def _fail(
        self,
        kind: FailureKind,
        exception: str,
        text: str,
        module: str,
        *,
        name: str = "",
        local: Resolution | None = None,
        parent: Module | None = None,
        image_path: str = "",
        in_checkout: str = "",
        certain: bool = True,
        unknown: Unknown | None = None,
        other_case: str | None = None,
        partial: tuple[PartialState, ...] = (),
        shadows: str = "",
        chain: tuple[ChainLink, ...] = (),
    ) -> None:
        match local:
            case SourceModule() | CompiledModule():
                in_checkout = local.path
                image_path = self._would_be(
                    module, parent, local.path.rpartition("/")[2], package=local.package
                )
            case NamespacePackage():
                in_checkout = local.folders[0]
                image_path = self._would_be(module, parent, "x", package=True)[:-2]
            case _:
                pass
        if (
            kind is FailureKind.MISSING_MODULE
            and not in_checkout
            and (versions := self.world.versions_with(module))
        ):
            kind, name = FailureKind.OTHER_VERSION, versions
        if not self.machine.frames:
            kind = FailureKind.ENTRYPOINT
        self.machine.fail(
            Failure(
                kind,
                exception,
                text,
                module,
                chain or self.machine.chain(),
                self.machine.place(),
                name=name,
                in_checkout=in_checkout,
                image_path=image_path,
                certain=certain,
                unknown=unknown,
                other_case=other_case,
                partial=partial,
                shadows=shadows,
            ),
            builtin_bases(exception),
        )

    def _fail_unreadable(self, module: Module) -> None:
        self._fail(
            FailureKind.UNREADABLE,
            "PermissionError",
            f"[Errno 13] Permission denied: {module.image_path!r}",
            module.name,
            image_path=module.image_path,
        )

    # -- small questions

    def _absolute(self, name: str, package: str | None, level: int) -> str | None:
        if not level:
            return name
        if not package:
            text = "attempted relative import with no known parent package"
        else:
            bits = package.rsplit(".", level - 1)
            if len(bits) >= level:
                return f"{bits[0]}.{name}" if name else bits[0]
            text = "attempted relative import beyond top-level package"
        self.fail_relative("ImportError", text, "." * level + name)
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

    def _would_be(self, name: str, parent: Module | None, file: str, *, package: bool) -> str:
        """Where the image would have this file, if it had it."""
        tail = name.rpartition(".")[2]
        folder = parent.folders[0] if parent is not None and parent.folders else self.search_path[0]
        if folder == STANDARD_LIBRARY:
            folder = "/"
        folder = folder.rstrip("/")
        return f"{folder}/{tail}/{file}" if package else f"{folder}/{file}"

    def _source_of(self, path: str) -> str:
        answer = follow(self.world.files, path).answer
        return answer.source or "" if isinstance(answer, Entry) else ""

    def _local_package(self, folder: str, source: str) -> tuple[str, ...]:
        own = (source.rpartition("/")[0] or "/",) if source else ()
        return tuple(dict.fromkeys((*own, *self.world.counterpart(folder or "/"))))

    def _holds_python(self, package: NamespacePackage, depth: int = 2) -> bool:
        """Is there a module in these folders? A folder of data is a namespace package only in name."""
        todo = [(folder, 0) for folder in package.folders]
        while todo:
            folder, level = todo.pop()
            names = self.world.checkout.names(folder)
            if isinstance(names, Unknown):
                return True
            if any(name.endswith((".py", ".so", ".pyc")) for name in names):
                return True
            if level < depth:
                todo += [(folder + "/" + name, level + 1) for name in sorted(names)[:50] if "." not in name]
        return False

    def _readable(self, module: Module) -> bool:
        """May the image's user read the file? Asked of permission bits that an instruction has set."""
        user = self.world.user
        if not module.in_image or user in (None, "", "root", "0"):
            return True
        answer = follow(self.world.files, module.image_path).answer
        if not isinstance(answer, Entry) or answer.mode is None or answer.owner is None:
            return True
        name = user.partition(":")[0]
        owner = answer.owner.partition(":")[0]
        if owner == name:
            return bool(answer.mode & 0o400)
        both_known = owner in ("0", "root") or (owner.isdigit() and name.isdigit())
        return (
            bool(answer.mode & 0o004) or not both_known or bool(answer.mode & 0o040 and ":" in answer.owner)
        )
