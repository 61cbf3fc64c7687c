"""What Django imports by the settings that the start-up has computed. (read from Django 5.2)

`django.setup()` imports each app, its `apps` module, and then each app's `models`; a WSGI or ASGI application also
loads its middleware; a management command imports its own module, and the URL configuration where it runs the system
checks; `include()` imports the one that it names.
"""

from __future__ import annotations

from collections.abc import Iterable

from parity.frameworks.django import (
    OPTIONS,
    SETTINGS_VARIABLE,
    WITHOUT_CHECKS,
    Settings,
    app_package,
    handler_imports,
    setup_imports,
)
from parity.programs.options import read
from parity.startup import files
from parity.startup.entrypoint import ImportModule
from parity.startup.failures import Raised
from parity.startup.known_values import Known
from parity.startup.machine import Machine
from parity.startup.namespace import Namespace
from parity.startup.values import (
    ANYTHING,
    Arguments,
    Class,
    Items,
    ModuleValue,
    Value,
    text_of,
    truth,
)


def _setup(machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    settings = _settings(machine)
    _import(machine, setup_imports(settings))
    return ANYTHING


def _application(machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    settings = _settings(machine)
    _import(machine, (*setup_imports(settings), *handler_imports(Settings(middleware=settings.middleware))))
    return ANYTHING


def _manage(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`execute_from_command_line(sys.argv)`. Django: ManagementUtility.execute, BaseCommand.execute."""
    words = machine.arguments
    argv = arguments.get(0, "argv")
    if isinstance(argv, Items) and argv.complete:
        words = tuple(text_of(one) for one in argv.elements)
    given = read(words[1:], OPTIONS)
    if given.value("--settings"):
        machine.environment[SETTINGS_VARIABLE] = given.value("--settings") or ""
    if given.value("--pythonpath"):
        machine.importing.add_to_path(files.absolute(machine, given.value("--pythonpath") or ""), 0)
    action = given.operands[0] if given.operands else "help"
    settings = _settings(machine)
    _import(machine, setup_imports(settings))
    checks = action is not None and action not in WITHOUT_CHECKS and not given.has("--skip-checks")
    for app in settings.apps if action else ():
        name = f"{app_package(app)}.management.commands.{action}"
        if _has_command(machine, name):
            checks = checks and _checks(machine.importing.import_module(name))
    if action == "runserver":
        _import(machine, handler_imports(settings))
    if checks and settings.urls:
        machine.importing.import_module(settings.urls)
    return ANYTHING


def _has_command(machine: Machine, name: str) -> bool:
    """Most apps have no `management`."""
    try:
        with machine.guarded(lambda raised: "ImportError" in raised.bases) as guard:
            return machine.importing.has_module(name)
    except Raised as raised:
        if raised.guard is not guard:
            raise
        return False


def _checks(command: Value) -> bool:
    """Does the command run the system checks? It says so by `requires_system_checks`."""
    found = command.module.namespace.get("Command") if isinstance(command, ModuleValue) else None
    wanted = found.namespace.get("requires_system_checks") if isinstance(found, Class) else None
    return wanted is None or truth(wanted) is not False


def _include(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`include("shop.urls")`, `include(("shop.urls", "shop"))`."""
    given = arguments.get(0, "arg")
    name = text_of(given.elements[0] if isinstance(given, Items) and given.elements else given)
    if name is not None:
        machine.importing.import_module(name)
    return ANYTHING


CALLS: dict[str, Known] = {
    "django.urls.include": _include,
    "django.urls.conf.include": _include,
    "django.conf.urls.include": _include,
    "django.setup": _setup,
    "django.core.management.execute_from_command_line": _manage,
    "django.core.wsgi.get_wsgi_application": _application,
    "django.core.asgi.get_asgi_application": _application,
}


def _import(machine: Machine, steps: Iterable[ImportModule]) -> None:
    for step in steps:
        if not step.optional or machine.importing.has_module(step.name):
            machine.importing.import_module(step.name)


def _settings(machine: Machine) -> Settings:
    """What the module that the variable names has computed; what of it cannot be told is left away."""
    name = machine.environment.get(SETTINGS_VARIABLE)
    loaded = machine.importing.import_module(name) if name else None
    if not isinstance(loaded, ModuleValue):
        return Settings()
    names = loaded.module.namespace
    urls, wsgi = text_of(names.get("ROOT_URLCONF")) or "", text_of(names.get("WSGI_APPLICATION")) or ""
    return Settings(_texts(names, "INSTALLED_APPS"), _texts(names, "MIDDLEWARE"), urls, wsgi)


def _texts(names: Namespace, name: str) -> tuple[str, ...]:
    """The texts of a list; what of it cannot be told is left away."""
    value = names.get(name)
    if not isinstance(value, Items):
        return ()
    return tuple(text for element in value.elements if (text := text_of(element)) is not None)
