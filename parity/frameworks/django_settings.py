"""The settings of a Django process, as its settings module has computed them. (read from Django 5.2)"""

from __future__ import annotations

from msgspec import Struct

from parity.frameworks.named import Texts, import_named, texts_in
from parity.startup.state.machine import Machine
from parity.startup.state.modules import Module
from parity.startup.state.namespace import Namespace
from parity.startup.state.values import ModuleValue, Value, text_of

VARIABLE = "DJANGO_SETTINGS_MODULE"


class Settings(Struct, frozen=True):
    """`names`: what the settings module binds; `texts`: where the texts in them are written."""

    names: Namespace
    texts: Texts

    def value(self, name: str) -> Value | None:
        return self.names.get(name)

    def text(self, name: str) -> str:
        return text_of(self.names.get(name)) or ""

    def listed(self, name: str) -> tuple[str, ...]:
        return texts_in(self.names.get(name))


def settings_of(machine: Machine) -> Settings | None:
    """Django: `LazySettings._setup` imports the module that the variable names. None where nothing is known of it."""
    name = machine.environment.get(VARIABLE)
    loaded = import_named(machine, name) if name else None
    if not isinstance(loaded, ModuleValue):
        return None
    texts = Texts()
    texts.add(loaded.module)
    for module in _neighbours(machine, loaded.module):
        texts.add(module)
    return Settings(loaded.module.namespace, texts)


def _neighbours(machine: Machine, settings: Module) -> list[Module]:
    """The modules that are loaded, those of the settings' own package first: a text may be written in any."""
    package = settings.name.rpartition(".")[0]
    loaded = [*machine.importing.modules.values(), *machine.executed]
    others = [module for module in loaded if module is not settings]
    return sorted(others, key=lambda module: not module.name.startswith(package))
