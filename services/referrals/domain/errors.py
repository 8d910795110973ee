"""What stands in the way, as facts.

DomainError
+-- StepOutOfOrderError           the referral is in another state than this step needs
+-- ReferralAlreadyEndedError     it was completed, rejected, cancelled or given up
+-- CaseClosedError               the case is closed: nothing new is asked of anybody for it
+-- ReferralAlreadyOpenError      the same agency has an open referral for the same case: the first is named
+-- FieldsNotAsShownError         the approval names other fields than those that would leave
+-- AnotherAgencysReferralError   an agency answers for a referral that is not its own
+-- AgencyHasNoLinkError          the agency is reached in another way than by a one-time link
+-- LinkNotOpenError              the link was real, and leads nowhere any more: says why
+-- LinkTakesNoSuchStepError      such an answer is not given by link
+-- NoWebhookError                the agency has no address for its machine
+-- WebhookAddressRefusedError    not an address that we call: says why
+-- MessageRefusedError           what an agency's machine answered was not taken: says why
NotPermittedError                 names its rule (shared.domain)
UnknownError (shared.domain)
+-- NoSuchThingError              there is none of that id in the tenant; answers as what is hidden does
    +-- BehindAWallError          the caller is walled off: only the access log tells it from an unknown one
"""

from __future__ import annotations

from shared.domain import DomainError, UnknownError


class NoSuchThingError(UnknownError):
    """There is none: told apart from what is hidden in the access log alone."""

    rule = "unknown"


class BehindAWallError(NoSuchThingError):
    """The caller must not learn of it (CON-08)."""

    rule = "walled"


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


class AgencyHasNoLinkError(DomainError):
    """Facts: channel."""

    code = "referrals.agency_has_no_link"


class LinkNotOpenError(DomainError):
    """Facts: reason (`expired`, `revoked`, `used_up`). Told to nobody but who holds the true link."""

    code = "referrals.link_not_open"


class LinkTakesNoSuchStepError(DomainError):
    """Facts: step."""

    code = "referrals.link_takes_no_such_step"


class NoWebhookError(DomainError):
    """Facts: agency."""

    code = "referrals.no_webhook"


class WebhookAddressRefusedError(DomainError):
    """Facts: reason (a code)."""

    code = "referrals.webhook_address_refused"


class ClockNotRunOutError(DomainError):
    """The agency is not silent past this clock, or that was left already; facts `clock`."""

    code = "referrals.clock_not_run_out"


class MessageRefusedError(DomainError):
    """Facts: reason (a code, as in the queue of refusals)."""

    code = "referrals.message_refused"
