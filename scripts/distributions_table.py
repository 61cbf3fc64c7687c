"""Writes the table of what distributions hold and require: distributions_table.py NAMES OUTPUT.

NAMES lists distributions, one a line. Of each, the newest wheel's list of files and its metadata are asked for from
PyPI; nothing is installed. OUTPUT is `parity/python/data/distributions.json`:

    {"read": DATE, "distributions": {NAME: {"modules": [...], "requires": [...], "extras": {EXTRA: [...]}}}}

`modules` are the shallowest names that only this distribution provides: `yaml`, `google.cloud.storage`; left out
where it is the distribution's own name with underscores. Requirements whose markers never hold on Linux are left out.
"""

from __future__ import annotations

import datetime
import email.parser
import io
import json
import re
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import InvalidVersion, Version

from parity.model.packages import normalized
from parity.python.packages.distribution import may_apply
from parity.python.packages.metadata import modules_of

INDEX = "https://pypi.org/simple"
JSON = "application/vnd.pypi.simple.v1+json"
TAIL = 200_000
FOR_DEVELOPERS = re.compile(
    r"dev|test|doc|lint|typ|mypy|bench|build|release|cov|style|example|^all$|check|ci$"
)
"""Extras that no image asks for; they would be half of the table."""
WITHOUT_WHEEL: dict[str, dict[str, object]] = {
    "docopt": {},
    "mysqlclient": {"modules": ["MySQLdb"]},
    "psycopg-c": {"modules": ["psycopg_c"]},
    "pyspark": {"requires": ["py4j"]},
    "python-ldap": {"modules": ["ldap", "ldapurl", "ldif"], "requires": ["pyasn1", "pyasn1-modules"]},
    "uwsgi": {"modules": ["uwsgi", "uwsgidecorators"]},
}
"""Of which there are no wheels for Linux on the index, or none at all."""
OLDER_MODULES = {"setuptools": ["_distutils_hack", "pkg_resources"]}
"""What older versions have, and images still install."""


def ask(url: str, **headers: str) -> bytes:
    for attempt in range(3):
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError:
            raise
        except OSError:
            if attempt == 2:
                raise
    raise AssertionError


def newest_wheel(files: Iterable[Mapping[str, object]]) -> Mapping[str, object] | None:
    """The one for Linux, or for any system, of the highest final version that has one."""
    best: tuple[tuple[bool, Version, bool], Mapping[str, object]] | None = None
    for file in files:
        name = str(file["filename"])
        if not name.endswith(".whl") or file.get("yanked"):
            continue
        parts = name[:-4].split("-")
        try:
            version = Version(parts[1])
        except (InvalidVersion, IndexError):
            continue
        system = parts[-1]
        if system != "any" and not ("linux" in system and "x86_64" in system):
            continue
        key = (not version.is_prerelease, version, "cp312" in name or system == "any")
        if best is None or key > best[0]:
            best = (key, file)
    return best[1] if best else None


def contents(url: str) -> tuple[list[str], bytes]:
    """The paths in a wheel and its METADATA, read from its end where that is enough."""
    for headers in ({"Range": f"bytes=-{TAIL}"}, {}):
        try:
            with zipfile.ZipFile(io.BytesIO(ask(url, **headers))) as archive:
                names = archive.namelist()
                metadata = next(n for n in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", n))
                return names, archive.read(metadata)
        except (zipfile.BadZipFile, ValueError, OSError):
            if not headers:
                raise
    raise AssertionError


def requirements(metadata: bytes) -> tuple[list[str], dict[str, list[str]]]:
    message = email.parser.BytesParser().parsebytes(metadata, headersonly=True)
    always: dict[str, None] = {}
    extras: dict[str, dict[str, None]] = {}
    for text in message.get_all("Requires-Dist") or []:
        try:
            one = Requirement(text)
        except InvalidRequirement:
            continue
        written = normalized(one.name) + (f"[{','.join(sorted(one.extras))}]" if one.extras else "")
        marker = str(one.marker) if one.marker else ""
        if not marker or may_apply(marker, None):
            always[written] = None
            continue
        for extra in re.findall(r"extra == ['\"]([^'\"]+)['\"]", marker):
            if may_apply(marker, None, (extra,)) and not FOR_DEVELOPERS.search(extra):
                extras.setdefault(normalized(extra), {})[written] = None
    return list(always), {extra: list(names) for extra, names in extras.items()}


def read(name: str) -> tuple[str, dict[str, object] | None]:
    name = normalized(name)
    try:
        listed = json.loads(ask(f"{INDEX}/{name}/", Accept=JSON))
        wheel = newest_wheel(listed["files"])
        if wheel is None:
            return name, None
        names, metadata = contents(str(wheel["url"]))
    except (OSError, ValueError, KeyError, StopIteration, zipfile.BadZipFile) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return name, None
    modules = modules_of(names)
    always, extras = requirements(metadata)
    told: dict[str, object] = {}
    if modules != (name.replace("-", "_"),):
        told["modules"] = modules
    if always:
        told["requires"] = always
    if extras:
        told["extras"] = extras
    return name, told


def main(names: str, output: str) -> None:
    wanted = dict.fromkeys(Path(names).read_text("utf8").split())
    with ThreadPoolExecutor(16) as pool:
        found = {name: told for name, told in pool.map(read, wanted) if told is not None}
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    for name, modules in OLDER_MODULES.items():
        if name in found:
            found[name]["modules"] = sorted({*found[name].get("modules", [name]), *modules})
    found |= {name: told for name, told in WITHOUT_WHEEL.items() if name not in found}
    lines = ",\n".join(
        f"{json.dumps(name)}:{json.dumps(told, separators=(',', ':'))}"
        for name, told in sorted(found.items())
    )
    Path(output).write_text(f'{{"read":"{day}","distributions":{{\n{lines}\n}}}}\n', "utf8")
    print(f"{len(found)} of {len(wanted)} distributions")


main(*sys.argv[1:3])
