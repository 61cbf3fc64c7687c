"""Which distributions of Python do packages of Debian, Alpine and Fedora bring?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from parity.model.packages import Distribution, normalized
from parity.packages.catalogue import public_catalogue

OF_SYSTEMS = {
    "crypto": "pycryptodome",
    "dbus": "dbus-python",
    "gi": "pygobject",
    "opencv": "opencv-python",
    "openssl": "pyopenssl",
    "pil": "pillow",
    "usb": "pyusb",
}
"""Names whose distribution has another one, which the name of the module does not tell."""
OF_THE_INTERPRETER = frozenset(
    (
        "all all-dev apt-pkg dbg dev devel distutils doc examples full gdbm idle lib2to3 libs minimal nopie pyc"
        " stdlib test tests tk tkinter tools venv"
    ).split()
)
"""Parts of Python itself that have a package of their own."""
WRITTEN_IN_PYTHON = frozenset(
    (
        "ansible awscli black certbot cloud-init fail2ban gunicorn httpie mercurial meson s3cmd supervisor tox"
        " virtualenv youtube-dl yt-dlp"
    ).split()
)
"""Programs of the system that bring packages of Python with them."""
_OF_PYTHON = re.compile(r"(?:python3|python3?\.?\d{1,2}|py3)-(?P<name>[^=<>~@]+)")


def distributions_of(words: Iterable[str]) -> tuple[Distribution, ...]:
    """What the packages of these names bring, as names of PyPI.

    Debian: the policy for Python names a package after the module, Fedora and Alpine after the distribution.
    """
    found: dict[str, None] = {}
    for word in words:
        match = _OF_PYTHON.match(word)
        if match is None:
            found |= dict.fromkeys([word] if word in WRITTEN_IN_PYTHON else [])
        elif (name := normalized(match["name"])) not in OF_THE_INTERPRETER:
            found |= dict.fromkeys(_names_of(name))
    return tuple(Distribution(name) for name in found)


def _names_of(name: str) -> Iterable[str]:
    if name == "pip":  # Debian: python3-pip needs them
        return ("pip", "setuptools", "wheel")
    known = public_catalogue()
    if name in OF_SYSTEMS or known.modules(name) is not None:
        return (OF_SYSTEMS.get(name, name),)
    return sorted(known.providers(name.replace("-", "_"))) or (name,)
