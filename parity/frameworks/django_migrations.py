"""Which migrations does Django find, and which does it miss? (read from Django 5.2: `MigrationLoader`)

An app without a package of them has none, and so has one whose package lacks `__init__.py`: neither is an exception.
One that another depends on must be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from parity.frameworks.django_apps import App
from parity.frameworks.django_settings import Settings
from parity.frameworks.named import checkout_modules, import_if_there, import_named, tell_lack
from parity.model.occasion import When
from parity.startup.library.pkgutil import modules_in
from parity.startup.state.classes import class_attribute
from parity.startup.state.machine import Machine
from parity.startup.state.values import Class, Items, ModuleValue, Table, text_of

NOT_MADE = "the tables of {} are not made or changed"
NEEDED = "{} fails, as the migration {} depends on it"

Node = tuple[str, str]
"""The label of an app, and the name of a migration."""


def load_migrations(machine: Machine, settings: Settings, apps: tuple[App, ...], action: str) -> None:
    """Every module of the `migrations` of every app; `action` is the command that loads them."""
    elsewhere = settings.value("MIGRATION_MODULES")
    found: dict[Node, Class] = {}
    missing: dict[Node, App] = {}
    for app in apps:
        label = _label(app)
        if isinstance(elsewhere, Table) and label in elsewhere.entries:
            continue
        with settings.texts.standing_at(machine, app.entry):
            here = dict(_load(machine, app))
        found |= {(label, name): made for name, made in here.items() if made is not None}
        missing |= {(label, name): app for name in _in_checkout(machine, app) if name not in here}
    _tell_missing(machine, settings, found, missing, action)


def _label(app: App) -> str:
    label = class_attribute(app.config, "label") if app.config is not None else None
    return text_of(label) or app.name.rpartition(".")[2]


def _load(machine: Machine, app: App) -> Iterator[tuple[str, Class | None]]:
    """The migrations that are there, by name; None for a module whose class cannot be told."""
    package = f"{app.name}.migrations"
    loaded = import_if_there(machine, package, NOT_MADE.format(app.name))
    if not isinstance(loaded, ModuleValue):
        return
    if not loaded.module.image_path:  # no `__init__.py`: Django passes over the package
        tell_lack(machine, package, NOT_MADE.format(app.name))
        return
    for folder in loaded.module.folders or ():
        for name, _ in modules_in(machine, folder):
            module = import_named(machine, f"{package}.{name}")
            made = module.module.namespace.get("Migration") if isinstance(module, ModuleValue) else None
            yield name, made if isinstance(made, Class) else None


def _in_checkout(machine: Machine, app: App) -> Iterator[str]:
    """The names of its migrations there."""
    owner = machine.importing.modules.get(app.name)
    for folder in owner.local_folders if owner is not None and owner.in_image else ():
        yield from checkout_modules(machine, f"{folder}/migrations")


def _tell_missing(
    machine: Machine, settings: Settings, found: dict[Node, Class], missing: dict[Node, App], action: str
) -> None:
    """One of each app is enough: one that others need, if there is one."""
    replaced = {node for one in found.values() for node in _nodes(one, "replaces")}
    wanted = {needed: node for node, one in found.items() for needed in _nodes(one, "dependencies")}
    told: set[str] = set()
    modules = machine.importing.modules
    for node, app in sorted(missing.items(), key=lambda item: item[0] not in wanted):
        if node[0] in told or node in replaced:
            continue
        told.add(node[0])
        name = f"{app.name}.migrations.{node[1]}"
        with settings.texts.standing_at(machine, app.entry):
            if node in wanted:
                effect = NEEDED.format(action, ".".join(wanted[node]))
                tell_lack(machine, name, effect, when=When.COMMAND)
            elif f"{app.name}.migrations" in modules and modules[f"{app.name}.migrations"].image_path:
                tell_lack(machine, name, NOT_MADE.format(app.name))


def _nodes(migration: Class, attribute: str) -> Iterable[Node]:
    listed = class_attribute(migration, attribute)
    for one in listed.elements if isinstance(listed, Items) else ():
        pair = [text_of(text) for text in one.elements] if isinstance(one, Items) else []
        if len(pair) == 2 and pair[0] and pair[1]:
            yield pair[0], pair[1]
