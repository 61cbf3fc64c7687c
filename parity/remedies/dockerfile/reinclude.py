"""Which lines of the ignore file bring a path back into the build context, and nothing else?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from parity.context.build_context import BuildContext
from parity.context.ignore import IgnoreFile, IgnoreRule, Matcher, rule_of
from parity.model.errors import ParityError
from parity.model.finding import Edit
from parity.model.location import Location, Unknown
from parity.model.secret_names import is_secret
from parity.tree.base import Entry, FileKind, join
from parity.tree.links import follow

MOST_BELOW = 5_000
"""Files and folders below a folder that are compared before a promise is made about them."""
_HARMLESS = re.compile(
    r".+\.(?:py|pyi|pyc|typed|json|toml|ya?ml|html?|j2|jinja2?|txt|sql|css|js|svg|xml|xsd|csv|tsv|graphql|proto|mako|md|rst"
    r"|po|mo|ini|cfg|conf|tmpl|tpl|template|lark|pot|so|pyx|sh"
    r"|example|sample|dist|template|png|jpe?g|gif|ico|webp|woff2?|ttf|eot|otf|map|scss|less|tsx?|jsx|mjs|htm|pdf|wav|mp3)"
)
"""Files that code needs, or reads. Anything else in a folder that is kept out may be why it is kept out."""
WILDCARD = re.compile(r"([\\*?\[\]])")


class Readmission(Struct, frozen=True):
    """Lines to add below the line `below` of the ignore file; none: that line is to be removed.

    `above`: how many lines above the one that is removed speak of it alone.
    """

    path: str
    below: int
    lines: tuple[str, ...]
    removed: str = ""
    above: int = 0

    @property
    def text(self) -> str:
        """The sentence for people."""
        if not self.lines:
            return f"{self.path}:{self.below}: remove the line {self.removed}"
        noun = "line" if len(self.lines) == 1 else "lines"
        return f"{self.path}:{self.below}: add the {noun} {', '.join(self.lines)} below it"

    @property
    def edits(self) -> tuple[Edit, ...]:
        if not self.lines:
            return (Edit(self.path, self.below - self.above, self.below, ""),)
        added = "".join(line + "\n" for line in self.lines)
        return (Edit(self.path, self.below + 1, self.below, added),)


def reinclude(context: BuildContext, path: str) -> Readmission | None:
    """An exception for the context path `path` (absolute in the context) and all below it.

    A line that names just this path is removed instead.

    What other rules keep out below it stays out: their lines are repeated below the exception where that is
    needed. Of a package only the Python files are let in where it holds something else that an image may not need.
    None where no line does it for certain, tried out on the files that are there, where nothing hides the path, and
    where a secret would get in.
    """
    if context.hidden_by(path) is None:
        return None
    written = WILDCARD.sub(r"\\\1", path[1:])
    if not written.isprintable() or written != written.strip() or written.startswith("!"):
        return None
    if _is_gits(context):
        return None
    hidden = _hidden_below(context, path)
    if hidden is None:
        return None
    try:
        if all(_is_harmless(one) for one in hidden):
            return _without_its_line(context, path) or _tried(context, path, f"!{written}", _anything)
        if any(one.endswith("/__init__.py") for one in hidden):
            return _tried(context, path, f"!{written}/**/*.py", _is_code)
        return None
    except ParityError:
        return None  # the ignore file has a pattern that fails the build


def _is_gits(context: BuildContext) -> bool:
    """Is the ignore file a link to the one that git reads?"""
    place = "/" + context.ignore.path
    return follow(context.tree, place).path.endswith("/.gitignore")


def _hidden_below(context: BuildContext, path: str) -> tuple[str, ...] | None:
    """The files at and below the path that no rule but those over the path itself keeps out."""
    wanted = Matcher(_others(context.ignore.rules, path[1:]))
    below = _below(context, path)
    if below is None:
        return None
    files = (one for one in below if not wanted.verdict(one[1:]).ignored)
    return tuple(one for one in files if not _is_folder(context, one))


def _is_folder(context: BuildContext, path: str) -> bool:
    answer = context.tree.lookup(context.checkout_path(path))
    return isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY


def _is_harmless(path: str) -> bool:
    name = path.rpartition("/")[2]
    return not is_secret(path[1:]) and (_HARMLESS.fullmatch(name) is not None or "." not in name)


def _is_code(path: str) -> bool:
    return path.endswith(".py")


def _anything(path: str) -> bool:
    return bool(path)


def _without_its_line(context: BuildContext, path: str) -> Readmission | None:
    """Where one rule alone hides the path, and says nothing else."""
    rules = context.ignore.rules
    left = _others(rules, path[1:])
    hiding = [rule for rule in rules if rule not in left]
    if len(left) != len(rules) - 1 or len(hiding) != 1 or hiding[0].pattern != path[1:]:
        return None
    if WILDCARD.search(path) or not _lets_in(context, path, left):
        return None
    above = _comment_above(context, hiding[0].line)
    return Readmission(context.ignore.path, hiding[0].line, (), hiding[0].text, above)


def _comment_above(context: BuildContext, line: int) -> int:
    """How many lines of comment above speak of this line alone: what follows it is empty, or a comment."""
    data = context.tree.read(follow(context.tree, "/" + context.ignore.path).path)
    lines = data.decode("utf8", "replace").split("\n") if isinstance(data, bytes) else []
    below = lines[line].strip() if line < len(lines) else ""
    if line > len(lines):
        return 0
    if below and not below.startswith("#"):
        return 0
    first = line - 1
    while first and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return line - 1 - first


def _lets_in(context: BuildContext, path: str, rules: tuple[IgnoreRule, ...]) -> bool:
    kept = BuildContext(context.tree, context.root, IgnoreFile(context.ignore.path, rules)).lookup(path)
    return isinstance(kept, Entry) and kept.content != b""


def _tried(
    context: BuildContext, path: str, line: str, wanted_of: Callable[[str], bool]
) -> Readmission | None:
    """`wanted_of`: which of the paths below are to get in, so far as other rules let them."""
    rules = context.ignore.rules
    exception = rule_of(line, Location(context.ignore.path))
    if exception is None:
        return None
    probe = path if wanted_of is _anything else f"{path}/__init__.py"
    at = _place(rules, exception, probe[1:])
    if at is None:
        return None
    wanted = Matcher(_others(rules, path[1:]))
    below = _below(context, path)
    if below is None:
        return None
    below = tuple(one for one in below if wanted_of is _anything or not _is_folder(context, one))
    again: list[IgnoreRule] = []
    for one in below:
        rule = wanted.verdict(one[1:]).rule
        if not wanted_of(one):
            continue
        if wanted.verdict(one[1:]).ignored and rule is not None and rule in rules[:at] and rule not in again:
            again.append(rule)
    again.sort(key=rules.index)
    if again and any(rule.exception for rule in rules[rules.index(again[0]) : at]):
        return None  # repeated below that exception, a rule would say something new elsewhere
    made = (*rules[:at], exception, *again, *rules[at:])
    matcher = Matcher(made)
    if not _lets_in(context, path, made):
        return None
    stays_out = {one for one in below if not wanted_of(one) or wanted.verdict(one[1:]).ignored}
    if any(matcher.verdict(one[1:]).ignored != (one in stays_out) for one in below):
        return None
    lines = (line, *(rule.text for rule in again))
    return Readmission(context.ignore.path, rules[at - 1].line, lines)


def _place(rules: tuple[IgnoreRule, ...], exception: IgnoreRule, path: str) -> int | None:
    """Below which rule the exception is the last word on the path: the first such place from above."""
    deciding = Matcher(rules).verdict(path).rule
    at = 0
    while deciding is not None and deciding in rules[at:]:
        at = rules.index(deciding, at) + 1
        verdict = Matcher((*rules[:at], exception, *rules[at:])).verdict(path)
        if not verdict.ignored:
            return at
        deciding = verdict.rule
    return None


def _others(rules: tuple[IgnoreRule, ...], path: str) -> tuple[IgnoreRule, ...]:
    """The rules without those that keep out the path itself."""
    left = list(rules)
    while True:
        verdict = Matcher(left).verdict(path)
        if not verdict.ignored or verdict.rule is None:
            return tuple(left)
        left.remove(verdict.rule)


def _below(context: BuildContext, path: str) -> tuple[str, ...] | None:
    """The path and everything below it in the checkout; None if that is too much or cannot be listed."""
    found: list[str] = []
    for one in _walk(context, path):
        if one is None or len(found) == MOST_BELOW:
            return None
        found.append(one)
    return tuple(found)


def _walk(context: BuildContext, path: str) -> Iterator[str | None]:
    waiting = [path]
    while waiting:
        one = waiting.pop()
        yield one
        answer = context.tree.lookup(context.checkout_path(one))
        if isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY:
            names = context.tree.names(context.checkout_path(one))
            if isinstance(names, Unknown):
                yield None
                return
            waiting.extend(join(one, name) for name in sorted(names))
