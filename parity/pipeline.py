"""The tool on one page: from settings to a report. Calls only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from parity.cache.cache import Cache
from parity.config.settings import ImageSettings, Settings
from parity.model.change import Choice, Fixes
from parity.model.comparison import Comparison
from parity.model.errors import ParityError, fault_of
from parity.model.files import ImageFiles
from parity.model.finding import Finding
from parity.model.graph import ImageGraph
from parity.model.report import ImageFailure, ImageReport, Report, RuleInfo
from parity.model.start_test import ImageTests, Predicted
from parity.model.suppression import Suppression
from parity.model.verification import Verification
from parity.model.why import WhyAnswer
from parity.remedies.trial.recheck import Rechecks
from parity.rules.suppression.apply import Commented, commented, suppress
from parity.rules.suppression.baseline import Baseline
from parity.tree.base import FileTree
from parity.tree.disk import DiskTree
from parity.tree.remembered import RememberedTree

Answer = TypeVar("Answer", Commented, ImageFiles, ImageGraph, WhyAnswer, ImageTests, Predicted)


class Each(Protocol):
    """Asks about the images on disk, in processes and an order of its own."""

    def __call__(
        self, ask: Callable[[ImageSettings], Answer | ImageFailure], asked: Iterable[ImageSettings], /
    ) -> Iterable[Answer | ImageFailure]:
        """The answers, in the order of the images."""


ANY = Choice()
NOTHING_KNOWN = Baseline()


def check(
    settings: Settings,
    known: Baseline = NOTHING_KNOWN,
    checkout: FileTree | None = None,
    say: Callable[[str], None] = lambda _: None,
    earlier: Rechecks[Commented] | None = None,
    each: Each | None = None,
    cache: Cache | None = None,
) -> Report:
    """Would the start-up of each image import what it needs? One image's failure hides no other's report.

    `known`: the findings that are not told again; `checkout`: the files, if not those on disk;
    `say` is told which image is looked at; `earlier`: the reports of other versions of the same files;
    `each`: asks about the images on disk, if not one after the other here; `cache`: the answers of earlier runs.
    """
    started = time.monotonic()
    if checkout is not None:
        answers = tuple(_one_by_one(settings, checkout, say, earlier or Rechecks()))
    else:
        if settings.clean:
            files_of(settings)  # of no image, but of all
        answers = _on_disk(settings, say, each, cache)
    failures = (*settings.refused, *(answer for answer in answers if isinstance(answer, ImageFailure)))
    told = not settings.is_partial and not failures and bool(known.file)

    def unused(comments: Iterable[Suppression], stale: int) -> Iterator[Finding]:
        from parity import one_image

        return one_image.unused(settings, known, comments, stale if told else 0)

    images = suppress(tuple(answer for answer in answers if isinstance(answer, Commented)), known, unused)
    return Report(images, failures, time.monotonic() - started, notes=settings.notes)


def rules() -> tuple[RuleInfo, ...]:
    """What the rules say of themselves."""
    from parity.rules.registry import ALL_RULES

    return tuple(rule.info for rule in ALL_RULES)


def files_of(settings: Settings, disk: DiskTree | None = None) -> FileTree:
    """The checkout as it is on disk, or (`clean`) what git has of it. Raises ParityError without a repository."""
    files = disk or DiskTree(settings.root)
    if not settings.clean:
        return files
    from parity.git.work_tree import CleanTree, WorkTree

    work_tree = WorkTree(files, settings.root)
    if not work_tree.speaks:
        raise ParityError(
            "--clean asks what git has, and git has nothing here", hint="leave it out, or add files"
        )
    return CleanTree(work_tree)


def check_image(asked: ImageSettings, settings: Settings, checkout: FileTree) -> ImageReport:
    """Raises ParityError for an image that Docker would refuse to build."""
    from parity import one_image

    return one_image.check(asked, settings, checkout)


def files(
    settings: Settings, *, excluded: bool = False, each: Each | None = None
) -> tuple[tuple[ImageFiles, ...], tuple[ImageFailure, ...]]:
    """What each image contains; `excluded` also asks what the ignore rules keep out."""
    from parity import one_image

    return _each(settings, partial(one_image.files, settings, DiskTree(settings.root), excluded), each)


def why(
    settings: Settings, name: str, each: Each | None = None, checkout: FileTree | None = None
) -> tuple[tuple[WhyAnswer, ...], tuple[ImageFailure, ...]]:
    """What is known about a module, a file of the checkout or an image path, in each image.

    `checkout`: the files, if not those on disk.
    """
    from parity import one_image

    return _each(settings, partial(one_image.why, settings, checkout or DiskTree(settings.root), name), each)


def graph(
    settings: Settings, each: Each | None = None
) -> tuple[tuple[ImageGraph, ...], tuple[ImageFailure, ...]]:
    """The modules that the start-up of each image reaches, and their imports."""
    from parity import one_image

    return _each(settings, partial(one_image.graph, settings, DiskTree(settings.root)), each)


def smoke(
    settings: Settings, each: Each | None = None
) -> tuple[tuple[ImageTests, ...], tuple[ImageFailure, ...]]:
    """What imports in a container of each image all that its start command imports."""
    from parity import one_image

    return _each(settings, partial(one_image.smoke, settings, DiskTree(settings.root)), each)


def predictions(
    settings: Settings, each: Each | None = None
) -> tuple[tuple[Predicted, ...], tuple[ImageFailure, ...]]:
    """The same, with what `check` says of the images; nothing is mounted over them."""
    from parity import one_image

    return _each(settings, partial(one_image.predicted, settings, DiskTree(settings.root)), each)


def verify(settings: Settings, name: str) -> Verification:
    """Is the image `name` that was built what the sources say now, and does it start? Raises ParityError."""
    from parity import one_image

    return one_image.verify(settings, name, files_of(settings))


def compare(settings: Settings, first: ImageSettings, second: ImageSettings) -> Comparison:
    """What differs between two images. Raises ParityError for one that Docker would refuse to build."""
    from parity import one_image

    return one_image.compare(settings, first, second, files_of(settings))


def fix(settings: Settings, choice: Choice = ANY) -> Fixes:
    """The edits that resolve the findings, tried in memory; what a baseline knows is fixed, too."""
    from parity.remedies.trial.fixes import fixes_for

    earlier: Rechecks[Commented] = Rechecks()
    return fixes_for(
        RememberedTree(DiskTree(settings.root)),
        lambda checkout: check(settings, checkout=checkout, earlier=earlier),
        partial(_everything, settings, earlier),
        choice,
    )


def with_edits(
    settings: Settings, report: Report, checkout: FileTree | None = None, cache: Cache | None = None
) -> Report:
    """The report with those edits alone that were tried in memory and hold.

    `checkout`: the files, if not those on disk.
    """
    if not any(one.cycle_imports or one.remedy for image in report.images for one in image.findings):
        return report

    def ask() -> Images:
        from parity.remedies.trial.offered import offered

        files = RememberedTree(checkout or DiskTree(settings.root))
        return Images(offered(files, partial(_everything, settings, Rechecks()), report).images)

    key = cache.key("edits", settings, report.images) if cache is not None else None
    images = cache.answer(key, Images, ask) if cache is not None else ask()
    return replace(report, images=images.images)


class Images(Struct, frozen=True):
    """As they are kept."""

    images: tuple[ImageReport, ...]


def _everything(settings: Settings, earlier: Rechecks[Commented], checkout: FileTree) -> Report:
    """All that can be found, whatever the user asked for."""
    images = tuple(replace(image, ignore=()) for image in settings.images)
    return check(replace(settings, select=(), ignore=(), images=images), checkout=checkout, earlier=earlier)


def _one_by_one(
    settings: Settings, checkout: FileTree, say: Callable[[str], None], earlier: Rechecks[Commented]
) -> Iterator[Commented | ImageFailure]:
    def ask(asked: ImageSettings) -> Commented:
        return earlier.report((asked, settings), checkout, partial(_commented, asked, settings))

    for asked in _saying(settings.images, say):
        yield _answer(ask, asked)


def _on_disk(
    settings: Settings, say: Callable[[str], None], each: Each | None, cache: Cache | None
) -> tuple[Commented | ImageFailure, ...]:
    """The answers that are known still, and those that are found now."""
    keys = _keys(settings, cache) if cache is not None else {}
    answers: dict[ImageSettings, Commented | ImageFailure] = {}
    for asked, key in keys.items():
        known = cache.known(key, ImageAnswer) if cache is not None else None
        if known is not None:
            answers[asked] = known.answer
    unknown = tuple(asked for asked in settings.images if asked not in answers)
    if unknown:
        from parity import one_image  # noqa: F401 - once, whatever processes are started
    find = partial(_found_on_disk, settings, DiskTree(settings.root), cache, keys)
    ask = partial(_answer, find)
    found = each(ask, unknown) if each is not None else map(ask, _saying(unknown, say))
    answers.update(zip(unknown, found, strict=True))
    return tuple(answers[asked] for asked in settings.images)


class ImageAnswer(Struct, frozen=True):
    """As it is kept."""

    answer: Commented | ImageFailure


def _keys(settings: Settings, cache: Cache) -> dict[ImageSettings, str]:
    """What each image's answer is kept under: all that the answer depends on, but files."""
    without = replace(
        settings,
        images=(),
        refused=(),
        notes=(),
        fail_on="",
        baseline=None,
        baseline_at=None,
        configured_codes=(),
        is_partial=False,
        below="",
    )
    whole = cache.key("settings of images", without)
    keys = {asked: cache.key("image", whole, asked) for asked in settings.images if whole is not None}
    return {asked: key for asked, key in keys.items() if key is not None}


