"""The lock file of a project, whichever tool wrote it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from parity.model.location import Unknown
from parity.model.packages import normalized
from parity.packages.locks import conda_locks
from parity.packages.locks.closure import Lock, Locked, Need, Needs, lines_of, tables_of
from parity.packages.project import strings, table
from parity.tree.base import Entry, FileTree, join
from parity.tree.links import follow

REQUIREMENT = re.compile(
    r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?[^;]*(?:;(.*))?$", re.S
)


def read_lock(folder: str, name: str, files: FileTree) -> Lock | Unknown | None:
    """The lock file `name` of an image or checkout folder; None where there is none, or none that can be read."""
    found = follow(files, join(folder, name))
    if not isinstance(found.answer, Entry):
        return found.answer if isinstance(found.answer, Unknown) else None
    content = files.read(found.path)
    if isinstance(content, Unknown):
        return content
    manifest = (found.answer.source or "").lstrip("/")
    return _parsed(name, content, manifest)


@lru_cache(maxsize=16)
def _parsed(name: str, content: bytes, manifest: str) -> Lock | None:
    """A lock file is parsed once a run: a check asks for it again for every image and every import."""
    reader = READERS.get(name, pylock if name.startswith("pylock.") else None)
    packages = reader(content) if reader is not None else None
    return None if packages is None else Lock(packages, manifest, lines_of(content))


def uv_lock(content: bytes) -> tuple[Locked, ...] | None:
    """uv: `uv.lock`, version 1."""
    found = []
    for one in _packages(content):
        found.append(
            Locked(
                normalized(_text(one, "name")),
                _text(one, "version"),
                _tables(one.get("dependencies")),
                {normalized(k): _tables(v) for k, v in table(one, "optional-dependencies").items()},
                {normalized(k): _tables(v) for k, v in table(one, "dev-dependencies").items()},
                "registry" not in table(one, "source"),
            )
        )
    return tuple(found) or None


def poetry_lock(content: bytes) -> tuple[Locked, ...] | None:
    """poetry: `poetry.lock`."""
    found = []
    for one in _packages(content):
        needs: list[Need] = []
        optional: dict[str, Need] = {}
        for name, value in table(one, "dependencies").items():
            for each in value if isinstance(value, list) else (value,):
                marker = table(each).get("markers")
                need = Need(
                    normalized(name),
                    _names(table(each).get("extras")),
                    marker if isinstance(marker, str) else "",
                )
                if table(each).get("optional") is True:
                    optional[need.name] = Need(need.name, need.extras)
                else:
                    needs.append(need)
        extras = {
            normalized(extra): tuple(
                optional.get(made.name, made) for text in strings(texts) if (made := _requirement(text))
            )
            for extra, texts in table(one, "extras").items()
        }
        kind = table(one, "source").get("type")
        found.append(
            Locked(
                normalized(_text(one, "name")),
                _text(one, "version"),
                tuple(needs),
                extras,
                elsewhere=kind in ("git", "url", "file", "directory"),
            )
        )
    return tuple(found) or None


def pdm_lock(content: bytes) -> tuple[Locked, ...] | None:
    """pdm: `pdm.lock`. A package with extras has entries of its own for them.

    Where each says in which groups it is (`inherit_metadata`), that alone decides what is installed.
    """
    own: dict[str, Locked] = {}
    groups: dict[str, tuple[Need, ...]] = {}
    for one in _packages(content):
        name, extras = normalized(_text(one, "name")), _names(one.get("extras"))
        needs = tuple(made for text in strings(one.get("dependencies")) if (made := _requirement(text)))
        before = own.get(name, Locked(name, _text(one, "version")))
        if extras:
            more = {**before.extras, **dict.fromkeys(extras, needs)}
            own[name] = Locked(name, before.version, before.needs, more)
        else:
            own[name] = Locked(name, before.version, needs, before.extras)
        for group in strings(one.get("groups")):
            groups[group] = (*groups.get(group, ()), Need(name, extras, _text(one, "marker")))
    root = (Locked("", "", groups=groups),) if groups else ()
    return (*own.values(), *root) if own else None


def pipfile_lock(content: bytes) -> tuple[Locked, ...] | None:
    """pipenv: `Pipfile.lock`. One package holds each section: `default`, `develop`."""
    try:
        parsed = json.loads(content.decode("utf8"))
    except (ValueError, RecursionError):
        return None
    found: dict[str, Locked] = {}
    sections: dict[str, Needs] = {}
    for section, listed in table(parsed).items():
        if section == "_meta":
            continue
        needs = []
        for name, value in table(listed).items():
            marker = table(value).get("markers")
            needs.append(Need(normalized(name), (), marker if isinstance(marker, str) else ""))
            version = table(value).get("version")
            text = version.lstrip("=") if isinstance(version, str) else ""
            found.setdefault(normalized(name), Locked(normalized(name), text))
        sections[section] = tuple(needs)
    return (*found.values(), Locked("", "", groups=sections)) if sections else None


def pylock(content: bytes) -> tuple[Locked, ...] | None:
    """PEP 751: `pylock.toml`: everything, each by its marker."""
    found: dict[str, Locked] = {}
    needs = []
    for one in _packages(content, "packages"):
        name, marker = normalized(_text(one, "name")), one.get("marker")
        found[name] = Locked(name, _text(one, "version"))
        needs.append(Need(name, (), marker if isinstance(marker, str) else ""))
    return (*found.values(), Locked("", "", tuple(needs))) if found else None


def pixi_lock(content: bytes) -> tuple[Locked, ...] | None:
    """pixi: `pixi.lock`. Each environment is a group."""
    environments = conda_locks.pixi(content)
    return None if environments is None else conda_locks.locked(environments)


def conda_lock(content: bytes) -> tuple[Locked, ...] | None:
    """conda-lock: `conda-lock.yml`. Each category is a group."""
    categories = conda_locks.conda_lock(content)
    return None if categories is None else conda_locks.locked(categories)


READERS: Mapping[str, Callable[[bytes], tuple[Locked, ...] | None]] = {
    "uv.lock": uv_lock,
    "poetry.lock": poetry_lock,
    "pdm.lock": pdm_lock,
    "Pipfile.lock": pipfile_lock,
    "pixi.lock": pixi_lock,
    "conda-lock.yml": conda_lock,
}


def _packages(content: bytes, key: str = "package") -> list[Mapping[str, object]]:
    listed = (tables_of(content) or {}).get(key)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _text(one: Mapping[str, object], key: str) -> str:
    value = one.get(key)
    return value if isinstance(value, str) else ""


def _names(value: object) -> tuple[str, ...]:
    return tuple(normalized(one) for one in strings(value))


def _tables(value: object) -> Needs:
    """uv: `{ name = "x", extra = ["y"], marker = "…" }`."""
    found = []
    for one in value if isinstance(value, list) else ():
        extra, marker = table(one).get("extra"), table(one).get("marker")
        found.append(
            Need(
                normalized(_text(table(one), "name")),
                _names(extra),
                marker if isinstance(marker, str) else "",
            )
        )
    return tuple(found)


def _requirement(text: str) -> Need | None:
    found = REQUIREMENT.match(text)
    if found is None:
        return None
    extras = tuple(normalized(one) for one in (found[2] or "").split(",") if one.strip())
    return Need(normalized(found[1]), extras, (found[3] or "").strip())
