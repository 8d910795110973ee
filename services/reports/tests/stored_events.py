"""Stored events as fixtures: `read` applies every one, `write` adds those that are missing and touches no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from services.reports.domain.breach import Breach
from services.reports.domain.case_team import CaseTeam
from services.reports.domain.receipt import Receipt
from services.reports.domain.report import Report
from services.reports.domain.reporter_identity import ReporterIdentity
from services.reports.domain.same_events import SameEvents
from services.reports.domain.sign_note import SignNote
from services.reports.domain.way_in import WayIn
from shared.testing.stored_events import StoredEvents

FOLDER = Path(__file__).parent / "fixtures" / "stored_events"
AGGREGATES = (Report, ReporterIdentity, Receipt, SameEvents, SignNote, CaseTeam, Breach, WayIn)
STORED = StoredEvents("services.reports", FOLDER)


def lives() -> list[Any]:
    """Of aggregates; made where they are written only: what is read knows nothing of today's."""
    from services.reports.tests.lives import all_lives

    return list(all_lives())


if __name__ == "__main__":
    STORED.main(lives)
