"""A program of Hydra: the files of its configuration, and the classes that these name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import told

FILES = {
    "train.py": (
        "import hydra\nfrom hydra.utils import instantiate\n\n\n"
        "@hydra.main(config_path='conf', config_name='config')\ndef main(config):\n"
        "    instantiate(config.model)\n\n\nmain()\n"
    ),
    "conf/config.yaml": "defaults:\n  - model: small\n",
    "conf/model/small.yaml": "_target_: lab.small.Small\npart:\n  _target_: lab.part.Part\n",
    "conf/model/large.yaml": "_target_: lab.large.Large\n",
    "lab/__init__.py": "",
    "lab/small.py": "class Small:\n    pass\n",
    "lab/part.py": "class Part:\n    def __init__(self):\n        import lab.deep\n",
    "lab/deep.py": "",
    "lab/large.py": "class Large:\n    pass\n",
}
IMAGE = "FROM python:3.12-slim\nWORKDIR /app\nRUN pip install hydra-core\nCOPY . .\nCMD python train.py {}\n"


@pytest.mark.parametrize(
    ("path", "words", "expected"),
    [
        ("conf/config.yaml", "", ["error PAR501 start /app/conf/config.yaml at train.py:10"]),
        ("conf/model/small.yaml", "", ["error PAR501 start /app/conf/model/small.yaml at train.py:10"]),
        ("lab/small.py", "", ["error PAR101 start lab.small at train.py:7"]),
        ("lab/part.py", "", ["error PAR101 start lab.part at train.py:7"]),
        ("lab/deep.py", "", ["error PAR101 start lab.deep at lab/part.py:3"]),
        ("lab/large.py", "", []),
        ("lab/large.py", "model=large", ["error PAR101 start lab.large at train.py:7"]),
        ("lab/small.py", "model=large", []),
    ],
)
def test_what_is_missing(tmp_path: Path, path: str, words: str, expected: list[str]) -> None:
    files = {**FILES, "Dockerfile": IMAGE.format(words)}
    assert told(tmp_path, {**files, ".dockerignore": f"{path}\n"}) == expected