def _found_on_disk(
    settings: Settings,
    disk: DiskTree,
    cache: Cache | None,
    keys: Mapping[ImageSettings, str],
    asked: ImageSettings,
) -> Commented | ImageFailure:
    def ask() -> ImageAnswer:
        try:
            return ImageAnswer(_commented(asked, settings, files_of(settings, disk)))
        except ParityError as error:
            return ImageAnswer(_failure(asked, error))

    key = keys.get(asked)
    return (cache.found(key, ask) if cache is not None and key is not None else ask()).answer


def _commented(asked: ImageSettings, settings: Settings, checkout: FileTree) -> Commented:
    report = check_image(asked, settings, checkout)
    return commented(report, checkout) if settings.heeds_comments else Commented(report)


def _saying(images: Sequence[ImageSettings], say: Callable[[str], None]) -> Iterator[ImageSettings]:
    for number, asked in enumerate(images, 1):
        say(f"{asked.dockerfile[1:]}, {number} of {len(images)}")
        yield asked


def _each(
    settings: Settings, ask: Callable[[ImageSettings], Answer], each: Each | None
) -> tuple[tuple[Answer, ...], tuple[ImageFailure, ...]]:
    """The answers, and the images of which there is none: one image's failure hides no other's answer."""
    answer_about = partial(_answer, ask)
    all_answers = list((each or map)(answer_about, settings.images))
    failures = tuple(answer for answer in all_answers if isinstance(answer, ImageFailure))
    answers = tuple(answer for answer in all_answers if not isinstance(answer, ImageFailure))
    return answers, settings.refused + failures


def _answer(
    ask: Callable[[ImageSettings], Answer | ImageFailure], asked: ImageSettings
) -> Answer | ImageFailure:
    """Why an image cannot be answered about is an answer, too; a fault of ours is one image's trouble."""
    try:
        return ask(asked)
    except ParityError as error:
        return _failure(asked, error)
    except Exception as error:
        return _failure(asked, fault_of(error))


def _failure(asked: ImageSettings, error: ParityError) -> ImageFailure:
    return ImageFailure(asked.dockerfile[1:], error.message, error.location, error.hint)
