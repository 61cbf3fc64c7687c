"""Compares `parity check` with CPython on small applications.

Usage: programs_against_cpython.py [--seed N] [--count N] [--only N]

Each is drawn from a grammar of what real applications are full of (small_programs/), with a Dockerfile. What its image
would hold is laid out in a folder and started there by the real interpreter of that version; parity reads the
checkout. Told is each on which they differ, then how often by kind of construct:

- certain, likely: the failure was told, with the exception and the place;
- warning: as a warning or for later; unchecked: the answer was that something cannot be told;
- amiss: another failure was told, not this one; silent: the answer was that it starts;
- false certain, false likely: an error was told, and the application starts.

`--only N` writes the application N itself, and both answers. Ends with status 1 if a false error was certain.
"""

from __future__ import annotations

import argparse
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from small_programs.grammar import Grammar, read
from small_programs.project import PYTHONS, Project, draw, kind_at, lay_out

from parity import pipeline
from parity.config.asked import Asked
from parity.config.discover import discover
from parity.model.finding import Confidence, Finding, Severity
from parity.model.occasion import When
from parity.model.report import Verdict

SECONDS = 10
"""How long a start may take."""
IMAGE = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
}
"""The environment of an official image, nearly."""
FALSE = ("false certain", "false likely")
MISSED = ("silent", "amiss", "unchecked", "warning")
TOLD = ("certain", "likely")


@dataclass(frozen=True)
class Ended:
    """How a start ended: `exception` is None where it did well; `frames`: in the application, outermost first."""

    exception: str | None
    text: str = ""
    frames: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Compared:
    outcome: str
    kind: str
    real: Ended
    told: str


def interpreters(base: Path) -> dict[int, Path]:
    """Of each minor version that is found here, an interpreter without packages."""
    found = {}
    for minor in PYTHONS:
        pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
        here = [shutil.which(f"python3.{minor}"), *map(str, pyenv.glob(f"3.{minor}.*/bin/python"))]
        for python in filter(None, here):
            asked = subprocess.run(
                [python, "-m", "venv", "--without-pip", base / f"3.{minor}"], capture_output=True, check=False
            )
            if asked.returncode == 0:
                found[minor] = base / f"3.{minor}" / "bin" / f"python3.{minor}"
                break
        else:
            sys.stderr.write(f"no Python 3.{minor} was found: its programs are left out\n")
    return found


