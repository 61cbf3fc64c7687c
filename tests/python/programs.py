"""Small random package trees, full of the imports that real programs get wrong."""

from __future__ import annotations

from random import Random

MODULES = ("a", "b", "c", "p", "p.x", "p.y", "p.q", "p.q.z", "n.m", "n.k")
NAMES = ("A", "B", "C", "D")
MISSING = ("gone", "p.gone", "a.b", "n.gone", "p.q.gone")


def program(random: Random) -> tuple[dict[str, str], tuple[str, ...]]:
    """Files by path, and the arguments of `python`."""
    modules = [name for name in MODULES if random.random() < 0.8 or name in ("a", "p")]
    packages = {name.rpartition(".")[0] for name in modules if "." in name} | {"p"}
    files: dict[str, str] = {}
    for name in modules:
        path = name.replace(".", "/")
        if name in packages:
            path += "/__init__"
        files[path + ".py"] = module(random, name, name in packages)
    style = random.random()
    if style < 0.4:
        files["main.py"] = module(random, "__main__", False, main=True)
        return files, ("main.py",)
    if style < 0.6:
        files["p/__main__.py"] = module(random, "p.__main__", False, main=True)
        return files, ("-m", "p")
    chosen = random.choice(
        [name for name in modules if name not in packages] + (["p.x"] if random.random() < 0.1 else [])
    )
    if style < 0.8:
        return files, ("-m", chosen)
    return files, (chosen.replace(".", "/") + ".py",)


def module(random: Random, name: str, package: bool, *, main: bool = False) -> str:
    lines: list[str] = []
    if random.random() < 0.1:
        lines.append("from __future__ import annotations")
    if random.random() < 0.12 and not main:
        names = random.sample(NAMES, random.randint(0, 2)) + (
            ["x"] if package and random.random() < 0.3 else []
        )
        lines.append(f"__all__ = {names!r}")
    if random.random() < 0.06 and not main:
        lines += ["def __getattr__(name):", *indented(random.choice(GETATTR))]
    early = random.random()
    if early < 0.5:  # a module that has bound most of its names before it imports
        lines += [f"{n} = 1" for n in random.sample(NAMES, random.randint(1, 4))]
    for _ in range(random.randint(1, 6 if not main else 4)):
        lines += statement(random, name, package, 0, lines)
    if early > 0.3:
        lines += [f"{n} = 2" for n in random.sample(NAMES, random.randint(1, 4))]
    return "\n".join(lines) + "\n"


GETATTR = (
    ["if name == 'A':", "    return 1", "raise AttributeError(name)"],
    ["raise AttributeError(name)"],
    ["if name in ('B', 'C'):", "    import c", "    return c", "raise AttributeError(f'no {name}')"],
)


def indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


def some_module(random: Random) -> str:
    return random.choice(MISSING) if random.random() < 0.04 else random.choice(MODULES)


def an_import(random: Random, name: str, package: bool) -> str:
    target = some_module(random)
    what = random.choice(NAMES) if random.random() < 0.8 else random.choice(("x", "y", "q", "z", "gone"))
    if not ("." in name or package) and random.random() < 0.9:
        return random.choice(
            (f"import {target}", f"from {target} import {what}", f"import {target} as {what}")
        )
    kind = random.randint(0, 11)
    if kind == 0:
        return f"import {target}"
    if kind == 1:
        return f"import {target} as {random.choice(NAMES)}"
    if kind in (2, 3, 4):
        return f"from {target} import {what}"
    if kind == 5:
        return f"from {target} import {what} as {random.choice(NAMES)}"
    if kind == 6:
        return f"from {target} import {random.choice(NAMES)}, {what}"
    if kind == 7:
        return f"from . import {what}"
    if kind == 8:
        return f"from .{random.choice(('x', 'y', 'q', 'gone', 'q.z'))} import {random.choice(NAMES)}"
    if kind == 9:
        return f"from {random.choice(('..', '..x', '..y', '...'))} import {what}"
    if kind == 10:
        return f"import {target}, {some_module(random)}"
    return f"import {target}"


