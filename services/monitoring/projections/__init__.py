"""Our events as rows, in the same transaction as the follower's position; doing one again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.monitoring.projections import group, informing, journal

PROJECTIONS: Mapping[str, Callable[[Connection, UUID, Any], None]] = {
    **group.PROJECTIONS,
    **informing.PROJECTIONS,
    **journal.PROJECTIONS,
}
