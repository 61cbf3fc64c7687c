"""What one word of a command comes to once it is expanded."""

from __future__ import annotations

from msgspec import Struct

from parity.model.location import Unknown


class Word(Struct, frozen=True):
    """`text` is None where it cannot be told; then `prefix` is how it begins, `ending` how it ends.

    `depends_on`  variables that are set neither by the script nor by the image, and so could be set when
                  the container is started (only where the host says that they may)
    `unlisted`    it names files of which none is known to be there (a pattern over an opaque folder)
    `vanished`    an unquoted `$X` of which nothing is left: no word at all unless X gets a value
    `blank`       those among them that left nothing (`$X`, not `${X:-default}`)
    `told`        of a text that cannot be told, what is known all the same: which packages an installer lists
    """

    text: str | None
    prefix: str = ""
    depends_on: frozenset[str] = frozenset()
    blank: frozenset[str] = frozenset()
    vanished: bool = False
    unlisted: bool = False
    told: Unknown | None = None
    ending: str = ""
