"""Settings of pydantic: what their defaults name is imported, and decides what is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import told

IMAGE = """\
FROM python:3.12-slim
WORKDIR /app
RUN pip install pydantic-settings
{}COPY . .
CMD ["python", "main.py"]
"""
MAIN = (
    "from importlib import import_module\n\nfrom pydantic import ImportString\n"
    "from pydantic_settings import BaseSettings\n\n\n"
    "class Settings(BaseSettings):\n    store: ImportString = 'stores.disk:Store'\n"
    "    parts: list[str] = ['one']\n{}\n\n"
    "settings = Settings()\nfor name in settings.parts:\n    import_module(f'parts.{{name}}')\n"
)
FILES = {
    "main.py": MAIN.format(""),
    "stores/disk.py": "class Store:\n    pass\n",
    "stores/__init__.py": "",
    "parts/__init__.py": "",
    "parts/one.py": "",
    "Dockerfile": IMAGE.format(""),
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("stores/disk.py", "error PAR101 start stores.disk at main.py:8"),
        ("parts/one.py", "error PAR101 start parts.one at main.py:14"),
    ],
)
def test_defaults_are_what_holds(tmp_path: Path, path: str, expected: str) -> None:
    assert told(tmp_path, {**FILES, ".dockerignore": f"{path}\n"}) == [expected]


def test_the_environment_may_say_otherwise(tmp_path: Path) -> None:
    files = {**FILES, "Dockerfile": IMAGE.format("ENV SHOP_PARTS='[]'\n"), ".dockerignore": "parts/one.py\n"}
    assert told(tmp_path, files) == []


@pytest.mark.parametrize(
    "more",
    [
        "    model_config = {'env_file': '.env'}\n",
        "\n    @field_validator('parts')\n    def none(cls, value):\n        return []\n",
    ],
)
def test_a_file_or_a_validator_may_say_otherwise(tmp_path: Path, more: str) -> None:
    main = "from pydantic import field_validator\n" + MAIN.format(more)
    assert told(tmp_path, {**FILES, "main.py": main, ".dockerignore": "parts/one.py\n"}) == []
