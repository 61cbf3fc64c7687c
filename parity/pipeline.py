"""The tool on one page: from settings to a report. Calls only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Protocol, TypeVar

from msgspec.structs import replace

from parity.analysis.analysis import Analysis
from parity.analysis.contents import contents_of
from parity.analysis.contract import with_contract
from parity.analysis.dependencies import PackageSettings
from parity.analysis.examine import examine
from parity.analysis.graph import graph_of
from parity.analysis.start_check import with_start_check
from parity.analysis.untracked import with_untracked
from parity.analysis.why import answer_why
from parity.config.settings import ImageSettings, Settings, without_mounts
from parity.git.work_tree import CleanTree, WorkTree
from parity.image_report import report_of
from parity.images import dockerfile_of, image_of
from parity.model.change import Choice, Fixes
from parity.model.comparison import Comparison
from parity.model.errors import ParityError, fault_of
from parity.model.files import ImageFiles
from parity.model.finding import Finding, Severity
from parity.model.graph import ImageGraph
from parity.model.report import ImageFailure, ImageReport, Report
from parity.model.rule_code import names_rule
from parity.model.start_test import ImageTests, Predicted
from parity.model.suppression import Suppression
from parity.model.verification import Verification
from parity.model.why import WhyAnswer
from parity.packages.metadata import local_environment
from parity.remedies.trial.recheck import Rechecks
from parity.rules import ALL_RULES, RULES, UNUSED_SUPPRESSION, AnyRule
from parity.rules.base import UnusedSuppressions
from parity.rules.suppression.apply import suppress
from parity.rules.suppression.baseline import Baseline
from parity.tree.base import FileTree
from parity.tree.disk import DiskTree
from parity.tree.recorded import RecordedTree
from parity.tree.remembered import RememberedTree

Answer = TypeVar("Answer", ImageReport, ImageFiles, ImageGraph, WhyAnswer, ImageTests, Predicted)


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
    earlier: Rechecks | None = None,
    each: Each | None = None,
) -> Report:
    """Would the start-up of each image import what it needs? One image's failure hides no other's report.

    `known`: the findings that are not told again; `checkout`: the files, if not those on disk;
    `say` is told which image is looked at; `earlier`: the reports of other versions of the same files;
    `each`: asks about the images on disk, if not one after the other here.
    """
    started = time.monotonic()
    checkout = checkout or files_of(settings)
    if each is not None:
        answers = tuple(each(partial(_answer, partial(_report_on_disk, settings)), settings.images))
    else:
        earlier = earlier or Rechecks()
        answers = tuple(_one_by_one(settings, checkout, say, earlier))
    failures = (*settings.refused, *(answer for answer in answers if isinstance(answer, ImageFailure)))
    images = suppress(
        tuple(answer for answer in answers if isinstance(answer, ImageReport)),
        checkout,
        known,
        lambda unused, stale: _as_asked(
            UNUSED_SUPPRESSION.check(
                UnusedSuppressions(
                    tuple(comment for comment in unused if _is_judged(comment, settings)),
                    tuple((rule.code, rule.name) for rule in RULES),
                    known.file,
                    0 if settings.is_partial or failures or not known.file else stale,
                )
            ),
            settings,
        ),
        heeds_comments=settings.heeds_comments,
    )
    rules = tuple(rule.info for rule in ALL_RULES)
    return Report(images, failures, time.monotonic() - started, rules, settings.notes)


def _report_on_disk(settings: Settings, asked: ImageSettings) -> ImageReport:
    return check_image(asked, settings, files_of(settings))


def files_of(settings: Settings) -> FileTree:
    """The checkout as it is on disk, or (`clean`) what git has of it. Raises ParityError without a repository."""
    files = DiskTree(settings.root)
    if not settings.clean:
        return files
    work_tree = WorkTree(files, settings.root)
    if not work_tree.speaks:
        raise ParityError(
            "--clean asks what git has, and git has nothing here", hint="leave it out, or add files"
        )
    return CleanTree(work_tree)


def check_image(asked: ImageSettings, settings: Settings, checkout: FileTree) -> ImageReport:
    """Raises ParityError for an image that Docker would refuse to build."""
    analysis = analyse(asked, settings, checkout)
    return report_of(asked, analysis, list(_as_asked(_found(analysis), settings, asked)))


def analyse(asked: ImageSettings, settings: Settings, checkout: FileTree) -> Analysis:
    """The facts about one image."""
    recorded = RecordedTree(checkout)
    work_tree = WorkTree(checkout, settings.root)

    def examined(files: FileTree, git_ignored: Callable[[str], bool]) -> Analysis:
        return examine(
            image_of(asked, settings, files),
            recorded,
            asked.dockerfile[1:],
            command=asked.entrypoint,
            python=asked.python,
            packages=_packages(settings),
            git_ignored=git_ignored,
        )

    analysis = examined(recorded, work_tree.ignore.ignores)
    analysis = with_contract(analysis, asked.contract)
    analysis = with_start_check(
        analysis,
        dockerfile_of(asked, recorded),
        asked.dockerfile,
        asked.service,
        settings.builders,
        settings.start_checks,
    )
    return with_untracked(analysis, recorded.seen, work_tree, examined)


def verify(settings: Settings, name: str) -> Verification:
    """Is the image `name` that was built what the sources say now, and does it start? Raises ParityError."""
    from parity.archive.read import built_image
    from parity.verification import as_told_of_built, image_meant, verified

    checkout = files_of(settings)
    with built_image(name, settings.images[0].platform if settings.images else "") as built:
        asked = image_meant(settings, built.names, built.config, checkout)
        answer, analysis = verified(asked, settings, built, checkout)
        found = (finding for rule in RULES for finding in rule.check(analysis))
        told = as_told_of_built(_as_asked(found, settings, asked), answer)
        report = report_of(asked, analysis, list(told))
        silenced = suppress(
            (report,),
            checkout,
            NOTHING_KNOWN,
            lambda _unused, _stale: iter(()),
            heeds_comments=settings.heeds_comments,
        )
        shown = silenced[0].findings
        return replace(
            answer, start=replace(report, findings=shown, silenced=len(report.findings) - len(shown))
        )


def files(
    settings: Settings, *, excluded: bool = False, each: Each | None = None
) -> tuple[tuple[ImageFiles, ...], tuple[ImageFailure, ...]]:
    """What each image contains; `excluded` also asks what the ignore rules keep out."""
    return _each(settings, partial(_files, settings, DiskTree(settings.root), excluded), each)


def why(
    settings: Settings, name: str, each: Each | None = None, checkout: FileTree | None = None
) -> tuple[tuple[WhyAnswer, ...], tuple[ImageFailure, ...]]:
    """What is known about a module, a file of the checkout or an image path, in each image.

    `checkout`: the files, if not those on disk.
    """
    return _each(settings, partial(_why, settings, checkout or DiskTree(settings.root), name), each)


def graph(
    settings: Settings, each: Each | None = None
) -> tuple[tuple[ImageGraph, ...], tuple[ImageFailure, ...]]:
    """The modules that the start-up of each image reaches, and their imports."""
    return _each(settings, partial(_graph, settings, DiskTree(settings.root)), each)


def smoke(
    settings: Settings, each: Each | None = None
) -> tuple[tuple[ImageTests, ...], tuple[ImageFailure, ...]]:
    """What imports in a container of each image all that its start command imports."""
    return _each(settings, partial(_smoke, settings, DiskTree(settings.root)), each)


def predictions(
    settings: Settings, each: Each | None = None
) -> tuple[tuple[Predicted, ...], tuple[ImageFailure, ...]]:
    """The same, with what `check` says of the images; nothing is mounted over them."""
    return _each(settings, partial(_predicted, settings, DiskTree(settings.root)), each)


def compare(settings: Settings, first: ImageSettings, second: ImageSettings) -> Comparison:
    """What differs between two images. Raises ParityError for one that Docker would refuse to build."""
    from parity.analysis.compare import differences_of, open_packages
    from parity.config.named import name_of

    checkout = files_of(settings)
    one, other = (analyse(asked, settings, checkout) for asked in (first, second))
    reports = tuple(
        report_of(asked, analysis, list(_as_asked(_found(analysis), settings, asked)))
        for asked, analysis in ((first, one), (second, other))
    )
    return Comparison(
        (name_of(first), name_of(second)),
        (reports[0], reports[1]),
        tuple(differences_of(one, other)),
        (open_packages(one), open_packages(other)),
    )


def _found(analysis: Analysis) -> Iterator[Finding]:
    return (finding for rule in RULES for finding in rule.check(analysis))


def _files(settings: Settings, checkout: DiskTree, excluded: bool, asked: ImageSettings) -> ImageFiles:
    image = image_of(asked, settings, checkout)
    return contents_of(image, checkout, asked.dockerfile[1:], asked.target, excluded=excluded)


def _why(settings: Settings, checkout: FileTree, name: str, asked: ImageSettings) -> WhyAnswer:
    answer = answer_why(analyse(asked, settings, checkout), name, asked.target, _packages(settings))
    if not answer.checkout_path:
        return answer
    return replace(answer, not_in_git=WorkTree(checkout, settings.root).lacks(f"/{answer.checkout_path}"))


def _graph(settings: Settings, checkout: DiskTree, asked: ImageSettings) -> ImageGraph:
    return graph_of(analyse(asked, settings, checkout), asked.target)


def _smoke(settings: Settings, checkout: DiskTree, asked: ImageSettings) -> ImageTests:
    from parity.smoke.tests_of import tests_of

    alone = without_mounts(asked)
    return tests_of(alone, analyse(alone, settings, checkout))


def _predicted(settings: Settings, checkout: DiskTree, asked: ImageSettings) -> Predicted:
    from parity.smoke.tests_of import tests_of

    alone = without_mounts(asked)
    analysis = analyse(alone, settings, checkout)
    return Predicted(tests_of(alone, analysis), report_of(alone, analysis, list(_found(analysis))))


def fix(settings: Settings, choice: Choice = ANY) -> Fixes:
    """The edits that resolve the findings, tried in memory; what a baseline knows is fixed, too."""
    from parity.remedies.trial.fixes import fixes_for

    earlier = Rechecks()
    return fixes_for(
        RememberedTree(DiskTree(settings.root)),
        lambda checkout: check(settings, checkout=checkout, earlier=earlier),
        partial(_everything, settings, earlier),
        choice,
    )


def with_edits(settings: Settings, report: Report, checkout: FileTree | None = None) -> Report:
    """The report with those edits alone that were tried in memory and hold.

    `checkout`: the files, if not those on disk.
    """
    from parity.remedies.trial.offered import offered

    files = RememberedTree(checkout or DiskTree(settings.root))
    return offered(files, partial(_everything, settings, Rechecks()), report)


def _everything(settings: Settings, earlier: Rechecks, checkout: FileTree) -> Report:
    """All that can be found, whatever the user asked for."""
    images = tuple(replace(image, ignore=()) for image in settings.images)
    return check(replace(settings, select=(), ignore=(), images=images), checkout=checkout, earlier=earlier)


def _one_by_one(
    settings: Settings, checkout: FileTree, say: Callable[[str], None], earlier: Rechecks
) -> Iterator[ImageReport | ImageFailure]:
    def ask(asked: ImageSettings) -> ImageReport:
        return earlier.report((asked, settings), checkout, partial(check_image, asked, settings))

    for number, asked in enumerate(settings.images, 1):
        say(f"{asked.dockerfile[1:]}, {number} of {len(settings.images)}")
        yield _answer(ask, asked)


def _each(
    settings: Settings, ask: Callable[[ImageSettings], Answer], each: Each | None
) -> tuple[tuple[Answer, ...], tuple[ImageFailure, ...]]:
    """The answers, and the images of which there is none: one image's failure hides no other's answer."""
    answer_about = partial(_answer, ask)
    all_answers = list((each or map)(answer_about, settings.images))
    failures = tuple(answer for answer in all_answers if isinstance(answer, ImageFailure))
    answers = tuple(answer for answer in all_answers if not isinstance(answer, ImageFailure))
    return answers, settings.refused + failures


def _answer(ask: Callable[[ImageSettings], Answer], asked: ImageSettings) -> Answer | ImageFailure:
    """Why an image cannot be answered about is an answer, too; a fault of ours is one image's trouble."""
    try:
        return ask(asked)
    except ParityError as error:
        return ImageFailure(asked.dockerfile[1:], error.message, error.location, error.hint)
    except Exception as error:
        fault = fault_of(error)
        return ImageFailure(asked.dockerfile[1:], fault.message, hint=fault.hint)


