"""Which distribution has a package of conda?"""

from __future__ import annotations

import re

from parity.model.packages import normalized
from parity.packages.catalogue import public_catalogue

OF_CONDA = {
    "airflow": "apache-airflow",
    "docker-py": "docker",
    "libopencv": "opencv-python",
    "opencv": "opencv-python",
    "py-opencv": "opencv-python",
    "py-xgboost": "xgboost",
    "pyqt": "pyqt5",
    "pytables": "tables",
    "python-graphviz": "graphviz",
    "pytorch": "torch",
    "ray-core": "ray",
    "ray-default": "ray",
}
"""Names of packages whose distribution has another one."""
PARTS = re.compile(r"(.+)-(?:base|core|cpu|gpu|minimal|slim|standard)")
"""`matplotlib-base` has the distribution matplotlib, where no distribution has the whole name."""


def distribution_of(package: str) -> str:
    """Its normalized name, as PyPI has it."""
    name = normalized(package)
    part = PARTS.fullmatch(name)
    return OF_CONDA.get(name) or (part[1] if part and public_catalogue().modules(name) is None else name)
