"""The rows of the benchmark: each measures one thing and its anchor in turn, in the same minutes."""

from __future__ import annotations

import dataclasses
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from statistics import median
from typing import Any

from cli.benching.ground import Ground, Worker, together
from cli.services import ALL_SERVICES
from shared.ledger.install import remove_postgres

PROOF_SECONDS = 0.005
START_SECONDS = 60.0
LAYOUTS = {8: ((1, 8), (2, 4)), 64: ((1, 64), (2, 32), (4, 16))}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """One thing against its anchor; `ratio` is the median of those of the rounds, `bound` its least or most."""

    name: str
    unit: str
    measured: float
    anchor: float
    ratio: float
    bound: float
    at_most: bool = False

    @property
    def holds(self) -> bool:
        """Whether the ratio keeps to the bound."""
        return self.ratio <= self.bound if self.at_most else self.ratio >= self.bound

    def as_json(self) -> dict[str, Any]:
        """The row as `qorgan bench --json` lists it."""
        fields = ("name", "unit", "measured", "anchor", "ratio", "bound", "holds")
        return {name: getattr(self, name) for name in fields} | {"bound_is": "most" if self.at_most else "least"}


Side = Callable[[], float]


def compared(name: str, unit: str, measured: Side, anchor: Side, bound: float, rounds: int, **more: Any) -> Row:
    """Both sides in turn, `rounds` times, the first alternating, so that a busy machine hurts both."""
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(rounds):
        for side, found in ((measured, ours), (anchor, theirs))[:: -1 if number % 2 else 1]:
            found.append(side())
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return Row(
        name=name,
        unit=unit,
        measured=median(ours),
        anchor=median(theirs),
        ratio=median(ratios),
        bound=bound,
        **more,
    )


def _rates(answers: Sequence[dict[str, float]]) -> float:
    return sum(answer["rate"] for answer in answers)


class _Rates:
    """Worker processes that do the same together; gives how many a second they get done."""

    def __init__(self, workers: Sequence[Worker], seconds: float) -> None:
        self._workers, self._seconds = workers, seconds

    def __call__(self) -> float:
        return together(self._workers, _rates, seconds=self._seconds)

    def close(self) -> None:
        """Ends them."""
        for worker in self._workers:
            worker.close()


def _best(ground: Ground, writers: int, start: Callable[[int, int], _Rates]) -> _Rates:
    """The layout of processes and threads that does most in a short round, started anew."""
    layouts = LAYOUTS.get(writers, ((1, writers),))
    if len(layouts) > 1 and ground.scale.rounds > 1:
        layouts = sorted(layouts, key=lambda layout: _tried(start(*layout)), reverse=True)  # type: ignore[assignment]
    return start(*layouts[0])


def _tried(side: _Rates) -> float:
    rate = side()
    side.close()
    return rate


def _ours(ground: Ground, writers: int, tenants: Sequence[str]) -> _Rates:
    url, seconds = ground.url(ground.database("appends")), ground.scale.seconds

    def start(some: int, each: int) -> _Rates:
        return _Rates(ground.workers("appends", some, url=url, tenants=list(tenants), threads=each), seconds)

    return _best(ground, writers, start)


def _library(ground: Ground, writers: int) -> _Rates:
    server, seconds = ground.plain_database("library"), ground.scale.seconds

    def start(some: int, each: int) -> _Rates:
        return _Rates(ground.workers("library_appends", some, server=server, threads=each), seconds)

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
            plain = _Rates([worker], ground.scale.seconds)
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
        sides.append(_Rates(workers, ground.scale.seconds))
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


def replay(ground: Ground) -> Iterator[Row]:
    """Replay of a case against the library's get."""
    times = max(1, round(ground.scale.seconds * 30))
    (ours,) = ground.workers("replay", url=ground.url(ground.database("appends")))
    (library,) = ground.workers("library_get", server=ground.plain_database("library_get"))
    yield compared(
        "replay of a case of 200 events, opened, leaves checked, against Repository.get on plain events",
        "s",
        lambda: float(ours.round(times=times)["seconds"]),
        lambda: float(library.round(times=times)["seconds"]),
        2.0,
        ground.scale.rounds * 2 + 1,
        at_most=True,
    )


def verification(ground: Ground) -> Iterator[Row]:
    """Verification of a log against reading it; its memory; proofs from its tiles."""
    database, size = ground.database("logs"), ground.scale.log
    url, tenant, small = ground.url(database), *(str(ground.log_of(database, events)) for events in (size, size // 10))
    (checking,) = ground.workers("verify", url=url, tenant=tenant)
    (reading,) = ground.workers("read", url=url, tenant=tenant)
    (less,) = ground.workers("verify", url=url, tenant=small)
    found: dict[str, float] = {}

    def check() -> float:
        found.update(checking.round())
        return found["rate"]

    rounds = min(3, ground.scale.rounds)
    yield compared(
        f"verification of a log of {size:,} events, against reading its rows",
        "events/s",
        check,
        lambda: float(reading.round()["rate"]),
        0.4,
        rounds,
    )
    yield compared(
        f"memory of verifying {size:,} events, against {size // 10:,}",
        "bytes",
        lambda: found["rss"],
        lambda: float(less.round()["rss"]),
        1.1,
        1,
        at_most=True,
    )
    (proving,) = ground.workers("proof", url=url, tenant=tenant)
    yield compared(
        f"inclusion proof in a log of {size:,} events, against 5 ms",
        "s",
        lambda: float(proving.round(times=50)["seconds"]),
        lambda: PROOF_SECONDS,
        1.0,
        ground.scale.rounds,
        at_most=True,
    )


def messages(ground: Ground) -> Iterator[Row]:
    """Events handled elsewhere against messages that come."""
    speaks, hears = ground.database("speaks"), ground.database("hears")
    admin = ground.admin.set(username="{role}", database="{database}").render_as_string(hide_password=False)
    (worker,) = ground.workers(
        "heard",
        admin=admin.replace("%7B", "{").replace("%7D", "}"),
        speaks=speaks,
        hears=hears,
        amqp=ground.virtual_host(),
    )
    last: dict[str, float] = {}

    def ours() -> float:
        last.update(worker.round(times=ground.scale.messages))
        return last["seconds"]

    rows = [
        compared(
            "event committed to handled in another service, against bare kombu publish to consume",
            "s",
            ours,
            lambda: last["bare"] if last else (ours(), last["bare"])[1],
            5.0,
            1,
            at_most=True,
        )
        for _ in range(ground.scale.rounds)
    ]
    yield sorted(rows, key=lambda row: row.ratio)[len(rows) // 2]
    worker.close()


def pages(ground: Ground) -> Iterator[Row]:
    """Reports sent by HTTP and stored, against the same page with a service behind that stores nothing."""
    prefix = f"qorgan_bench_{secrets.token_hex(4)}"
    folder = tempfile.mkdtemp(prefix="qorgan-bench-")
    server = ground.admin.set(username="ROLE", database="DATABASE").render_as_string(hide_password=False)
    environment = {
        "QORGAN_DATABASE_URL": server.replace("ROLE", "{role}").replace("DATABASE", "{database}"),
        "QORGAN_DATABASE_PREFIX": prefix,
        "QORGAN_AMQP_URL": ground.virtual_host(),
        "QORGAN_KEYS": folder,
    }
    os.environ.update(environment)
    for parts in ALL_SERVICES:
        ground.stack.callback(remove_postgres, ground.admin, f"{prefix}_{parts.name}")
    _install(ground)
    school = ground.workers("accounts")[0].round()
    (service,) = ground.workers("reports")
    address = _gateway(ground)
    (people,) = ground.workers("pages", address=address, school=school["school"], people=8)

    def side(*, stores: bool) -> float:
        service.round(stores=stores)
        return float(people.round(seconds=ground.scale.seconds)["rate"])

    side(stores=True)
    yield compared(
        "report sent by HTTP and stored, against the same page with an RPC that stores nothing",
        "requests/s",
        lambda: side(stores=True),
        lambda: side(stores=False),
        0.6,
        ground.scale.rounds,
    )


def _install(ground: Ground) -> None:
    from cli.house import House
    from cli.settings import Settings

    admin = ground.admin.render_as_string(hide_password=False)
    House.build(Settings.from_environment(), []).install(admin)


def _gateway(ground: Ground) -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "run", "gateway", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ground.stack.callback(process.wait, 30)
    ground.stack.callback(process.terminate)
    address = f"http://127.0.0.1:{port}"
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        with suppress(OSError), urllib.request.urlopen(f"{address}/api/v1/openapi.json", timeout=5):
            return address
        time.sleep(0.1)  # a poll with a deadline
    raise RuntimeError("the gateway did not start")


GROUPS: Sequence[tuple[str, Callable[[Ground], Iterator[Row]]]] = (
    ("appends", appends),
    ("a long log", long_log),
    ("verification and proofs", verification),
    ("replay", replay),
    ("messages", messages),
    ("pages", pages),
    ("many tenants", many_tenants),
)
