"""The rules of a report, each a statement that is true when kept; one refusal each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from services.reports.domain import errors
from services.reports.domain.values import FINAL, SSS_ROLES, Accused, Kind, Place, State, Urgency

if TYPE_CHECKING:
    from services.reports.domain.report import Report


def report_has_not_ended(report: Report) -> None:
    """A confirmed, unconfirmed or out-of-scope report stays so (REP-06)."""
    if report.state in FINAL:
        raise errors.ReportAlreadyEndedError(state=report.state.value)


def report_is_not_triaged_yet(report: Report) -> None:
    """A report is judged once."""
    if report.state is not State.RECEIVED:
        raise errors.ReportAlreadyTriagedError(state=report.state.value)


def report_is_triaged(report: Report) -> None:
    """Somebody of the service has judged the report first."""
    if report.state is State.RECEIVED:
        raise errors.ReportNotTriagedError


def verification_has_not_begun(report: Report) -> None:
    """A verification begins once."""
    if report.state is State.UNDER_VERIFICATION:
        raise errors.VerificationAlreadyBegunError(owner=str(report.owner))


def verification_has_begun(report: Report) -> None:
    """Somebody owns the verification."""
    if report.state is not State.UNDER_VERIFICATION:
        raise errors.VerificationNotBegunError(state=report.state.value)


def verification_has_a_finding(report: Report) -> None:
    """Objectivity and truth were checked before anything is decided (REP-06)."""
    if report.steps == 0:
        raise errors.NothingFoundYetError


def reasons_are_given(reasons: str) -> None:
    """However a report ends, it says why (REP-06)."""
    if not reasons.strip():
        raise errors.ReasonsMissingError


def confirmed_kinds_are_of_violence(kinds: Collection[Kind]) -> None:
    """A confirmed fact has one or more kinds of violence; problem behaviour alone is none."""
    if not set(kinds) - {Kind.PROBLEM_BEHAVIOUR}:
        raise errors.KindsMissingError


def place_is_known(place: Place | None) -> Place:
    """A confirmed fact has a place; returns it."""
    if place is None:
        raise errors.PlaceMissingError
    return place


def danger_is_immediately_urgent(immediate_danger: bool, urgency: Urgency) -> None:
    """Immediate danger to life or health skips the queue (REP-08)."""
    if immediate_danger and urgency is not Urgency.IMMEDIATE:
        raise errors.DangerIsUrgentError(urgency=urgency.value)


def owner_is_not_walled_off(report: Report, owner: UUID | None) -> None:
    """Nobody verifies a report about themselves, or about somebody close (REP-02)."""
    if owner in report.walled:
        raise errors.OwnerIsWalledOffError


def accused_of_the_service_are_identified(accused: Sequence[Accused]) -> None:
    """Whoever of the service is complained of is known by person before a case opens, so that the wall holds."""
    unknown = sorted({one.role.value for one in accused if one.role in SSS_ROLES and one.person is None and one.role})
    if unknown:
        raise errors.AccusedNotIdentifiedError(roles=unknown)


def a_case_follows(cases: Collection[UUID], count_of_cases: int) -> None:
    """A confirmed fact is entered in the register: it joins cases, or opens new ones (REP-07)."""
    if bool(cases) == (count_of_cases > 0):
        raise errors.CasesMisstatedError(cases=len(cases), count_of_cases=count_of_cases)


def accused_exists(report: Report, index: int | None) -> None:
    """The one complained of is one of the report's."""
    if index is not None and not 0 <= index < len(report.accused):
        raise errors.NoSuchAccusedError(accused=len(report.accused))
