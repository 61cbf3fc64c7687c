"""Does the kernel, or the shell, find and run the program that a command names? (execve(2); POSIX: 126 and 127)"""

from __future__ import annotations

from parity.image.changes import may_be_changed
from parity.image.tree import ImageTree
from parity.model.location import May, Unknown
from parity.shell.host import Call
from parity.shell.scripts import SHELLS
from parity.tree.base import Absent, Entry, FileKind, FileTree
from parity.tree.links import Resolved, follow
from parity.tree.which import places, which
from parity.tree.writable import WritableTree

OF_THE_SYSTEM = frozenset(
    """
    git svn hg curl wget rsync gcc g++ cc c++ clang cargo rustc javac java mvn
    unzip zip bzip2 xz 7z unrar patch sudo ssh scp sftp ssh-keygen ssh-keyscan gpg gnupg file less vim vi nano
    ps top free pgrep pkill killall lsof strace htop tree bc xxd telnet ping nc netcat ip ifconfig nslookup dig
    host netstat ss traceroute psql pg_dump pg_isready mysql mysqldump redis-cli nginx cron crond crontab
    lsb_release locale-gen add-apt-repository envsubst msgfmt gettext ruby gem perl-config php composer gfortran
    autoconf automake libtool pkg-config bison flex m4
    """.split()
)
"""Programs that a package of the system brings, and no distribution of Python's: of others, nothing is said."""


def not_executable(call: Call, files: FileTree | WritableTree) -> str:
    """Why `./name` or `/path/name` is found and not run, in words; "" where it is run, or that cannot be told."""
    text = call.argv[0] if call.argv else None
    path = _path(call, text) if text and "/" in text else None
    if path is None:
        return ""
    return "is not executable" if _is_plain_file(follow(files, path), files) else ""


def not_found(call: Call, files: FileTree | WritableTree) -> str:
    """Why there is no such program, in words; "" where there is one, or that cannot be told."""
    text = call.argv[0] if call.argv else None
    if not text or text.rpartition("/")[2] in SHELLS:
        return ""
    if "/" in text:
        path = _path(call, text)
        return "is not in the image" if path and isinstance(follow(files, path).answer, Absent) else ""
    if text not in OF_THE_SYSTEM or call.more_variables or call.working_directory is None:
        return ""
    if which("sh", call.environment, files) is None:
        return ""  # what programs the image has is not known
    for place in places(text, call.environment, call.working_directory):
        found = follow(files, place)
        if isinstance(found.answer, Entry) and _is_plain_file(found, files):
            continue
        if not (isinstance(found.answer, Absent) or _of_python(found.answer)):
            return ""
    return "is not in the image"


def _is_plain_file(found: Resolved, files: FileTree | WritableTree) -> bool:
    """Is it a file that nobody may execute?"""
    entry = found.answer
    if (
        not isinstance(entry, Entry)
        or entry.kind is not FileKind.FILE
        or entry.mode is None
        or entry.mode & 0o111
    ):
        return False
    tree = files if isinstance(files, ImageTree) else getattr(files, "snapshot", lambda: files)()
    return not (isinstance(tree, ImageTree) and may_be_changed(tree, found.path))


def _of_python(answer: Entry | Unknown | Absent) -> bool:
    """Is it a doubt about what installers of Python's own put there?"""
    return isinstance(answer, Unknown) and all(step.may is May.DISTRIBUTIONS for step in answer.steps)


def _path(call: Call, text: str) -> str | None:
    if text.startswith("/"):
        return text
    return None if call.working_directory is None else f"{call.working_directory}/{text}"
