"""What do `pip-compile` and `pip-sync` of pip-tools do to the files?"""

from __future__ import annotations

from msgspec.structs import replace

from parity.installers.pip import VALUED, install, interpreter_at, read_asked
from parity.model.location import May, Unknown
from parity.model.packages import SitePackages
from parity.packages.environment import environment_of
from parity.packages.options import Given, read
from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Output, Status
from parity.shell.word import Word
from parity.tree.base import join
from parity.tree.links import follow
from parity.tree.writable import WritableTree

COMPILE = (
    f"{VALUED} --output-file --extra --annotation-style --resolver --max-rounds --unsafe-package --pip-args"
)


def exactly(given: Given) -> Given:
    """The files named as operands, and nothing that these do not list."""
    named = tuple(word.text for word in given.operands)
    flags = given.flags | {"--no-deps"}
    return replace(given, flags=flags, values={**given.values, "-r": named}, operands=())


def pip_sync(call: Call, files: WritableTree) -> Status | Unreadable:
    """`pip-sync [requirements.txt ...]`."""
    given = read(call.words[1:], f"{VALUED} --python-executable --pip-args")
    chosen = given.last("--python-executable")
    python = interpreter_at(chosen or "python3", call, files)
    if call.working_directory is None:
        return UNREADABLE
    if not given.operands:
        given = replace(given, operands=(Word("requirements.txt"),))
    return install(call, files, exactly(given), environment_of(python, files))


def pip_compile(call: Call, files: WritableTree) -> Output | Unreadable:
    """`pip-compile [-o requirements.txt] requirements.in`: the same, and what it needs."""
    given = read(call.words[1:], COMPILE)
    folder = call.working_directory
    first = given.operand(0) or "requirements.in"
    beside = f"{first.removesuffix('.in')}.txt" if first.endswith(".in") else "requirements.txt"
    output = given.last("-o", "--output-file") or beside
    if folder is None:
        return UNREADABLE
    return compiled(
        call,
        files,
        replace(given, operands=given.operands or (Word(first),)),
        "" if output == "-" else output,
    )


def compiled(call: Call, files: WritableTree, given: Given, output: str) -> Output:
    """`output` lists what the files that are the operands ask for, and what it needs."""
    named = replace(given, values={**given.values, "-r": tuple(w.text for w in given.operands)}, operands=())
    asked = read_asked(call, files, named)
    reason = f"which packages {call.program} resolves is not known"
    unknown = Unknown(reason, call.location, May.of_installer(others_only=not asked.local))
    if asked.unknown is None and asked.missing is None and not asked.local:
        unknown = replace(unknown, installed=SitePackages((asked.installed(others=True),)))
    return listed(call, files, output, unknown)


def listed(call: Call, files: WritableTree, output: str, requirements: Unknown) -> Output:
    """An installer lists requirements: in the file `output`, or as what it prints."""
    if not output:
        return Output(requirements, Status.UNKNOWN)
    files.write(follow(files, join(call.working_directory or "/", output)).path, requirements)
    return Output(None, Status.UNKNOWN)


COMMANDS: dict[str, CommandFunction] = {"pip-compile": pip_compile, "pip-sync": pip_sync}
