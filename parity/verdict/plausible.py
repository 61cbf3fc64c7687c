"""What can a step that cannot be read plausibly make? The evidence, as one table.

The strongest evidence comes first. What decides against a step: it ran before the COPY that made the folder; the
checkout has the file, and no build writes back what an ignore rule or a forgotten COPY keeps out; something of nearly
that name is there. What speaks for it: git ignores the file, or its name fits what generators are known to write.
"""

from __future__ import annotations

import re

from parity.model.location import May, Unknown
from parity.verdict.question import Kind, Question

GENERATED_NAMES = re.compile(
    r"""
      (?:.*_)?(?:pb2|pb2_grpc|grpc)        # protoc, grpc_tools, buf
    | _?_?version(?:__|_info|_file)?       # setuptools_scm, hatch-vcs, versioneer
    | _(?:build|git|build_info|git_info|commit|buildinfo)
    | build_info | buildinfo | git_info | git_version | gitversion | githash
    | (?:.*_)?generated(?:_.*)? | gen | _gen
    | (?:.*_)?(?:rc|ui)                    # Qt's compilers
    | _cffi.* | _ffi | _native | _rust | _lib | _speedups | _core
    """,
    re.VERBOSE,
)
"""Module names that generators are known to write (the last part of the name)."""

PACKAGES = re.compile(r"/(?:site|dist)-packages(?:/|$)")

ASSET_SUFFIXES = tuple(
    ".css .js .mjs .map .html .svg .png .ico .woff .woff2 .mo .json .webmanifest .gz .br .txt .xml .wasm".split()
)
"""Files that builds of front ends and translations write."""
BUILD_FOLDERS = frozenset(
    "dist build out public static staticfiles assets node_modules .next locale www".split()
)
"""Folders that such builds write to."""


def is_plausible(step: Unknown, question: Question) -> bool:
    """May this one step have made what is asked for? `step` is one of `Unknown.steps`."""
    if step.may in (May.REMOVES, May.UNBUILT):
        return True  # the file is there, unless this removal happened; or will be, once the build succeeds
    if step.reach == question.path and step.reach:
        return True  # the step names this very file
    if step.early or step.may is May.NOTHING:
        return False
    if question.kind is Kind.SOURCE:
        return True
    if question.kind is Kind.DATA:
        return _makes_data(step, question)
    match step.may:
        case May.ASSETS | May.ELSEWHERE:
            return False
        case May.SYSTEM | May.DISTRIBUTIONS:
            return not (question.project_copied or _leaves_out(step, question))
        case May.SOURCES:
            return not question.in_checkout or question.git_ignored or _is_aimed_at(step, question)
        case _:
            return _fits_a_generator(question) or not (question.in_checkout or question.namesake)


def _fits_a_generator(question: Question) -> bool:
    last = question.subject.rpartition(".")[2]
    return question.git_ignored or (not question.namesake and GENERATED_NAMES.fullmatch(last) is not None)


def _leaves_out(step: Unknown, question: Question) -> bool:
    """Is all known that the step installs, and none of it has a name like that of the checkout's module?"""
    there = step.installed
    if not question.in_checkout or there is None or there.open or any(part.unnamed for part in there.parts):
        return False
    name = _letters(question.subject.partition(".")[0])
    names = [_letters(one) for one in there.names]
    return not any(name in one or one in name for one in names)


def _letters(name: str) -> str:
    return re.sub(r"[-_.]", "", name).lower()


def _is_aimed_at(step: Unknown, question: Question) -> bool:
    """Does the step write to that very file or folder, or where packages go, and not just to a folder far above?"""
    if PACKAGES.search(step.reach):
        return True  # where packages go is on the search path, whatever else is
    return step.reach.count("/") > 1 and step.reach == question.path.rpartition("/")[0]


def _makes_data(step: Unknown, question: Question) -> bool:
    if not question.in_checkout or question.git_ignored:
        return True
    if step.may is May.ASSETS:
        parts = question.path.split("/")
        return question.path.endswith(ASSET_SUFFIXES) and not BUILD_FOLDERS.isdisjoint(parts)
    return step.may is May.SOURCES and _is_aimed_at(step, question)
