"""What gets into an image that should be nobody's: keys, credentials, the history of a repository."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from parity.analysis.analysis import Analysis
from parity.dockerfile.instructions import Arg, Env
from parity.dockerfile.parse import parse
from parity.image.counterpart import CopiedPart, copied_parts
from parity.image.layers import Copied, Placed
from parity.image.tree import ImageTree
from parity.model.location import Location, Unknown
from parity.model.secret_names import ENV_FILE, KINDS, OF_FOLDERS
from parity.model.token_forms import TOKEN
from parity.tree.base import Absent, Entry, FileKind, below, child, join

MOST_FOLDERS = 100
"""Folders of one COPY that are looked into: where people put such files is near the top."""
DEEPEST = 2
_HEAD = 8192
"""Bytes of a file that are looked at."""
_ELSEWHERE = re.compile(
    r"(?i)\.?(?:tests?|testing|testdata|fixtures?|examples?|samples?|docs?|node_modules|venv|env|site-packages|\.git)"
)
"""Folders whose keys are for show, or not the project's."""
_NAMES = re.compile(rf"(?i:{ENV_FILE}|\.git|{'|'.join(name for name, *_ in KINDS)})")
_ENV_SECRET = (
    r"(?im)^[ \t]*(?:export[ \t]+)?\w*"
    r"(?:SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIAL)\w*[ \t]*=[ \t]*(\S.*)$"
)
_ENV_VALUE = rb"(?m)^[ \t]*(?:export[ \t]+)?\w+[ \t]*=[ \t]*[^\s#]"
_NO_SECRET = (
    r"(?i)[<{$].*"
    r"|.*(?:change|example|your|placeholder|dummy|insecure|default|todo|replace|sample|test|local|xxx|\*\*\*).*"
    r"|(?:secret|password|postgres|admin|root|user|none|null|true|false|dev|development|minio|guest|foo|bar)\w*"
    r"|.{0,7}|\d+"
)


class Secret(Struct, frozen=True):
    """`what` it is; `checkout_path` of the file ("" for a value of the Dockerfile); `by`: what brings it.

    `removed_by`: takes it away in a later layer, where the one before has it all the same.
    """

    what: str
    name: str
    checkout_path: str
    image_path: str
    by: Location | None
    removed_by: Location | None = None


def secrets_of(analysis: Analysis) -> Iterator[Secret]:
    """Each file once, and the values of the Dockerfile."""
    yield from _values(analysis)
    tree = analysis.image.alone.tree
    told: set[str] = set()
    own = {
        layer.by
        for layer in tree.layers()
        if isinstance(layer, Copied) and not isinstance(layer.source, ImageTree)
    }
    own |= {layer.entry.made_by for layer in tree.layers() if isinstance(layer, Placed)}
    for part in copied_parts(tree):
        for path, image_path, what in _files(analysis, part):
            there = tree.readable(image_path)
            removed = there.removed_by if isinstance(there, Absent) and part.by in own else None
            if path in told or (isinstance(there, Absent) and removed is None):
                continue
            told.add(path)
            yield Secret(what, path[1:], path, image_path, part.by, removed)


def _files(analysis: Analysis, part: CopiedPart) -> Iterator[tuple[str, str, str]]:
    """What of a copied file or folder is a secret, where it gets to, and what it is."""
    checkout = analysis.checkout
    if part.source is None:
        if what := _what(analysis, part.checkout):
            yield part.checkout, part.image, what
        return
    waiting, left = [(part.checkout, 0)], MOST_FOLDERS
    while waiting and left:
        (folder, depth), left = waiting.pop(0), left - 1
        names = checkout.names(folder)
        for name in () if isinstance(names, Unknown) else sorted(names):
            path = child(folder, name)
            inside = below(path, part.checkout)
            may_be = _NAMES.fullmatch(name)
            entry = checkout.lookup(path) if may_be or "." not in name[1:] else None
            if not isinstance(entry, Entry):
                continue
            if entry.kind is FileKind.DIRECTORY and name != ".git":
                if depth < DEEPEST and not _ELSEWHERE.fullmatch(name):
                    waiting.append((path, depth + 1))
            elif (
                may_be
                and isinstance(part.source.lookup(join(part.origin, inside)), Entry)
                and (what := _what(analysis, path))
            ):
                yield path, join(part.image, inside), what


def _what(analysis: Analysis, path: str) -> str:
    """What the file (or the folder `.git`) holds that is a secret; "" for nothing."""
    folder, _, name = path.rpartition("/")
    if name == ".git":
        objects = analysis.checkout.lookup(child(path, "objects"))
        return "the history of the repository" if isinstance(objects, Entry) else ""
    kinds = [one for one in KINDS if re.fullmatch(one[0], name, re.IGNORECASE)]
    is_env = re.fullmatch(ENV_FILE, name, re.IGNORECASE) is not None
    if not kinds and not is_env:
        return ""
    content = analysis.checkout.read(path)
    if isinstance(content, Unknown):
        return ""
    head_of_file = content[:_HEAD]
    for _, pattern, what in kinds:
        if folder.endswith(OF_FOLDERS.get(name, "")) and re.search(pattern, head_of_file):
            return what
    return "settings with values" if is_env and _has_values(analysis, path, head_of_file) else ""


def _has_values(analysis: Analysis, path: str, content: bytes) -> bool:
    """Of a file that git has everybody knows the values; only what looks like a secret counts there."""
    if analysis.git_ignored(path):
        return re.search(_ENV_VALUE, content) is not None
    text = content.decode("utf8", "replace")
    values = (found[1].split(" #")[0].strip().strip("\"'") for found in re.finditer(_ENV_SECRET, text))
    return any(TOKEN.search(value) or not re.fullmatch(_NO_SECRET, value) for value in values)


def _values(analysis: Analysis) -> Iterator[Secret]:
    """ENV and ARG whose value has the form of a token. The history of an image shows both."""
    data = analysis.checkout.read(f"/{analysis.dockerfile}")
    if not isinstance(data, bytes) or not TOKEN.search(data.decode("utf8", "replace")):
        return
    for instruction in own_instructions(analysis):
        word = "ENV" if isinstance(instruction, Env) else "ARG"
        for name, value in instruction.pairs:
            if value and TOKEN.search(value):
                yield Secret("a token", f"{word} {name}", "", "", instruction.location)


def own_instructions(analysis: Analysis) -> Iterator[Env | Arg]:
    """Those of the stages that the image grew from: of the others it has no history."""
    data, image = analysis.checkout.read(f"/{analysis.dockerfile}"), analysis.image
    if not isinstance(data, bytes):
        return
    dockerfile = parse(data, analysis.dockerfile)
    stage = dockerfile.stages[image.stages[-1].index] if image.stages else None
    while stage is not None:
        yield from (one for one in stage.instructions if isinstance(one, Env | Arg))
        parent = stage.base.image
        stage = next(
            (one for one in dockerfile.stages[: stage.index] if parent in (one.name, str(one.index))), None
        )
