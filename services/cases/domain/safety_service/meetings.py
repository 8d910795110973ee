"""The service meets once a calendar month or more often: agenda, attendance, decisions, minutes (SSS-04).

As with a case's meeting, whoever puts it down names who took part, and each says so for themselves; a meeting counts
for its month once enough did. A case is discussed in a meeting of its own (`Case.hold_meeting`), by those present who
are on its team; here stands its id alone, so that its texts are erased with it. A month without enough meetings is
missed, once; the next is owed then, however late the clock comes to it. That it was missed climbs until the service
meets again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.days import end_of_month, month_after, month_of
from services.cases.domain.safety_service.owing import MEETING_DUTY, month_duty, month_of_duty, owner_of
from services.cases.domain.safety_service.state import ServiceChapter
from services.cases.domain.values import OpenDuty
from shared.domain import Actor, Event
from shared.regulation import RuleBook


@dataclass(frozen=True, kw_only=True)
class ServiceMeeting:
    """Who is said to have taken part, who says so themselves, and whether it counts for its month."""

    held_at: datetime
    participants: frozenset[UUID]
    minutes: UUID
    confirmed: frozenset[UUID] = frozenset()
    denied: frozenset[UUID] = frozenset()
    counted: bool = False


class MonthlyMeetings(ServiceChapter):
    """Drafted, confirmed, counted, corrected; or missed."""

    class MeetingHeld(Event):
        """The service met; `minutes` is a stream of its own (SSS-04)."""

        TOPIC = "cases.service_meeting_held"
        meeting: UUID
        held_at: datetime
        participants: list[str]
        agenda: list[str]
        decisions: list[str]
        minutes: UUID

    class PartConfirmed(Event):
        """A participant says that they took part and that it was so, or that they did not."""

        TOPIC = "cases.service_part_confirmed"
        meeting: UUID
        person: UUID
        took_part: bool

    class MeetingCounted(Event):
        """Enough confirmed it: it is one of its `month`. `owed_month` is the one whose meeting is owed next; that those
        of `made_up` were missed climbs no further.
        """

        TOPIC = "cases.service_meeting_counted"
        meeting: UUID
        month: str
        quorum_rule: str
        owed_month: str
        meet_by: datetime
        rule: str
        made_up: Sequence[str] = ()

    class MonthMissed(Event):
        """The month passed with `held` meetings where `needed` were owed (SSS-04); the next month is owed now.

        That it was missed `climbs` unless the service has met since, as it may have where the clock stood still.
        """

        TOPIC = "cases.service_month_missed"
        month: str
        held: int
        needed: int
        owner: str
        owed_month: str
        meet_by: datetime
        rule: str
        climbs: bool = False

    class CaseDiscussed(Event):
        """Those present who are on its team discussed a case there; what they said stands in its own meeting."""

        TOPIC = "cases.service_case_discussed"
        meeting: UUID
        case: UUID
        case_meeting: UUID

    class MeetingCorrected(Event):
        """What was put down was not right: this stands instead, and is confirmed anew; the former stays to be seen."""

        TOPIC = "cases.service_meeting_corrected"
        meeting: UUID
        agenda: list[str]
        decisions: list[str]
        reason: str

    meetings: dict[UUID, ServiceMeeting]
    counted_in: dict[str, int]
    missed_months: set[str]
    owed_month: str

    def hold_meeting(
        self,
        *,
        meeting: UUID,
        held_at: datetime,
        participants: Collection[UUID],
        agenda: Sequence[str],
        decisions: Sequence[str],
        minutes: UUID,
        book: RuleBook,
        by: Actor,
        at: datetime,
    ) -> None:
        """Puts a meeting down, by one who was there; by that their own part is confirmed."""
        rules.participants_sit_in_the_service(self, participants)
        rules.put_down_by_one_who_was_there(by, participants)
        rules.meeting_is_of_several(participants)
        rules.times_follow_one_another(held_at, at)
        self._record(
            self.MeetingHeld,
            by=by,
            at=at,
            meeting=meeting,
            held_at=held_at.astimezone(UTC),
            participants=sorted(str(person) for person in set(participants)),
            agenda=list(agenda),
            decisions=list(decisions),
            minutes=minutes,
        )
        self._record(self.PartConfirmed, by=by, at=at, meeting=meeting, person=by.person, took_part=True)
        self._count(meeting, book=book, by=by, at=at)

    def confirm_part(self, *, meeting: UUID, took_part: bool, book: RuleBook, by: Actor, at: datetime) -> None:
        """A participant answers for themselves, once for each wording."""
        rules.participant_of_the_service_is_asked(self, meeting, by)
        self._record(self.PartConfirmed, by=by, at=at, meeting=meeting, person=by.person, took_part=took_part)
        self._count(meeting, book=book, by=by, at=at)

    def discuss_case(
        self, *, meeting: UUID, case: UUID, case_meeting: UUID, present: Collection[UUID], by: Actor, at: datetime
    ) -> None:
        """Notes that a case was discussed by some of those who were there (CON-03)."""
        rules.service_met(self, meeting)
        rules.present_took_part(self, meeting, present)
        self._record(self.CaseDiscussed, by=by, at=at, meeting=meeting, case=case, case_meeting=case_meeting)

    def correct_meeting(
        self, *, meeting: UUID, agenda: Sequence[str], decisions: Sequence[str], reason: str, by: Actor, at: datetime
    ) -> None:
        """Puts another wording in place, by one who was there; that the service met in that month stays so."""
        rules.service_met(self, meeting)
        rules.put_down_by_one_who_was_there(by, self.meetings[meeting].participants)
        self._record(
            self.MeetingCorrected,
            by=by,
            at=at,
            meeting=meeting,
            agenda=list(agenda),
            decisions=list(decisions),
            reason=reason,
        )
        self._record(self.PartConfirmed, by=by, at=at, meeting=meeting, person=by.person, took_part=True)

    def minutes_of(self, meeting: UUID) -> UUID:
        """The stream of a meeting's minutes."""
        return self.meetings[meeting].minutes

    def _count(self, meeting: UUID, *, book: RuleBook, by: Actor, at: datetime) -> None:
        """Once enough confirmed a meeting it counts for its month, and may be the one that was owed."""
        met = self.meetings[meeting]
        quorum, needed = book.at("cases.service_meeting_quorum", at), book.at("cases.service_meetings", at)
        if met.counted or len(met.confirmed) < quorum.value:
            return
        month = month_of(met.held_at)
        counted = {**self.counted_in, month: self.counted_in.get(month, 0) + 1}
        owed = _next_owed(self.owed_month, counted, needed.value)
        self._record(
            self.MeetingCounted,
            by=by,
            at=at,
            meeting=meeting,
            month=month,
            quorum_rule=quorum.version,
            owed_month=owed,
            meet_by=end_of_month(owed),
            rule=needed.version,
            made_up=self._made_up(month, counted[month] >= needed.value),
        )

    def _made_up(self, month: str, is_full: bool) -> list[str]:
        """The missed months that a meeting of one ends to chase: those before it, and it, with meetings enough."""
        chased = {month_of_duty(duty) for duty in self.open_duties} - {""}
        return sorted(one for one in chased if one < month or (is_full and one == month))

    def _miss_month(self, *, book: RuleBook, by: Actor, at: datetime) -> None:
        """Says that the month owed passed without enough meetings, once; nothing as long as it lasts."""
        month = self.owed_month
        if at < end_of_month(month):
            return
        needed = book.at("cases.service_meetings", at)
        owed = _next_owed(month_after(month), self.counted_in, needed.value)
        self._record(
            self.MonthMissed,
            by=by,
            at=at,
            month=month,
            held=self.counted_in.get(month, 0),
            needed=needed.value,
            owner=owner_of(MEETING_DUTY),
            owed_month=owed,
            meet_by=end_of_month(owed),
            rule=needed.version,
            climbs=all(met <= month for met in self.counted_in),
        )

    def _owe_meeting(self, month: str, meet_by: datetime, rule: str) -> None:
        self.owed_month = month
        self.open_duties[MEETING_DUTY] = OpenDuty(meet_by, rule)

    def _meeting_held(self, event: MeetingHeld) -> None:
        participants = frozenset(map(UUID, event.participants))
        self.meetings[event.meeting] = ServiceMeeting(
            held_at=event.held_at, participants=participants, minutes=event.minutes
        )

    def _part_confirmed(self, event: PartConfirmed) -> None:
        met, person = self.meetings[event.meeting], frozenset({event.person})
        if event.took_part:
            self.meetings[event.meeting] = replace(met, confirmed=met.confirmed | person)
        else:
            self.meetings[event.meeting] = replace(met, denied=met.denied | person)

    def _meeting_counted(self, event: MeetingCounted) -> None:
        self.meetings[event.meeting] = replace(self.meetings[event.meeting], counted=True)
        self.counted_in[event.month] = self.counted_in.get(event.month, 0) + 1
        for month in event.made_up:
            self._settle(month_duty(month))
        self._owe_meeting(event.owed_month, event.meet_by, event.rule)

    def _month_missed(self, event: MonthMissed) -> None:
        self.missed_months.add(event.month)
        if event.climbs:
            self.open_duties[month_duty(event.month)] = OpenDuty(end_of_month(event.month), event.rule)
        self._owe_meeting(event.owed_month, event.meet_by, event.rule)

    def _case_discussed(self, event: CaseDiscussed) -> None:
        """Nothing here rests on it."""

    def _meeting_corrected(self, event: MeetingCorrected) -> None:
        met = self.meetings[event.meeting]
        self.meetings[event.meeting] = replace(met, confirmed=frozenset(), denied=frozenset())


def _next_owed(month: str, counted: Mapping[str, int], needed: int) -> str:
    """The first month from one on that has fewer meetings than are needed."""
    while counted.get(month, 0) >= max(1, needed):
        month = month_after(month)
    return month
