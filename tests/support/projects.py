"""Small projects to build, as hypothesis draws them: a context, its ignore file, a Dockerfile.

They are mostly such as people write, from a few names, so that paths meet: in links, in wildcards, in stages.
Only what the engine knows is drawn (`Engine.features`).
"""

from __future__ import annotations

import io
import json
import posixpath
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from hypothesis import strategies as st

from tests.support.engine import IGNORE_FILES

T = TypeVar("T")
NAMES = ("a", "b", "src", "lib", "app.py", "mod.py", "A", "Src", "x y", ".env", "é", "z.txt")
TARGETS = (
    ".",
    "..",
    "a",
    "b",
    "src",
    "lib",
    "../a",
    "../src",
    "/a",
    "/src",
    "/lib/a",
    "nowhere",
    "src/../b",
    "/",
)
FOLDERS = ("/app", "/srv/app", "/x", "/x/y", "/usr/lib")
VALUES = ("/app", "/srv", "src", "a", "lib/a", "x y", "", "app.py", "/x/y")
VARIABLES = ("D", "S", "N")
PATTERNS = (
    "*",
    "**/*.py",
    "*.py",
    "**/a",
    "*/a",
    "src",
    "s*",
    "?",
    "[a-c]*",
    "**/.env",
    "a/",
    "**",
    "*/*",
    "lib/*",
)
BAD_PATTERNS = ("[a", "!", "a\\")


@dataclass(frozen=True)
class Project:
    """`files`: checkout path -> bytes, None for a folder, the target (a string) of a link."""

    files: Mapping[str, bytes | str | None]
    modes: Mapping[str, int] = field(default_factory=dict)
    dockerfile: str = "Dockerfile"
    context: str = "."
    target: str | None = None
    build_args: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """As a conformance case: see `tests/conformance/case.py`."""
        lines = ["# why: ?", f"# dockerfile: {self.dockerfile}", f"# context: {self.context}"]
        lines += [f"# target: {self.target}"] if self.target else []
        lines += [f"# build-arg: {name}={value}" for name, value in self.build_args.items()]
        for path, what in self.files.items():
            if isinstance(what, str):
                lines.append(f"-- {path} -> {what} --")
            elif what is None:
                lines.append(f"-- {path}/ --")
            elif plain(what):
                lines += [f"-- {path} --", *what.decode().splitlines()]
            else:
                lines.append(f"-- raw {json.dumps(what.decode('latin-1'))} {path} --")
        modes = ", ".join(f"{path} {mode:o}" for path, mode in self.modes.items())
        return "\n".join([*lines, f"(modes: {modes})" if modes else ""])

    def says(self, text: bytes) -> bool:
        """Does the Dockerfile hold this text?"""
        content = self.files[self.dockerfile]
        return isinstance(content, bytes) and text in content

    def lay_out(self, folder: Path) -> None:
        for path, what in self.files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(what, str):
                place.symlink_to(what)
            elif what is None:
                place.mkdir(exist_ok=True)
            else:
                place.write_bytes(what)
                place.chmod(self.modes.get(path, 0o644))


def plain(content: bytes) -> bool:
    """Can it stand in a conformance case as it is?"""
    return (
        content.isascii()
        and content.endswith(b"\n")
        and not content.endswith(b"\n\n")
        and b"\r" not in content
    )


