"""Writes the table of what distributions hold and require: distributions_table.py NAMES OUTPUT.

NAMES lists distributions, one a line. Of each, the newest wheel's list of files and its metadata are asked for from
PyPI; nothing is installed. OUTPUT is `parity/python/data/distributions.json`:

    {"read": DATE, "distributions": {NAME: {"modules": [...], "requires": [...], "formerly": [...],
                                            "extras": {EXTRA: [...]}}}}

`modules` are the shallowest names that only this distribution provides: `yaml`, `google.cloud.storage`; left out
where it is the distribution's own name with underscores. `requires` is null where it is not known; `formerly` is what
older versions require. Requirements whose markers never hold on Linux are left out.
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
from parity.packages.distribution import may_apply
from parity.packages.metadata import modules_of

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
CORRECTED = {
    "setuptools": ["_distutils_hack", "distutils", "pkg_resources", "setuptools"],
    "google-search-results": ["serpapi"],
    "nacos-sdk-python": ["nacos", "v2"],
    **{
        f"opentelemetry-exporter-otlp-proto-{part}": [f"opentelemetry.exporter.otlp.proto.{part}"]
        for part in ("common", "grpc", "http")
    },
}
"""What older versions have, and images still install; `distutils`: setuptools brings it to every Python."""
MODULES_ALONE = """
cherrypy cherrypy; cos-python-sdk-v5 qcloud_cos; dlib dlib; django-autoslug autoslug; django-ckeditor ckeditor
ckeditor_uploader; django-cms cms menus; django-haystack haystack; djoser djoser; face-recognition face_recognition;
flet flet; gdal osgeo osgeo_utils; jieba jieba; m2crypto M2Crypto; mozilla-django-oidc mozilla_django_oidc;
openai-whisper whisper; pybluez bluetooth; pygobject gi; pyrogram pyrogram; pysftp pysftp; python-logstash logstash;
python-nmap nmap; reflex reflex; rpi.gpio RPi; smbus2 smbus2; solana solana; suds suds; ta-lib talib; wxpython wx
"""
"""Module names of further ones; what they need is not known."""
FORMERLY = """
aiogram: babel pytz certifi magic-filter
aiohttp: async-timeout charset-normalizer chardet typing-extensions
alembic: python-dateutil python-editor importlib-resources
altair: toolz entrypoints jsonschema pandas numpy
anthropic: tokenizers sniffio distro
anyio: sniffio exceptiongroup typing-extensions
apscheduler: six pytz tzlocal setuptools
arrow: python-dateutil types-python-dateutil typing-extensions
azure-core: six requests typing-extensions
azure-identity: six msal msal-extensions cryptography
azure-storage-blob: msrest cryptography isodate
beanie: toml click motor pydantic
boto3: six python-dateutil
botocore: six docutils python-dateutil jmespath
celery: pytz setuptools importlib-metadata python-dateutil
channels: daphne asgiref
channels-redis: aioredis hiredis msgpack
click: importlib-metadata
croniter: python-dateutil natsort pytz future
cryptography: six asn1crypto cffi
dash: flask plotly retrying setuptools requests
datasets: requests aiohttp responses dill multiprocess xxhash tqdm fsspec
ddtrace: six attrs cattrs protobuf tenacity xmltodict setuptools packaging
django: pytz asgiref sqlparse
django-allauth: python3-openid requests requests-oauthlib pyjwt cryptography
djangorestframework: pytz
docker: six websocket-client packaging
drf-yasg: six coreapi coreschema packaging pytz setuptools
elasticsearch: urllib3 certifi
flask-admin: wtforms
flask-cors: six
flask-jwt-extended: six
flask-limiter: six limits
flask-restful: six pytz
flask-restx: six pytz
gensim: six
geopandas: fiona shapely pyproj
google-api-core: six pytz setuptools
google-api-python-client: six
google-auth: cachetools rsa six setuptools urllib3
google-cloud-core: six
gradio: requests matplotlib pillow aiohttp pydub ffmpy altair numpy pandas
grpcio: six typing-extensions
grpcio-tools: setuptools
httpcore: sniffio anyio
httpx: sniffio rfc3986 charset-normalizer anyio
huggingface-hub: requests tqdm
importlib-metadata: typing-extensions
jsonschema: six pyrsistent setuptools
kombu: cached-property importlib-metadata
kubernetes: google-auth setuptools six oauthlib requests-oauthlib python-dateutil
langchain: sqlalchemy requests pyyaml numpy aiohttp tenacity dataclasses-json jsonpatch langsmith langchain-community
  langchain-text-splitters langchain-core async-timeout tiktoken
