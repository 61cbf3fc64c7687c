"""One folder of an editor: its images are checked with the texts that the editor holds, saved or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from parity import pipeline
from parity.config.asked import Asked
from parity.config.discover import discover
from parity.config.settings import Settings
from parity.formats.choice import load
from parity.formats.style import PLAIN
from parity.model.report import Report
from parity.remedies.trial.recheck import Rechecks
from parity.rules.suppression.baseline import Baseline
from parity.tree.base import FileTree
from parity.tree.disk import DiskTree
from parity.tree.edited import with_buffers


class CheckedFolder:
    """`root`: the folder that the editor opened, links followed; `known`: the findings that are not told.

    What is asked is asked with the buffers of that moment, in whatever thread; each answer is kept until one changes.
    """

    def __init__(self, root: Path, known: Callable[[Settings], Baseline]) -> None:
        self.root = root
        self._known = known
        self._buffers: dict[Path, bytes] = {}
        self._earlier = Rechecks()
        self._answers: _Answers = _Answers()

    def edited(self, path: Path, text: str) -> None:
        """The editor holds this text of a file."""
        self._buffers = {**self._buffers, path: text.encode("utf8", "surrogatepass")}
        self._forget(path)

    def closed(self, path: Path) -> None:
        """What is on disk counts again."""
        self._buffers = {known: text for known, text in self._buffers.items() if known != path}
        self._forget(path)

    def changed_on_disk(self) -> None:
        """Files were saved, made or deleted, by whomever."""
        self._earlier = Rechecks()
        self._answers = _Answers()

    def report(self) -> Report:
        """What `check` reports, its paths relative to `folder`. Raises ParityError where there is nothing to check."""
        answers, buffers, earlier = self._answers, self._buffers, self._earlier
        if answers.report is None:
            settings = self._asked(answers, buffers)
            tree = _tree(settings, buffers)
            answers.report = pipeline.check(settings, self._known(settings), checkout=tree, earlier=earlier)
        return answers.report

    def fixes(self) -> Report:
        """The report, with the edits that were tried and hold."""
        answers, buffers = self._answers, self._buffers
        if answers.fixes is None:
            settings = self._asked(answers, buffers)
            answers.fixes = pipeline.with_edits(settings, self.report(), _tree(settings, buffers))
        return answers.fixes

    def why(self, name: str) -> str:
        """What `parity why` says of a module or file; "" of what nobody knows."""
        settings = self.settings
        answers, _ = pipeline.why(settings, name, checkout=_tree(settings, self._buffers))
        return load("why", "text").render(answers, PLAIN) if any(one.known for one in answers) else ""

    def text(self, path: Path) -> bytes:
        """As the editor holds it, else as it is on disk; empty where it cannot be read."""
        if not path.is_relative_to(self.folder):
            return b""
        tree = _tree(self.settings, self._buffers)
        data = tree.read(f"/{path.relative_to(self.folder).as_posix()}")
        return data if isinstance(data, bytes) else b""

    @property
    def folder(self) -> Path:
        """The folder that paths are relative to: `root`, or the one above that its images are built from."""
        return self.settings.root

    @property
    def settings(self) -> Settings:
        """The images and rules. Raises ParityError where there is no Dockerfile, or the configuration is wrong."""
        return self._asked(self._answers, self._buffers)

    def _asked(self, answers: _Answers, buffers: Mapping[Path, bytes]) -> Settings:
        if answers.settings is None:
            answers.settings = discover(self.root, Asked(), buffers=buffers)
        return answers.settings

    def _forget(self, path: Path) -> None:
        """An answer that is on its way is kept with those that are forgotten."""
        kept = self._answers.settings if path.suffix == ".py" else None  # another file may say what is built
        self._answers = _Answers(kept)


class _Answers(Struct):
    """To the files of one moment."""

    settings: Settings | None = None
    report: Report | None = None
    fixes: Report | None = None


def _tree(settings: Settings, buffers: Mapping[Path, bytes]) -> FileTree:
    return with_buffers(DiskTree(settings.root), settings.root, buffers)
