"""Records what CPython makes of the programs in fixtures/startup: record_startups.py [NAME ...]

Writes `expected.json` of each: the Python version, the exception, message, file and line it ends with (null
where it works). `entry`, the arguments of `python`, has to be there already.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support import cpython  # noqa: E402


def main() -> None:
    folder = ROOT / "fixtures" / "startup"
    for name in sys.argv[1:] or sorted(path.name for path in folder.iterdir()):
        expected = folder / name / "expected.json"
        entry = json.loads(expected.read_text())["entry"]
        with tempfile.TemporaryDirectory() as made:
            real = cpython.really(cpython.files_of(folder / name), tuple(entry), Path(made, "program"))
        python = "{}.{}".format(*sys.version_info)
        told = {"entry": entry, "python": python, **dataclasses.asdict(real)}
        expected.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
