"""Draws small packages whose modules import from each other, and says what they print."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

WAYS = (
    *("call", "call", "call", "nested", "method", "annotated", "note"),
    *("default", "constant", "lambda", "text", "local"),
)
"""How one function uses another, by weight: most of them when it is called."""


@dataclass(frozen=True)
class Use:
    number: int
    way: str


@dataclass(frozen=True)
class Item:
    """A function `f<number>` that adds what it uses to its number."""

    number: int
    module: str
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class Package:
    files: dict[str, str]
    printed: str


def package(random: Random) -> Package:
    """Functions use only functions of a lower number, so all of them end; their modules form cycles."""
    modules = ["a", "b", "q.c", "q.d"][: random.randint(2, 4)]
    items: list[Item] = []
    for number in range(random.randint(3, 8)):
        lower = random.sample(range(number), min(number, random.randint(0, 3)))
        uses = tuple(Use(other, random.choice(WAYS)) for other in lower)
        items.append(Item(number, random.choice(modules), uses))
    files = {"p/__init__.py": "", "p/q/__init__.py": ""}
    for module in modules:
        files[f"p/{module.replace('.', '/')}.py"] = _module(random, module, items)
    files["main.py"], asked = _main(random, items)
    values = _values(items)
    return Package(files, "".join(f"{values[number]}\n" for number in asked))


def _values(items: list[Item]) -> dict[int, int]:
    values: dict[int, int] = {}
    for item in items:
        counted = [use.number for use in item.uses if use.way not in ("annotated", "note", "text")]
        values[item.number] = item.number + sum(values[number] for number in counted)
    return values


def _main(random: Random, items: list[Item]) -> tuple[str, list[int]]:
    asked = random.sample(range(len(items)), random.randint(1, len(items)))
    lines = [f"from p.{items[number].module} import f{number}" for number in asked]
    return "\n".join([*lines, "", *(f"print(f{number}())" for number in asked)]) + "\n", asked


def _module(random: Random, module: str, items: list[Item]) -> str:
    own = [item for item in items if item.module == module]
    needed = {use.number for item in own for use in item.uses if items[use.number].module != module}
    lines = ['"""A module."""', ""] if random.random() < 0.3 else []
    lazy = random.random() < 0.5
    if lazy:
        lines += ["from __future__ import annotations", ""]
    if random.random() < 0.3:
        lines += [random.choice(("from typing import Any", "import typing", "import os  # the system")), ""]
    lines += _imports(random, module, sorted(needed), items)
    for item in own:
        lines += _function(random, item, lazy)
    if needed and random.random() < 0.1:
        lines += [f"__all__ = ['f{min(needed)}']"]
    return "\n".join(lines) + "\n"


def _imports(random: Random, module: str, needed: list[int], items: list[Item]) -> list[str]:
    lines = []
    others = sorted({items[number].module for number in needed})
    random.shuffle(others)
    for other in others:
        names = [f"f{number}" for number in needed if items[number].module == other]
        random.shuffle(names)
        dots = ".." if "." in module else "."
        source = random.choice((f"p.{other}", f"{dots}{other}"))
        form = random.random()
        if form < 0.3:
            lines += [f"from {source} import {name}" for name in names]
        elif form < 0.6:
            lines += [f"from {source} import (", *(f"    {name},  # {name}" for name in names), ")"]
        else:
            lines += [f"from {source} import {', '.join(names)}" + random.choice(("", "  # these"))]
        lines += [""] * (random.random() < 0.3)
    return lines


def _function(random: Random, item: Item, lazy: bool) -> list[str]:
    before: list[str] = []
    body: list[str] = []
    parameters: list[str] = []
    for use in item.uses:
        name, mark = f"f{use.number}", f"{item.number}_{use.number}"
        match use.way:
            case "call":
                body += [f"result += {name}()"]
            case "nested":
                body += ["def inner(n=0):", f"    return n + {name}()", "result += inner()"]
            case "local":
                body += [f"chosen: {name} = [{name} for _ in range(1)]", "result += chosen[0]()"]
            case "method":
                before += [f"class C{mark}:", "    def value(self):", '        """The value."""']
                before += ["        # computed", f"        return {name}()", "", ""]
                body += [f"result += C{mark}().value()"]
            case "annotated":
                written = name if lazy or random.random() < 0.3 else f"'{name}'"
                parameters += [f"a{mark}: {written} = None"]
            case "note":
                written = name if lazy or random.random() < 0.3 else f"'{name}'"
                before += [f"n{mark}: {written} = 3"]
            case "text":
                body += [f"str('{name} is only told')"]
            case "default":
                parameters += [f"d{mark}={name}"]
                body += [f"result += d{mark}()"]
            case "constant":
                before += [f"K{mark} = {name}()"]
                body += [f"result += K{mark}"]
            case "lambda":
                before += [f"l{mark} = lambda: {name}()"]
                body += [f"result += l{mark}()"]
    head = f"def f{item.number}({', '.join(parameters)}):"
    start = ['"""Adds."""'] if random.random() < 0.3 else []
    start += ["# from its number on"] * (random.random() < 0.3)
    lines = [*start, f"result = {item.number}", *body, "return result"]
    if not body and random.random() < 0.3:
        return ["", "", *before, f"{head} return {item.number}"]
    return ["", "", *before, head, *(f"    {line}" for line in lines)]
