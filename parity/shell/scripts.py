"""Which shell text does a program start? `sh script`, `bash -c text`, `./script` by its `#!` line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from parity.model.location import Unknown
from parity.shell.dialect import PIPEFAIL, Dialect
from parity.tree.base import Entry, FileKind, FileTree
from parity.tree.links import follow
from parity.tree.which import which

SHELLS = frozenset(("sh", "dash", "ash", "bash"))
LONGEST_LINE = 200


def dialect_of(
    shell: str, files: FileTree, environment: Mapping[str, str], working_directory: str | None = "/"
) -> Dialect:
    """The language of a shell's program: `sh` is the shell that it is a link to."""
    name = shell.rpartition("/")[2]
    if name == "sh":
        place = which(shell, environment, files, working_directory)
        name = follow(files, place).path.rpartition("/")[2] if place else name
    return _DIALECTS.get(name, Dialect.SH)


_DIALECTS = {"bash": Dialect.BASH, "dash": Dialect.DASH, "ash": Dialect.ASH, "busybox": Dialect.ASH}


class Script(Struct, frozen=True):
    """`text` of a script, or of `-c`; `path` is its image path, None for `-c`.

    `arguments` are `$1` and so on, `name` is `$0`, `options` the letters that are set at the start.
    """

    text: str
    name: str
    arguments: tuple[str | None, ...]
    dialect: Dialect
    options: str
    path: str | None
    source: str | None


class Options(Struct, frozen=True):
    """A shell's own arguments: option letters, whether `-c` is among them, and where operands begin."""

    letters: str
    command: bool
    first: int


def read_options(argv: Sequence[str | None]) -> Options | None:
    """None where an argument is not known."""
    letters: list[str] = []
    command = False
    at = 1
    while at < len(argv):
        text = argv[at]
        if text is None:
            return None
        if text in ("--", "-"):
            at += 1
            break
        if text.startswith("--"):
            at += 2 if text in ("--rcfile", "--init-file") else 1
            continue
        if not (text.startswith(("-", "+")) and len(text) > 1):
            break
        at += 1
        for letter in text[1:]:
            command = command or letter == "c"
            if letter in "oO":
                name = argv[at] if at < len(argv) else None
                letters += {"errexit": "e", "nounset": "u", "pipefail": PIPEFAIL}.get(name or "", "")
                at += 1
            elif text[0] == "-":
                letters.append(letter)
    return Options("".join(letters), command, at)


def script_of(
    argv: Sequence[str | None],
    files: FileTree,
    working_directory: str | None,
    environment: Mapping[str, str],
) -> Script | Unknown | None:
    """The script that `argv` runs; None: no shell script. Unknown: one whose text cannot be told.

    `environment`: PATH of it, for a program that is named without a slash.
    """
    if not argv or not argv[0]:
        return None
    program = argv[0].rpartition("/")[2]
    if program in SHELLS:
        options = read_options(argv)
        if options is None:
            return Unknown("the shell's arguments are not known")
        operands = tuple(argv[options.first :])
        dialect = dialect_of(argv[0], files, environment, working_directory)
        if options.command:
            if not operands or operands[0] is None:
                return Unknown("the text that the shell runs is not known")
            name = (operands[1] if len(operands) > 1 else None) or argv[0]
            return Script(operands[0], name, operands[2:], dialect, options.letters, None, None)
        if not operands:
            return Unknown("the shell reads its commands from its standard input")
        if operands[0] is None:
            return Unknown("which script runs is not known")
        return _read(operands[0], operands[1:], dialect, options.letters, files, working_directory)
    found = which(argv[0], environment, files, working_directory)
    if found is None:
        return None
    content = files.read(follow(files, found).path)
    if isinstance(content, Unknown) or not content.startswith(b"#!"):
        return None
    words = content[2:LONGEST_LINE].split(b"\n")[0].decode("utf8", "replace").split()
    if words and words[0].rpartition("/")[2] == "env":
        words = [word for word in words[1:] if word != "-S"]
    if words[1:] and words[0].rpartition("/")[2] == "with-contenv":  # s6-overlay: the container's environment
        words = words[1:]
    interpreter = words[0].rpartition("/")[2] if words else ""
    if interpreter not in SHELLS:
        return None
    letters = "".join(word[1:] for word in words[1:] if word.startswith("-"))
    dialect = dialect_of(words[0], files, environment, working_directory)
    return _read(found, tuple(argv[1:]), dialect, letters, files, "/")


def _read(
    path: str,
    arguments: tuple[str | None, ...],
    dialect: Dialect,
    letters: str,
    files: FileTree,
    folder: str | None,
) -> Script | Unknown:
    if not path.startswith("/") and folder is None:
        return Unknown(f"{path} is looked for in a folder that is not known")
    found = follow(files, path if path.startswith("/") else f"{folder}/{path}")
    if not (isinstance(found.answer, Entry) and found.answer.kind is FileKind.FILE):
        return (
            found.answer if isinstance(found.answer, Unknown) else Unknown(f"there is no script {found.path}")
        )
    content = files.read(found.path)
    if isinstance(content, Unknown):
        return content
    text = content.decode("utf8", "surrogateescape")
    return Script(text, path, arguments, dialect, letters, found.path, found.answer.source)
