"""What is counted of cases (SSS-07): dates and codes, never who; the class stays sealed, read when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, delete, insert, select, update

from services.cases.domain.case import Case
from services.cases.domain.figures import UNKNOWN, Facet, Measure
from services.cases.read_models import case_facets, case_figures
from shared.regulation import local_day

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def case_opened(connection: Connection, tenant: UUID, event: Case.Opened) -> None:
    """When the case was entered, and how it came about."""
    case = event.originator_id
    for table in (case_figures, case_facets):
        connection.execute(delete(table).where(_of(table, tenant, case)))
    times = {"happened_at": event.happened_at, "received_at": event.received_at}
    times |= {"first_action_at": event.first_action_at, "opened_at": event.timestamp}
    connection.execute(
        insert(case_figures).values(
            tenant=tenant,
            case=case,
            reopened=0,
            counted_to=event.originator_version,
            reviews=0,
            reviews_with_change=0,
            **{name: _text(moment) for name, moment in times.items()},
        )
    )
    _facets_of_report(connection, tenant, event)


def report_linked(connection: Connection, tenant: UUID, event: Case.ReportLinked) -> None:
    """Another report of the same events: what it adds; the earliest of its times are those that count."""
    case = event.originator_id
    for name in ("happened_at", "received_at", "first_action_at"):
        moment, column = _text(getattr(event, name)), case_figures.c[name]
        if moment is not None:
            later = column.is_(None) | (column > moment)
            connection.execute(
                update(case_figures).where(_of(case_figures, tenant, case) & later).values({name: moment})
            )
    _facets_of_report(connection, tenant, event)


def risk_assessed(connection: Connection, tenant: UUID, event: Case.RiskAssessed) -> None:
    """The first level, and the latest."""
    case = event.originator_id
    first = _of(case_figures, tenant, case) & case_figures.c.first_level.is_(None)
    connection.execute(update(case_figures).where(first).values(first_level=event.level))
    _change(connection, tenant, case, level=event.level)


def plan_reviewed(connection: Connection, tenant: UUID, event: Case.PlanReviewed) -> None:
    """Whether change was seen."""
    seen = case_figures.c.reviews_with_change + int(event.change_seen)
    _count(connection, tenant, event, reviews=case_figures.c.reviews + 1, reviews_with_change=seen)


def case_closed(connection: Connection, tenant: UUID, event: Case.Closed) -> None:
    """When it ended."""
    _change(connection, tenant, event.originator_id, closed_at=_text(event.timestamp))


def case_reopened(connection: Connection, tenant: UUID, event: Case.Reopened) -> None:
    """That it did not last."""
    _change(connection, tenant, event.originator_id, closed_at=None)
    _count(connection, tenant, event, reopened=case_figures.c.reopened + 1)


def support_plan_drawn_up(connection: Connection, tenant: UUID, event: Case.SupportPlanDrawnUp) -> None:
    """A measure, and the natures of those in it; plans of old say none."""
    natures = {measure.get("nature") for goal in event.goals for measure in goal["measures"]} - {None}
    _facets(connection, tenant, event.originator_id, Facet.MEASURE, [Measure.SUPPORT_PLAN.value, *natures])


def _measure(measure: Measure) -> Callable[[Connection, UUID, Any], None]:
    def measure_taken(connection: Connection, tenant: UUID, event: Any) -> None:
        _facets(connection, tenant, event.originator_id, Facet.MEASURE, [measure.value])

    return measure_taken


PROJECTIONS: Mapping[str, Callable[[Connection, UUID, Any], None]] = {
    Case.Opened.TOPIC: case_opened,
    Case.ReportLinked.TOPIC: report_linked,
    Case.RiskAssessed.TOPIC: risk_assessed,
    Case.PlanReviewed.TOPIC: plan_reviewed,
    Case.Closed.TOPIC: case_closed,
    Case.Reopened.TOPIC: case_reopened,
    Case.SupportPlanDrawnUp.TOPIC: support_plan_drawn_up,
    Case.SafetyPlanDrawnUp.TOPIC: _measure(Measure.SAFETY_PLAN),
    Case.SessionHeld.TOPIC: _measure(Measure.SESSIONS),
    Case.MedicalHelpOrganised.TOPIC: _measure(Measure.MEDICAL_HELP),
    Case.OwnMeasuresTaken.TOPIC: _measure(Measure.OWN_MEASURES),
    Case.ReferralRequestNoted.TOPIC: _measure(Measure.REFERRAL),
    Case.InteragencyStepOpened.TOPIC: _measure(Measure.INTERAGENCY_TEAM),
    Case.OffenderDecisionRecorded.TOPIC: _measure(Measure.OFFENDER_DECISION),
}


def _facets_of_report(connection: Connection, tenant: UUID, event: Case.Opened | Case.ReportLinked) -> None:
    case = event.originator_id
    _facets(connection, tenant, case, Facet.KIND, event.kinds)
    _facets(connection, tenant, case, Facet.PLACE, [event.place])
    _facets(connection, tenant, case, Facet.AGGRESSOR, event.accused or [UNKNOWN])
    weekday = UNKNOWN if event.happened_at is None else WEEKDAYS[local_day(event.happened_at).weekday()]
    _facets(connection, tenant, case, Facet.WEEKDAY, [weekday])


def _facets(connection: Connection, tenant: UUID, case: UUID, facet: Facet, codes: Iterable[str]) -> None:
    """Adds codes; once something is known, `unknown` is no answer any more."""
    of_facet = _of(case_facets, tenant, case) & (case_facets.c.facet == facet.value)
    known = set(connection.scalars(select(case_facets.c.code).where(of_facet)))
    wanted = (known | set(codes)) - {UNKNOWN} or {UNKNOWN}
    for code in sorted(known - wanted):
        connection.execute(delete(case_facets).where(of_facet & (case_facets.c.code == code)))
    for code in sorted(wanted - known):
        connection.execute(insert(case_facets).values(tenant=tenant, case=case, facet=facet.value, code=code))


def _change(connection: Connection, tenant: UUID, case: UUID, **values: Any) -> None:
    connection.execute(update(case_figures).where(_of(case_figures, tenant, case)).values(**values))


def _count(connection: Connection, tenant: UUID, event: Any, **values: Any) -> None:
    """Counts an event, once: done twice it changes nothing."""
    uncounted = _of(case_figures, tenant, event.originator_id) & (case_figures.c.counted_to < event.originator_version)
    connection.execute(update(case_figures).where(uncounted).values(counted_to=event.originator_version, **values))


def _of(table: Table, tenant: UUID, case: UUID) -> Any:
    return (table.c.tenant == tenant) & (table.c.case == case)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()
