"""Why a case refuses.

UnknownError
+-- BehindAWallError                      answers as unknown; only the access log has the true rule
NotPermittedError
+-- ConfidentialityWarningNotAcceptedError
DomainError
+-- CaseClosedError / CaseNotClosedError
+-- PersonWalledError, AlreadyOnTeamError, NotOnTeamError, CoordinatorStaysError, AlreadyCoordinatorError
+-- BirthDateAheadError
+-- RiskFactorsUnansweredError, RiskNotAssessedError
+-- NoDutyToInformError, DutyToInformOpenError, NotificationNotDeliveredError, NoOwnMeasuresOwedError
+-- AreasWithoutMeasuresError, NoPlanError, SessionLimitReachedError, RatedTwiceError
+-- DecisionNotJointError
+-- DutiesStillOpenError, ReferralsStillOpenError, CriteriaNotMetError
"""

from __future__ import annotations

from shared.domain import DomainError, NotPermittedError, UnknownError


class BehindAWallError(UnknownError):
    """The caller is walled off from this case; only the access log tells it from an unknown one (CON-08)."""

    rule = "wall"

    def __init__(self) -> None:
        super().__init__(what="case")


class ConfidentialityWarningNotAcceptedError(NotPermittedError):
    """Nothing is shown before the warning is accepted (CON-02)."""

    code = "cases.confidentiality_warning_not_accepted"

    def __init__(self) -> None:
        super().__init__(rule="CON-02")


class CaseClosedError(DomainError):
    """Nothing changes in a closed case but by reopening it."""

    code = "cases.case_closed"


class CaseNotClosedError(DomainError):
    """Only a closed case can be reopened."""

    code = "cases.case_not_closed"


class PersonWalledError(DomainError):
    """A person walled off from the case cannot join it."""

    code = "cases.person_walled"


class AlreadyOnTeamError(DomainError):
    """The person is on the team already."""

    code = "cases.already_on_team"


class NotOnTeamError(DomainError):
    """The person is not on the team."""

    code = "cases.not_on_team"


class CoordinatorStaysError(DomainError):
    """The coordinator hands over first: exactly one holds a case at any moment (SSS-03)."""

    code = "cases.coordinator_stays"


class AlreadyCoordinatorError(DomainError):
    """The person coordinates the case already."""

    code = "cases.already_coordinator"


class BirthDateAheadError(DomainError):
    """A birth date that lies ahead."""

    code = "cases.birth_date_ahead"


class RiskFactorsUnansweredError(DomainError):
    """Factors `missing` an answer, or ones `unknown` to the list in force."""

    code = "cases.risk_factors_unanswered"


class RiskNotAssessedError(DomainError):
    """Risk was not assessed since the case was last opened."""

    code = "cases.risk_not_assessed"


class NoDutyToInformError(DomainError):
    """There is no open duty to inform."""

    code = "cases.no_duty_to_inform"


class DutyToInformOpenError(DomainError):
    """The duty to inform is open already."""

    code = "cases.duty_to_inform_open"


class NotificationNotDeliveredError(DomainError):
    """That referral reached no agency."""

    code = "cases.notification_not_delivered"


class NoOwnMeasuresOwedError(DomainError):
    """No referral was declined or fell silent."""

    code = "cases.no_own_measures_owed"


class AreasWithoutMeasuresError(DomainError):
    """Areas of the support plan without a goal or a measure."""

    code = "cases.areas_without_measures"


class NoPlanError(DomainError):
    """No plan was drawn up."""

    code = "cases.no_plan"


class SessionLimitReachedError(DomainError):
    """As many sessions were held as `limit` allows."""

    code = "cases.session_limit_reached"


class RatedTwiceError(DomainError):
    """One criterion stands twice in one rating."""

    code = "cases.rated_twice"


class DecisionNotJointError(DomainError):
    """Fewer members of the service than `needed` took part, or the coordinator did not."""

    code = "cases.decision_not_joint"


class DutiesStillOpenError(DomainError):
    """Duties stand in the way of closing."""

    code = "cases.duties_still_open"


class ReferralsStillOpenError(DomainError):
    """Referrals stand in the way of closing."""

    code = "cases.referrals_still_open"


class CriteriaNotMetError(DomainError):
    """Criteria without lasting change stand in the way of closing."""

    code = "cases.criteria_not_met"


def rule_of(denied: UnknownError | NotPermittedError) -> str:
    """The true rule of a denial, for the access log and for nobody else."""
    return denied.rule if isinstance(denied, BehindAWallError | NotPermittedError) else "unknown"
