"""What do the methods of texts, lists and dicts do and give?"""

from __future__ import annotations

from functools import partial

from parity.startup.library.known import Known, register
from parity.startup.library.pathlib import attribute_of_path
from parity.startup.state.budget import LONGEST_TEXT, MOST_ELEMENTS, Bound
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    FilePath,
    Items,
    Table,
    Value,
    elements_of,
    text_of,
    truth,
)

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)


_TEXT_METHODS = frozenset(
    "join format split rsplit strip lstrip rstrip lower upper title startswith endswith partition rpartition replace "
    "removeprefix removesuffix count find rfind isdigit isidentifier splitlines casefold capitalize".split()
)


_LIST_METHODS = frozenset("append extend insert remove pop clear sort reverse add update".split())


def method_of(value: Value, name: str) -> Value:
    """The attribute of a plain value or a path: a known method bound to it, or what can't be told."""
    match value:
        case Constant():
            return External(f"str.{name}", value) if isinstance(value.value, str) else ANYTHING
        case Items():
            if value.kind == "version":
                return {"major": value.elements[0], "minor": value.elements[1]}.get(name, ANYTHING)
            if value.kind == "module info":
                return {"name": value.elements[1], "ispkg": value.elements[2]}.get(name, ANYTHING)
            return External(f"list.{name}", value)
        case Table():
            return External(f"dict.{name}", value)
        case FilePath():
            return attribute_of_path(value, name)
        case _:
            return ANYTHING


def sort(items: Items, arguments: Arguments) -> None:
    """Texts are put in order; what a `key` makes of the elements is not followed."""
    texts = [(text_of(element), element) for element in items.elements]
    if "key" not in arguments.keywords and all(text is not None for text, _ in texts):
        backwards = truth(arguments.keywords.get("reverse", Constant(False))) is True
        items.elements[:] = [e for _, e in sorted(texts, key=lambda pair: str(pair[0]), reverse=backwards)]


def enter_all(table: Table, value: Value) -> None:
    """The entries of a dict, or of pairs, are put into the table."""
    if isinstance(value, Table):
        table.entries.update(value.entries)
        table.complete = table.complete and value.complete
        return
    through = elements_of(value)
    pairs = through.elements if isinstance(through, Items) and through.complete else None
    for pair in pairs or ():
        key = pair.elements[0] if isinstance(pair, Items) and len(pair.elements) == 2 else None
        if isinstance(pair, Items) and isinstance(key, Constant):
            table.entries[key.value] = pair.elements[1]
        else:
            table.complete = False
    if pairs is None:
        table.complete = False


