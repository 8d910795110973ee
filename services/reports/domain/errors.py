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
+-- NoSuchQuestionError
+-- SameReportError                  a report is not compared with itself
+-- ReportsAlreadyJoinedError
+-- ReportNotNamedError              a sign that was reported names the report (REP-09)
+-- AttachmentAlreadyAddedError
+-- TooManyAttachmentsError
+-- AttachmentTooLargeError
+-- AttachmentIncompleteError
+-- AttachmentAlteredError
+-- AttachmentTypeNotAllowedError
+-- AttachmentDamagedError
+-- AttachmentIsActiveError
+-- AttachmentIsEncryptedError
+-- AttachmentUnpacksTooLargeError
+-- BreachAlreadyEndedError
+-- BreachHasNoOwnerError
+-- ConsequenceMissingError
+-- ConsequenceNotListedError
+-- ConsequenceNotSetBeforehandError
+-- ConsequenceWithoutBreachError
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


class NoSuchQuestionError(DomainError):
    """No question has that number: facts `questions` (those there are)."""

    code = "reports.no_such_question"


class ReportNotNamedError(DomainError):
    """A sign is said to be reported without a report, or a report is named for another outcome: facts `outcome`."""

    code = "reports.report_not_named"


class SameReportError(DomainError):
    """Both are the same report."""

    code = "reports.same_report"


class ReportsAlreadyJoinedError(DomainError):
    """They were joined, and share their walls."""

    code = "reports.reports_already_joined"


class AttachmentAlreadyAddedError(DomainError):
    """The file was added before: facts `attachment`."""

    code = "reports.attachment_already_added"


class TooManyAttachmentsError(DomainError):
    """The report has as many files as it may: facts `most`."""

    code = "reports.too_many_attachments"


class AttachmentTooLargeError(DomainError):
    """The file is larger than it may be: facts `most` (bytes)."""

    code = "reports.attachment_too_large"


class AttachmentIncompleteError(DomainError):
    """Pieces of the file did not come in: facts `missing` (their numbers, some of them)."""

    code = "reports.attachment_incomplete"


class AttachmentAlteredError(DomainError):
    """What came in is not what its hash says: it is sent anew."""

    code = "reports.attachment_altered"


class AttachmentTypeNotAllowedError(DomainError):
    """The content is no image, recording, PDF or office document that is taken: facts `allowed`."""

    code = "reports.attachment_type_not_allowed"


class AttachmentDamagedError(DomainError):
    """The content can't be read as what it begins like."""

    code = "reports.attachment_damaged"


class AttachmentIsActiveError(DomainError):
    """The file holds macros, scripts or other files, or loads something."""

    code = "reports.attachment_is_active"


class AttachmentIsEncryptedError(DomainError):
    """The file is locked by a password, so that nobody can look at what it holds."""

    code = "reports.attachment_is_encrypted"


class AttachmentUnpacksTooLargeError(DomainError):
    """What the file unpacks to is larger than it may be."""

    code = "reports.attachment_unpacks_too_large"


class BreachAlreadyEndedError(DomainError):
    """Its outcome is known: facts `state`."""

    code = "reports.breach_already_ended"


class BreachHasNoOwnerError(DomainError):
    """Nobody looks into it yet."""

    code = "reports.breach_has_no_owner"


class ConsequenceMissingError(DomainError):
    """It was so: then the consequence is named, with the school's rule that set it (REP-12)."""

    code = "reports.consequence_missing"


class ConsequenceNotListedError(DomainError):
    """It is none of those that could be set: facts `consequence`, `listed`."""

    code = "reports.consequence_not_listed"


class ConsequenceNotSetBeforehandError(DomainError):
    """The rule came after what happened: facts `in_force_since`, `happened_on` (REP-12)."""

    code = "reports.consequence_not_set_beforehand"


class ConsequenceWithoutBreachError(DomainError):
    """It was not so: nothing follows."""

    code = "reports.consequence_without_breach"


class DutyNotOwedError(DomainError):
    """The report does not owe this; facts `duty`."""

    code = "reports.duty_not_owed"


class NotOneSafetyLeaderError(DomainError):
    """Exactly one of those named leads on pupils' safety: fact `leaders` (POL-04, REP-15)."""

    code = "reports.not_one_safety_leader"
