"""The workspace that school and agencies share in a case: all materials, and what they do together (REF-05, RSK-04)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.cases.application import CasesApplication
from services.cases.domain import access
from services.cases.domain.case import Case
from services.cases.domain.errors import rule_of
from services.cases.queries.one_case import dated, each_of, facts_of, joined, told_of
from shared.domain import Actor, NotPermittedError, UnknownError

_MATERIALS = ("kinds", "places", "child", "assessment_steps", "assessments", "plans", "medical_help")
"""Of what `show_case` tells, that which is material; no referrals, no affairs of the offender, no number."""


def interagency_workspace(application: CasesApplication, tenant: UUID, by: Actor, *, case: UUID) -> dict[str, Any]:
    """For the case's team, and for outsiders by their grant once they accepted the warning.

    {"case", "version", "state", "materials", "members", "meetings", "decisions", "tasks", "waiting"}. Session notes
    stay with the helper, the reporter's identity with the report; of referrals nothing but what waits.
    """
    ledger = application.for_tenant(tenant)
    try:
        found = application.case_of(ledger, case, by)
        rule = access.may_see_workspace(found, by, ledger.now())
    except (UnknownError, NotPermittedError) as denied:
        application.record_read(tenant, by, "interagency_workspace", [case], rule_of(denied), allowed=False)
        raise
    application.record_read(tenant, by, "interagency_workspace", [case], rule)
    events = [event for _, event in ledger.events(case)]
    return _standing(found, ledger.now()) | _done_together(found, events, ledger.now())


def _standing(case: Case, now: datetime) -> dict[str, Any]:
    members = [
        {
            "seat": seat,
            "agency": held.agency,
            "person": held.person,
            "rights": sorted(held.rights),
            "ends_at": held.ends_at,
            "accepted": held.accepted,
        }
        for seat, held in case.seats.items()
        if held.runs(now)
    ]
    return {
        "case": case.id,
        "version": case.version,
        "state": "open" if case.is_open else "closed",
        "members": members,
        "coordinator": case.coordinator,
        "team": [{"person": person, "role": member.role.value} for person, member in case.team.items()],
    }


def _done_together(case: Case, events: list[Any], now: datetime) -> dict[str, Any]:
    told = told_of(case, events)
    sessions = [
        {"at": event.timestamp, "attended": event.attended, "observed_change": event.observed_change}
        for event in each_of(events, Case.SessionHeld)
    ]
    materials = {name: told[name] for name in _MATERIALS} | {
        "reports": sorted(case.reports, key=str),
        "immediate_danger": case.immediate_danger,
        "level": case.level.value if case.level else None,
        "sessions": sessions,
    }
    tasks = joined("task", each_of(events, *_OF_TASKS))
    return {
        "materials": materials,
        "meetings": [_meeting(case, event) for event in each_of(events, Case.InteragencyMeetingHeld)],
        "decisions": [dated(event) for event in each_of(events, Case.JointDecisionRecorded)],
        "tasks": [task | _state(case, task["task"], now) for task in tasks],
        "waiting": told["waiting"],
    }


_OF_TASKS = (Case.InteragencyTaskGiven, Case.InteragencyTaskDone, Case.InteragencyTaskDropped)


def _state(case: Case, task: UUID, now: datetime) -> dict[str, Any]:
    given = case.tasks.get(task)
    return {"open": given is not None, "overdue": given is not None and now >= given.due_at}


def _meeting(case: Case, held: Any) -> dict[str, Any]:
    meeting = case.joint_meetings[held.meeting]
    answers = {"confirmed": sorted(meeting.confirmed, key=str), "denied": sorted(meeting.denied, key=str)}
    return {"at": held.timestamp, **facts_of(held), **answers}
