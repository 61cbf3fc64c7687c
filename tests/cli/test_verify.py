"""`parity verify` as a user calls it: an image that was built, against the sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ask
from tests.support.archives import Layer, Saved, digest, elf, link

DOCKERFILE = """FROM python:3.12-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY shop shop
CMD ["uvicorn", "shop.api:app"]
"""
FILES = {
    "Dockerfile": DOCKERFILE,
    "requirements.txt": "fastapi==0.115.0\nuvicorn\n",
    "shop/__init__.py": "",
    "shop/api.py": "from fastapi import FastAPI\nfrom shop.rates import RATE\n\napp = FastAPI()\n",
    "shop/rates.py": "RATE = 1\n",
}
SITE = "usr/local/lib/python3.12/site-packages"


def distribution(name: str, version: str, *needs: str) -> Layer:
    """What an installer leaves of a package with one module."""
    info = f"{SITE}/{name}-{version}.dist-info"
    required = "".join(f"Requires-Dist: {one}\n" for one in needs)
    return {
        f"{SITE}/{name}/__init__.py": f"import {name}.missing_but_of_others\n",
        f"{info}/METADATA": f"Name: {name}\nVersion: {version}\n{required}\ntext\n",
        f"{info}/RECORD": f"{name}/__init__.py,,\n{name}-{version}.dist-info/METADATA,,\n",
    }


PYTHON: Layer = {
    "usr/local/bin/python3.12": "\x7fELF",
    "usr/local/bin/python3": link("python3.12"),
    "usr/local/bin/python": link("python3"),
    SITE: None,
}
PACKAGES: Layer = {
    **distribution(
        "fastapi", "0.115.0", "starlette>=0.37", 'colorama; sys_platform == "win32"', "pyyaml; extra == 'all'"
    ),
    **distribution("starlette", "0.38.0"),
    **distribution("uvicorn", "0.30.0"),
    "usr/local/bin/uvicorn": "#!/usr/local/bin/python3\n",
}
SHOP: Layer = {f"app/{name}": text for name, text in FILES.items() if name.startswith("shop")}
REQUIREMENTS: Layer = {"app/requirements.txt": FILES["requirements.txt"]}
STEPS = (
    "RUN /bin/sh -c make python",
    "WORKDIR /app",
    "COPY requirements.txt . # buildkit",
    "RUN /bin/sh -c pip install -r requirements.txt # buildkit",
    "COPY shop shop # buildkit",
    "RUN /bin/sh -c rm shop/rates.py # buildkit",
)
CONFIG: dict[str, Any] = {
    "Env": ["PATH=/usr/local/bin:/usr/bin:/bin"],
    "WorkingDir": "/app",
    "Cmd": ["uvicorn", "shop.api:app"],
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / "shop" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "shop" / name).write_text(text)
    return tmp_path / "shop"


def image(shop: Path, packages: Layer = PACKAGES, *further: Layer, **config: Any) -> Path:
    layers = (PYTHON, {"app": None}, REQUIREMENTS, packages, SHOP, *further)
    return Saved(*layers, steps=STEPS[: len(layers)], **{**CONFIG, **config}).old(shop.parent / "image.tar")


def test_an_image_as_the_sources_say(shop: Path) -> None:
    answer = ask("verify", "image.tar", "shop", cwd=image(shop).parent)
    assert (answer.status, answer.err) == (0, "")
    head, *rest = answer.out.splitlines()
    assert head.startswith("image.tar  shop:latest  (sha256:")
    assert rest == [
        "  built from Dockerfile",
        "",
        "ok 3 modules reached, all imports found",
        "as the sources say: 4 files compared",
    ]


def test_everything_that_can_be_different(shop: Path) -> None:
    (shop / "shop/api.py").write_text("import shop.rates\n")
    (shop / "shop/new.py").write_text("")
    (shop / "requirements.txt").write_text("fastapi==0.116.0\nuvicorn\n")
    place = image(
        shop,
        PACKAGES,
        {"app/shop/.wh.rates.py": "", "app/shop/old.py": ""},
        User="app",
    )
    answer = ask("verify", str(place), str(shop))
    assert answer.status == 1
    assert (
        answer.out.split("\n", 2)[2]
        == """
missing /app/shop/new.py
  Dockerfile:5:1 copies shop/new.py
missing /app/shop/rates.py
  Dockerfile:5:1 copies shop/rates.py
  taken away by layer 6: RUN /bin/sh -c rm shop/rates.py

stale /app/requirements.txt
  Dockerfile:3:1 copies requirements.txt
  as it is in layer 3: COPY requirements.txt .
stale /app/shop/api.py
  Dockerfile:5:1 copies shop/api.py
  as it is in layer 5: COPY shop shop

configuration USER is app in the image, and not set now

package fastapi is 0.115.0 in the image, and 0.116.0 now (requirements.txt:1)

error PAR101 missing-module: shop.rates is not in the image
  --> Dockerfile:5:1
   |
 5 | COPY shop shop
   | ^^^^^^^^^^^^^^ puts it there now; the image was built otherwise
   |
   = in the container: ModuleNotFoundError: No module named 'shop.rates'
   = fix: build the image again

