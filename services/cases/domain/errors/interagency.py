"""Why the interagency team's work is refused, or is not there for the caller."""

from __future__ import annotations

from shared.domain import DomainError, UnknownError


class NotByThisGrantError(UnknownError):
    """The caller's grant opens nothing here: made up, another case's, ended. Only the access log tells (CON-08)."""

    rule = "grant_opens_its_case"

    def __init__(self) -> None:
        super().__init__(what="case")


class InteragencyStepNotOpenError(DomainError):
    """No interagency team is convened in this case."""

    code = "cases.interagency_step_not_open"


class InteragencyStepOpenError(DomainError):
    """It is convened already."""

    code = "cases.interagency_step_open"


class AgencyHasSeatError(DomainError):
    """The agency has a seat that holds."""

    code = "cases.agency_has_seat"


class NoSuchSeatError(DomainError):
    """There is no such seat, or it ended."""

    code = "cases.no_such_seat"


class NotInInteragencyTeamError(DomainError):
    """`persons` who are neither of the case's team nor sit in the interagency team, warned."""

    code = "cases.not_in_interagency_team"


class OneSideAloneError(DomainError):
    """Only the school, or only agencies, took part: `school` and `agencies` tell how many of each confirmed."""

    code = "cases.one_side_alone"


class NoSuchTaskError(DomainError):
    """There is no such task, or it is done."""

    code = "cases.no_such_task"


class TaskOwnerMissingError(DomainError):
    """A task is owned by one agency that sits there, or by one person of the team."""

    code = "cases.task_owner_missing"


class TaskDueInThePastError(DomainError):
    """A task's time has passed."""

    code = "cases.task_due_in_the_past"


class TasksStillOpenError(DomainError):
    """`tasks` of the interagency team stand in the way of closing."""

    code = "cases.tasks_still_open"
