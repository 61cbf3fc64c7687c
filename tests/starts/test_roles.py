"""Start scripts that tell their first argument apart: each is a way to start the image."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import told

IMAGE = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nENTRYPOINT {}\n"
BROKEN = "error PAR101 start shop.gone at shop/worker.py:1"
FILES = {
    "shop/__init__.py": "",
    "shop/worker.py": "import shop.gone\n",
    "shop/web.py": "",
    "shop/gone.py": "",
}
CASE = """case {} in
  web) exec python -m shop.web ;;
  'worker'|beat) exec python -m shop.worker "$@" ;;
  *) {} ;;
esac
"""


@pytest.mark.parametrize(
    "script",
    [
        CASE.format('"$1"', 'echo "web or worker" >&2; exit 64'),
        CASE.format("$1", 'exec "$@"'),
        CASE.format("${1:-}", "exit 1"),
        'role="$1"\nshift || true\n' + CASE.format('"$role"', "exit 1"),
        "ROLE=${1:-}\n" + CASE.format("${ROLE}", "exit 1"),
        'if [ "$1" = "worker" ]; then\n  exec python -m shop.worker\nfi\nexec "$@"\n',
        "if [[ $1 == worker ]]; then exec python -m shop.worker; fi\necho usage\nexit 2\n",
    ],
)
@pytest.mark.parametrize("start", ['["bash", "/app/entry"]', '["tini", "--", "/app/entry"]'])
def test_each_branch_is_a_way_to_start(tmp_path: Path, script: str, start: str) -> None:
    image = IMAGE.format(start).replace("COPY", "RUN pip install tini\nCOPY --chmod=755")
    files = {**FILES, "entry": f"#!/bin/bash\nset -e\n{script}", "Dockerfile": image}
    assert told(tmp_path, files) == []
    assert told(tmp_path, {".dockerignore": "shop/gone.py\n"}) == [BROKEN]


def test_with_a_default_the_other_branches_are_warnings(tmp_path: Path) -> None:
    script = "#!/bin/sh\n" + CASE.format('"$1"', "exec python -m shop.web")
    image = IMAGE.format('["sh", "/app/entry"]')
    files = {**FILES, "entry": script, "Dockerfile": image, ".dockerignore": "shop/gone.py\n"}
    assert told(tmp_path, files) == [BROKEN.replace("error", "warning")]


def test_a_command_chooses_one(tmp_path: Path) -> None:
    script = "#!/bin/sh\n" + CASE.format('"$1"', "exit 1")
    image = IMAGE.format('["sh", "/app/entry"]')
    files = {
        **FILES,
        "entry": script,
        "Dockerfile": f'{image}CMD ["web"]\n',
        ".dockerignore": "shop/gone.py\n",
    }
    assert told(tmp_path, files) == []
    assert told(tmp_path, {"Dockerfile": f'{image}CMD ["worker"]\n'}) == [BROKEN]
