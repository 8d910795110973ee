"""Rows of appends: against the library and plain rows, in long logs, for many tenants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cli.benching.comparing import Rates, Row, compared
from cli.benching.ground import Ground, Worker

TRIALS = 3
LAYOUTS = {8: ((1, 8), (2, 4)), 64: ((1, 64), (2, 32), (4, 16))}


def _best(ground: Ground, writers: int, start: Callable[[int, int], Rates]) -> Rates:
    """The layout of processes and threads that does most in a few short rounds, started anew."""
    layouts = LAYOUTS.get(writers, ((1, writers),))
    if len(layouts) > 1 and ground.scale.rounds > 1:
        layouts = sorted(layouts, key=lambda layout: _tried(start(*layout)), reverse=True)  # type: ignore[assignment]
    return start(*layouts[0])


def _tried(side: Rates) -> float:
    rates = [side() for _ in range(TRIALS)]
    side.close()
    return max(rates)


def _ours(ground: Ground, writers: int, tenants: Sequence[str]) -> Rates:
    url, seconds = ground.url(ground.database("appends")), ground.scale.seconds

    def start(some: int, each: int) -> Rates:
        return Rates(ground.workers("appends", some, url=url, tenants=list(tenants), threads=each), seconds)

    return _best(ground, writers, start)


def _library(ground: Ground, writers: int) -> Rates:
    server, seconds = ground.plain_database("library"), ground.scale.seconds

    def start(some: int, each: int) -> Rates:
        return Rates(ground.workers("library_appends", some, server=server, threads=each), seconds)

    return _best(ground, writers, start)


def appends(ground: Ground) -> Iterator[Row]:
    """Appends against the library's recorder, and against plain rows."""
    tenants = ground.empty_logs(ground.database("appends"), ground.scale.tenants)
    for writers, bound in ((1, 1.5), (8, 2.5), (64, 6.0)):
        ours, library = _ours(ground, writers, tenants), _library(ground, writers)
        name = f"append, {writers} writer{'s' * (writers > 1)}, sealed and hashed, against eventsourcing.postgres"
        yield compared(name, "events/s", ours, library, bound, ground.scale.rounds)
        library.close()
        if writers == 8:  # noqa: PLR2004 - as the row says
            (worker,) = ground.workers("pgbench", server=ground.plain_database("plain"), clients=writers)
            plain = Rates([worker], ground.scale.seconds)
            yield compared(
                "append, 8 writers, against pgbench's plain single-row INSERT",
                "events/s",
                ours,
                plain,
                0.25,
                ground.scale.rounds,
            )
            plain.close()
        ours.close()


def long_log(ground: Ground) -> Iterator[Row]:
    """Appends to a long log against appends to a short one."""
    database, size = ground.database("logs"), ground.scale.log
    sides = []
    for events in (size, 1_000):
        tenant = str(ground.log_of(database, events))
        workers = ground.workers("appends", url=ground.url(database), tenants=[tenant], threads=1)
        sides.append(Rates(workers, ground.scale.seconds))
    yield compared(
        f"append at {size:,} events in the log, against at 1,000",
        "s/event",
        lambda: 1 / sides[0](),
        lambda: 1 / sides[1](),
        1.15,
        ground.scale.rounds * 2 + 1,
        at_most=True,
    )
    for side in sides:
        side.close()


def many_tenants(ground: Ground) -> Iterator[Row]:
    """Appends and memory with many tenants against ten."""
    database, count = ground.database("tenants"), ground.scale.tenants * 20
    tenants = ground.empty_logs(database, count)
    url = ground.url(database)
    many, few = (ground.workers("appends", url=url, tenants=some, threads=8)[0] for some in (tenants, tenants[:10]))
    memory: dict[Worker, float] = {}

    def side(worker: Worker, *, everywhere: bool = False) -> float:
        found = worker.round(seconds=ground.scale.seconds, everywhere=everywhere)
        memory[worker] = found["rss"]
        return 1 / float(found["rate"])

    side(few, everywhere=True)
    side(many, everywhere=True)
    names = f"with {count:,} tenants, against 10"
    rounds = ground.scale.rounds * 2 + 1
    yield compared(f"append {names}", "s/event", lambda: side(many), lambda: side(few), 1.2, rounds, at_most=True)
    yield compared(f"memory {names}", "bytes", lambda: memory[many], lambda: memory[few], 1.2, 1, at_most=True)
    many.close()
    few.close()
