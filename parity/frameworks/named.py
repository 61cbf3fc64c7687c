"""What is imported because a text names it, and where does that text stand?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from msgspec import Struct, field

from parity.model.location import Unknown
from parity.model.occasion import Occasion, When
from parity.python.resolve import Missing, SourceModule, Undecided
from parity.startup.library.pkgutil import modules_in
from parity.startup.state.failures import Failure, FailureKind, Raised
from parity.startup.state.machine import Machine
from parity.startup.state.modules import Module
from parity.startup.state.questions import ask
from parity.startup.state.values import ANYTHING, Items, ModuleValue, Table, Value, text_of
from parity.verdict.question import Fails, Kind


class Texts(Struct):
    """The string literals of modules: the first that says a text is taken for the one that names it.

    `somewhere`: where the first of the modules begins, which stands for the place of a text that is computed.
    """

    places: dict[str, tuple[Module, ast.expr]] = field(default_factory=dict)
    somewhere: tuple[Module, ast.stmt] | None = None

    def add(self, module: Module) -> None:
        if self.somewhere is None and module.body:
            self.somewhere = module, module.body[0]
        for statement in module.body:
            for node in ast.walk(statement):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    self.places.setdefault(node.value, (module, node))

    @contextmanager
    def standing_at(self, machine: Machine, text: str) -> Iterator[None]:
        """What the block imports is imported because of this text."""
        place = self.places.get(text) or self.somewhere
        with machine.standing_at(*place) if place is not None else nullcontext():
            yield


def texts_in(value: Value | None) -> tuple[str, ...]:
    """The texts of a list, or the one text; what of it cannot be told is left away."""
    if isinstance(value, Items):
        return tuple(text for element in value.elements if (text := text_of(element)) is not None)
    text = text_of(value)
    return (text,) if text is not None else ()


def entry(value: Value | None, *keys: str) -> Value | None:
    """`value[key][key]…` of dicts."""
    for key in keys:
        value = value.entries.get(key) if isinstance(value, Table) else None
    return value


def import_named(machine: Machine, name: str) -> Value:
    """`importlib.import_module(name)`, by the framework."""
    if not name or name.startswith(".") or not all(name.split(".")):
        return ANYTHING
    return machine.importing.run_import(name, None, ("*",), 0)


def load_object(machine: Machine, name: str) -> Value:
    """`package.module.attribute`: imported, and the attribute looked up (Django: `import_string`)."""
    module, _, attribute = name.rpartition(".")
    loaded = import_named(machine, module)
    if not isinstance(loaded, ModuleValue):
        return ANYTHING
    found = machine.importing.module_attribute(loaded.module, attribute)
    if found is None:
        machine.importing.fail_name(loaded.module, attribute)
    return found or ANYTHING


def import_string(machine: Machine, name: str) -> Value:
    """The module of that name, where there is one, else an attribute: `package.module:Name`, `package.module.Name`.

    So do Werkzeug and pydantic.
    """
    name = name.replace(":", ".")
    if "." not in name or has_module(machine, name):
        return import_named(machine, name)
    return load_object(machine, name)


def import_if_there(machine: Machine, name: str, effect: str, *, when: When | None = None) -> Value | None:
    """A module that the framework imports only where there is one. None where the image has none.

    `effect`: what is then missing where the checkout has it: that is no exception. `when`: each of these
    fails then, so that it is an error.
    """
    importing = machine.importing
    parent_name = name.rpartition(".")[0]
    parent = import_named(machine, parent_name) if parent_name else None
    if parent_name and not isinstance(parent, ModuleValue):
        return None
    owner = parent.module if isinstance(parent, ModuleValue) else None
    if owner is not None and owner.folders is None:
        return None
    if name in importing.modules:
        return ModuleValue(importing.modules[name])
    image, local = importing.search.resolve(name, owner)
    if not isinstance(image, Missing | Undecided):
        return import_named(machine, name)
    if not isinstance(local, SourceModule):
        return None
    if owner is not None and not (owner.in_image and owner.doubt is None):
        return import_named(machine, name)  # the package itself is missing, or doubtful
    return None if tell_lack(machine, name, effect, when=when) else import_named(machine, name)


def tell_lack(machine: Machine, name: str, effect: str, *, when: When | None = None) -> bool:
    """The image lacks the file of a module that the checkout has: that is no exception. False where it may have it."""
    importing = machine.importing
    owner = importing.modules.get(name.rpartition(".")[0])
    image, _ = importing.search.resolve(name, owner)
    folders = owner.local_folders if owner is not None else importing.finder.local_folders()
    local = importing.finder.find(name, folders, machine.world.checkout, in_image=False)
    if not isinstance(local, SourceModule):
        return True
    unknown = image.unknown if isinstance(image, Undecided) else None
    path = importing.finder.would_be(name, owner, local.path.rpartition("/")[2], package=local.package)
    answer = ask(machine, Kind.MODULE, name, path, unknown, in_checkout=local.path)
    if not isinstance(answer, Fails):
        return False
    machine.record(
        Failure(
            FailureKind.MISSING_MODULE,
            "",
            "",
            name,
            machine.chain(),
            machine.place(),
            in_checkout=local.path,
            image_path=path,
            certain=answer.doubt is None and not machine.uncertain,
            may_not_run=when is None or machine.uncertain > 0,
            unknown=answer.doubt,
            occasion=Occasion(when or machine.occasion.when, effect),
        )
    )
    return True


def import_all(machine: Machine, package: str, effect: str) -> None:
    """A package that may not be there, and each of its modules."""
    loaded = import_if_there(machine, package, effect)
    if isinstance(loaded, ModuleValue):
        for folder in loaded.module.folders or ():
            for name, _ in modules_in(machine, folder):
                import_named(machine, f"{package}.{name}")


def checkout_modules(machine: Machine, folder: str) -> Iterator[str]:
    """The names of the modules in a folder of the checkout, but private ones."""
    names = machine.world.checkout.names(folder)
    for name in () if isinstance(names, Unknown) else sorted(names):
        if name.endswith(".py") and name[0] not in "_~":
            yield name.removesuffix(".py")


def lacking(machine: Machine, package: str) -> dict[str, str]:
    """The modules that only the checkout has, by name, with their files, where the image has the package."""
    here = machine.importing.modules.get(package)
    if here is None or not here.in_image:
        return {}
    found = {name for folder in here.folders or () for name, _ in modules_in(machine, folder)}
    return {
        name: f"{folder}/{name}.py"
        for folder in here.local_folders
        for name in checkout_modules(machine, folder)
        if name not in found
    }


def has_module(machine: Machine, name: str) -> bool:
    """Has one of the two worlds such a module? What fails on the way is not told."""
    try:
        with machine.guarded(lambda raised: "ImportError" in raised.bases) as guard:
            return machine.importing.has_module(name)
    except Raised as raised:
        if raised.guard is not guard:
            raise
        return False
