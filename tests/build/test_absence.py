"""Why is it not in the image?"""

from __future__ import annotations

import pytest

from parity.build.absence import explain
from parity.model.finding import Cause, CauseKind
from parity.model.location import Location, Unknown
from tests.support.building import at, built

FILES = {
    ".dockerignore": "*.md\n**/services\n!src/kept\n",
    "src/services/a.py": "",
    "src/api/main.py": "",
    "lib/x.py": "",
}


@pytest.mark.parametrize(
    ("dockerfile", "path", "expected"),
    [
        (
            "FROM scratch\nCOPY . /app\n",
            "/app/src/services/a.py",
            Cause(CauseKind.DOCKERIGNORE, "**/services", Location(".dockerignore", 2)),
        ),
        (
            "FROM scratch AS b\nCOPY . /w\nFROM scratch\nCOPY --from=b /w/src /app\n",
            "/app/services/a.py",
            Cause(CauseKind.DOCKERIGNORE, "**/services", Location(".dockerignore", 2)),
        ),
        (
            "FROM scratch\nCOPY src /app/src\n",
            "/app/lib/x.py",
            Cause(CauseKind.NOT_COPIED, "no instruction copies lib/x.py", at(2)),
        ),
        (
            "FROM scratch\nCOPY lib /app/lib\nCOPY src/api /app/src/api\n",
            "/app/src/other.py",
            Cause(CauseKind.NOT_COPIED, "no instruction copies src/other.py", at(3)),
        ),
        (
            "FROM debian:12\nCOPY lib /app/lib\nRUN rm -r /app/lib\n",
            "/app/lib/x.py",
            Cause(CauseKind.REMOVED, "/app/lib/x.py is removed", at(3)),
        ),
        (
            "FROM debian:12\nCOPY lib /app/lib\nRUN rm -r /app/lib\n",
            "/app/lib/never.py",
            Cause(CauseKind.NOT_COPIED, "no instruction copies lib/never.py", at(2)),
        ),
        (
            "FROM scratch AS test\nCOPY lib /app/lib\nFROM scratch\nCOPY src /s\nCOPY --from=test /none* /\n",
            "/app/lib/x.py",
            Cause(CauseKind.OTHER_STAGE, "it is in stage test only, at /app/lib/x.py", at(2)),
        ),
        (
            "FROM scratch\nCOPY --exclude=x.py lib /app/lib\n",
            "/app/lib/x.py",
            Cause(CauseKind.NOT_COPIED, "--exclude leaves it out", at(2)),
        ),
    ],
)
def test_the_cause(dockerfile: str, path: str, expected: Cause) -> None:
    assert explain(built(dockerfile, FILES), path) == expected


def test_a_cause_is_known_through_a_doubt() -> None:
    image = built("FROM example.com/private\nCOPY lib /app/lib\n", FILES)
    cause = explain(image, "/srv/x.py")
    assert cause.kind is CauseKind.NOT_COPIED
    assert image.unknowns == (Unknown("the base image example.com/private is not known", at(1)),)
