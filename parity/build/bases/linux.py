"""What do the images of distributions of Linux bring: Debian, Ubuntu, Alpine, Red Hat's family, and CUDA's of Ubuntu?

None of them has a Python but Red Hat's; which one their package manager installs is told by their os-release.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from parity.build.bases.base import Base
from parity.build.bases.tree import PROGRAM, SYSTEM_PACKAGES, System, linux_tree
from parity.model.packages import NOTHING_INSTALLED, Distribution, Installed, SitePackages
from parity.packages.system_python import OS_RELEASE, find_release
from parity.tree.base import Entry
from parity.tree.which import DEFAULT_PATH

SPLIT_USR = re.compile(r"jessie|stretch|buster|bullseye|xenial|bionic|1[68]\.04")


def system_of(tag: str, *, slim: bool = False) -> System:
    """Alpine, or else Debian or Ubuntu. `slim`: Debian's own image, or one with no more programs."""
    if "alpine" in tag:
        return System(merged_usr=False, shell="busybox")
    merged = not SPLIT_USR.search(tag)
    return System(merged, "dash", programs=slim and merged)


def _os_release(system: str, tag: str) -> dict[str, Entry]:
    release = find_release(system, tag)
    return {OS_RELEASE: replace(PROGRAM, mode=0o644, content=release.os_release)} if release else {}


OF_RED_HAT = {"alma": "almalinux", "amazon": "amzn", "ubi": "rhel"}
"""What they call themselves in their os-release."""
NO_PYTHON = dict.fromkeys(SYSTEM_PACKAGES, NOTHING_INSTALLED)


def no_python(*more: str) -> list[str]:
    """Where Python would be, were it there; `more`: folders that are on PATH, too."""
    folders = ("/usr/bin", "/usr/local/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin", *more)
    return [f"{folder}/{name}" for folder in folders for name in ("python", "python3", "pip", "pip3")]


def distribution(reference: str, found: re.Match[str], tag: str) -> Base:
    tree = linux_tree(
        reference,
        system=system_of(f"{found[0]}-{tag}", slim=found[0] == "debian"),
        entries=_os_release(found[0], tag),
        open_folders={"/home": True} if found[0] == "ubuntu" else {},
        lacking=no_python(),
        packages=NO_PYTHON,
    )
    return Base(
        reference,
        tree,
        cmd=("/bin/sh",) if found[0] == "alpine" else ("bash",) if found[0] == "debian" else ("/bin/bash",),
        bare=True,
    )


OF_DNF = SitePackages(
    (
        Installed(
            tuple(
                Distribution(name)
                for name in (
                    "dbus-python decorator gpg idna libcomps pygobject pysocks python-dateutil requests rpm setuptools"
                    " six systemd-python urllib3"
                ).split()
            ),
            complete=True,
        ),
    )
)
"""What the package managers of Red Hat's family are made of, and those that tell of subscriptions."""


def red_hat(reference: str, found: re.Match[str], tag: str) -> Base:
    tree = linux_tree(
        reference,
        system=System(shell="bash"),
        entries=_os_release(OF_RED_HAT.get(found[1], found[1]), found[2] if found[1] == "ubi" else tag),
        lacking=[path for path in no_python() if not path.startswith(("/usr/bin/", "/bin/"))],
        packages={"/usr/lib": OF_DNF, "/usr/lib64": OF_DNF, "/usr/local/lib": NOTHING_INSTALLED},
    )
    return Base(reference, tree, cmd=("/bin/bash",), bare=True)


def cuda(reference: str, _: re.Match[str], tag: str) -> Base | None:
    found = re.search(r"ubuntu(\d+\.\d+)", tag)
    if found is None:
        return None
    return Base(
        reference,
        linux_tree(
            reference,
            system=system_of(tag),
            entries=_os_release("ubuntu", found[1]),
            open_folders={"/opt": True, "/home": True},
            lacking=no_python("/usr/local/nvidia/bin", "/usr/local/cuda/bin"),
            packages=NO_PYTHON,
        ),
        {"PATH": f"/usr/local/nvidia/bin:/usr/local/cuda/bin:{DEFAULT_PATH}"},
        entrypoint=("/opt/nvidia/nvidia_entrypoint.sh",),
        cmd=("/bin/bash",),
        bare=True,
    )
