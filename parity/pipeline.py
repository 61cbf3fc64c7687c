"""The tool on one page: from settings to a report. Calls only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from parity.analysis.analysis import Analysis
from parity.analysis.contents import contents_of
from parity.analysis.dependencies import PackageSettings
from parity.analysis.examine import examine
from parity.analysis.graph import graph_of
from parity.analysis.why import answer_why
from parity.config.services import services_below
from parity.config.settings import BaseSettings, ImageSettings, Settings
from parity.docker.base_told import BaseOf, ToldBase, base_of
from parity.docker.bases import Base
from parity.docker.build import Image, as_base, build
from parity.docker.context import BuildContext, ignore_file_for
from parity.docker.parse import parse
from parity.docker.step import RunStep
from parity.model.change import Mended
from parity.model.errors import ParityError
from parity.model.files import ImageFiles
from parity.model.finding import Finding
from parity.model.graph import ImageGraph
from parity.model.location import Location, Unknown
from parity.model.report import EntrypointReport, ImageFailure, ImageReport, Report
from parity.model.suppression import Suppression
from parity.model.version import PythonVersion
from parity.model.why import WhyAnswer
from parity.python.packages.metadata import local_environment
from parity.remedies.recheck import Rechecks
from parity.rules import ALL_RULES, RULES, UNUSED_SUPPRESSION, AnyRule
from parity.suppression.apply import suppress
from parity.tree.base import FileTree
from parity.tree.disk import DiskTree
from parity.tree.writable import WritableTree

T = TypeVar("T")
Each: TypeAlias = Callable[
    [Callable[[ImageSettings], ImageReport | ImageFailure], Iterable[ImageSettings]],
    Iterable[ImageReport | ImageFailure],
]
MOST_BASES = 20
"""Images of the repository that are built on each other."""
NOTHING_KNOWN: Mapping[str, int] = MappingProxyType({})


def check(
    settings: Settings,
    known: Mapping[str, int] = NOTHING_KNOWN,
    checkout: FileTree | None = None,
    say: Callable[[str], None] = lambda _: None,
    earlier: Rechecks | None = None,
    each: Each | None = None,
) -> Report:
    """Would the start-up of each image import what it needs? One image's failure hides no other's report.

    `known`: the baseline, how often each fingerprint occurs; `checkout`: the files, if not those on disk;
    `say` is told which image is looked at; `earlier`: the reports of other versions of the same files;
    `each`: asks about the images on disk, in its own order and processes, if not one after the other here.
    """
    started = time.monotonic()
    checkout = checkout or DiskTree(settings.root)
    if each is not None:
        answers = tuple(each(partial(answer_about, settings), settings.images))
    else:
        earlier = earlier or Rechecks()
        answers = tuple(_one_by_one(settings, checkout, say, earlier))
    failures = tuple(answer for answer in answers if isinstance(answer, ImageFailure))
    images = suppress(
        tuple(answer for answer in answers if isinstance(answer, ImageReport)),
        checkout,
        known,
        lambda unused: UNUSED_SUPPRESSION.check(s for s in unused if _is_judged(s, settings)),
    )
    rules = tuple(rule.info for rule in ALL_RULES)
    return Report(images, failures, time.monotonic() - started, rules)


def answer_about(settings: Settings, asked: ImageSettings) -> ImageReport | ImageFailure:
    """One image on disk."""
    try:
        return check_image(asked, settings, DiskTree(settings.root))
    except ParityError as error:
        return _failure(asked, error)


def _one_by_one(
    settings: Settings, checkout: FileTree, say: Callable[[str], None], earlier: Rechecks
) -> Iterator[ImageReport | ImageFailure]:
    for number, asked in enumerate(settings.images, 1):
        say(f"{asked.dockerfile[1:]}, {number} of {len(settings.images)}")
        try:
            yield earlier.report((asked, settings), checkout, partial(check_image, asked, settings))
        except ParityError as error:
            yield _failure(asked, error)


def check_image(asked: ImageSettings, settings: Settings, checkout: FileTree) -> ImageReport:
    """Raises ParityError for an image that Docker would refuse to build."""
    analysis = analyse(asked, settings, checkout)
    findings = [
        finding for rule in RULES for finding in rule.check(analysis) if _wanted(finding, settings, asked)
    ]
    return _report(asked, analysis, findings)


def analyse(asked: ImageSettings, settings: Settings, checkout: FileTree) -> Analysis:
    """The facts about one image."""
    return examine(
        image_of(asked, settings, checkout),
        checkout,
        asked.dockerfile[1:],
        command=asked.entrypoint,
        python=asked.python,
        packages=_packages(settings),
    )


def _packages(settings: Settings) -> PackageSettings:
    folder = settings.python_environment
    local = local_environment(DiskTree(folder), ("/",), folder.name) if folder is not None else None
    return PackageSettings(local, dict(settings.imports))


class _Shell:
    """The `RunInterpreter` for images that run anything: only they take the time to load it."""

    def run(self, step: RunStep, files: WritableTree) -> tuple[Unknown, ...]:
        from parity.docker.run import ShellRun
        from parity.python.packages import INSTALLERS

        return ShellRun(INSTALLERS).run(step, files)


def image_of(
    asked: ImageSettings, settings: Settings, checkout: FileTree, building: tuple[str, ...] = ()
) -> Image:
    """The image as the Dockerfile makes it. `building`: the images that are built on it, each on the next."""
    data = checkout.read(asked.dockerfile)
    if not isinstance(data, bytes):
        name = asked.dockerfile[1:]
        raise ParityError(data.reason.removeprefix(f"{name} "), Location(name))
    ignore = ignore_file_for(checkout, asked.dockerfile, asked.context)
    image = build(
        parse(data, asked.dockerfile[1:]),
        context=BuildContext(checkout, asked.context, ignore),
        target=asked.target,
        build_args=dict(asked.build_args),
        named_contexts={name: named_context(checkout, folder) for name, folder in asked.build_contexts},
        run=_Shell(),
        checkout=checkout,
        platform=asked.platform,
        base_of=_base_of(settings, checkout, building),
    )
    if asked.service is None:
        return image
    from parity.docker.compose import started_by

    return replace(image, config=started_by(asked.service, image.config))


def _base_of(settings: Settings, checkout: FileTree, building: tuple[str, ...]) -> BaseOf:
    """The base image of a reference: as the user tells, as the table knows it, or as compose builds it here."""
    known = base_of({base.name: _told(base) for base in settings.bases})

    def find(reference: str) -> Base:
        base = known(reference)
        if base.unknown is None or reference in building or len(building) > MOST_BASES:
            return base
        dockerfiles = [image.dockerfile[1:] for image in settings.images]
        for service in services_below(settings.root, dockerfiles):
            if service.builds(reference, settings.root.name):
                asked = ImageSettings(
                    service.dockerfile, service.context, service.target, None, service.build_args
                )
                return as_base(image_of(asked, settings, checkout, (*building, reference)), reference)
        return base

    return find


def _told(base: BaseSettings) -> ToldBase:
    python = PythonVersion.parse(base.python) if base.python else None
    return ToldBase(base.like, python, base.workdir, base.env, base.user, base.entrypoint, base.cmd)


def named_context(checkout: FileTree, folder: str) -> BuildContext:
    """The folder of `--build-context`, with its own .dockerignore."""
    return BuildContext(checkout, folder, ignore_file_for(checkout, folder.rstrip("/") + "/\0", folder))


def _wanted(rule: AnyRule | Finding, settings: Settings, image: ImageSettings | None = None) -> bool:
    """Is this rule asked for, for this image (None: for any)?"""

    def named(codes: tuple[str, ...]) -> bool:
        return any(rule.code.startswith(code.upper()) or rule.name == code for code in codes)

    ignored = (*settings.ignore, *(image.ignore if image else ()))
    return (not settings.select or named(settings.select)) and not named(ignored)


def _is_judged(suppression: Suppression, settings: Settings) -> bool:
    """Were all rules asked that this comment names? Otherwise it may be of use in another run."""
    covered = (rule for rule in RULES if suppression.covers(rule.code, rule.name))
    return _wanted(UNUSED_SUPPRESSION, settings) and all(_wanted(rule, settings) for rule in covered)


def _sources(analysis: Analysis) -> tuple[str, ...]:
    """The files of the checkout that the answer rests on."""
    modules = (module.source for startup in analysis.startups for module in startup.modules if module.source)
    return tuple(dict.fromkeys((analysis.dockerfile, analysis.image.context.ignore.path, *modules)))


def _report(asked: ImageSettings, analysis: Analysis, findings: list[Finding]) -> ImageReport:
    command = analysis.command
    first = analysis.startups[0] if analysis.startups else None
    entrypoint = None
    if command is not None and first is not None:
        modules = tuple(dict.fromkeys(m for s in analysis.startups for m in s.entrypoint.modules))
        argv = tuple(argument or "" for argument in command.argv)
        entrypoint = EntrypointReport(argv, first.entrypoint.kind, modules, command.location)
    return ImageReport(
        dockerfile=asked.dockerfile[1:],
        context=asked.context[1:] or ".",
        target=asked.target,
        service=asked.service.name if asked.service else None,
        python=str(analysis.python) if analysis.python else None,
        workdir=analysis.image.config.working_directory,
        search_path=tuple(f for f in first.search_path if f.startswith("/")) if first else (),
        entrypoint=entrypoint,
        unknowns=analysis.unknowns,
        findings=tuple(sorted(findings, key=lambda f: (f.severity.rank, f.confidence.value))),
        sources=_sources(analysis),
        modules_checked=len({m.source or m.image_path for s in analysis.startups for m in s.modules}),
    )


def files(
    settings: Settings, *, excluded: bool = False
) -> tuple[tuple[ImageFiles, ...], tuple[ImageFailure, ...]]:
    """What each image contains; `excluded` also asks what the ignore rules keep out."""
    checkout = DiskTree(settings.root)

    def ask(asked: ImageSettings) -> ImageFiles:
        image = image_of(asked, settings, checkout)
        return contents_of(image, checkout, asked.dockerfile[1:], asked.target, excluded=excluded)

    return _each(settings, ask)


def why(settings: Settings, name: str) -> tuple[tuple[WhyAnswer, ...], tuple[ImageFailure, ...]]:
    """What is known about a module, a file of the checkout or an image path, in each image."""
    checkout = DiskTree(settings.root)

    def ask(asked: ImageSettings) -> WhyAnswer:
        return answer_why(analyse(asked, settings, checkout), name, asked.target, _packages(settings))

    return _each(settings, ask)


def graph(settings: Settings) -> tuple[tuple[ImageGraph, ...], tuple[ImageFailure, ...]]:
    """The modules that the start-up of each image reaches, and their imports."""
    checkout = DiskTree(settings.root)

    def ask(asked: ImageSettings) -> ImageGraph:
        return graph_of(analyse(asked, settings, checkout), asked.target)

    return _each(settings, ask)


def _each(
    settings: Settings, ask: Callable[[ImageSettings], T]
) -> tuple[tuple[T, ...], tuple[ImageFailure, ...]]:
    """The answers, and the images of which there is none: one's failure hides no other's answer."""
    answers: list[T] = []
    failures: list[ImageFailure] = []
    for asked in settings.images:
        try:
            answers.append(ask(asked))
        except ParityError as error:
            failures.append(_failure(asked, error))
    return tuple(answers), tuple(failures)


def _failure(asked: ImageSettings, error: ParityError) -> ImageFailure:
    return ImageFailure(asked.dockerfile[1:], error.message, error.location, error.hint)


def fix(settings: Settings) -> Mended:
    """The edits that resolve the findings, tried in memory; what a baseline knows is mended, too."""
    from parity.remedies.mend import mend

    images = tuple(replace(image, ignore=()) for image in settings.images)
    everything = replace(settings, select=(), ignore=(), images=images)
    earlier = Rechecks()
    return mend(
        DiskTree(settings.root),
        lambda checkout: check(settings, checkout=checkout, earlier=earlier),
        lambda checkout: check(everything, checkout=checkout, earlier=earlier),
    )
