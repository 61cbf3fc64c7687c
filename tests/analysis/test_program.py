"""Can the container's first program be executed?"""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.config.settings import ImageSettings, Settings
from parity.model.finding import Confidence
from parity.pipeline import check_image
from parity.tree.base import Entry, FileKind
from parity.tree.memory import MemoryTree

SCRIPT = "#!/bin/sh\nexec python main.py\n"
IMAGE = "FROM python:3.11-slim\nWORKDIR /app\n"


def file(text: str, mode: int, path: str = "start.sh") -> Entry:
    return Entry(FileKind.FILE, mode=mode, source=f"/{path}", content=text.encode())


def refused(dockerfile: str, **files: Entry | str) -> list[tuple[str, Confidence]]:
    tree = MemoryTree({"Dockerfile": IMAGE + dockerfile, "main.py": "", **files})
    image = ImageSettings(dockerfile="/Dockerfile", context="/")
    report = check_image(image, Settings(Path("/"), (image,)), tree)
    return [(one.message, one.confidence) for one in report.findings if one.code == "PAR602"]


PLAIN = file(SCRIPT, 0o644)
PROGRAM = file(SCRIPT, 0o755)
SURE, LIKELY = Confidence.CERTAIN, Confidence.LIKELY


@pytest.mark.parametrize(
    ("dockerfile", "script", "why"),
    [
        ('COPY . .\nENTRYPOINT ["/app/start.sh"]\n', PLAIN, "not executable"),
        ('COPY . .\nENTRYPOINT ["./start.sh"]\n', PLAIN, "not executable"),
        ('COPY . .\nRUN chmod -x start.sh\nENTRYPOINT ["./start.sh"]\n', PROGRAM, "not executable"),
        ('COPY . .\nCMD ["./start.sh", "x"]\n', PLAIN, "not executable"),
        ('COPY main.py .\nENTRYPOINT ["/app/start.sh"]\n', PROGRAM, "not in the image"),
        ('COPY . .\nRUN rm start.sh\nENTRYPOINT ["/app/start.sh"]\n', PROGRAM, "not in the image"),
        ('COPY . .\nENTRYPOINT ["/app"]\n', PROGRAM, "a folder"),
        (
            'COPY . .\nENTRYPOINT ["./start.sh"]\n',
            file(SCRIPT.replace("\n", "\r\n"), 0o755),
            "written with Windows line endings: its #! line ends in a carriage return",
        ),
        (
            'COPY . .\nENTRYPOINT ["./start.sh"]\n',
            file("exec python main.py\n", 0o755),
            "neither a program nor a script with a #! line",
        ),
        (
            'COPY . .\nENTRYPOINT ["./start.sh"]\n',
            file("#!/opt/bin/zsh\n", 0o755),
            "a script for /opt/bin/zsh, which is not in the image",
        ),
    ],
)
def test_the_kernel_refuses(dockerfile: str, script: Entry, why: str) -> None:
    found = refused(dockerfile, **{"start.sh": script})
    assert [(message.partition(" is ")[2], sure) for message, sure in found] == [(why, SURE)]


def test_a_folder_of_path_that_is_not_known_may_have_another() -> None:
    found = refused(
        'RUN apt-get install -y x\nCOPY . .\nCOPY start.sh /usr/local/bin/\nENTRYPOINT ["start.sh"]\n',
        **{"start.sh": PLAIN},
    )
    assert found == [("the start command's start.sh is not executable", LIKELY)]


@pytest.mark.parametrize(
    ("dockerfile", "script"),
    [
        ('COPY . .\nENTRYPOINT ["./start.sh"]\n', PROGRAM),
        ('COPY --chmod=755 . .\nENTRYPOINT ["./start.sh"]\n', PLAIN),
        ('COPY . .\nRUN chmod +x *.sh\nENTRYPOINT ["./start.sh"]\n', PLAIN),
        ('COPY . .\nRUN chmod +x $(find / -name "*.sh")\nENTRYPOINT ["./start.sh"]\n', PLAIN),
        ('COPY . .\nRUN find . -name "*.sh" -exec chmod +x {} \\;\nENTRYPOINT ["./start.sh"]\n', PLAIN),
        ('COPY . .\nRUN find . -name "*.sh" | xargs chmod +x\nENTRYPOINT ["./start.sh"]\n', PLAIN),
        ('COPY . .\nRUN install -m 755 start.sh /go.sh\nENTRYPOINT ["/go.sh"]\n', PLAIN),
        ('COPY . .\nRUN make permissions\nENTRYPOINT ["./start.sh"]\n', PLAIN),
        ('COPY . .\nENTRYPOINT ["sh", "./start.sh"]\n', PLAIN),
        ("COPY . .\nENTRYPOINT ./start.sh\n", PROGRAM),
        ('COPY . .\nENTRYPOINT ["gunicorn"]\n', PROGRAM),
        (
            'COPY . .\nRUN sed -i "s/\\r//" start.sh\nENTRYPOINT ["./start.sh"]\n',
            file(SCRIPT.replace("\n", "\r\n"), 0o755),
        ),
        (
            'COPY . .\nENTRYPOINT ["./start.sh"]\n',
            Entry(FileKind.FILE, source="/start.sh", content=SCRIPT.encode()),
        ),
    ],
)
def test_it_may_be_executed(dockerfile: str, script: Entry) -> None:
    assert refused(dockerfile, **{"start.sh": script}) == []
