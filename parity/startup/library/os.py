"""What do `os` and `os.path` do: variables, folders, paths as texts, other programs?"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from functools import partial

from parity.startup.library.files import absolute, list_directory, real, require, tester
from parity.startup.library.known import Known, register
from parity.startup.state.budget import LONGEST_TEXT, Bound
from parity.startup.state.failures import Stopped
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    FilePath,
    Items,
    Value,
    is_assumed,
    text_of,
)
from parity.tree.base import FileKind

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)


@known(*(f"os.exec{how}" for how in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")))
def _exec(machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    """Another program takes the place of this one: no handler and no `finally` runs."""
    if not machine.uncertain and not machine.assumed:
        machine.cleanups.clear()
        raise Stopped
    return ANYTHING


@known("os.environ.get", "os.getenv")
def _getenv(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.get(0, "key"))
    if name is None:
        return ANYTHING
    if name in machine.environment:
        return Constant(machine.environment[name])
    default = arguments.get(1, "default")
    if default is None:
        return Constant(None, assumed=True)
    return Constant(default.value, assumed=True) if isinstance(default, Constant) else ANYTHING


@known("os.environ.__getitem__")
def _environ_item(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.get(0))
    return Constant(machine.environment[name]) if name in machine.environment else ANYTHING


@known("os.environ.setdefault", "os.putenv")
def _environ_setdefault(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name, value = text_of(arguments.get(0)), text_of(arguments.get(1))
    if name is None or value is None:
        return ANYTHING
    return Constant(machine.environment.setdefault(name, value))


def _text_of_path(run: Callable[..., str]) -> Known:
    def call(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
        texts = [text_of(argument) for argument in arguments.positional]
        if any(text is None for text in texts) or not texts:
            return ANYTHING
        assumed = any(is_assumed(argument) for argument in arguments.positional)
        if sum(len(text) for text in texts if text is not None) > LONGEST_TEXT:
            machine.reach(Bound.TEXT, f"more than {LONGEST_TEXT}")
            return ANYTHING
        try:
            return Constant(run(machine, *texts), assumed)
        except (TypeError, ValueError):
            return ANYTHING

    return call


def _pair_of_path(run: Callable[[str], tuple[str, str]]) -> Known:
    def call(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
        text = text_of(arguments.get(0))
        if text is None:
            return ANYTHING
        return Items("tuple", [Constant(part) for part in run(text)])

    return call


for _module in ("os.path", "posixpath"):
    CALLS[f"{_module}.dirname"] = _text_of_path(lambda _m, p: posixpath.dirname(p))
    CALLS[f"{_module}.basename"] = _text_of_path(lambda _m, p: posixpath.basename(p))
    CALLS[f"{_module}.join"] = _text_of_path(lambda _m, *p: posixpath.join(*p))
    CALLS[f"{_module}.normpath"] = _text_of_path(lambda _m, p: posixpath.normpath(p))
    CALLS[f"{_module}.relpath"] = _text_of_path(
        lambda m, p, start=".": posixpath.relpath(absolute(m, p), absolute(m, start))
    )
    CALLS[f"{_module}.abspath"] = _text_of_path(absolute)
    CALLS[f"{_module}.realpath"] = _text_of_path(real)
    CALLS[f"{_module}.splitext"] = _pair_of_path(posixpath.splitext)
    CALLS[f"{_module}.split"] = _pair_of_path(posixpath.split)
    for _name in ("exists", "isfile", "isdir"):
        CALLS[f"{_module}.{_name}"] = tester(_name)
CALLS["os.listdir"] = list_directory


@known("os.scandir")
def _scan_directory(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    """The folder must be there; its entries are no texts."""
    list_directory(machine, arguments, bound)
    return ANYTHING


@known("pathlib.Path.cwd")
def _working_path(machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    return FilePath(machine.working_directory)


@known("os.getcwd")
def _working_directory(machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    return Constant(machine.working_directory)


@known("os.chdir")
def _change_directory(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`os.chdir(path)`."""
    text = text_of(arguments.get(0, "path"))
    if text is not None:
        require(machine, text, FileKind.DIRECTORY)
        if not machine.uncertain:
            machine.working_directory = absolute(machine, text)
    return Constant(None)


@known("os.open")
def _open_descriptor(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`os.open(path, flags)`: with O_RDONLY alone, the file must be there."""
    text = text_of(arguments.get(0, "path"))
    if text is not None:
        if arguments.get(1, "flags") == External("os.O_RDONLY"):
            require(machine, text, None)
        else:
            machine.touched.add(absolute(machine, text))
    return ANYTHING
