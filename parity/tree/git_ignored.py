"""Which files of the checkout does git leave out? (gitignore(5), by the .gitignore files of the checkout)"""

from __future__ import annotations

from functools import cache

from pathspec import GitIgnoreSpec

from parity.tree.base import Entry, FileTree, ancestors, child


class GitIgnored:
    """Answers for one checkout; each .gitignore is read once."""

    def __init__(self, checkout: FileTree) -> None:
        self._checkout = checkout
        self._rules = cache(self._read)

    def __contains__(self, path: str) -> bool:
        """Does git leave out this checkout path, or a folder above it? The nearest file that speaks decides."""
        above = [folder for folder in ancestors(path) if folder != path]
        return any(self._is_ignored(one) for one in [*reversed(above), path] if one != "/")

    def _is_ignored(self, path: str) -> bool:
        for folder in ancestors(path):
            rules = self._rules(folder) if folder != path else None
            if rules is None:
                continue
            name = path[len(folder) :].lstrip("/")
            is_folder = not isinstance(self._checkout.names(path), frozenset) or bool(
                self._checkout.names(path)
            )
            result = rules.check_file(f"{name}/" if is_folder else name)
            if result.include is not None:
                return result.include
        return False

    def _read(self, folder: str) -> GitIgnoreSpec | None:
        path = child(folder, ".gitignore")
        if not isinstance(self._checkout.lookup(path), Entry):
            return None
        content = self._checkout.read(path)
        if not isinstance(content, bytes):
            return None
        try:
            return GitIgnoreSpec.from_lines(content.decode("utf8", "replace").splitlines())
        except ValueError:  # a pattern that git passes over, and pathspec refuses
            return None
