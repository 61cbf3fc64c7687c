"""Which programs are known, and what may an unknown one do to the files?"""

from __future__ import annotations

import re

from msgspec.structs import replace

from parity.model.location import May, Unknown
from parity.model.packages import HARDLY_ANYTHING
from parity.programs.arguments import named, unknown, whole
from parity.programs.capability import capability, targets
from parity.programs.install_scripts import folders_of
from parity.programs.loading import loaded_when_called
from parity.programs.names import FILE_OF
from parity.programs.python import program, script_of
from parity.shell.host import Call
from parity.shell.status import Status
from parity.tree.base import join, within
from parity.tree.writable import WritableTree

COMMANDS = loaded_when_called("parity.programs", FILE_OF)
"""By the last part of the program's path."""

MAY_INSTALL = re.compile(
    r"instal(?!\w*[-_]?(?:ui|model|hook|font|cert|plugin|browser|asset))|setup|bootstrap|depend|require|provision|sync"
    r"|update|upgrade|pip|conda|\bmake\b|\bjust\b|\btask\b|\binvoke\b|\bnox\b|\btox\b|sh$|curl|wget",
    re.IGNORECASE,
)
"""In the words of a command: it may well install packages of Python."""
INSTALLS = re.compile(rb"\bpip[0-9]?\b|conda|easy_install|ensurepip|\bpoetry\b|\buv\b|\bpdm\b")
"""In the text of a script: without one of these it installs none."""
RUNNERS = ("make", "just", "task", "tox", "nox", "invoke")
"""What they run may install packages wherever the interpreter has them."""
NO_INSTALLERS = tuple("pre-commit cargo rustup go gem bundle composer curl wget".split())
FETCHERS = frozenset("wget curl tar unzip git rsync aws gsutil gcloud".split())
"""They make files in the working directory, wherever these come from."""
MAKERS = frozenset("cp mv ln install touch mkdir tee sed dd dockerize gomplate confd".split())
"""They make the files that their arguments name."""
EDITORS = frozenset(("sed",))
"""They change parts of files that are there."""
KEPT_OUT = ("/proc", "/sys", "/dev", "/bin", "/usr/bin", "/etc", "/var", "/lib")
"""Folders that an absolute argument may name without the application's files being there."""


def opaque(call: Call, files: WritableTree) -> Status:
    """A program that cannot be followed: what it is capable of, in the folders that its words name, or in its own."""
    name = call.argv[0] or "a program whose name is not known"
    if isinstance(call.stdin, Unknown) and call.stdin.may is May.ELSEWHERE:  # an installer's script
        for folder in folders_of(call.environment):
            files.obscure(folder, replace(call.stdin, location=call.location))
        return Status.UNKNOWN
    may = capability(call.argv)
    if may is May.NOTHING:
        return Status.UNKNOWN
    why = replace(unknown(call, f"what {name[:60]} does to the files is not known"), may=may)
    installs = _may_install(call, files)
    if call.program in NO_INSTALLERS or not installs or may.rank > May.DISTRIBUTIONS.rank:
        why = replace(why, installed=HARDLY_ANYTHING)
    elif call.program in RUNNERS:
        files.obscure("/usr/local/lib", replace(why, may=May.DISTRIBUTIONS))
    here = call.working_directory or "/"
    named = {join(here, path) for path in targets(call.argv[1:])}
    folders = {here, *named}
    for folder in sorted(folders):
        around = (other != folder and within(folder, other) for other in folders)
        if not any(around) and not any(within(folder, kept) for kept in KEPT_OUT):
            files.obscure(folder, why)
    if not named and may in (May.ANYTHING, May.GENERATED) and here != "/":
        files.obscure("/", replace(why, may=May.ELSEWHERE, installed=HARDLY_ANYTHING))
    return Status.UNKNOWN


def _may_install(call: Call, files: WritableTree) -> bool:
    """Packages of Python: by the script that Python runs, where it can be read, else by the words."""
    script = script_of(call) if program(call.program or "") == "python" else None
    path = whole(call, script[0]) if script is not None else None
    content = files.read(named(files, path, last=True).path) if path is not None else None
    if isinstance(content, bytes):
        return INSTALLS.search(content) is not None
    return any(
        not word.unlisted if word.text is None else MAY_INSTALL.search(word.text) for word in call.words
    )
