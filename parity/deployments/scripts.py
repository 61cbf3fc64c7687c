"""`docker build` in Makefiles, shell scripts and task files."""

from __future__ import annotations

from parity.deployments.calls import builds_in_calls
from parity.deployments.files import CheckoutFiles
from parity.deployments.format import Format, Gives
from parity.deployments.service import Service

FORMAT = Format(
    gives=Gives.BUILDS,
    files=r".+\.(?:sh|bash|mk)|(?i:GNU)?[Mm]akefile|[Jj]ustfile|[Tt]askfile\.ya?ml|\.gitlab-ci\.yml",
    signs=("docker", "podman"),
)


def services(files: CheckoutFiles) -> tuple[Service, ...]:
    return builds_in_calls(files.script_calls, files.tree)
