"""What does `django.setup()` import? (read from Django 5.2: `django.setup`, `Apps.populate`, `AppConfig.create`)

The logging configuration, then each app of INSTALLED_APPS with its `apps` module, then each app's `models`, then
`ready()` of each: that of the admin imports each app's `admin`.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from parity.frameworks.django_settings import Settings, settings_of
from parity.frameworks.logging_config import classes_of
from parity.frameworks.named import entry, has_module, import_if_there, import_named, load_object
from parity.model.location import Unknown
from parity.startup.language.attributes import bound
from parity.startup.state.classes import class_attribute, order
from parity.startup.state.machine import Machine
from parity.startup.state.questions import leave_open
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Class,
    Constant,
    External,
    Function,
    Instance,
    ModuleValue,
    Table,
    text_of,
    truth,
)
from parity.verdict.question import Kind

CONFIGS = frozenset({"django.apps.AppConfig", "django.apps.config.AppConfig"})
ADMIN = frozenset({"django.contrib.admin", "django.contrib.admin.apps.AdminConfig"})
WITHOUT_MODELS = "Django starts without the models of {}"
WITHOUT_ADMIN = "the admin lacks what {} registers"
WITHOUT_CONFIG = "Django starts without the configuration of {}"


class App(Struct, frozen=True):
    """One entry of INSTALLED_APPS: the package's name, and its AppConfig where that is the project's own."""

    entry: str
    name: str
    config: Class | None = None


def setup(machine: Machine) -> tuple[Settings | None, tuple[App, ...]]:
    """`django.setup()`; what the settings say, and the apps."""
    settings = settings_of(machine)
    if settings is None:
        return None, ()
    if settings.value("INSTALLED_APPS") == ANYTHING:
        # What is imported first decides what a cycle comes to: nothing can be said of what follows.
        why = Unknown("which apps INSTALLED_APPS lists is not known", machine.place())
        leave_open(machine, Kind.MODULE, "the apps of Django", "", why)
        return None, ()
    _configure_logging(machine, settings)
    made = []
    for text in dict.fromkeys(settings.listed("INSTALLED_APPS")):
        with settings.texts.standing_at(machine, text):
            made.append(_create(machine, text))
    apps = tuple(made)
    for app in apps:
        with settings.texts.standing_at(machine, app.entry):
            import_if_there(machine, f"{app.name}.models", WITHOUT_MODELS.format(app.name))
    _load_databases(machine, settings)
    for app in apps:
        with settings.texts.standing_at(machine, app.entry):
            _make_ready(machine, app, apps)
    return settings, apps


def _create(machine: Machine, text: str) -> App:
    """Django: AppConfig.create: the entry is a package or, where its import fails, a class by its dotted name."""
    last = text.rpartition(".")[2]
    if last[:1].isupper() and not has_module(machine, text):
        config = load_object(machine, text)
        if not isinstance(config, Class):
            return App(text, _conventional(text))
        name = text_of(class_attribute(config, "name"))
        if name:
            import_named(machine, name)
        return App(text, name or _conventional(text), config)
    loaded = import_named(machine, text)
    if not isinstance(loaded, ModuleValue):
        return App(text, text)
    apps = import_if_there(machine, f"{text}.apps", WITHOUT_CONFIG.format(text))
    found = _only_config(apps) if isinstance(apps, ModuleValue) else None
    name = text_of(class_attribute(found, "name")) if found is not None else None
    return App(text, name or text, found)


def _conventional(text: str) -> str:
    """`shop.apps.ShopConfig` -> `shop`, where the class does not say so."""
    return text.rpartition(".")[0].removesuffix(".apps")


def _only_config(apps: ModuleValue) -> Class | None:
    """Django: the one AppConfig of the module, or the one that says `default = True`."""
    found = [
        value
        for value in apps.module.namespace.values.values()
        if isinstance(value, Class) and CONFIGS & {one.name for one in _outer(value)}
    ]
    wanted = [one for one in found if _default(one) is not False]
    if len(wanted) == 1:
        return wanted[0]
    return next((one for one in found if _default(one) is True), None)


def _default(config: Class) -> bool | None:
    value = class_attribute(config, "default")
    return truth(value) if value is not None else None


def _outer(config: Class) -> Iterator[External]:
    return (one for one in order(config) if isinstance(one, External))


def _make_ready(machine: Machine, app: App, apps: tuple[App, ...]) -> None:
    """Django: AppConfig.ready; the admin's is `autodiscover`."""
    bases = {one.name for one in _outer(app.config)} if app.config is not None else set()
    ready = class_attribute(app.config, "ready") if app.config is not None else None
    if ADMIN & {app.entry, *bases}:
        autodiscover(machine, apps, "admin", WITHOUT_ADMIN)
    if app.config is not None and isinstance(ready, Function):
        made = Instance(app.config, {"name": Constant(app.name)})
        machine.interpreting.call(bound(ready, made), Arguments())


def autodiscover(machine: Machine, apps: tuple[App, ...], name: str, effect: str) -> None:
    """Django: `autodiscover_modules`: the module of that name of each app that has one."""
    for app in apps:
        if app.name in machine.importing.modules:
            import_if_there(machine, f"{app.name}.{name}", effect.format(app.name))


def _configure_logging(machine: Machine, settings: Settings) -> None:
    """Django: `configure_logging`; CPython: `logging.config.DictConfigurator` imports the classes that are named."""
    function = settings.text("LOGGING_CONFIG")
    if function and not function.startswith("logging."):
        with settings.texts.standing_at(machine, function):
            load_object(machine, function)
    for name in classes_of(settings.value("LOGGING")):
        with settings.texts.standing_at(machine, name):
            load_object(machine, name)


def _load_databases(machine: Machine, settings: Settings) -> None:
    """Django: a model's options ask the database's back end, whose module is `ENGINE` + `.base`."""
    databases = settings.value("DATABASES")
    for one in databases.entries.values() if isinstance(databases, Table) else ():
        engine = text_of(entry(one, "ENGINE"))
        if engine and not engine.startswith("django."):
            with settings.texts.standing_at(machine, engine):
                import_named(machine, f"{engine}.base")
