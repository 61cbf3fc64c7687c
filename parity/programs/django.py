"""What do Django's management commands write: `manage.py collectstatic`, `django-admin migrate`, ...?

Static files, compiled messages, a database: never a module. (Django 5.2, and `compress` of django-compressor)
"""

from __future__ import annotations

from msgspec.structs import replace

from parity.model.location import May
from parity.programs.arguments import CommandFunction, named, no_packages, whole
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Status
from parity.tree.base import Absent, parent_of
from parity.tree.writable import WritableTree

NO_MODULES = frozenset(
    (
        "changepassword check clearsessions collectstatic compilemessages compress createcachetable "
        "createsuperuser diffsettings flush help loaddata makemessages migrate remove_stale_contenttypes "
        "sendtestemail showmigrations sqlflush sqlmigrate version"
    ).split()
)
"""`makemigrations`, `startapp` and `inspectdb` are for modules; what others do is not known."""


def manage(call: Call, files: WritableTree) -> Status | Unreadable:
    """`manage.py command`, the file that the project was made with."""
    path = whole(call, call.argv[0] or "")
    if path is None or "/" not in (call.argv[0] or ""):
        return UNREADABLE
    there = named(files, path, last=True)
    if isinstance(there.answer, Absent):
        return Status.FAILURE
    content = files.read(there.path)
    if not isinstance(content, bytes) or b"django.core.management" not in content:
        return UNREADABLE
    return _command(call, files, parent_of(there.path))


def django_admin(call: Call, files: WritableTree) -> Status | Unreadable:
    """Also `python -m django`."""
    return _command(call, files, None)


def _command(call: Call, files: WritableTree, project: str | None) -> Status | Unreadable:
    command = call.argv[1] if len(call.argv) > 1 else None
    if command not in NO_MODULES or call.working_directory is None:
        return UNREADABLE
    reason = f"which files {command} writes is not known"
    why = replace(no_packages(call, reason), may=May.ASSETS)
    for folder in sorted({call.working_directory, project or call.working_directory}):
        files.obscure(folder, why)
    return Status.UNKNOWN


COMMANDS: dict[str, CommandFunction] = {
    "manage.py": manage,
    "django-admin": django_admin,
    "django-admin.py": django_admin,
}
