"""Which base image has a Python that knows a module, or reads a syntax?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Edit, Remedy
from parity.remedies.dockerfile.written import written
from parity.remedies.dockerfile.written_paths import is_read_as_written

NEWEST, OLDEST = 14, 8
MOST = 5


def other_python(analysis: Analysis, versions: str) -> Iterator[Remedy]:
    """The FROM, or the ARG it takes the version from, with the nearest other 3.N first; newer ones before older.

    `versions`: what is said of those that have it; where it names one, that is tried first.
    """
    text = written(analysis.image, analysis.dockerfile)
    now = analysis.python
    if text is None or now is None or now.major != 3:
        return
    mark = re.compile(rf"(?<![\d.])3\.{now.minor}(?:\.\d+)?(?![\d.])")
    args = [one.location.line for one in text.dockerfile.global_args]
    stages = [stage.base.location.line for stage in text.dockerfile.stages]
    spots = [
        line
        for line in (*args, *stages)
        if mark.search(text.lines[line - 1]) and is_read_as_written(text.path)
    ]
    if not spots:
        return
    named = [int(minor) for minor in re.findall(r"\b3\.(\d+)", versions)]
    newer = range(now.minor + 1, NEWEST + 1)
    older = range(now.minor - 1, OLDEST - 1, -1)
    for minor in list(dict.fromkeys((*named, *newer, *older)))[:MOST]:
        if minor == now.minor:
            continue
        edits = tuple(
            Edit(text.path, line, line, mark.sub(f"3.{minor}", text.lines[line - 1]) + "\n") for line in spots
        )
        yield Remedy(f"{text.path}:{spots[0]}: take Python 3.{minor}", edits, unsafe=True)
