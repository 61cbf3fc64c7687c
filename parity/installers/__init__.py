"""What Python's installers do to the files of an image: one file a tool, whose COMMANDS say which names it has."""

from __future__ import annotations

from parity.installers.names import FILE_OF
from parity.programs.loading import loaded_when_called

INSTALLERS = loaded_when_called("parity.installers", FILE_OF)
"""By the last part of the program's path, version numbers taken off (`pip3.11` is `pip`)."""
