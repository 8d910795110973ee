"""Appends of several threads at the same time share flights, and nobody notices."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest
from sqlalchemy.exc import SQLAlchemyError

from shared.ids import new_id
from shared.ledger.append import AppendRequest, append
from shared.ledger.combining import LARGE_FLIGHT, Combining
from shared.ledger.database import Database
from shared.ledger.postgres_append import PostgresAppends
from shared.testing.sample import request, sealed_event
from shared.testing.waiting import wait_until


class TestCombining:
    def test_takes_along_in_one_flight_who_waits(self) -> None:
        flights: list[list[int]] = []
        leave = Event()

        def fly(asked: Sequence[int]) -> Sequence[int]:
            flights.append(list(asked))
            leave.wait(10)
            return [one * 10 for one in asked]

        combining = Combining(fly)
        answers: dict[int, int] = {}
        threads = [Thread(target=lambda at=at: answers.update({at: combining.do(at)})) for at in range(9)]
        threads[0].start()
        wait_until(lambda: flights, deadline_seconds=10, what="the first flight")
        for thread in threads[1:]:
            thread.start()
        wait_until(lambda: len(combining.waiting) == 8, deadline_seconds=10, what="all to wait")
        leave.set()
        for thread in threads:
            thread.join(10)
        assert answers == {at: at * 10 for at in range(9)}
        assert (flights[0], sorted(flights[1])) == ([0], list(range(1, 9)))

    def test_gives_those_who_flew_together_a_moment_to_come_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Else the first to come back would fly alone, and all others behind it."""
        flights: list[int] = []

        def fly(asked: Sequence[int]) -> Sequence[int]:
            flights.append(len(asked))
            return asked

        monkeypatch.setattr("shared.ledger.combining.BOARDING_SECONDS", 0.5)
        combining = Combining(fly)
        began = time.monotonic()
        for at in range(3):
            assert combining.do(at) == at
        assert time.monotonic() - began < 0.5  # nobody waits who is alone
        combining._last_flight = LARGE_FLIGHT
        threads = [Thread(target=combining.do, args=(at,)) for at in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert flights == [1, 1, 1, 2]

    def test_goes_on_after_a_leader_that_was_killed_while_others_came(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def killed(_: float) -> None:
            raise SystemExit

        def fly(asked: Sequence[int]) -> Sequence[int]:
            return asked

        combining = Combining(fly)
        combining._last_flight = 2
        with monkeypatch.context() as patched:
            patched.setattr("shared.ledger.combining.time.sleep", killed)
            with pytest.raises(SystemExit):
                combining.do(1)
        answered: list[int] = []
        second = Thread(target=lambda: answered.append(combining.do(2)), daemon=True)
        second.start()
        second.join(10)
        assert answered == [2]

    def test_gives_each_its_own_error(self) -> None:
        def fly(asked: Sequence[int]) -> Sequence[int | Exception]:
            return [ValueError(one) if one % 2 else one for one in asked]

        combining = Combining(fly)
        assert combining.do(2) == 2
        with pytest.raises(ValueError, match="3"):
            combining.do(3)

    def test_goes_on_after_a_flight_that_broke(self) -> None:
        def fly(asked: Sequence[int]) -> Sequence[int]:
            if 1 in asked:
                raise RuntimeError
            return asked

        combining = Combining(fly, flights=2, most=3)

        def one(number: int) -> int | str:
            try:
                return combining.do(number)
            except RuntimeError:
                return "broken"

        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(one, [number % 16 for number in range(2000)]))
        assert all(answer in (number % 16, "broken") for number, answer in enumerate(answers))
        assert answers[1] == "broken"
        assert combining.do(5) == 5


class TestAppendsTogether:
    @pytest.fixture
    def together(self, postgres_ledger: Database) -> PostgresAppends:
        return PostgresAppends(postgres_ledger.service_engine)

    def test_have_outcomes_of_their_own(self, postgres_ledger: Database, together: PostgresAppends) -> None:
        ours, theirs, stream, command = new_id(), new_id(), new_id(), new_id()
        append(postgres_ledger, request(ours, sealed_event(stream), command=command, answer=b"first"))
        outcomes = together.do_all(
            [
                request(theirs, sealed_event(new_id()), sealed_event(new_id())),
                request(ours, sealed_event(stream)),
                request(ours, sealed_event(stream, 2)),
                request(ours, sealed_event(stream, 2)),
                request(ours, command=command, answer=b"second"),
                request(theirs, sealed_event(new_id()), command=command, answer=b"theirs"),
            ]
        )
        statuses = [(one.status, one.last_position) for one in outcomes if not isinstance(one, Exception)]
        assert statuses == [("done", 2), ("conflict", 1), ("done", 2), ("conflict", 2), ("repeated", 1), ("done", 3)]
        assert [getattr(one, "answer", None) for one in outcomes[4:]] == [b"first", b"theirs"]

    def test_leave_out_none_but_the_one_that_fails(self, together: PostgresAppends) -> None:
        tenant, other = new_id(), new_id()
        asked: list[AppendRequest] = [
            request(tenant, sealed_event(new_id())),
            request(other, sealed_event(new_id(), topic=None)),
            request(tenant, sealed_event(new_id())),
        ]
        first, second, third = together.do_all(asked)
        assert isinstance(second, SQLAlchemyError)
        assert [getattr(one, "last_position", None) for one in (first, third)] == [1, 2]

    def test_of_many_threads_leave_no_gap(self, postgres_ledger: Database) -> None:
        tenants = [new_id() for _ in range(3)]
        with ThreadPoolExecutor(24) as threads:
            positions = list(
                threads.map(
                    lambda at: (at % 3, append(postgres_ledger, request(tenants[at % 3], sealed_event(new_id())))),
                    range(300),
                )
            )
        for number in range(3):
            assert sorted(one.last_position for at, one in positions if at == number) == list(range(1, 101))
