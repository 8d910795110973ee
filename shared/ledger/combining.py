"""Combining: what several threads ask for at the same time is done together, by one of them.

There is no thread and no timer of its own: whoever asks while few flights are under way leads the next one and takes
everybody along who waits; when it lands, the one that waits longest leads the next. Whoever flew in company before
gives the others of its flight a moment to come again; nobody waits who is alone. For threads and green threads alike.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

BOARDING_SECONDS = 0.0002
LARGE_FLIGHT = 8
"""From so many on it pays to wait for those who landed together; to fewer it is enough to give way."""

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Combining(Generic[Asked, Answer]):
    """Calls `do_all` with what is asked for, in the order of asking; `flights` calls at a time, `most` in each.

    `do_all` gives an answer, or an error to be raised, for each in turn; if it raises, all of its flight get that.
    """

    def __init__(
        self,
        do_all: Callable[[Sequence[Asked]], Sequence[Answer | Exception]],
        *,
        flights: int = 1,
        most: int = 64,
    ) -> None:
        self._do_all = do_all
        self._free = flights
        self._most = most
        self._last_flight = 1
        self._guard = threading.Lock()
        self.waiting: deque[_Seat[Asked, Answer]] = deque()

    def do(self, asked: Asked) -> Answer:
        """The answer to what is asked, done together with what others ask for meanwhile."""
        seat: _Seat[Asked, Answer] = _Seat(asked)
        with self._guard:
            if self._free:
                self._free -= 1
                seat.leads = True
            else:
                seat.landed.acquire()
                self.waiting.append(seat)
        if not seat.leads:
            self._wait(seat)
        if seat.leads:
            self._lead(seat)
        return seat.answer()

    def _wait(self, seat: _Seat[Asked, Answer]) -> None:
        try:
            seat.landed.acquire()
        except BaseException:  # a green thread that is killed keeps neither its place nor the lead
            with self._guard:
                if seat in self.waiting:
                    self.waiting.remove(seat)
                elif seat.leads:
                    self._hand_over()
            raise

    def _lead(self, leader: _Seat[Asked, Answer]) -> None:
        try:
            self._let_board()
        except BaseException:  # a green thread that is killed keeps no lead
            with self._guard:
                self._hand_over()
            raise
        with self._guard:
            more = min(len(self.waiting), self._most - 1)
            flight = [leader, *(self.waiting.popleft() for _ in range(more))]
            self._last_flight = len(flight)
        answers: Sequence[Answer | Exception] = [AbandonedError()] * len(flight)
        try:
            answers = self._do_all([seat.asked for seat in flight])
        except Exception as error:  # noqa: BLE001 - it is raised where each of the flight asked
            answers = [error] * len(flight)
        finally:
            for seat, answer in zip(flight, answers, strict=True):
                seat.land(answer)
            with self._guard:
                self._hand_over()

    def _let_board(self) -> None:
        """A moment for those who landed together and are about to ask again; none for whoever flew alone."""
        if self._last_flight > 1:
            time.sleep(BOARDING_SECONDS if self._last_flight >= LARGE_FLIGHT else 0)

    def _hand_over(self) -> None:
        """The one that waits longest leads the next flight; with nobody waiting, there is one flight less."""
        if self.waiting:
            seat = self.waiting.popleft()
            seat.leads = True
            seat.landed.release()
        else:
            self._free += 1


class AbandonedError(Exception):
    """Whoever led the flight was ended in the middle of it: whether it was done, nobody knows."""


class _Seat(Generic[Asked, Answer]):
    """One of those who ask; `landed` is released once, with the answer or with the lead."""

    __slots__ = ("_answer", "asked", "landed", "leads")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.leads = False
        self.landed = threading.Lock()
        self._answer: Answer | Exception

    def land(self, answer: Answer | Exception) -> None:
        """Takes the answer, and wakes who waits for it."""
        self._answer = answer
        if not self.leads:
            self.landed.release()

    def answer(self) -> Answer:
        """What came of it. Raises the error that came instead."""
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer
