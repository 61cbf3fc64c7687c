"""Which failure does CPython tell when an import, or a name of a module, is not there?"""

from __future__ import annotations

from parity.model.finding import ChainLink
from parity.model.location import Unknown
from parity.python.resolve import CompiledModule, NamespacePackage, Resolution, SourceModule, Undecided
from parity.python.source import parse
from parity.startup.importing.finder import Finder
from parity.startup.state.failures import Failure, FailureKind, PartialState, RaisedValue, builtin_bases
from parity.startup.state.machine import Machine
from parity.startup.state.modules import Module, State, line_of_binding


class Telling:
    """Tells the failures of the import system to one `Machine`.

    `modules` is `sys.modules`, `third_party` the packages of others that are loaded; `refusals` what the `__getattr__`
    of (module, name) raised last.
    """

    def __init__(
        self, machine: Machine, finder: Finder, modules: dict[str, Module], third_party: set[str]
    ) -> None:
        self.machine = machine
        self.world = machine.world
        self.finder = finder
        self.modules = modules
        self.third_party = third_party
        self.refusals: dict[tuple[str, str], RaisedValue] = {}

    def fail_unloaded(self, name: str) -> None:
        """The import system looks up what the program has taken out of `sys.modules`."""
        self.fail(FailureKind.RAISED, "KeyError", repr(name), name)

    def fail_relative(self, exception: str, text: str, name: str) -> None:
        """A relative import that has nothing to start from."""
        self.fail(FailureKind.RELATIVE_IMPORT, exception, text, name)

    def fail_blocked(self, name: str) -> None:
        """CPython: None in `sys.modules` (importlib._bootstrap._find_and_load)."""
        text = f"import of {name} halted; None in sys.modules"
        self.fail(FailureKind.RAISED, "ModuleNotFoundError", text, name)

    def fail_standard_name(self, module: str, name: str, *, importing: bool) -> None:
        """If it is a name of the standard library that the image's version does not have."""
        if not self.world.certainly_lacks(module, name):
            return
        if not self.machine.given.isdisjoint((f"{module}.{name}", f"{module}.*")):
            return
        versions = self.world.lacks(module, name)
        exception, text = "AttributeError", f"module {module!r} has no attribute {name!r}"
        if importing:
            exception, text = "ImportError", f"cannot import name {name!r} from {module!r}"
        if versions:
            self.fail(FailureKind.OTHER_VERSION, exception, text, f"{module}.{name}", name=versions)
        elif not self.machine.uncertain:  # behind a condition it may be of another Python
            # A package of others may have given it the name, as verbosity levels are given to `logging`.
            certain = not self.third_party
            self.fail(FailureKind.MISSING_NAME, exception, text, module, name=name, certain=certain)

    def fail_standard_submodule(self, name: str, parent: str) -> None:
        """A module of the standard library has no such submodule."""
        suffix = "" if self.world.standard_package(parent) else f"; {parent!r} is not a package"
        self.fail_missing(name, suffix)

    def fail_name(self, module: Module, name: str, *, importing: bool) -> None:
        """The module is there and has not bound `name` (or never does)."""
        refusal = self.refusals.get((module.name, name))
        if not importing and refusal is not None and refusal.failure is not None:
            self.machine.raise_value(refusal)  # what its own __getattr__ imports fails
            return
        partial = module.state is State.LOADING
        later = line_of_binding(module.body, name, module.line) if partial else 0
        submodule = next((m for m in module.loading if m.name == f"{module.name}.{name}"), None)
        chain: tuple[ChainLink, ...] = ()
        if importing:
            exception, text = "ImportError", self.cannot_import(module, name)
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
            in_checkout = self.other_file(module, name)
            if in_checkout and not image_path:
                image_path = (module.folders or ("",))[0] + "/__init__.py"
        submodule_there = self.finder.find(
            f"{module.name}.{name}", module.folders or (), self.finder.files, in_image=True
        )
        unknown = submodule_there.unknown if isinstance(submodule_there, Undecided) else module.shared
        self.fail(
            kind,
            exception,
            text,
            module.name,
            name=name,
            image_path=image_path,
            in_checkout=in_checkout,
            certain=module.in_image and unknown is None and name not in module.namespace.unset,
            unknown=unknown,
            partial=self._partial_states(module, name) if partial else (),
            shadows=module.name if self.world.standard(module.name) else "",
            chain=chain,
        )

    def fail_submodule(
        self, package: Module, child: str, local: Resolution, unknown: Unknown | None, *, by_star: bool
    ) -> None:
        """`from package import name`, or `*` (`by_star`): only the checkout has this submodule."""
        name = child.rpartition(".")[2]
        exception, text = "ImportError", self.cannot_import(package, name)
        if by_star:
            partial = "partially initialized " if package.state is State.LOADING else ""
            cycle = " (most likely due to a circular import)" if partial else ""
            exception = "AttributeError"
            text = f"{partial}module {package.name!r} has no attribute {name!r}{cycle}"
        self.fail(
            FailureKind.MISSING_MODULE,
            exception,
            text,
            child,
            name=name,
            local=local,
            parent=package,
            certain=not package.is_open and unknown is None,
            unknown=unknown,
        )

    def other_file(self, module: Module, name: str) -> str:
        """The checkout's file of this module, where it is another one than the image's and binds the name."""
        parent = self.modules.get(module.import_name.rpartition(".")[0])
        folders = parent.local_folders if parent is not None else self.finder.local_folders()
        local = self.finder.find(module.import_name, folders, self.world.checkout, in_image=False)
        if not isinstance(local, SourceModule) or local.path == module.source or not module.in_image:
            return ""
        data = self.world.checkout.read(local.path)
        body = parse(data, None) if isinstance(data, bytes) else ()
        binds = isinstance(body, tuple) and line_of_binding(body, name)
        return local.path if binds else ""

    def cannot_import(self, module: Module, name: str) -> str:
        where = module.file or module.image_path or "unknown location"
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

    def fail_missing(
        self,
        name: str,
        suffix: str,
        *,
        local: Resolution | None = None,
        parent: Module | None = None,
        unknown: Unknown | None = None,
        other_case: str | None = None,
    ) -> None:
        self.fail(
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

    def fail(
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
                image_path = self.finder.would_be(
                    module, parent, local.path.rpartition("/")[2], package=local.package
                )
            case NamespacePackage():
                in_checkout = local.folders[0]
                image_path = self.finder.would_be(module, parent, "x", package=True)[:-2]
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

    def fail_unreadable(self, module: Module) -> None:
        self.fail(
            FailureKind.UNREADABLE,
            "PermissionError",
            f"[Errno 13] Permission denied: {module.image_path!r}",
            module.name,
            image_path=module.image_path,
        )
