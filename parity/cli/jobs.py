"""`--jobs`: images are looked at in several processes; their answers come in the order of the images."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, cast

from parity.model.report import ImageFailure

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from parity.config.settings import ImageSettings
    from parity.pipeline import Answer, Each

FEWEST = 4
"""Images for each process that is started unasked: two processes read twice what the images share."""


@contextmanager
def several(jobs: int | None, say: Callable[[str], None] = lambda _: None) -> Iterator[Each]:
    """Asks about images in so many processes; None: in as many as pay, and in this one where none does."""
    workers = _Workers(jobs, say)
    try:
        yield workers.each
    finally:
        workers.end()


def processes_for(jobs: int | None, images: int) -> int:
    """How many processes are asked about so many images."""
    return min(jobs, images) if jobs is not None else min(_processors(), images // FEWEST)


def _processors() -> int:
    """Those that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


class _Workers:
    """Processes that are asked over pipes: no thread is needed, and as many will do as can be started."""

    def __init__(self, jobs: int | None, say: Callable[[str], None]) -> None:
        self.jobs = jobs
        self.say = say
        self.processes: dict[Connection, BaseProcess] = {}

    def each(
        self, ask: Callable[[ImageSettings], Answer | ImageFailure], asked: Iterable[ImageSettings]
    ) -> Iterable[Answer | ImageFailure]:
        images = list(asked)
        answers: dict[int, Answer | ImageFailure] = {}
        todo = list(reversed(range(len(images))))
        busy: dict[Connection, int] = {}
        wanted = processes_for(self.jobs, len(images))
        if wanted > 1:
            self._start(ask, wanted)
        free = list(self.processes)
        while todo or busy:
            while free and todo:
                connection, number = free.pop(), todo.pop()
                with suppress(OSError):  # it is gone: `wait` tells
                    connection.send(images[number])
                busy[connection] = number
            if not busy:
                number = todo.pop()
                self._tell(images[number], len(answers) + 1, len(images))
                answers[number] = ask(images[number])
                continue
            for connection in cast("list[Connection]", wait(list(busy))):
                number = busy.pop(connection)
                answer = self._answer(connection, images[number])
                if connection in self.processes:
                    free.append(connection)
                answers[number] = answer
                self._tell(images[number], len(answers), len(images))
        return [answers[number] for number in range(len(images))]

    def end(self) -> None:
        """Ends the processes, whatever they are doing."""
        for connection, process in self.processes.items():
            connection.close()
            process.terminate()
        for process in self.processes.values():
            process.join()
        self.processes.clear()

    def _tell(self, image: ImageSettings, number: int, images: int) -> None:
        self.say(f"{image.dockerfile[1:]}, {number} of {images}")

    def _start(self, ask: Callable[[ImageSettings], object], most: int) -> None:
        """As many as the system lets us; none where it does not."""
        try:
            for _ in range(most):
                ours, theirs = multiprocessing.Pipe()
                process = multiprocessing.Process(target=_work, args=(ask, ours, theirs), daemon=True)
                try:
                    process.start()
                except BaseException:
                    ours.close()
                    raise
                finally:
                    theirs.close()
                self.processes[ours] = process
        except (OSError, RuntimeError, MemoryError):
            pass

    def _answer(self, connection: Connection, image: ImageSettings) -> Any:
        try:
            return connection.recv()
        except (EOFError, OSError):
            self.processes.pop(connection).join()
            connection.close()
            hint = "there may be too little memory: try it with --jobs 1"
            return ImageFailure(image.dockerfile[1:], "the process that looked at it was ended", hint=hint)


def _work(ask: Callable[[ImageSettings], object], others_end: Connection, connection: Connection) -> None:
    """Answers until nobody asks any more: this process must not hold the other end itself."""
    others_end.close()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C of a terminal is for all of its processes
    with suppress(Exception):  # the one who asks sees that there is no answer
        while True:
            connection.send(ask(connection.recv()))
