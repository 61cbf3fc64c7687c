"""An image that was built, against the one that the Dockerfile makes now: files, configuration, packages, start-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from parity.analysis.analysis import Analysis
from parity.analysis.contract import with_contract
from parity.analysis.examine import examine
from parity.archive.description import Configured
from parity.archive.read import BuiltImage
from parity.build.image import Image
from parity.config.settings import ImageSettings, Settings
from parity.deployments.service import same_image
from parity.git.work_tree import WorkTree
from parity.image_report import report_of
from parity.images import image_of
from parity.model.errors import ParityError
from parity.model.finding import Cause, CauseKind, Finding, Remedy
from parity.model.location import May
from parity.model.verification import Differs, MissingLibrary, Verification
from parity.packages.installed import InstalledPackages
from parity.tree.base import FileTree, clean
from parity.verify.built import BuiltTree, as_built
from parity.verify.configuration import compare_configuration
from parity.verify.files import compare_files, first_layer
from parity.verify.packages import compare_packages
from parity.verify.shared_objects import missing_libraries

BUILD_AGAIN = "build the image again"


def verified(
    asked: ImageSettings, settings: Settings, built: BuiltImage, checkout: FileTree
) -> tuple[Verification, Analysis]:
    """What is different, and the facts about the start-up of the image as it was built."""
    planned = image_of(asked, settings, checkout)
    work_tree = WorkTree(checkout, settings.root)
    files = BuiltTree(built.tree, planned.tree, checkout, planned.context.checkout_path("/"))
    image = as_built(planned, built, files, checkout)
    first = first_layer(planned, built)
    compared = compare_files(planned, built, files, work_tree.tracks, first)
    analysis = with_contract(
        examine(
            image,
            checkout,
            asked.dockerfile[1:],
            command=asked.entrypoint,
            python=asked.python,
            git_ignored=work_tree.ignore.ignores,
        ),
        asked.contract,
    )
    answer = Verification(
        image=built.name,
        saved_as=built.names,
        digest=built.digest,
        layers=len(built.layers),
        files=compared.differences,
        configuration=compare_configuration(planned, built, first),
        packages=compare_packages(image, checkout, analysis.python),
        start=report_of(asked, analysis, []),
        compared=compared.files,
        left_out=compared.left_out,
        libraries=_libraries(image, built, analysis),
        unknowns=tuple(one for one in planned.unknowns if one.may is not May.NOTHING),
    )
    return answer, analysis


def _libraries(image: Image, built: BuiltImage, analysis: Analysis) -> tuple[MissingLibrary, ...]:
    found: dict[MissingLibrary, None] = {}
    for startup in analysis.startups:
        folders = [folder for folder in startup.search_path if folder.startswith("/")]
        imported = [one.name for one in startup.outside]
        modules = InstalledPackages(image.tree, folders).modules(imported, analysis.python)
        found |= dict.fromkeys(missing_libraries(built.tree, folders, {*imported, *modules}))
    return tuple(found)


def as_told_of_built(findings: Iterable[Finding], answer: Verification) -> Iterator[Finding]:
    """The findings in the words for an image that was built: what is out of date in it is built again, not edited."""
    otherwise = {one.path: one for one in answer.files if one.how is not Differs.UNEXPECTED}
    for finding in findings:
        last = finding.chain[-1].image_path if finding.chain else ""
        stale = otherwise.get(finding.image_path or "") or otherwise.get(last)
        cause, fix, ways = finding.cause, finding.fix, tuple(Remedy(one.text) for one in finding.remedies)
        if stale is not None:
            how = "is missing" if stale.how is Differs.MISSING else "is out of date"
            cause = Cause(CauseKind.OUTDATED, f"{stale.path} {how} in the image", stale.instruction)
            fix, ways = BUILD_AGAIN, ()
        elif cause is not None and cause.kind is CauseKind.NOT_INSTALLED:
            cause = Cause(CauseKind.NOT_INSTALLED, "nothing in the image provides it")
        yield replace(finding, cause=cause, fix=fix, remedies=ways)


def image_meant(
    settings: Settings, names: Sequence[str], built: Configured, checkout: FileTree
) -> ImageSettings:
    """Which of the images of the checkout is it: the only one, that of its name, or of its configuration?

    No service starts it: its mounts and its command are not the image's. Raises ParityError where several may be meant.
    """
    distinct: dict[object, ImageSettings] = {}
    for one in settings.images:
        alone = replace(one, service=None)
        key = replace(alone, names=())
        distinct.setdefault(key, alone)
    offered = list(distinct.values())
    if not offered:
        told = settings.refused[0] if settings.refused else None
        raise ParityError(told.message if told else "there is no Dockerfile", told.location if told else None)
    if len(offered) == 1:
        return offered[0]
    by_name = _by_name(settings, names)
    if len(by_name) == 1:
        return by_name[0]
    among = by_name or offered
    fitting = [one for one in among if _fits(one, settings, built, checkout)]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(dict.fromkeys(one.dockerfile[1:] for one in among[:5]))
    more = f" and {len(among) - 5} more" if len(among) > 5 else ""
    raise ParityError(f"{listed}{more} may be what it was built from", hint="name one with -f")


def _by_name(settings: Settings, names: Sequence[str]) -> list[ImageSettings]:
    """Those that a deployment file builds under a name that the image has."""
    found: dict[object, ImageSettings] = {}
    for one in settings.images:
        images = one.service.images if one.service is not None else ()
        if any(same_image(name, image) for name in names for image in images):
            alone = replace(one, service=None)
            found.setdefault(replace(alone, names=()), alone)
    return list(found.values())


def _fits(asked: ImageSettings, settings: Settings, built: Configured, checkout: FileTree) -> bool:
    """Has what the Dockerfile makes the same start command, in the same folder?"""
    try:
        config = image_of(asked, settings, checkout).config
    except ParityError:
        return False
    command = (*(config.entrypoint or ()), *(config.cmd or ()))
    there = (*(built.entrypoint or ()), *(built.cmd or ()))
    return command == there and config.working_directory == clean(built.working_dir or "/")
