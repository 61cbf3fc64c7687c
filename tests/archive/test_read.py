"""The forms that an image is saved in, and what is wrong with some."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from parity.archive.read import BuiltImage, BuiltLayer, built_image
from parity.model.errors import ParityError
from tests.support.archives import Saved, digest, link, tar_of, write

IMAGE = Saved(
    {"app/a.py": "old", "app/b.py": "b"},
    {"app/a.py": "new"},
    steps=("COPY . /app # buildkit", "RUN /bin/sh -c touch /app/a.py # buildkit"),
    Env=["PATH=/bin", "X=a=b"],
    Cmd=["python"],
    WorkingDir="/app",
)


def read(place: Path | str, platform: str = "linux/amd64") -> tuple[BuiltImage, dict[str, bytes]]:
    with built_image(str(place), platform) as built:
        names = built.tree.names("/app")
        assert isinstance(names, frozenset)
        texts = {name: built.tree.read(f"/app/{name}") for name in names}
        return built, {name: text for name, text in texts.items() if isinstance(text, bytes)}


FORMS: dict[str, Callable[[Path], Path]] = {
    "docker": lambda folder: IMAGE.old(folder / "image.tar"),
    "oci": lambda folder: IMAGE.archive(folder / "image.tar"),
    "oci-gzip": lambda folder: IMAGE.archive(folder / "image.tar", "gzip"),
    "oci-zstd": lambda folder: IMAGE.archive(folder / "image.tar", "zstd"),
    "layout": lambda folder: IMAGE.layout(folder / "image"),
    "layout-zstd": lambda folder: IMAGE.layout(folder / "image", "zstd"),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form(form: str, tmp_path: Path) -> None:
    built, files = read(FORMS[form](tmp_path))
    assert files == {"a.py": b"new", "b.py": b"b"}
    assert built.digest == digest(IMAGE.config)
    assert (built.config.env, built.config.cmd, built.config.working_dir) == (
        ["PATH=/bin", "X=a=b"],
        ["python"],
        "/app",
    )
    steps = "COPY . /app # buildkit", "RUN /bin/sh -c touch /app/a.py # buildkit"
    assert built.layers == tuple(map(BuiltLayer, map(digest, IMAGE.layers), steps))
    assert built.layer_of("/app/a.py") == built.layers[1]


@pytest.mark.parametrize("form", ["docker", "oci-gzip"])
def test_a_compressed_archive(form: str, tmp_path: Path) -> None:
    place = FORMS[form](tmp_path)
    place.write_bytes(gzip.compress(place.read_bytes()))
    assert read(place)[1] == {"a.py": b"new", "b.py": b"b"}


def test_a_layer_that_is_saved_once_for_two_places(tmp_path: Path) -> None:
    """Docker before 25 writes a link for a layer that the archive has already."""
    image = Saved({"app/a.py": "1"}, {"app/a.py": "1"})
    manifest = [{"Config": "c.json", "RepoTags": None, "Layers": ["x/layer.tar", "y/layer.tar"]}]
    place = tmp_path / "image.tar"
    place.write_bytes(
        tar_of(
            {
                "c.json": image.config,
                "x/layer.tar": image.layers[0],
                "y/layer.tar": link("../x/layer.tar"),
                "manifest.json": json.dumps(manifest),
            }
        )
    )
    assert read(place)[1] == {"a.py": b"1"}


def test_the_names_that_it_was_saved_under(tmp_path: Path) -> None:
    assert read(IMAGE.old(tmp_path / "a.tar", "shop:3"))[0].names == ("shop:3",)
    assert read(IMAGE.archive(tmp_path / "b.tar"))[0].names == ("latest",)


def _several(folder: Path, platforms: list[dict[str, str]]) -> Path:
    """A layout with an image for each platform, the files of which name it."""
    descriptors: list[Any] = []
    for platform in platforms:
        image = Saved({"app/a.py": platform["architecture"]})
        blobs = image.blobs(platform=platform)
        descriptors += json.loads(blobs.pop("index.json"))["manifests"]
        write(folder, blobs)
    index = json.dumps({"manifests": descriptors}).encode()
    outer = {"manifests": [{"digest": digest(index)}]}
    write(folder, {f"blobs/sha256/{digest(index)[7:]}": index, "index.json": json.dumps(outer).encode()})
    return folder


def test_the_image_of_a_platform(tmp_path: Path) -> None:
    amd, arm = ({"os": "linux", "architecture": name} for name in ("amd64", "arm64"))
    attestation = {"os": "unknown", "architecture": "unknown"}
    place = _several(tmp_path / "image", [amd, arm, attestation])
    assert read(place, "linux/arm64")[1] == {"a.py": b"arm64"}
    assert read(place, "linux/amd64")[1] == {"a.py": b"amd64"}
    with pytest.raises(
        ParityError, match=r"has 2 images \(linux/amd64, linux/arm64\), and 0 for linux/s390x"
    ):
        read(place, "linux/s390x")


def test_of_one_image_the_platform_does_not_matter(tmp_path: Path) -> None:
    arm, attestation = {"os": "linux", "architecture": "arm64"}, {"os": "unknown", "architecture": "unknown"}
    assert read(_several(tmp_path / "image", [arm, attestation]))[1] == {"a.py": b"arm64"}


def refused(place: Path) -> str:
    with pytest.raises(ParityError) as error:
        read(place)
    return error.value.message.replace(str(place.parent), "")


def test_several_images(tmp_path: Path) -> None:
    place = tmp_path / "image.tar"
    images = [{"Config": "c", "RepoTags": [name], "Layers": []} for name in ("a:1", "b:2")]
    place.write_bytes(tar_of({"manifest.json": json.dumps(images)}))
    assert refused(place) == "/image.tar has 2 images: a:1, b:2"


def test_what_is_no_image(tmp_path: Path) -> None:
    place = tmp_path / "image.tar"
    place.write_bytes(tar_of({"readme.txt": "hello"}))
    assert refused(place) == "/image.tar is no image: it has neither manifest.json nor index.json"
    place.write_bytes(b"")
    assert refused(place) == "/image.tar is damaged: empty file"
    (tmp_path / "folder").mkdir()
    assert refused(tmp_path / "folder") == "/folder is no image: it has neither manifest.json nor index.json"


def test_a_truncated_archive(tmp_path: Path) -> None:
    place = IMAGE.archive(tmp_path / "image.tar")
    place.write_bytes(place.read_bytes()[:5000])
    assert refused(place) == "/image.tar is damaged: unexpected end of data"


def test_a_layer_that_is_not_there(tmp_path: Path) -> None:
    place = IMAGE.layout(tmp_path / "image")
    layer = f"blobs/sha256/{digest(IMAGE.layers[1])[7:]}"
    (place / layer).unlink()
    assert refused(place) == f"/image is not whole: {layer} is not in it"


def test_a_layer_with_another_content(tmp_path: Path) -> None:
    place = IMAGE.layout(tmp_path / "image")
    layer = f"blobs/sha256/{digest(IMAGE.layers[1])[7:]}"
    (place / layer).write_bytes(tar_of({"app/a.py": "other"}))
    assert (
        refused(place) == f"/image/{layer} is damaged: its content is not what the image's configuration says"
    )


def test_a_manifest_with_another_content(tmp_path: Path) -> None:
    place = IMAGE.layout(tmp_path / "image")
    manifest = json.loads((place / "index.json").read_text())["manifests"][0]["digest"]
    (place / f"blobs/sha256/{manifest[7:]}").write_bytes(b'{"layers": []}')
    assert (
        refused(place)
        == f"/image/blobs/sha256/{manifest[7:]} is damaged: its content is not what its digest says"
    )


@pytest.mark.parametrize(
    ("index", "says"),
    [
        (
            '{"manifests": [{"digest": "sha256:../../etc/passwd"}]}',
            "'sha256:../../etc/passwd' is no sha256 digest",
        ),
        ('{"manifests": [{"digest": "md5:0"}]}', "'md5:0' is no sha256 digest"),
        ('{"manifests": []}', "has 0 images, and 0 for linux/amd64"),
        ('{"manifests": 3}', "is damaged: Expected `array | null`, got `int` - at `$.manifests`"),
        ("[" * 100_000, "is damaged: "),
        ("{}", "its manifest names no configuration or no layers"),
    ],
)
def test_an_index_that_leads_nowhere(index: str, says: str, tmp_path: Path) -> None:
    write(tmp_path / "image", {"index.json": index.encode()})
    assert says in refused(tmp_path / "image")


def test_an_index_that_leads_to_itself_never_ends(tmp_path: Path) -> None:
    """No digest can be its own; a chain of indexes ends after a few."""
    blob = b'{"manifests": [{"digest": "sha256:%064d"}]}' % 0
    files = {}
    for _ in range(12):
        files[f"blobs/sha256/{digest(blob)[7:]}"] = blob
        blob = json.dumps({"manifests": [{"digest": digest(blob)}]}).encode()
    write(tmp_path / "image", {**files, "index.json": blob})
    assert "its manifest names no configuration" in refused(tmp_path / "image")


def test_a_blob_that_is_a_link_out_of_the_folder(tmp_path: Path) -> None:
    place = IMAGE.layout(tmp_path / "image")
    (tmp_path / "secret.json").write_bytes((place / "index.json").read_bytes())
    (place / "index.json").unlink()
    (place / "index.json").symlink_to(tmp_path / "secret.json")
    assert refused(place) == "/image/index.json cannot be read: it is a link that leads out of image"


def test_an_archive_that_is_a_fifo(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "image.tar")
    assert refused(tmp_path / "image.tar") == "/image.tar cannot be read: it is a FIFO, not a file"
