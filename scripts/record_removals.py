"""Records what happens to the applications in fixtures/removals without one file: record_removals.py [NAME ...]

Writes `NAME.truth.json`: by file, when it fails and the exception. PARITY_FRAMEWORKS names an interpreter into which
`tests/frameworks/requirements.txt` is installed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.removals import CASES, FOLDER, really, removable  # noqa: E402


def main() -> None:
    for case in CASES:
        if sys.argv[1:] and case.name not in sys.argv[1:]:
            continue
        seen = {}
        for removed in ("", *removable(case)):
            with tempfile.TemporaryDirectory() as folder:
                outcome = really(case, removed, Path(folder))
            if not removed and outcome.fails:
                sys.exit(f"{case.name} does not work: {outcome}")
            if removed:
                seen[removed] = [outcome.fails, outcome.said]
            print(case.name, removed, outcome.fails, outcome.said, sep="\t", flush=True)
        (FOLDER / f"{case.name}.truth.json").write_text(json.dumps(seen, indent=1) + "\n")


if __name__ == "__main__":
    main()
