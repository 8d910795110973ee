"""Stored events as fixtures: `read` applies every one, `write` adds those that are missing and touches no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from services.accounts.domain.agency import Agency
from services.accounts.domain.audit_engagement import AuditEngagement
from services.accounts.domain.department import Department
from services.accounts.domain.grant_offer import GrantOffer
from services.accounts.domain.login import Login
from services.accounts.domain.matter_grants import MatterGrants
from services.accounts.domain.person import Person
from services.accounts.domain.school import School
from shared.testing.stored_events import StoredEvents

FOLDER = Path(__file__).parent / "fixtures" / "stored_events"
AGGREGATES = (Department, School, Agency, Person, Login, AuditEngagement, MatterGrants, GrantOffer)
STORED = StoredEvents("services.accounts", FOLDER)


def lives() -> list[Any]:
    """Of aggregates; made where they are written only: what is read knows nothing of today's."""
    from services.accounts.tests.lives import all_lives

    return list(all_lives())


if __name__ == "__main__":
    STORED.main(lives)
