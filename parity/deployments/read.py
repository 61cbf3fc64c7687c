"""What the files of a checkout say of builds and starts, each format read by its own module."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module

from msgspec import Struct

from parity.deployments.files import CheckoutFiles
from parity.deployments.format import Gives
from parity.deployments.paths import read
from parity.deployments.registry import FORMATS
from parity.deployments.service import Service
from parity.deployments.start_checks import StartCheck, start_checks
from parity.model.errors import ParityError
from parity.model.location import Location, Unknown
from parity.model.report import Note
from parity.tree.base import FileTree


class Deployments(Struct, frozen=True):
    """`services` start images, and mostly say how they are built. `builds` are workflows' and scripts'.

    `processes`: those of a Procfile, which starts an image only if nothing else does. `notes`: the files that say so by
    their name, and cannot be read. `start_checks`: where workflows and scripts try an image.
    """

    services: tuple[Service, ...] = ()
    builds: tuple[Service, ...] = ()
    processes: tuple[Service, ...] = ()
    notes: tuple[Note, ...] = ()
    start_checks: tuple[StartCheck, ...] = ()

    @property
    def all(self) -> tuple[Service, ...]:
        """Starts and builds."""
        return (*self.services, *self.builds)


def deployments_in(paths: Iterable[str], tree: FileTree, project: str) -> Deployments:
    """`paths`: checkout paths that `search` gives. `project`: the name of the repository's folder."""
    files = CheckoutFiles(paths, tree, project)
    found: dict[Gives, list[Service]] = {gives: [] for gives in Gives}
    for name, form in FORMATS.items():
        if any(files.texts(form)):
            found[form.gives] += import_module(f"parity.deployments.{name}").services(files)
    return Deployments(
        tuple(found[Gives.STARTS]),
        tuple(found[Gives.BUILDS]),
        tuple(found[Gives.PROCESSES]),
        tuple(_unread(files)),
        tuple(start_checks(files)),
    )


def _unread(files: CheckoutFiles) -> Iterator[Note]:
    """What is called like a file of services or of builds and is none, or may not be read."""
    for form in FORMATS.values():
        for path in files.named(form.owns, form.folder):
            text = read(files.tree, path)
            if isinstance(text, Unknown):
                why, place = text.reason.removeprefix(f"{path[1:]} "), Location(path[1:])
            elif isinstance(text, str) and path.endswith((".yml", ".yaml")):
                from parity.deployments.yaml_file import documents

                try:
                    documents(text, path[1:])
                    continue
                except ParityError as error:
                    why, place = error.message, error.location or Location(path[1:])
            else:
                continue
            yield Note(f"{path[1:]}: {why}; its {form.gives} are not known", place)
