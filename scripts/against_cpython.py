"""Compares the simulated start-up with CPython on random programs: against_cpython.py [--doubtful] FIRST LAST.

Every seed from FIRST to LAST - 1 is one program (tests/support/programs.py). Printed is each on which they differ
in whether the start-up fails, with which exception, message, file or line. `--doubtful` draws programs with
conditions that the simulation cannot decide: there it must not be sure of a failure where CPython sees none,
and must see one, sure or possible, where CPython does.
Each program runs in a process of its own, forked from this one.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import importlib.machinery
import os
import pickle
import re
import runpy
import shutil
import signal
import sys
import tempfile
import traceback
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.support import cpython, programs


def really(
    files: dict[str, str], entry: tuple[str, ...], folder: Path, *, watched: bool = False
) -> cpython.Outcome:
    """The same as `cpython.really`, a hundred times faster: a fork instead of a new interpreter.

    `watched`: tells of endless recursion also where the program goes on after it.
    """
    cpython.write(files, folder)
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        recursions: list[object] = []
        if watched:
            sys.settrace(_watch(recursions))
        outcome = _run(entry, folder)
        if recursions or (watched and sys.gettrace() is None):  # no stack was left for the watch itself
            outcome = cpython.Outcome("RecursionError")
        os.write(write, pickle.dumps(dataclasses.astuple(outcome)))
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    return cpython.Outcome(*pickle.loads(data)) if data else cpython.Outcome("crashed")


def _watch(recursions: list[object]) -> Callable[..., object]:
    def trace(_frame: object, event: str, argument: object) -> object:
        if event == "exception" and isinstance(argument, tuple) and argument[0] is RecursionError:
            recursions.append(argument)
        return trace

    return trace


def _run(entry: tuple[str, ...], folder: Path) -> cpython.Outcome:
    signal.alarm(10)
    os.chdir(folder)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.dont_write_bytecode = True
    first = str(folder) if entry[0] == "-m" else str((folder / entry[0]).parent)
    sys.argv = [*entry[1:]] if entry[0] == "-m" else [*entry]
    for name in [name for name in sys.modules if name not in cpython.PRELOADED and name not in _OWN]:
        del sys.modules[name]
    sys.path[:] = [
        first,
        *(place for place in sys.path if "/lib/python3" in place and "site-packages" not in place),
    ]
    try:
        if entry[0] == "-m":
            runpy.run_module(entry[1], run_name="__main__", alter_sys=True)
        else:
            main = types.ModuleType("__main__")
            main.__file__ = str(folder / entry[0])
            main.__loader__ = importlib.machinery.SourceFileLoader("__main__", main.__file__)
            sys.modules["__main__"] = main
            code = compile((folder / entry[0]).read_text(), main.__file__, "exec", dont_inherit=True)
            exec(code, main.__dict__)  # the test's own text
    except SystemExit as error:
        return cpython.Outcome(None if error.code in (None, 0) else "SystemExit")
    except BaseException as error:
        return _told(error, entry, folder)
    return cpython.Outcome()


_OWN = frozenset({"runpy", "pickle", "re", "traceback", "linecache", "tokenize"})


def _told(error: BaseException, entry: tuple[str, ...], folder: Path) -> cpython.Outcome:
    """What the interpreter would print of the exception."""
    frames = traceback.extract_tb(error.__traceback__)
    told = [(f.filename, f.lineno) for f in frames if not f.filename.startswith("<")]
    inside = [(f, n) for f, n in ((str(folder / f), n) for f, n in told) if f.startswith(str(folder))]
    text = str(error).replace(str(folder), "")
    if isinstance(error, SyntaxError):
        file = str(folder / (error.filename or "")).removeprefix(str(folder))
        return cpython.Outcome("SyntaxError", file, error.lineno, error.msg)
    if isinstance(error, FileNotFoundError) and not inside:
        said = f"can't open file '/{entry[0]}': [Errno 2] No such file or directory"
        return cpython.Outcome("", None, None, said)
    if not inside or text.startswith("Error while finding module specification"):
        wrapped = re.search(r"\((\w+Error): (.*)\)$", text)
        missing = "ModuleNotFoundError" if isinstance(error, ImportError) else type(error).__name__
        return cpython.Outcome(
            wrapped[1] if wrapped else missing, None, None, wrapped[2] if wrapped else text
        )
    return cpython.Outcome(type(error).__name__, inside[-1][0].removeprefix(str(folder)), inside[-1][1], text)


def difference(real: cpython.Outcome, files: dict[str, str], entry: tuple[str, ...], doubtful: bool) -> str:
    """How the simulation differs; "" where it does not."""
    try:
        startup = cpython.simulated(files, entry)
    except Exception as error:  # it must not: told as a difference
        return f"raises {error!r}"
    ours = cpython.outcome(startup)
    if doubtful:
        fits = bool(startup.failures) if real.exception is not None else ours.exception is None
    else:
        fits = cpython.same(real, ours)
    return "" if fits else str(ours)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("--doubtful", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    base = Path(tempfile.mkdtemp()).resolve()
    differing = endless = 0
    kinds: collections.Counter[str] = collections.Counter()
    for seed in range(options.first, options.last):
        files, entry = programs.program(Random(seed), doubtful=options.doubtful)
        folder = base / str(seed)
        folder.mkdir()
        real = really(files, entry, folder)
        kinds["works" if real.exception is None else real.exception or "not started"] += 1
        ours = difference(real, files, entry, options.doubtful)
        if ours and really(files, entry, folder, watched=True).exception == "RecursionError":
            endless += 1  # the simulation stops following long before CPython does
        elif ours:
            differing += 1
            sys.stdout.write(f"{seed} {entry}\n  real {real}\n  ours {ours}\n")
            sys.stdout.flush()
        shutil.rmtree(folder)
    shutil.rmtree(base)
    outcomes = ", ".join(f"{name} {count}" for name, count in kinds.most_common())
    count = options.last - options.first
    sys.stdout.write(
        f"{count} programs, seeds {options.first} to {options.last - 1}: {differing} disagreements; "
        f"{endless} not compared (endless recursion); {outcomes}\n"
    )
    return bool(differing)


if __name__ == "__main__":
    raise SystemExit(main())
