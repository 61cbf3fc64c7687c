"""Archives of images as `docker save` and the OCI image layout have them, small and made up."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import struct
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import zstandard

LAYER = "application/vnd.oci.image.layer.v1.tar"
Layer = Mapping[str, Any]
"""Path -> text or bytes of a file, None for a folder, a `TarInfo` for anything else."""


def tar_of(layer: Layer) -> bytes:
    """A tar archive with these members, in this order."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, what in layer.items():
            member = what if isinstance(what, tarfile.TarInfo) else tarfile.TarInfo(name)
            member.name = name
            if what is None:
                member.type, member.mode = tarfile.DIRTYPE, 0o755
            data = what.encode() if isinstance(what, str) else what if isinstance(what, bytes) else b""
            member.size = member.size or len(data)
            if data.startswith((b"#!", b"\x7fELF")):
                member.mode = 0o755
            tar.addfile(member, io.BytesIO(data) if data else None)
    return made.getvalue()


def link(target: str, *, hard: bool = False) -> tarfile.TarInfo:
    member = tarfile.TarInfo()
    member.type, member.linkname = (tarfile.LNKTYPE if hard else tarfile.SYMTYPE), target
    return member


def elf(*needed: str) -> bytes:
    """A shared object that asks for these and has nothing else; it is loaded 0x1000 above its place in the file."""
    strings = b"\0" + b"".join(name.encode() + b"\0" for name in needed)
    offsets = [1 + sum(len(name) + 1 for name in needed[:number]) for number in range(len(needed))]
    dynamic_at, strings_at = 64 + 2 * 56, 64 + 2 * 56 + 16 * (len(needed) + 2)
    dynamic = b"".join(struct.pack("<QQ", 1, offset) for offset in offsets)
    dynamic += struct.pack("<QQ", 5, strings_at + 0x1000) + struct.pack("<QQ", 0, 0)
    size = strings_at + len(strings)
    head = (
        b"\x7fELF\x02\x01\x01"
        + bytes(9)
        + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    )
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x1000, 0x1000, size, size, 4096)
    table = struct.pack("<IIQQQQQQ", 2, 6, dynamic_at, dynamic_at + 0x1000, 0, len(dynamic), len(dynamic), 8)
    return head + load + table + dynamic + strings


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def packed(layer: bytes, compression: str) -> bytes:
    if compression == "gzip":
        return gzip.compress(layer, mtime=0)
    return zstandard.compress(layer) if compression == "zstd" else layer


def configuration(layers: Sequence[bytes], steps: Sequence[str] = (), **config: Any) -> bytes:
    """The JSON of an image. `steps`: what made each layer; `config`: Env, Cmd and so on."""
    made = {
        "architecture": "amd64",
        "os": "linux",
        "config": config,
        "rootfs": {"type": "layers", "diff_ids": [digest(layer) for layer in layers]},
        "history": [{"created_by": step, "empty_layer": step.startswith("ENV")} for step in steps],
    }
    return json.dumps(made).encode()


class Saved:
    """An image to save: `layers` from the lowest up, `steps` that made them, and its `config`."""

    def __init__(self, *layers: Layer, steps: Sequence[str] = (), **config: Any) -> None:
        self.layers = [tar_of(layer) for layer in layers]
        self.config = configuration(self.layers, steps, **config)

    def old(self, path: Path, name: str = "shop:latest") -> Path:
        """As Docker saves it before version 25, and Podman."""
        files: dict[str, bytes] = {}
        for number, layer in enumerate(self.layers):
            files[f"{number}/layer.tar"] = layer
        files["config.json"] = self.config
        layers = [f"{number}/layer.tar" for number in range(len(self.layers))]
        files["manifest.json"] = json.dumps(
            [{"Config": "config.json", "RepoTags": [name], "Layers": layers}]
        ).encode()
        path.write_bytes(tar_of(files))
        return path

    def blobs(self, compression: str = "", platform: Mapping[str, str] | None = None) -> dict[str, bytes]:
        """The files of an OCI image layout."""
        layers = [packed(layer, compression) for layer in self.layers]
        manifest = json.dumps(
            {
                "schemaVersion": 2,
                "config": {"digest": digest(self.config), "size": len(self.config)},
                "layers": [{"digest": digest(one), "mediaType": LAYER, "size": len(one)} for one in layers],
            }
        ).encode()
        about: dict[str, Any] = {"digest": digest(manifest), "size": len(manifest)}
        if platform is not None:
            about["platform"] = platform
        about["annotations"] = {"org.opencontainers.image.ref.name": "latest"}
        files = {f"blobs/sha256/{digest(data)[7:]}": data for data in (*layers, self.config, manifest)}
        files["oci-layout"] = b'{"imageLayoutVersion": "1.0.0"}'
        files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [about]}).encode()
        return files

    def archive(self, path: Path, compression: str = "") -> Path:
        """An OCI image layout in a tar archive."""
        path.write_bytes(tar_of(self.blobs(compression)))
        return path

    def layout(self, folder: Path, compression: str = "") -> Path:
        """An OCI image layout as a folder."""
        write(folder, self.blobs(compression))
        return folder


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
