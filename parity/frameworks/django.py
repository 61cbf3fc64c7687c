"""What do `manage.py` and `django-admin` import? (read from and run against Django 5.2)

A management command reads the settings, then `django.setup()` imports each app of INSTALLED_APPS, its `apps`
module, its `models`; then the command's own module is looked for in the apps, and system checks, where the
command runs them, import the root URL configuration.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from msgspec import Struct

from parity.model.command import Command
from parity.programs.interpreter import invocation
from parity.programs.options import Arguments, options, read
from parity.programs.program import in_folder, name_of, script_folder, text_at, unique, words_of
from parity.starts import interpreter
from parity.starts.application import dotted, is_module
from parity.starts.names import ModuleNames, names_of
from parity.startup.entrypoint import Entrypoint, ImportModule, RunFile, Step
from parity.tree.base import FileTree

SETTINGS_VARIABLE = "DJANGO_SETTINGS_MODULE"
SET_DEFAULT = re.compile(
    rf"""setdefault\(\s*['"]{SETTINGS_VARIABLE}['"]\s*,\s*['"]([\w.]+)['"]|"""
    rf"""environ\[\s*['"]{SETTINGS_VARIABLE}['"]\s*\]\s*=\s*['"]([\w.]+)['"]"""
)
OPTIONS = options(
    "--settings --pythonpath", "--traceback --no-color --force-color --skip-checks --version --help -h"
)
WITHOUT_CHECKS = frozenset(
    [
        "collectstatic",
        "shell",
        "dbshell",
        "diffsettings",
        "makemessages",
        "compilemessages",
        "flush",
        "dumpdata",
        "loaddata",
        "sqlflush",
        "help",
        "version",
        "startapp",
        "startproject",
        "test",
    ]
)
"""Commands of Django that do not import the URL configuration before they work."""
DEEPEST = 5


class Settings(Struct, frozen=True):
    """Settings as far as they are written out; `apps`: INSTALLED_APPS, in order."""

    apps: tuple[str, ...] = ()
    middleware: tuple[str, ...] = ()
    urls: str = ""
    wsgi: str = ""


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    """`python manage.py x`, `./manage.py x`, `django-admin x`."""
    if name_of(command) in ("django-admin", "django-admin.py"):
        given = read(words_of(command), OPTIONS)
        module = given.value("--settings") or command.environment.get(SETTINGS_VARIABLE)
        # django-admin is a console script: the working directory is not on its search path
        path = unique(*_python_path(given, command), *script_folder(command, tree))
        if not (given.told("--settings", "--pythonpath") and given.operands and given.operands[0]):
            return None
        steps = _steps(module, given.operands[0], path, command, tree)
        return Entrypoint("django", command, path, steps, _environment(module))
    plain = interpreter.recognise(command, tree)
    run = plain.steps[0] if plain is not None and plain.steps else None
    text = text_at(tree, run.path) if isinstance(run, RunFile) else None
    called = invocation(plain.command) if plain is not None else None
    if plain is None or called is None or text is None or "execute_from_command_line" not in text:
        return None
    found = SET_DEFAULT.search(text)
    given = read(called.rest, OPTIONS)
    if found is None or not given.told("--settings", "--pythonpath"):
        return None
    own = found[1] and plain.command.environment.get(SETTINGS_VARIABLE)
    module = given.value("--settings") or own or found[1] or found[2]
    path = unique(*_python_path(given, command), *plain.search_path)
    # the file itself calls Django, which imports the rest: parity.frameworks.django_calls
    steps = (*plain.steps, *((ImportModule(module),) if module and is_module(module) else ()))
    return Entrypoint("django", plain.command, path, steps, (*plain.environment, *_environment(module)))


def _environment(module: str | None) -> tuple[tuple[str, str], ...]:
    return ((SETTINGS_VARIABLE, module),) if module else ()


def _python_path(given: Arguments, command: Command) -> tuple[str, ...]:
    folder = given.value("--pythonpath")
    return (in_folder(command, folder),) if folder else ()


def _steps(
    module: str | None, action: str, path: tuple[str, ...], command: Command, tree: FileTree
) -> tuple[Step, ...]:
    if not module or not is_module(module):
        return ()
    written = tuple(in_folder(command, e) for e in command.environment.get("PYTHONPATH", "").split(":") if e)
    folders = unique(*path, *written)
    settings = settings_of(module, folders, tree)
    steps: list[ImportModule] = [ImportModule(module), *setup_imports(settings)]
    for app in settings.apps:
        name = f"{app_package(app)}.management.commands.{action}"
        if is_module(name) and names_of(name, folders, tree) is not None:
            steps.append(ImportModule(name))
    if action == "runserver":
        steps += handler_imports(settings)
    if action and action not in WITHOUT_CHECKS and settings.urls:
        steps.append(ImportModule(settings.urls))
    return tuple(dict.fromkeys(steps))


def setup_imports(settings: Settings) -> tuple[ImportModule, ...]:
    """What `django.setup()` imports: first all apps with their `apps` modules, then all `models`.

    Django: AppConfig.create, Apps.populate. An entry that ends in a class (`x.apps.XConfig`) names the class.
    """
    apps: list[ImportModule] = []
    models: list[ImportModule] = []
    for app in settings.apps:
        config = dotted(app)
        package = app_package(app)
        if config is not None and package != app:
            apps.append(config.step())
        elif is_module(app):
            apps += [ImportModule(app), ImportModule(f"{app}.apps", optional=True)]
        else:
            continue
        models.append(ImportModule(f"{package}.models", optional=True))
    return tuple(dict.fromkeys((*apps, *models)))


def handler_imports(settings: Settings) -> tuple[ImportModule, ...]:
    """What a WSGI or ASGI handler imports when it is made: the application's module and the middleware."""
    found = [dotted(name) for name in (settings.wsgi, *settings.middleware)]
    return tuple(one.step() for one in found if one is not None)


def app_package(entry: str) -> str:
    """The package of an entry of INSTALLED_APPS: `shop.apps.ShopConfig` -> `shop`.

    The class's `name` says so; by convention it is the package that holds the `apps` module.
    """
    parts = entry.split(".")
    if len(parts) > 1 and parts[-1][:1].isupper():
        parts = parts[:-1]
        return ".".join(parts[:-1]) if len(parts) > 1 and parts[-1] == "apps" else ".".join(parts)
    return entry


def settings_of(module: str, folders: tuple[str, ...], tree: FileTree) -> Settings:
    """The settings that a module writes out, with those that it takes from others by `import *`."""
    values: dict[str, tuple[str, ...]] = {}
    _collect(names_of(module, folders, tree), module, folders, tree, values, 0)

    def text(name: str) -> str:
        return values[name][0] if len(values.get(name, ())) == 1 else ""

    return Settings(
        values.get("INSTALLED_APPS", ()),
        values.get("MIDDLEWARE", ()),
        text("ROOT_URLCONF"),
        text("WSGI_APPLICATION"),
    )


def _collect(
    names: ModuleNames | None,
    module: str,
    folders: tuple[str, ...],
    tree: FileTree,
    values: dict[str, tuple[str, ...]],
    depth: int,
) -> None:
    if names is None or depth > DEEPEST:
        return
    for statement in names.tree.body:
        match statement:
            case ast.ImportFrom(names=[ast.alias(name="*")]):
                other = _absolute(statement, module, package=names.package)
                if other and is_module(other):
                    _collect(names_of(other, folders, tree), other, folders, tree, values, depth + 1)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                values[name] = _texts(value, values)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                values[name] = _texts(value, values)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value):
                values[name] = (*values.get(name, ()), *_texts(value, values))
            case _:
                pass


