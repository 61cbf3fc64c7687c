"""An editor for tests: pygls' own client, which starts `parity server` as an editor does."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from tests.conftest import ROOT

LONGEST = 60
"""Seconds before an answer counts as missing."""


class Session:
    """`diagnostics` are those of the last answer about a file, by its path below the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.client = LanguageClient("tests", "1")
        self.told: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()
        self.messages: asyncio.Queue[str] = asyncio.Queue()
        self.versions: dict[str, int] = {}

        @self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def publish(params: lsp.PublishDiagnosticsParams) -> None:
            self.told.put_nowait(params)

        @self.client.feature(lsp.WINDOW_LOG_MESSAGE)
        def log(params: lsp.LogMessageParams) -> None:
            self.messages.put_nowait(params.message)

    async def start(self) -> None:
        await self.client.start_io(sys.executable, "-m", "parity", "server", cwd=str(ROOT))
        root = self.folder.as_uri()
        await self.client.initialize_async(
            lsp.InitializeParams(
                capabilities=lsp.ClientCapabilities(),
                root_uri=root,
                workspace_folders=[lsp.WorkspaceFolder(root, self.folder.name)],
            )
        )
        self.client.initialized(lsp.InitializedParams())

    async def end(self) -> None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    async def next(self) -> tuple[str, list[tuple[str | int | None, str]]]:
        """The next file that is told of, with the codes and messages that stand in it."""
        params = await asyncio.wait_for(self.told.get(), LONGEST)
        name = params.uri.removeprefix(self.folder.as_uri()).lstrip("/")
        return name, [(one.code, one.message.partition("\n")[0]) for one in params.diagnostics]

    def type(self, name: str, text: str) -> None:
        """What stands in the editor, never saved."""
        version = self.versions[name] = self.versions.get(name, 0) + 1
        if version == 1:
            item = lsp.TextDocumentItem(self.uri(name), "text", version, text)
            self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        else:
            document = lsp.VersionedTextDocumentIdentifier(version, self.uri(name))
            change = lsp.TextDocumentContentChangeWholeDocument(text)
            self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [change]))

    def close(self, name: str) -> None:
        self.versions.pop(name)
        document = lsp.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(document))

    def save(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)
        document = lsp.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_save(lsp.DidSaveTextDocumentParams(document))

    async def actions(self, name: str, line: int) -> Any:
        where = lsp.Range(lsp.Position(line - 1, 0), lsp.Position(line - 1, 0))
        params = lsp.CodeActionParams(
            lsp.TextDocumentIdentifier(self.uri(name)), where, lsp.CodeActionContext([])
        )
        return await asyncio.wait_for(self.client.text_document_code_action_async(params), LONGEST)

    async def hover(self, name: str, line: int, column: int) -> str | None:
        params = lsp.HoverParams(
            lsp.TextDocumentIdentifier(self.uri(name)), lsp.Position(line - 1, column - 1)
        )
        found = await asyncio.wait_for(self.client.text_document_hover_async(params), LONGEST)
        if found is None:
            return None
        assert isinstance(found.contents, lsp.MarkupContent)
        return found.contents.value


def edit(folder: Path, script: Callable[[Session], Awaitable[None]]) -> None:
    """Runs a script in a session of its own."""

    async def run() -> None:
        session = Session(folder.resolve())
        await session.start()
        try:
            await script(session)
        finally:
            await session.end()

    asyncio.run(run())
