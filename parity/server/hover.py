"""Which module does an import name under the cursor mean?"""

from __future__ import annotations

from pathlib import PurePosixPath

from parity.python.scan import ImportedName, scan


def asked_at(data: bytes, path: PurePosixPath, line: int, column: int) -> tuple[str, ...]:
    """What `why` may be asked, the most exact first; () where no import stands. `line` from 1, `column` from 0.

    `path`: of the file, relative to the folder that `why` answers about. Of a relative import, the file that it means.
    """
    for statement in scan(data):
        if not statement.line <= line <= statement.end_line:
            continue
        text = data.decode("utf8", "replace").splitlines()[line - 1]
        word = _word(text, column)
        names = statement.names
        chosen = [one for one in names if _is_meant(one, word)] or list(names)
        return tuple(dict.fromkeys(asked for one in chosen for asked in _asked(one, path)))
    return ()


def _is_meant(one: ImportedName, word: str) -> bool:
    parts = (one.module or "").split(".") if one.name is None else [one.name]
    return word in parts or word == one.alias


def _asked(one: ImportedName, path: PurePosixPath) -> tuple[str, ...]:
    module = one.module or ""
    if one.level:
        folder = path.parents[one.level - 1] if one.level <= len(path.parents) else path.parent
        below = folder.joinpath(*module.split(".")) if module else folder
        names = (below / (one.name or ""), below) if one.name not in (None, "*") else (below,)
        return tuple(str(place) for name in names for place in (f"{name}.py", name / "__init__.py"))
    whole = f"{module}.{one.name}" if one.name not in (None, "*") else module
    return (whole, module)


def _word(text: str, column: int) -> str:
    start = end = min(column, len(text))
    while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return text[start:end]
