"""Which programs change nothing that an application's start-up asks for, or only system folders?"""

from __future__ import annotations

import re
from functools import partial

from msgspec.structs import replace

from parity.model.location import Location, May, Unknown
from parity.model.packages import NOTHING_INSTALLED
from parity.programs.arguments import CommandFunction, arguments, incidental, no_packages, unknown
from parity.programs.capability import INSTALLERS, PACKAGE_MANAGERS
from parity.programs.options import options, read
from parity.shell.host import Call
from parity.shell.status import Output, Status
from parity.tree.base import Absent, Entry, join
from parity.tree.links import follow
from parity.tree.writable import WritableTree

READ_ONLY = [
    "echo",
    "printf",
    "which",
    "whereis",
    "uname",
    "nproc",
    "id",
    "whoami",
    "groups",
    "hostname",
    "date",
    "printenv",
    "test",
    "[",
    "wc",
    "sort",
    "uniq",
    "cut",
    "tr",
    "diff",
    "cmp",
    "stat",
    "file",
    "du",
    "df",
    "ps",
    "free",
    "sleep",
    "expr",
    "awk",
    "gawk",
    "md5sum",
    "sha1sum",
    "sha256sum",
    "sha512sum",
    "readlink",
    "locale",
    "lsb_release",
    "dpkg-architecture",
    "getent",
    "tty",
    "arch",
    "uptime",
    "yes",
    "true",
    "false",
    "pwd",
    "less",
    "more",
    "strings",
    "od",
    "xxd",
    "hexdump",
    "jq",
    "yq",
    "column",
    "paste",
    "comm",
    "fold",
    "nl",
    "rev",
    "tac",
    "ping",
    "nc",
    "netstat",
    "ss",
    "dig",
    "nslookup",
    "host",
]
"""They print. (`awk` could do more; it is left alone.)"""

SYSTEM = [
    "ssh-keygen",
    "ssh-keyscan",
    "gpg",
    "gpgconf",
    "apt-key",
    "apt-mark",
    "apt-cache",
    "setcap",
    "systemctl",
    "service",
    "crontab",
    "chsh",
    "visudo",
    "debconf-set-selections",
    "fc-cache",
    "mandb",
    "depmod",
    "sysctl",
    "sync",
    "umount",
    "mount",
    "add-apt-repository",
    "corepack",
    "nvm",
    "sleep",
    "kill",
    "pkill",
    "wait",
]
"""They write below /etc, /var, /home and the like."""

CACHES = {
    "ldconfig": ("/etc/ld.so.cache", "/var/cache/ldconfig"),
    "update-ca-certificates": ("/etc/ssl", "/etc/ca-certificates"),
    "locale-gen": ("/etc/default", "/etc/locale.gen", "/usr/lib/locale"),
}
"""What they write is in these folders, and no image is checked for it."""

PACKAGE_FILES = (".deb", ".rpm", ".apk", ".zst", ".xz")

OUTPUT = options("-o --output --output-file")
"""Options of programs that an installer runs, and of its own (`poetry export -o`)."""

NODE = ["npm", "npx", "yarn", "pnpm", "bun"]


def read_only(_call: Call, _files: WritableTree) -> Status:
    return Status.UNKNOWN


def writes_below(call: Call, files: WritableTree, *, folders: tuple[str, ...]) -> Status:
    why = incidental(call, f"what {call.argv[0]} writes is not known")
    for folder in folders:
        files.obscure(folder, why)
    return Status.UNKNOWN


def packages(call: Call, files: WritableTree) -> Status:
    words = [text for text in call.argv[1:] if not text or not text.startswith("-")]
    if not words or words[0] in ("clean", "autoclean", "update", "purge", "autoremove"):
        return Status.UNKNOWN
    why = unknown(call, f"what {call.argv[0]} installs is not known")
    files.obscure("/usr/lib/python3", why)
    # A package that is a file may be the project's own.
    known = not any(text is None or "/" in text or text.endswith(PACKAGE_FILES) for text in words)
    no_python = replace(why, installed=NOTHING_INSTALLED, may=May.SYSTEM if known else May.SOURCES)
    for folder in ("/usr/bin", "/usr/sbin", "/usr/src"):
        files.obscure(folder, no_python)
    # Debian Policy 9.1.1: what is in /opt comes from elsewhere, a browser, say; no Python of a package is there.
    files.obscure("/opt", replace(no_python, may=May.ASSETS) if known else no_python)
    return Status.UNKNOWN


