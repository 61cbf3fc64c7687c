"""Compares the import statements that `scan` finds with those of `ast`: scan_against_ast.py [--python PYTHON] PATH...

Every .py file below the paths that PYTHON (an interpreter from 3.8 on; this one if left out) compiles is read
both ways: names, lines, columns, and scopes must be equal. Prints the differences, and the speed of both.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import subprocess
import sys
import time
import warnings

CATCHING = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


def read(path: str) -> list | None:
    """Under the other interpreter: the import statements of a file as `ast` gives them."""
    with open(path, "rb") as file:
        data = file.read()
    try:
        started = time.perf_counter()
        tree = ast.parse(data)
        seconds = time.perf_counter() - started
        compile(data, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    from io import BytesIO, TextIOWrapper
    from tokenize import detect_encoding

    encoding = detect_encoding(BytesIO(data).readline)[0]
    lines = TextIOWrapper(BytesIO(data), encoding).read().split("\n")
    found: list = []
    walk(tree.body, ("module", False, False, False, False), lines, found)
    found.sort(key=lambda one: one[:2])
    return [seconds, found]


def walk(body: list, scope: tuple, lines: list, found: list) -> None:
    kind, checking, caught, conditional, main = scope
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if isinstance(node, ast.Import):
                names = [[alias.name, None, alias.asname, 0] for alias in node.names]
            else:
                names = [[node.module, alias.name, alias.asname, node.level] for alias in node.names]
            place = [
                node.lineno,
                column(lines, node.lineno, node.col_offset),
                node.end_lineno,
                column(lines, node.end_lineno, node.end_col_offset),
            ]
            found.append([*place, names, *scope])
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            walk(node.body, ("function", checking, False, conditional, main), lines, found)
        elif isinstance(node, ast.ClassDef):
            inner = "function" if kind == "function" else "class"
            walk(node.body, (inner, checking, caught, conditional, main), lines, found)
        elif isinstance(node, ast.If):
            test = ast.dump(node.test)
            if is_type_checking(node.test):
                walk(node.body, (kind, True, caught, conditional, main), lines, found)
                walk(node.orelse, scope, lines, found)
            elif isinstance(node.test, ast.UnaryOp) and is_type_checking(node.test.operand):
                walk(node.body, scope, lines, found)
                walk(node.orelse, (kind, True, caught, conditional, main), lines, found)
            elif is_main(node.test):
                walk(node.body, (kind, checking, caught, conditional, True), lines, found)
                walk(node.orelse, (kind, checking, caught, True, main), lines, found)
            elif mentions(node.test):
                walk(node.body, scope, lines, found)
                walk(node.orelse, scope, lines, found)
            elif isinstance(node.test, ast.Constant) and node.test.value in (0, 1) and "kind" not in test:
                never = (kind, True, caught, conditional, main)
                walk(node.body, scope if node.test.value else never, lines, found)
                other = (kind, checking, caught, True, main)
                walk(node.orelse, other if node.test.value else scope, lines, found)
            else:
                inner_scope = (kind, checking, caught, True, main)
                walk(node.body, inner_scope, lines, found)
                walk(node.orelse, inner_scope, lines, found)
        elif hasattr(node, "handlers"):
            catches = any(handler.type is None or CATCHING & words(handler.type) for handler in node.handlers)
            walk(node.body, (kind, checking, caught or catches, conditional, main), lines, found)
            other = (kind, checking, caught, True, main)
            for part in [handler.body for handler in node.handlers] + [node.orelse, node.finalbody]:
                walk(part, other, lines, found)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            suppresses = any(
                "suppress" in words(call.func) and any(CATCHING & words(argument) for argument in call.args)
                for item in node.items
                for call in ast.walk(item.context_expr)
                if isinstance(call, ast.Call)
            )
            walk(node.body, (kind, checking, caught or suppresses, True, main), lines, found)
        else:
            other = (kind, checking, caught, True, main)
            for part in (getattr(node, "body", None), getattr(node, "orelse", None)):
                if isinstance(part, list):
                    walk(part, other, lines, found)
            for case in getattr(node, "cases", ()):
                walk(case.body, other, lines, found)


def column(lines: list, line: int, offset: int) -> int:
    return len(lines[line - 1].encode("utf8")[:offset].decode("utf8")) + 1


def words(node: ast.AST) -> set:
    return {getattr(part, "id", getattr(part, "attr", "")) for part in ast.walk(node)}


def is_type_checking(test: ast.expr) -> bool:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return is_type_checking(test.values[0])
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is | ast.Eq):  # `is True`
        return is_type_checking(test.left) and getattr(test.comparators[0], "value", None) is True
    return getattr(test, "id", getattr(test, "attr", "")) == "TYPE_CHECKING"


def is_main(test: ast.expr) -> bool:
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = [test.left, test.comparators[0]]
    return any(getattr(side, "id", "") == "__name__" for side in sides) and any(
        getattr(side, "value", "") == "__main__" for side in sides
    )


def mentions(test: ast.expr) -> bool:
    return any(
        isinstance(part, ast.Attribute)
        and getattr(part.value, "id", "") + "." + part.attr
        in ("sys.version_info", "sys.hexversion", "sys.platform", "os.name")
        for part in ast.walk(test)
    )


def compare(path: str, expected: list) -> tuple[float, int]:
    from parity.python.scan import scan

    with open(path, "rb") as file:
        data = file.read()
    started = time.perf_counter()
    statements = scan(data)
    seconds = time.perf_counter() - started
    ours = [
        [
            statement.line,
            statement.column,
            statement.end_line,
            statement.end_column,
            [[name.module, name.name, name.alias, name.level] for name in statement.names],
            statement.scope.kind.value,
            statement.scope.type_checking,
            statement.scope.caught,
            statement.scope.conditional,
            statement.scope.main_guard,
        ]
        for statement in statements
    ]
    differences = 0
    for one in [one for one in ours if one not in expected] + [one for one in expected if one not in ours]:
        differences += 1
        print(f"{path}:{one[0]}: {'scan' if one in ours else 'ast'}: {one}")
    if not differences and ours != expected:
        differences = 1
        print(f"{path}: another order")
    return seconds, differences


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("paths", nargs="+")
    options = parser.parse_args()
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    paths = [
        os.path.join(folder, name)
        for path in options.paths
        for folder, _, names in os.walk(path)
        for name in sorted(names)
        if name.endswith(".py")
    ]
    reader = subprocess.run(
        [options.python, "-W", "ignore", __file__, "--read"],
        input=json.dumps(paths),
        stdout=subprocess.PIPE,
        encoding="utf8",
        check=True,
    )
    files = statements = differences = size = 0
    ours = theirs = 0.0
    for path, result in zip(paths, reader.stdout.splitlines(), strict=True):
        read_result = json.loads(result)
        if read_result is None:
            continue
        seconds, wrong = compare(path, read_result[1])
        theirs += read_result[0]
        ours += seconds
        files += 1
        statements += len(read_result[1])
        differences += wrong
        size += os.path.getsize(path)
    megabytes = size / 1e6
    print(
        f"{files} of {len(paths)} files, {megabytes:.1f} MB, {statements} statements, {differences} differences;"
        f" s/MB: scan {ours / megabytes:.3f}, ast.parse {theirs / megabytes:.3f}"
    )
    return 1 if differences else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--read"]:
        warnings.simplefilter("ignore")
        for each in json.load(sys.stdin):
            print(json.dumps(read(each)), flush=True)
    else:
        sys.exit(main())
