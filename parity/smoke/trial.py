"""Runs the tests of each image in its containers, and compares them with what was predicted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from parity.model.errors import ParityError
from parity.model.start_test import Predicted, TriedImage
from parity.smoke.case import case_of
from parity.smoke.compare import compared
from parity.smoke.engine import run
from parity.tree.base import FileTree


def named(images: Sequence[Predicted], name: str | None) -> tuple[tuple[Predicted, str], ...]:
    """Each image that has tests, and what the engine calls it: `name`, else what a file of the checkout says.

    Raises ParityError where nothing says it, or where `name` would stand for several.
    """
    if name is not None:
        built = {(one.tests.dockerfile, one.tests.target, one.tests.build_args) for one in images}
        if len(built) > 1:
            raise ParityError(
                f"--image names one image, and there are {len(built)}",
                hint="choose it with -f FILE and --target STAGE",
            )
    found: list[tuple[Predicted, str]] = []
    for one in images:
        called = name or one.tests.image
        if one.tests.tests and not called:
            raise ParityError(
                f"no file says what the image of {one.tests.dockerfile} is called",
                hint="choose the Dockerfile with -f, and name the image with --image NAME",
            )
        found.append((one, called))
    return tuple(found)


def tried_in(
    images: Sequence[tuple[Predicted, str]],
    engine: Sequence[str],
    limit: float,
    checkout: FileTree,
    say: Callable[[str], None],
) -> tuple[TriedImage, ...]:
    """`limit`: in seconds, for one test. Raises ParityError where the engine makes no container."""
    answers: list[TriedImage] = []
    for predicted, name in images:
        tests, report = predicted.tests, predicted.report
        say(f"{name}, {len(answers) + 1} of {len(images)}")
        runs = [(test, run(engine, tests, name, test, limit)) for test in tests.tests]
        tried = compared(runs, report)
        answers.append(TriedImage(tests, tried, case_of(tests, tried, report, checkout)))
    return tuple(answers)
