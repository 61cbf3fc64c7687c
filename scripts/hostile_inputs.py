"""Hostile projects, checked under limits: hostile_inputs.py [--seed S] [--count N] [--kind KIND]... [--only N] [--show]

Draws N projects of each kind from `tests/support/corpus`, lays each out beside an image that fails in a known way, and
asks for it in children that have 1 GB of address space and 30 seconds of processor time: on a terminal, in JSON and
three other machine formats in turn, and with one other command. Printed are those with which something is wrong, and
a table by kind:

inputs    projects
0 1 2     how `parity check` ended
time      more than the processor time, or no end at all
memory    more than the memory
error     an internal error, a traceback, or another status than 0, 1 or 2
format    a machine format that does not parse, or that another format contradicts
raw       control characters on the terminal that are not its own
hidden    the other image's finding is not in the report
silent    "ok", although the last line of the program imports what is missing: to be looked at
lost      status 2 and no report, because of something else than a configuration or an argument: to be looked at
seconds   of processor time, for the slowest
MB        for the largest

`--only N` takes one number alone, `--show` prints what it writes, `--keep FOLDER` leaves its files there. Nothing of a
project is run. Exit status: 1 where time, memory, error, format, raw or hidden is not 0.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.corpus import KINDS, drawn  # noqa: E402
from tests.support.corpus.material import Files, Input, clear, lay_out  # noqa: E402
from tests.support.limited import BETWEEN, Outcome, child, in_turn, parity, prepared  # noqa: E402

CONTROL: Files = {
    "control/Dockerfile": 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "begin.py"]\n',
    "control/.dockerignore": "left_out.py\n",
    "control/begin.py": "import left_out\n",
    "control/left_out.py": "",
}
FORMATS = ("json", "sarif", "gitlab", "junit", "github", "html", "markdown", "concise")
EACH_FINDING = ("sarif", "gitlab", "concise")
"""Those that leave no finding out, however many there are."""
OTHERS = (
    ("files", "--excluded"),
    ("files", "--format", "json"),
    ("why", "gone"),
    ("why", "main.py"),
    ("graph", "--format", "mermaid"),
    ("graph", "--format", "html"),
    ("graph", "--format", "dot"),
    ("graph", "--format", "json"),
    ("fix",),
    ("fix", "--unsafe"),
    ("smoke",),
    ("check", "--statistics"),
    ("check", "--clean"),
    ("check", "--compare", "Dockerfile", "control/Dockerfile"),
    ("check", "--write-baseline", "/dev/null"),
)
WRONG = ("time", "memory", "error", "format", "raw", "hidden")
LOOK = ("silent", "lost")


@dataclass
class Row:
    inputs: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0
    megabytes: float = 0

    def add(self, asked: Asked) -> None:
        self.inputs += 1
        self.counts.update([str(asked.status), *{column for column, _ in asked.wrong}])
        self.seconds, self.megabytes = max(self.seconds, asked.seconds), max(self.megabytes, asked.megabytes)


_OWN = re.compile(rb"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)|\r\n|\r\d+ s  |\r?\x1b\[K")
_OF_CONFIGURATION = re.compile(rb"error: (parity|pyproject)\.toml")
_RAW = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def raw_characters(output: bytes) -> str | None:
    """What would move the cursor, hide text or turn its direction, and does not come from the program itself."""
    text = _OWN.sub(b"\n", output).decode("utf8", "surrogateescape")
    found = _RAW.search(text)
    return None if found is None else repr(text[max(0, found.start() - 60) : found.end() + 20])


def parse(form: str, data: bytes) -> Any:
    """The report, read as its readers do; ValueError where they cannot."""
    text = data.decode("utf8")
    match form:
        case "json" | "sarif" | "gitlab":
            return json.loads(text)
        case "junit":
            try:
                return ElementTree.fromstring(text)
            except ElementTree.ParseError as error:
                raise ValueError(str(error)) from error
        case "github":
            for line in text.splitlines():
                if line.startswith("::") and not re.match(
                    r"::(error|warning|notice|debug|group|endgroup)[ :]", line
                ):
                    raise ValueError(f"no command: {line[:100]!r}")
        case "html":
            _Page().feed(text)
    if raw := raw_characters(data):
        raise ValueError(f"raw {raw}")
    return text


class _Page(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed") or any(name.startswith("on") for name, _ in attrs):
            raise ValueError(f"a {tag} that may run code")


def forms_of(number: int) -> tuple[str, ...]:
    """JSON, and three of the others in turn: each takes as long as a small check."""
    return ("json", *(FORMATS[1:] * 2)[number % 7 :][:3])


def verdicts(report: Any) -> dict[str, str]:
    return {image["dockerfile"]: image["verdict"] for image in report["images"] if "verdict" in image}


def judged(
    made: Input, forms: Sequence[str], shown: Outcome, formats: Outcome, other: Outcome
) -> Iterator[tuple[str, str]]:
    """What is wrong with it: a column of the table, and what was seen."""
    for name, outcome in (("check", shown), ("formats", formats), ("other", other)):
        text = outcome.output + outcome.error
        if outcome.hung or outcome.status in (-24, -9):
            yield "time", f"{name}: {'hung' if outcome.hung else f'{outcome.seconds:.0f} s'}"
        elif b"MemoryError" in text or outcome.megabytes > 1024:
            yield "memory", f"{name}: {outcome.megabytes:.0f} MB"
        elif outcome.status not in (0, 1, 2):
            yield "error", f"{name}: status {outcome.status} {text[-300:]!r}"
        elif found := re.search(rb"internal error.{0,300}|Traceback.*", text, re.DOTALL):
            yield "error", f"{name}: {found[0][:400]!r}"
        if name != "formats" and (raw := raw_characters(outcome.output)):
            yield "raw", f"{name}: {raw}"
    if shown.status in (0, 1, 2) and formats.status == 0:
        yield from _reports(made, forms, shown, formats)


def _reports(
    made: Input, forms: Sequence[str], shown: Outcome, formats: Outcome
) -> Iterator[tuple[str, str]]:
    written = formats.output.split(BETWEEN)
    if len(written) < len(forms):
        yield "format", f"{len(written)} of {len(forms)} are written: {formats.output[-300:]!r}"
        return
    statuses = {int(part.split(b"\n")[0]) for part in written[1:]}
    if statuses != {shown.status}:
        yield "format", f"statuses {shown.status} and {statuses}"
    reports: dict[str, Any] = {}
    for n, form in enumerate(forms):
        data = written[n].partition(b"\n")[2] if n else written[n]
        try:
            if data.strip():
                reports[form] = parse(form, data)
        except ValueError as error:
            yield "format", f"{form}: {error}"
    if "json" not in reports:
        if shown.status != 2:
            yield "format", "no report"
        elif not made.quiet and not _OF_CONFIGURATION.match(shown.output):
            yield "lost", repr(shown.output[-300:])
        return
    told = json.dumps(reports["json"])
    if not made.quiet and "left_out" not in told:
        yield "hidden", f"{verdicts(reports['json'])} {shown.output[-300:]!r}"
    told_by = {form: "left_out" in str(reports[form]) for form in EACH_FINDING if form in reports}
    if "left_out" in told and not all(told_by.values()):
        yield "format", f"not every format has the finding: {told_by}"
    if not made.quiet and verdicts(reports["json"]).get("Dockerfile") == "ok":
        yield "silent", repr(shown.output[:200])


@dataclass(frozen=True)
class Asked:
    """How `check` ended, what is wrong (a column of the table, and what was seen), and the greatest figures."""

    status: int
    wrong: list[tuple[str, str]]
    seconds: float
    megabytes: float


def ask(made: Input, number: int, answers: Path, show: bool = False, keep: Path | None = None) -> Asked:
    """One project, in a folder of its own; the number picks the other command."""
    folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    try:
        lay_out({**CONTROL, **{path: data for path, data in made.files.items() if path != "control"}}, folder)
        common = ("--jobs", "1", "--cache-dir", str(answers), *made.arguments)
        forms, another = forms_of(number), OTHERS[number % len(OTHERS)]
        runs = (
            child(lambda: parity("check", "-v", *common), folder, terminal=True),
            child(lambda: in_turn([("check", "--format", form, *common) for form in forms]), folder),
            child(lambda: parity(*another), folder, terminal=True),
        )
        if show:
            for run in runs:
                print(f"status {run.status}, {run.seconds:.1f} s, {run.megabytes:.0f} MB")
                print((run.output + run.error)[-6000:].decode("utf8", "replace").replace("\x1b", "^["))
        if keep is not None:
            shutil.copytree(folder, keep, symlinks=True, dirs_exist_ok=True)
        seconds, megabytes = max(run.seconds for run in runs), max(run.megabytes for run in runs)
        return Asked(runs[0].status, list(judged(made, forms, *runs)), seconds, megabytes)
    finally:
        clear(folder)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kind", choices=KINDS, action="append")
    parser.add_argument("--only", type=int)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--slow", type=float, default=10, help="print those that take more seconds than that")
    options = parser.parse_args()
    prepared(
        (*(("check", "--cache-dir", "kept", "--format", form) for form in ("text", *FORMATS)), *OTHERS),
        lambda folder: lay_out({**CONTROL, **drawn("deployment", 1, 0).files}, folder),
    )
    table = {kind: Row() for kind in options.kind or KINDS}
    numbers = range(options.first, options.first + options.count) if options.only is None else [options.only]
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as answers:
        for number in numbers:
            for kind, row in table.items():
                made = drawn(kind, options.seed, number)
                asked = ask(made, number, Path(answers), options.show, options.keep)
                row.add(asked)
                slow = [("slow", f"{asked.seconds:.1f} s")] if asked.seconds > options.slow else []
                for column, seen in asked.wrong + slow:
                    print(f"{column:7} {kind} {number} [{made.name[:90]}] {seen[:700]}", flush=True)
            if number % 50 == 49 or number == numbers[-1]:
                show_table(table)
                print(f"seed {options.seed}, {time.monotonic() - started:.0f} s", flush=True)
    return int(any(row.counts[column] for row in table.values() for column in WRONG))


def show_table(table: dict[str, Row]) -> None:
    columns = ("0", "1", "2", *WRONG, *LOOK)
    titles = "".join(f"{column:>7}" for column in columns)
    print(f"\n{'':14}{'inputs':>7}{titles}{'seconds':>9}{'MB':>6}")
    for kind, row in table.items():
        counts = "".join(f"{row.counts[column]:7}" for column in columns)
        print(f"{kind:14}{row.inputs:7}{counts}{row.seconds:9.1f}{row.megabytes:6.0f}")


if __name__ == "__main__":
    sys.exit(main())
