"""The keys of `[tool.parity]` and parity.toml: what each means, for the reader, the JSON schema and the docs."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from parity.config.fail_on import CHOICES
from parity.model.finding import Severity

SEVERITIES = tuple(one.value for one in Severity)

Text = str
Value = Text | list[Text] | dict[Text, Text] | dict[Text, list[Text]]


class Kind(Enum):
    """What stands behind a key."""

    TEXT = "a text"
    WORDS = "a list of texts"
    PAIRS = "a table of texts"
    LISTS = "a table of lists of texts"
    COMMAND = "a text, or a list of texts"


class Key(Struct, frozen=True):
    """`choices`: the only values there are, of a table's each, () where any text will do; `may_be_empty`: the empty
    text, too.
    """

    name: str
    kind: Kind
    meaning: str
    choices: tuple[str, ...] = ()
    may_be_empty: bool = False


TOP = (
    Key("select", Kind.WORDS, "only these rules: codes, beginnings of codes, or names"),
    Key("ignore", Kind.WORDS, "all rules but these"),
    Key(
        "per-file-ignores",
        Kind.LISTS,
        "rules that do not apply to findings in these files, which are named by .gitignore patterns",
    ),
    Key("severity", Kind.PAIRS, "the severity of rules, instead of their own", SEVERITIES),
    Key(
        "fail-on",
        Kind.TEXT,
        "the least severity for which the exit status is 1, and whether it is 1 for what was not checked",
        CHOICES,
    ),
    Key("baseline", Kind.TEXT, "a file of known findings, which are not reported again"),
    Key("exclude", Kind.WORDS, "Dockerfiles not to be looked at, as .gitignore patterns"),
    Key(
        "python-environment",
        Kind.TEXT,
        "the virtual environment whose metadata says what packages contain and need",
    ),
    Key("imports", Kind.PAIRS, "import names and the distributions that provide them, where no table knows"),
)
IMAGE = (
    Key("dockerfile", Kind.TEXT, "the Dockerfile, relative to the configuration's folder"),
    Key("context", Kind.TEXT, "the build context, relative to the configuration's folder"),
    Key("target", Kind.TEXT, "the stage to build", may_be_empty=True),
    Key("build-args", Kind.PAIRS, "as --build-arg"),
    Key("build-contexts", Kind.PAIRS, "as --build-context: a name and a folder"),
    Key("entrypoint", Kind.COMMAND, "the start command, instead of the image's own"),
    Key("python", Kind.TEXT, "the image's Python, where its base image does not say"),
    Key("platform", Kind.TEXT, "the target platform, like linux/amd64"),
    Key("ignore", Kind.WORDS, "rules that do not apply to this image"),
)
BASE = (
    Key("like", Kind.TEXT, "a public image whose files and settings it has, like python:3.12-slim"),
    Key("python", Kind.TEXT, "the version of its Python"),
    Key("workdir", Kind.TEXT, "its WORKDIR"),
    Key("env", Kind.PAIRS, "its environment variables"),
    Key("user", Kind.TEXT, "its USER", may_be_empty=True),
    Key("entrypoint", Kind.WORDS, "its ENTRYPOINT"),
    Key("cmd", Kind.WORDS, "its CMD"),
)
IMAGES, BASES = "images", "bases"
"""The two tables: `[[tool.parity.images]]`, and `[tool.parity.bases."NAME"]`."""
