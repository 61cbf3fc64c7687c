"""A module in a package of the project, and a public distribution of its name: which does an absolute import mean?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.test_findings import told

DOCKERFILE = """
FROM python:3.12-slim
WORKDIR /app
RUN {step}
COPY . .
CMD ["python", "-m", "shop.tasks"]
"""
FILES = {
    "shop/__init__.py": "",
    "shop/tasks/__init__.py": "from celery.schedules import crontab\n",
    "shop/tasks/__main__.py": "",
}
UNREADABLE = "make install"


@pytest.mark.parametrize("place", ["shop/celery.py", "shop/celery/__init__.py", "shop/tasks/celery.py"])
def test_the_distribution_that_a_step_may_have_installed(tmp_path: Path, place: str) -> None:
    assert told(tmp_path, {**FILES, place: "", "Dockerfile": DOCKERFILE.format(step=UNREADABLE)}) == []


def test_the_folder_that_the_import_stands_in_has_the_name_of_a_distribution(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/alembic/env.py": "from alembic import context\n",
        "Dockerfile": DOCKERFILE.format(step=UNREADABLE).replace(
            '"-m", "shop.tasks"', '"shop/alembic/env.py"'
        ),
    }
    assert told(tmp_path, files) == []


def test_a_name_that_no_distribution_has_is_the_projects_own(tmp_path: Path) -> None:
    files = {
        **FILES,
        "shop/pricing.py": "",
        "shop/tasks/__init__.py": "import pricing\n",
        "Dockerfile": DOCKERFILE.format(step=UNREADABLE),
    }
    (finding,) = told(tmp_path, files)
    assert (finding["code"], finding["module"]) == ("PAR101", "pricing")
    assert finding["message"] == "pricing is in the image, but not on Python's search path"
