"""A world that Python starts in: files, a Python version, a search path, and how it maps to the other world."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from parity.model.location import Unknown
from parity.model.version import PythonVersion
from parity.tree.base import FileTree


class World(Struct, frozen=True):
    """The image, with the checkout behind it.

    `files`           the image's files
    `checkout`        the checkout's files; what the image lacks is read from there, so that a check goes on
    `python`          the image's Python version, None if it cannot be told
    `environment`     the variables that the image sets
    `standard`        does the image's standard library have this module?
    `standard_package` has this standard module a `__path__`?
    `builtins`        names that every module sees without binding them
    `preloaded`       standard modules that are imported before any program: a file cannot shadow them
    `site`            site-packages folders (image paths)
    `counterpart`     image folder -> the checkout folders that correspond to it, nearest first
    `standard_imports` what a standard module imports when it is imported: (module, names or None)
    `versions_with`   which Python versions have this standard module, in words; "" for none
    `versions_with_name` the same of a name of a standard module that the image's version lacks; "" for others
    `never_had`       has no version of this standard module such a name?
    `user`            the user that the image runs as, None for root
    `provided`        packages that the base image brings (pip)
    `opaque`          modules that are taken for loaded, and of which nothing is known
    `site_unknown`    why further folders may be searched, where they may
    `git_ignored`     does git leave this checkout path out?
    `providers`       the public distributions with this top-level module
    `project_copied`  does the image get anything of the checkout?
    `of_others`       is the file at this image path a distribution's? Its code is not replayed
    `lacks_metadata`  is this the project's own distribution, and nothing installs it?
    `language_unknown` why it may be Python 2 that compiles the files, where it may
    """

    files: FileTree
    checkout: FileTree
    python: PythonVersion | None
    environment: Mapping[str, str]
    standard: Callable[[str], bool]
    builtins: frozenset[str]
    preloaded: frozenset[str]
    site: tuple[str, ...]
    counterpart: Callable[[str], tuple[str, ...]]
    standard_imports: Callable[[str], tuple[tuple[str, tuple[str, ...] | None], ...]]
    standard_package: Callable[[str], bool] = lambda _name: True
    versions_with: Callable[[str], str] = lambda _name: ""
    versions_with_name: Callable[[str, str], str] = lambda _module, _name: ""
    never_had: Callable[[str, str], bool] = lambda _module, _name: False
    user: str | None = None
    provided: frozenset[str] = field(default_factory=frozenset)
    opaque: frozenset[str] = frozenset()
    site_unknown: Unknown | None = None
    language_unknown: Unknown | None = None
    git_ignored: Callable[[str], bool] = lambda _path: False
    providers: Callable[[str], frozenset[str]] = lambda _name: frozenset()
    project_copied: bool = True
    of_others: Callable[[str], bool] = lambda _path: False
    lacks_metadata: Callable[[str], bool] = lambda _name: False

    def lacks(self, module: str, name: str) -> str:
        """In words, which versions have this name of a standard module; "" unless the image's lacks it."""
        return self.versions_with_name(module, name) if self.standard(module) else ""

    def certainly_lacks(self, module: str, name: str) -> bool:
        """Has the image's version of a standard module no such name?"""
        return self.standard(module) and bool(self.lacks(module, name) or self.never_had(module, name))