def _text_method(name: str) -> Known:
    def run(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
        if not (isinstance(bound, Constant) and isinstance(bound.value, str)) or arguments.keywords:
            return ANYTHING
        plain: list[object] = []
        assumed = bound.assumed
        for argument in map(elements_of, arguments.positional):
            if isinstance(argument, Items) and argument.complete:
                texts = [text_of(element) for element in argument.elements]
                if any(text is None for text in texts):
                    return ANYTHING
                plain.append(tuple(texts))
            elif isinstance(argument, Constant):
                plain.append(argument.value)
                assumed = assumed or argument.assumed
            else:
                return ANYTHING
        if name == "format" and any(c in bound.value for c in ":.!["):
            return ANYTHING  # widths, attributes and items of a format are not followed
        if _most_characters(name, bound.value, plain) > LONGEST_TEXT:
            machine.reach(Bound.TEXT, f"more than {LONGEST_TEXT}")
            return ANYTHING
        try:
            result = getattr(bound.value, name)(*plain)
        except Exception:
            return ANYTHING
        if isinstance(result, list | tuple):
            kind = "list" if isinstance(result, list) else "tuple"
            return Items(kind, [Constant(r, assumed) for r in result], written=len(result))
        return Constant(result, assumed)

    return run


def _most_characters(name: str, text: str, arguments: list[object]) -> int:
    """No result of the method is longer."""
    sizes = [
        len(part) if isinstance(part, str) else sum(map(len, part)) if isinstance(part, tuple) else 20
        for part in arguments
    ]
    match name:
        case "join":
            parts = max((len(part) for part in arguments if isinstance(part, tuple | str)), default=0)
            return sum(sizes) + len(text) * parts
        case "format":
            return len(text) + sum(sizes) * text.count("{")
        case "replace":
            return len(text) + (len(text) + 1) * sum(sizes[1:2])
        case _:
            return len(text)


def _list_method(name: str) -> Known:
    def run(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
        if not isinstance(bound, Items):
            return ANYTHING
        value = arguments.get(0)
        if name in ("extend", "update") and value is not None:
            value = elements_of(value)
        if machine.uncertain or not arguments.complete:
            bound.complete = False
        elif name in ("append", "add") and value is not None:
            bound.elements.append(value)
        elif name in ("extend", "update") and isinstance(value, Items):
            bound.elements.extend(value.elements)
            bound.complete = bound.complete and value.complete
        elif name == "insert" and len(arguments.positional) == 2:
            at = arguments.positional[0]
            place = at.value if isinstance(at, Constant) and isinstance(at.value, int) else 0
            bound.elements.insert(place, arguments.positional[1])
        elif name == "clear":
            bound.elements.clear()
        elif name == "sort":
            sort(bound, arguments)
        elif name == "reverse":
            bound.elements.reverse()
        else:
            bound.complete = False
        if len(bound.elements) > MOST_ELEMENTS:
            machine.reach(Bound.ELEMENTS, f"more than {MOST_ELEMENTS}")
            bound.elements.clear()
            bound.complete = False
        return ANYTHING if name == "pop" else Constant(None)

    return run


@known("list.index")
def _index(_machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    wanted = arguments.get(0)
    if isinstance(bound, Items) and isinstance(wanted, Constant) and len(arguments.positional) == 1:
        for number, element in enumerate(bound.elements):
            if not isinstance(element, Constant):
                break
            if element.value == wanted.value:
                return Constant(number)
    return ANYTHING


for _name in _TEXT_METHODS:
    CALLS[f"str.{_name}"] = _text_method(_name)
for _name in _LIST_METHODS:
    CALLS[f"list.{_name}"] = _list_method(_name)


@known("dict.get")
def _dict_get(_machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    key = arguments.get(0)
    if isinstance(bound, Table) and isinstance(key, Constant):
        if key.value in bound.entries:
            return bound.entries[key.value]
        return (arguments.get(1) or Constant(None)) if bound.complete else ANYTHING
    return ANYTHING


@known("dict.items")
def _dict_items(_machine: Machine, _arguments: Arguments, bound: Value | None) -> Value:
    if not isinstance(bound, Table):
        return ANYTHING
    pairs: list[Value] = [Items("tuple", [Constant(key), value]) for key, value in bound.entries.items()]
    return Items("list", pairs, bound.complete)


@known("dict.keys")
def _dict_keys(_machine: Machine, _arguments: Arguments, bound: Value | None) -> Value:
    keys = elements_of(bound) if isinstance(bound, Table) else ANYTHING
    return Items("set", keys.elements, keys.complete) if isinstance(keys, Items) else ANYTHING


@known("dict.values")
def _dict_values(_machine: Machine, _arguments: Arguments, bound: Value | None) -> Value:
    return (
        Items("list", list(bound.entries.values()), bound.complete) if isinstance(bound, Table) else ANYTHING
    )


@known("dict.update")
def _dict_update(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    if not isinstance(bound, Table):
        return ANYTHING
    if machine.uncertain or not arguments.complete:
        return _dict_change(machine, arguments, bound)
    for value in arguments.positional[:1]:
        enter_all(bound, value)
    bound.entries.update(arguments.keywords)
    return Constant(None)


@known("dict.pop")
def _dict_pop(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    key = arguments.get(0)
    if machine.uncertain or not isinstance(bound, Table) or not isinstance(key, Constant):
        return _dict_change(machine, arguments, bound)
    missing = (arguments.get(1) or ANYTHING) if bound.complete else ANYTHING
    return bound.entries.pop(key.value, missing)


@known("dict.setdefault", "dict.clear", "dict.popitem")
def _dict_change(_machine: Machine, _arguments: Arguments, bound: Value | None) -> Value:
    if isinstance(bound, Table):
        bound.complete = False
        bound.entries.clear()
    return ANYTHING
