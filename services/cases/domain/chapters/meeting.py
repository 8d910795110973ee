"""Confidential meetings, and what is decided there jointly (CON-03, SSS-08, RSK-07).

Whoever puts a meeting down names who took part and what was decided; each of them says for themselves whether that is
so. Only those who do count, in joint decisions and in closing: nobody is named into a decision by another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.chapters.chapter import Chapter
from services.cases.domain.values import Meeting
from shared.domain import Actor, Event
from shared.regulation import RuleBook


class Meetings(Chapter):
    """The team meets, each participant confirms their part, decisions become joint ones."""

    class MeetingHeld(Event):
        """The case was discussed in confidence; `decisions` are [{decision, best_interests}], `closing` is
        {reasons, best_interests} where it was agreed that the case closes (CON-03).
        """

        TOPIC = "cases.meeting_held"
        meeting: UUID
        held_at: datetime
        participants: list[str]
        discussed: str
        decisions: list[dict[str, str]]
        closing: dict[str, str] | None

    class ParticipationConfirmed(Event):
        """A participant says that they took part and decided so, or that they did not (CON-03, SSS-08)."""

        TOPIC = "cases.participation_confirmed"
        meeting: UUID
        person: UUID
        took_part: bool

    class DecisionRecorded(Event):
        """The service decided jointly, by the protocol in force (SSS-08, RSK-07); of a `meeting`, but for old ones."""

        TOPIC = "cases.decision_recorded"
        decision: str
        participants: list[str]
        best_interests: str
        protocol: str
        rule: str
        meeting: UUID | None = None
        number: int = 0

    def hold_meeting(
        self,
        *,
        meeting: UUID,
        held_at: datetime,
        participants: Collection[UUID],
        discussed: str,
        decisions: Sequence[Mapping[str, str]],
        closing: Mapping[str, str] | None,
        by: Actor,
        at: datetime,
    ) -> None:
        """Puts a meeting down, by one who was there; by that their own part is confirmed (CON-03)."""
        rules.case_is_open(self)
        rules.meeting_is_put_down_by_a_participant(by, participants)
        rules.meeting_is_of_several(participants)
        rules.meeting_is_of_the_team(self, participants)
        rules.participants_were_warned(self, participants)
        rules.times_follow_one_another(held_at, at)
        self._record(
            self.MeetingHeld,
            by=by,
            at=at,
            meeting=meeting,
            held_at=held_at.astimezone(UTC),
            participants=sorted(str(person) for person in set(participants)),
            discussed=discussed,
            decisions=[dict(decision) for decision in decisions],
            closing=None if closing is None else dict(closing),
        )
        self._record(self.ParticipationConfirmed, by=by, at=at, meeting=meeting, person=by.person, took_part=True)

    def confirm_participation(self, *, meeting: UUID, took_part: bool, by: Actor, at: datetime) -> None:
        """A participant answers for themselves, once."""
        rules.case_is_open(self)
        rules.participant_is_asked(self, meeting, by)
        self._record(self.ParticipationConfirmed, by=by, at=at, meeting=meeting, person=by.person, took_part=took_part)

    def record_decision(self, *, meeting: UUID, number: int, book: RuleBook, by: Actor, at: datetime) -> None:
        """Makes a meeting's decision, counted from 1, the service's joint one, once enough confirmed it (SSS-08)."""
        rules.case_is_open(self)
        rules.service_acts(by, "SSS-08")
        decided = rules.decision_is_of_the_meeting(self, meeting, number)
        rules.decision_is_recorded_once(self, meeting, number)
        needed = book.at("cases.decision_participants", at)
        rules.decision_is_joint(self, meeting, needed.value)
        self._record(
            self.DecisionRecorded,
            by=by,
            at=at,
            decision=decided["decision"],
            participants=sorted(map(str, self._who_decided(meeting))),
            best_interests=decided["best_interests"],
            protocol=book.at("cases.action_protocol", at).version,
            rule=needed.version,
            meeting=meeting,
            number=number,
        )

    def _who_decided(self, meeting: UUID) -> frozenset[UUID]:
        """Whoever confirmed their part and is on the team still: one who was walled off since decides nothing."""
        return self.meetings[meeting].confirmed & frozenset(self.team)

    def _agreements_to_close_end(self) -> None:
        """What was agreed before new facts, or before the case was taken up again, closes nothing any more."""
        self.meetings = {held: replace(meeting, closing=None) for held, meeting in self.meetings.items()}

    def _meeting_held(self, event: MeetingHeld) -> None:
        self.meetings[event.meeting] = Meeting(
            participants=frozenset(map(UUID, event.participants)),
            decisions=tuple(event.decisions),
            closing=event.closing,
        )

    def _participation_confirmed(self, event: ParticipationConfirmed) -> None:
        meeting = self.meetings[event.meeting]
        if event.took_part:
            self.meetings[event.meeting] = replace(meeting, confirmed=meeting.confirmed | {event.person})
        else:
            self.meetings[event.meeting] = replace(meeting, denied=meeting.denied | {event.person})

    def _decision_recorded(self, event: DecisionRecorded) -> None:
        if event.meeting is not None:
            meeting = self.meetings[event.meeting]
            self.meetings[event.meeting] = replace(meeting, recorded=meeting.recorded | {event.number})
