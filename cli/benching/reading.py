"""Workers that read: replay of a case, verification of a log, inclusion proofs, and their anchors."""

from __future__ import annotations

import os
import random
import resource
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cli.benching.ground import LOG
from cli.benching.toys import SOMEBODY, Notebook, toy_application
from shared.ids import new_id
from shared.ledger.checkpoint import rows_after
from shared.ledger.database import Database
from shared.ledger.merkle import MerkleEdge
from shared.ledger.recorder import recorded_leaf_hash
from shared.ledger.tables import heads
from shared.ledger.verification import LogVerification

EVENTS_OF_A_CASE = 200


class Replay:
    """A case of 200 events, read, each leaf worked out anew, opened and folded."""

    def __init__(self, url: str) -> None:
        self._application = toy_application(Database(url))
        self._tenant, self._case = new_id(), new_id()
        ledger = self._application.for_tenant(self._tenant)
        notebook = Notebook.begin(id=self._case, by=SOMEBODY, at=datetime.now(UTC))
        for number in range(1, EVENTS_OF_A_CASE):
            notebook.note(text=f"note {number}", by=SOMEBODY, at=datetime.now(UTC))
        ledger.save(notebook)

    def __call__(self, times: int) -> dict[str, float]:
        """A round: seconds for each replay."""
        begun = time.perf_counter()
        for _ in range(times):
            self._replay()
        return {"seconds": (time.perf_counter() - begun) / times}

    def _replay(self) -> None:
        ledger = self._application.for_tenant(self._tenant)
        notebook: Any = None
        for recorded in ledger.recorder.select_events(self._case):
            if recorded_leaf_hash(recorded) != recorded.leaf_hash:
                raise RuntimeError("leaf_differs")
            event: Any = ledger.mapper.to_domain_event(recorded)
            notebook = event.mutate(notebook)
        if notebook.count != EVENTS_OF_A_CASE - 1:
            raise RuntimeError("not all was read")


class LibraryGet:
    """The library's own `Repository.get` of as many plain events, from its own recorder."""

    def __init__(self, server: dict[str, Any]) -> None:
        from eventsourcing.application import Application
        from eventsourcing.domain import Aggregate, event

        class Plain(Aggregate):
            @event("Begun")
            def __init__(self) -> None:
                self.count = 0
                self.last = ""

            @event("Noted")
            def note(self, text: str, actor: str) -> None:
                self.count += 1
                self.last = text
                self.actor = actor

        globals()["Plain"] = Plain
        Plain.__qualname__ = "Plain"
        os.environ.update(
            PERSISTENCE_MODULE="eventsourcing.postgres",
            POSTGRES_DBNAME=server["dbname"],
            POSTGRES_HOST=server["host"],
            POSTGRES_PORT=str(server["port"]),
            POSTGRES_USER=server["user"],
            POSTGRES_PASSWORD=server["password"] or "none",
        )
        self._application: Any = Application()
        plain = Plain()
        for number in range(1, EVENTS_OF_A_CASE):
            plain.note(f"note {number}", SOMEBODY.id)
        self._application.save(plain)
        self._id = plain.id

    def __call__(self, times: int) -> dict[str, float]:
        """A round: seconds for each get."""
        begun = time.perf_counter()
        for _ in range(times):
            if self._application.repository.get(self._id).count != EVENTS_OF_A_CASE - 1:
                raise RuntimeError("not all was read")
        return {"seconds": (time.perf_counter() - begun) / times}


class Verify:
    """The whole verification of a log, all but opening what is sealed."""

    def __init__(self, url: str, tenant: str) -> None:
        self._database = Database(url)
        self._tenant = UUID(tenant)

    def __call__(self) -> dict[str, float]:
        """A round: events a second, and the most memory that the process ever had."""
        begun = time.perf_counter()
        checked = LogVerification(
            database=self._database, tenant=self._tenant, log=LOG, public_key=lambda _: None, has_public_events=False
        )
        for _ in checked.run():
            pass
        if checked.findings:
            raise RuntimeError(str(checked.findings[:3]))
        rate = checked.totals.events / (time.perf_counter() - begun)
        return {"rate": rate, "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


class Read(Verify):
    """The same rows, read the same way, and nothing done with them."""

    def __call__(self) -> dict[str, float]:
        """A round."""
        begun = time.perf_counter()
        count = sum(1 for _ in rows_after(self._database, self._tenant, LOG, 0, 1 << 62))
        return {"rate": count / (time.perf_counter() - begun), "rss": 0}


class Proof:
    """Inclusion proofs of random events, each from the tiles."""

    def __init__(self, url: str, tenant: str) -> None:
        from shared.ledger.proofs import Tree
        from shared.ledger.tiles import StoredTiles, fill_tiles

        self._database, self._tenant = Database(url), UUID(tenant)
        chosen = select(heads.c.size, heads.c.edge).where(heads.c.tenant == self._tenant, heads.c.log == LOG)
        with self._database.tenant(self._tenant) as connection:
            head = connection.execute(chosen).one()
        self._size = head.size
        self._tree: Any = lambda: Tree(StoredTiles(self._database, self._tenant, LOG), head.size)
        fill_tiles(self._database, self._tenant, LOG, MerkleEdge.unpack(head.size, bytes(head.edge)))

    def __call__(self, times: int) -> dict[str, float]:
        """A round: the median of the seconds for each."""
        taken = []
        for _ in range(times):
            begun = time.perf_counter()
            self._tree().inclusion(random.randrange(self._size))  # noqa: S311 - a load, no secret
            taken.append(time.perf_counter() - begun)
        return {"seconds": sorted(taken)[len(taken) // 2]}
