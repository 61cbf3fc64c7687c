"""The grammar that small applications are drawn from: texts with choices in them.

A `.pieces` file is a list of parts, each under a line `--- kind`, which may go on with `3.12` (the first Python
that knows its syntax). In a part:

- `«a¦b¦c»` is one of these, each as likely as the others; `‹right¦wrong¦wrong›` is the first, but one of the
  others where the one who writes is careless;
- `$word` is a name, the same one within the part; with a capital it is a class;
- `%{rule}` is a text of the part `::: rule`;
- a line `=>` parts what defines from what uses: the use may be moved into a function, a `try`, a class, ...;
- a part `=== kind` is such a place; its line `¤` stands for the use, and `→ ` is before a call that the start
  script makes;
- a line `+++ file` starts another file, beside the module; `+++ /file` one beside the start script;
- `@{$m}` is the module $m beside this one, as `from @{$m} import x` names it; `@pkg.` is their package's prefix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

NOUNS = """
account address agent alarm album answer archive asset audit badge balance banner basket batch billing block board
branch bridge broker bucket budget bundle button cable calendar camera campaign card cargo carrier cart catalog channel
chart client cluster comment contact contract coupon course cursor customer dataset delivery deposit device dialect
digest domain driver editor engine episode estimate exporter feature feed fixture folder forecast gateway grade group
guard handler harbor holiday index inbox invoice item journal kernel label layer ledger lesson letter library license
listing loader locale locker manager margin market matrix member menu meter method mirror mission monitor network notice
offer office option order outlet owner packet panel parcel partner payment permit picture pipeline planet player policy
pool portal price printer product profile project quote recipe record region report request reserve review reward ring
river robot route rule sample scanner schedule scope sector segment sensor series server session shelf shop signal
sketch source stage station status stock store stream student subject supplier survey switch table tariff task teacher
template tenant theme ticket timer topic tracker trade transfer trigger tunnel user vendor version video visitor voucher
wallet warehouse widget window worker zone
""".split()


@dataclass(frozen=True)
class Part:
    kind: str
    text: str
    since: int
    """The minor version of the first Python that compiles it."""


@dataclass(frozen=True)
class Piece:
    """What was drawn of a part: its lines in the module, those that use them, and files beside."""

    kind: str
    defines: str
    uses: str
    files: tuple[tuple[str, str], ...]


@dataclass
class Writer:
    """One who writes pieces: how, and with which names."""

    random: Random
    careless: float = 0.0
    """How likely a slip is, at each place where one is possible."""
    used: set[str] = field(default_factory=set)

    def name(self) -> str:
        while True:
            word = "_".join(
                self.random.sample(NOUNS, 1 + (len(self.used) > 60 or self.random.random() < 0.1))
            )
            if word not in self.used:
                self.used.add(word)
                return word


@dataclass(frozen=True)
class Grammar:
    parts: tuple[Part, ...]
    rules: dict[str, tuple[str, ...]]
    contexts: tuple[Part, ...]

    def piece(self, part: Part, package: str, writer: Writer) -> Piece:
        """What `writer` writes of `part`, in a module of `package`: dotted, "" for the top."""
        text = _named(self._expand(part.text, writer, 0), writer)
        text = re.sub(r"@\{([\w.]+)\}", lambda m: writer.random.choice(_ways(m[1], package)), text)
        text = text.replace("@pkg.", package + "." if package else "")
        first, *others = re.split(r"^\+\+\+ (?=\S)", text, flags=re.M)
        defines, _, uses = first.partition("=>\n")
        files = tuple((name, body) for name, _, body in (other.partition("\n") for other in others))
        return Piece(part.kind, defines, uses, files)

    def within(self, context: Part, uses: str, writer: Writer) -> tuple[str, str]:
        """Lines in a context, and the call that the start script makes for them; "" for none."""
        text = _named(self._expand(context.text, writer, 0), writer)
        written, called = [], ""
        for line in text.splitlines():
            if line.strip() == "¤":
                indent = line.partition("¤")[0]
                written += [indent + use if use else "" for use in (uses.rstrip("\n") or "pass").split("\n")]
            elif line.startswith("→ "):
                called = line[2:]
            else:
                written.append(line)
        return "\n".join(written) + "\n", called

    def rule(self, name: str, writer: Writer, depth: int) -> str:
        return self._expand(writer.random.choice(self.rules[name]), writer, depth)

    def _expand(self, text: str, writer: Writer, depth: int) -> str:
        """`text` with its choices made, innermost last."""
        written = []
        for sort, body in _pieces(text):
            if sort == "text":
                written.append(body)
            elif sort == "%":
                written.append(self.rule(body, writer, depth + 1).strip("\n"))
            else:
                options = _options(body)
                if sort == "«":  # deep in a rule: what nests no further
                    flat = [o for o in options if "%{" not in o] if depth > 3 else options
                    chosen = writer.random.choice(flat or options)
                elif writer.random.random() < writer.careless:
                    chosen = writer.random.choice(options[1:])
                else:
                    chosen = options[0]
                written.append(self._expand(chosen, writer, depth))
        return "".join(written)


def _named(text: str, writer: Writer) -> str:
    """`text` with its names drawn."""
    names: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        word = match[1]
        if word not in names:
            noun = writer.name()
            names[word] = "".join(p.title() for p in noun.split("_")) if word[0].isupper() else noun
        return names[word]

    return re.sub(r"\$([A-Za-z]+\d*)", name, text)


def _ways(module: str, package: str) -> list[str]:
    return [f".{module}", f"{package}.{module}"] if package else [module]


_CLOSERS = {"«": "»", "‹": "›"}


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Its plain texts, choices ("«", "‹") and rules ("%"), in their order."""
    at = 0
    for match in re.finditer(r"[«‹]|%\{(\w+)\}", text):
        if match.start() < at:
            continue
        yield "text", text[at : match.start()]
        if match[1]:
            at = match.end()
            yield "%", match[1]
        else:
            end = _end(text, match.start())
            yield match[0], text[match.end() : end]
            at = end + 1
    yield "text", text[at:]


def _end(text: str, start: int) -> int:
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] in "«‹") - (text[at] in "»›")
        if not depth:
            return at
    raise ValueError(f"no end of the choice {text[start : start + 40]!r}")


def _options(body: str) -> list[str]:
    options, depth = [""], 0
    for letter in body:
        depth += (letter in "«‹") - (letter in "»›")
        if letter == "¦" and not depth:
            options.append("")
        else:
            options[-1] += letter
    return options


def read(folder: Path) -> Grammar:
    """The grammar of the `.pieces` files of a folder."""
    parts: list[Part] = []
    contexts: list[Part] = []
    rules: dict[str, tuple[str, ...]] = {}
    for file in sorted(folder.glob("*.pieces")):
        for section in re.split(r"^(?=---|:::|===)", file.read_text(encoding="utf-8"), flags=re.M):
            head, _, body = section.partition("\n")
            sort, _, said = head.partition(" ")
            if sort == "---":
                since = re.search(r" 3\.(\d+)$", said)
                kind = said[: since.start()] if since else said
                parts.append(Part(kind.strip(), body.strip("\n") + "\n", int(since[1]) if since else 0))
            elif sort == "===":
                contexts.append(Part(said.strip(), body.strip("\n") + "\n", 0))
            elif sort == ":::":
                rules[said.strip()] = (*rules.get(said.strip(), ()), body.strip("\n"))
    return Grammar(tuple(parts), rules, tuple(contexts))