langchain-community: sqlalchemy requests pyyaml numpy aiohttp tenacity dataclasses-json langchain
langchain-core: requests anyio
langchain-openai: numpy
librosa: six resampy
llama-index-core: requests nltk pandas numpy openai dataclasses-json
marshmallow: packaging
matplotlib: six pytz certifi setuptools
mlflow: six pytz entrypoints sqlalchemy alembic gunicorn requests
motor: pymongo
moviepy: requests tqdm
mysql-connector-python: protobuf
nltk: six
openai: sniffio requests aiohttp pandas numpy openpyxl
opentelemetry-api: deprecated setuptools importlib-metadata
opentelemetry-instrumentation: setuptools
opentelemetry-sdk: setuptools
pandas: pytz six numpy
paramiko: six
passlib: setuptools
pendulum: pytzdata
plotly: tenacity six retrying
protobuf: six setuptools
pydantic-settings: python-dotenv
pymilvus: pandas ujson environs marshmallow numpy
pymongo: dnspython
pyopenssl: six
pytelegrambotapi: requests
python-dateutil: six
python-engineio: six
python-jose: six future pycryptodome
python-socketio: six
python-telegram-bot: tornado apscheduler cachetools certifi pytz urllib3 future decorator
qdrant-client: requests
redis: async-timeout deprecated packaging importlib-metadata pyjwt
requests: chardet
rich: commonmark typing-extensions
scikit-learn: joblib scipy numpy threadpoolctl
scrapy: six
selenium: urllib3
sentence-transformers: nltk sentencepiece torchvision scipy scikit-learn pillow numpy
social-auth-core: six python3-openid
spacy: requests setuptools
sqlalchemy: importlib-metadata greenlet
starlette: typing-extensions
streamlit: toml tzlocal validators pytz python-dateutil pympler rich importlib-metadata semver
tensorflow: six tensorflow-estimator tensorboard keras wheel setuptools requests
thrift: six
tiktoken: requests regex
torch: future numpy setuptools
torchvision: requests six
transformers: sacremoses requests importlib-metadata filelock
tweepy: six
twilio: pytz six
typer: colorama rich shellingham
tzlocal: pytz
uvicorn: asgiref
wandb: pathtools setproctitle docker-pycreds appdirs six psutil setuptools shortuuid
websocket-client: six
werkzeug: dataclasses
yfinance: lxml html5lib appdirs
"""
"""What versions before the newest one needed, and images still install: it may be there."""


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
    for name in found.keys() & CORRECTED.keys():
        found[name]["modules"] = CORRECTED[name]
    found |= {name: told for name, told in WITHOUT_WHEEL.items() if name not in found}
    for line in MODULES_ALONE.replace("\n", " ").split(";"):
        name, *modules = line.split()
        found.setdefault(name.replace(".", "-"), {"modules": modules, "requires": None})
    for name, _, needed in (line.partition(":") for line in FORMERLY.replace("\n  ", " ").split("\n")):
        if name in found:
            always = found[name].get("requires")
            more = [n for n in needed.split() if not isinstance(always, list) or n not in always]
            found[name] |= {"formerly": more} if more else {}
    lines = ",\n".join(
        f"{json.dumps(name)}:{json.dumps(told, separators=(',', ':'))}"
        for name, told in sorted(found.items())
    )
    Path(output).write_text(f'{{"read":"{day}","distributions":{{\n{lines}\n}}}}\n', "utf8")
    print(f"{len(found)} of {len(wanted)} distributions")


main(*sys.argv[1:3])
