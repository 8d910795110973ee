"""What stands in the way of closing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.cases.domain import errors
from services.cases.domain.values import OPEN_REFERRALS, Criterion, Duty

if TYPE_CHECKING:
    from services.cases.domain.chapters.chapter import Chapter


def nothing_is_owed_outside(case: Chapter) -> None:
    """No closing while agencies are to be informed or own measures to be taken (REF-01, REF-07)."""
    owed = [duty.value for duty in (Duty.INFORM_AGENCIES, Duty.OWN_MEASURES) if duty in case.open_duties]
    if owed:
        raise errors.DutiesStillOpenError(duties=owed)


def no_referral_is_open(case: Chapter) -> None:
    """No closing while an agency still works on it (REF-03)."""
    waiting = sorted(str(referral) for referral, state in case.referrals.items() if state in OPEN_REFERRALS)
    if waiting:
        raise errors.ReferralsStillOpenError(referrals=waiting)


def no_medical_help_is_awaited(case: Chapter) -> None:
    """No closing before it is known what came of the help that was asked for (PLN-01)."""
    if case.awaited_help:
        raise errors.MedicalHelpAwaitedError(medical_help=sorted(map(str, case.awaited_help)))


def change_is_lasting(not_met: Sequence[Criterion]) -> None:
    """A case closes only when positive, lasting change shows in every criterion (PLN-05)."""
    if not_met:
        raise errors.CriteriaNotMetError(criteria=[criterion.value for criterion in not_met])