def _packages(settings: Settings) -> PackageSettings:
    folder = settings.python_environment
    local = local_environment(DiskTree(folder), ("/",), folder.name) if folder is not None else None
    return PackageSettings(local, dict(settings.imports))


def _wanted(rule: AnyRule | Finding, settings: Settings, image: ImageSettings | None = None) -> bool:
    """Is this rule asked for, for this image (None: for any)?"""

    def named(codes: tuple[str, ...]) -> bool:
        return any(names_rule(word, rule.code, rule.name) for word in codes)

    ignored = (*settings.ignore, *(image.ignore if image else ()))
    return (not settings.select or named(settings.select)) and not named(ignored)


def _as_asked(
    findings: Iterable[Finding], settings: Settings, image: ImageSettings | None = None
) -> Iterator[Finding]:
    """The findings that are asked for, with the severity that the user gives their rules."""
    for finding in findings:
        if _wanted(finding, settings, image) and not _is_elsewhere(finding, settings):
            words = [word for word, _ in settings.severities if names_rule(word, finding.code, finding.name)]
            if words:  # the longest says it most exactly
                severity = Severity(dict(settings.severities)[max(words, key=len)])
                finding = replace(finding, severity=severity)
            yield finding


def _is_elsewhere(finding: Finding, settings: Settings) -> bool:
    """Does it stand in a file that its rule is not for?"""
    if finding.location is None or not settings.ignored_in:
        return False
    from parity.config.patterns import files_of

    return any(
        files_of((pattern,)).match_file(finding.location.path)
        for pattern, codes in settings.ignored_in
        if any(names_rule(word, finding.code, finding.name) for word in codes)
    )


def _is_judged(suppression: Suppression, settings: Settings) -> bool:
    """Were all rules asked that this comment names? Otherwise it may be of use in another run."""
    covered = (rule for rule in RULES if suppression.covers(rule.code, rule.name))
    return _wanted(UNUSED_SUPPRESSION, settings) and all(_wanted(rule, settings) for rule in covered)
