"""Which reports and notes are due for destruction, which are held, and which destructions were asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.reports.application import ReportsApplication
from services.reports.application.keeping import all_reports_and_notes
from shared.domain import Actor
from shared.ledger.retention import destructions


def destructions_of_reports(application: ReportsApplication, tenant: UUID, by: Actor) -> dict[str, Any]:
    """For head, deputy and the department's lead, who may destroy; nothing behind a wall."""
    return destructions(application, tenant, by, streams=all_reports_and_notes(application, tenant))
