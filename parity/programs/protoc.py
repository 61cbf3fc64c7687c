"""Which modules does protoc generate, and where?"""

from __future__ import annotations

from parity.programs.arguments import CommandFunction, no_packages
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Status
from parity.tree.base import join
from parity.tree.writable import WritableTree

_PYTHON_OUT = tuple(
    (
        "--python_out --grpc_python_out --mypy_out --pyi_out --mypy_grpc_out --python_grpc_out "
        "--grpclib_python_out"
    ).split()
)


def compiler(call: Call, files: WritableTree) -> Status | Unreadable:
    """protoc: generated modules, wherever `--*_out` says; nothing else is touched."""
    return protoc(call, files, list(call.argv[1:]))


def protoc(call: Call, files: WritableTree, texts: list[str | None]) -> Status | Unreadable:
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
            return UNREADABLE
        files.obscure(join("/", folder), why, suffixes=suffixes if name in _PYTHON_OUT else ())
    return Status.UNKNOWN


COMMANDS: dict[str, CommandFunction] = {"protoc": compiler}
