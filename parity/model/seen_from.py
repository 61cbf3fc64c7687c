"""A report whose paths are told as they are seen from another folder."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import relpath
from typing import TypeVar

from msgspec.structs import replace

from parity.model.finding import Cause, ChainLink, CycleImport, Edit, Finding, Remedy
from parity.model.location import Location, Unknown
from parity.model.report import EntrypointReport, ImageFailure, ImageReport, Note, Report
from parity.model.verification import ConfigDifference, FileDifference, PackageDifference, Verification

T = TypeVar("T")
Told = TypeVar("Told", Report, Verification)
_WITH_A_PATH = Location | ChainLink | Edit | CycleImport
_DIFFERENCES = FileDifference | ConfigDifference | PackageDifference
_OF_PARTS = (
    Report
    | ImageReport
    | ImageFailure
    | EntrypointReport
    | Finding
    | Cause
    | Unknown
    | Remedy
    | Verification
    | _DIFFERENCES
)
_PATHS: Mapping[type, tuple[str, ...]] = {
    ImageReport: ("dockerfile", "context"),
    ImageFailure: ("dockerfile",),
    FileDifference: ("source",),
}
_TEXTS = ("message", "fix", "detail", "hint")


def seen_from(report: Told, folder: str) -> Told:
    """`folder`: where the report is read, relative to the folder that its paths are relative to ("": the same)."""
    return _moved(report, folder) if folder else report


def _moved(value: T, folder: str) -> T:
    if isinstance(value, tuple):
        return tuple(_moved(item, folder) for item in value)  # type: ignore[return-value]
    if isinstance(value, _WITH_A_PATH):
        return replace(value, path=_path(value.path, folder))
    if isinstance(value, Note):
        return _note(value, folder)  # type: ignore[return-value]
    if not isinstance(value, _OF_PARTS):
        return value
    own = {
        name: getattr(value, name) for name in value.__struct_fields__ if name not in ("installed", "rules")
    }
    done = {name: _moved(part, folder) for name, part in own.items()}
    for name in _PATHS.get(type(value), ()):
        done[name] = _path(own[name], folder)
    for name in ("names", "sources"):
        if name in own:
            done[name] = tuple(_path(path, folder) for path in own[name])
    places = {part for part in own.values() if isinstance(part, Location)}
    places |= {cause.location for cause in own.values() if isinstance(cause, Cause) and cause.location}
    for name in _TEXTS:
        for place in places if name in own else ():
            done[name] = done[name].replace(str(place), str(_moved(place, folder)))
    return replace(value, **done)


def _note(note: Note, folder: str) -> Note:
    """Its message begins with the path."""
    if note.location is None:
        return note
    path, place = note.location.path, _moved(note.location, folder)
    message = note.message
    return Note(place.path + message[len(path) :] if message.startswith(path) else message, place)


def _path(path: str, folder: str) -> str:
    return relpath(path, folder) if path else path
