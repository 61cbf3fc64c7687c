"""A way to build or start an image is one file in deployments/, whose FORMAT says its files; then run the script."""

from __future__ import annotations

from pathlib import Path

from tests.support.extended import ExtendedCopy, project

LAUNCH = '''\
"""*.launch: each line starts the image of the Dockerfile beside it."""

from __future__ import annotations

from collections.abc import Iterator

from parity.deployments.files import CheckoutFiles
from parity.deployments.format import Format, Gives
from parity.deployments.paths import folder_of, inside
from parity.deployments.service import Build, Service
from parity.model.location import Location

FORMAT = Format(gives=Gives.STARTS, files=r".+\\.launch")


def services(files: CheckoutFiles) -> Iterator[Service]:
    return files.each(FORMAT, _services)


def _services(text: str, path: str) -> Iterator[Service]:
    folder = folder_of("/" + path)
    dockerfile = inside(folder, "Dockerfile")
    for number, line in enumerate(text.splitlines(), 1):
        if dockerfile is not None:
            build = Build(folder, dockerfile)
            yield Service(line, path, Location(path, number), build, command=tuple(line.split()))
'''
DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'


def test_what_it_starts_is_checked(copy: ExtendedCopy, tmp_path: Path) -> None:
    folder = project(tmp_path / "project", DOCKERFILE, main="", other="import gone\n")
    (folder / "api.launch").write_text("python other.py\n", "utf8")
    assert copy.findings(folder) == []
    copy.add("deployments/launch.py", LAUNCH)
    copy.run_script("write_registries.py")
    assert copy.findings(folder) == [("PAR104", "gone is neither in the checkout nor in the image")]
