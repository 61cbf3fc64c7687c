"""What do the commands of Scrapy load that the project's settings name? (read from Scrapy 2.13)

All of them load every spider (`SpiderLoader`); `crawl` makes a crawler, whose add-ons, extensions, middlewares and
pipelines are loaded and made before the first request.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.frameworks.django_settings import Settings
from parity.frameworks.named import (
    Texts,
    import_all,
    import_named,
    lacking,
    load_object,
    tell_lack,
    texts_in,
)
from parity.model.occasion import When
from parity.startup.language.attributes import bound
from parity.startup.library.known import Known
from parity.startup.state.classes import class_attribute
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Class,
    Constant,
    Function,
    ModuleValue,
    Table,
    Value,
    text_of,
)

COMPONENTS = (
    *("ADDONS", "EXTENSIONS", "SPIDER_MIDDLEWARES", "DOWNLOADER_MIDDLEWARES", "ITEM_PIPELINES"),
    *(
        "LOG_FORMATTER",
        "STATS_CLASS",
        "REQUEST_FINGERPRINTER_CLASS",
        "SCHEDULER",
        "DUPEFILTER_CLASS",
        "DOWNLOADER",
    ),
)
"""Classes, or tables of them, that a crawler loads and makes."""
EXPORTS = ("FEED_EXPORTERS", "FEED_STORAGES")
"""Those that it loads where it writes feeds."""
NOT_FOUND = "scrapy does not find the spider {}"


def _execute(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """The arguments: the settings module, and the words behind `scrapy`."""
    name, action, *words = [text_of(one) or "" for one in arguments.positional]
    loaded = import_named(machine, name)
    if not isinstance(loaded, ModuleValue):
        return ANYTHING
    texts = Texts()
    texts.add(loaded.module)
    settings = Settings(loaded.module.namespace, texts)
    _load_spiders(machine, settings, words[0] if action == "crawl" and words else "")
    if action == "crawl":
        feeds = settings.value("FEEDS") is not None or any(word in ("-o", "-O", "-t") for word in words)
        for key in (*COMPONENTS, *(EXPORTS if feeds else ())):
            for text in _named(settings.value(key)):
                with texts.standing_at(machine, text):
                    _make(machine, load_object(machine, text))
    return ANYTHING


def _load_spiders(machine: Machine, settings: Settings, wanted: str) -> None:
    """Scrapy: `walk_modules` of each of SPIDER_MODULES."""
    for package in settings.listed("SPIDER_MODULES"):
        with settings.texts.standing_at(machine, package):
            import_all(machine, package, "")
            for name, path in lacking(machine, package).items() if wanted else ():
                if _has_spider(machine, path, wanted):
                    tell_lack(machine, f"{package}.{name}", NOT_FOUND.format(wanted), when=When.COMMAND)


def _has_spider(machine: Machine, path: str, wanted: str) -> bool:
    """Does the text say `name = "wanted"`?"""
    data = machine.world.checkout.read(path)
    plain = (
        data.decode("utf8", "replace").replace(" ", "").replace("'", '"') if isinstance(data, bytes) else ""
    )
    return f'name="{wanted}"' in plain


def _named(value: Value | None) -> Iterator[str]:
    """The classes of a table by their order, where None switches one off, or the one class."""
    if isinstance(value, Table):
        for key, order in value.entries.items():
            for text in (str(key), *texts_in(order)):
                if "." in text and order != Constant(None):
                    yield text
    else:
        yield from (text for text in texts_in(value) if "." in text)


def _make(machine: Machine, component: Value) -> None:
    """Scrapy: `build_from_crawler`."""
    if not isinstance(component, Class):
        return
    maker = class_attribute(component, "from_crawler")
    if isinstance(maker, Function):
        machine.interpreting.call(bound(maker, component), Arguments((ANYTHING,)))
    else:
        machine.interpreting.call(component, Arguments(complete=False))


CALLS: dict[str, Known] = {"scrapy.cmdline.execute": _execute}
