"""Images that start with a script of the project: what the script does to the files counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.rules.test_rules import findings_of

DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["sh", "run.sh"]\n'
FILES = {
    "src/a.py": "import os\n",
    "shop/__init__.py": "",
    "shop/secret.py.default": "X = 1\n",
    "shop/__main__.py": "from shop.secret import X\n",
    "gap.py": "from shop import nothing\n",
}


def reported(folder: Path, script: str, dockerfile: str = DOCKERFILE) -> list[dict[str, Any]]:
    for name, text in {"Dockerfile": dockerfile, "run.sh": script, **FILES}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
    return findings_of(folder)


@pytest.mark.parametrize(
    "script",
    [
        "mv src/a.py src/b.py; exec python src/b.py",
        "cp shop/secret.py.default shop/secret.py; exec python -m shop",
        "cp /run/secrets/shop.py shop/secret.py; exec python -m shop",
        "ln -s /config/secret.py shop/secret.py; exec python -m shop",
        "rm -rf src/a.py; ./generate; exec python src/a.py",
        '[ -n "$DEV" ] && cp shop/secret.py.default shop/secret.py; exec python -m shop',
        'if [ -n "$CLEAN" ]; then rm -rf src; fi; exec python src/a.py',
        "cd nope; exec python src/a.py",
        "set -e; cd /data/shop; exec python src/a.py",
        "set -e; cd src; exec python a.py",
    ],
)
def test_nothing_is_reported(tmp_path: Path, script: str) -> None:
    assert reported(tmp_path, script) == []


@pytest.mark.parametrize(
    ("script", "code", "place", "message"),
    [
        (
            "rm -rf src/a.py\nexec python src/a.py",
            "PAR602",
            ("run.sh", 2),
            "the start command runs /app/src/a.py, which is not in the image",
        ),
        (
            "mv shop/secret.py.default shop/other.py\npython -m shop",
            "PAR104",
            ("shop/__main__.py", 1),
            "shop.secret is neither in the checkout nor in the image",
        ),
        (
            "sed -i s/os/nope/ src/a.py; python src/a.py",
            "PAR104",
            ("run.sh", 1),
            "nope is neither in the checkout nor in the image",
        ),
        (
            '[ "$DEBUG" = 1 ] && exec python -X dev gap.py || exec python gap.py',
            "PAR105",
            ("gap.py", 1),
            "shop does not define nothing",
        ),
        (
            "while true; do python gap.py; sleep 300; done",
            "PAR105",
            ("gap.py", 1),
            "shop does not define nothing",
        ),
        (
            'while true; do migrate; if [ "$?" = 0 ]; then break; fi; sleep 5; done; exec python gap.py',
            "PAR105",
            ("gap.py", 1),
            "shop does not define nothing",
        ),
        (
            "for i in 1 2 3; do nc -z db 5432 && break; sleep 1; done; exec python gap.py",
            "PAR105",
            ("gap.py", 1),
            "shop does not define nothing",
        ),
        (
            "while read -r line; do test -z $line && continue; done < hosts; exec python gap.py",
            "PAR105",
            ("gap.py", 1),
            "shop does not define nothing",
        ),
    ],
)
def test_what_the_script_leaves_breaks(
    tmp_path: Path, script: str, code: str, place: tuple[str, int], message: str
) -> None:
    (finding,) = reported(tmp_path, script)
    where = finding["location"]["path"], finding["location"]["line"]
    assert (finding["severity"], finding["confidence"]) == ("error", "certain")
    assert (finding["code"], where, finding["message"]) == (code, place, message)


@pytest.mark.parametrize("script", ["set -e\ncd nope\npython src/a.py", "\ncd nope && python src/a.py"])
def test_a_folder_that_is_not_there_ends_the_script(tmp_path: Path, script: str) -> None:
    (finding,) = reported(tmp_path, script)
    assert (finding["code"], finding["severity"], finding["confidence"]) == ("PAR602", "error", "likely")
    assert (finding["location"]["path"], finding["location"]["line"]) == ("run.sh", 2)
    assert (
        finding["message"] == "the start script enters /app/nope, which is not in the image, and ends there"
    )


def test_a_folder_that_is_a_volume_is_there(tmp_path: Path) -> None:
    dockerfile = f"{DOCKERFILE}VOLUME /app/nope\n"
    assert [one["code"] for one in reported(tmp_path, "set -e; cd nope; python src/a.py", dockerfile)] == []
