"""What the work on a case, and its end, take."""

from __future__ import annotations

from shared.domain import DomainError


class CaseClosedError(DomainError):
    """Nothing changes in a closed case but by reopening it."""

    code = "cases.case_closed"


class CaseNotClosedError(DomainError):
    """Only a closed case can be reopened."""

    code = "cases.case_not_closed"


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


class MeasureIsAPenaltyError(DomainError):
    """Measures that punish; `instead` are the natures that do not."""

    code = "cases.measure_is_a_penalty"


class NoPlanError(DomainError):
    """No plan was drawn up."""

    code = "cases.no_plan"


class SessionLimitReachedError(DomainError):
    """As many sessions were held as `limit` allows."""

    code = "cases.session_limit_reached"


class RatedTwiceError(DomainError):
    """One criterion stands twice in one rating."""

    code = "cases.rated_twice"


class DutiesStillOpenError(DomainError):
    """Duties stand in the way of closing."""

    code = "cases.duties_still_open"


class ReferralsStillOpenError(DomainError):
    """Referrals stand in the way of closing."""

    code = "cases.referrals_still_open"


class CriteriaNotMetError(DomainError):
    """Criteria without lasting change stand in the way of closing."""

    code = "cases.criteria_not_met"


class TimesOutOfOrderError(DomainError):
    """Something would have ended before it began, or lies ahead."""

    code = "cases.times_out_of_order"


class MedicalHelpNotAwaitedError(DomainError):
    """No such help was asked for, or it is known what came of it."""

    code = "cases.medical_help_not_awaited"


class NotByAMedicalWorkerError(DomainError):
    """Help of this kind is not given by such a helper."""

    code = "cases.not_by_a_medical_worker"


class MedicalTimesMissingError(DomainError):
    """Help without its times, or times where nobody came."""

    code = "cases.medical_times_missing"


class MedicalHelpAwaitedError(DomainError):
    """It is not known what came of help that was asked for."""

    code = "cases.medical_help_awaited"


class ClosingNotAgreedError(DomainError):
    """No such meeting, none that agreed to close, or there are new facts since."""

    code = "cases.closing_not_agreed"


class AgencyNotAskedError(DomainError):
    """The school did not turn to that agency in this case."""

    code = "cases.agency_not_asked"


class DutyNotOwedError(DomainError):
    """The case does not owe this; facts `duty`."""

    code = "cases.duty_not_owed"


class DutyNotWaivedError(DomainError):
    """The duty ends in a way of its own, not by a decision to leave it; facts `duty`."""

    code = "cases.duty_not_waived"


class NotAwaitedError(DomainError):
    """There is no such waiting step, or it has ended."""

    code = "cases.not_awaited"


class StillWaitingError(DomainError):
    """The case waits for these agencies."""

    code = "cases.still_waiting"
