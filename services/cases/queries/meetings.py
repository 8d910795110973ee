"""The meetings of the service, month by month; cases discussed there as far as the caller may see them (SSS-04)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.cases.application import CasesApplication
from services.cases.domain import access
from services.cases.domain.days import month_after, month_of
from services.cases.domain.meeting_minutes import MeetingMinutes
from services.cases.domain.safety_service import SafetyService, safety_service_id
from services.cases.queries.lists import cases_to_see
from services.cases.queries.seeing import is_walled_anywhere
from services.cases.queries.service import see_service
from shared.domain import Actor
from shared.ledger.application import TenantLedger

Told = dict[str, Any]


def service_meetings(application: CasesApplication, tenant: UUID, by: Actor) -> Told:
    """Every month since the first owed, and every meeting, the latest first.

    Minutes are for those who took part, and auditors: whether somebody else lacks them says nothing of what was said.
    """
    ledger = application.for_tenant(tenant)
    service = ledger.find(SafetyService, safety_service_id(tenant))
    see_service(application, tenant, by, service, "service_meetings")
    if service is None:
        return {"months": [], "meetings": []}
    told = _as_told([event for _, event in ledger.events(service.id)])
    cases = _cases(application, tenant, by, told)
    shown = [_meeting(service, meeting, facts, cases) for meeting, facts in told.items()]
    _add_minutes(application, ledger, by, service, shown)
    shown.sort(key=lambda one: (one["held_at"], str(one["meeting"])), reverse=True)
    return {"months": _months(service, ledger.now()), "meetings": shown}


def _months(service: SafetyService, now: datetime) -> list[Told]:
    month, months = service.first_month, []
    while month <= max(month_of(now), service.first_month):
        held = service.counted_in.get(month, 0)
        months.append({"month": month, "state": _state(service, month, held), "meetings": held})
        month = month_after(month)
    return months


def _state(service: SafetyService, month: str, held: int) -> str:
    if month in service.missed_months:
        return "held_late" if held else "missed"
    return "held" if month < service.owed_month or (month > service.owed_month and held) else "owed"


def _as_told(events: list[Any]) -> dict[UUID, Told]:
    """Each meeting's own events, put together."""
    told: dict[UUID, Told] = {}
    for event in events:
        if isinstance(event, SafetyService.MeetingHeld):
            told[event.meeting] = {
                "agenda": event.agenda,
                "decisions": event.decisions,
                "corrections": [],
                "cases": [],
            }
        elif isinstance(event, SafetyService.MeetingCorrected):
            facts = told[event.meeting]
            before = {"agenda": facts["agenda"], "decisions": facts["decisions"]}
            correction = {"at": event.timestamp, "actor": event.actor, "reason": event.reason, "before": before}
            facts["corrections"].append(correction)
            facts |= {"agenda": event.agenda, "decisions": event.decisions}
        elif isinstance(event, SafetyService.CaseDiscussed):
            told[event.meeting]["cases"].append((event.case, event.case_meeting))
    return told


def _cases(application: CasesApplication, tenant: UUID, by: Actor, told: dict[UUID, Told]) -> dict[UUID, Told]:
    """What is shown of each case that was discussed and that the caller may see; those read are recorded."""
    discussed = {case for facts in told.values() for case, _ in facts["cases"]}
    if not discussed:
        return {}
    numbered = not is_walled_anywhere(application, tenant, by)
    seen = [case for case in cases_to_see(application, tenant, by) if case.id in discussed]
    application.record_read(tenant, by, "service_meetings", [case.id for case in seen], "CON-01")
    return {case.id: {"case": case.id} | ({"number": case.number} if numbered else {}) for case in seen}


def _meeting(service: SafetyService, meeting: UUID, facts: Told, cases: dict[UUID, Told]) -> Told:
    met = service.meetings[meeting]
    return facts | {
        "meeting": meeting,
        "held_at": met.held_at,
        "participants": sorted(met.participants, key=str),
        "confirmed": sorted(met.confirmed, key=str),
        "denied": sorted(met.denied, key=str),
        "counts": met.counted,
        "cases": [cases[case] | {"meeting": held} for case, held in facts["cases"] if case in cases],
    }


def _add_minutes(
    application: CasesApplication, ledger: TenantLedger, by: Actor, service: SafetyService, shown: list[Told]
) -> None:
    open_to = [one for one in shown if access.audits(by) or by.person in service.meetings[one["meeting"]].participants]
    streams = {one["meeting"]: service.minutes_of(one["meeting"]) for one in open_to}
    if streams:
        application.record_read(ledger.tenant, by, "meeting_minutes", list(streams.values()), "SSS-04")
    for one in open_to:
        minutes = ledger.find(MeetingMinutes, streams[one["meeting"]])
        if minutes is not None:
            one["minutes"] = minutes.text
