"""A small application of a real framework, one file at a time taken away: what happens, and what parity says.

A case is a text file of the form that `conformance/case.py` reads. Its header says how to drive the application, whose
start command is that of its Dockerfile:

    # port: 18101               it serves HTTP there; or
    # ready: celery@.* ready    it is a worker, ready once it has written that; else it is a command that ends
    # beside: redis 18199       a server that the application needs
    # ask: /                    the first request, or the arguments of `/client.py`, which asks for a task
    # ask: /later               one that comes later; `/gone 404` is one that is to end so
    # untold: path: reason      a removal that parity does not tell of, and why

A file of the case whose name begins with a slash is no part of the project. The interpreter of `support/frameworks.py`
has the frameworks.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.case import Case, read_case
from tests.support.checked import findings
from tests.support.frameworks import interpreter

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "removals"
CASES = tuple(read_case(path) for path in sorted(FOLDER.glob("*.txt")))
PATIENCE = 20.0
RAISED = re.compile(
    r"\s*(?:\S+ )*?((?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|NotFound|NotExist|Registered|Configured)\w*\b.*)"
)


@dataclass(frozen=True)
class Outcome:
    """`fails`: at "start", at the "first" request or task, "later", or "" where everything works. `said`: the
    exception that was written last.
    """

    fails: str
    said: str = ""


@dataclass(frozen=True)
class Told:
    """What parity says: that the "start" fails, the "first" request or task, or "some" of them (these are errors), a
    "later" one (a warning), or nothing.
    """

    kind: str
    findings: tuple[str, ...] = ()


def project(case: Case) -> dict[str, str]:
    """The project's files."""
    return {name: text for name, text in case.files.items() if isinstance(text, str) and name[0] != "/"}


def removable(case: Case) -> list[str]:
    """The files that are taken away, one at a time."""
    return [name for name in project(case) if name not in ("Dockerfile", "requirements.txt")]


def told(case: Case, removed: str, folder: Path) -> Told:
    """Parity's answer where `.dockerignore` keeps the file out; nothing is removed where it is empty."""
    found = findings(folder, {**project(case), ".dockerignore": f"{removed}\n"})
    lines = tuple(_short(one) for one in found)
    for kind in ("start", "first", "some", "later"):
        if any(_kind(one) == kind for one in found):
            return Told(kind, lines)
    return Told("", lines)


def _kind(finding: dict[str, object]) -> str:
    if finding["severity"] != "error":
        return "later"
    if finding["when"] in ("start", None):
        return "start"
    return "some" if re.search(r": every \w+ (that|of) ", str(finding["message"])) else "first"


def _short(finding: dict[str, object]) -> str:
    what = finding["module"] or finding["image_path"]
    return f"{finding['severity']} {finding['code']} {finding['when']} {what}"


def judge(truth: Outcome, said: Told) -> str:
    """ "false", "untold", "told", or "" where there is nothing to tell and no error is told."""
    if (said.kind in ("start", "first") and truth.fails in ("", "later")) or (
        said.kind == "some" and not truth.fails
    ):
        return "false"
    if said.kind == "start" and truth.fails == "first":
        return "early"
    if not truth.fails:
        return "warned" if said.kind else ""
    return "told" if said.kind else "untold"


def recorded(case: Case) -> dict[str, Outcome]:
    """By removed file, what `scripts/record_removals.py` saw."""
    return {name: Outcome(*seen) for name, seen in case.truth.items()}


def untold(case: Case) -> dict[str, str]:
    """Which removals are known not to be told, and why."""
    return dict(line.split(": ", 1) for line in case.header.get("untold", ()))


def really(case: Case, removed: str, folder: Path) -> Outcome:
    """What happens without the file."""
    place = folder / "app"
    for name, text in case.files.items():
        assert isinstance(text, str)
        path = folder / name[1:] if name[0] == "/" else place / name
        path.parent.mkdir(parents=True, exist_ok=True)  # Docker copies a folder whose files are all kept out
        if name != removed:
            path.write_text(text, "utf8")
    with _beside(case, folder):
        return _Run(case, folder, place).outcome()


