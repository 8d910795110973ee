"""Files of a report: what there is, and piece by piece what they hold, each a recorded read (CON-01)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.reports.application import ReportsApplication
from services.reports.domain.access import Act
from services.reports.domain.report import Report
from shared.domain import Actor, UnknownError
from shared.sealing.seal import UnsealError

TOLD = ("name", "type", "size", "sha256", "received_sha256", "is_stripped")


def show_attachment(
    application: ReportsApplication, tenant: UUID, by: Actor, *, report: UUID, attachment: UUID, number: int = 0
) -> dict[str, Any]:
    """One piece of a file in base64, with what there is to know of the file: as of `attachments_of`, and `number`.

    Raises UnsealError where it is not what the report's event says.
    """
    ledger = application.for_tenant(tenant)
    found = application.report(ledger, report, by)
    rule = application.require(ledger, found, Act.SEE, by)
    added = next((one for one in _added(ledger.events(report)) if one.attachment == attachment), None)
    if added is None or number >= len(added.pieces):
        application.record_read(tenant, by, "attachment", [report, attachment], "reports.unknown", allowed=False)
        raise UnknownError(what="attachment")
    application.record_read(tenant, by, "attachment", [report, attachment], rule)
    piece = ledger.blobs.piece(report, added.blob, number)
    if piece is None or sha256(piece).hexdigest() != added.pieces[number]:
        raise UnsealError
    return _told(added) | {"number": number, "content": base64.b64encode(piece).decode()}


def attachments_of(history: Sequence[Any]) -> list[dict[str, Any]]:
    """[{"attachment", "at", "by", "name", "type", "size", "sha256", "received_sha256", "is_stripped", "pieces"}]."""
    return [_told(event) for event in history if isinstance(event, Report.AttachmentAdded)]


def sent_in(history: Sequence[Any]) -> list[dict[str, Any]]:
    """The same as whoever holds the receipt is told: what came from them, and nobody named."""
    pseudonym = history[0].actor
    own = [one for one in attachments_of(history) if one["by"] == pseudonym]
    return [{name: value for name, value in one.items() if name != "by"} for one in own]


def _added(events: Sequence[tuple[Any, Any]]) -> list[Report.AttachmentAdded]:
    return [event for _, event in events if isinstance(event, Report.AttachmentAdded)]


def _told(event: Report.AttachmentAdded) -> dict[str, Any]:
    who = {"attachment": event.attachment, "at": event.timestamp, "by": event.actor}
    return who | {name: getattr(event, name) for name in TOLD} | {"pieces": len(event.pieces)}
