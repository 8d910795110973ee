"""Which stored events leave this service, and in which public form: ids and codes, no names, no texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.cases.domain.arrived_matter import ArrivedMatter
from services.cases.domain.case import Case
from services.cases.domain.interagency import task_duty
from services.cases.domain.safety_service import SafetyService
from services.cases.domain.safety_service.owing import duty_of
from shared.ladder import climb_body, climb_ended_body
from shared.ledger.erasure import Erasure
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


def glass_broken(event: Case.GlassBroken) -> PublicForm:
    """Somebody sees a case that they are not on, until then."""
    body = {"case": event.originator_id, "person": event.person, "until": event.until}
    return PublicForm(type="cases.glass_broken.v1", body=body)


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


def interagency_seat_offered(event: Case.SeatOffered) -> PublicForm:
    """An agency is asked for a person; whom the case walls off learns nothing of it."""
    body = {
        "case": event.originator_id,
        "seat": event.seat,
        "agency": event.agency,
        "rights": event.rights,
        "ends_at": event.ends_at,
        "walled": event.walled,
    }
    return PublicForm(type="cases.interagency_seat_offered.v1", body=body)


def interagency_seat_ended(event: Case.SeatEnded) -> PublicForm:
    """Nobody sees the case by this seat any more."""
    body = {"case": event.originator_id, "seat": event.seat, "reason": event.reason}
    return PublicForm(type="cases.interagency_seat_ended.v1", body=body)


def deadline_climbed(event: Case.DeadlineMissed) -> PublicForm | None:
    """Only what came up to the department, where it is known which."""
    if event.department is None:
        return None
    return PublicForm(type="cases.deadline_climbed.v1", body=climb_body(event))


def service_deadline_climbed(event: SafetyService.DeadlineMissed) -> PublicForm | None:
    """The same, of what the School Safety Service owes."""
    if event.department is None:
        return None
    duty = duty_of(event.duty, event.person, event.month)
    return PublicForm(type="cases.deadline_climbed.v1", body=climb_body(event, duty))


def interagency_task_climbed(event: Case.InteragencyTaskMissed) -> PublicForm | None:
    """The same, of a task of the interagency team (REF-05)."""
    if event.department is None:
        return None
    return PublicForm(type="cases.deadline_climbed.v1", body=climb_body(event, task_duty(event.task)))


def climb_ended(event: Case.ClimbEnded | SafetyService.ClimbEnded) -> PublicForm | None:
    """It is settled."""
    if event.department is None:
        return None
    return PublicForm(type="cases.climb_ended.v1", body=climb_ended_body(event))


def destruction_approved(event: Erasure.Approved) -> PublicForm | None:
    """Two persons destroy a case: what belongs to it elsewhere goes along. By the command line nothing is told."""
    if event.along is None:
        return None
    body = {
        "erasure": event.originator_id,
        "reports": event.along["reports"],
        "referrals": event.along["referrals"],
        "rule": event.rule,
        "requested_by": event.requested_by.removeprefix("person:"),
        "approved_by": event.actor.removeprefix("person:"),
    }
    return PublicForm(type="cases.destruction_approved.v1", body=body)


def parts_released(event: Case.PartsReleased) -> PublicForm:
    """Parts of a case may go to another school: ids alone."""
    body = {"transfer": event.transfer, "case": event.originator_id, "to": event.to}
    return PublicForm(type="cases.parts_released.v1", body=body)


def wall_passed_on(event: Case.WallPassedOn) -> PublicForm:
    """One more is kept away from what went to another school (REP-02)."""
    body = {"transfer": event.transfer, "case": event.originator_id, "to": event.to, "walled": event.walled}
    return PublicForm(type="cases.wall_passed_on.v1", body=body)


def matter_answered(event: ArrivedMatter.Accepted | ArrivedMatter.Declined) -> PublicForm:
    """The receiving school took a matter, or did not."""
    outcome = "accepted" if isinstance(event, ArrivedMatter.Accepted) else "declined"
    body = {"transfer": event.transfer, "case": event.case, "school": event.school, "outcome": outcome}
    return PublicForm(type="cases.matter_answered.v1", body=body)


PUBLICATIONS: Mapping[str, Callable[[Any], PublicForm | None]] = {
    Case.Opened.TOPIC: case_opened,
    Case.ReportLinked.TOPIC: report_linked,
    Case.PersonWalledOff.TOPIC: person_walled_off,
    Case.TeamMemberJoined.TOPIC: team_member_joined,
    Case.TeamMemberLeft.TOPIC: team_member_left,
    Case.CoordinatorAppointed.TOPIC: coordinator_appointed,
    Case.GlassBroken.TOPIC: glass_broken,
    Case.RiskAssessed.TOPIC: risk_assessed,
    Case.DutyToInformOpened.TOPIC: duty_to_inform_opened,
    Case.DutyToInformMet.TOPIC: duty_to_inform_met,
    Case.SeatOffered.TOPIC: interagency_seat_offered,
    Case.SeatEnded.TOPIC: interagency_seat_ended,
    Case.DeadlineMissed.TOPIC: deadline_climbed,
    Case.InteragencyTaskMissed.TOPIC: interagency_task_climbed,
    Case.ClimbEnded.TOPIC: climb_ended,
    SafetyService.DeadlineMissed.TOPIC: service_deadline_climbed,
    SafetyService.ClimbEnded.TOPIC: climb_ended,
    Case.PartsReleased.TOPIC: parts_released,
    Case.WallPassedOn.TOPIC: wall_passed_on,
    ArrivedMatter.Accepted.TOPIC: matter_answered,
    ArrivedMatter.Declined.TOPIC: matter_answered,
    Case.Closed.TOPIC: case_closed,
    Erasure.Approved.TOPIC: destruction_approved,
    Case.Reopened.TOPIC: case_reopened,
}