class _Run:
    """One run of the application."""

    def __init__(self, case: Case, folder: Path, place: Path) -> None:
        self.case = case
        self.folder = folder
        self.environment, self.command = image(case, place)
        self.place = place
        self.log = folder / "log"

    def outcome(self) -> Outcome:
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                self.command, cwd=self.place, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
            try:
                fails = self._fails(process)
            finally:
                process.terminate()
                try:
                    process.wait(5)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        return Outcome(fails, self._said() if fails else "")

    def _fails(self, process: subprocess.Popen[bytes]) -> str:
        port, ready = self.case.one("port"), self.case.one("ready")
        asked = self.case.header.get("ask", [])
        if not port and not ready:
            if process.wait(PATIENCE):
                return "start"
            process = None
        elif not self._is_up(process, port, ready):
            return "start"
        for number, ask in enumerate(asked):
            answered = self._answers(int(port), ask) if port else self._client(ask)
            if not answered:
                time.sleep(0.5)  # a server whose worker does not start ends soon after
                if process and process.poll() is not None:
                    return "start"
                return "later" if number else "first"
        return ""

    def _is_up(self, process: subprocess.Popen[bytes], port: str | None, ready: str | None) -> bool:
        end = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < end:
            if port:
                with socket.socket() as tried:
                    if tried.connect_ex(("127.0.0.1", int(port))) == 0:
                        return True
            elif ready and re.search(ready, self.log.read_text("utf8", "replace")):
                return True
            time.sleep(0.05)
        return False

    def _answers(self, port: int, ask: str) -> bool:
        if ask.startswith("ws:"):
            return _shakes_hands(port, ask[3:])
        path, _, status = ask.partition(" ")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as answer:
                return answer.status < 400
        except urllib.error.HTTPError as error:
            return str(error.code) == status
        except (urllib.error.URLError, OSError, ValueError):
            return False

    def _client(self, ask: str) -> bool:
        words = shlex.split(ask)
        if words[0] == "/client.py":
            words = ["python", str(self.folder / "client.py"), *words[1:]]
            cwd = self.folder
        else:
            cwd = self.place
        with self.log.open("ab") as log:
            try:
                done = subprocess.run(
                    words,
                    cwd=cwd,
                    env=self.environment,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    timeout=PATIENCE,
                )
            except subprocess.TimeoutExpired:
                return False
        return done.returncode == 0

    def _said(self) -> str:
        lines = self.log.read_text("utf8", "replace").splitlines()
        raised = [match[1] for line in lines if (match := RAISED.fullmatch(line))]
        said = raised[-1] if raised else (lines[-1] if lines else "")
        return said.replace(str(self.place), "/app").strip()[:200]


def image(case: Case, place: Path) -> tuple[dict[str, str], list[str]]:
    """The environment and the command of the case's Dockerfile, for a project that lies in `place`."""
    environment = {
        "PATH": os.pathsep.join((str(interpreter().parent), os.defpath)),
        "HOME": str(place.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }
    command: list[str] = []
    for line in project(case)["Dockerfile"].splitlines():
        word, _, rest = line.partition(" ")
        if word == "ENV":
            name, _, value = rest.partition("=")
            environment[name] = value.replace("/app", str(place))
        elif word == "CMD":
            command = json.loads(rest)
    return environment, command


@contextmanager
def _beside(case: Case, folder: Path) -> Iterator[None]:
    beside = case.one("beside")
    if beside is None:
        yield
        return
    name, port = beside.split()
    assert name == "redis"
    program = str(interpreter().parent / "redis-server")
    options = ("--port", port, "--save", "", "--bind", "127.0.0.1")
    server = subprocess.Popen([program, *options], cwd=folder, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", int(port))) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        server.kill()
        server.wait()


def _shakes_hands(port: int, path: str) -> bool:
    """Whether the server takes a web socket there."""
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        "Origin: http://127.0.0.1",
    )
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as to:
            to.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            return b" 101 " in to.recv(200)
    except OSError:
        return False
