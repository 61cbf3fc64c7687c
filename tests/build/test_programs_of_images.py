"""Which programs a RUN step finds: those of the base image, of packages, of files that are copied."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ask

SCRIPT = "#!/bin/sh\ntrue\n"
SLIM = "FROM python:3.11-slim\nWORKDIR /app\n"


def refused(folder: Path, dockerfile: str, **modes: int) -> str:
    """The reason why the build fails, as far as its first line; "" where it does not."""
    for name in ("build.sh", "tool", "manage.py", "main.py"):
        path = folder / name
        path.write_text(SCRIPT)
        path.chmod(modes.get(name.partition(".")[0], 0o644))
    (folder / "Dockerfile").write_text(f'{dockerfile}\nCMD ["python", "main.py"]\n')
    said = ask("check", str(folder), "--format", "json")
    if json.loads(said.out)["images"]:
        return ""
    return said.err.partition("this step fails: ")[2].partition("\n")[0]


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("RUN git describe > V", "`git describe` is not in the image"),
        ("RUN curl -o x https://example.com/x", "`curl -o x https://example.com/x` is not in the image"),
        ("RUN rsync -a a/ b/", "`rsync -a a/ b/` is not in the image"),
        ("RUN pip install flask && git describe", "`git describe` is not in the image"),
        ("COPY . .\nRUN ./build.sh", "`./build.sh` is not executable"),
        ("COPY . .\nRUN ./manage.py check", "`./manage.py check` is not executable"),
        ("ADD https://example.com/tini /tini\nRUN /tini", "`/tini` is not executable"),
    ],
)
def test_a_program_that_is_not_there_or_cannot_be_executed(tmp_path: Path, step: str, why: str) -> None:
    assert refused(tmp_path, SLIM + step) == why


@pytest.mark.parametrize(
    "step",
    [
        "RUN git describe || true",
        "RUN apt-get update && apt-get install -y git && git describe",
        "RUN pip install poetry && poetry --version",
        "RUN pip install cmake && cmake --version",
        "RUN printf '#!/bin/sh' > /usr/local/bin/own && chmod +x /usr/local/bin/own && own",
        "RUN ln -s /bin/true /usr/local/bin/git && git",
        "COPY . .\nRUN chmod +x build.sh && ./build.sh",
        "COPY --chmod=755 . .\nRUN ./build.sh",
        "COPY . .\nRUN make modes || true\nRUN ./build.sh || true",
        "COPY . .\nRUN ./build.sh || true\nRUN sh build.sh",
        "RUN tar --version && perl -e 1 && openssl version && pip3.11 list && sha256sum /etc/passwd",
        "RUN . /etc/settings.sh; tool",
        "ADD https://example.com/a.tgz /tmp/\nRUN cd /tmp && tar xf a.tgz && ./agent/install",
        "ADD https://example.com/a.tgz /tmp/\nRUN cd /tmp && tar xf a.tgz && ./agent/make && cp agent/x /",
    ],
)
def test_one_that_is_there_or_may_be(tmp_path: Path, step: str) -> None:
    (tmp_path / "Makefile").write_text("modes:\n\tchmod +x build.sh\n")
    assert refused(tmp_path, SLIM + step) == ""


@pytest.mark.parametrize(
    "base", ["python:3.11", "ubuntu:24.04", "python:3.12-alpine", "registry.example/base:1"]
)
def test_of_other_images_it_is_not_known(tmp_path: Path, base: str) -> None:
    assert refused(tmp_path, f"FROM {base}\nRUN git describe && rsync -a /etc/ /b/") == ""


def test_the_other_side_of_an_or_runs(tmp_path: Path) -> None:
    step = "COPY . .\nRUN rsync -a --exclude='*.py' ./ d/ || cp main.py other.py\nRUN rm other.py"
    assert refused(tmp_path, SLIM + step) == ""


@pytest.mark.parametrize(
    ("step", "base", "why"),
    [
        ("RUN [[ -f x ]]", "python:3.11-slim", "`[[ -f x ]]` is no command of dash, which has no `[[`"),
        ("RUN A=(1 2)", "ubuntu:24.04", "`A=(1 2)` is no command of dash, which has no `A=()`"),
        ("RUN A=(1 2)", "python:3.12-alpine", "`A=(1 2)` is no command of ash, which has no `A=()`"),
        ("RUN [[ -f /etc/passwd ]] || true", "python:3.12-alpine", ""),
        ("RUN [[ -f /gone ]] || true", "python:3.11-slim", ""),
        ("RUN ln -sf /bin/bash /bin/sh\nRUN A=(1 2)", "python:3.11-slim", ""),
        ('SHELL ["/bin/bash", "-c"]\nRUN A=(1 2)', "python:3.11-slim", ""),
        ("RUN dpkg-reconfigure dash\nRUN A=(1 2)", "python:3.11-slim", ""),
        ("RUN A=(1 2)", "registry.example/base:1", ""),
        ("RUN source ./gone.env || true; true", "python:3.11-slim", ""),
    ],
)
def test_sh_is_the_shell_that_the_image_has(tmp_path: Path, step: str, base: str, why: str) -> None:
    assert refused(tmp_path, f"FROM {base}\n{step}") == why
