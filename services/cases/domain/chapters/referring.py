"""What outside agencies do about the case, and what the school does where they don't (REF-03, REF-07).

Noting is never refused: these are facts that the referrals service tells. What is known already changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.chapters.informing import Informing
from services.cases.domain.values import Duty, ReferralState
from shared.domain import Actor, Event
from shared.regulation import RuleBook


class Referring(Informing):
    """Referrals go out, arrive, are answered or not; own measures fill the gap."""

    class ReferralRequestNoted(Event):
        """The school turned to an agency."""

        TOPIC = "cases.referral_request_noted"
        referral: UUID
        agency: UUID

    class ReferralDeliveryNoted(Event):
        """The referral reached its agency; `notifies` where it was a notification in the sense of REF-01."""

        TOPIC = "cases.referral_delivery_noted"
        referral: UUID
        agency: UUID
        delivered_at: datetime
        notifies: bool = True

    class ReferralAcceptanceNoted(Event):
        """The agency works on it."""

        TOPIC = "cases.referral_acceptance_noted"
        referral: UUID
        agency: UUID

    class ReferralOutcomeNoted(Event):
        """The agency reported back; `outcome` is a code."""

        TOPIC = "cases.referral_outcome_noted"
        referral: UUID
        agency: UUID
        outcome: str

    class ReferralRefusalNoted(Event):
        """The agency declined; `reason` is a code."""

        TOPIC = "cases.referral_refusal_noted"
        referral: UUID
        agency: UUID
        reason: str

    class ReferralSilenceNoted(Event):
        """The agency let one of its clocks run out: `acknowledge`, `begin` or `report_back`."""

        TOPIC = "cases.referral_silence_noted"
        referral: UUID
        agency: UUID
        silent_clock: str

    class ReferralCancellationNoted(Event):
        """The school took the referral back."""

        TOPIC = "cases.referral_cancellation_noted"
        referral: UUID
        agency: UUID

    class OwnMeasuresOpened(Event):
        """No help came by this referral: the school takes its own measures by `due_at` (REF-07)."""

        TOPIC = "cases.own_measures_opened"
        referral: UUID
        due_at: datetime
        rule: str

    class OwnMeasuresTaken(Event):
        """What the school did itself, in place of these referrals (REF-07)."""

        TOPIC = "cases.own_measures_taken"
        measures: list[str]
        referrals: list[str]

    def note_referral_requested(self, *, referral: UUID, agency: UUID, by: Actor, at: datetime) -> None:
        """The referral was sent on its way."""
        rules.system_acts(by)
        if referral not in self.referrals:
            self._record(self.ReferralRequestNoted, by=by, at=at, referral=referral, agency=agency)

    def note_referral_delivered(
        self, *, referral: UUID, agency: UUID, delivered_at: datetime, notifies: bool = True, by: Actor, at: datetime
    ) -> None:
        """The referral arrived; a delivered notification meets an open duty to inform, asking for help does not."""
        rules.system_acts(by)
        if referral in self.arrived:
            return
        self._record(
            self.ReferralDeliveryNoted,
            by=by,
            at=at,
            referral=referral,
            agency=agency,
            delivered_at=delivered_at,
            notifies=notifies,
        )
        if notifies and Duty.INFORM_AGENCIES in self.open_duties:
            self._meet_duty_to_inform(referral, by=by, at=at)

    def note_referral_accepted(self, *, referral: UUID, agency: UUID, by: Actor, at: datetime) -> None:
        """The agency took it up."""
        rules.system_acts(by)
        if self.referrals.get(referral) is not ReferralState.ACCEPTED:
            self._record(self.ReferralAcceptanceNoted, by=by, at=at, referral=referral, agency=agency)

    def note_referral_completed(self, *, referral: UUID, agency: UUID, outcome: str, by: Actor, at: datetime) -> None:
        """The outcome returns to the case."""
        rules.system_acts(by)
        if self.referrals.get(referral) is not ReferralState.COMPLETED:
            self._record(self.ReferralOutcomeNoted, by=by, at=at, referral=referral, agency=agency, outcome=outcome)

    def note_referral_declined(
        self, *, referral: UUID, agency: UUID, reason: str, book: RuleBook, by: Actor, at: datetime
    ) -> None:
        """The agency cannot or will not: own measures are owed (REF-07)."""
        rules.system_acts(by)
        if self.referrals.get(referral) is not ReferralState.DECLINED:
            self._record(self.ReferralRefusalNoted, by=by, at=at, referral=referral, agency=agency, reason=reason)
            self._open_own_measures(referral, book=book, by=by, at=at)

    def note_referral_fell_silent(
        self, *, referral: UUID, agency: UUID, silent_clock: str, book: RuleBook, by: Actor, at: datetime
    ) -> None:
        """The agency is silent past its clock: own measures are owed, once until they are taken (REF-07)."""
        rules.system_acts(by)
        self._record(
            self.ReferralSilenceNoted, by=by, at=at, referral=referral, agency=agency, silent_clock=silent_clock
        )
        self._open_own_measures(referral, book=book, by=by, at=at)

    def note_referral_cancelled(self, *, referral: UUID, agency: UUID, by: Actor, at: datetime) -> None:
        """The school took it back; nothing is owed for that."""
        rules.system_acts(by)
        if self.referrals.get(referral) is not ReferralState.CANCELLED:
            self._record(self.ReferralCancellationNoted, by=by, at=at, referral=referral, agency=agency)

    def take_own_measures(self, *, measures: list[str], by: Actor, at: datetime) -> None:
        """What the school does itself, in place of every referral that brought no help (REF-07)."""
        rules.case_is_open(self)
        rules.service_acts(by, "REF-07")
        rules.own_measures_are_owed(self)
        waiting = [str(referral) for referral in self.awaiting_own_measures]
        self._record(self.OwnMeasuresTaken, by=by, at=at, measures=list(measures), referrals=waiting)

    def _open_own_measures(self, referral: UUID, *, book: RuleBook, by: Actor, at: datetime) -> None:
        if self.is_open and referral not in self.awaiting_own_measures:
            deadline = self._sooner(Duty.OWN_MEASURES, book.deadline("cases.own_measures", at))
            self._record(
                self.OwnMeasuresOpened, by=by, at=at, referral=referral, due_at=deadline.due_at, rule=deadline.rule
            )

    def _referral_request_noted(self, event: ReferralRequestNoted) -> None:
        self.referrals[event.referral] = ReferralState.REQUESTED
        self.agencies_asked.add(event.agency)

    def _referral_delivery_noted(self, event: ReferralDeliveryNoted) -> None:
        """It may be told after the answer: what the agency said since stays said."""
        if self.referrals.get(event.referral, ReferralState.REQUESTED) is ReferralState.REQUESTED:
            self.referrals[event.referral] = ReferralState.DELIVERED
        self.arrived.add(event.referral)
        if event.notifies:
            self.delivered.add(event.referral)

    def _referral_acceptance_noted(self, event: ReferralAcceptanceNoted) -> None:
        self.referrals[event.referral] = ReferralState.ACCEPTED

    def _referral_outcome_noted(self, event: ReferralOutcomeNoted) -> None:
        self.referrals[event.referral] = ReferralState.COMPLETED

    def _referral_refusal_noted(self, event: ReferralRefusalNoted) -> None:
        self.referrals[event.referral] = ReferralState.DECLINED

    def _referral_silence_noted(self, event: ReferralSilenceNoted) -> None:
        self.referrals[event.referral] = ReferralState.SILENT

    def _referral_cancellation_noted(self, event: ReferralCancellationNoted) -> None:
        self.referrals[event.referral] = ReferralState.CANCELLED

    def _own_measures_opened(self, event: OwnMeasuresOpened) -> None:
        self.awaiting_own_measures.append(event.referral)
        self._owe(Duty.OWN_MEASURES, event.due_at, event.rule)

    def _own_measures_taken(self, event: OwnMeasuresTaken) -> None:
        self.awaiting_own_measures = []
        self._settle(Duty.OWN_MEASURES)
