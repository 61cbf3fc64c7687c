"""Which distributions does a literal in the code ask for, that no import names: a database driver, a form parser?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

LARGEST = 300_000
Needed = tuple[str, tuple[str, ...]]
"""The module that will be imported, and the distributions that bring it."""


class Implied(Struct, frozen=True):
    """`literal`: what the code says, on which `line`. One of `distributions` has to be there.

    `at_once`: it is needed as soon as the module is loaded.
    """

    literal: str
    line: int
    module: str
    distributions: tuple[str, ...]
    at_once: bool = False


def _itself(*names: str) -> dict[str, Needed]:
    return {name: (name, (name,)) for name in names}


POSTGRESQL = ("psycopg", ("psycopg", "psycopg2", "psycopg2-binary"))
DRIVERS: Mapping[str, Needed] = {
    **_itself("asyncpg", "pg8000", "pymysql", "aiomysql", "asyncmy", "pyodbc", "aioodbc", "oracledb"),
    **_itself("aiosqlite", "pymssql", "psycopg"),
    "psycopg2": ("psycopg2", ("psycopg2", "psycopg2-binary")),
    "mysqldb": ("MySQLdb", ("mysqlclient",)),
    "mysqlconnector": ("mysql.connector", ("mysql-connector-python",)),
    "cx_oracle": ("cx_Oracle", ("cx-oracle",)),
}
MULTIPART = ("python_multipart", ("python-multipart",))
FORMS: tuple[tuple[re.Pattern[bytes], Mapping[str, Needed]], ...] = (
    # SQLAlchemy: `dialect+driver://`
    (re.compile(rb"""["'](?:postgresql|mysql|mariadb|oracle|mssql|sqlite)\+(\w+)://"""), DRIVERS),
    # SQLAlchemy: the driver that a dialect has unless one is named (2.1: psycopg instead of psycopg2)
    (
        re.compile(
            rb"""\b(?:create_engine\(\s*|SQLALCHEMY_DATABASE_URI["']?\]?\s*[=:]\s*)"""
            rb"""f?["'](postgresql|mysql|oracle|mssql)://"""
        ),
        {
            "postgresql": ("psycopg2", ("psycopg2", "psycopg2-binary", "psycopg", "psycopg2cffi")),
            "mysql": ("MySQLdb", ("mysqlclient", "pymysql")),
            "oracle": ("oracledb", ("oracledb", "cx-oracle")),
            "mssql": ("pyodbc", ("pyodbc",)),
        },
    ),
    # Django: DATABASES
    (
        re.compile(rb"""["']django\.(?:contrib\.gis\.)?db\.backends\.(postgresql|postgis|mysql|oracle)["']"""),
        {
            "postgresql": POSTGRESQL,
            "postgis": POSTGRESQL,
            "mysql": ("MySQLdb", ("mysqlclient", "pymysql")),
            "oracle": ("oracledb", ("oracledb", "cx-oracle")),
        },
    ),
    # Celery, kombu: `broker="redis://…"`, `CELERY_BROKER_URL = "redis://…"`, result backends likewise
    (
        re.compile(rb"""(?i)\b\w*(?:broker|result_backend|backend)(?:_url)?["']?\]?\s*[=:]\s*["'](redis|rediss|sqs)://"""),
        {"redis": ("redis", ("redis",)), "rediss": ("redis", ("redis",)), "sqs": ("boto3", ("boto3",))},
    ),
    # uvicorn: `[standard]`
    (re.compile(rb"""\b(?:loop|http|ws)\s*=\s*["'](uvloop|httptools|websockets|wsproto)["']"""),
     _itself("uvloop", "httptools", "websockets", "wsproto")),
    # gunicorn
    (re.compile(rb"""^\s*worker_class\s*=\s*["'](gevent|eventlet|tornado)["']""", re.MULTILINE),
     _itself("gevent", "eventlet", "tornado")),
    # FastAPI: forms and files
    (
        re.compile(rb"""\b(Form\(|File\(|OAuth2PasswordRequestForm\b)"""),
        dict.fromkeys(("Form(", "File(", "OAuth2PasswordRequestForm"), MULTIPART),
    ),
    # pydantic
    (re.compile(rb"""(?m)^\s+\w+\s*:[^#\n]*\b(EmailStr)\b"""),
     {"EmailStr": ("email_validator", ("email-validator",))}),
)  # fmt: skip
"""Each finds in group 1 what its table knows."""
AT_ONCE = ("email_validator", "python_multipart")
"""Pydantic asks for the first when the class is made, FastAPI for the second when the route is."""
ENGINE = re.compile(rb"\w+\s*=\s*(?:\w+\.)*create_engine\(")
"""A line at module level that makes an engine of SQLAlchemy, which imports its driver."""
MENTIONED: Mapping[str, bytes] = {"python_multipart": b"fastapi"}
"""What a module has to say somewhere for the literal to mean this."""


@lru_cache(maxsize=5000)
def implied(source: bytes) -> tuple[Implied, ...]:
    """In the order of the forms; each distribution once."""
    return tuple(_found(source)) if len(source) <= LARGEST else ()


def _found(source: bytes) -> Iterator[Implied]:
    seen: set[tuple[str, ...]] = set()
    for pattern, table in FORMS:
        for found in pattern.finditer(source):
            needed = table.get(found[1].decode("ascii", "replace"))
            if needed is None or needed[1] in seen or _is_comment(source, found.start(1)):
                continue
            if MENTIONED.get(needed[0], b"") not in source:
                break
            seen.add(needed[1])
            text = found[0].decode("utf8", "replace").strip().strip("\"'")
            at_once = (
                needed[0] in AT_ONCE or ENGINE.match(source, _line_start(source, found.start(1))) is not None
            )
            yield Implied(text, source.count(b"\n", 0, found.start(1)) + 1, *needed, at_once)


def _is_comment(source: bytes, at: int) -> bool:
    return source[_line_start(source, at) : at].lstrip().startswith(b"#")


def _line_start(source: bytes, at: int) -> int:
    return source.rfind(b"\n", 0, at) + 1
