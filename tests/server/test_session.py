"""`parity server`, spoken to by pygls' own client."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.conftest import ask

pytest.importorskip("pygls")
from tests.server.session import Session, edit

GAP = ("PAR101", "lib is not in the image")


@pytest.fixture
def shop(project: Path) -> Path:
    """An image without the module that its program imports."""
    (project / "main.py").write_text("import json\nimport lib\n")
    (project / "lib.py").write_text("")
    (project / ".dockerignore").write_text("lib.py\n")
    return project


def test_what_check_finds_is_told_at_once(shop: Path) -> None:
    async def script(editor: Session) -> None:
        assert await editor.next() == ("main.py", [GAP])

    edit(shop, script)


def test_the_place_the_cause_and_the_fix(shop: Path) -> None:
    async def script(editor: Session) -> None:
        params = await editor.told.get()
        (one,) = params.diagnostics
        assert (one.range.start.line, one.range.start.character, one.range.end.character) == (1, 0, 10)
        assert (one.source, one.severity) == ("parity", 1)
        assert one.message.splitlines()[1].startswith("fix: ")
        assert [
            (about.location.uri, about.location.range.start.line, about.message)
            for about in one.related_information or ()
        ] == [(editor.uri(".dockerignore"), 0, "excludes it")]

    edit(shop, script)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("main.py", "import json\n"),
        (".dockerignore", "*.pyc\n"),
        ("Dockerfile", 'FROM python:3.12-slim\nCOPY lib.py .\nCMD ["python", "-c", "import json"]\n'),
    ],
)
def test_what_is_typed_counts_before_it_is_saved(name: str, text: str, shop: Path) -> None:
    async def script(editor: Session) -> None:
        assert await editor.next() == ("main.py", [GAP])
        editor.type(name, (shop / name).read_text())
        editor.type(name, text)
        assert GAP not in (await editor.next())[1]
        editor.close(name)
        while (await editor.next()) != ("main.py", [GAP]):
            pass  # what else the typed text was about is taken back first

    edit(shop, script)


def test_a_compose_file_that_is_typed(shop: Path) -> None:
    (shop / "other.py").write_text("")
    compose = (
        "services:\n  web:\n    build: .\n    command: python main.py\n    healthcheck: {test: 'true'}\n"
    )
    (shop / "compose.yaml").write_text(compose)

    async def script(editor: Session) -> None:
        assert await editor.next() == ("main.py", [GAP])
        editor.type("compose.yaml", compose.replace("main.py", "other.py"))
        name, found = await editor.next()
        assert (name, found) == ("main.py", [])

    edit(shop, script)


def test_a_file_that_is_saved(shop: Path) -> None:
    async def script(editor: Session) -> None:
        assert await editor.next() == ("main.py", [GAP])
        editor.save(".dockerignore", "")
        assert await editor.next() == ("main.py", [])

    edit(shop, script)


def test_the_fix_is_offered_with_its_edit(shop: Path) -> None:
    async def script(editor: Session) -> None:
        await editor.next()
        (action,) = await editor.actions("main.py", 2)
        changes = action.edit.changes
        assert list(changes) == [editor.uri(".dockerignore")]
        (change,) = changes[editor.uri(".dockerignore")]
        assert (change.range.start.line, change.range.end.line, change.new_text) == (0, 1, "")
        assert await editor.actions("main.py", 1) == ()

    edit(shop, script)


def test_hover_says_why(shop: Path) -> None:
    async def script(editor: Session) -> None:
        await editor.next()
        answer = await editor.hover("main.py", 2, 9)
        assert answer is not None
        assert "not there: .dockerignore:1 excludes it (lib.py)" in answer
        assert await editor.hover("Dockerfile", 1, 1) is None

    edit(shop, script)


def test_a_folder_without_an_image_is_said_in_the_log(tmp_path: Path) -> None:
    async def script(editor: Session) -> None:
        assert (await editor.messages.get()).startswith("no Dockerfile below ")

    edit(tmp_path, script)


def test_known_findings_are_not_told(shop: Path) -> None:
    ask("check", str(shop), "--write-baseline", str(shop / "known.json"))
    (shop / "parity.toml").write_text('baseline = "known.json"\n')
    (shop / "main.py").write_text("import json\nimport lib\nimport gone\n")

    async def script(editor: Session) -> None:
        name, found = await editor.next()
        assert (name, [code for code, _ in found]) == ("main.py", ["PAR104"])

    edit(shop, script)


def test_without_pygls_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("parity.server")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pygls", None)
    monkeypatch.delitem(sys.modules, "pygls.lsp.server", raising=False)
    answer = ask("server")
    assert answer.err == (
        "error: the language server needs pygls, and it is not installed\n"
        "  install parity with its extra: parity[server]\n"
    )
    assert (answer.status, answer.out) == (2, "")
