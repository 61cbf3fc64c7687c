"""Which modules does a Celery worker import for its tasks? (read from and run against celery 5.7)

`loader.import_default_modules`: those of `-I`, `include=` and the configuration's `imports`, with the working directory
on the search path; then `autodiscover_tasks`, without it: `import_from_cwd` takes it off again. With
DJANGO_SETTINGS_MODULE set, the fixup puts it back, and sets Django up.
"""

from __future__ import annotations

from parity.frameworks.django_apps import setup
from parity.frameworks.django_request import load_urls
from parity.frameworks.django_settings import VARIABLE
from parity.frameworks.named import Texts, import_if_there, import_named, texts_in
from parity.model.occasion import When
from parity.startup.library.files import absolute
from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    Items,
    ModuleValue,
    Table,
    Value,
    text_of,
)

CELERY = ("celery.Celery", "celery.app.base.Celery")
MADE = "celery.Celery()"
INCLUDE, CONFIGURATION, PACKAGES = "include", "configuration", "packages"
WITHOUT_TASKS = "every task of {} fails"


def _make(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`Celery("shop", include=[...], config_source="celeryconfig")`; what is known of it is kept beside it."""
    included = [arguments.keywords.get(name) for name in ("include", "imports")]
    source = arguments.keywords.get("config_source")
    state: dict[str | bytes | int | float | bool | None, Value] = {
        INCLUDE: Items("list", [Constant(text) for value in included for text in texts_in(value)]),
        CONFIGURATION: Items("list", [source] if source is not None else []),
        PACKAGES: Items("list", []),
    }
    return External(MADE, Table(state))


def _kept(bound: Value | None, key: str) -> list[Value]:
    found = bound.entries.get(key) if isinstance(bound, Table) else None
    return found.elements if isinstance(found, Items) else []


def _configure(_machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    """`app.config_from_object("celeryconfig")`: read when the worker first asks for its configuration."""
    _kept(bound, CONFIGURATION).append(arguments.get(0, "obj") or ANYTHING)
    return ANYTHING


def _update(_machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    """`app.conf.update(imports=[...])`."""
    for name in ("include", "imports"):
        _kept(bound, INCLUDE).extend(Constant(text) for text in texts_in(arguments.keywords.get(name)))
    return ANYTHING


def _autodiscover(_machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    packages = arguments.get(0, "packages") or Constant(None)
    related = arguments.get(1, "related_name") or Constant("tasks")
    _kept(bound, PACKAGES).append(Items("tuple", [packages, related]))
    return ANYTHING


def _work(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """A worker has found its application. The arguments: its modules, "-I", the modules to import besides."""
    words = [text_of(one) or "" for one in arguments.positional]
    at = words.index("-I")
    loaded = [machine.importing.modules[name] for name in words[:at] if name in machine.importing.modules]
    made = next(
        (
            value
            for module in reversed(loaded)
            for value in module.namespace.values.values()
            if isinstance(value, External) and value.name == MADE
        ),
        External(MADE),
    )
    texts = Texts()
    for module in (*reversed(loaded), *machine.importing.modules.values()):
        texts.add(module)
    state = made.bound_to
    included = [*words[at + 1 :], *(text_of(one) or "" for one in _kept(state, INCLUDE))]
    for source in _kept(state, CONFIGURATION):
        included += _configured(machine, source, texts)
    for name in filter(None, included):
        with texts.standing_at(machine, name):
            import_named(machine, name)
    apps: tuple[str, ...] = ()
    if machine.environment.get(VARIABLE):
        settings, found = setup(machine)
        apps = tuple(app.name for app in found)
        texts = settings.texts if settings is not None else texts
        if settings is not None and not machine.environment.get("CELERY_SKIP_CHECKS"):
            load_urls(machine, settings)  # celery.fixups.django: `run_checks`
    else:
        _leave_working_directory(machine)
    for value in _kept(state, PACKAGES):
        if isinstance(value, Items):
            _discover(machine, value.elements[0], value.elements[1], texts, apps)
    return ANYTHING


def _configured(machine: Machine, source: Value, texts: Texts) -> list[str]:
    """The modules that a configuration lists."""
    text = text_of(source)
    if text is not None and not text.startswith("django.conf"):
        with texts.standing_at(machine, text):
            source = import_named(machine, text.partition(":")[0])
    if not isinstance(source, ModuleValue):
        return []
    texts.add(source.module)
    names = source.module.namespace
    keys = ("imports", "include", "CELERY_IMPORTS", "CELERY_INCLUDE")
    return [text for key in keys for text in texts_in(names.get(key))]


def _leave_working_directory(machine: Machine) -> None:
    """Celery: `cwd_in_path` takes the folder off the path that it has put there; `python -m celery` had it before."""
    program = (machine.arguments[0] if machine.arguments else None) or ""
    entries = machine.environment.get("PYTHONPATH", "").split(":")
    own = machine.working_directory in {absolute(machine, one) for one in entries if one}
    if program.rpartition("/")[2] == "celery" and not own:
        machine.importing.finder.remove(machine.working_directory)


def _discover(machine: Machine, packages: Value, related: Value, texts: Texts, apps: tuple[str, ...]) -> None:
    """Celery: `find_related_module`: the package must be there, its module may be missing."""
    name = text_of(related)
    names = texts_in(packages) or (apps if packages == Constant(None) else ())
    for package in names:
        with texts.standing_at(machine, package):
            loaded = import_named(machine, package)
            if name is not None and isinstance(loaded, ModuleValue):
                import_if_there(machine, f"{package}.{name}", WITHOUT_TASKS.format(package), when=When.TASK)


CALLS: dict[str, Known] = {
    **dict.fromkeys(CELERY, _make),
    f"{MADE}.config_from_object": _configure,
    f"{MADE}.conf.update": _update,
    f"{MADE}.autodiscover_tasks": _autodiscover,
    "celery.worker.load": _work,
}
