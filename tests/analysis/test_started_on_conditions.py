"""A program that a start script starts on a condition that nobody can tell: does it start for sure?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import told

DOCKERFILE = """\
FROM python:3.12-slim
WORKDIR /app
COPY . .
ENTRYPOINT ["sh", "start.sh"]
CMD ["python", "main.py"]
"""
AS_ROOT = 'if [ "$(id -u)" = 0 ]; then\n  chown -R app /data\n  exec gosu app "$@"\nfi\n'


@pytest.mark.parametrize(
    ("script", "severity"),
    [
        (f'{AS_ROOT}exec "$@"\n', "error"),
        (f'python first.py\n{AS_ROOT}exec "$@"\n', "error"),
        ('if date | grep -q 1; then\n  "$@"\nelse\n  exec nice "$@"\nfi\n', "error"),
        ("if date | grep -q 1; then\n  python main.py\nfi\nexec nginx\n", "warning"),
        ("if date | grep -q 1; then\n  python main.py\nfi\npython first.py\n", "warning"),
    ],
)
def test_it_is_started_where_each_branch_starts_it(tmp_path: Path, script: str, severity: str) -> None:
    files = {"Dockerfile": DOCKERFILE, "start.sh": script, "main.py": "import gone\n", "first.py": ""}
    assert [one.split()[:2] for one in told(tmp_path, files)] == [[severity, "PAR104"]]
