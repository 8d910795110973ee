"""One case: as it stands, as it came about, and what must happen next."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.cases.application import CasesApplication
from services.cases.domain.case import Case
from services.cases.domain.session_note import SessionNote
from services.cases.domain.values import OWNERS, Duty, OpenDuty, Step
from services.cases.queries.seeing import is_walled_anywhere, see_case
from shared.domain import Actor, Event
from shared.ledger.application import TenantLedger

_ENVELOPE = {field.name for field in fields(Event)} | {"originator_topic"}
_KEPT_BACK = {"walled", "number"}
"""Facts that no timeline shows: who is walled off is on need to know; the number stands in `show_case`."""
_KEPT_BACK_OF = {Case.PersonWalledOff.TOPIC: {"person"}}
_OF_PARENTS = {Step.PARENTS_INVITED, Step.PARENTS_NOT_INVITED}


def show_case(application: CasesApplication, tenant: UUID, by: Actor, *, case: UUID) -> dict[str, Any]:
    """The case as it stands. `number` is left out for whoever is walled off from another case of the school."""
    ledger = application.for_tenant(tenant)
    found = see_case(application, ledger, by, case, "show_case")
    facts = [event for _, event in ledger.events(case)]
    shown = _standing(found) | told_of(found, facts)
    shown["duties"] = _duties(found, ledger.now())
    if not is_walled_anywhere(application, tenant, by):
        shown["number"] = found.number
    return shown


def case_timeline(application: CasesApplication, tenant: UUID, by: Actor, *, case: UUID) -> list[dict[str, Any]]:
    """Every event in order, as data; a session's note is added for the helper who wrote it alone (PLN-04)."""
    ledger = application.for_tenant(tenant)
    see_case(application, ledger, by, case, "case_timeline")
    return [
        {
            "version": event.originator_version,
            "topic": recorded.topic,
            "actor": event.actor,
            "at": event.timestamp,
            "recorded_at": datetime.fromtimestamp(recorded.recorded_at / 1_000_000, UTC),
            "facts": facts_of(event) | _note(application, ledger, by, event),
        }
        for recorded, event in ledger.events(case)
    ]


def case_deadlines(application: CasesApplication, tenant: UUID, by: Actor, *, case: UUID) -> list[dict[str, Any]]:
    """What must happen next, by when, by whom, under which rule; the nearest first."""
    ledger = application.for_tenant(tenant)
    found = see_case(application, ledger, by, case, "case_deadlines")
    return _duties(found, ledger.now())


def next_duty(case: Case, now: datetime) -> dict[str, Any] | None:
    """The nearest of a case's duties."""
    return next(iter(_duties(case, now)), None)


def _duties(case: Case, now: datetime) -> list[dict[str, Any]]:
    ordered = sorted(case.open_duties.items(), key=lambda item: (item[1].due_at, item[0]))
    return [_duty(case, duty, owed, now) for duty, owed in ordered]


def _duty(case: Case, duty: Duty, owed: OpenDuty, now: datetime) -> dict[str, Any]:
    return {
        "duty": duty.value,
        "due_at": owed.due_at,
        "owner": OWNERS[duty],
        "person": case.coordinator,
        "rule": owed.rule,
        "overdue": now >= owed.due_at,
    }


def _standing(case: Case) -> dict[str, Any]:
    """What the aggregate knows."""
    return {
        "case": case.id,
        "version": case.version,
        "register_year": case.register_year,
        "state": "open" if case.is_open else "closed",
        "reports": sorted(case.reports, key=str),
        "immediate_danger": case.immediate_danger,
        "coordinator": case.coordinator,
        "team": [
            {"person": person, "role": member.role.value, "accepted": not member.must_accept}
            for person, member in case.team.items()
        ],
        "level": case.level.value if case.level else None,
        "risk_assessed": case.is_assessed,
        "steps_missing": [step.value for step in Step if step not in case.steps_taken | _OF_PARENTS],
        "interagency_step_open": case.interagency_open,
        "agencies_informed": case.agencies_informed,
        "papers_in": case.papers_in,
        "sessions": {"held": case.sessions_held, "extended_by": case.sessions_extended},
        "criteria": {
            criterion.value: [{"at": at, "rating": rating.value} for at, rating in ratings]
            for criterion, ratings in case.ratings.items()
        },
        "referrals": [{"referral": referral, "state": state.value} for referral, state in case.referrals.items()],
    }


