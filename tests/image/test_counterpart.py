"""Checkout path and image path, each from the other."""

from __future__ import annotations

import pytest

from parity.image.counterpart import checkout_folders, image_paths
from tests.support.building import built

FILES = {
    "services/api/src/api/main.py": "",
    "services/api/src/db.py": "",
    "src/api/main.py": "",
    "src/db.py": "",
    "lib/shared/x.py": "",
    "requirements.txt": "",
}


@pytest.mark.parametrize(
    ("dockerfile", "folder", "expected"),
    [
        ("FROM scratch\nCOPY . /app\n", "/app", ("/",)),
        ("FROM scratch\nCOPY . /app\n", "/app/src/api", ("/src/api",)),
        ("FROM scratch\nCOPY src /app\n", "/app", ("/src",)),
        ("FROM scratch\nCOPY src /app/src\n", "/app", ("/",)),
        ("FROM scratch\nCOPY src/api /app/src/api\n", "/app", ("/",)),
        ("FROM scratch\nCOPY src/api /app/src/api\n", "/app/src", ("/src",)),
        ("FROM scratch\nCOPY src /app/code\n", "/app", ()),
        ("FROM scratch\nCOPY src /app/code\n", "/app/code/api", ("/src/api",)),
        ("FROM scratch\nCOPY requirements.txt /app/\nCOPY src /app\n", "/app", ("/src", "/")),
        ("FROM scratch\nCOPY src /app\nCOPY lib /app\n", "/app", ("/lib", "/src")),
        ("FROM scratch AS b\nCOPY . /src\nFROM scratch\nCOPY --from=b /src/src /app\n", "/app", ("/src",)),
        ("FROM scratch AS b\nCOPY src /w\nFROM scratch\nCOPY --from=b /w /app/src\n", "/app", ("/",)),
        ("FROM scratch AS b\nCOPY src /w/src\nFROM scratch\nCOPY --from=b /w /app\n", "/app", ("/",)),
        ("FROM scratch AS b\nCOPY src /app/src\nFROM b\n", "/app", ("/",)),
        ("FROM debian:12\nCOPY src /tmp/s\nRUN mv /tmp/s /app\n", "/app", ("/src",)),
        ("FROM debian:12\nCOPY src /tmp/s\nRUN mkdir /app && mv /tmp/s /app/src\n", "/app", ("/",)),
        ("FROM debian:12\nCOPY src /tmp/s\nRUN cp -r /tmp/s /app\n", "/app/api", ("/src/api",)),
        ("FROM scratch\nCOPY --exclude=*.md src /app\n", "/app", ("/src",)),
        ("FROM scratch\nCOPY src /app\n", "/srv", ()),
    ],
)
def test_the_checkout_folders_of_an_image_folder(
    dockerfile: str, folder: str, expected: tuple[str, ...]
) -> None:
    assert checkout_folders(built(dockerfile, FILES).tree, folder) == expected


def test_a_context_below_the_checkout_root() -> None:
    image = built("FROM scratch\nWORKDIR /app\nCOPY src ./src\n", FILES, context="/services/api")
    assert checkout_folders(image.tree, "/app") == ("/services/api",)
    assert image_paths(image.tree, "/services/api/src/db.py") == ("/app/src/db.py",)


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        ("FROM scratch\nCOPY . /app\n", ("/app/src/db.py",)),
        ("FROM scratch\nCOPY src/db.py /a.py\nCOPY src /app\n", ("/app/db.py", "/a.py")),
        ("FROM scratch\nCOPY src/*.py /app/\n", ("/app/db.py",)),
        ("FROM scratch\nCOPY lib /app\n", ()),
        ("FROM debian:12\nCOPY src /app\nRUN rm /app/db.py\n", ()),
        ("FROM debian:12\nCOPY src /app\nRUN mv /app/db.py /app/database.py\n", ("/app/database.py",)),
        ("FROM scratch AS b\nCOPY src /w\nFROM scratch\nCOPY --from=b /w /app\n", ("/app/db.py",)),
    ],
)
def test_where_a_checkout_file_ended_up(dockerfile: str, expected: tuple[str, ...]) -> None:
    assert image_paths(built(dockerfile, FILES).tree, "/src/db.py") == expected


def test_renames_in_a_circle_end() -> None:
    steps = "RUN mv /a /b\nRUN mv /b /a\n" * 100
    image = built(f"FROM debian:12\nCOPY src /a\n{steps}", FILES)
    assert checkout_folders(image.tree, "/a") == ("/src",)
