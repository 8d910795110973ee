"""What stands in the way, as facts.

DomainError
+-- StepOutOfOrderError           the referral is in another state than this step needs
+-- ReferralAlreadyEndedError     it was completed, rejected, cancelled or given up
+-- CaseClosedError               the case is closed: nothing new is asked of anybody for it
+-- ReferralAlreadyOpenError      the same agency has an open referral for the same case: the first is named
+-- FieldsNotAsShownError         the approval names other fields than those that would leave
+-- AnotherAgencysReferralError   an agency answers for a referral that is not its own
NotPermittedError                 names its rule (shared.domain)
UnknownError (shared.domain)
+-- NoSuchThingError              there is none of that id in the tenant; answers as what is hidden does
"""

from __future__ import annotations

from shared.domain import DomainError, UnknownError


class NoSuchThingError(UnknownError):
    """There is none: told apart from what is hidden in the access log alone."""


class StepOutOfOrderError(DomainError):
    """Facts: step, state, allowed_from (states)."""

    code = "referrals.step_out_of_order"


class ReferralAlreadyEndedError(DomainError):
    """Facts: state."""

    code = "referrals.referral_already_ended"


class CaseClosedError(DomainError):
    """Facts: case."""

    code = "referrals.case_closed"


class ReferralAlreadyOpenError(DomainError):
    """Facts: referral (the first one), agency."""

    code = "referrals.referral_already_open"


class FieldsNotAsShownError(DomainError):
    """Facts: missing, extra (field names)."""

    code = "referrals.fields_not_as_shown"


class AnotherAgencysReferralError(DomainError):
    """Facts: none; who asks learns nothing about a referral that is not theirs."""

    code = "referrals.another_agencys_referral"
