"""Dockerfiles, ignore files and contexts that are meant to take long, or to fill the memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from parity.build.evaluate import build
from parity.build.run import ShellRun
from parity.context.build_context import BuildContext, ignore_file_for
from parity.dockerfile.parse import parse
from parity.model.errors import ParityError
from parity.tree.base import Entry, FileKind, FileTree
from parity.tree.memory import MemoryTree

Files = Mapping[str, str | bytes | Entry | None]
LINES = "\n".join


@dataclass(frozen=True)
class Nasty:
    """`files` is called when it comes to it: some are large."""

    dockerfile: str | bytes
    ignore: str | bytes = ""
    files: Callable[[], Files] = field(default=lambda: {"a": "", "src/a.py": ""})

    def tree(self) -> MemoryTree:
        extra: Files = {".dockerignore": self.ignore} if self.ignore else {}
        return MemoryTree({**self.files(), **extra, "Dockerfile": self.dockerfile})


def asked(tree: FileTree) -> int | None:
    """How many paths the image lists; None where the build is refused. Anything but ParityError escapes."""
    data = tree.read("/Dockerfile")
    assert isinstance(data, bytes)
    try:
        image = build(
            parse(data, "Dockerfile"),
            context=BuildContext(tree, "/", ignore_file_for(tree, "/Dockerfile", "/")),
            run=ShellRun(),
            checkout=tree,
        )
        return sum(1 for _ in image.tree.listing())
    except ParityError:
        return None


def many_files(count: int) -> Callable[[], Files]:
    return lambda: {f"d{n % 100}/e{n % 7}/f{n}.py": "" for n in range(count)}


def deep_file() -> Files:
    return {"/".join(["a"] * 300) + "/x": "", "a" * 200: "", "/".join(["b" * 100] * 30): ""}


def link_chain() -> Files:
    links = {f"l{n}": Entry(FileKind.SYMLINK, target=f"l{n + 1}/l{n + 1}") for n in range(200)}
    return {**links, "l200": None, "loop": Entry(FileKind.SYMLINK, target="loop/loop")}


def brackets(depth: int, text: str) -> str:
    return "${a:-" * depth + text + "}" * depth


BOMB = "{a,b}" * 40
COPIES = "\n".join(f"COPY --from=s{n} / /c{n}" for n in range(30))
ALL: Mapping[str, Nasty] = {
    "stars in an ignore file": Nasty("FROM scratch\nCOPY . /", "*a" * 200 + "b\n", deep_file),
    "double stars in an ignore file": Nasty("FROM scratch\nCOPY . /", "**/" * 2000 + "b\n", deep_file),
    "double stars and names": Nasty("FROM scratch\nCOPY . /", "**/a/" * 300 + "**/b\n", deep_file),
    "many double stars": Nasty("FROM scratch\nCOPY . /", "**/a/**/a/**/*a*a*b\n" * 500, deep_file),
    "repetitions": Nasty(
        "FROM scratch\nCOPY . /", "a{1000}{1000}{1000}*\n((((a{9}){9}){9}){9})*\n", deep_file
    ),
    "many rules": Nasty(
        "FROM scratch\nCOPY . /", LINES(f"!d{n}/*\nd{n}" for n in range(9_000)), many_files(20_000)
    ),
    "many exceptions": Nasty("FROM scratch\nCOPY . /", "**\n" + "!**/x*y\n" * 2_000, many_files(20_000)),
    "a long ignore line": Nasty("FROM scratch\nCOPY . /", "[" + "a-b" * 300_000 + "]"),
    "stars in COPY": Nasty("FROM scratch\nCOPY " + "*a" * 2000 + "b /x/", "", deep_file),
    "classes in COPY": Nasty("FROM scratch\nCOPY " + "[a-z]*" * 2000 + "b /x/", "", deep_file),
    "a wildcard over a large tree": Nasty("FROM scratch\nCOPY */*/*.py /x/\n", "", many_files(10_000)),
    "wildcards over a large tree": Nasty(
        "FROM scratch\n" + "COPY */*/*7.py /x/\n" * 10, "", many_files(10_000)
    ),
    "excluded from a large tree": Nasty(
        "FROM scratch\n" + "COPY --exclude=**/*7* --exclude=!**/f77* . /x/\n" * 5, "", many_files(5_000)
    ),
    "parts of a large tree": Nasty(
        "FROM scratch\n" + "COPY --parents **/f*7.py /x/\n" * 5, "", many_files(5_000)
    ),
    "one large folder over another": Nasty("FROM scratch\n" + "COPY . /x/\n" * 200, "", many_files(1_000)),
    "stages": Nasty(LINES(f"FROM s{n - 1} AS s{n}" if n else "FROM scratch AS s0" for n in range(10_000))),
    "stages of one name": Nasty("FROM scratch AS s\n" + "FROM s AS s\nCOPY a /\n" * 2_000),
    "stages that copy": Nasty(
        LINES(
            f"FROM scratch AS s{n}\n" + (f"COPY --from=s{n - 1} / /d" if n else "COPY . /")
            for n in range(2_000)
        )
    ),
    "stages that copy twice": Nasty(
        LINES(
            f"FROM scratch AS s{n}\n"
            + (f"COPY --from=s{n - 1} / /x\nCOPY --from=s{n - 1} / /y" if n else "COPY . /")
            for n in range(200)
        )
    ),
    "stages that name unknown ones": Nasty(
        "FROM scratch\n" + LINES(f"COPY --from=image{n} / /d" for n in range(5_000))
    ),
    "instructions": Nasty("FROM scratch\n" + "COPY a /b/\n" * 20_000),
    "steps": Nasty("FROM python:3.12\n" + "RUN mkdir -p /a/b && cp -r /a /c && rm -rf /a\n" * 300),
    "a long line": Nasty("FROM scratch\nENV A=" + "a" * 1_000_000),
    "a long line in pieces": Nasty("FROM scratch\nENV A=" + ("a" * 1_000 + "\\\n") * 1_000 + "a"),
    "continuations": Nasty("FROM scratch\nENV A=" + "a\\\n" * 200_000 + "a"),
    "words": Nasty("FROM scratch\n" + ("COPY " + "a " * 10_000 + "/b/\n") * 3),
    "flags": Nasty("FROM scratch\nCOPY " + "--exclude=a " * 5_000 + "a /b/"),
    "ONBUILD": Nasty("FROM scratch AS a\n" + "ONBUILD COPY a /b/\n" * 5_000 + "FROM a AS b\nFROM b"),
    "ONBUILD ONBUILD": Nasty("FROM scratch\n" + "ONBUILD " * 8_000 + "COPY a b"),
    "a variable that doubles": Nasty("FROM scratch\nENV A=aa\n" + "ENV A=$A$A\n" * 60 + "COPY a /$A"),
    "a variable that doubles by parts": Nasty(
        "FROM scratch\nARG A=aa\n" + "ARG A=${A/a/aa}${A//a/aa}\n" * 60 + "COPY a /$A"
    ),
    "variables that hold each other": Nasty(
        "FROM scratch\nENV V0="
        + "a" * 1000
        + "\n"
        + LINES(f"ENV V{n}=$V{n - 1}$V{n - 1}" for n in range(1, 60))
    ),
    "many long variables": Nasty(
        "FROM scratch\nENV A="
        + "a" * 60_000
        + "\n"
        + LINES(f"ENV V{n}=$A$A$A$A$A$A$A$A$A$A" for n in range(2_000))
    ),
    "nested substitutions": Nasty("FROM scratch\nENV A=" + brackets(10_000, "x")),
    "a pattern in a variable": Nasty(
        "FROM scratch\nENV A=" + "a" * 50_000 + "\nENV B=${A##" + "*a" * 5_000 + "b}\nENV C=${A//a*a*a*b/x}"
    ),
    "quotes": Nasty("FROM scratch\nENV A=" + "\"'\"'" * 10_000),
    "JSON": Nasty("FROM scratch\nCMD " + "[" * 60_000),
    "heredocs": Nasty("FROM scratch\nCOPY " + " ".join(f"<<E{n}" for n in range(5_000)) + " /x/\n"),
    "bodies": Nasty("FROM scratch\n" + "COPY <<E /x\n$A\nE\n" * 5_000),
    "a heredoc without end": Nasty("FROM scratch\n" + "COPY <<E /x\n" * 20_000),
    "mounts": Nasty("FROM python:3.12\nRUN " + "--mount=type=bind,target=/x " * 2_000 + "ls"),
    "braces": Nasty(f"FROM python:3.12\nRUN touch {BOMB}"),
    "braces in braces": Nasty("FROM python:3.12\nRUN touch " + "{a," * 300 + "b" + "}" * 300),
    "number ranges": Nasty("FROM python:3.12\nRUN touch {1..999999999} {a..z}{a..z}{a..z}{a..z}{a..z}{a..z}"),
    "nested commands": Nasty("FROM python:3.12\nRUN " + "$(echo " * 2_000 + "a" + ")" * 2_000),
    "nested commands in loops": Nasty(
        "FROM python:3.12\nRUN for a in {1..100}; do for b in {1..10}; do "
        + "$(echo " * 2_500
        + "a"
        + ")" * 2_500
        + "; done; done"
    ),
    "nested groups": Nasty("FROM python:3.12\nRUN " + "(" * 5_000 + "ls" + ")" * 5_000),
    "loops in loops": Nasty(
        "FROM python:3.12\nRUN "
        + "".join(f"for v{n} in 1 2 3 4 5 6 7 8 9; do " for n in range(20))
        + "touch /$v0$v1$v2;"
        + " done;" * 20
    ),
    "a loop without end": Nasty("FROM python:3.12\nRUN while true; do touch /a; A=$A$A; done"),
    "a shell variable that doubles": Nasty("FROM python:3.12\nRUN A=aa; " + 'A="$A$A"; ' * 60 + "touch /$A"),
    "folders that grow": Nasty(
        "FROM python:3.12\n" + LINES("RUN cp -r /a /b && mv /b /a/c" for _ in range(300))
    ),
    "a folder into itself": Nasty("FROM scratch\nCOPY . /a\n" + "COPY --from=0 . /b\n" * 3),
    "links to links": Nasty(
        "FROM scratch\nCOPY . /\nCOPY l0 loop /x/\nCOPY a /l0/x\nWORKDIR /loop/x", "", link_chain
    ),
    "a deep destination": Nasty("FROM scratch\nCOPY a " + "/a" * 30_000 + "/"),
    "a deep working directory": Nasty(
        "FROM scratch\n" + "WORKDIR " + "a/" * 500 + "\n" + "WORKDIR a\n" * 1_000
    ),
    "wildcards that find nothing": Nasty(
        "FROM scratch\n" + "COPY d1/e*/*.zz /x/\n" * 2_000, "", many_files(2_000)
    ),
    "folders over one another": Nasty("FROM scratch\n" + "COPY . /x/\n" * 10_000, "", many_files(500)),
    "choices": Nasty("FROM scratch\n" + "COPY --exclude=**/*7* . /x/\n" * 5_000, "", many_files(500)),
    "a copy of all in all": Nasty(
        "FROM scratch AS s0\nCOPY . /\n"
        + LINES(f"FROM s{n} AS s{n + 1}\nCOPY --from=s{n} / /d{n}" for n in range(60))
    ),
    "folders entered one by one": Nasty("FROM python:3.12\nRUN " + "mkdir a; cd a;" * 1_000),
    "a deep folder made": Nasty("FROM python:3.12\nRUN mkdir -p " + "/a" * 30_000),
    "modes over modes": Nasty("FROM python:3.12\n" + "RUN chmod -R 755 /\n" * 500 + "COPY . /x\n" * 200),
    "large environments": Nasty(
        "FROM python:3.12\n"
        + LINES(f"ENV A{n}=$A{n - 1}x B{n}=1 C{n}=2" for n in range(4_000))
        + "\nRUN ls" * 1_000
    ),
    "arguments before FROM": Nasty(
        "ARG A="
        + "a" * 60_000
        + "\n"
        + LINES(f"ARG A{n}=$A$A$A$A$A$A$A$A" for n in range(5_000))
        + "\nFROM scratch"
    ),
    "bodies with long values": Nasty(
        "FROM scratch\nENV A=" + "a" * 60_000 + "\n" + "COPY <<E /x\n$A$A$A\nE\n" * 1_000
    ),
    "bytes": Nasty(bytes(range(256)) * 200, bytes(range(256)) * 200),
    "line ends": Nasty("FROM scratch\r" * 10_000 + "\n" * 100_000),
}
