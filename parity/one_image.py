"""Everything that is asked about one image: whoever has the answer already need not load it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

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
from parity.git.work_tree import WorkTree
from parity.image_report import report_of
from parity.images import dockerfile_of, image_of
from parity.model.comparison import Comparison
from parity.model.files import ImageFiles
from parity.model.finding import Finding, Severity
from parity.model.graph import ImageGraph
from parity.model.report import ImageReport
from parity.model.rule_code import names_rule
from parity.model.start_test import ImageTests, Predicted
from parity.model.suppression import Suppression, covers
from parity.model.verification import Verification
from parity.model.why import WhyAnswer
from parity.packages.metadata import local_environment
from parity.rules.base import UnusedSuppressions
from parity.rules.registry import RULES, UNUSED_SUPPRESSION, AnyRule
from parity.rules.suppression.apply import Commented, commented, suppress
from parity.rules.suppression.baseline import Baseline
from parity.tree.base import FileTree
from parity.tree.disk import DiskTree
from parity.tree.recorded import RecordedTree


def check(asked: ImageSettings, settings: Settings, checkout: FileTree) -> ImageReport:
    """Raises ParityError for an image that Docker would refuse to build."""
    return _report(asked, analyse(asked, settings, checkout), settings)


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


def files(settings: Settings, checkout: DiskTree, excluded: bool, asked: ImageSettings) -> ImageFiles:
    """What the image contains; `excluded` also asks what the ignore rules keep out."""
    image = image_of(asked, settings, checkout)
    return contents_of(image, checkout, asked.dockerfile[1:], asked.target, excluded=excluded)


def why(settings: Settings, checkout: FileTree, name: str, asked: ImageSettings) -> WhyAnswer:
    """What is known about a module, a file of the checkout or an image path."""
    answer = answer_why(analyse(asked, settings, checkout), name, asked.target, _packages(settings))
    if not answer.checkout_path:
        return answer
    return replace(answer, not_in_git=WorkTree(checkout, settings.root).lacks(f"/{answer.checkout_path}"))


def graph(settings: Settings, checkout: DiskTree, asked: ImageSettings) -> ImageGraph:
    """The modules that the start-up reaches, and their imports."""
    return graph_of(analyse(asked, settings, checkout), asked.target)


def smoke(settings: Settings, checkout: DiskTree, asked: ImageSettings) -> ImageTests:
    """What imports in a container of the image all that its start command imports."""
    from parity.smoke.tests_of import tests_of

    alone = without_mounts(asked)
    return tests_of(alone, analyse(alone, settings, checkout))


def predicted(settings: Settings, checkout: DiskTree, asked: ImageSettings) -> Predicted:
    """The same, with what `check` says of the image; nothing is mounted over it."""
    from parity.smoke.tests_of import tests_of

    alone = without_mounts(asked)
    analysis = analyse(alone, settings, checkout)
    return Predicted(tests_of(alone, analysis), report_of(alone, analysis, list(_found(analysis))))


def verify(settings: Settings, name: str, checkout: FileTree) -> Verification:
    """Is the image `name` that was built what the sources say now, and does it start? Raises ParityError."""
    from parity.archive.read import built_image
    from parity.verification import as_told_of_built, image_meant, verified

    with built_image(name, settings.images[0].platform if settings.images else "") as built:
        asked = image_meant(settings, built.names, built.config, checkout)
        answer, analysis = verified(asked, settings, built, checkout)
        told = as_told_of_built(_as_asked(_found(analysis), settings, asked), answer)
        report = report_of(asked, analysis, list(told))
        told_of = commented(report, checkout) if settings.heeds_comments else Commented(report)
        silenced = suppress((told_of,), Baseline(), lambda _unused, _stale: iter(()))
        shown = silenced[0].findings
        return replace(
            answer, start=replace(report, findings=shown, silenced=len(report.findings) - len(shown))
        )


def compare(
    settings: Settings, first: ImageSettings, second: ImageSettings, checkout: FileTree
) -> Comparison:
    """What differs between two images. Raises ParityError for one that Docker would refuse to build."""
    from parity.analysis.compare import differences_of, open_packages
    from parity.config.named import name_of

    one, other = (analyse(asked, settings, checkout) for asked in (first, second))
    reports = _report(first, one, settings), _report(second, other, settings)
    return Comparison(
        (name_of(first), name_of(second)),
        reports,
        tuple(differences_of(one, other)),
        (open_packages(one), open_packages(other)),
    )


def _report(asked: ImageSettings, analysis: Analysis, settings: Settings) -> ImageReport:
    return report_of(asked, analysis, list(_as_asked(_found(analysis), settings, asked)))


def _found(analysis: Analysis) -> Iterator[Finding]:
    return (finding for rule in RULES for finding in rule.check(analysis))


def unused(
    settings: Settings, known: Baseline, comments: Iterable[Suppression], stale: int
) -> Iterator[Finding]:
    """What is said of comments that silence nothing, and of so many known findings that are gone."""
    names = tuple((rule.code, rule.name) for rule in RULES)
    comments = tuple(comments)
    of_codes = {codes: _is_judged(codes, settings) for codes in {comment.codes for comment in comments}}
    judged = tuple(comment for comment in comments if of_codes[comment.codes])
    found = UNUSED_SUPPRESSION.check(UnusedSuppressions(judged, names, known.file, stale))
    return _as_asked(found, settings)


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


def _is_judged(codes: tuple[str, ...], settings: Settings) -> bool:
    """Were all rules asked that a comment with these codes names? Otherwise it may be of use in another run."""
    covered = (rule for rule in RULES if covers(codes, rule.code, rule.name))
    return _wanted(UNUSED_SUPPRESSION, settings) and all(_wanted(rule, settings) for rule in covered)
