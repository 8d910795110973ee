"""Who reported: a stream of its own, sealed under a key of its own, opened only with a reason (REP-04)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from services.reports.domain import rules
from services.reports.domain.values import Informant
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.ids import derived_id


def identity_of(report: UUID) -> UUID:
    """The stream that holds who reported `report`."""
    return derived_id(report, "reporter_identity")


@registered
class ReporterIdentity(Aggregate):
    """Whoever reported, and everybody who asked who it was."""

    TOPIC = "reports.reporter_identity"

    class Recorded(FirstEvent):
        """`entered_by` is the member of staff who filed it, as themselves or for another (REP-05), or else None.

        `receipt` is the stream of the receipt that was given for it (REP-03).
        """

        TOPIC = "reports.reporter_identity_recorded"
        report: UUID
        entered_by: UUID | None
        on_behalf: bool
        informant: dict[str, Any] | None
        receipt: UUID | None = None

    class Opened(Event):
        """Somebody was told who reported, and says why."""

        TOPIC = "reports.reporter_identity_opened"
        reason: str

    @classmethod
    def record(
        cls,
        *,
        report: UUID,
        entered_by: UUID | None,
        on_behalf: bool,
        informant: Informant | None,
        receipt: UUID | None = None,
        by: Actor,
        at: datetime,
    ) -> Self:
        """Keeps who it was; `by` is the report's pseudonym, so that the log's leaf names nobody."""
        return cls._begin(
            cls.Recorded,
            id=identity_of(report),
            by=by,
            at=at,
            report=report,
            entered_by=entered_by,
            on_behalf=on_behalf,
            informant=None if informant is None else informant.stored(),
            receipt=receipt,
        )

    def open(self, *, reason: str, by: Actor, at: datetime) -> None:
        """Lets somebody know who reported; each time is an event, with the reason."""
        rules.reasons_are_given(reason)
        self._record(self.Opened, by=by, at=at, reason=reason)

    def _recorded(self, event: Recorded) -> None:
        self.reporter = event.actor
        self.report = event.report
        self.entered_by = event.entered_by
        self.on_behalf = event.on_behalf
        self.informant = event.informant
        self.receipt = event.receipt
        self.times_opened = 0

    def _opened(self, event: Opened) -> None:
        self.times_opened += 1
