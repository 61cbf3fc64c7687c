"""Which layers does an archive's image consist of, and what is its configuration?

`docker save` and `podman save` write manifest.json (moby: image/spec, "Combined Image JSON + Filesystem Changeset
Format"), the OCI image layout index.json; Docker from 25 on writes both.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from parity.archive.blobs import Blobs
from parity.archive.source import Part
from parity.model.errors import ParityError

LARGEST_JSON = 8 << 20
MOST_LAYERS = 1_000
MOST_INDEXES = 8
"""Indexes that lie in each other."""
DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
NAME = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
Read = TypeVar("Read")


class Configured(msgspec.Struct, rename="pascal", frozen=True):
    """`config` of the image configuration (OCI image specification, config.md)."""

    env: list[str] | None = None
    entrypoint: list[str] | None = None
    cmd: list[str] | None = None
    working_dir: str | None = None
    user: str | None = None


class _Step(msgspec.Struct, frozen=True):
    created_by: str = ""
    empty_layer: bool = False


class _Files(msgspec.Struct, frozen=True):
    diff_ids: list[str] = []


class _Configuration(msgspec.Struct, frozen=True):
    rootfs: _Files = _Files()
    config: Configured | None = None
    history: list[_Step] | None = None
    os: str = ""
    architecture: str = ""


class _Saved(msgspec.Struct, rename="pascal", frozen=True):
    """One image of manifest.json."""

    config: str
    layers: list[str]
    repo_tags: list[str] | None = None


class _Platform(msgspec.Struct, frozen=True):
    os: str = ""
    architecture: str = ""
    variant: str = ""


class _Descriptor(msgspec.Struct, rename="camel", frozen=True):
    digest: str
    annotations: dict[str, str] | None = None
    platform: _Platform | None = None


class _Manifest(msgspec.Struct, frozen=True):
    """An image manifest, or an index of them (`manifests`)."""

    manifests: list[_Descriptor] | None = None
    config: _Descriptor | None = None
    layers: list[_Descriptor] | None = None


class Step(msgspec.Struct, frozen=True):
    """`made_by`: the instruction, as the engine writes it down; `layer`: the number of its layer, None: it has none."""

    made_by: str
    layer: int | None


class Description(msgspec.Struct, frozen=True):
    """One image of an archive.

    `names`    those that it was saved under
    `digest`   of its configuration, the image's ID
    `layers`   as they are in the archive, the lowest first
    `diff_ids` the digests of their plain bytes
    `history`  the steps that made it, the first one first; empty where that cannot be told
    """

    names: tuple[str, ...]
    digest: str
    config: Configured
    layers: tuple[Part, ...]
    diff_ids: tuple[str, ...]
    history: tuple[Step, ...]


def describe(blobs: Blobs, platform: str) -> Description:
    """The one image of the archive; of one for several platforms that for `platform`. Raises ParityError."""
    saved = blobs.open("manifest.json")
    if saved is not None:
        return _saved(blobs, saved)
    index = blobs.open("index.json")
    if index is None:
        raise ParityError(
            f"{blobs.name} is no image: it has neither manifest.json nor index.json",
            hint="docker save IMAGE -o image.tar writes one",
        )
    return _laid_out(blobs, index, platform)


def _saved(blobs: Blobs, manifest: Part) -> Description:
    images = _decoded(manifest, list[_Saved])
    if len(images) != 1:
        names = ", ".join(tag for image in images for tag in (image.repo_tags or ["(without a name)"]))
        raise ParityError(
            f"{blobs.name} has {len(images)} images{': ' if names else ''}{names}",
            hint="save the one to verify alone",
        )
    image = images[0]
    return _described(blobs, tuple(image.repo_tags or ()), _there(blobs, image.config), image.layers)


def _laid_out(blobs: Blobs, index: Part, platform: str) -> Description:
    names: tuple[str, ...] = ()
    manifest = _decoded(index, _Manifest)
    for _ in range(MOST_INDEXES):
        if manifest.manifests is None:
            break
        chosen = _chosen(blobs, manifest.manifests, platform)
        told = chosen.annotations or {}
        names = names or tuple(told[key] for key in NAME if key in told)[:1]
        manifest = _decoded(_blob(blobs, chosen.digest), _Manifest)
    if manifest.config is None or manifest.layers is None:
        raise ParityError(f"{blobs.name} is no image: its manifest names no configuration or no layers")
    config = _blob(blobs, manifest.config.digest)
    return _described(blobs, names, config, [_path(blobs, one.digest) for one in manifest.layers])


def _chosen(blobs: Blobs, offered: Sequence[_Descriptor], platform: str) -> _Descriptor:
    images = [one for one in offered if one.platform is None or one.platform.os != "unknown"]  # attestations
    if len(images) == 1:
        return images[0]
    wanted = platform.split("/")
    fitting = [
        one
        for one in images
        if one.platform is not None
        and [one.platform.os, one.platform.architecture, one.platform.variant][: len(wanted)] == wanted
    ]
    if len(fitting) == 1:
        return fitting[0]
    told = [one.platform for one in images]
    platforms = ", ".join(f"{one.os}/{one.architecture}" for one in told if one is not None)
    many = f"{len(images)} images{f' ({platforms})' if platforms else ''}, and {len(fitting)} for {platform}"
    raise ParityError(
        f"{blobs.name} has {many}", hint="name one with --platform, or save the one to verify alone"
    )


def _described(blobs: Blobs, names: tuple[str, ...], config: Part, layers: Sequence[str]) -> Description:
    data = _read(config)
    told = _decoded(config, _Configuration)
    ids = told.rootfs.diff_ids
    if len(ids) != len(layers) or len(ids) > MOST_LAYERS or not all(map(DIGEST.fullmatch, ids)):
        raise ParityError(
            f"{blobs.name} is damaged: its configuration speaks of {len(ids)} layers, its manifest of {len(layers)}"
        )
    return Description(
        names,
        f"sha256:{hashlib.sha256(data).hexdigest()}",
        told.config or Configured(),
        tuple(_there(blobs, layer) for layer in layers),
        tuple(ids),
        _history(told.history or (), len(layers)),
    )


def _history(steps: Sequence[_Step], layers: int) -> tuple[Step, ...]:
    if sum(not step.empty_layer for step in steps) != layers:
        return ()
    numbers = iter(range(layers))
    return tuple(Step(step.created_by, None if step.empty_layer else next(numbers)) for step in steps)


def _blob(blobs: Blobs, digest: str) -> Part:
    """A small blob, whose content must be what its digest says."""
    part = _there(blobs, _path(blobs, digest))
    if f"sha256:{hashlib.sha256(_read(part)).hexdigest()}" != digest:
        raise ParityError(f"{part.name} is damaged: its content is not what its digest says")
    return part


def _path(blobs: Blobs, digest: str) -> str:
    found = DIGEST.fullmatch(digest)
    if found is None:
        raise ParityError(f"{blobs.name} is not read: {digest[:100]!r} is no sha256 digest")
    return f"blobs/sha256/{found[1]}"


def _there(blobs: Blobs, name: str) -> Part:
    part = blobs.open(name)
    if part is None:
        raise ParityError(f"{blobs.name} is not whole: {name[:200]} is not in it")
    return part


def _read(part: Part) -> bytes:
    if part.size > LARGEST_JSON:
        raise ParityError(f"{part.name} is not read: it is larger than {LARGEST_JSON >> 20} MB")
    return part.read(0, part.size)


def _decoded(part: Part, kind: type[Read]) -> Read:
    try:
        return msgspec.json.decode(_read(part), type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise ParityError(f"{part.name} is damaged: {error}") from None
