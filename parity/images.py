"""Which image does a Dockerfile make, as the settings say: its context, arguments, base and compose service?"""

from __future__ import annotations

from msgspec.structs import replace

from parity.build.bases.base import Base
from parity.build.bases.described import BaseOf, ToldBase, base_of
from parity.build.evaluate import build
from parity.build.image import Image, as_base
from parity.build.step import RunStep
from parity.config.settings import BaseSettings, ImageSettings, Settings
from parity.context.build_context import BuildContext, ignore_file_for
from parity.deployments.service import same_image
from parity.dockerfile.instructions import Dockerfile
from parity.dockerfile.parse import parse
from parity.model.errors import ParityError
from parity.model.location import Location, Unknown
from parity.model.octets import octets
from parity.model.version import PythonVersion
from parity.tree.base import FileTree
from parity.tree.writable import WritableTree

MOST_BASES = 20
"""Images of the repository that are built on each other."""


def image_of(
    asked: ImageSettings, settings: Settings, checkout: FileTree, building: tuple[str, ...] = ()
) -> Image:
    """The image as the Dockerfile makes it. `building`: the images that are built on it, each on the next."""
    parsed = dockerfile_of(asked, checkout)
    ignore = ignore_file_for(checkout, asked.dockerfile, asked.context)
    image = build(
        parsed,
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
    from parity.deployments.mounting import mounted
    from parity.deployments.start import started_by

    image = replace(image, config=started_by(asked.service, image.config))
    return mounted(image, asked.service.mounts, checkout)


def dockerfile_of(asked: ImageSettings, checkout: FileTree) -> Dockerfile:
    """Its instructions. Raises ParityError where it cannot be read, or is none."""
    data = checkout.read(asked.dockerfile) if asked.text is None else asked.text
    if not isinstance(data, bytes):
        name = asked.dockerfile[1:]
        raise ParityError(data.reason.removeprefix(f"{name} "), Location(name))
    return parse(data, asked.dockerfile[1:])


class _Shell:
    """The `RunInterpreter` for images that run anything: only they take the time to load it."""

    def run(self, step: RunStep, files: WritableTree) -> tuple[Unknown, ...]:
        from parity.build.run import ShellRun
        from parity.installers import INSTALLERS

        return ShellRun(INSTALLERS).run(step, files)


def _base_of(settings: Settings, checkout: FileTree, building: tuple[str, ...]) -> BaseOf:
    """The base image of a reference: as the user tells, as the table knows it, or as compose builds it here."""
    known = base_of({base.name: _told(base) for base in settings.bases})

    def find(reference: str) -> Base:
        base = known(reference)
        if base.unknown is None or reference in building or len(building) > MOST_BASES:
            return base
        for service in settings.builders:
            named = any(same_image(reference, name) for name in service.images)
            if named and service.build is not None:
                build = service.build
                asked = ImageSettings(
                    dockerfile=build.dockerfile,
                    context=build.context,
                    target=build.target,
                    build_args=build.args,
                    build_contexts=build.contexts,
                    text=octets(build.inline) if build.inline is not None else None,
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
