"""The public Python API: does an image start, what does it hold, what does its start-up reach?

```python
from parity.api import image

api = image("Dockerfile.api")
api.starts()
assert "schema/order.json" in api
```

The names of this module are promised to stay; all others of the package may change. Nothing is built or run.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from parity import one_image, pipeline
from parity.analysis.analysis import Analysis
from parity.analysis.contract import holds
from parity.config.asked import Asked
from parity.config.discover import discover
from parity.config.settings import ImageSettings, Settings
from parity.formats.presentation import Presentation, excerpt_of
from parity.formats.report import text
from parity.model import finding as model
from parity.model.errors import ParityError
from parity.model.report import ImageReport, Report
from parity.model.seen_from import seen_from
from parity.tree.base import Entry, FileKind, clean
from parity.tree.disk import DiskTree
from parity.tree.links import follow

__all__ = ["Finding", "Image", "ParityError", "StartError", "image", "images"]


class StartError(AssertionError):
    """The image does not start: the text is that of the report."""


class Finding(Struct, frozen=True):
    """What is wrong with an image.

    `code` and `name` of the rule (`PAR101`, `missing-module`); `severity` is `error`, `warning` or `info`,
    `confidence` is `certain` or `likely`; `path` and `line` of the checkout's file, "" and 0 where it is of none;
    `module` and `image_path`, where it is about one; `fix`: what to do, in a sentence.
    """

    code: str
    name: str
    severity: str
    confidence: str
    message: str
    path: str = ""
    line: int = 0
    module: str | None = None
    image_path: str | None = None
    fix: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: " if self.path else ""
        return f"{place}{self.code} {self.message}"


class Image:
    """One image as the sources say that it is. `image` and `images` make it; each answer is found when it is asked for.

    Every answer raises ParityError for a Dockerfile that Docker would refuse.
    """

    def __init__(self, settings: Settings, asked: ImageSettings) -> None:
        self._settings = settings
        self._asked = asked

    @property
    def dockerfile(self) -> str:
        """Its Dockerfile, relative to `root`."""
        return posixpath.relpath(self._asked.dockerfile, f"/{self._settings.below}")

    @property
    def names(self) -> tuple[str, ...]:
        """What starts it, such as `compose.yaml: api`."""
        return self._asked.names

    @property
    def verdict(self) -> str:
        """`ok`, `fails`, or `unchecked`: a module of the project's own depends on a step that cannot be read."""
        return self._report.verdict.value

    @property
    def python(self) -> str | None:
        """The version of its Python, such as `3.12`; None where it cannot be told."""
        return self._report.python

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What `parity check` reports of it, the gravest first."""
        return tuple(_finding(one) for one in self._report.findings)

    def starts(self) -> None:
        """Raises StartError, with the report, if the start-up fails: where `parity check` tells an error."""
        if self.verdict == "fails":
            raise StartError(
                "\n" + text.render(self._answer, Presentation(excerpt_of(self._settings.folder)))
            )

    def reaches(self, module: str) -> bool:
        """Does the start-up import this module of the project, and has the image it?"""
        modules = (one for startup in self._analysis.startups for one in startup.modules)
        return any(one.name == module and one.in_image for one in modules)

    def __contains__(self, path: str | os.PathLike[str]) -> bool:
        """Has the image this file or folder: an image path with a slash in front, else one below `root`?

        A file of the project is looked for wherever the instructions put it. What only a step that cannot be read may
        have made is not there.
        """
        name = os.fspath(path)
        tree = self._analysis.image.tree
        if name.startswith("/"):
            return isinstance(follow(tree, clean(name)).answer, Entry)
        place = clean(f"/{self._settings.below}/{name}")
        here = self._analysis.checkout.lookup(place)
        if isinstance(here, Entry) and here.kind is FileKind.DIRECTORY:
            return any(entry.source == place for _, entry in tree.listing())
        return holds(tree, place)

    def __repr__(self) -> str:
        return f"<Image {self.dockerfile}>"

    @cached_property
    def _analysis(self) -> Analysis:
        return one_image.analyse(self._asked, self._settings, DiskTree(self._settings.root))

    @cached_property
    def _answer(self) -> Report:
        settings = replace(self._settings, images=(self._asked,), refused=())
        report = seen_from(pipeline.check(settings), settings.below)
        for failure in report.failures:
            raise ParityError(failure.message, failure.location, failure.hint)
        return report

    @property
    def _report(self) -> ImageReport:
        return self._answer.images[0]


def image(
    dockerfile: str = "Dockerfile",
    *,
    root: str | os.PathLike[str] = ".",
    target: str | None = None,
    service: str | None = None,
    context: str | None = None,
    build_args: Mapping[str, str] | None = None,
    entrypoint: str | None = None,
    python: str | None = None,
) -> Image:
    """The image of a Dockerfile, which is named relative to `root`.

    `service`: as the service of this name (of a compose file, say) builds and starts it, instead of the image's own
    command. The other parameters are the options of `parity check`, and the configuration is read as there. Raises
    ParityError where there is no such Dockerfile or service.
    """
    asked = Asked(
        dockerfiles=() if service else (dockerfile,),
        context=context,
        target=target,
        build_args=tuple(f"{name}={value}" for name, value in (build_args or {}).items()),
        entrypoint=entrypoint,
        python=python,
    )
    settings = discover(Path(root), asked)
    wanted = Path(root, dockerfile).resolve()
    found = [one for one in settings.images if (settings.root / one.dockerfile[1:]).resolve() == wanted]
    if service:
        found = [one for one in found if one.service is not None and one.service.name == service]
    if not found:
        failure = next(iter(settings.refused), None)
        if failure is not None and not service:
            raise ParityError(failure.message, failure.location, failure.hint)
        raise ParityError(
            f"no service {service} starts {dockerfile}", hint="parity check names those that do"
        )
    return Image(settings, found[0])


def images(root: str | os.PathLike[str] = ".") -> tuple[Image, ...]:
    """Every image that `parity check` would look at below `root`. Raises ParityError where one cannot be looked at."""
    settings = discover(Path(root), Asked())
    for failure in settings.refused:
        raise ParityError(failure.message, failure.location, failure.hint)
    return tuple(Image(settings, one) for one in settings.images)


def _finding(one: model.Finding) -> Finding:
    return Finding(
        code=one.code,
        name=one.name,
        severity=one.severity.value,
        confidence=one.confidence.value,
        message=one.message,
        path=one.location.path if one.location else "",
        line=one.location.line if one.location else 0,
        module=one.module,
        image_path=one.image_path,
        fix=one.fix,
    )
