"""Names that a package of others may have, beside the project's own files of the same name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import told

START = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "bot/main.py"]\n'


def test_a_module_deep_in_a_package_is_not_meant_by_a_name_that_something_installed_may_have(
    tmp_path: Path,
) -> None:
    files = {
        "Dockerfile": START.replace("bot/main.py", "main.py"),
        "requirements.txt": "django-notices-community==1.2\n",
        "main.py": "import shop.mail\n",
        "shop/__init__.py": "",
        "shop/mail.py": "from notices.models import Notice\n",
        "shop/notices.py": "",
    }
    assert told(tmp_path, files) == []


@pytest.mark.parametrize(
    ("installed", "expected"),
    [
        ("requests==2.32.3\n", ["error PAR104 start plugins.gone at bot/main.py:1"]),
        ("bot-plugins==1.0\n", []),
    ],
)
def test_what_is_missing_in_a_folder_without_init(
    tmp_path: Path, installed: str, expected: list[str]
) -> None:
    files = {
        "Dockerfile": START,
        "requirements.txt": installed,
        "bot/main.py": "import plugins.gone\nimport plugins.here\n",
        "bot/plugins/here.py": "",
    }
    assert told(tmp_path, files) == expected


def test_metadata_of_a_project_that_was_installed_before_its_sources_came(tmp_path: Path) -> None:
    files = {
        "Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY pyproject.toml .\nRUN pip install .\nCOPY . .\n"
        'ENV PYTHONPATH=src\nCMD ["python", "-m", "shop"]\n',
        "pyproject.toml": '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[project]\nname = "shop"\nversion = "1"\n[tool.hatch.build.targets.wheel]\npackages = ["src/shop"]\n',
        "src/shop/__init__.py": "",
        "src/shop/__main__.py": "from importlib.metadata import version\nversion('shop')\n",
    }
    assert told(tmp_path, files) == []
    assert told(tmp_path, {"Dockerfile": files["Dockerfile"].replace("RUN pip install .\n", "")}) == [
        "error PAR201 start shop at src/shop/__main__.py:2"
    ]


def test_a_distribution_nobody_knows_whose_name_holds_a_word_of_the_module(tmp_path: Path) -> None:
    files = {
        "Dockerfile": START.replace("bot/main.py", "main.py"),
        "requirements.txt": "django-coinage==3.5\npyrarest2==1.0\n",
        "main.py": "import djcoinage.models\nimport rarest2\n",
    }
    assert told(tmp_path, files) == []
    assert told(tmp_path, {"requirements.txt": "requests==2.32.3\n"}) == [
        "error PAR104 start djcoinage.models at main.py:1",
        "error PAR104 start rarest2 at main.py:2",
    ]


def test_what_a_module_asks_for_where_it_can_do_without(tmp_path: Path) -> None:
    files = {
        "Dockerfile": START.replace("bot/main.py", "main.py"),
        "requirements.txt": "requests==2.32.3\n",
        "main.py": "import other\ntry:\n    import sentry_sdk\nexcept ImportError:\n    pass\nelse:\n"
        "    from sentry_sdk.hub import Hub\n",
        "other.py": "",
    }
    assert told(tmp_path, files) == []
    assert told(tmp_path, {"other.py": "from sentry_sdk.hub import Hub\n"}) == [
        "error PAR201 start sentry_sdk.hub at other.py:1"
    ]
