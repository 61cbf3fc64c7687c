"""Kubernetes manifests: what starts an image in a Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod.

Kubernetes: `command` is the image's ENTRYPOINT, `args` its CMD; one `command` alone clears the CMD. A volume hides
what the image has at its mount path.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TypeAlias

from msgspec.structs import replace

from parity.deployments.files import CheckoutFiles
from parity.deployments.format import Format, Gives
from parity.deployments.service import Files, Mount, NotKnown, OneFile, Service, Shown
from parity.deployments.yaml_file import EMPTY, Table, Value, documents
from parity.model.errors import ParityError
from parity.model.location import Location
from parity.tree.base import join

FORMAT = Format(gives=Gives.STARTS, files=r".+\.ya?ml", signs=("containers:",))
_WITH_MAPS = replace(FORMAT, signs=("ConfigMap",))
_PODS = {
    "Pod": ("spec",),
    "Deployment": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
    "DaemonSet": ("spec", "template", "spec"),
    "ReplicaSet": ("spec", "template", "spec"),
    "Job": ("spec", "template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    "Rollout": ("spec", "template", "spec"),
}
PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_VARIABLE = re.compile(r"\$\(([A-Za-z_][\w.-]*)\)")
_CONFIG_MAP, _SECRET = "configMap", "secret"

ConfigMaps: TypeAlias = Mapping[str, tuple[tuple[str, str | None], ...]]
"""The files of each ConfigMap, by its name: their names and texts (None: not read)."""


def services(files: CheckoutFiles) -> Iterator[Service]:
    """Those of manifests, with the ConfigMaps of the whole checkout. Templates of Helm and the like are none."""
    maps: dict[str, tuple[tuple[str, str | None], ...]] = {}
    for path, text in files.texts(_WITH_MAPS):
        if "{{" not in text:
            with suppress(ParityError):
                maps |= config_maps(text, path[1:])

    def read(text: str, path: str) -> tuple[Service, ...]:
        is_one = "image:" in text and "kind:" in text and "{{" not in text
        return services_of_manifest(text, path, maps) if is_one else ()

    return files.each(FORMAT, read)


def config_maps(text: str, path: str) -> ConfigMaps:
    """The files that each ConfigMap of the manifest holds. Raises ParityError for what is no YAML."""
    found: dict[str, tuple[tuple[str, str | None], ...]] = {}
    for one in documents(text, path):
        if isinstance(one, Table) and one.text("kind") == "ConfigMap":
            data = {**one.table("data").entries, **dict.fromkeys(one.table("binaryData").entries)}
            name = one.text("metadata", "name")
            if name:
                found[name] = tuple((key, v if isinstance(v, str) else None) for key, v in data.items())
    return found


def services_of_manifest(text: str, path: str, maps: ConfigMaps) -> tuple[Service, ...]:
    """Each container of each workload; `maps`: the ConfigMaps of the checkout. Raises ParityError."""
    tables = [one for one in documents(text, path) if isinstance(one, Table)]
    return tuple(
        service
        for one in tables
        for item in (*one.tables("items"), one)
        for service in _workload(item, path, maps)
    )


def _workload(manifest: Table, path: str, maps: ConfigMaps) -> Iterator[Service]:
    kind = manifest.text("kind") or ""
    if kind not in _PODS:
        return
    pod = manifest.table(*_PODS[kind])
    first = list(pod.tables("initContainers"))
    containers = list(pod.tables("containers"))
    name = manifest.text("metadata", "name") or manifest.text("metadata", "generateName") or "?"
    named = [mount.text("name") for one in (*first, *containers) for mount in one.tables("volumeMounts")]
    filled = {volume for volume, times in Counter(named).items() if times > 1}
    volumes = {volume.text("name"): volume for volume in pod.tables("volumes")}
    for container in (*first, *containers):
        image = container.text("image")
        if not image:
            continue
        label = f"{kind} {name}"
        if container in first or len(containers) > 1:
            label += f", {'init container' if container in first else 'container'} {container.text('name')}"
        location = container.places.get("image", Location(path))
        environment = tuple(_environment(container, maps))
        known = dict(environment)
        entrypoint = _words(container.get("command"), known)
        command = _words(container.get("args"), known)
        yield Service(
            name=label,
            file=path,
            location=container.places.get("command") or container.places.get("args") or location,
            images=(image,),
            entrypoint=entrypoint,
            command=command,
            environment=environment,
            working_directory=container.text("workingDir"),
            mounts=tuple(_mounts(container, volumes, filled, maps)),
            health_at=next((container.places[key] for key in PROBES if container.get(key) is not None), None),
        )


def _words(value: Value, known: dict[str, str]) -> tuple[str, ...] | None:
    """Kubernetes replaces `$(NAME)` by variables of the container, and leaves others as they are."""
    if not isinstance(value, tuple) or not all(isinstance(word, str) for word in value):
        return None
    return tuple(_VARIABLE.sub(lambda found: known.get(found[1], found[0]), str(word)) for word in value)


def _environment(container: Table, maps: ConfigMaps) -> Iterator[tuple[str, str]]:
    for source in container.tables("envFrom"):
        name = source.text("configMapRef", "name")
        for key, value in maps.get(name or "", ()):
            if value is not None:
                yield f"{source.text('prefix') or ''}{key}", value
    for variable in container.tables("env"):
        own, text = variable.text("name"), variable.text("value")
        reference = variable.table("valueFrom", "configMapKeyRef")
        if text is None and reference.entries:
            text = dict(maps.get(reference.text("name") or "", ())).get(reference.text("key") or "")
        if own and text is not None:
            yield own, text


def _mounts(
    container: Table,
    volumes: dict[str | None, Table],
    filled: set[str | None],
    maps: ConfigMaps,
) -> Iterator[Mount]:
    for mount in container.tables("volumeMounts"):
        name, target = mount.text("name"), mount.text("mountPath")
        if not target or not target.startswith("/"):
            continue
        shown = _shown(volumes.get(name, EMPTY), name in filled, maps)
        part = mount.text("subPath") or mount.text("subPathExpr")
        if part:
            texts = dict(shown.files) if isinstance(shown, Files) else {}
            shown = NotKnown(f"{part} of the volume {name}")
            if part in texts:
                shown = OneFile(texts[part])
        yield Mount(join("/", target), shown, mount.places.get("mountPath", container.places["image"]))


def _shown(volume: Table, is_filled: bool, maps: ConfigMaps) -> Shown:
    """What a volume shows: the keys of a ConfigMap as files, an empty folder, or what only the cluster knows."""
    if "emptyDir" in volume.entries and not is_filled:
        return Files()
    config = volume.table(_CONFIG_MAP)
    name = config.text("name")
    if name is not None and name in maps:
        items = {item.text("key"): item.text("path") for item in config.tables("items")}
        texts = maps[name]
        if items:
            return Files(tuple((path, dict(texts).get(key or "")) for key, path in items.items() if path))
        return Files(texts)
    paths = [item.text("path") for kind in (_CONFIG_MAP, _SECRET) for item in volume.tables(kind, "items")]
    if paths:
        return Files(tuple((path, None) for path in paths if path))
    return NotKnown("what the volume holds is known to the cluster only")
