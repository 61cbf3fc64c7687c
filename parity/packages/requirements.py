"""What is an installer asked for: the project itself, other local projects, packages of others?"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from urllib.parse import unquote

from msgspec import Struct, field
from msgspec.structs import replace

from parity.model.location import Location, May, Unknown
from parity.model.packages import Distribution, Installed, SitePackages
from parity.model.version import PythonVersion
from parity.packages.distribution import read_distribution
from parity.packages.options import names_a_distribution
from parity.shell.host import Call
from parity.shell.status import Text
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, FileKind, FileTree, clean, join, parent_of
from parity.tree.links import follow

NO_STREAMS: Mapping[str, Text] = {}
MOST_FILES = 50
MOST_LINES = 20_000
LARGEST_FILE = 2_000_000
ARCHIVES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar")
VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
DIRECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*@\s*(\S+)")
EXTRAS = re.compile(r"^(.*?)\s*(\[[^\]\[]*\])?$")


class Local(Struct, frozen=True):
    """A project folder or an archive among the image's files. `extras`: the optional parts asked for."""

    path: str
    editable: bool = False
    extras: tuple[str, ...] = ()


class Asked(Struct):
    """`others`: something from an index or a repository; `wanted`: the distributions that are named; `left_out`:
    those that are declared in the same place and not asked for.

    `unnamed`: some of them have no name that can be told; `complete`: what they need is listed, too; `by_hand`: no
    hashes keep lines from being added; `manifest`: the first file that lists them (of the checkout); `python`: of
    the environment they are for.
    `unknown`: why it cannot be told what else is asked for; `missing`: a file that certainly is not there.
    `hashed`: one has a hash; `without_hash`: where the first that has none is listed.
    """

    python: PythonVersion | None = None
    local: list[Local] = field(default_factory=list)
    wanted: list[Distribution] = field(default_factory=list)
    left_out: list[Distribution] = field(default_factory=list)
    others: bool = False
    unnamed: bool = False
    complete: bool = False
    by_hand: bool = False
    manifest: str = ""
    unknown: Unknown | None = None
    missing: str | None = None
    hashed: bool = False
    without_hash: Location | None = None

    def want(self, text: str, location: Location | None) -> None:
        """`name==1; marker` of an index, or `name @ url`."""
        self.others = True
        found = read_distribution(text, self.python, location)
        if found is not None:
            self.wanted.append(found)

    def want_url(self, url: str, location: Location | None) -> None:
        """A repository or an archive: `#egg=name`, else the last part of its path most likely is the name."""
        self.others = True
        egg = re.search(r"[#&]egg=([A-Za-z0-9._-]+)", url)
        path = url.partition("#")[0].partition("?")[0].rstrip("/")
        path = re.sub(
            r"/(archive|tarball|zipball)/.*$", "", path
        )  # of a tag: github.com/a/name/archive/v1.zip
        last = path.rpartition("/")[2].partition("@")[0].removesuffix(".git")
        if found := egg or re.match(r"([A-Za-z0-9._]+(?:-[A-Za-z_]+)*)", last):
            self.want(found[1], location)
        self.unnamed = self.unnamed or not egg

    def installed(self, *, others: bool) -> Installed:
        """`others`: what these need is installed, too."""
        complete = self.complete or not others
        names = {one.name for one in self.wanted}
        return Installed(
            tuple(self.wanted),
            complete,
            tuple(one for one in self.left_out if one.name not in names),
            unnamed=self.unnamed,
            manifest=self.manifest,
            by_hand=others and self.by_hand,
        )

    def cannot_tell(self, unknown: Unknown) -> None:
        if self.unknown is None or self.unknown.third_party:
            self.unknown = unknown


def read_operand(asked: Asked, word: Word, folder: str, files: FileTree, why: Unknown) -> None:
    """One requirement of a command line. `folder`: where relative paths start."""
    if word.told is not None and told_of(word.told):
        asked.cannot_tell(replace(why, may=word.told.may, installed=word.told.installed))
        return
    if word.unlisted or word.text is None:
        if names_a_distribution(word):
            asked.want(re.split(r"[<>=!~;]", word.text or word.prefix, maxsplit=1)[0], why.location)
            return
        around = (word.text or word.prefix).rpartition("/")[0]
        inside = follow(files, join(join(folder, around or "."), "x-1-py3-none-any.whl")).answer
        if around and word.unlisted and isinstance(inside, Unknown):
            may = May.of_installer(others_only=inside.third_party)
            asked.cannot_tell(Unknown(why.reason, why.location, may, installed=_archived(inside)))
        else:
            asked.cannot_tell(why)
        return
    read_requirement(asked, word.text, folder, files, editable=False, at=why.location)


def told_of(unknown: Unknown) -> SitePackages | None:
    """What a step told that it wrote there; that nobody installed anything there tells nothing of a listing."""
    return unknown.installed if unknown.installed is not None and unknown.installed.parts else None


def _archived(unknown: Unknown) -> SitePackages | None:
    """What the archives of a folder are known to be: an installer looks for what they need, too."""
    told = told_of(unknown)
    if told is None:
        return None
    return replace(told, parts=tuple(replace(part, complete=False) for part in told.parts))


def read_requirement(
    asked: Asked, text: str, folder: str, files: FileTree, *, editable: bool, at: Location | None = None
) -> None:
    """`flask>=2`, `.[dev]`, `./libs/x`, `name @ file:///libs/x`, `git+https://...`, `dist/x-1.whl`."""
    text = text.partition(" #")[0].strip()
    text = re.sub(r"\s+--(?:hash|config-settings?|global-option)\b.*$", "", text)
    if not text:
        return
    if found := DIRECT.match(text):
        if not found[1].lower().startswith("file:"):
            asked.want(text, at)
            return
        text = found[1]
    whole_text = text
    marker = text.partition(" ;")
    text = marker[0].strip()
    if text.lower().startswith("file:"):
        path = unquote(
            re.sub("^file:(?://(?:localhost)?(?=/|[.$]))?", "", text.partition("#")[0], flags=re.I)
        )
        _add_local(asked, path, folder, editable)
        return
    if "://" in text or re.match(r"(git|hg|svn|bzr)\+", text):
        asked.want_url(text, at)
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
        asked.want(whole_text, at)


