"""What a framework loads besides the modules that a start command names: Django's URLs, Celery's tasks, Flask's app."""

from __future__ import annotations

from collections.abc import Iterator

from parity.smoke.literals import import_of, literal
from parity.startup.entrypoint import CallFunction, ImportModule
from parity.startup.simulate import Startup

DJANGO_CHECK = 'from django.core.management import call_command; call_command("check")'
DJANGO_HANDLERS = ("django.core.wsgi", "django.core.asgi")


def framework_statements(startup: Startup) -> Iterator[str]:
    """The framework's own calls that load what it would load."""
    for step in startup.entrypoint.steps:
        match step:
            case CallFunction(function="celery.worker.load"):
                yield from _celery(startup, step)
            case CallFunction(function="flask.cli.locate_app"):
                named = literal(":".join(step.arguments))
                yield f"from flask.cli import ScriptInfo; ScriptInfo({named}).load_app()"
            case _:
                pass
    if any(edge.imported in DJANGO_HANDLERS for edge in startup.edges):
        # Django: the checks import the URL configuration, which the handler loads for the first request
        yield DJANGO_CHECK


def _celery(startup: Startup, load: CallFunction) -> Iterator[str]:
    """Celery: a worker finds its application by name, and imports the task modules that it is told."""
    first = next((step for step in startup.entrypoint.steps if isinstance(step, ImportModule)), None)
    if first is None:
        return
    named = f"{first.name}:{first.attribute}" if first.attribute else first.name
    yield (
        f"from celery.app.utils import find_app; find_app({literal(named)}).loader.import_default_modules()"
    )
    _, dash, included = _parted(load.arguments)
    for module in included if dash else ():
        yield import_of(module)


def _parted(arguments: tuple[str, ...]) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    """What stands before `-I`, whether it is there, and what stands behind it."""
    if "-I" not in arguments:
        return arguments, False, ()
    at = arguments.index("-I")
    return arguments[:at], True, arguments[at + 1 :]
