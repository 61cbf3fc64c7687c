"""What the calls of Django's own functions import. (read from and run against Django 5.2)

`get_wsgi_application()` and `get_asgi_application()` set Django up, load the middleware, and wait for requests; a
management command imports its own module, and the URL configuration where it runs the system checks; `include()`
imports the one that it names.
"""

from __future__ import annotations

from parity.frameworks.django_apps import App, setup
from parity.frameworks.django_migrations import load_migrations
from parity.frameworks.django_request import await_request, load_handler, load_urls
from parity.frameworks.django_settings import VARIABLE, Settings
from parity.frameworks.named import has_module, import_named, load_object
from parity.programs.options import options, read
from parity.startup.library import files
from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, Class, Items, ModuleValue, Value, text_of, truth

OPTIONS = options(
    "--settings --pythonpath", "--traceback --no-color --force-color --skip-checks --version --help -h"
)
WITHOUT_CHECKS = frozenset(
    """
    collectstatic shell dbshell diffsettings makemessages compilemessages flush dumpdata loaddata sqlflush help version
    startapp startproject test
    """.split()
)
"""Commands of Django that do not import the URL configuration before they work."""
WITH_MIGRATIONS = frozenset(
    "migrate makemigrations showmigrations sqlmigrate squashmigrations runserver".split()
)
"""They load the migrations of every app (`MigrationLoader.load_disk`)."""

SERVE_ASGI = frozenset(("daphne", "channels"))
"""Apps with a `runserver` of their own, which serves ASGI_APPLICATION (daphne 4; channels before 4)."""


def _setup(machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    setup(machine)
    return ANYTHING


def _application(machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    settings, apps = setup(machine)
    if settings is not None:
        load_handler(machine, settings)
        await_request(machine, settings, apps)
    return ANYTHING


def _manage(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`execute_from_command_line(sys.argv)`. Django: ManagementUtility.execute, BaseCommand.execute."""
    words = machine.arguments
    argv = arguments.get(0, "argv")
    if isinstance(argv, Items) and argv.complete:
        words = tuple(text_of(one) for one in argv.elements)
    given = read(words[1:], OPTIONS)
    if given.value("--settings"):
        machine.environment[VARIABLE] = given.value("--settings") or ""
    if given.value("--pythonpath"):
        machine.importing.finder.add(files.absolute(machine, given.value("--pythonpath") or ""), 0)
    action = given.operands[0] if given.operands else "help"
    settings, apps = setup(machine)
    if settings is not None and action is not None:
        _run_command(machine, settings, apps, action, skip_checks=given.has("--skip-checks"))
    return ANYTHING


def _run_command(
    machine: Machine, settings: Settings, apps: tuple[App, ...], action: str, *, skip_checks: bool
) -> None:
    checks = action not in WITHOUT_CHECKS and not skip_checks
    for app in apps:
        name = f"{app.name}.management.commands.{action}"
        if has_module(machine, name):
            checks = checks and _checks(import_named(machine, name))
    if action == "runserver":
        asgi = any(app.name in SERVE_ASGI for app in apps)
        application = settings.text("ASGI_APPLICATION" if asgi else "WSGI_APPLICATION")
        if application:
            with settings.texts.standing_at(machine, application):
                load_object(machine, application)
        load_handler(machine, settings)
        await_request(machine, settings, apps)
    if checks:
        load_urls(machine, settings)
    if action in WITH_MIGRATIONS:
        load_migrations(machine, settings, apps, action)


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
        import_named(machine, name)
    return ANYTHING


def _url(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """A view may be named by a text (Django before 1.10)."""
    view = text_of(arguments.get(1, "view"))
    if view is not None and "." in view:
        load_object(machine, view)
    return ANYTHING


CALLS: dict[str, Known] = {
    "django.urls.include": _include,
    "django.urls.conf.include": _include,
    "django.conf.urls.include": _include,
    "django.conf.urls.url": _url,
    "django.urls.path": _url,
    "django.urls.re_path": _url,
    "django.setup": _setup,
    "django.core.management.execute_from_command_line": _manage,
    "django.core.wsgi.get_wsgi_application": _application,
    "django.core.asgi.get_asgi_application": _application,
}