def _add_local(asked: Asked, text: str, folder: str, editable: bool) -> None:
    found = EXTRAS.match(text)
    path, brackets = (found[1], found[2] or "") if found else (text, "")
    extras = tuple(part.strip() for part in brackets.strip("[]").split(",") if part.strip())
    local = Local(join(folder, path), editable, extras)
    if local not in asked.local:
        asked.local.append(local)


def read_requirements(
    asked: Asked,
    path: str,
    folder: str,
    files: FileTree,
    environment: Mapping[str, str],
    why: Unknown,
    streams: Mapping[str, Text] = NO_STREAMS,
) -> None:
    """A requirements file and those that it names (pip: `req_file.py`).

    `path`: the file, an image path; `folder`: where relative paths of projects start (pip: the working
    directory); nested `-r` files are relative to the file that names them; `streams`: what is read from pipes.
    """
    todo = [path]
    seen: set[str] = set()
    lines = 0
    complete = True
    while todo:
        one = todo.pop(0)
        if one in seen:
            continue
        seen.add(one)
        found = follow(files, one)
        if one in streams:
            stream = streams[one]
            content = why if stream is None else stream
        elif isinstance(found.answer, Absent):
            asked.missing = one
            return
        else:
            content = files.read(found.path)
        if isinstance(content, Unknown) or len(content) > LARGEST_FILE or len(seen) > MOST_FILES:
            third_party = isinstance(content, Unknown) and content.third_party
            installed = told_of(content) if isinstance(content, Unknown) else None
            unknown = Unknown(
                f"what {one} asks for is not known", why.location, May.of_installer(others_only=third_party)
            )
            asked.cannot_tell(replace(unknown, installed=installed))
            continue
        text = decoded(content)
        source = found.answer.source if isinstance(found.answer, Entry) else None
        asked.manifest = asked.manifest or (source or "").lstrip("/")
        hashed = HASHED.search(text)
        complete = complete and bool(hashed or COMPILED.search(text))
        asked.by_hand = asked.by_hand or not hashed
        for number, line in _lines(text):
            lines += 1
            if lines > MOST_LINES:
                asked.cannot_tell(why)
                return
            at = Location(source.lstrip("/"), number) if source else why.location
            text = VARIABLE.sub(lambda match: environment.get(match[1]) or match[0], line)
            if HASHED.search(f" {text}"):
                asked.hashed = True
            elif not text.startswith("-") and ";" not in text:
                asked.without_hash = asked.without_hash or at or Location(one)
            if nested := read_line(asked, text, folder, files, at):
                todo.append(join(parent_of(one), nested))
    asked.complete = complete


def read_line(asked: Asked, text: str, folder: str, files: FileTree, at: Location | None) -> str | None:
    """One line of a requirements file; gives the file that it names with `-r`, as written."""
    option = re.match(r"(-r|--requirement|-c|--constraint|-e|--editable)[\s=]*(.*)$", text)
    if option is None:
        if not text.startswith("-"):
            read_requirement(asked, text, folder, files, editable=False, at=at)
    elif option[1] in ("-r", "--requirement"):
        if "://" not in option[2]:
            return option[2].strip()
        asked.others = asked.unnamed = True
    elif option[1] in ("-e", "--editable"):
        text = option[2].strip().strip("'\"")
        read_requirement(asked, text, folder, files, editable=True, at=at)
    return None


STANDARD_INPUT = ("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")


def streams_of(call: Call) -> Mapping[str, Text]:
    """What a program can read besides files, by path."""
    return {**dict.fromkeys(STANDARD_INPUT, call.stdin), **call.descriptors}


HASHED = re.compile(r"^\s*--require-hashes\b|\s--hash[=\s]", re.MULTILINE)
COMPILED = re.compile(r"^#.*autogenerated by (?:pip-compile|uv\b)|^\s*# via\b", re.MULTILINE)
"""Listings that hold whatever their distributions need (pip: `--require-hashes`; pip-tools, uv: `pip compile`)."""


BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CODING = re.compile(rb"coding[:=]\s*([-\w.]+)")


def decoded(content: bytes) -> str:
    """As its byte order mark says, else a comment in its first two lines (pip: `req_file._decode_req_file`).

    PowerShell's `pip freeze > requirements.txt` writes UTF-16.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    for line in content.split(b"\n", 2)[:2]:
        told = CODING.search(line) if line.startswith(b"#") else None
        if told is not None:
            try:
                return content.decode(told[1].decode("ascii"), "replace")
            except LookupError:
                break
    return content.decode("utf8", "surrogateescape")


def _lines(text: str) -> list[tuple[int, str]]:
    """With their numbers, joined at backslashes, without comments and blank lines."""
    done: list[tuple[int, str]] = []
    held = ""
    first = 0
    for number, line in enumerate(text.splitlines(), 1):
        first = first if held else number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            held += line[:-1]
            continue
        whole = re.sub(r"(^|\s)#.*$", "", held + line).strip()
        held = ""
        if whole:
            done.append((first, whole))
    return [*done, (first, held.strip())] if held.strip() else done


def is_folder(files: FileTree, path: str) -> bool:
    """Is there certainly a folder?"""
    answer = follow(files, clean(path)).answer
    return isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY
