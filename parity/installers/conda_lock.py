"""What does `conda-lock install` do to the files of the image?"""

from __future__ import annotations

from msgspec.structs import replace

from parity.installers.conda import prefixes
from parity.installers.conda_prefix import fill
from parity.model.location import Location, May, Unknown
from parity.model.packages import SitePackages
from parity.packages.conda_packages import CondaPackages
from parity.packages.locks import conda_locks
from parity.packages.locks.conda_locks import Packages
from parity.packages.options import Given, read, split_command
from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Status
from parity.tree.base import Absent, Entry, join
from parity.tree.links import follow
from parity.tree.writable import WritableTree

VALUED = (
    "-n --name -p --prefix --conda -E --extras --auth --auth-file --log-level --validate-platform --file -f "
    "--force-platform"
)


def conda_lock(call: Call, files: WritableTree) -> Status | Unreadable:
    """The lock file (by default conda-lock.yml) into a new environment; `dev` unless it is left out."""
    _, command, words = split_command(call.words[1:], VALUED)
    if command in ("lock", "render"):
        return Status.UNKNOWN
    if command != "install" or call.working_directory is None:
        return UNREADABLE
    given = read(words, VALUED)
    named = given.operand(0) or given.last("--file", "-f") or "conda-lock.yml"
    found = follow(files, join(call.working_directory, named))
    if isinstance(found.answer, Absent):
        return Status.FAILURE
    content = files.read(found.path)
    listed = _chosen(content, given) if isinstance(content, bytes) else None
    source = found.answer.source if isinstance(found.answer, Entry) else None
    packages = CondaPackages(manifest=(source or "").lstrip("/"), told=listed is not None, complete=True)
    packages.add_locked(listed or (), Location(source.lstrip("/")) if source else call.location)
    told = packages.installed()
    unknown = Unknown(
        "what conda-lock installs is not known",
        call.location,
        May.DISTRIBUTIONS,
        installed=SitePackages((replace(told, by=call.location),)) if told else None,
    )
    for folder in prefixes(call, files, given):
        fill(folder, unknown, packages.python, files, is_new=given.has("-n", "--name", "-p", "--prefix"))
    return Status.UNKNOWN


def _chosen(content: bytes, given: Given) -> Packages | None:
    """The categories that are asked for."""
    by_category = conda_locks.conda_lock(content)
    if by_category is None:
        return conda_locks.explicit(content)
    categories = ["main", *([] if given.has("--no-dev") else ["dev"])]
    categories += [name for name in given.all("-E", "--extras") if name]
    return tuple(one for name in categories for one in by_category.get(name, ()))


COMMANDS: dict[str, CommandFunction] = {"conda-lock": conda_lock}