def really(project: Project, python: Path, folder: Path) -> Ended | None:
    """How the interpreter ends that is started where the image's files lie; None where it does not."""
    folder.mkdir()
    lay_out(project, folder, project.image)
    try:
        process = subprocess.run(
            [python, *project.start],
            cwd=folder,
            env={**IMAGE, **project.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if not process.returncode:
        return Ended(None)
    return _ended(process.stderr.decode(errors="replace"), folder, project)


def _ended(written: str, folder: Path, project: Project) -> Ended:
    """What the last traceback says, before those of functions that run at exit; of a group, its own."""
    written = written.partition("Exception ignored in ")[0].partition("+-+---")[0]
    written = re.sub(r"^  [|+] ", "", written, flags=re.M)
    traceback = written.rpartition("Traceback (most recent call last):\n")[2]
    frames = []
    for path, line in re.findall(r'^ *File "(.+?)", line (\d+)', traceback, re.M):
        relative = path.removeprefix(f"{folder}/")
        if relative in project.checkout:
            frames.append((relative, int(line)))
    last = [line for line in traceback.splitlines() if re.match(r"[A-Za-z_][\w.]*(:|$)", line)]
    if "most recent call last" not in written and "SyntaxError" not in written and "Error: " not in written:
        return Ended("SystemExit" if "python" not in written else "", written.strip()[-200:])
    name, _, text = (last[-1] if last else "?").partition(": ")
    return Ended(name.rpartition(".")[2], text, tuple(frames))


def told(folder: Path) -> tuple[list[Finding], Verdict, list[str]]:
    """What parity finds, its verdict, and what it says that it cannot know."""
    report = pipeline.check(discover(folder, Asked()))
    if not report.images:
        return [], Verdict.UNCHECKED, [failure.message for failure in report.failures]
    (image,) = report.images
    return list(image.findings), image.verdict, [one.reason for one in image.unknowns]


def _place(finding: Finding) -> tuple[str, int]:
    where = finding.location
    return (where.path.lstrip("/"), where.line) if where else ("", 0)


def _says(finding: Finding) -> str:
    path, line = _place(finding)
    return f"{finding.confidence.value} {finding.code} {path}:{line} {finding.exception}: {finding.message}"


def compare(project: Project, real: Ended, folder: Path) -> Compared:
    findings, verdict, reasons = told(folder)
    errors = [f for f in findings if f.severity is Severity.ERROR and f.when is When.START]
    said = "; ".join(map(_says, errors)) or "; ".join(map(_says, findings)) or "; ".join(reasons)
    if real.exception is None:
        wrong = sorted(errors, key=lambda f: f.confidence is not Confidence.CERTAIN)
        if wrong:
            return Compared(
                f"false {wrong[0].confidence.value}", kind_at(project, *_place(wrong[0])), real, said
            )
        return Compared("right" if verdict is Verdict.OK else f"right, {verdict.value}", "", real, said)
    kinds = [kind for frame in reversed(real.frames) if (kind := kind_at(project, *frame))]
    return Compared(
        _noticed(real, errors, findings, verdict), kinds[0] if kinds else "the start command", real, said
    )


def _noticed(real: Ended, errors: list[Finding], findings: list[Finding], verdict: Verdict) -> str:
    same = [f for f in errors if _same(f, real)]
    if same:
        return "certain" if any(f.confidence is Confidence.CERTAIN for f in same) else "likely"
    if errors:
        return "amiss"
    if findings:
        return "warning"
    return "unchecked" if verdict is Verdict.UNCHECKED else "silent"


_SYNTAX = frozenset({"SyntaxError", "IndentationError", "TabError"})


def _same(finding: Finding, real: Ended) -> bool:
    """Is this finding the failure that happened?"""
    if not real.frames:
        return not finding.chain
    alike = finding.exception == real.exception or (
        finding.exception in _SYNTAX and real.exception in _SYNTAX
    )
    places = {_place(finding), *((link.path.lstrip("/"), link.line) for link in finding.chain)}
    return alike and (
        real.frames[-1] in places or (real.exception in _SYNTAX and real.frames[-1][0] == _place(finding)[0])
    )


def labels(kind: str) -> Iterator[str]:
    """The construct, and each context that it stands in."""
    construct, _, contexts = kind.rpartition(" / ") if " / " in kind else (kind, "", "")
    yield from filter(None, construct.split(" / "))
    yield from filter(None, contexts.split(", "))


def table(counts: dict[str, collections.Counter[str]]) -> str:
    columns = (*TOLD, *MISSED, *FALSE)
    rows = [
        f"{'kind of construct':58} {'fail':>6}"
        + "".join(f"{name.replace('false', 'f.'):>11}" for name in columns)
    ]
    for kind, count in sorted(
        counts.items(), key=lambda item: (-sum(item[1][n] for n in FALSE), -item[1]["silent"])
    ):
        failing = sum(count[name] for name in (*TOLD, *MISSED))
        if failing or any(count[name] for name in FALSE):
            rows.append(
                f"{kind[:58]:58} {failing:6}" + "".join(f"{count[name] or '':>11}" for name in columns)
            )
    return "\n".join(rows)


def one(
    number: int, grammar: Grammar, pythons: dict[int, Path], base: Path
) -> tuple[Project, Compared | None]:
    project = draw(grammar, number)
    if project.python not in pythons:
        return project, None
    checkout, image = base / "checkout", base / "image"
    checkout.mkdir()
    lay_out(project, checkout, project.checkout)
    try:
        real = really(project, pythons[project.python], image)
        return project, compare(project, real, checkout) if real else None
    finally:
        shutil.rmtree(checkout)
        shutil.rmtree(image, ignore_errors=True)


def _written(project: Project, compared: Compared | None) -> str:
    texts = [
        f"### {name}{'' if name in project.image else ' (not in the image)'}\n{text}"
        for name, text in project.checkout.items()
    ]
    return "\n".join([*texts, f"### python3.{project.python} {' '.join(project.start)}", str(compared)])


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=0, help="the first program")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--only", type=int, help="this program alone")
    options = parser.parse_args()
    grammar = read(Path(__file__).parent / "small_programs")
    base = Path(tempfile.mkdtemp()).resolve()
    total: collections.Counter[str] = collections.Counter()
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    try:
        pythons = interpreters(base)
        if options.only is not None:
            print(_written(*one(options.only, grammar, pythons, base)))
            return 0
        for number in range(options.seed, options.seed + options.count):
            project, compared = one(number, grammar, pythons, base)
            if compared is None:
                total["left out"] += 1
                continue
            total[f"Python 3.{project.python}"] += 1
            total[compared.outcome] += 1
            total["failing"] += compared.real.exception is not None
            for label in labels(compared.kind):
                counts[label][compared.outcome] += 1
            if compared.outcome in (*FALSE, *MISSED):
                print(
                    f"{number} {compared.outcome} [{compared.kind}] {compared.real} | {compared.told}",
                    flush=True,
                )
    finally:
        shutil.rmtree(base)
    print(table(counts))
    print(
        f"{options.count} programs from {options.seed}: "
        + ", ".join(f"{k} {n}" for k, n in sorted(total.items()))
    )
    return bool(total["false certain"])


if __name__ == "__main__":
    sys.exit(main())
