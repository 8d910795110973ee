"""What must happen next in a case, by when, by whom, under which rule, and the command that does it; pure.

Computed from the case as its events made it, never set by hand: duties and their ladders, steps that wait for an
agency, steps of the assessment, medical help that is awaited, meetings not yet confirmed, and what closing still takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.cases.domain import criteria
from services.cases.domain.case import Case
from services.cases.domain.interagency import TASK_RULE, task_duty
from services.cases.domain.values import OWNERS, Duty, Level, Role, Step
from shared.ladder import RUNGS
from shared.regulation import RuleBook

COMMANDS: dict[Duty, str] = {
    Duty.RISK_ASSESSMENT: "cases.assess_risk",
    Duty.REASSESSMENT: "cases.assess_risk",
    Duty.INFORM_AGENCIES: "referrals.draft_referral",
    Duty.PLAN_REVIEW: "cases.review_plan",
    Duty.OWN_MEASURES: "cases.take_own_measures",
    Duty.SUPPORT_PLAN: "cases.draw_up_support_plan",
    Duty.SESSION: "cases.hold_session",
}
PARENTS = {Step.PARENTS_INVITED, Step.PARENTS_NOT_INVITED}
STEP_ROLES: dict[Step, Role] = {
    Step.MEDICAL_CHECK: Role.SCHOOL_DOCTOR,
    Step.PSYCHOLOGICAL_EXAMINATION: Role.PSYCHOLOGIST,
}
"""Who takes a step, where the source says so (RSK-01)."""


@dataclass(frozen=True, kw_only=True)
class NextAction:
    """`what` is a code, `command` does it, `owner` a role, `person:<id>` or `agency:<id>`.

    `persons` answer for it now, `about` is the id of what it is about within the case, `codes` what is missing. Without
    `due_at` it has no clock of its own.
    """

    what: str
    command: str
    rule: str
    owner: str
    persons: frozenset[UUID] = frozenset()
    due_at: datetime | None = None
    about: UUID | None = None
    codes: tuple[str, ...] = ()
    came_up_to: str | None = None

    def told(self, now: datetime) -> dict[str, Any]:
        """As it is shown."""
        return {
            "what": self.what,
            "command": self.command,
            "rule": self.rule,
            "owner": self.owner,
            "persons": sorted(self.persons, key=str),
            "due_at": self.due_at,
            "overdue": self.due_at is not None and now >= self.due_at,
            "about": self.about,
            "codes": list(self.codes),
            "came_up_to": self.came_up_to,
        }


def next_actions(case: Case, book: RuleBook, now: datetime) -> list[NextAction]:
    """All that is open, what falls due first at the head; nothing of a closed case."""
    if not case.is_open:
        return []
    found = [
        *_duties(case),
        *_team(case),
        *_assessment(case),
        *_waiting(case),
        *_tasks(case),
        *_medical_help(case),
        *_meetings(case),
        *_closing(case, book, now),
    ]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or now))


def warning_of(person: UUID | None) -> NextAction:
    """That a member accept the confidentiality warning (CON-02)."""
    command, persons = "cases.accept_confidentiality_warning", frozenset() if person is None else frozenset({person})
    return NextAction(
        what="warning_not_accepted", command=command, rule="CON-02", owner=f"person:{person}", persons=persons
    )


def _duties(case: Case) -> Iterator[NextAction]:
    for duty, owed in case.open_duties.items():
        climb = case.climbs.get(duty.value)
        yield NextAction(
            what=duty.value,
            command=COMMANDS[duty],
            rule=owed.rule,
            owner=OWNERS[duty],
            persons=case.who_owes(duty),
            due_at=owed.due_at,
            came_up_to=None if climb is None else RUNGS[climb.step],
        )


def _team(case: Case) -> Iterator[NextAction]:
    """Somebody coordinates; whoever was let in accepts the warning (SSS-03, CON-02)."""
    if case.coordinator is None:
        command = "cases.appoint_coordinator"
        yield NextAction(what="coordinator_missing", command=command, rule="SSS-03", owner="role:head")
    for person, member in case.team.items():
        if member.must_accept:
            yield warning_of(person)


def _assessment(case: Case) -> Iterator[NextAction]:
    """Steps of the assessment that were not taken yet (RSK-01, RSK-02), by the time of the assessment itself."""
    owed = case.open_duties.get(Duty.RISK_ASSESSMENT)
    due_at = None if owed is None else owed.due_at
    command = "cases.record_assessment_step"
    for step in Step:
        if step in case.steps_taken | PARENTS:
            continue
        role = STEP_ROLES.get(step)
        holders = frozenset(person for person, member in case.team.items() if member.role is role) - case.walled
        yield NextAction(
            what="assessment_step_missing",
            command=command,
            rule="RSK-01",
            owner="role:coordinator" if role is None else f"role:{role}",
            persons=holders or _coordinator(case),
            due_at=due_at,
            codes=(step.value,),
        )
    if not case.steps_taken & PARENTS:
        yield _coordinators(case, "assessment_step_missing", command, "RSK-02", due_at=due_at, codes=_codes(PARENTS))


def _waiting(case: Case) -> Iterator[NextAction]:
    """Each step that waits names its agency (REF-06)."""
    for waiting, agency in case.waiting_for.items():
        codes = (str(agency),)
        yield _coordinators(case, "agency_awaited", "cases.end_waiting", "REF-06", about=waiting, codes=codes)


def _tasks(case: Case) -> Iterator[NextAction]:
    """Tasks of the interagency team, those of an agency too: the school asks for them (REF-05)."""
    for task, given in case.tasks.items():
        climb = case.climbs.get(task_duty(task))
        yield NextAction(
            what="interagency_task",
            command="cases.do_interagency_task",
            rule=TASK_RULE,
            owner=f"agency:{given.agency}" if given.person is None else f"person:{given.person}",
            persons=frozenset() if given.person is None else frozenset({given.person}) - case.walled,
            due_at=given.due_at,
            about=task,
            came_up_to=None if climb is None else RUNGS[climb.step],
        )


def _medical_help(case: Case) -> Iterator[NextAction]:
    for awaited, (kind, _) in case.awaited_help.items():
        command = "cases.record_medical_help"
        yield _coordinators(case, "medical_help_awaited", command, "PLN-01", about=awaited, codes=(kind.value,))


def _meetings(case: Case) -> Iterator[NextAction]:
    """Participants say for themselves that they took part; what was decided becomes joint (CON-03, SSS-08)."""
    for held, meeting in case.meetings.items():
        for person in sorted((meeting.participants - meeting.confirmed - meeting.denied) & set(case.team), key=str):
            yield _by(person, "participation_unconfirmed", "cases.confirm_participation", "CON-03", about=held)
        for number in range(1, len(meeting.decisions) + 1):
            if number not in meeting.recorded:
                command, codes = "cases.record_decision", (str(number),)
                yield _coordinators(case, "decision_not_recorded", command, "SSS-08", about=held, codes=codes)


def _closing(case: Case, book: RuleBook, now: datetime) -> Iterator[NextAction]:
    """Before it closes: a plan, and each criterion rated often enough and far enough apart (RSK-04, PLN-05)."""
    if not case.is_assessed:
        return
    plan_is_the_schools = case.level is not Level.HIGH
    if plan_is_the_schools and "support" not in case.plans and Duty.SUPPORT_PLAN not in case.open_duties:
        yield _coordinators(case, "support_plan", "cases.draw_up_support_plan", "RSK-04")
    times, apart = book.at("cases.closing_ratings", now), book.at("cases.closing_ratings_apart", now)
    missing = criteria.not_lasting(case.ratings, times=times.value, days_apart=apart.value)
    if missing:
        codes = tuple(criterion.value for criterion in missing)
        yield _coordinators(case, "criteria_not_lasting", "cases.rate_criteria", times.version, codes=codes)


def _coordinator(case: Case) -> frozenset[UUID]:
    return frozenset() if case.coordinator is None else frozenset({case.coordinator})


def _coordinators(case: Case, what: str, command: str, rule: str, **more: Any) -> NextAction:
    owner, persons = "role:coordinator", _coordinator(case)
    return NextAction(what=what, command=command, rule=rule, owner=owner, persons=persons, **more)


def _by(person: UUID, what: str, command: str, rule: str, **more: Any) -> NextAction:
    owner, persons = f"person:{person}", frozenset({person})
    return NextAction(what=what, command=command, rule=rule, owner=owner, persons=persons, **more)


def _codes(steps: set[Step]) -> tuple[str, ...]:
    return tuple(sorted(step.value for step in steps))
