"""The protocol: what the editor tells is kept, and what is found is told it (LSP 3.17; pygls)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from parity import __version__
from parity.config.settings import Settings
from parity.model.errors import ParityError, fault_of
from parity.rules.suppression.baseline import Baseline
from parity.server.actions import actions_at
from parity.server.checked import CheckedFolder
from parity.server.diagnostics import diagnostics_of
from parity.server.hover import asked_at
from parity.server.positions import column_at

PATIENCE = 0.15
"""Seconds without another key before what was typed is checked."""


def server(known: Callable[[Settings], Baseline]) -> LanguageServer:
    """Ready to be started. `known`: the findings that are not told, of a folder's settings."""
    made = LanguageServer("parity", __version__)
    checks = _Checks(made, known)

    @made.feature(lsp.INITIALIZED)
    def initialized(_: lsp.InitializedParams) -> None:
        folders = made.workspace.folders.values()
        roots = [folder.uri for folder in folders] or [made.workspace.root_uri]
        checks.open([path for uri in roots if uri and (path := _path(uri)) is not None])

    @made.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: lsp.DidOpenTextDocumentParams) -> None:
        checks.edited(params.text_document.uri, params.text_document.text)

    @made.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: lsp.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        checks.edited(uri, made.workspace.get_text_document(uri).source)

    @made.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: lsp.DidCloseTextDocumentParams) -> None:
        checks.closed(params.text_document.uri)

    @made.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def did_save(_: lsp.DidSaveTextDocumentParams) -> None:
        checks.changed_on_disk()

    @made.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_files(_: lsp.DidChangeWatchedFilesParams) -> None:
        checks.changed_on_disk()

    @made.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix]),
    )
    async def code_action(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return await checks.actions(params)

    @made.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        return await checks.hover(params)

    return made


class _Checks:
    """The folders that the editor opened. One question is asked at a time, in a thread: the editor is never held up."""

    def __init__(self, made: LanguageServer, known: Callable[[Settings], Baseline]) -> None:
        self.server = made
        self.known = known
        self.folders: list[CheckedFolder] = []
        self.texts: dict[Path, str] = {}
        self.shown: set[Path] = set()
        self.asking = asyncio.Lock()
        self.waiting: asyncio.Task[None] | None = None

    def open(self, roots: list[Path]) -> None:
        self.folders = [CheckedFolder(root, self.known) for root in dict.fromkeys(roots)]
        for path, text in self.texts.items():
            for folder in self.folders:
                folder.edited(path, text)
        self.ask()

    def edited(self, uri: str, text: str) -> None:
        path = _path(uri)
        if path is None or self.texts.get(path) == text:
            return
        self.texts[path] = text
        for folder in self.folders:
            folder.edited(path, text)
        self.ask()

    def closed(self, uri: str) -> None:
        path = _path(uri)
        if path is not None and self.texts.pop(path, None) is not None:
            for folder in self.folders:
                folder.closed(path)
            self.ask()

    def changed_on_disk(self) -> None:
        for folder in self.folders:
            folder.changed_on_disk()
        self.ask()

    def ask(self) -> None:
        """Soon: what is typed in the meantime counts as well."""
        if self.waiting is not None:
            self.waiting.cancel()
        self.waiting = asyncio.get_running_loop().create_task(self._told())

    async def _told(self) -> None:
        await asyncio.sleep(PATIENCE)
        self.waiting = None  # from here on it is not stopped: a check that is running comes to its end
        async with self.asking:
            found, messages = await asyncio.to_thread(self._diagnostics)
        for message in messages:
            self.server.window_log_message(lsp.LogMessageParams(lsp.MessageType.Warning, message))
        for path in self.shown - found.keys():
            self._tell(path, [])
        for path, diagnostics in found.items():
            self._tell(path, diagnostics)
        self.shown = set(found)

    def _tell(self, path: Path, diagnostics: list[lsp.Diagnostic]) -> None:
        self.server.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(path.as_uri(), diagnostics)
        )

    def _diagnostics(self) -> tuple[dict[Path, list[lsp.Diagnostic]], list[str]]:
        """By file; and why nothing can be said of a folder: it has no Dockerfile, or its configuration is wrong."""
        found: dict[Path, list[lsp.Diagnostic]] = {}
        messages: list[str] = []
        for folder in self.folders:
            try:
                report = folder.report()
                for path, diagnostics in diagnostics_of(report, folder.folder, _lines_of(folder)).items():
                    found.setdefault(path, []).extend(diagnostics)
            except ParityError as error:
                place = f"{error.location}: " if error.location else ""
                messages.append(f"{place}{error.message}")
            except Exception as error:  # a fault of ours ends no editor's session
                messages.append(fault_of(error).message)
        return found, messages

    async def actions(self, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        path = _path(params.text_document.uri)
        if path is None or path not in self.shown:
            return []
        async with self.asking:
            return await asyncio.to_thread(self._actions, path, params)

    def _actions(self, path: Path, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        found: list[lsp.CodeAction] = []
        for folder in self.folders:
            try:
                report = folder.fixes()
                found += actions_at(
                    report, folder.folder, path, params.range, list(params.context.diagnostics)
                )
            except ParityError:  # told with the diagnostics
                continue
        return found

    async def hover(self, params: lsp.HoverParams) -> lsp.Hover | None:
        path = _path(params.text_document.uri)
        if path is None or path.suffix != ".py":
            return None
        async with self.asking:
            text = await asyncio.to_thread(self._why, path, params.position)
        content = lsp.MarkupContent(lsp.MarkupKind.Markdown, f"```text\n{text}```") if text else None
        return lsp.Hover(content) if content is not None else None

    def _why(self, path: Path, position: lsp.Position) -> str:
        for folder in self.folders:
            try:
                if not path.is_relative_to(folder.folder):
                    continue
                data = folder.text(path)
                relative = PurePosixPath(path.relative_to(folder.folder).as_posix())
                column = column_at(position, data.decode("utf8", "replace").splitlines())
                for name in asked_at(data, relative, position.line + 1, column):
                    if answer := folder.why(name):
                        return answer
            except ParityError:  # told with the diagnostics
                continue
        return ""


def _lines_of(folder: CheckedFolder) -> Callable[[Path], list[str]]:
    known: dict[Path, list[str]] = {}

    def lines(path: Path) -> list[str]:
        if path not in known:
            known[path] = folder.text(path).decode("utf8", "replace").splitlines()
        return known[path]

    return lines


def _path(uri: str) -> Path | None:
    """None for what is no file on this machine (`untitled:`)."""
    name = to_fs_path(uri) if uri.startswith("file:") else None
    return Path(name).resolve() if name else None
