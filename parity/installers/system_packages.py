"""What do apt-get, apk, dnf and the other package managers of systems install? Some of it packages of Python."""

from __future__ import annotations

import re

from msgspec.structs import replace

from parity.model.location import May
from parity.model.packages import NOTHING_INSTALLED, Installed, SitePackages
from parity.model.version import PythonVersion
from parity.packages.system_names import distributions_of
from parity.packages.system_python import system_python
from parity.programs.arguments import CommandFunction, unknown
from parity.programs.capability import PACKAGE_MANAGERS
from parity.shell.host import Call
from parity.shell.status import Status
from parity.tree.base import Absent
from parity.tree.links import follow
from parity.tree.writable import WritableTree

PYTHON = "/usr/bin/python"
_OF_AN_INTERPRETER = re.compile(r"(?:python|py)3(?P<minor>\.\d+)?(?![\w.])")
_WITHOUT_PYTHON_2 = (3, 8)
"""The `python3` of the first releases where no package needs `python`."""
PACKAGE_FILES = (".deb", ".rpm", ".apk", ".zst", ".xz")


def packages(call: Call, files: WritableTree) -> Status:
    words = [text for text in call.argv[1:] if not text or not text.startswith("-")]
    if not words or words[0] in ("clean", "autoclean", "update", "purge", "autoremove"):
        return Status.UNKNOWN
    why = unknown(call, f"what {call.argv[0]} installs is not known")
    # A package that is a file may be the project's own.
    known = not any(text is None or "/" in text or text.endswith(PACKAGE_FILES) for text in words)
    if known:
        brought = Installed(distributions_of(filter(None, words[1:])), by=call.location)
        why = replace(why, may=May.SYSTEM, installed=SitePackages((brought,)))
    files.obscure("/usr/lib", why)
    no_python = replace(why, installed=NOTHING_INSTALLED, may=May.SYSTEM if known else May.SOURCES)
    version = system_python(files)
    no_command = known and words[0] == "install" and _leaves_python_out(call, files, words, version)
    for folder in ("/usr/bin", "/usr/sbin", "/usr/src"):
        files.obscure(folder, no_python)
    _put_interpreters(call, files, words[1:] if known else [], version)
    for place in (PYTHON, "/usr/sbin/python") if no_command else ():
        files.remove(place)
        files.obscure(place, replace(no_python, may=May.NOTHING))
    # Debian Policy 9.1.1: what is in /opt comes from elsewhere, a browser, say; no Python of a package is there.
    files.obscure("/opt", replace(no_python, may=May.ASSETS) if known else no_python)
    return Status.UNKNOWN


def _put_interpreters(
    call: Call, files: WritableTree, words: list[str | None], version: PythonVersion | None
) -> None:
    """Those that these packages are, or need. `version`: of what is called `python3`, None where that is not known."""
    asked = [found["minor"] for word in words if word and (found := _OF_AN_INTERPRETER.match(word))]
    names = {f"python3{minor}" for minor in asked if minor}
    if version is not None and None in asked:
        names.add(f"python{version}")
        files.link("/usr/bin/python3", f"python{version}")
    for name in sorted(names):
        files.write(f"/usr/bin/{name}", unknown(call, "an interpreter is no text"), 0o755)


def _leaves_python_out(
    call: Call, files: WritableTree, words: list[str | None], version: PythonVersion | None
) -> bool:
    """Debian: `python3` brings no `python`; from Debian 11 and Ubuntu 20.04 on, nothing needs the package that does."""
    return (
        (version is None or version >= _WITHOUT_PYTHON_2)
        and call.argv[0] in ("apt-get", "apt", "aptitude")
        and isinstance(follow(files, PYTHON).answer, Absent)
        and not any(word and word.startswith("python") and not word.startswith("python3") for word in words)
    )


COMMANDS: dict[str, CommandFunction] = dict.fromkeys(PACKAGE_MANAGERS, packages)
