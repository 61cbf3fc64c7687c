"""The JSON schema of the configuration, made from the keys: `python -m parity.config.schema` prints it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from parity.config.keys import BASE, BASES, IMAGE, IMAGES, TOP, Key, Kind

Schema = dict[str, "str | bool | list[str] | Schema | list[Schema]"]
_TEXT: Schema = {"type": "string"}
_WORDS: Schema = {"type": "array", "items": _TEXT}
_SHAPES: dict[Kind, Schema] = {
    Kind.TEXT: _TEXT,
    Kind.WORDS: _WORDS,
    Kind.PAIRS: {"type": "object", "additionalProperties": _TEXT},
    Kind.LISTS: {"type": "object", "additionalProperties": _WORDS},
    Kind.COMMAND: {"oneOf": [_TEXT, _WORDS]},
}


def schema() -> Schema:
    """Of parity.toml, and of the table `[tool.parity]`."""
    top = _table(TOP)
    properties = top["properties"]
    assert isinstance(properties, dict)
    properties[IMAGES] = {
        "description": "the images to check, instead of every Dockerfile that is found",
        "type": "array",
        "items": {**_table(IMAGE), "required": ["dockerfile"]},
    }
    properties[BASES] = {
        "description": "what base images bring that are not public, by name without a tag",
        "type": "object",
        "additionalProperties": _table(BASE),
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "parity", **top}


def _table(keys: Iterable[Key]) -> Schema:
    properties: Schema = {key.name: _described(key) for key in keys}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _described(key: Key) -> Schema:
    shape = {"description": key.meaning, **_SHAPES[key.kind]}
    if not key.choices:
        return shape
    choices: Schema = {"enum": list(key.choices)}
    if key.kind is Kind.PAIRS:
        return {**shape, "additionalProperties": {**_TEXT, **choices}}
    return {**shape, **choices}


def rendered() -> str:
    """The file `parity.schema.json`."""
    return json.dumps(schema(), indent=2) + "\n"


if __name__ == "__main__":
    print(rendered(), end="")  # noqa: T201 - a program of its own
