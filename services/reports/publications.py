"""Which stored events leave this service, and in which public form: ids and codes, no names, no texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.reports.domain.report import Report
from shared.policy import PublicForm


def report_received(event: Report.Received) -> PublicForm:
    """Somebody reported; whom to keep away is known at once (REP-02)."""
    return PublicForm(
        type="reports.report_received.v1",
        body={
            "report": event.originator_id,
            "source": event.source,
            "channel": event.channel,
            "immediate_danger": event.immediate_danger,
            "walled": event.walled,
        },
    )


def person_walled_off(event: Report.PersonWalledOff) -> PublicForm:
    """One more is kept away, also from the cases that the report led to (REP-02)."""
    return PublicForm(
        type="reports.person_walled_off.v1",
        body={"report": event.originator_id, "person": event.person, "cases": list(event.cases)},
    )


def wall_passed_on(event: Report.WallPassedOn) -> PublicForm:
    """A case became known after somebody was walled off from the report (REP-02)."""
    return PublicForm(
        type="reports.person_walled_off.v1",
        body={"report": event.originator_id, "person": event.person, "cases": [event.case]},
    )


def report_confirmed(event: Report.Confirmed) -> PublicForm:
    """A fact that goes into the case register (REP-07)."""
    return PublicForm(
        type="reports.report_confirmed.v1",
        body={
            "report": event.originator_id,
            "kinds": event.kinds,
            "place": event.place,
            "immediate_danger": event.immediate_danger,
            "walled": event.walled,
            "owner": event.owner,
            "cases": event.cases,
            "count_of_cases": event.count_of_cases,
        },
    )


def report_not_confirmed(event: Report.NotConfirmed) -> PublicForm:
    """Checked, and no fact."""
    return PublicForm(type="reports.report_not_confirmed.v1", body={"report": event.originator_id})


def report_out_of_scope(event: Report.LeftOutOfScope) -> PublicForm:
    """Nothing for this service."""
    return PublicForm(type="reports.report_out_of_scope.v1", body={"report": event.originator_id})


PUBLICATIONS: Mapping[str, Callable[[Any], PublicForm | None]] = {
    Report.Received.TOPIC: report_received,
    Report.PersonWalledOff.TOPIC: person_walled_off,
    Report.Confirmed.TOPIC: report_confirmed,
    Report.NotConfirmed.TOPIC: report_not_confirmed,
    Report.LeftOutOfScope.TOPIC: report_out_of_scope,
    Report.WallPassedOn.TOPIC: wall_passed_on,
}
