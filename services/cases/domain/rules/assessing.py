"""The child, the risk, the duty to inform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from services.cases.domain import errors
from services.cases.domain.values import Duty

if TYPE_CHECKING:
    from services.cases.domain.chapters.chapter import Chapter


def child_is_born(birth_date: date, today: date) -> None:
    """A birth date does not lie ahead."""
    if birth_date > today:
        raise errors.BirthDateAheadError(birth_date=birth_date.isoformat())


def every_factor_is_answered(factors: Mapping[str, str], asked: Sequence[str]) -> None:
    """Risk factors cannot be left out unanswered (RSK-03)."""
    missing = [factor for factor in asked if factor not in factors]
    unknown = sorted(set(factors) - set(asked))
    if missing or unknown:
        raise errors.RiskFactorsUnansweredError(missing=missing, unknown=unknown)


def risk_is_assessed(case: Chapter) -> None:
    """Plans and closing rest on an assessment since the case was last opened (RSK-04)."""
    if not case.is_assessed:
        raise errors.RiskNotAssessedError


def duty_to_inform_is_open(case: Chapter) -> None:
    """Only an open duty is met or lifted (REF-01)."""
    if Duty.INFORM_AGENCIES not in case.open_duties:
        raise errors.NoDutyToInformError


def duty_to_inform_is_not_open(case: Chapter) -> None:
    """A duty that is open is not opened again."""
    if Duty.INFORM_AGENCIES in case.open_duties:
        raise errors.DutyToInformOpenError


def notification_was_delivered(case: Chapter, referral: UUID) -> None:
    """The duty to inform ends only by a notification that reached its agency (REF-01)."""
    if referral not in case.delivered:
        raise errors.NotificationNotDeliveredError(referral=str(referral))


def own_measures_are_owed(case: Chapter) -> None:
    """Own measures answer a declined or silent referral (REF-07)."""
    if not case.awaiting_own_measures:
        raise errors.NoOwnMeasuresOwedError