def archive(members: Iterable[tuple[str, str | None, str]], compression: str) -> bytes:
    """A tar of `(name, link target or None, kind)`."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=f"w:{compression}") as tar:  # type: ignore[call-overload]
        for name, target, kind in members:
            info = tarfile.TarInfo(name)
            info.mode = 0o755 if kind == "dir" else 0o640
            if kind == "dir":
                info.type = tarfile.DIRTYPE
            elif kind == "link":
                info.type, info.linkname = tarfile.SYMTYPE, target or ""
            content = f"packed {name}\n".encode() if kind == "file" else b""
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    data = packed.getvalue()
    # gzip writes the time of day
    return data[:4] + bytes(4) + data[8:] if compression == "gz" else data


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    names = draw(st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3), min_size=1, max_size=4))
    members: dict[str, tuple[str, str | None, str]] = {}
    prefix = draw(st.sampled_from(("", "", "./", "/", "../")))
    for parts in names:
        kind = draw(st.sampled_from(("file", "file", "file", "dir", "link")))
        above = ["/".join(parts[:n]) for n in range(1, len(parts))]
        if "/".join(parts) in members or any(
            members.get(one, ("", None, "dir"))[2] != "dir" for one in above
        ):
            continue
        members["/".join(parts)] = (prefix + "/".join(parts), draw(st.sampled_from(TARGETS)), kind)
    return archive(members.values(), draw(st.sampled_from(("", "gz", "bz2"))))


@st.composite
def contexts(draw: st.DrawFn) -> dict[str, bytes | str | None]:
    """Files, folders, links and archives; no path lies below another that is no folder."""
    files: dict[str, bytes | str | None] = {}
    paths = draw(st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3), min_size=2, max_size=9))
    for parts in paths:
        path = "/".join(parts)
        above = ["/".join(parts[:n]) for n in range(1, len(parts))]
        if any(files.get(one) is not None for one in above) or any(
            one == path or one.startswith(path + "/") for one in files
        ):
            continue
        kind = draw(st.sampled_from(("file",) * 7 + ("dir", "link", "link", "archive")))
        if kind == "file":
            files[path] = f"{path}\n".encode()
        elif kind == "dir":
            files[path] = None
        elif kind == "link":
            known = [*files, *above]
            files[path] = draw(
                st.sampled_from(TARGETS + tuple(("../" * (len(parts) - 1)) + one for one in known))
            )
        else:
            files[path] = draw(archives())
    return files


def folders_of(paths: Iterable[str]) -> list[str]:
    """The paths and the folders above them."""
    found: dict[str, None] = {}
    for path in paths:
        parts = path.strip("/").split("/")
        for number in range(1, len(parts) + 1):
            found["/".join(parts[:number])] = None
    return [path for path in found if path]


@st.composite
def ignore_files(draw: st.DrawFn, paths: Sequence[str], features: frozenset[str]) -> bytes:
    lines: list[str] = []
    for _ in range(draw(st.sampled_from((1, 1, 2, 2, 3, 5)))):
        chance = draw(st.integers(0, 99))
        if chance < 1 and "strict ignore files" in features:
            lines.append(draw(st.sampled_from(BAD_PATTERNS)))
            continue
        line = draw(st.one_of(st.sampled_from(PATTERNS), st.sampled_from([*paths, "a"])))
        if "/" in line and draw(st.integers(0, 4)) == 0:
            folder, _, name = line.rpartition("/")
            line = draw(
                st.sampled_from((f"{folder}/*", f"*/{name}", f"**/{name}", f"{folder}/**", f"./{line}"))
            )
        mark = draw(st.sampled_from(("", "", "!", "!", "!", "# ", " ", "/")))
        lines.append(mark + line)
    return draw(st.sampled_from(("\n", "\n", "\n", "\r\n"))).join([*lines, ""]).encode()


@dataclass
class Written:
    """A stage of the Dockerfile so far: what it may well have, by path, and the variables of each kind."""

    name: str | None
    paths: list[str]
    variables: dict[str, str]
    triggers: bool = False


class Writer:
    """Writes one Dockerfile line after the other."""

    def __init__(self, draw: st.DrawFn, paths: Sequence[str], features: frozenset[str]) -> None:
        self.draw = draw
        self.context = folders_of(paths)
        self.features = features
        self.stages: list[Written] = []
        self.lines: list[str] = []
        self.build_args: dict[str, str] = {}

    def one(self, choices: Sequence[T]) -> T:
        return self.draw(st.sampled_from(choices))

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) < percent

    def write(self) -> tuple[bytes, str | None]:
        """The Dockerfile and the target."""
        if self.chance(10):
            self.lines.append("# escape=`" if self.chance(50) else "# check=skip=all")
        if self.chance(20):
            value = self.one(VALUES)
            self.lines.append(f'ARG D="{value}"')
        for number in range(self.one((1, 1, 1, 2, 2, 3))):
            self.stage(number)
        named = [stage.name for stage in self.stages if stage.name]
        target = self.one(named) if named and self.chance(15) else None
        if target and self.chance(30):
            target = target.upper()
        end = "\r\n" if self.chance(4) else "\n"
        return end.join([*self.lines, ""]).encode(), target

    def stage(self, number: int) -> None:
        named = [stage for stage in self.stages if stage.name]
        name = self.one(((None, "base"), (None, "build"), (None, "Last"))[number])
        if self.chance(4):
            name = "base"
        if named and self.chance(35):
            ground = self.one(named)
            base, paths, variables = ground.name or "", list(ground.paths), dict(ground.variables)
        else:
            base, paths, variables = "scratch", [], {}
        here = Written(name.lower() if name else None, paths, variables)
        self.lines.append(f"{self.one(('FROM', 'FROM', 'from'))} {base}" + (f" AS {name}" if name else ""))
        self.stages.append(here)
        for _ in range(self.draw(st.integers(1, 5))):
            self.instruction(here)
        if not here.paths:
            self.copy(here, "")

    def instruction(self, here: Written) -> None:
        trigger = "ONBUILD " if here.name and self.chance(8) else ""
        kind = self.one(("copy",) * 9 + ("add",) * 3 + ("workdir",) * 2 + ("env", "arg", "heredoc", "user"))
        if kind in ("copy", "add"):
            self.copy(here, trigger, "ADD" if kind == "add" else "COPY")
        elif kind == "workdir":
            self.lines.append(f"{trigger}WORKDIR {self.destination(here).replace(' ', '_')}")
        elif kind == "env":
            name, value = self.one(VARIABLES), self.one((*VALUES, "$D/sub", "${S}"))
            form = self.one(
                (f'ENV {name}="{value}"', f"ENV {name} {value or 'a'}", f'ENV {name}="{value}" N="$D"')
            )
            self.lines.append(trigger + form)
            here.variables[name] = value
        elif kind == "arg":
            name = self.one(VARIABLES)
            self.lines.append(f"{trigger}ARG {name}" + self.one(("", "=src", "=/app", '="x y"', "=${D:-a}")))
            here.variables[name] = "src"
            if self.chance(30):
                self.build_args[name] = self.one(VALUES)
        elif kind == "user":
            self.lines.append(f"USER {self.one(('5', '5:6', '0', 'root'))}")
        elif "heredoc" in self.features:
            self.heredoc(here)

    def heredoc(self, here: Written) -> None:
        mark = self.one(("<<EOF", "<<EOF", '<<"EOF"', "<<-EOF", "<<app.py <<b"))
        destination = self.destination(here).replace(" ", "_")
        self.lines.append(f"{self.one(('COPY', 'ADD'))}{self.flags(heredoc=True)} {mark} {destination}")
        names = ("app.py", "b") if "app.py" in mark else ("EOF",)
        for name in names:
            self.lines += [
                self.one(("text", "$D ${S:-none} \\$D", "\tindented", "COPY a /b", "'$D'", "")),
                name,
            ]

    def copy(self, here: Written, trigger: str, keyword: str = "COPY") -> None:
        others = [stage for stage in self.stages[:-1] if stage.paths]
        flags, have = self.flags(), self.context
        if keyword == "COPY" and others and self.chance(45):
            other = self.one(others)
            number = str(self.stages.index(other))
            known = other.name or number
            flags += f" --from={self.one((known, known, number, known.upper()))}"
            have = folders_of(other.paths)
        if keyword == "ADD":
            packed = [path for path in have if path.endswith((".txt", "a"))]
            have = packed or have
        sources = [self.source(have, here) for _ in range(self.one((1, 1, 1, 1, 2, 3)))]
        parents = " --parents" in flags
        destination = self.destination(here)
        if parents and not destination.endswith("/"):
            destination += "/"
        words = [*sources, destination]
        if any(" " in word for word in words) or self.chance(12):
            text = json.dumps(words, ensure_ascii=False)
        else:
            text = " ".join(words)
        self.lines.append(f"{trigger}{keyword}{flags} {text}")
        place = destination.rstrip("/") or "/"
        for source in sources:
            last = source.rstrip("/").rpartition("/")[2]
            here.paths.append(f"{place}/{last}" if destination.endswith("/") else place)
            inside = source.strip("./")
            below = [path.removeprefix(inside).lstrip("/") for path in have if path.startswith(inside)]
            here.paths += [f"{place}/{path}" for path in below]
        del here.paths[12:]

    def flags(self, *, heredoc: bool = False) -> str:
        found = ""
        if self.chance(12):
            found += f" --chown={self.one(('5', '5:6', '0:0', '7:0'))}"
        if self.chance(12):
            symbolic = ("u+x", "go-r", "a=rX") if "symbolic modes" in self.features else ()
            special = ("1777", "4755") if "folder modes" in self.features else ()
            found += f" --chmod={self.one(('755', '0644', '600', *special, *symbolic))}"
        if "--link" in self.features and self.chance(10):
            found += " --link"
        if heredoc:
            return found
        if "--exclude" in self.features and self.chance(25):
            for _ in range(self.one((1, 1, 2))):
                found += f" --exclude={self.one((*PATTERNS, *self.context)).replace(' ', '?')}"
        if "--parents" in self.features and self.chance(20):
            found += " --parents"
        return found

    def source(self, have: Sequence[str], here: Written) -> str:
        chance = self.draw(st.integers(0, 99))
        if chance < 12 or not have:
            return self.one((".", ".", "./", "/", "*", "*.py", "*/*", "s*"))
        if chance < 14:
            return self.one(("missing", "a/missing", "nothing*", "nothing*", "missing/*", "b/../a"))
        if chance < 20 and here.variables:
            return self.variable(here)
        path = self.one([path for path in have if path] or ["a"])
        if chance < 40:
            parts = [part for part in path.split("/") if part] or ["a"]
            at = self.draw(st.integers(0, len(parts) - 1))
            part = parts[at]
            parts[at] = self.one(
                ("*", f"{part[0]}*", f"*{part[-1]}", "?" * len(part), f"[{part[0]}]{part[1:]}", "**")
            )
            return "/".join(parts)
        if chance < 60:
            return self.one(
                (f"./{path}", f"/{path}", f"{path}/", f"{path}/.", f"../{path}", f"./{path}", f"{path}/a")
            )
        if chance < 65 and "--parents" in self.features and "/" in path:
            return path.replace("/", "/./", 1)
        return path

    def destination(self, here: Written) -> str:
        chance = self.draw(st.integers(0, 99))
        if chance < 10 and here.variables:
            return self.variable(here) + self.one(("", "/", "/sub", "/sub/"))
        if chance < 35:
            return self.one((".", "./", "/", "..", "../", "sub", "sub/", "a", "src/", "x/../y/"))
        if chance < 65 and here.paths:
            return self.one(here.paths) + self.one(("", "", "/", "/new", "/a", "/new/"))
        return self.one(FOLDERS) + self.one(("", "/", "/", "/app.py", "/a", "/b/"))

    def variable(self, here: Written) -> str:
        name = self.one(list(here.variables))
        forms = ["${%s}", "$%s", "${%s:-src}", "${%s:+a}"]
        if "substitution" in self.features:
            forms += ["${%s%%/*}", "${%s##*/}", "${%s/s/l}"]
        return self.one(forms) % name


@st.composite
def projects(draw: st.DrawFn, features: frozenset[str] = frozenset()) -> Project:
    files: dict[str, bytes | str | None] = dict(draw(contexts()))
    root = draw(st.sampled_from((".", ".", ".", ".", "src")))
    dockerfile = draw(
        st.sampled_from(("Dockerfile", "Dockerfile", "Dockerfile", "api.Dockerfile", "docker/Dockerfile"))
    )
    paths = [path.removeprefix("src/") for path in files if root == "." or path.startswith("src/")]
    writer = Writer(draw, [*paths, *([dockerfile] if root == "." else [])], features)
    text, target = writer.write()
    if root != "." and isinstance(files.get(root, b""), bytes | str) and root in files:
        root = "."
    if root != "." and not paths:
        files[root] = None
    modes = {}
    for path, what in files.items():
        if isinstance(what, bytes) and draw(st.integers(0, 9)) == 0:
            modes[path] = draw(st.sampled_from((0o755, 0o600, 0o400)))
    ignored = draw(st.sampled_from((None, None, ".dockerignore", ".dockerignore", "own")))
    if ignored and IGNORE_FILES in features:
        at = posixpath.normpath(posixpath.join(root, ".dockerignore"))
        if ignored == "own":
            at = f"{dockerfile}.dockerignore"
        files[at] = draw(ignore_files(folders_of(paths), features))
    files[dockerfile] = text
    return Project(files, modes, dockerfile, root, target, writer.build_args)
