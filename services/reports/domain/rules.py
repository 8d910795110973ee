"""The rules of a report, each a statement that is true when kept; one refusal each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from services.reports.domain import errors
from services.reports.domain.values import FINAL, SSS_ROLES, Accused, Duty, Kind, Outcome, Place, State, Urgency

if TYPE_CHECKING:
    from services.reports.domain.chapters.chapter import Chapter


def report_has_not_ended(report: Chapter) -> None:
    """A confirmed, unconfirmed or out-of-scope report stays so (REP-06)."""
    if report.state in FINAL:
        raise errors.ReportAlreadyEndedError(state=report.state.value)


def report_is_not_triaged_yet(report: Chapter) -> None:
    """A report is judged once."""
    if report.state is not State.RECEIVED:
        raise errors.ReportAlreadyTriagedError(state=report.state.value)


def report_is_triaged(report: Chapter) -> None:
    """Somebody of the service has judged the report first."""
    if report.state is State.RECEIVED:
        raise errors.ReportNotTriagedError


def verification_has_not_begun(report: Chapter) -> None:
    """A verification begins once."""
    if report.state is State.UNDER_VERIFICATION:
        raise errors.VerificationAlreadyBegunError(owner=str(report.owner))


def verification_has_begun(report: Chapter) -> None:
    """Somebody owns the verification."""
    if report.state is not State.UNDER_VERIFICATION:
        raise errors.VerificationNotBegunError(state=report.state.value)


def verification_has_a_finding(report: Chapter) -> None:
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


def owner_is_not_walled_off(report: Chapter, owner: UUID | None) -> None:
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


def accused_exists(report: Chapter, index: int | None) -> None:
    """The one complained of is one of the report's."""
    if index is not None and not 0 <= index < len(report.accused):
        raise errors.NoSuchAccusedError(accused=len(report.accused))


def question_exists(report: Chapter, number: int | None) -> None:
    """What is answered was asked."""
    if number is not None and number not in report.questions:
        raise errors.NoSuchQuestionError(questions=sorted(report.questions))


def attachment_is_new(report: Chapter, attachment: UUID) -> None:
    """A file is added once."""
    if attachment in report.attachments:
        raise errors.AttachmentAlreadyAddedError(attachment=str(attachment))


def attachments_are_not_too_many(others: int, most: int) -> None:
    """A report has a limited number of files, those on their way in among them."""
    if others >= most:
        raise errors.TooManyAttachmentsError(most=most)


def what_was_reported_is_named(outcome: Outcome, report: UUID | None) -> None:
    """A sign that was reported names the report, and no other does (REP-09)."""
    if (outcome is Outcome.REPORTED) != (report is not None):
        raise errors.ReportNotNamedError(outcome=outcome.value)


def reports_differ(report: UUID, other: UUID) -> None:
    """A report is not compared with itself."""
    if report == other:
        raise errors.SameReportError


def reports_are_not_joined(are_joined: bool) -> None:
    """What was joined stays joined: its walls cannot be taken back (REP-02)."""
    if are_joined:
        raise errors.ReportsAlreadyJoinedError


def walls_are_by_person(report: Chapter) -> None:
    """Whoever is complained of is known by person before a wall is shared, so that it holds for both (REP-02)."""
    unknown = sorted({one.role.value for one in report.accused if one.role is not None and one.person is None})
    if unknown:
        raise errors.AccusedNotIdentifiedError(roles=unknown)


def duty_is_owed(report: Chapter, duty: Duty) -> None:
    """Only what is owed can be left."""
    if duty not in report.open_duties:
        raise errors.DutyNotOwedError(duty=duty.value)
