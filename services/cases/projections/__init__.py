"""Events -> rows: `lists` for what is listed, `figures` for what is counted; an event may be in both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.cases.projections import figures, lists

Projection = Callable[[Connection, UUID, Any], None]


def _in_turn(*projections: Projection) -> Projection:
    def project(connection: Connection, tenant: UUID, event: Any) -> None:
        for one in projections:
            one(connection, tenant, event)

    return project


def _joined(*of_rooms: Mapping[str, Projection]) -> Mapping[str, Projection]:
    topics = {topic for projections in of_rooms for topic in projections}
    return {topic: _in_turn(*(of[topic] for of in of_rooms if topic in of)) for topic in sorted(topics)}


PROJECTIONS: Mapping[str, Projection] = _joined(lists.PROJECTIONS, figures.PROJECTIONS)
