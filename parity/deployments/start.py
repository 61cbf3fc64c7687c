"""How a service starts an image: its command, environment, folder and user over those of the image."""

from __future__ import annotations

from msgspec.structs import replace

from parity.build.image import ImageConfig
from parity.deployments.service import Service

SHELLS = ("sh", "bash", "ash", "zsh")


def started_by(service: Service, config: ImageConfig) -> ImageConfig:
    """The configuration of the container.

    Compose specification: an `entrypoint` also clears the image's command; Kubernetes: so does a `command`.
    """
    place = service.command_at or service.location
    if service.entrypoint is not None:
        config = replace(config, entrypoint=service.entrypoint, cmd=None, entrypoint_at=place)
    if service.command is not None:
        config = replace(config, cmd=service.command, cmd_at=place)
    return replace(
        config,
        environment={**config.environment, **dict(service.environment)},
        working_directory=service.working_directory or config.working_directory,
        written_directory=service.working_directory or config.written_directory,
        user=service.user or config.user,
    )


def only_waits(argv: tuple[str, ...]) -> bool:
    """`CMD ["bash"]`: what is to be run is said elsewhere."""
    words = tuple(argv[2].split()) if argv[:2] == ("/bin/sh", "-c") and len(argv) == 3 else argv
    return len(words) == 1 and words[0].rpartition("/")[2] in SHELLS