def installers(call: Call, files: WritableTree) -> Status | None:
    """Nothing below the working directory but virtual environments; a build leaves its files where it is told to."""
    if "build" in call.argv:
        return None
    why = unknown(call, f"what {call.argv[0]} installs is not known")
    environment = call.environment.get("VIRTUAL_ENV")
    for folder in (
        "/usr/local/lib",
        "/usr/local/bin",
        "/root/.local",
        "/opt",
        *([environment] if environment else []),
    ):
        files.obscure(join("/", folder), why)
    if call.working_directory:
        for name in (".venv", "venv"):
            files.obscure(join(call.working_directory, name), why)
    words = [word for word in call.argv[1:] if word != "--"]  # the options of the program behind it count too
    for path in read(words, OUTPUT).every(*OUTPUT.valued):
        if path and path[0] != "-" and (call.working_directory or path[0] == "/"):
            written = unknown(call, f"what {call.argv[0]} writes to {path} is not known")
            files.obscure(join(call.working_directory or "/", path), replace(written, may=May.SOURCES))
    return Status.UNKNOWN


def node(call: Call, files: WritableTree) -> Status | None:
    """`npm install` and `npm ci` write node_modules; scripts (`npm run build`) may write anything here."""
    words = [text for text in call.argv[1:] if text and not text.startswith("-")]
    if call.working_directory is None or call.program in ("npx", "bun"):
        return None
    installs = ("install", "ci", "i", "add", "config", "cache", "set")
    if (words and words[0] not in installs) or (not words and call.program == "npm"):
        return None
    why = replace(no_packages(call, f"what {call.argv[0]} installs is not known"), may=May.ASSETS)
    for name in ("node_modules", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", ".yarn"):
        files.obscure(join(call.working_directory, name), why)
    for folder in ("/usr/local/lib/node_modules", "/usr/local/bin", "/root/.npm"):
        files.obscure(folder, why)
    return Status.UNKNOWN


def playwright(call: Call, files: WritableTree) -> Status | None:
    """`playwright install --with-deps chromium`: browsers, and the libraries of the system that they need."""
    words = call.argv[1:]
    if not words or words[0] not in ("install", "install-deps", "uninstall", "--version") or None in words:
        return None
    home = call.environment.get("HOME", "/root")
    folder = call.environment.get("PLAYWRIGHT_BROWSERS_PATH") or join(home, ".cache/ms-playwright")
    why = incidental(call, "which browsers playwright installs is not known")
    for path in (folder, "/usr/bin", "/usr/sbin", "/opt"):
        if path.startswith("/"):
            files.obscure(join("/", path), why)
    return Status.UNKNOWN


def reconfigure(call: Call, files: WritableTree) -> Status:
    """`dpkg-reconfigure dash` asks which shell `/bin/sh` shall be."""
    if "dash" in call.argv:
        why = incidental(call, "which shell /bin/sh is from then on is not known")
        for folder in ("/usr/bin", "/bin"):
            files.obscure(f"{folder}/sh", why, removes=True)
    return Status.UNKNOWN


def alternatives(call: Call, files: WritableTree) -> Status:
    """`update-alternatives --install LINK NAME PATH PRIORITY`, `--set NAME PATH`."""
    words = list(call.argv[1:])
    for action, count in (("--install", 3), ("--set", 2)):
        if action not in words:
            continue
        given = words[words.index(action) + 1 :][:count]
        link, path = given[0] if count == 3 else f"/usr/bin/{given[0]}", given[-1]
        if len(given) == count and None not in given and link and path and link.startswith("/"):
            files.link(follow(files, link.rpartition("/")[0]).path + "/" + link.rpartition("/")[2], path)
    return Status.UNKNOWN


def mktemp(call: Call, files: WritableTree) -> Status | Output:
    """Something new in /tmp. Its name is made up here; `forget_made_up` takes it away when the step ends."""
    given = arguments(call, "p", "tmpdir suffix")
    texts = [word.text for word in given.operands]
    plain = given.flags <= {"d", "directory", "q", "quiet", "t"} and "TMPDIR" not in call.environment
    template = "tmp.XXXXXX" if not texts else (texts[0] or "").removeprefix("/tmp/")
    rooted = not texts or given.has("t") or (texts[0] or "").startswith("/tmp/")
    found = re.fullmatch("([^/X]*)X{3,}([^/X]*)", template)
    if not plain or not rooted or len(texts) > 1 or not found or not isinstance(files.lookup("/tmp"), Entry):
        return Status.UNKNOWN
    names = files.names("/tmp")
    number = len(names) if not isinstance(names, Unknown) else 0
    path = f"/tmp/{found[1]}{MADE_UP}{number}{found[2]}"
    if not isinstance(files.lookup(path), Absent):
        return Status.UNKNOWN
    if given.has("d", "directory"):
        files.make_directory(path, 0o700)
    else:
        files.write(path, b"", 0o600)
    return Output(f"{path}\n".encode())


def forget_made_up(files: WritableTree, location: Location) -> None:
    """What mktemp made and nobody removed is there under another name."""
    names = files.names("/tmp")
    left = [name for name in names if MADE_UP in name] if not isinstance(names, Unknown) else []
    for name in sorted(left):
        files.remove(join("/tmp", name))
        files.obscure("/tmp", Unknown("which name mktemp chose is not known", location, may=May.NOTHING))


def compiler(call: Call, files: WritableTree) -> Status | None:
    """protoc: generated modules, wherever `--*_out` says; nothing else is touched."""
    return protoc(call, files, list(call.argv[1:]))


def protoc(call: Call, files: WritableTree, texts: list[str | None]) -> Status | None:
    """Also of `python -m grpc_tools.protoc`. `texts`: the compiler's own arguments."""
    suffixes = ("_pb2.py", "_pb2.pyi", "_pb2_grpc.py", "_pb2_grpc.pyi", "_grpc.py")
    why = no_packages(call, "what protoc generates is not known")
    for number, text in enumerate(texts):
        if text is None or not text.startswith("--"):
            continue
        name, equals, value = text.partition("=")
        if not name.endswith("_out"):
            continue
        if not equals:
            value = (texts[number + 1] if number + 1 < len(texts) else None) or ""
        value = value.rpartition(":")[2]
        folder = value if value.startswith("/") else f"{call.working_directory or ''}/{value}"
        if not value or (call.working_directory is None and not value.startswith("/")):
            return None
        files.obscure(join("/", folder), why, suffixes=suffixes if name in _PYTHON_OUT else ())
    return Status.UNKNOWN


_PYTHON_OUT = (
    "--python_out",
    "--grpc_python_out",
    "--mypy_out",
    "--pyi_out",
    "--mypy_grpc_out",
    "--python_grpc_out",
    "--grpclib_python_out",
)


COMMANDS: dict[str, CommandFunction] = {
    **dict.fromkeys(READ_ONLY, read_only),
    **dict.fromkeys(SYSTEM, read_only),
    **{name: partial(writes_below, folders=folders) for name, folders in CACHES.items()},
    **dict.fromkeys(PACKAGE_MANAGERS, packages),
    **dict.fromkeys(INSTALLERS, installers),
    **dict.fromkeys(NODE, node),
    **dict.fromkeys(("playwright", "patchright"), playwright),
    "mktemp": mktemp,
    "dpkg-reconfigure": reconfigure,
    "update-alternatives": alternatives,
    "protoc": compiler,
}

MADE_UP = "made-up-by-mktemp-"
