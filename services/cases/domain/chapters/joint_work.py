"""What school and agencies do together: meetings, joint decisions, tasks with owner, time and result (REF-05, SSS-08).

As in the team's own meetings, each participant says for themselves whether they took part; a decision is a joint one
when somebody of the school and somebody of an agency confirmed it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.chapters.interagency import Interagency
from services.cases.domain.interagency import TASK_RULE, JointMeeting, Task, task_duty
from shared.domain import Actor, Event
from shared.ladder import Ladder, named


class JointWork(Interagency):
    """The interagency team meets, decides, gives tasks and hears what came of them."""

    class InteragencyMeetingHeld(Event):
        """Both sides discussed the case; `seats` says for which agency somebody sat there (CON-03)."""

        TOPIC = "cases.interagency_meeting_held"
        meeting: UUID
        held_at: datetime
        participants: list[str]
        seats: dict[str, str]
        discussed: str
        decisions: list[dict[str, str]]

    class InteragencyParticipationConfirmed(Event):
        """A participant says that they took part and decided so, or that they did not."""

        TOPIC = "cases.interagency_participation_confirmed"
        meeting: UUID
        person: UUID
        took_part: bool

    class JointDecisionRecorded(Event):
        """School and agencies decided together: who, and for which agencies (REF-05, RSK-07)."""

        TOPIC = "cases.joint_decision_recorded"
        meeting: UUID
        number: int
        decision: str
        best_interests: str
        participants: list[str]
        agencies: list[str]

    class InteragencyTaskGiven(Event):
        """An agency, or a person, is to do something by a time."""

        TOPIC = "cases.interagency_task_given"
        task: UUID
        what: str
        agency: UUID | None
        person: UUID | None
        due_at: datetime

    class InteragencyTaskDone(Event):
        """Its owner said what came of it."""

        TOPIC = "cases.interagency_task_done"
        task: UUID
        result: str

    class InteragencyTaskDropped(Event):
        """It need not be done any more, and why."""

        TOPIC = "cases.interagency_task_dropped"
        task: UUID
        reason: str

    class InteragencyTaskMissed(Event):
        """It was not done by its time: `told` learnt of it on the rung `step`, the next is due at `climbs_at`."""

        TOPIC = "cases.interagency_task_missed"
        task: UUID
        agency: UUID | None
        person: UUID | None
        due_at: datetime
        rule: str = TASK_RULE
        step: int = 0
        told: Sequence[str] = ()
        climbs_at: datetime | None = None
        climb_rule: str = ""
        department: UUID | None = None
        walled: Sequence[str] = ()

    def hold_interagency_meeting(
        self,
        *,
        meeting: UUID,
        held_at: datetime,
        participants: Collection[UUID],
        discussed: str,
        decisions: Sequence[Mapping[str, str]],
        by: Actor,
        at: datetime,
    ) -> None:
        """Puts a meeting of both sides down, by one who was there; by that their own part is confirmed."""
        rules.case_is_open(self)
        rules.interagency_step_is_open(self)
        rules.meeting_is_put_down_by_a_participant(by, participants)
        rules.everybody_is_of_the_interagency_team(self, participants, at)
        seats = {person: agency for person, agency in rules.sitting(self, at).items() if person in participants}
        rules.both_sides_take_part(self, participants, seats)
        rules.times_follow_one_another(held_at, at)
        self._record(
            self.InteragencyMeetingHeld,
            by=by,
            at=at,
            meeting=meeting,
            held_at=held_at.astimezone(UTC),
            participants=sorted(map(str, set(participants))),
            seats={str(person): str(agency) for person, agency in sorted(seats.items())},
            discussed=discussed,
            decisions=[dict(decision) for decision in decisions],
        )
        self._confirm_joint(meeting, by=by, at=at, took_part=True)

    def confirm_interagency_participation(self, *, meeting: UUID, took_part: bool, by: Actor, at: datetime) -> None:
        """A participant of either side answers for themselves, once."""
        rules.case_is_open(self)
        rules.joint_participant_is_asked(self, meeting, by)
        self._confirm_joint(meeting, by=by, at=at, took_part=took_part)

    def record_joint_decision(self, *, meeting: UUID, number: int, by: Actor, at: datetime) -> None:
        """Makes a meeting's decision, counted from 1, a joint one, once both sides confirmed their part."""
        rules.case_is_open(self)
        decided = rules.joint_decision_is_of_the_meeting(self, meeting, number, by)
        held = self.joint_meetings[meeting]
        rules.both_sides_take_part(self, held.confirmed, held.seats)
        self._record(
            self.JointDecisionRecorded,
            by=by,
            at=at,
            meeting=meeting,
            number=number,
            decision=decided["decision"],
            best_interests=decided["best_interests"],
            participants=sorted(map(str, held.confirmed)),
            agencies=sorted({str(held.seats[person]) for person in held.confirmed if person in held.seats}),
        )

    def give_interagency_task(
        self,
        *,
        task: UUID,
        what: str,
        agency: UUID | None,
        person: UUID | None,
        due_at: datetime,
        by: Actor,
        at: datetime,
    ) -> None:
        """Gives a task to an agency that sits there, or to a person of either side."""
        rules.case_is_open(self)
        rules.interagency_step_is_open(self)
        rules.task_has_one_owner(self, agency, person, at)
        rules.task_is_due_ahead(due_at, at)
        facts = {"task": task, "what": what, "agency": agency, "person": person}
        self._record(self.InteragencyTaskGiven, by=by, at=at, due_at=due_at.astimezone(UTC), **facts)

    def do_interagency_task(self, *, task: UUID, result: str, by: Actor, at: datetime) -> None:
        """Its owner says what came of it, also late."""
        rules.case_is_open(self)
        rules.owner_says_what_came_of_it(self, rules.task_is_open(self, task), by, at)
        self._record(self.InteragencyTaskDone, by=by, at=at, task=task, result=result)

    def drop_interagency_task(self, *, task: UUID, reason: str, by: Actor, at: datetime) -> None:
        """The head, the deputy or the coordinator says why it need not be done."""
        rules.case_is_open(self)
        rules.head_or_coordinator_acts(self, by)
        rules.task_is_open(self, task)
        self._record(self.InteragencyTaskDropped, by=by, at=at, task=task, reason=reason)

    def miss_interagency_task(self, *, task: UUID, step: int, ladder: Ladder, by: Actor, at: datetime) -> None:
        """Says that a task was missed, once on each rung of the school's ladder; nothing if it is done, or not yet due.

        An owner of an agency is on no rung: what they missed the workspace shows, and the school asks them.
        """
        rules.system_acts(by)
        given = self.tasks.get(task)
        if given is None:
            return
        climb = ladder.climb(
            due_at=given.due_at,
            rule=TASK_RULE,
            so_far=self.climbs.get(task_duty(task)),
            step=step,
            owner=named({given.person} & set(self.team) - self.walled),
            coordinator=named({self.coordinator}),
            walled=self.walled,
            at=at,
        )
        if climb is not None:
            facts = {"task": task, "agency": given.agency, "person": given.person, "due_at": given.due_at}
            self._record(self.InteragencyTaskMissed, by=by, at=at, **facts, rule=TASK_RULE, **climb)

    def _confirm_joint(self, meeting: UUID, *, by: Actor, at: datetime, took_part: bool) -> None:
        facts = {"meeting": meeting, "person": by.person, "took_part": took_part}
        self._record(self.InteragencyParticipationConfirmed, by=by, at=at, **facts)

    def _interagency_meeting_held(self, event: InteragencyMeetingHeld) -> None:
        self.joint_meetings[event.meeting] = JointMeeting(
            participants=frozenset(map(UUID, event.participants)),
            seats={UUID(person): UUID(agency) for person, agency in event.seats.items()},
            decisions=tuple(event.decisions),
        )

    def _interagency_participation_confirmed(self, event: InteragencyParticipationConfirmed) -> None:
        held = self.joint_meetings[event.meeting]
        if event.took_part:
            self.joint_meetings[event.meeting] = replace(held, confirmed=held.confirmed | {event.person})
        else:
            self.joint_meetings[event.meeting] = replace(held, denied=held.denied | {event.person})

    def _joint_decision_recorded(self, event: JointDecisionRecorded) -> None:
        held = self.joint_meetings[event.meeting]
        self.joint_meetings[event.meeting] = replace(held, recorded=held.recorded | {event.number})

    def _interagency_task_given(self, event: InteragencyTaskGiven) -> None:
        self.tasks[event.task] = Task(agency=event.agency, person=event.person, due_at=event.due_at)

    def _interagency_task_done(self, event: InteragencyTaskDone) -> None:
        del self.tasks[event.task]
        self._climbs_no_more(task_duty(event.task))

    def _interagency_task_dropped(self, event: InteragencyTaskDropped) -> None:
        self.tasks.pop(event.task, None)
        self._climbs_no_more(task_duty(event.task))

    def _interagency_task_missed(self, event: InteragencyTaskMissed) -> None:
        self.tasks[event.task] = replace(self.tasks[event.task], missed=True)
        self._has_climbed(task_duty(event.task), event)