def _absolute(statement: ast.ImportFrom, module: str, *, package: bool) -> str:
    if not statement.level:
        return statement.module or ""
    parts = module.split(".")
    drop = statement.level - (1 if package else 0)
    base = parts[: len(parts) - drop] if drop else parts
    return ".".join((*base, *([statement.module] if statement.module else ())))


def _texts(node: ast.expr, values: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The texts of a literal, of a list, of lists that are added. What is not written out is left away."""
    found: list[str] = []
    todo: list[ast.expr] = [node]
    while todo:
        one = todo.pop()
        match one:
            case ast.Constant(value=str() as text):
                found.append(text)
            case ast.List() | ast.Tuple():
                todo += reversed(one.elts)
            case ast.BinOp(op=ast.Add()):
                todo += [one.right, one.left]
            case ast.Starred():
                todo.append(one.value)
            case ast.Name():
                found += values.get(one.id, ())
            case _:
                pass
    return tuple(found)


def settings_imports(
    settings: Settings, *, handler: bool = False, urls: bool = False
) -> tuple[ImportModule, ...]:
    """All that a process imports by its settings. `handler`: a server's; `urls`: where they are checked."""
    more: Iterable[ImportModule] = handler_imports(settings) if handler else ()
    last = (ImportModule(settings.urls),) if urls and is_module(settings.urls) else ()
    return tuple(dict.fromkeys((*setup_imports(settings), *more, *last)))
