"""Which stored events leave this service, and in which public form: ids and codes, no names, no texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.cases.domain.case import Case
from shared.policy import PublicForm


def case_opened(event: Case.Opened) -> PublicForm:
    """A case was entered in the register, with the persons whom it walls off."""
    return PublicForm(
        type="cases.case_opened.v1",
        body={
            "case": event.originator_id,
            "report": event.report,
            "register_year": event.register_year,
            "number": event.number,
            "walled": event.walled,
            "immediate_danger": event.immediate_danger,
        },
    )


def report_linked(event: Case.ReportLinked) -> PublicForm:
    """Another report joined: whom it walls off is kept away from now on."""
    return PublicForm(
        type="cases.report_linked.v1",
        body={
            "case": event.originator_id,
            "report": event.report,
            "walled": event.walled,
            "immediate_danger": event.immediate_danger,
        },
    )


def person_walled_off(event: Case.PersonWalledOff) -> PublicForm:
    """One more is kept away from the case."""
    body = {"case": event.originator_id, "person": event.person}
    return PublicForm(type="cases.person_walled_off.v1", body=body)


def team_member_joined(event: Case.TeamMemberJoined) -> PublicForm:
    """A person came on the team."""
    body = {"case": event.originator_id, "person": event.person, "role": event.role}
    return PublicForm(type="cases.team_member_joined.v1", body=body)


def team_member_left(event: Case.TeamMemberLeft) -> PublicForm:
    """A person is no longer on the team."""
    body = {"case": event.originator_id, "person": event.person, "role": event.role}
    return PublicForm(type="cases.team_member_left.v1", body=body)


def coordinator_appointed(event: Case.CoordinatorAppointed) -> PublicForm:
    """Coordination passed to a person."""
    body = {"case": event.originator_id, "person": event.person}
    return PublicForm(type="cases.coordinator_appointed.v1", body=body)


def risk_assessed(event: Case.RiskAssessed) -> PublicForm:
    """The level of risk is known, or known anew."""
    return PublicForm(type="cases.risk_assessed.v1", body={"case": event.originator_id, "level": event.level})


def duty_to_inform_opened(event: Case.DutyToInformOpened) -> PublicForm:
    """Agencies are to be informed."""
    body = {"case": event.originator_id, "due_at": event.due_at}
    return PublicForm(type="cases.duty_to_inform_opened.v1", body=body)


def duty_to_inform_met(event: Case.DutyToInformMet) -> PublicForm:
    """Agencies were informed."""
    body = {"case": event.originator_id, "due_at": event.due_at}
    return PublicForm(type="cases.duty_to_inform_met.v1", body=body)


def case_closed(event: Case.Closed) -> PublicForm:
    """The case is closed."""
    return PublicForm(type="cases.case_closed.v1", body={"case": event.originator_id})


def case_reopened(event: Case.Reopened) -> PublicForm:
    """The case goes on."""
    return PublicForm(type="cases.case_reopened.v1", body={"case": event.originator_id})


PUBLICATIONS: Mapping[str, Callable[[Any], PublicForm | None]] = {
    Case.Opened.TOPIC: case_opened,
    Case.ReportLinked.TOPIC: report_linked,
    Case.PersonWalledOff.TOPIC: person_walled_off,
    Case.TeamMemberJoined.TOPIC: team_member_joined,
    Case.TeamMemberLeft.TOPIC: team_member_left,
    Case.CoordinatorAppointed.TOPIC: coordinator_appointed,
    Case.RiskAssessed.TOPIC: risk_assessed,
    Case.DutyToInformOpened.TOPIC: duty_to_inform_opened,
    Case.DutyToInformMet.TOPIC: duty_to_inform_met,
    Case.Closed.TOPIC: case_closed,
    Case.Reopened.TOPIC: case_reopened,
}