it would not start
2 missing, 2 stale, 1 setting changed, 1 package changed: 5 files compared
"""
    )


def error_of(shop: Path, packages: Layer) -> list[str]:
    found = json.loads(ask("verify", str(image(shop, packages)), str(shop), "--format", "json").out)
    return [f"{one['code']} {one['confidence']} {one['message']}" for one in found["start"]["findings"]]


def without(name: str) -> Layer:
    return {path: what for path, what in PACKAGES.items() if f"/{name}" not in path}


def test_a_package_that_is_not_installed(shop: Path) -> None:
    assert error_of(shop, without("fastapi")) == [
        "PAR201 certain fastapi is imported, and not installed in the image"
    ]


def test_a_package_that_another_one_needs(shop: Path) -> None:
    assert error_of(shop, without("starlette")) == [
        "PAR201 likely starlette is imported, and not installed in the image"
    ]


def test_a_program_that_is_not_installed(shop: Path) -> None:
    assert error_of(shop, without("uvicorn")) == [
        "PAR602 certain the start command's uvicorn is not installed in the image"
    ]


def test_packages_of_others_are_not_replayed(shop: Path) -> None:
    """They are as they were published; only whether they are there is asked."""
    assert error_of(shop, PACKAGES) == []


def test_the_project_itself_is_replayed_where_it_is_installed(shop: Path) -> None:
    own = {
        **distribution("shop", "1.0"),
        f"{SITE}/shop-1.0.dist-info/direct_url.json": '{"url": "file:///app", "dir_info": {}}',
    }
    own[f"{SITE}/shop/__init__.py"] = ""
    own[f"{SITE}/shop/api.py"] = "import shop.gone\napp = 1\n"
    own[f"{SITE}/shop-1.0.dist-info/RECORD"] = "shop/__init__.py,,\nshop/api.py,,\n"
    moved = {**PACKAGES, **own}
    layers = (PYTHON, moved)
    place = Saved(*layers, **{**CONFIG, "WorkingDir": "/"}).old(shop.parent / "image.tar")
    (shop / "Dockerfile").write_text(
        'FROM python:3.12-slim\nRUN curl -sSf https://example.com/install.sh | sh\nCMD ["uvicorn", "shop.api:app"]\n'
    )
    found = json.loads(ask("verify", str(place), str(shop), "--format", "json").out)
    assert [one["module"] for one in found["start"]["findings"]] == ["shop.gone"]


def test_the_lock_file(shop: Path) -> None:
    (shop / "uv.lock").write_text(
        'version = 1\n\n[[package]]\nname = "starlette"\nversion = "0.40.0"\n'
        'source = { registry = "https://pypi.org/simple" }\n'
    )
    found = json.loads(ask("verify", str(image(shop)), str(shop), "--format", "json").out)
    assert found["packages"] == [
        {
            "name": "starlette",
            "built": "0.38.0",
            "planned": "0.40.0",
            "location": {"path": "uv.lock", "line": 4},
        }
    ]


def test_the_packages_of_conda_have_names_of_their_own(shop: Path) -> None:
    (shop / "requirements.txt").write_text("pytorch\n")
    layer: Layer = {**PACKAGES, "usr/local/conda-meta/history": "", "app/requirements.txt": "pytorch\n"}
    found = json.loads(ask("verify", str(image(shop, layer)), str(shop), "--format", "json").out)
    assert found["packages"] == []


def test_where_no_file_can_be_compared(shop: Path) -> None:
    """What a second COPY --link does to a link depends on the builder."""
    (shop / "Dockerfile").write_text(
        "FROM scratch\nCOPY links /\nADD --link shop /cur/\nCOPY shop /cur/deep/\n"
    )
    (shop / "links/real").mkdir(parents=True)
    (shop / "links/cur").symlink_to("real")
    place = Saved({"real/a.py": ""}).old(shop.parent / "image.tar")
    answer = ask("verify", str(place), str(shop))
    assert answer.status == 0
    assert answer.out.splitlines()[-3:] == [
        "note not compared: what COPY --link does at an existing destination depends on the builder (Dockerfile:3:1)",
        "not checked: the start command runs no known Python program (name another with --entrypoint)",
        "no file was compared",
    ]


def test_a_shared_object_that_is_nowhere(shop: Path) -> None:
    layer: Layer = {
        **PACKAGES,
        f"{SITE}/starlette/_fast.abi3.so": elf("libfast.so.1"),
    }
    answer = ask("verify", str(image(shop, layer)), str(shop))
    assert answer.status == 0
    assert answer.out.splitlines()[3:] == [
        f"library libfast.so.1 is not in the image, and /{SITE}/starlette/_fast.abi3.so needs it",
        "",
        "it may not start: 3 modules reached, all imports found, and not each can be loaded",
        "as the sources say: 4 files compared",
    ]


def test_json(shop: Path) -> None:
    (shop / "shop/rates.py").write_text("RATE = 2\n")
    place = image(shop)
    answer = ask("verify", "image.tar", "shop", "--format", "json", cwd=place.parent)
    found = json.loads(answer.out)
    assert answer.status == 1
    assert {key: value for key, value in found.items() if key not in ("image", "start")} == {
        "schema_version": 1,
        "same": False,
        "compared": 4,
        "left_out": 0,
        "unknowns": [
            {"reason": found["unknowns"][0]["reason"], "location": found["unknowns"][0]["location"]}
        ],
        "files": [
            {
                "path": "/app/shop/rates.py",
                "differs": "stale",
                "type": "file",
                "source": "shop/rates.py",
                "instruction": {"path": "Dockerfile", "line": 5, "column": 1, "end_line": 5},
                "layer": {
                    "number": 5,
                    "digest": found["files"][0]["layer"]["digest"],
                    "instruction": "COPY shop shop",
                },
                "detail": "",
                "cause": None,
            }
        ],
        "configuration": [],
        "packages": [],
        "libraries": [],
    }
    assert found["image"]["name"] == "image.tar"
    assert found["image"]["names"] == ["shop:latest"]
    assert found["image"]["layers"] == 5
    assert found["start"]["verdict"] == "ok"
    assert found["start"]["python"] == "3.12"


def test_several_dockerfiles(shop: Path) -> None:
    place = image(shop)
    (shop / "Dockerfile.job").write_text(DOCKERFILE.replace("uvicorn", "python -m shop.job"))
    assert ask("verify", str(place), str(shop)).status == 0  # its start command tells which it is
    (shop / "Dockerfile.job").write_text(DOCKERFILE)
    answer = ask("verify", str(place), str(shop))
    assert (answer.status, answer.out) == (2, "")
    assert answer.err == (
        "error: Dockerfile, Dockerfile.job may be what it was built from\n  name one with -f\n"
    )
    assert ask("verify", str(place), str(shop), "-f", "Dockerfile.job").status == 0


def test_the_name_that_compose_builds_it_under(shop: Path) -> None:
    place = image(shop)
    (shop / "Dockerfile.job").write_text(DOCKERFILE)
    (shop / "compose.yaml").write_text(
        "services:\n  api:\n    image: shop:latest\n    build:\n      dockerfile: Dockerfile.job\n"
        "    command: [sleep, '1']\n  other:\n    build: .\n"
    )
    found = json.loads(ask("verify", str(place), str(shop), "--format", "json").out)
    assert found["start"]["dockerfile"] == "Dockerfile.job"
    assert found["start"]["entrypoint"]["argv"] == ["uvicorn", "shop.api:app"]


def test_no_image_and_no_dockerfile(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    answer = ask("verify", "nothing.tar", str(shop))
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(
        "error: there is no file or folder nothing.tar, and neither docker nor podman"
    )
    (shop / "Dockerfile").unlink()
    assert ask("verify", "nothing.tar", str(shop)).status == 2


def test_a_damaged_archive(shop: Path) -> None:
    place = image(shop)
    place.write_bytes(place.read_bytes()[:9000])
    answer = ask("verify", "image.tar", "shop", cwd=place.parent)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err == "error: image.tar is damaged: unexpected end of data\n"


def test_names_that_would_steer_a_terminal(shop: Path) -> None:
    place = image(shop, PACKAGES, {"app/shop/\x1b[31mred.txt": ""})
    text = ask("verify", str(place), str(shop), "--color", "never").out
    assert "\x1b" not in text


def test_a_comment_silences_a_finding(shop: Path) -> None:
    api = "# parity: ignore[PAR201] the base image of production has it\n" + FILES["shop/api.py"]
    (shop / "shop/api.py").write_text(api)
    layers = (PYTHON, REQUIREMENTS, without("fastapi"), {**SHOP, "app/shop/api.py": api})
    place = Saved(*layers, **CONFIG).old(shop.parent / "image.tar")
    found = json.loads(ask("verify", str(place), str(shop), "--format", "json").out)
    assert found["start"]["findings"] == []
    assert [one["name"] for one in found["packages"]] == ["fastapi"]


def test_the_image_id_is_the_digest_of_its_configuration(shop: Path) -> None:
    layers = (PYTHON, {"app": None})
    saved = Saved(*layers, **CONFIG)
    found = json.loads(
        ask("verify", str(saved.old(shop.parent / "i.tar")), str(shop), "--format", "json").out
    )
    assert found["image"]["digest"] == digest(saved.config)


def test_paths_are_told_as_they_are_seen_from_the_folder_that_is_named(shop: Path) -> None:
    (shop.parent / ".git").mkdir()
    (shop.parent / "parity.toml").write_text("")
    (shop / "shop/rates.py").write_text("RATES = 2\n")
    found = json.loads(ask("verify", str(image(shop)), str(shop), "--format", "json").out)
    assert found["files"][0]["source"] == "shop/rates.py"
    assert found["files"][0]["instruction"]["path"] == "Dockerfile"
    assert found["start"]["dockerfile"] == "Dockerfile"
