"""What parity says of the removals in fixtures/removals, beside what happens: removals_table.py [-v] [NAME ...]

One row a case: the removals, those after which the start, the first request or task, or a later one fails; what is
told of the failing ones; `warned`: warnings where everything that was asked works; `false`: errors there.
`-v` names each that is not told as it is.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.removals import CASES, judge, recorded, told  # noqa: E402

COLUMNS = ("removals", "start", "first", "later", "told", "early", "warned", "untold", "false")


def main() -> None:
    names = [name for name in sys.argv[1:] if name != "-v"]
    total: Counter[str] = Counter()
    print("| case | " + " | ".join(COLUMNS) + " |", "| --- " * (len(COLUMNS) + 1) + "|", sep="\n")
    for case in CASES:
        if names and case.name not in names:
            continue
        row: Counter[str] = Counter()
        for removed, truth in recorded(case).items():
            with tempfile.TemporaryDirectory() as folder:
                said = told(case, removed, Path(folder))
            verdict = judge(truth, said)
            row.update(("removals", truth.fails, verdict))
            if "-v" in sys.argv and (
                verdict not in ("", "told") or (verdict == "told" and said.kind != truth.fails)
            ):
                print(f"  {verdict}: {removed}: {truth.fails} {truth.said[:90]}: {list(said.findings)}")
        total.update(row)
        print(f"| {case.name} | " + " | ".join(str(row[column]) for column in COLUMNS) + " |", flush=True)
    print("| total | " + " | ".join(str(total[column]) for column in COLUMNS) + " |")


if __name__ == "__main__":
    main()
