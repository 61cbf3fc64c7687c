"""What does a program of Hydra load: its configuration, and what `_target_` names in it? (read from Hydra 1.3)

The configuration is put together of the primary file and those of its defaults list, as far as both are plain; words of
the command line choose others of a group. `instantiate` imports what `_target_` names, and calls it.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.frameworks.named import import_string
from parity.startup.library.documents import read_document
from parity.startup.library.files import Refusal, require
from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Class,
    Constant,
    External,
    Function,
    Items,
    Table,
    Value,
    text_of,
    truth,
)
from parity.tree.base import FileKind, join, parent_of

CONFIG = "omegaconf.DictConfig"
"""A value of this name has the whole configuration; `.model.layers` behind it is a part."""
MISSING = Refusal(
    "hydra.errors.MissingConfigException", "In 'config': Could not find it in the configuration's folder"
)
DEEPEST = 10


def _main(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`@hydra.main(config_path="conf", config_name="config")`: the folder is seen from the file."""
    folder, name = text_of(arguments.get(0, "config_path")), text_of(arguments.get(1, "config_name"))
    here = machine.frames[-1].module.image_path if machine.frames else ""
    if not folder or not name or not here or ":" in folder:
        return External("hydra.main()")
    return External("hydra.main()", Items("tuple", [Constant(join(parent_of(here), folder)), Constant(name)]))


def _decorate(_machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    function = arguments.get(0) or ANYTHING
    found = bound.elements if isinstance(bound, Items) else []
    return External("hydra.main().task", Items("tuple", [function, *found]))


def _run(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    """The decorated function is called, by the program without arguments."""
    function, *found = bound.elements if isinstance(bound, Items) else [ANYTHING]
    config: Value = ANYTHING
    if len(found) == 2 and not arguments.positional:
        composed = _composed(machine, text_of(found[0]) or "", text_of(found[1]) or "")
        config = External(CONFIG, composed) if composed is not None else ANYTHING
    return machine.interpreting.call(function, Arguments((config,)))


def _composed(machine: Machine, folder: str, name: str) -> Table | None:
    """None where it cannot be told."""
    chosen = dict(word.split("=", 1) for word in machine.arguments[1:] if word and "=" in word)
    return _file(machine, folder, name, chosen, DEEPEST)


def _file(machine: Machine, folder: str, name: str, chosen: dict[str, str], depth: int) -> Table | None:
    path = join(folder, name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    require(machine, path, FileKind.FILE, MISSING)
    own = read_document(machine, path)
    if not isinstance(own, Table) or not depth:
        return None
    merged = Table({})
    for group, option in _defaults(own.entries.get("defaults")):
        if not group:
            part = _file(machine, folder, option, chosen, depth - 1)
            _merge(merged, part)
        elif "@" not in group and "override" not in group and not group.startswith(("/", "hydra")):
            option = chosen.get(group, option)
            part = _file(machine, join(folder, group), option, {}, depth - 1) if option != "null" else None
            _merge(merged, _below(group.split("/"), part))
    _merge(merged, own)
    return merged


def _defaults(listed: Value | None) -> Iterator[tuple[str, str]]:
    """(group, option) of each entry; a file of the same folder has no group."""
    for one in listed.elements if isinstance(listed, Items) else ():
        if isinstance(one, Table):
            for group, option in one.entries.items():
                if text := text_of(option):
                    yield str(group), text
        elif (text := text_of(one)) and text != "_self_":
            yield "", text


def _below(names: list[str], part: Table | None) -> Table | None:
    for name in reversed(names):
        part = Table({name: part}) if part is not None else None
    return part


def _merge(into: Table, part: Table | None) -> None:
    for key, value in part.entries.items() if part is not None else ():
        before = into.entries.get(key)
        if isinstance(before, Table) and isinstance(value, Table):
            merged = Table(dict(before.entries))
            _merge(merged, value)
            into.entries[key] = merged
        else:
            into.entries[key] = value


def _instantiate(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    return _made(machine, _part(arguments.get(0, "config")), DEEPEST)


def _part(value: Value | None) -> Value | None:
    """What `config.model.encoder` is of the configuration."""
    if not isinstance(value, External) or not f"{value.name}.".startswith(f"{CONFIG}."):
        return value
    part: Value | None = value.bound_to
    for name in value.name.removeprefix(CONFIG).split(".")[1:]:
        part = part.entries.get(name) if isinstance(part, Table) else None
    return part


def _made(machine: Machine, config: Value | None, depth: int) -> Value:
    """What is inside is made first, unless it is told not to be."""
    if not isinstance(config, Table) or not depth:
        return ANYTHING
    recursive = truth(config.entries.get("_recursive_") or Constant(True))
    for inner in config.entries.values() if recursive else ():
        for one in inner.elements if isinstance(inner, Items) else [inner]:
            _made(machine, one, depth - 1)
    target = text_of(config.entries.get("_target_"))
    if not target or "." not in target or "$" in target:
        return ANYTHING
    made = import_string(machine, target)
    if isinstance(made, Function | Class) and not truth(config.entries.get("_partial_") or Constant(False)):
        return machine.interpreting.call(made, Arguments(complete=False))
    return ANYTHING


def _named(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`hydra.utils.get_class("shop.models.Model")`."""
    name = text_of(arguments.get(0, "path"))
    return import_string(machine, name) if name and "." in name else ANYTHING


def _loaded(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`OmegaConf.load("config.yaml")`."""
    path = text_of(arguments.get(0, "file_"))
    if path is None:
        return ANYTHING
    require(machine, path, FileKind.FILE)
    read = read_document(machine, path)
    return External(CONFIG, read) if isinstance(read, Table) else ANYTHING


CALLS: dict[str, Known] = {
    "hydra.main": _main,
    "hydra.main()": _decorate,
    "hydra.main().task": _run,
    **dict.fromkeys(("hydra.utils.instantiate", "hydra.utils.call"), _instantiate),
    **dict.fromkeys(
        (f"hydra.utils.get_{one}" for one in ("class", "method", "static_method", "object")), _named
    ),
    "omegaconf.OmegaConf.load": _loaded,
}
