"""Which edits move an import from the top of a module to where its names are used?

The statement goes into the functions that use it, and under `if TYPE_CHECKING:` where annotations do. Lines are
replaced one by one, so whatever else the file holds stays as it is, to the byte.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from parity.model.finding import Edit
from parity.model.location import Unknown
from parity.python.no_file import NO_FILE
from parity.python.source import SyntaxProblem, parse
from parity.remedies.imports.import_statement import without, written
from parity.remedies.imports.name_uses import Function, Uses, uses_of
from parity.remedies.imports.type_checking import import_for_type_checkers

_BOM = "\ufeff"
_LINTER = re.compile(r"#\s*(?:noqa|isort|pylint|ruff)\b")
_FOR_TOOLS = re.compile(r"\s*#\s*(?:type|mypy|pyright)\s*:")


class Deferral(Struct, frozen=True):
    """The edits, and the names that the module no longer binds when it loads; `for_types`: annotations have some.

    Who reads those annotations at run time does not find the name.
    """

    edits: tuple[Edit, ...]
    names: frozenset[str]
    for_types: bool = False


def defer_import(
    path: str, data: bytes, line: int, names: Sequence[str] = (), *, lazy_annotations: bool = False
) -> Deferral | None:
    """What takes `names` out of the `from` import at `line` of the file `path`; no names: all of them.

    None where one of them is used while the module loads. What is used nowhere goes (others may import it from
    here). `lazy_annotations`: the Python that runs it evaluates no annotation where it stands.
    """
    body = _statements(data)
    if body is None:
        return None
    statement = next((one for one in body if isinstance(one, ast.ImportFrom) and one.lineno == line), None)
    if statement is None or statement.module in ("__future__", "typing"):
        return None
    bound = {alias.name: alias.asname or alias.name for alias in statement.names}
    wanted = [name for name in bound if name in names or not names]
    if "*" in bound or len(bound) < len(statement.names) or not wanted or len(wanted) < len(names):
        return None
    if not all(name.isascii() for name in (*bound, *bound.values(), statement.module or "")):
        return None  # the file may be in any encoding
    lazy = lazy_annotations or _postponed(body)
    found = {name: uses_of(bound[name], body, statement, lazy_annotations=lazy) for name in wanted}
    uses = {name: one for name, one in found.items() if one is not None}
    if len(uses) < len(wanted):
        return None
    text = data.decode("utf8", "surrogateescape")
    lines = [one.removesuffix("\r") for one in text.split("\n")]
    try:
        edits = tuple(_edits(path, lines, body, statement, uses))
    except ValueError:
        return None
    for_types = any(one.typing for one in uses.values())
    return Deferral(edits, frozenset(bound[name] for name in wanted), for_types)


def _statements(data: bytes) -> list[ast.stmt] | None:
    """As the running Python reads them; None where it does not, or where lines do not end as edits count them."""
    if b"\r" in data.replace(b"\r\n", b""):
        return None
    parsed = parse(data, None)
    if isinstance(parsed, SyntaxProblem | Unknown):
        return None
    try:
        return ast.parse(
            data, NO_FILE
        ).body  # `parse` also reads what is newer than the running Python, in part
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _postponed(body: Sequence[ast.stmt]) -> bool:
    return any(
        isinstance(one, ast.ImportFrom)
        and one.module == "__future__"
        and any(alias.name == "annotations" for alias in one.names)
        for one in body
    )


def _edits(
    path: str, lines: list[str], body: list[ast.stmt], statement: ast.ImportFrom, uses: dict[str, Uses]
) -> Iterator[Edit]:
    """Raises ValueError where the lines are of a form that is not edited."""
    first, last = statement.lineno, statement.end_lineno or statement.lineno
    marked = lines[first - 1].startswith(_BOM)
    source = "\n".join(lines[first - 1 : last]).removeprefix(_BOM)
    if not source.startswith("from") or _shares_lines(body, statement):
        raise ValueError(path)
    rest = without(source + "\n", uses.keys())
    for_types = {name for name, one in uses.items() if one.typing}
    functions = {one.lineno: one for use in uses.values() for one in use.functions}
    above = _comment_above(lines, first) if rest is None and functions and not for_types else 0
    removed = None
    if rest is not None:
        yield Edit(path, first, last, (_BOM if marked else "") + rest)
    elif marked:
        yield Edit(path, first, last, _BOM + "\n")
    else:
        removed = _with_blank_lines(lines, first - above, last, above_only=bool(for_types))
        yield Edit(path, *removed, "")
    comment = _comment(lines[last - 1]) if rest is None and first == last else ""
    head = "".join(line + "\n" for line in lines[first - 1 - above : first - 1])
    if for_types:
        text = written(statement, for_types) + comment
        yield from import_for_type_checkers(path, lines, body, text, removed)
        comment = comment if _FOR_TOOLS.match(comment) else ""
    for _, function in sorted(functions.items()):
        needed = {name for name, use in uses.items() if function in use.functions}
        whole = first < last and rest is None and needed == uses.keys() and "#" in source
        text = source.rstrip() if whole else written(statement, needed) + comment
        yield _at_the_top(path, lines, function, head + text)
        comment, head = comment if _FOR_TOOLS.match(comment) else "", ""


def _comment_above(lines: list[str], first: int) -> int:
    """How many lines of comment right above speak of the statement: what follows it would be taken for it."""
    above = first - 1
    while above and lines[above - 1].startswith("#") and not lines[above - 1].startswith(("#!", "# -*-")):
        above -= 1
    opened = not above or not lines[above - 1].strip()
    return first - 1 - above if opened and above else 0


def _shares_lines(body: Sequence[ast.stmt], statement: ast.stmt) -> bool:
    return any(
        one is not statement
        and one.lineno <= (statement.end_lineno or statement.lineno)
        and (one.end_lineno or one.lineno) >= statement.lineno
        for one in body
    )


def _comment(line: str) -> str:
    """What stands behind the statement, unless it tells a linter about its place."""
    _, mark, text = line.partition("#")
    return f"  #{text}" if mark and not _LINTER.match("#" + text) else ""


def _with_blank_lines(lines: list[str], first: int, last: int, *, above_only: bool) -> tuple[int, int]:
    """The lines to take out, so that no more blank lines follow each other than before."""
    above = first - 1
    while above and not lines[above - 1].strip():
        above -= 1
    below = last
    while below < len(lines) - 1 and not lines[below].strip():
        below += 1
    if not above:
        return first, last if above_only else below
    if above == first - 1 or below == last:
        return first, last
    return (above + 1, last) if above_only or first - 1 - above <= below - last else (first, below)


def _at_the_top(path: str, lines: list[str], function: Function, text: str) -> Edit:
    """`text` as the first statement after the docstring. Raises ValueError."""
    body = function.body
    header = max([function.lineno, *(getattr(one, "end_lineno", 0) for one in _header(function))])
    at, floor = body[0], header
    if ast.get_docstring(function, clean=False) is not None:
        floor = body[0].end_lineno or body[0].lineno
        if len(body) == 1 or _start(body[0]) == header or _start(body[1]) <= floor:
            raise ValueError(path)
        at = body[1]
        indentation = _indentation(lines[_start(at) - 1])
        return Edit(path, floor + 1, floor, _block(text, indentation, lines, floor, at))
    line = lines[_start(at) - 1]
    column = at.col_offset
    if line[:column].strip():  # on the line of the header
        head = line.encode("utf8", "surrogateescape")[: at.col_offset].decode("utf8", "surrogateescape")
        if not head.rstrip().endswith(":"):
            raise ValueError(path)
        indentation = _indentation(lines[function.lineno - 1]) + "    "
        tail = line[len(head) :]
        text = text.replace("\n", f"\n{indentation}")
        return Edit(
            path,
            _start(at),
            _start(at),
            f"{head.rstrip()}\n{indentation}{text}\n\n{indentation}{tail}\n",
        )
    place = _start(at)
    while place - 1 > floor and lines[place - 2].lstrip().startswith("#"):
        place -= 1
    return Edit(path, place, place - 1, _block(text, _indentation(line), lines, place - 1, at))


def _header(function: Function) -> Iterator[ast.AST]:
    """What stands in the header, to tell where it ends at the earliest."""
    args = function.args
    yield from (*args.posonlyargs, *args.args, *args.kwonlyargs)
    yield from (one for one in (args.vararg, args.kwarg, function.returns) if one is not None)
    yield from (one for one in (*args.defaults, *args.kw_defaults) if one is not None)


def _block(text: str, indentation: str, lines: list[str], above: int, before: ast.stmt) -> str:
    """The lines with their surroundings: a blank line below an import, unless another import or one follows."""
    text = text.replace("\n", f"\n{indentation}")
    follows = isinstance(before, ast.Import | ast.ImportFrom) and _start(before) == above + 1
    blank = "" if follows or not lines[above].strip() else "\n"
    return f"{indentation}{text}\n{blank}"


def _start(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(one.lineno for one in decorators)])


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t\f"))]
