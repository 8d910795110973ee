"""Which stored events leave this service, and in which public form: ids and codes, no names, no texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.reports.domain.breach import Breach
from services.reports.domain.report import Report
from services.reports.domain.sign_note import SignNote
from shared.ladder import climb_body, climb_ended_body
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
            "walled_roles": event.walled_roles,
        },
    )


def person_walled_off(event: Report.PersonWalledOff) -> PublicForm:
    """One more is kept away, also from the cases that the report led to (REP-02)."""
    return PublicForm(
        type="reports.person_walled_off.v1",
        body={
            "report": event.originator_id,
            "person": event.person,
            "cases": list(event.cases),
            "walled_roles": event.walled_roles,
        },
    )


def wall_passed_on(event: Report.WallPassedOn) -> PublicForm:
    """A case became known after somebody was walled off from the report (REP-02)."""
    return PublicForm(
        type="reports.person_walled_off.v1",
        body={"report": event.originator_id, "person": event.person, "cases": [event.case], "walled_roles": None},
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
            "accused_categories": list(event.accused_categories),
            "happened_at": event.happened_at,
            "received_at": event.received_at,
            "first_action_at": event.first_action_at,
        },
    )


def report_not_confirmed(event: Report.NotConfirmed) -> PublicForm:
    """Checked, and no fact."""
    return PublicForm(type="reports.report_not_confirmed.v1", body={"report": event.originator_id})


def report_out_of_scope(event: Report.LeftOutOfScope) -> PublicForm:
    """Nothing for this service."""
    return PublicForm(type="reports.report_out_of_scope.v1", body={"report": event.originator_id})


def facts_added(event: Report.FactsAdded | Report.AttachmentAdded) -> PublicForm:
    """Whoever reported said more, or a file came: new facts also for the cases that the report led to (RSK-05)."""
    return PublicForm(type="reports.facts_added.v1", body={"report": event.originator_id, "cases": list(event.cases)})


def problem_behaviour_passed_on(event: Report.ProblemBehaviourPassedOn) -> PublicForm:
    """For the risk group: which report, and whom it keeps away, by person and by role (REP-01, SSS-06)."""
    return PublicForm(
        type="reports.problem_behaviour_reported.v1",
        body={
            "report": event.originator_id,
            "walled": list(event.walled),
            "walled_roles": list(event.walled_roles),
        },
    )


def deadline_climbed(
    event: Report.DeadlineMissed | SignNote.ConsiderationMissed | Breach.InquiryMissed,
) -> PublicForm | None:
    """Only what came up to the department, where it is known which."""
    if event.department is None:
        return None
    return PublicForm(type="reports.deadline_climbed.v1", body=climb_body(event))


def climb_ended(event: Report.ClimbEnded | SignNote.ClimbEnded | Breach.ClimbEnded) -> PublicForm | None:
    """It is settled."""
    if event.department is None:
        return None
    return PublicForm(type="reports.climb_ended.v1", body=climb_ended_body(event))


PUBLICATIONS: Mapping[str, Callable[[Any], PublicForm | None]] = {
    Report.Received.TOPIC: report_received,
    Report.PersonWalledOff.TOPIC: person_walled_off,
    Report.FactsAdded.TOPIC: facts_added,
    Report.AttachmentAdded.TOPIC: facts_added,
    Report.Confirmed.TOPIC: report_confirmed,
    Report.NotConfirmed.TOPIC: report_not_confirmed,
    Report.LeftOutOfScope.TOPIC: report_out_of_scope,
    Report.WallPassedOn.TOPIC: wall_passed_on,
    Report.ProblemBehaviourPassedOn.TOPIC: problem_behaviour_passed_on,
    Report.DeadlineMissed.TOPIC: deadline_climbed,
    Report.ClimbEnded.TOPIC: climb_ended,
    SignNote.ConsiderationMissed.TOPIC: deadline_climbed,
    SignNote.ClimbEnded.TOPIC: climb_ended,
    Breach.InquiryMissed.TOPIC: deadline_climbed,
    Breach.ClimbEnded.TOPIC: climb_ended,
}
