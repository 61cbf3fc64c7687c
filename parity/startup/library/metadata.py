"""What does the code ask of the metadata of distributions: the version of the project itself?"""

from __future__ import annotations

from functools import partial

from parity.startup.library.known import Known, register
from parity.startup.state.failures import Failure, FailureKind, builtin_bases
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, Value, text_of

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)

ASKING = ("version", "distribution", "metadata", "requires", "files")
NOT_FOUND = "PackageNotFoundError"


@known(*(f"{module}.{name}" for module in ("importlib.metadata", "importlib_metadata") for name in ASKING))
def _ask(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """CPython: importlib.metadata.Distribution.from_name; the exception is a ModuleNotFoundError."""
    name = text_of(arguments.get(0, "distribution_name"))
    if name and machine.world.lacks_metadata(name):
        exception, text = f"importlib.metadata.{NOT_FOUND}", f"No package metadata was found for {name}"
        names = (exception, f"importlib_metadata.{NOT_FOUND}", *builtin_bases("ModuleNotFoundError"))
        _fail(machine, name, exception, text, names)
    return ANYTHING


@known("pkg_resources.get_distribution", "pkg_resources.require")
def _ask_setuptools(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """setuptools: the exception is a ResolutionError, which is an Exception."""
    name = text_of(arguments.get(0, "dist"))
    if name and machine.world.lacks_metadata(name):
        exception = "pkg_resources.DistributionNotFound"
        text = f"The {name!r} distribution was not found and is required by the application"
        bases = (exception, "pkg_resources.ResolutionError", *builtin_bases("Exception"))
        _fail(machine, name, exception, text, bases)
    return ANYTHING


def _fail(machine: Machine, name: str, exception: str, text: str, bases: tuple[str, ...]) -> None:
    chain, place = machine.chain(), machine.place()
    machine.fail(Failure(FailureKind.MISSING_METADATA, exception, text, name, chain, place), bases)
