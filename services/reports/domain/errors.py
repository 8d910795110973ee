"""What a report refuses, each with a code; none with prose.

DomainError
+-- ReportAlreadyEndedError          confirmed, not confirmed or out of scope is final (REP-06)
+-- ReportAlreadyTriagedError
+-- ReportNotTriagedError
+-- VerificationAlreadyBegunError
+-- VerificationNotBegunError
+-- NothingFoundYetError             no step of the verification has a finding
+-- ReasonsMissingError
+-- KindsMissingError                a confirmed fact has a kind of violence
+-- PlaceMissingError
+-- DangerIsUrgentError              immediate danger skips the queue (REP-08)
+-- OwnerIsWalledOffError            nobody verifies a report about themselves
+-- AccusedNotIdentifiedError        whom to wall off is not known yet (REP-02)
+-- CasesMisstatedError            a confirmed report leads to at least one case (REP-07)
+-- NoSuchAccusedError
"""

from __future__ import annotations

from shared.domain import DomainError


class ReportAlreadyEndedError(DomainError):
    """It is confirmed, not confirmed or out of scope: facts `state`."""

    code = "reports.report_already_ended"


class ReportAlreadyTriagedError(DomainError):
    """Somebody has judged it: facts `state`."""

    code = "reports.report_already_triaged"


class ReportNotTriagedError(DomainError):
    """Nobody has judged it yet."""

    code = "reports.report_not_triaged"


class VerificationAlreadyBegunError(DomainError):
    """Somebody verifies it: facts `owner`."""

    code = "reports.verification_already_begun"


class VerificationNotBegunError(DomainError):
    """Nobody verifies it yet: facts `state`."""

    code = "reports.verification_not_begun"


class NothingFoundYetError(DomainError):
    """No step of the verification is recorded."""

    code = "reports.nothing_found_yet"


class ReasonsMissingError(DomainError):
    """Only spaces stand where the reasons should."""

    code = "reports.reasons_missing"


class KindsMissingError(DomainError):
    """No kind of violence is named."""

    code = "reports.kinds_missing"


class PlaceMissingError(DomainError):
    """Where it happened is not said."""

    code = "reports.place_missing"


class DangerIsUrgentError(DomainError):
    """Immediate danger with another urgency than immediate: facts `urgency`."""

    code = "reports.danger_is_urgent"


class OwnerIsWalledOffError(DomainError):
    """The verification would go to somebody who is walled off."""

    code = "reports.owner_is_walled_off"


class AccusedNotIdentifiedError(DomainError):
    """Somebody of the service is complained of by role only: facts `roles`."""

    code = "reports.accused_not_identified"


class CasesMisstatedError(DomainError):
    """It joins no case and opens none, or both: facts `cases`, `count_of_cases`."""

    code = "reports.cases_misstated"


class NoSuchAccusedError(DomainError):
    """There is no one at that index: facts `accused` (how many there are)."""

    code = "reports.no_such_accused"
