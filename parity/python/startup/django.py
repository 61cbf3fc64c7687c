"""What Django imports by the settings that the start-up has computed. (read from Django 5.2)

`django.setup()` imports each app, its `apps` module, and then each app's `models`; a WSGI or ASGI application also
loads its middleware.
"""

from __future__ import annotations

from parity.python.entrypoints.django import SETTINGS_VARIABLE, Settings, handler_imports, setup_imports
from parity.python.startup.known_values import Known
from parity.python.startup.machine import Machine
from parity.python.startup.namespace import Namespace
from parity.python.startup.values import ANYTHING, Arguments, Items, ModuleValue, Value, text_of


def _setup(machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    _import_all(machine, handler=False)
    return ANYTHING


def _application(machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    _import_all(machine, handler=True)
    return ANYTHING


DJANGO: dict[str, Known] = {
    "django.setup": _setup,
    "django.core.wsgi.get_wsgi_application": _application,
    "django.core.asgi.get_asgi_application": _application,
}


def _import_all(machine: Machine, *, handler: bool) -> None:
    name = machine.environment.get(SETTINGS_VARIABLE)
    loaded = machine.importing.import_module(name) if name else None
    if not isinstance(loaded, ModuleValue):
        return
    names = loaded.module.namespace
    settings = Settings(_texts(names, "INSTALLED_APPS"), _texts(names, "MIDDLEWARE") if handler else ())
    for step in (*setup_imports(settings), *handler_imports(settings)):
        if not step.optional or machine.importing.has_module(step.name):
            machine.importing.import_module(step.name)


def _texts(names: Namespace, name: str) -> tuple[str, ...]:
    """The texts of a list; what of it cannot be told is left away."""
    value = names.get(name)
    if not isinstance(value, Items):
        return ()
    return tuple(text for element in value.elements if (text := text_of(element)) is not None)
