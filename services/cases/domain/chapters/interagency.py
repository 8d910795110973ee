"""Who from outside sits in the case: agencies are offered seats, name their persons, and leave (REF-05, RSK-04).

The school's head offers a seat; the agency's person comes by a grant of accounts whose id is the seat's, and sees
nothing before accepting the confidentiality warning. A seat ends by time, by an event, by a wall, or with the case.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.chapters.assessing import MATERIALS, Assessing
from services.cases.domain.interagency import Right, Seat, SeatEnding
from services.cases.domain.values import Cause
from shared.domain import Actor, Event
from shared.regulation import RuleBook


class Interagency(Assessing):
    """Seats of the interagency team."""

    class InteragencyTeamConvened(Event):
        """The school decided that the case needs other agencies, and why (REF-05)."""

        TOPIC = "cases.interagency_team_convened"
        reasons: str
        best_interests: str

    class SeatOffered(Event):
        """An agency is asked for a person, with rights and until a time (REF-05); `walled` are kept from the offer."""

        TOPIC = "cases.interagency_seat_offered"
        seat: UUID
        agency: UUID
        rights: list[str]
        ends_at: datetime
        walled: list[str]
        rule: str

    class InteragencyMemberNamed(Event):
        """The agency named its person, by a grant of accounts (REF-05)."""

        TOPIC = "cases.interagency_member_named"
        seat: UUID
        agency: UUID
        person: UUID

    class SeatTaken(Event):
        """The person accepted the confidentiality warning before first sight (CON-02)."""

        TOPIC = "cases.interagency_seat_taken"
        seat: UUID
        agency: UUID
        person: UUID

    class SeatEnded(Event):
        """Nobody sees the case by this seat any more; `reason` is a code."""

        TOPIC = "cases.interagency_seat_ended"
        seat: UUID
        agency: UUID
        reason: str

    def convene_interagency_team(self, *, reasons: str, best_interests: str, by: Actor, at: datetime) -> None:
        """Convenes it by decision, where neither high risk nor reviews without change did (REF-05)."""
        rules.case_is_open(self)
        rules.service_acts(by, "REF-05")
        rules.interagency_step_is_not_open(self)
        self._record(self.InteragencyTeamConvened, by=by, at=at, reasons=reasons, best_interests=best_interests)
        self._open_interagency_step(Cause.BY_DECISION, "REF-05", by=by, at=at)

    def offer_seat(
        self,
        *,
        seat: UUID,
        agency: UUID,
        rights: Collection[Right],
        ends_at: datetime | None,
        book: RuleBook,
        by: Actor,
        at: datetime,
    ) -> None:
        """The head, or the deputy, asks an agency for its person; where nothing is said, for as long as policy lets."""
        rules.case_is_open(self)
        rules.head_acts(by, "REF-05")
        rules.interagency_step_is_open(self)
        rules.agency_has_no_seat(self, agency, at)
        longest = book.deadline("cases.interagency_seat", at)
        until = longest.due_at if ends_at is None else min(ends_at, longest.due_at)
        rules.task_is_due_ahead(until, at)
        self._record(
            self.SeatOffered,
            by=by,
            at=at,
            seat=seat,
            agency=agency,
            rights=sorted(right.value for right in {*rights, Right.SEE_MATERIALS}),
            ends_at=until,
            walled=sorted(map(str, self.walled)),
            rule=longest.rule,
        )

    def note_member_named(self, *, seat: UUID, person: UUID, by: Actor, at: datetime) -> None:
        """The grant was given; a person whom the case walls off gets no seat by it (REP-02)."""
        rules.system_acts(by)
        held = self.seats.get(seat)
        if held is None or held.person is not None:
            return
        if person in self.walled:
            self._end_seat(seat, SeatEnding.WALLED, by=by, at=at)
            return
        self._record(self.InteragencyMemberNamed, by=by, at=at, seat=seat, agency=held.agency, person=person)

    def take_seat(self, *, by: Actor, at: datetime) -> None:
        """The person promises confidentiality, and sees the materials from then on (CON-02); twice is harmless."""
        held = rules.seat_is_there(self, by.grant)
        if not held.accepted:
            facts = {"seat": by.grant, "agency": held.agency, "person": by.person}
            self._record(self.SeatTaken, by=by, at=at, **facts)

    def end_seat(self, *, seat: UUID, reason: SeatEnding, by: Actor, at: datetime) -> None:
        """The head, or the deputy, ends one."""
        rules.head_acts(by, "REF-05")
        rules.seat_is_there(self, seat)
        rules.seat_ends_by_the_school(reason)
        self._end_seat(seat, reason, by=by, at=at)

    def note_grant_ended(self, *, seat: UUID, reason: str, by: Actor, at: datetime) -> None:
        """The grant ended: so does the seat, if it is there still."""
        rules.system_acts(by)
        if seat in self.seats:
            known = SeatEnding(reason) if reason in set(SeatEnding) else SeatEnding.BY_THE_AGENCY
            self._end_seat(seat, known, by=by, at=at)

    def _unseat_the_walled(self, *, by: Actor, at: datetime) -> None:
        """Outsiders who are walled off from now on leave at once (REP-02)."""
        for seat, held in sorted(self.seats.items()):
            if held.person in self.walled:
                self._end_seat(seat, SeatEnding.WALLED, by=by, at=at)

    def _end_seat(self, seat: UUID, reason: SeatEnding, *, by: Actor, at: datetime) -> None:
        agency = self.seats[seat].agency
        self._record(self.SeatEnded, by=by, at=at, seat=seat, agency=agency, reason=reason.value)

    def _interagency_team_convened(self, event: InteragencyTeamConvened) -> None:
        """The step that follows it opens."""

    def _seat_offered(self, event: SeatOffered) -> None:
        rights = frozenset(map(Right, event.rights))
        self.seats[event.seat] = Seat(agency=event.agency, rights=rights, ends_at=event.ends_at)

    def _interagency_member_named(self, event: InteragencyMemberNamed) -> None:
        self.seats[event.seat] = replace(self.seats[event.seat], person=event.person)

    def _seat_taken(self, event: SeatTaken) -> None:
        self.seats[event.seat] = replace(self.seats[event.seat], accepted=True)

    def _seat_ended(self, event: SeatEnded) -> None:
        del self.seats[event.seat]


__all__ = ["MATERIALS", "Interagency"]
