"""A real Docker engine: builds a folder and says what the image holds, or why it was refused.

The environment variable PARITY_ENGINE names it: a command that `docker`'s arguments are put behind. Without it,
`docker` is asked.
"""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

OLDEST = (20, 10)
PROBED = (23, 0)
"""Before it, none of the probes is known (some make the engine hang), and ignore files were matched otherwise."""
IGNORE_FILES = "ignore files"
PROBES: Mapping[str, tuple[str, int | None]] = {
    "--exclude": ("COPY --exclude=x a /x/", 0o755),
    "--parents": ("COPY --parents a /x/", 0o755),
    "--link": ("COPY --link a /x/", 0o755),
    "heredoc": ("COPY <<EOF /x/\nEOF", 0o755),
    "substitution": ("ENV D=x\nWORKDIR /${D#b}", 0o755),
    "folder modes": ("COPY --chmod=1700 a/b /x/", 0o700),
    "symbolic modes": ("ADD --chmod=a=r Dockerfile /x", 0o444),
    "dead links": ("COPY a* /x/", 0o755),
    "strict ignore files": ("WORKDIR /x", None),
}
"""What a builder may not know yet: a line, and the mode that it gives /x (None: refused, as `.dockerignore` is
wrong). Dead links below what a wildcard matches make BuildKit fail before 0.25.
"""


class NoEngineError(Exception):
    """Why there is no engine to ask."""


@dataclass(frozen=True)
class Made:
    """What is at a path of an image: `kind` is file, dir or symlink; `content` of a file, `target` of a link."""

    kind: str
    content: bytes = b""
    target: str = ""
    mode: int = 0
    owner: str = "0:0"


@dataclass(frozen=True)
class Refused:
    """The build failed, and what the engine said."""

    message: str


class Engine:
    """Raises NoEngineError if none answers, or one that is too old."""

    def __init__(self) -> None:
        self.command = shlex.split(os.environ.get("PARITY_ENGINE") or "docker")
        try:
            asked = self._ask("version", "--format", "{{.Server.Version}}")
        except OSError as error:
            raise NoEngineError(f"no Docker engine: {error}") from None
        self.version = asked.stdout.decode().strip()
        if asked.returncode or not self.version:
            said = asked.stderr.decode("utf8", "replace").strip().splitlines()
            raise NoEngineError(f"no Docker engine answers: {said[-1] if said else 'no version'}")
        if tuple(map(int, self.version.split(".")[:2])) < OLDEST:
            raise NoEngineError(
                f"the Docker engine is of version {self.version}, older than {OLDEST[0]}.{OLDEST[1]}"
            )
        new = tuple(map(int, self.version.split(".")[:2])) >= PROBED
        known = (name for name in PROBES if self._knows(*PROBES[name]))
        self.features = frozenset((*known, IGNORE_FILES)) if new else frozenset()

    def build(
        self, folder: Path, dockerfile: str, context: str, target: str | None, build_args: Mapping[str, str]
    ) -> dict[str, Made] | Refused:
        """The paths of the image that `dockerfile` makes of `context` (both below `folder`)."""
        options = ["--target", target] if target else []
        for name, value in build_args.items():
            options += ["--build-arg", f"{name}={value}"]
        done = self._ask(
            *(
                "build",
                "--no-cache",
                "--network",
                "none",
                "--progress",
                "plain",
                "--output",
                "type=tar,dest=-",
                *options,
            ),
            *("-f", str(folder / dockerfile), str(folder / context)),
        )
        if done.returncode:
            return Refused(done.stderr.decode("utf8", "replace"))
        return unpacked(done.stdout)

    def _knows(self, line: str, mode: int | None) -> bool:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            (folder / "Dockerfile").write_text(f"FROM scratch\n{line}\n")
            (folder / "a/b").mkdir(parents=True)
            (folder / "a/b/link").symlink_to("nowhere")
            if mode is None:
                (folder / ".dockerignore").write_text("[a\n")
            made = self.build(folder, "Dockerfile", ".", None, {})
            return mode is None if isinstance(made, Refused) else "/x" in made and made["/x"].mode == mode

    def _ask(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*self.command, *arguments],
            env={**os.environ, "DOCKER_BUILDKIT": "1", "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"},
            capture_output=True,
            timeout=300,
        )


def unpacked(archive: bytes) -> dict[str, Made]:
    """The paths of an exported image, absolute."""
    made: dict[str, Made] = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            path = "/" + member.name.rstrip("/").removeprefix("./")
            owner = f"{member.uid}:{member.gid}"
            if member.isdir():
                made[path] = Made("dir", mode=member.mode, owner=owner)
            elif member.issym():
                made[path] = Made("symlink", target=member.linkname, owner=owner)
            elif member.islnk():
                made[path] = made["/" + member.linkname.removeprefix("./")]
            else:
                opened = tar.extractfile(member)
                made[path] = Made("file", opened.read() if opened else b"", mode=member.mode, owner=owner)
    made.pop("/", None)
    return made
