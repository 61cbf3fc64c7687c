"""What does a new virtual environment hold? (CPython: `venv`; virtualenv and `uv venv` make the same)"""

from __future__ import annotations

from parity.model.location import May, Unknown
from parity.model.packages import NOTHING_INSTALLED
from parity.model.version import PythonVersion
from parity.packages.environment import Environment, environment_of, find_interpreter
from parity.packages.options import read
from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Status
from parity.tree.base import Entry, FileKind, join
from parity.tree.links import follow
from parity.tree.writable import WritableTree

VALUED = (
    "-p --python --prompt --seeder --app-data --index-url -i --extra-search-dir --pip --setuptools --wheel"
)
ACTIVATE = """\
VIRTUAL_ENV={prefix}
export VIRTUAL_ENV
PATH="$VIRTUAL_ENV/bin:$PATH"
export PATH
"""


def make_environment(
    prefix: str,
    python: str,
    files: WritableTree,
    unknown: Unknown,
    *,
    version: PythonVersion | None = None,
    sees_base: bool = False,
    has_pip: bool = True,
) -> Environment:
    """`python`: the interpreter it is made from; `version`: another one's, found by the tool itself."""
    base = environment_of(python, files)
    known = version or base.version
    there = follow(files, prefix)
    prefix = there.path
    answer = follow(files, join(prefix, "pyvenv.cfg")).answer
    home = (base.base and f"{base.base}/bin") or (follow(files, python).path.rpartition("/")[0])
    settings = f"home = {home}\ninclude-system-site-packages = {str(sees_base).lower()}\n"
    if known:
        settings += f"version = {known}\n"
    scripts = join(prefix, "bin")
    number = str(known) if known else "3"
    site = join(prefix, f"lib/python{number}/site-packages")
    files.make_directory(site)
    files.make_directory(scripts)
    if not isinstance(answer, Entry):
        files.write(join(prefix, "pyvenv.cfg"), settings.encode("utf8", "surrogateescape"))
        files.write(
            join(scripts, "activate"), ACTIVATE.format(prefix=prefix).encode("utf8", "surrogateescape"), 0o644
        )
        if version is not None and base.version != version:
            files.write(join(scripts, "python"), unknown, 0o755)
        else:
            # CPython: venv takes `sys._base_executable`; an environment made in another one does not need that.
            own = f"{base.base}/bin/python3" if base.is_virtual and base.base else python
            files.link(join(scripts, "python"), own)
        for name in ("python3", f"python{known}" if known else ""):
            if name:
                files.link(join(scripts, name), "python")
    if has_pip:
        for name in ("pip", "pip3"):
            files.write(join(scripts, name), unknown, 0o755)
        bundled = (
            ("pip",) if known is not None and known >= (3, 12) else ("pip", "setuptools", "pkg_resources")
        )
        for name in bundled:
            files.obscure(join(site, name), Unknown(unknown.reason, unknown.location, May.DISTRIBUTIONS))
    if known is None:  # the folder's name is not known; that nothing is in it is
        why = Unknown(unknown.reason, unknown.location, May.DISTRIBUTIONS, installed=NOTHING_INSTALLED)
        files.obscure(join(prefix, "lib"), why)
    return environment_of(join(scripts, "python"), files, known)


def virtualenv(call: Call, files: WritableTree) -> Status | Unreadable:
    """The program of that name."""
    return create(call, files, find_interpreter("python3", call.environment, files))


def create(
    call: Call, files: WritableTree, python: str | None, *, has_pip: bool = True
) -> Status | Unreadable:
    """`venv` or `virtualenv` with its arguments: one environment for each operand."""
    given = read(call.words[1:], VALUED)
    wanted = given.last("-p", "--python")
    version = PythonVersion.parse(wanted.removeprefix("python")) if wanted else None
    if wanted and version is None:
        python = find_interpreter(wanted, call.environment, files, call.working_directory)
    if call.working_directory is None or python is None or not given.operands:
        return UNREADABLE
    unknown = Unknown("what a new virtual environment holds is not known", call.location)
    for word in given.operands:
        if word.text is None:
            return UNREADABLE
        prefix = join(call.working_directory, word.text)
        there = follow(files, prefix)
        if given.has("--clear") and isinstance(there.answer, Entry):
            files.remove(there.path)
        if isinstance(there.answer, Entry) and there.answer.kind is not FileKind.DIRECTORY:
            return Status.FAILURE
        make_environment(
            prefix,
            python,
            files,
            unknown,
            version=version,
            sees_base=given.has("--system-site-packages"),
            has_pip=has_pip and not given.has("--without-pip", "--no-pip", "--no-seed"),
        )
    return Status.UNKNOWN


COMMANDS: dict[str, CommandFunction] = {"virtualenv": virtualenv}
