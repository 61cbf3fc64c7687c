"""What does Django import for its first request, that it has not imported before? (read from Django 5.2)"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from parity.frameworks.django_apps import App
from parity.frameworks.django_settings import Settings
from parity.frameworks.named import (
    entry,
    import_all,
    import_named,
    lacking,
    load_object,
    tell_lack,
    texts_in,
)
from parity.model.occasion import EVERY_REQUEST, Occasion, When
from parity.startup.state.machine import Machine
from parity.startup.state.values import Arguments, Class, Function, Items, ModuleValue, Table, Value, text_of

RENDERED = Occasion(When.REQUEST, "every request that renders a template fails")
LOGGED_IN = Occasion(When.REQUEST, "every request of somebody who is logged in fails")
CACHED = Occasion(When.REQUEST, "every request that uses the cache fails")
STORED = Occasion(When.REQUEST, "every request that uses a stored file fails")
QUERIED = Occasion(When.REQUEST, "every request that asks the database fails")
LAYERED = Occasion(When.REQUEST, "every request that uses the channel layer fails")
TAGGED = Occasion(When.LATER)
NOT_LOADED = "templates that load {} fail"
NOT_FOUND = Occasion(When.LATER, "a request that ends in this error fails")
MAILED = Occasion(When.LATER, "sending mail fails")
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
MESSAGES = "django.contrib.messages.middleware.MessageMiddleware"
ERROR_VIEWS = ("handler400", "handler403", "handler404", "handler500")
POLICIES = (
    *(f"DEFAULT_{one}_CLASSES" for one in ("RENDERER", "PARSER", "AUTHENTICATION", "THROTTLE", "PERMISSION")),
    *(f"DEFAULT_{one}_CLASS" for one in ("CONTENT_NEGOTIATION", "METADATA", "VERSIONING", "PAGINATION")),
    "DEFAULT_FILTER_BACKENDS",
)
"""The settings of REST framework that its views take when they are imported."""
WITHOUT_TAGS = "the templates lack the tags of {}"


def load_handler(machine: Machine, settings: Settings) -> None:
    """Django: `BaseHandler.load_middleware` imports and makes each, last first; SessionMiddleware loads its engine."""
    middleware = settings.listed("MIDDLEWARE")
    for text in reversed(middleware):
        with settings.texts.standing_at(machine, text):
            made = load_object(machine, text)
            if isinstance(made, Function | Class):
                machine.interpreting.call(made, Arguments(complete=False))
    engine = settings.text("SESSION_ENGINE")
    if SESSIONS in middleware and engine:
        with settings.texts.standing_at(machine, engine):
            import_named(machine, engine)


def await_request(machine: Machine, settings: Settings, apps: tuple[App, ...]) -> None:
    """The process serves requests from now on."""
    await_ = machine.await_occasion
    await_(EVERY_REQUEST, partial(_resolve, machine, settings))
    await_(EVERY_REQUEST, partial(_load_all, machine, settings, _for_every_request))
    await_(RENDERED, partial(_render, machine, settings, apps))
    await_(LOGGED_IN, partial(_load_all, machine, settings, lambda s: s.listed("AUTHENTICATION_BACKENDS")))
    await_(CACHED, partial(_load_all, machine, settings, lambda s: _backends(s, "CACHES")))
    await_(STORED, partial(_load_all, machine, settings, _storages))
    await_(QUERIED, partial(_load_all, machine, settings, lambda s: s.listed("DATABASE_ROUTERS")))
    await_(LAYERED, partial(_load_all, machine, settings, lambda s: _backends(s, "CHANNEL_LAYERS")))
    await_(NOT_FOUND, partial(_load_all, machine, settings, _error_handlers))
    await_(MAILED, partial(_load_all, machine, settings, lambda s: s.listed("EMAIL_BACKEND")))


def load_urls(machine: Machine, settings: Settings) -> Value | None:
    """Django: `URLResolver.urlconf_module`."""
    name = settings.text("ROOT_URLCONF")
    if not name:
        return None
    with settings.texts.standing_at(machine, name):
        return import_named(machine, name)


def _resolve(machine: Machine, settings: Settings) -> None:
    loaded = load_urls(machine, settings)
    if not isinstance(loaded, ModuleValue):
        return
    names = loaded.module.namespace
    with machine.during(NOT_FOUND):
        for text in filter(None, (text_of(names.get(name)) for name in ERROR_VIEWS)):
            load_object(machine, text)


def _load_all(machine: Machine, settings: Settings, named: Callable[[Settings], tuple[str, ...]]) -> None:
    for text in named(settings):
        with settings.texts.standing_at(machine, text):
            load_object(machine, text)


def _for_every_request(settings: Settings) -> tuple[str, ...]:
    """Django: MessageMiddleware; REST framework: `APIView` takes its policies from the settings when it is imported."""
    storage = settings.listed("MESSAGE_STORAGE") if MESSAGES in settings.listed("MIDDLEWARE") else ()
    rest = settings.value("REST_FRAMEWORK")
    policies = [text for key in POLICIES for text in texts_in(entry(rest, key)) if "." in text]
    return (*storage, *policies)


def _error_handlers(settings: Settings) -> tuple[str, ...]:
    """REST framework: asked for when a view has raised something."""
    return texts_in(entry(settings.value("REST_FRAMEWORK"), "EXCEPTION_HANDLER"))


def _backends(settings: Settings, name: str) -> tuple[str, ...]:
    table = settings.value(name)
    found = (text_of(entry(one, "BACKEND")) for one in _values(table))
    return tuple(text for text in found if text and "." in text)


def _storages(settings: Settings) -> tuple[str, ...]:
    return (
        *_backends(settings, "STORAGES"),
        *settings.listed("DEFAULT_FILE_STORAGE"),
        *settings.listed("STATICFILES_STORAGE"),
    )


def _render(machine: Machine, settings: Settings, apps: tuple[App, ...]) -> None:
    """Django: `Engine`, `DjangoTemplates`: context processors, tag libraries, and the `templatetags` of the apps."""
    templates = settings.value("TEMPLATES")
    engines = templates.elements if isinstance(templates, Items) else []
    for engine in engines:
        for text in texts_in(entry(engine, "OPTIONS", "context_processors")):
            with settings.texts.standing_at(machine, text):
                load_object(machine, text)
        libraries = (
            *(text_of(one) for one in _values(entry(engine, "OPTIONS", "libraries"))),
            *texts_in(entry(engine, "OPTIONS", "builtins")),
        )
        for text in filter(None, libraries):
            with settings.texts.standing_at(machine, text):
                import_named(machine, text)
    for app in apps if engines else ():
        with settings.texts.standing_at(machine, app.entry):
            import_all(machine, f"{app.name}.templatetags", WITHOUT_TAGS.format(app.name))
            for name in sorted(lacking(machine, f"{app.name}.templatetags")):
                with machine.during(TAGGED):
                    tell_lack(machine, f"{app.name}.templatetags.{name}", NOT_LOADED.format(name))


def _values(table: Value | None) -> Iterator[Value]:
    yield from table.entries.values() if isinstance(table, Table) else ()
