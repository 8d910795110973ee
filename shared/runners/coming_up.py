"""What has climbed, as the follower keeps it: the rows of one tenant that name the caller."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, select

from shared.domain import Actor
from shared.ladder import DEPARTMENT, RUNGS
from shared.ledger.tables import climbed


@dataclass(frozen=True, kw_only=True)
class CameUp:
    """A missed duty of `stream` that came up to somebody on a rung."""

    stream: UUID
    duty: str
    rung: str
    due_at: datetime
    climbed_at: datetime
    rule: str

    def told(self, name: str) -> dict[str, object]:
        """As it is shown, with the stream under `name`."""
        facts = {"duty": self.duty, "rung": self.rung, "due_at": self.due_at, "climbed_at": self.climbed_at}
        return {name: self.stream, **facts, "rule": self.rule}


def came_up_to(connection: Connection, tenant: UUID, by: Actor) -> list[CameUp]:
    """What came up to the caller, by person or by role, the longest overdue first; still to be checked for walls.

    What came up to the department is told in the department's own tenant, not here.
    """
    rows = connection.execute(
        select(climbed)
        .where(climbed.c.tenant == tenant, climbed.c.step < DEPARTMENT)
        .order_by(climbed.c.due_at, climbed.c.stream, climbed.c.duty, climbed.c.step)
    )
    named = {by.id, *(f"role:{role}" for role in by.roles)}
    return [
        CameUp(
            stream=row.stream,
            duty=row.duty,
            rung=RUNGS[row.step],
            due_at=datetime.fromtimestamp(row.due_at / 1_000_000, UTC),
            climbed_at=datetime.fromtimestamp(row.climbed_at / 1_000_000, UTC),
            rule=row.rule,
        )
        for row in rows
        if named & set(json.loads(row.told))
    ]
