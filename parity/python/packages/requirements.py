"""What is an installer asked for: the project itself, other local projects, packages of others?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from parity.model.location import Unknown
from parity.python.packages.options import NAMED, names_a_distribution
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, FileKind, FileTree, clean, join
from parity.tree.links import follow

MOST_FILES = 50
MOST_LINES = 20_000
LARGEST_FILE = 2_000_000
ARCHIVES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar")
VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
DIRECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*@\s*(\S+)")
EXTRAS = re.compile(r"^(.*?)\s*(\[[^\]\[]*\])?$")


@dataclass(frozen=True, slots=True)
class Local:
    """A project folder or an archive among the image's files. `extras`: the optional parts asked for."""

    path: str
    editable: bool = False
    extras: tuple[str, ...] = ()


@dataclass(slots=True)
class Asked:
    """`others`: something from an index or a repository; `names`: the distributions that are named.

    `unknown`: why it cannot be told what else is asked for; `missing`: a file that certainly is not there.
    """

    local: list[Local] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    others: bool = False
    unknown: Unknown | None = None
    missing: str | None = None

    def cannot_tell(self, unknown: Unknown) -> None:
        if self.unknown is None or self.unknown.third_party:
            self.unknown = unknown


def read_operand(asked: Asked, word: Word, folder: str, files: FileTree, why: Unknown) -> None:
    """One requirement of a command line. `folder`: where relative paths start."""
    if word.unlisted or word.text is None:
        if names_a_distribution(word):
            asked.others = True
            asked.names.append(re.split(r"[\s\[<>=!~;]", word.text or word.prefix, maxsplit=1)[0])
            return
        around = (word.text or word.prefix).rpartition("/")[0]
        inside = follow(files, join(join(folder, around or "."), "x-1-py3-none-any.whl")).answer
        if around and word.unlisted and isinstance(inside, Unknown):
            asked.cannot_tell(Unknown(why.reason, why.location, inside.third_party))
        else:
            asked.cannot_tell(why)
        return
    read_requirement(asked, word.text, folder, files, editable=False)


def read_requirement(asked: Asked, text: str, folder: str, files: FileTree, *, editable: bool) -> None:
    """`flask>=2`, `.[dev]`, `./libs/x`, `name @ file:///libs/x`, `git+https://...`, `dist/x-1.whl`."""
    text = text.partition(" #")[0].strip()
    text = re.sub(r"\s+--(?:hash|config-settings?|global-option)\b.*$", "", text)
    if not text:
        return
    if found := DIRECT.match(text):
        asked.names.append(text[: found.start(1)].partition("@")[0].strip())
        text = found[1]
    marker = text.partition(" ;")
    text = marker[0].strip()
    if text.lower().startswith("file:"):
        path = unquote(
            re.sub("^file:(?://(?:localhost)?(?=/|[.$]))?", "", text.partition("#")[0], flags=re.I)
        )
        _add_local(asked, path, folder, editable)
        return
    if "://" in text or re.match(r"(git|hg|svn|bzr)\+", text):
        asked.others = True
        return
    bare = EXTRAS.match(text)
    path = bare[1] if bare else text
    whole = join(folder, path)
    if (
        "/" in path
        or path.startswith(".")
        or editable
        or (path.lower().endswith(ARCHIVES) and not isinstance(follow(files, whole).answer, Absent))
    ):
        _add_local(asked, text, folder, editable)
    else:
        asked.others = True
        if NAMED.match(text):
            asked.names.append(re.split(r"[\s\[<>=!~;]", text, maxsplit=1)[0])


def _add_local(asked: Asked, text: str, folder: str, editable: bool) -> None:
    found = EXTRAS.match(text)
    path, brackets = (found[1], found[2] or "") if found else (text, "")
    extras = tuple(part.strip() for part in brackets.strip("[]").split(",") if part.strip())
    local = Local(join(folder, path), editable, extras)
    if local not in asked.local:
        asked.local.append(local)


def read_requirements(
    asked: Asked, path: str, folder: str, files: FileTree, environment: Mapping[str, str], why: Unknown
) -> None:
    """A requirements file and those that it names (pip: `req_file.py`).

    `path`: the file, an image path; `folder`: where relative paths of projects start (pip: the working
    directory); nested `-r` files are relative to the file that names them.
    """
    todo = [path]
    seen: set[str] = set()
    lines = 0
    while todo:
        one = todo.pop(0)
        if one in seen:
            continue
        seen.add(one)
        found = follow(files, one)
        if isinstance(found.answer, Absent):
            asked.missing = one
            return
        content = files.read(found.path)
        if isinstance(content, Unknown) or len(content) > LARGEST_FILE or len(seen) > MOST_FILES:
            third_party = isinstance(content, Unknown) and content.third_party
            asked.cannot_tell(Unknown(f"what {one} asks for is not known", why.location, third_party))
            continue
        for line in _lines(content.decode("utf8", "surrogateescape")):
            lines += 1
            if lines > MOST_LINES:
                asked.cannot_tell(why)
                return
            text = VARIABLE.sub(lambda match: environment.get(match[1]) or match[0], line)
            option = re.match(r"(-r|--requirement|-c|--constraint|-e|--editable)[\s=]*(.*)$", text)
            if option is None:
                if not text.startswith("-"):
                    read_requirement(asked, text, folder, files, editable=False)
            elif option[1] in ("-r", "--requirement"):
                if "://" in option[2]:
                    asked.others = True
                else:
                    todo.append(join(one.rpartition("/")[0] or "/", option[2].strip()))
            elif option[1] in ("-e", "--editable"):
                read_requirement(asked, option[2].strip().strip("'\""), folder, files, editable=True)


def _lines(text: str) -> list[str]:
    """Joined at backslashes, without comments and blank lines."""
    done: list[str] = []
    held = ""
    for line in text.removeprefix("\ufeff").splitlines():
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            held += line[:-1]
            continue
        whole = re.sub(r"(^|\s)#.*$", "", held + line).strip()
        held = ""
        if whole:
            done.append(whole)
    return [*done, held.strip()] if held.strip() else done


def is_folder(files: FileTree, path: str) -> bool:
    """Is there certainly a folder?"""
    answer = follow(files, clean(path)).answer
    return isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY
