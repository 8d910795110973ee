"""Rows of what reads a log: replay, verification, proofs."""

from __future__ import annotations

from collections.abc import Iterator

from cli.benching.comparing import Row, compared
from cli.benching.ground import Ground

PROOF_SECONDS = 0.005


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
