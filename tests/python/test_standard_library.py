"""Which modules belong to the standard library of each version?"""

from __future__ import annotations

import sys

import pytest

from parity.model.version import PythonVersion
from parity.python import stdlib


@pytest.mark.parametrize("minor", range(8, 15))
def test_a_package_called_lib_is_in_no_standard_library(minor: int) -> None:
    assert not stdlib.is_standard_library("lib", PythonVersion(3, minor))
    assert stdlib.is_standard_library("json", PythonVersion(3, minor))
    assert not stdlib.versions_with("lib.tool")


def test_the_modules_are_those_that_the_interpreter_names() -> None:
    version = PythonVersion(*sys.version_info[:2])
    assert [name for name in sys.stdlib_module_names if not stdlib.is_standard_library(name, version)] == []