def each_of(events: list[Any], *kinds: type[Event]) -> list[Any]:
    """Those of some kinds, in their order."""
    return [event for event in events if isinstance(event, kinds)]


def told_of(case: Case, events: list[Any]) -> dict[str, Any]:
    """What only the events know: texts of the child, the steps, the assessments, the plans, the decisions."""

    def each(*kinds: type[Event]) -> list[Any]:
        return each_of(events, *kinds)

    def last(*kinds: type[Event]) -> dict[str, Any] | None:
        return next((facts_of(event) for event in reversed(each(*kinds))), None)

    ends = each(Case.Closed, Case.Reopened)
    return {
        "opened_at": events[0].timestamp,
        "closed_at": ends[-1].timestamp if ends and isinstance(ends[-1], Case.Closed) else None,
        "protocol": events[0].protocol,
        "kinds": sorted({kind for event in each(Case.Opened, Case.ReportLinked) for kind in event.kinds}),
        "places": sorted({event.place for event in each(Case.Opened, Case.ReportLinked)}),
        "child": last(Case.ChildIdentified),
        "assessment_steps": [facts_of(event) for event in each(Case.AssessmentStepRecorded)],
        "assessments": [dated(event) for event in each(Case.RiskAssessed)],
        "plans": {"support": last(Case.SupportPlanDrawnUp), "safety": last(Case.SafetyPlanDrawnUp)},
        "meetings": [_meeting(case, event) for event in each(Case.MeetingHeld)],
        "decisions": [dated(event) for event in each(Case.DecisionRecorded)],
        "offender_decisions": [dated(event) for event in each(Case.OffenderDecisionRecorded)],
        "closings": [dated(event) for event in each(Case.Closed)],
        "waiting": joined("waiting", each(Case.AgencyAwaited, Case.WaitingEnded)),
        "medical_help": joined("medical_help", each(Case.MedicalHelpOrganised, Case.MedicalHelpRecorded)),
    }


def _meeting(case: Case, held: Any) -> dict[str, Any]:
    meeting = case.meetings[held.meeting]
    answers = {"confirmed": sorted(meeting.confirmed, key=str), "denied": sorted(meeting.denied, key=str)}
    return {"at": held.timestamp, **facts_of(held), **answers}


def joined(name: str, events: list[Any]) -> list[dict[str, Any]]:
    """What several events say of one thing, in one: by the id that they call by `name`."""
    found: dict[UUID, dict[str, Any]] = {}
    for event in events:
        found.setdefault(getattr(event, name), {}).update(facts_of(event))
    return list(found.values())


def dated(event: Any) -> dict[str, Any]:
    """An event's facts, and when it happened."""
    return {"at": event.timestamp, **facts_of(event)}


def facts_of(event: Any) -> dict[str, Any]:
    """What an event says, as far as it is shown."""
    kept_back = _ENVELOPE | _KEPT_BACK | _KEPT_BACK_OF.get(event.TOPIC, set())
    return {field.name: getattr(event, field.name) for field in fields(event) if field.name not in kept_back}


def _note(application: CasesApplication, ledger: TenantLedger, by: Actor, event: Any) -> dict[str, Any]:
    """The text of a session's note, for the helper alone; that it was read is recorded by its own id."""
    if not isinstance(event, Case.SessionHeld) or by.person != event.helper:
        return {}
    application.record_read(ledger.tenant, by, "session_note", [event.note], "PLN-04")
    note = ledger.find(SessionNote, event.note)
    return {"note_text": note.text} if note else {}
