"""`scheduler.add_job("shop.jobs:clean", …)` imports what it names. (read from APScheduler 3.11: `ref_to_obj`)"""

from __future__ import annotations

from functools import partial

from parity.frameworks.named import import_named
from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, External, ModuleValue, Value, text_of

SCHEDULERS = (
    *("background.BackgroundScheduler", "blocking.BlockingScheduler", "asyncio.AsyncIOScheduler"),
    *("gevent.GeventScheduler", "tornado.TornadoScheduler", "twisted.TwistedScheduler", "qt.QtScheduler"),
)


def _make(_machine: Machine, _arguments: Arguments, _bound: Value | None, *, name: str) -> Value:
    return External(f"{name}()")


def _add_job(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name, colon, rest = (text_of(arguments.get(0, "func")) or "").partition(":")
    loaded: Value = import_named(machine, name) if colon else ANYTHING
    for part in rest.split("."):
        if not isinstance(loaded, ModuleValue):
            break
        found = machine.importing.module_attribute(loaded.module, part)
        if found is None:
            machine.importing.fail_name(loaded.module, part)
        loaded = found or ANYTHING
    return ANYTHING


CALLS: dict[str, Known] = {}
for _name in (f"apscheduler.schedulers.{one}" for one in SCHEDULERS):
    CALLS[_name] = partial(_make, name=_name)
    CALLS[f"{_name}().add_job"] = _add_job
