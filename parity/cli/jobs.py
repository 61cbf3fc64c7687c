"""`--jobs`: images are looked at in several processes; their answers come in the order of the images."""

from __future__ import annotations

import multiprocessing
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


@contextmanager
def several(jobs: int, images: int, say: Callable[[str], None] = lambda _: None) -> Iterator[Each | None]:
    """Asks about each image in one of so many processes; None where one process will do."""
    if min(jobs, images) < 2:
        yield None
        return
    workers = _Workers(min(jobs, images), say)
    try:
        yield workers.each
    finally:
        workers.end()


class _Workers:
    """Processes that are asked over pipes: no thread is needed, and as many will do as can be started."""

    def __init__(self, most: int, say: Callable[[str], None]) -> None:
        self.most = most
        self.say = say
        self.processes: dict[Connection, BaseProcess] = {}

    def each(
        self, ask: Callable[[ImageSettings], Answer | ImageFailure], asked: Iterable[ImageSettings]
    ) -> Iterable[Answer | ImageFailure]:
        images = list(asked)
        answers: dict[int, Answer | ImageFailure] = {}
        todo = list(reversed(range(len(images))))
        busy: dict[Connection, int] = {}
        self._start(ask)
        free = list(self.processes)
        while todo or busy:
            while free and todo:
                connection, number = free.pop(), todo.pop()
                with suppress(OSError):  # it is gone: `wait` tells
                    connection.send(images[number])
                busy[connection] = number
            if not busy:
                number = todo.pop()
                answers[number] = ask(images[number])
                self._tell(answers[number], len(answers), len(images))
                continue
            for connection in cast("list[Connection]", wait(list(busy))):
                number = busy.pop(connection)
                answer = self._answer(connection, images[number])
                if connection in self.processes:
                    free.append(connection)
                answers[number] = answer
                self._tell(answer, len(answers), len(images))
        return [answers[number] for number in range(len(images))]

    def end(self) -> None:
        """Ends the processes, whatever they are doing."""
        for connection, process in self.processes.items():
            connection.close()
            process.terminate()
        for process in self.processes.values():
            process.join()
        self.processes.clear()

    def _tell(self, answer: Answer | ImageFailure, number: int, images: int) -> None:
        self.say(f"{answer.dockerfile}, {number} of {images}")

    def _start(self, ask: Callable[[ImageSettings], object]) -> None:
        """As many as the system lets us; none where it does not."""
        try:
            for _ in range(self.most):
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
            hint = "there may be too little memory: try it without --jobs"
            return ImageFailure(image.dockerfile[1:], "the process that looked at it was ended", hint=hint)


def _work(ask: Callable[[ImageSettings], object], others_end: Connection, connection: Connection) -> None:
    """Answers until nobody asks any more: this process must not hold the other end itself."""
    others_end.close()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C of a terminal is for all of its processes
    with suppress(Exception):  # the one who asks sees that there is no answer
        while True:
            connection.send(ask(connection.recv()))
