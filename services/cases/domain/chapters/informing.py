"""The duty to inform the competent bodies, which opens by itself and ends by a delivered notification (REF-01)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.chapters.chapter import Chapter
from services.cases.domain.values import Cause, ConfirmedReport, Duty
from shared.domain import Actor, Event
from shared.regulation import RuleBook


class Informing(Chapter):
    """Liability is possible, or found not to arise; agencies are informed."""

    class DutyToInformOpened(Event):
        """Liability is possible: agencies are to be informed by `due_at` (REF-01); again where the time drew nearer."""

        TOPIC = "cases.duty_to_inform_opened"
        because: str
        due_at: datetime
        rule: str

    class DutyToInformMet(Event):
        """A notification reached its agency (REF-01)."""

        TOPIC = "cases.duty_to_inform_met"
        referral: UUID
        due_at: datetime

    class NoLiabilityRecorded(Event):
        """The service found that no liability arises, with reasons (REF-01)."""

        TOPIC = "cases.no_liability_recorded"
        reasons: str
        best_interests: str

    def find_liability_possible(self, *, book: RuleBook, by: Actor, at: datetime) -> None:
        """The service finds, apart from kind and level, that liability is possible."""
        rules.case_is_open(self)
        rules.service_acts(by, "REF-01")
        rules.duty_to_inform_is_not_open(self)
        self._open_duty_to_inform(Cause.FOUND_BY_THE_SERVICE, book=book, by=by, at=at)

    def meet_duty_to_inform(self, *, referral: UUID, by: Actor, at: datetime) -> None:
        """Ends the duty by a notification that was delivered, be it before the duty opened."""
        rules.case_is_open(self)
        rules.duty_to_inform_is_open(self)
        rules.notification_was_delivered(self, referral)
        self._meet_duty_to_inform(referral, by=by, at=at)

    def record_no_liability(self, *, reasons: str, best_interests: str, by: Actor, at: datetime) -> None:
        """Ends the duty by the service's reasons; a person complained of is walled off and never gets here."""
        rules.case_is_open(self)
        rules.service_acts(by, "REF-01")
        rules.duty_to_inform_is_open(self)
        self._record(self.NoLiabilityRecorded, by=by, at=at, reasons=reasons, best_interests=best_interests)

    def _weigh_liability(self, report: ConfirmedReport, *, book: RuleBook, by: Actor, at: datetime) -> None:
        """Kinds within liability, or immediate danger, open the duty to inform by themselves (REF-01, REP-08)."""
        if report.immediate_danger:
            self._liability_is_possible(Cause.IMMEDIATE_DANGER, book=book, by=by, at=at)
        elif report.kinds & set(book.at("cases.liable_kinds", at).value):
            self._liability_is_possible(Cause.KIND_OF_VIOLENCE, book=book, by=by, at=at)

    def _liability_is_possible(self, because: Cause, *, book: RuleBook, by: Actor, at: datetime) -> None:
        """Opens the duty by itself, unless agencies were informed already."""
        if not self.agencies_informed:
            self._open_duty_to_inform(because, book=book, by=by, at=at)

    def _open_duty_to_inform(self, because: Cause, *, book: RuleBook, by: Actor, at: datetime) -> None:
        in_danger = because is Cause.IMMEDIATE_DANGER or self.immediate_danger
        deadline = book.deadline("cases.informing_in_danger" if in_danger else "cases.informing", at)
        before = self.open_duties.get(Duty.INFORM_AGENCIES)
        if before is None or deadline.due_at < before.due_at:
            self._record(
                self.DutyToInformOpened,
                by=by,
                at=at,
                because=because.value,
                due_at=deadline.due_at,
                rule=deadline.rule,
            )

    def _meet_duty_to_inform(self, referral: UUID, *, by: Actor, at: datetime) -> None:
        due_at = self.open_duties[Duty.INFORM_AGENCIES].due_at
        self._record(self.DutyToInformMet, by=by, at=at, referral=referral, due_at=due_at)

    def _duty_to_inform_opened(self, event: DutyToInformOpened) -> None:
        self._owe(Duty.INFORM_AGENCIES, event.due_at, event.rule)

    def _duty_to_inform_met(self, event: DutyToInformMet) -> None:
        self.agencies_informed = True
        self._settle(Duty.INFORM_AGENCIES)

    def _no_liability_recorded(self, event: NoLiabilityRecorded) -> None:
        self._settle(Duty.INFORM_AGENCIES)
