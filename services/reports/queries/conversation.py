"""What the school and whoever reported have written to each other, and the way back to it by receipt (REP-03)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.reports.application import ReportsApplication
from services.reports.domain.report import Report
from services.reports.queries.attachments import sent_in
from services.reports.queries.breaches import told_by_receipt
from shared.domain import Actor

SCHOOL, REPORTER = "school", "reporter"
HOLDER_OF_THE_RECEIPT = "reports.holder_of_the_receipt"


def report_by_receipt(application: ReportsApplication, tenant: UUID, by: Actor, *, receipt: str) -> dict[str, Any]:
    """How far the report is, and what was written; the access log has the report's pseudonym, whoever asks.

    {"state", "received_at", "messages": as of `messages_of`, "attachments": as of `sent_in`, "breaches": as of
    `told_by_receipt`}
    """
    ledger = application.for_tenant(tenant)
    found = application.report_of_receipt(ledger, receipt, by)
    application.record_read(tenant, Actor(id=found.reporter), "report_by_receipt", [found.id], HOLDER_OF_THE_RECEIPT)
    history = [event for _, event in ledger.events(found.id)]
    return {
        "state": found.state.value,
        "received_at": found.created_on,
        "messages": messages_of(history),
        "attachments": sent_in(history),
        "breaches": told_by_receipt(ledger, found.id, found.reporter),
    }


def spoken(history: Sequence[Any]) -> list[Any]:
    """The events by which one of both sides wrote."""
    return [event for event in history if isinstance(event, Report.ReporterWrittenTo | Report.FactsAdded)]


def messages_of(history: Sequence[Any]) -> list[dict[str, Any]]:
    """Oldest first, nobody named: [{"from" (`school` `reporter`), "at", "text", "number", "asks", "answers"}].

    `number` is a message's of the school, to which the reporter's `answers` refers.
    """
    return [
        {
            "from": SCHOOL if isinstance(event, Report.ReporterWrittenTo) else REPORTER,
            "at": event.timestamp,
            "text": event.text,
            "number": getattr(event, "number", None),
            "asks": getattr(event, "asks", False),
            "answers": getattr(event, "answers", None),
        }
        for event in spoken(history)
    ]
