"""Which functions open a file, or need its folder: one table, and what each raises where that is not there."""

from __future__ import annotations

from msgspec import Struct

from parity.startup.library import files
from parity.startup.library.files import Refusal
from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, Constant, Value, text_of, truth
from parity.tree.base import FileKind


class Opener(Struct, frozen=True):
    """A function that is handed the name of a file.

    `position`, `keyword`  the argument with the name
    `mode`                 position of the mode, 0 where it has none: another than `r…` makes the file
    `kind`                 what must be there, None for either
    `makes`                it makes the file, and needs the folder alone
    `raises`               what it raises, and says of the name
    """

    position: int = 0
    keyword: str = ""
    mode: int = 0
    kind: FileKind | None = FileKind.FILE
    makes: bool = False
    raises: Refusal = Refusal()


OPENERS: dict[str, Opener] = {
    "zipfile.ZipFile": Opener(keyword="file", mode=1),
    "tarfile.open": Opener(keyword="name", mode=1),
    "tarfile.TarFile": Opener(keyword="name", mode=1),
    "gzip.open": Opener(keyword="filename", mode=1),
    "gzip.GzipFile": Opener(keyword="filename", mode=1),
    "bz2.open": Opener(keyword="filename", mode=1),
    "bz2.BZ2File": Opener(keyword="filename", mode=1),
    "lzma.open": Opener(keyword="filename", mode=1),
    "lzma.LZMAFile": Opener(keyword="filename", mode=1),
    "tokenize.open": Opener(),
    "io.open_code": Opener(),
    "shutil.copy": Opener(keyword="src"),
    "shutil.copy2": Opener(keyword="src"),
    "shutil.copyfile": Opener(keyword="src"),
    "shutil.copytree": Opener(keyword="src", kind=FileKind.DIRECTORY),
    "os.stat": Opener(keyword="path", kind=None),
    "os.lstat": Opener(keyword="path", kind=None),
    "os.path.getsize": Opener(keyword="filename", kind=None),
    "os.path.getmtime": Opener(keyword="filename", kind=None),
    "Path.stat": Opener(kind=None),
    "Path.lstat": Opener(kind=None),
    "xml.etree.ElementTree.parse": Opener(keyword="source"),
    "xml.etree.ElementTree.iterparse": Opener(keyword="source"),
    "xml.dom.minidom.parse": Opener(keyword="file"),
    "netrc.netrc": Opener(keyword="file"),
    "wave.open": Opener(keyword="f", mode=1),
    "os.readlink": Opener(keyword="path", kind=None),
    "os.remove": Opener(keyword="path", kind=None),
    "os.unlink": Opener(keyword="path", kind=None),
    "os.rename": Opener(keyword="src", kind=None),
    "os.replace": Opener(keyword="src", kind=None),
    "shutil.move": Opener(keyword="src", kind=None),
    "ssl.create_default_context": Opener(
        position=99, keyword="cafile", raises=Refusal(text="[Errno 2] No such file or directory")
    ),
    "sqlite3.connect": Opener(
        keyword="database", makes=True, raises=Refusal("sqlite3.OperationalError", "unable to open database file")
    ),
    "logging.FileHandler": Opener(keyword="filename", makes=True, raises=Refusal(absolute=True)),
    "logging.handlers.RotatingFileHandler": Opener(keyword="filename", makes=True, raises=Refusal(absolute=True)),
    "logging.handlers.TimedRotatingFileHandler": Opener(keyword="filename", makes=True, raises=Refusal(absolute=True)),
    "logging.handlers.WatchedFileHandler": Opener(keyword="filename", makes=True, raises=Refusal(absolute=True)),
    "logging.basicConfig": Opener(position=99, keyword="filename", makes=True, raises=Refusal(absolute=True)),
    "numpy.load": Opener(keyword="file"),
    "pandas.read_csv": Opener(keyword="filepath_or_buffer"),
    "pandas.read_excel": Opener(keyword="io"),
    "pandas.read_json": Opener(keyword="path_or_buf"),
    "pandas.read_parquet": Opener(keyword="path"),
    "pandas.read_pickle": Opener(keyword="filepath_or_buffer"),
    "joblib.load": Opener(keyword="filename"),
    "PIL.Image.open": Opener(keyword="fp"),
    "torch.load": Opener(keyword="f"),
    "toml.load": Opener(keyword="f"),
}  # fmt: skip
"""By dotted name."""


def _known(one: Opener) -> Known:
    return lambda machine, arguments, bound: _open(one, machine, arguments, bound)


def _open(one: Opener, machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    text = text_of(bound if bound is not None else arguments.get(one.position, one.keyword))
    if text is None or "://" in text or text in ("", ":memory:") or text.startswith("file:"):
        return ANYTHING
    mode = text_of((arguments.get(one.mode, "mode") if one.mode else None) or Constant("r"))
    if one.makes:
        if truth(arguments.keywords.get("delay", Constant(False))) is False:
            files.require_folder_of(machine, text, one.raises)
            machine.touched.add(files.absolute(machine, text))
    elif mode is not None and mode.startswith("r"):
        files.require(machine, text, one.kind, one.raises)
    else:
        machine.touched.add(files.absolute(machine, text))
    for other in arguments.positional[one.position + 1 :]:  # where `shutil.copy` writes to
        if (written := text_of(other)) and one.mode == 0 and not one.makes:
            machine.touched.add(files.absolute(machine, written))
    return ANYTHING


def configure_logging(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`logging.config.fileConfig(name)`. CPython: before 3.11 a file that is absent is an empty one."""
    text = text_of(arguments.get(0, "fname"))
    if text is not None:
        python = machine.world.python
        old = python is not None and python < (3, 11)
        refusal = Refusal("KeyError", "'formatters'") if old else Refusal(text=f"{text} doesn't exist")
        files.require(machine, text, FileKind.FILE, refusal)
    return ANYTHING


CALLS: dict[str, Known] = {
    **{name: _known(one) for name, one in OPENERS.items()},
    "logging.config.fileConfig": configure_logging,
}
"""What the calls do."""
