"""Fixes broken projects and checks them again: fixes.py [--breaks] [--places N] [--seed S] [--show] FOLDER_OR_CASE...

A FOLDER is a project; with `--breaks` a healthy one, which is broken as `scripts/breaks.py` breaks it, one break at a
time. A CASE is a text file as in `fixtures/conformance`. Without arguments: the projects of `fixtures` that have a
finding. Each is copied, checked, edited with `--unsafe`, and checked again. Printed is a table by code:

findings   errors and warnings before
gone       of those, what the edits end
no edit    of those, what no edit was offered for
other      findings that came with the edits: must be 0
left       findings that stay although an edit was made for them: must be 0

`--show` prints each diff. Nothing of a project is run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import breaks  # noqa: E402 - the script beside this one

from parity import pipeline  # noqa: E402
from parity.cli.options import Options  # noqa: E402
from parity.formats import diff  # noqa: E402
from parity.model.change import Choice, Fixes  # noqa: E402
from parity.model.errors import ParityError  # noqa: E402
from parity.model.finding import Finding, Severity  # noqa: E402
from parity.model.report import Report  # noqa: E402
from parity.remedies.trial.findings import Key, all_findings  # noqa: E402
from tests.conformance.case import read_case  # noqa: E402

COLUMNS = ("findings", "gone", "no edit", "other", "left")
Table = dict[str, Counter[str]]


def findings(report: Report) -> dict[Key, Finding]:
    return {key: one for key, one in all_findings(report) if one.severity is not Severity.INFO}


def fixed(options: Options) -> Fixes | None:
    """None where the question cannot be answered."""
    try:
        return pipeline.fix(options.settings(), Choice(unsafe=True))
    except ParityError:
        return None


def count(
    options: Options, table: Table, label: str, *, known: frozenset[Key] = frozenset(), show: bool
) -> None:
    """`known`: what was found before the break."""
    fixes = fixed(options)
    if fixes is None:
        return
    before = {key: one for key, one in findings(fixes.before).items() if key not in known}
    for change in fixes.changes:
        (options.path / change.path).write_bytes(change.after)
    after = findings(pipeline.check(options.settings()))
    edited = {one.fingerprint for change in fixes.changes for one in (d.finding for d in change.done)}
    for key, one in before.items():
        row = table.setdefault(one.code, Counter())
        row["findings"] += 1
        row["gone"] += key not in after
        row["no edit"] += key in after and one.fingerprint not in edited
        row["left"] += key in after and one.fingerprint in edited
        if key in after:
            print(f"  {label}: {one.code} {one.location} {one.message}\n      {one.fix}")
    for key, one in after.items():
        if key not in before and key not in known:
            table.setdefault(one.code, Counter())["other"] += 1
            print(f"  {label}: NEW {one.code} {one.location} {one.message}")
    if show and fixes.changes:
        print(f"=== {label}")
        print("\n".join(f"{one.code} {one.message}" for one in before.values()))
        print(diff.render(fixes.changes))
    for change in fixes.changes:
        (options.path / change.path).write_bytes(change.before)


def a_case(path: Path, table: Table, *, show: bool) -> None:
    case = read_case(path)
    with tempfile.TemporaryDirectory() as made:
        folder = case.lay_out(Path(made).resolve())
        pairs = [f"{name}={value}" for name, value in case.build_args.items()]
        options = Options(
            path=folder,
            dockerfile=[case.dockerfile],
            context=case.one("context"),
            target=case.one("target"),
            build_arg=pairs,
        )
        count(options, table, path.stem, show=show)


def broken(folder: Path, table: Table, places: int, draw: Random, *, show: bool) -> None:
    with breaks.copied(folder) as root:
        healthy = breaks.ask("check", root)
        images = healthy.report.get("images", [])
        services = breaks.services_of(root, healthy.report) if images else []
        options = Options(path=root)
        known = frozenset(findings(pipeline.check(options.settings()))) if services else frozenset()
        for kind, sample in breaks.drawn(services, places, draw):
            for _, one in sample:
                undo = breaks.apply(root, one.edits)
                count(options, table, f"{folder.name}: {kind}: {one.place}", known=known, show=show)
                breaks.apply(root, undo)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("projects", nargs="*", type=Path, metavar="FOLDER_OR_CASE")
    parser.add_argument("--breaks", action="store_true", help="break each folder first")
    parser.add_argument("--places", type=int, default=2, help="breaks of each kind in each folder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="print each diff")
    asked = parser.parse_args()
    fixtures = ROOT / "fixtures"
    projects = asked.projects or [
        *sorted(fixtures.glob("incident/*")),
        *sorted(fixtures.glob("rules/*/fails")),
        *sorted(fixtures.glob("conformance/*.txt")),
    ]
    table: Table = {}
    draw = Random(asked.seed)
    for path in projects:
        if path.is_file():
            a_case(path, table, show=asked.show)
        elif asked.breaks:
            broken(path.resolve(), table, asked.places, draw, show=asked.show)
        else:
            with breaks.copied(path.resolve()) as root:
                label = f"{path.parent.name}/{path.name}"
                count(Options(path=root), table, label, show=asked.show)
    total: Counter[str] = sum(table.values(), Counter())
    print(f"\n{'':10}" + "".join(f"{name:>10}" for name in COLUMNS))
    for code, row in [*sorted(table.items()), ("all", total)]:
        print(f"{code:10}" + "".join(f"{row[name]:10}" for name in COLUMNS))


if __name__ == "__main__":
    main()
