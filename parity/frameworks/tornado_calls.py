"""`url("/", "shop.pages.Home")` imports the handler that it names. (read from Tornado 6.5: `URLSpec`)"""

from __future__ import annotations

from parity.frameworks.named import import_named, load_object
from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, Value, text_of


def _spec(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.get(1, "handler"))
    if name:
        return load_object(machine, name) if "." in name else import_named(machine, name)
    return ANYTHING


CALLS: dict[str, Known] = dict.fromkeys(
    ("tornado.web.url", "tornado.web.URLSpec", "tornado.routing.URLSpec"), _spec
)
