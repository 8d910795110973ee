"""Stored events as fixtures: `read` applies every one, `write` adds those that are missing and touches no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from services.monitoring.domain.campaign import Campaign
from services.monitoring.domain.group_entry import GroupEntry
from services.monitoring.domain.invitation import Invitation
from services.monitoring.domain.matter_walls import MatterWalls
from services.monitoring.domain.risk import Risk
from services.monitoring.domain.risk_journal import RiskJournal, Walk
from services.monitoring.domain.staff_training import StaffTraining
from services.monitoring.domain.trip import Trip
from shared.testing.stored_events import StoredEvents

FOLDER = Path(__file__).parent / "fixtures" / "stored_events"
AGGREGATES = (GroupEntry, MatterWalls, Campaign, StaffTraining, Invitation, Risk, RiskJournal, Trip, Walk)
STORED = StoredEvents("services.monitoring", FOLDER)


def lives() -> list[Any]:
    """Of aggregates; made where they are written only: what is read knows nothing of today's."""
    from services.monitoring.tests.lives import all_lives

    return list(all_lives())


if __name__ == "__main__":
    STORED.main(lives)
