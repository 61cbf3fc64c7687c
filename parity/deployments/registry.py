"""Which files does each format here read? Written by scripts/write_registries.py from their FORMAT."""

from __future__ import annotations

from parity.deployments.format import Format, Gives

FORMATS = {
    "compose": Format(
        gives=Gives.STARTS,
        files=r".+\.ya?ml",
        signs=("services:",),
        owns=r"(?:[\w.-]+[.\-_])?(?:docker-)?compose(?:[.\-_][\w.-]+)?\.ya?ml",
    ),
    "bake": Format(
        gives=Gives.STARTS,
        files=r"docker-bake(?:\.[\w-]+)*\.(?:json|hcl)",
        owns=r"docker-bake(?:\.[\w-]+)*\.(?:json|hcl)",
    ),
    "ecs": Format(
        gives=Gives.STARTS,
        files=r".*task.*\.json|.*ecs.*\.json",
        signs=('"containerDefinitions"',),
    ),
    "fly": Format(
        gives=Gives.STARTS,
        files=r"fly(?:\.[\w-]+)*\.toml",
        owns=r"fly(?:\.[\w-]+)*\.toml",
    ),
    "heroku": Format(
        gives=Gives.STARTS,
        files=r"heroku\.yml",
        owns=r"heroku\.yml",
    ),
    "kubernetes": Format(
        gives=Gives.STARTS,
        files=r".+\.ya?ml",
        signs=("containers:",),
    ),
    "procfile": Format(
        gives=Gives.PROCESSES,
        files="Procfile",
    ),
    "render": Format(
        gives=Gives.STARTS,
        files=r"render\.ya?ml",
        owns=r"render\.ya?ml",
    ),
    "scripts": Format(
        gives=Gives.BUILDS,
        files=r".+\.(?:sh|bash|mk)|(?i:GNU)?[Mm]akefile|[Jj]ustfile|[Tt]askfile\.ya?ml|\.gitlab-ci\.yml",
        signs=("docker", "podman"),
    ),
    "workflows": Format(
        gives=Gives.BUILDS,
        files=r".+\.ya?ml",
        folder="/.github/workflows/",
        owns=r".+\.ya?ml",
    ),
}
