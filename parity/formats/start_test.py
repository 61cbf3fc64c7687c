"""The start-up import test as a shell, a Dockerfile and an engine take it: what its forms share."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Sequence

from parity.formats.safe import safe
from parity.formats.style import Style
from parity.model.start_test import ImageTests, StartTest
from parity.model.token_forms import is_secret

IMAGE = '"$IMAGE"'
"""What stands for an image that no file gives a name, in a shell."""
SECONDS = 60
"""How long an import may take before it counts as failed."""


WITHOUT_TESTS = "# no Python start command is recognised; name one with --entrypoint\n"
"""What stands for the tests of an image that has none."""


def each(images: Sequence[ImageTests], style: Style, lines: Callable[[ImageTests], str]) -> str:
    """What `lines` writes of each image, behind a comment with its name."""
    return "\n".join(f"{style.paint(f'# {safe(title(image))}', 'dim')}\n{lines(image)}" for image in images)


def title(image: ImageTests) -> str:
    """The Dockerfile, with its target and what starts it."""
    if image.names and image.names[0].startswith(f"{image.dockerfile}: "):
        return image.names[0]
    name = image.dockerfile + (f" --target {image.target}" if image.target else "")
    return f"{name} ({', '.join(image.names)})" if image.names else name


def exec_form(words: Sequence[str]) -> str:
    """A list of JSON, as Dockerfiles and YAML read it."""
    return json.dumps(list(words), ensure_ascii=False)


def one_command(image: ImageTests) -> tuple[str, ...] | None:
    """All tests as one command, where only one can stand; None: there is none, or no shell to join them."""
    if len(image.tests) == 1:
        return image.tests[0].argv
    if not image.tests or not image.has_shell:
        return None
    return ("/bin/sh", "-c", " && ".join(shlex.join(test.argv) for test in image.tests))


def docker_run(image: ImageTests, test: StartTest, name: str) -> str:
    """The command line that runs the test in a container. `name`: the image's, quoted for the shell."""
    known = {f"{name}={value}": name for name, value in image.environment if is_secret(name, value)}
    # docker takes the value of `--env NAME` from its own environment
    options = [known.get(word, word) for word in image.options]
    words = ["docker", "run", "--rm", "--network", "none", *options]
    program, *rest = test.argv
    return f"{shlex.join([*words, '--entrypoint', program])} {name} {shlex.join(rest)}"
