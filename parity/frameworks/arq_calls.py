"""What does an arq worker import besides its settings? (read from and run against arq 0.28)

`arq.worker.func` and `arq.cron.cron` import a function that is named by a text when the worker is made.
"""

from __future__ import annotations

from parity.frameworks.named import Texts, load_object
from parity.startup.library.known import Known
from parity.startup.state.classes import class_attribute
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Class,
    Constant,
    Coroutine,
    Items,
    ModuleValue,
    Value,
    text_of,
)


def _run_worker(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`arq module.WorkerSettings`."""
    module, _, name = (text_of(arguments.get(0)) or "").rpartition(".")
    loaded = machine.importing.import_module(module)
    if not isinstance(loaded, ModuleValue):
        return ANYTHING
    settings = machine.importing.module_attribute(loaded.module, name)
    if settings is None:
        machine.importing.fail_name(loaded.module, name)
    if not isinstance(settings, Class):
        return ANYTHING
    texts = Texts()
    texts.add(settings.module)
    for key in ("functions", "cron_jobs"):
        listed = class_attribute(settings, key)
        for value in listed.elements if isinstance(listed, Items) else ():
            _load(machine, value, texts)
    started = class_attribute(settings, "on_startup")
    if started is not None and not isinstance(started, Constant):
        made = machine.interpreting.call(started, Arguments(complete=False))
        if isinstance(made, Coroutine):
            machine.interpreting.call_function(made.function, made.arguments)
    return ANYTHING


def _load(machine: Machine, value: Value, texts: Texts) -> None:
    text = text_of(value)
    if text is not None and "." in text:
        with texts.standing_at(machine, text):
            load_object(machine, text)


def _named(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`func("app.tasks.send", name="send")`, `cron("app.tasks.clean", hour=3)`: imported at once."""
    text = text_of(arguments.get(0, "coroutine"))
    if text is not None and "." in text:
        load_object(machine, text)
    return ANYTHING


CALLS: dict[str, Known] = {
    "arq.worker.run_worker": _run_worker,
    "arq.func": _named,
    "arq.worker.func": _named,
    "arq.cron": _named,
    "arq.cron.cron": _named,
}