def use(random: Random, lines: list[str]) -> str:
    """An expression; mostly of names that the module seems to have bound by now."""
    text = "\n".join(lines)
    owners = [m for m in ("a", "b", "c", "p", "p.x", "p.y", "p.q", "n.m") if f"import {m}\n" in text + "\n"]
    bound = [
        n
        for n in NAMES
        if f"{n} =" in text or f"import {n}" in text or f"as {n}" in text or f"class {n}" in text
    ]
    if random.random() < 0.04:
        return random.choice(NAMES)
    if owners and random.random() < 0.7:
        return f"{random.choice(owners)}.{random.choice((*NAMES, 'x', 'y', 'q'))}"
    return random.choice(bound) if bound else "None"


def statement(random: Random, name: str, package: bool, depth: int, so_far: list[str]) -> list[str]:
    kind = random.randint(0, 27)
    one = lambda: statement(random, name, package, depth + 1, so_far)  # noqa: E731
    if kind <= 8 or (depth > 2 and kind > 12):
        return [an_import(random, name, package)]
    bound = random.choice(NAMES)
    if kind <= 11:
        return [f"{bound} = {random.randint(0, 3)}"]
    if kind == 12:
        return [use(random, so_far)]
    if kind == 13:
        return [f"class {bound}:", "    pass"]
    if kind == 14:
        if random.random() < 0.5:
            return [f"def {bound}(v={use(random, so_far)}):", "    return v"]
        return [f"def {bound}(v: {use(random, so_far)}) -> {use(random, so_far)}:", "    return v"]
    if kind == 15:
        body = [an_import(random, name, package)] + one()
        called = [f"{bound}()"] if random.random() < 0.5 else []
        return [f"def {bound}():", *indented(body), "    return 1", *called]
    if kind in (16, 17):
        caught = random.choice(
            (
                "ImportError",
                "ModuleNotFoundError",
                "Exception",
                "(ImportError, AttributeError)",
                "AttributeError",
                "",
                "NameError",
                "KeyError",
                "ValueError",
            )
        )
        handler = random.choice(
            (
                ["pass"],
                [f"{bound} = None"],
                ["raise"],
                ["raise RuntimeError('no')"],
                one(),
                ["raise RuntimeError('x') from error"],
                [an_import(random, name, package)],
            )
        )
        head = (
            f"except {caught} as error:"
            if caught and "error" in "".join(handler)
            else f"except {caught}:"
            if caught
            else "except:"
        )
        if "error" in "".join(handler) and not caught:
            handler = ["pass"]
        lines = [
            "try:",
            *indented([an_import(random, name, package)] + (one() if random.random() < 0.3 else [])),
            head,
            *indented(handler),
        ]
        if random.random() < 0.2:
            lines += ["else:", *indented(one())]
        if random.random() < 0.2:
            lines += ["finally:", f"    {bound} = 4"]
        return lines
    if kind == 18:
        return [f"from {some_module(random)} import *"]
    if kind == 19:
        test = random.choice(
            (
                "True",
                "False",
                "__name__ == '__main__'",
                "0",
                "1",
                "not 0",
                "__name__ != 'b'",
                "1 > 2 or 2 > 1",
            )
        )
        lines = [f"if {test}:", *indented(one())]
        if random.random() < 0.4:
            lines += ["else:", *indented(one())]
        return lines
    if kind == 20:
        return ["from typing import TYPE_CHECKING", "if TYPE_CHECKING:", *indented(one())]
    if kind == 21:
        return (
            [f"del {bound}"]
            if random.random() < 0.3
            else ["import sys", f"if sys.version_info >= (3, {random.choice((8, 30))}):", *indented(one())]
        )
    if kind == 22:
        return ["import importlib", f"{bound} = importlib.import_module({some_module(random)!r})"]
    if kind == 23:
        return [
            "import importlib",
            f"for name in ({some_module(random)!r}, {some_module(random)!r}):",
            "    importlib.import_module(name)",
        ]
    if kind == 24:
        return [
            "from contextlib import suppress",
            f"with suppress({random.choice(('ImportError', 'AttributeError', 'Exception'))}):",
            *indented(one()),
        ]
    if kind == 25:
        return [f"class {bound}({use(random, so_far)} if 0 else object):", *indented(one())]
    if kind == 26:
        return [f"class {bound}:", *indented([f"v = {use(random, so_far)}"] + one())]
    return ["def deco(f):", *indented(one()), "    return f", "@deco", f"def {bound}():", *indented(one())]
