"""`python manage.py x` and `django-admin x`: both call Django's own function, which `django_calls` replays."""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.interpreter import invocation
from parity.programs.program import name_of, script_folder, text_at
from parity.starts import interpreter
from parity.startup.entrypoint import CallFunction, Entrypoint, RunFile
from parity.tree.base import FileTree

PROGRAMS = ("django-admin", "django-admin.py")
BY_MODULE = {"django": "django-admin"}

MANAGE = "django.core.management.execute_from_command_line"


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    """`python manage.py x`, `./manage.py x`, `django-admin x`."""
    if name_of(command) in ("django-admin", "django-admin.py"):
        # django-admin is a console script: the working directory is not on its search path
        settings = command.environment.get("DJANGO_SETTINGS_MODULE", "")
        step = CallFunction(MANAGE, module=settings)
        return Entrypoint("django", command, script_folder(command, tree), (step,))
    plain = interpreter.recognise(command, tree)
    run = plain.steps[0] if plain is not None and plain.steps else None
    text = text_at(tree, run.path) if isinstance(run, RunFile) else None
    called = invocation(plain.command) if plain is not None else None
    if plain is None or called is None or text is None or "execute_from_command_line" not in text:
        return None
    return Entrypoint("django", plain.command, plain.search_path, plain.steps, plain.environment)
