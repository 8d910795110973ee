"""Why a case refuses.

UnknownError
+-- BehindAWallError                      answers as unknown; only the access log has the true rule
+-- NotByThisGrantError                   so does a grant that opens nothing here
NotPermittedError
+-- ConfidentialityWarningNotAcceptedError
DomainError
+-- CaseClosedError / CaseNotClosedError
+-- PersonWalledError, AlreadyOnTeamError, NotOnTeamError, CoordinatorStaysError, AlreadyCoordinatorError
+-- BirthDateAheadError
+-- HandedToOneselfError, MaterialNotHandedOverError
+-- NoSuchSafeError, SafeWithoutKeeperError, PapersInSafeError, PapersNotInSafeError
+-- ServiceNotSetUpError, ServiceSetUpAlreadyError, DayAheadError
+-- AlreadyAMemberError, NotAMemberError, NoPoliceAgreementError, MemberNotTrainedError, NotAtTheMeetingError
+-- AgencyNotAskedError, NotAwaitedError, StillWaitingError
+-- RiskFactorsUnansweredError, RiskNotAssessedError
+-- NoDutyToInformError, DutyToInformOpenError, NotificationNotDeliveredError, NoOwnMeasuresOwedError
+-- AreasWithoutMeasuresError, MeasureIsAPenaltyError, NoPlanError, SessionLimitReachedError, RatedTwiceError
+-- DecisionNotJointError
+-- GlassNotAskedForError
+-- NotASchoolHereError, ReleaseNotAnsweredError, MatterAnsweredError
+-- MeetingOfOneError, ParticipantsNotWarnedError, NoSuchMeetingError, ParticipationAnsweredError
+-- NoSuchDecisionError, DecisionRecordedAlreadyError, ClosingNotAgreedError
+-- DutyNotOwedError, DutyNotWaivedError
+-- DutiesStillOpenError, ReferralsStillOpenError, CriteriaNotMetError
+-- InteragencyStepNotOpenError, InteragencyStepOpenError, AgencyHasSeatError, NoSuchSeatError, OneSideAloneError
+-- NotInInteragencyTeamError, NoSuchTaskError, TaskOwnerMissingError, TaskDueInThePastError, TasksStillOpenError
+-- TimesOutOfOrderError
+-- MedicalHelpNotAwaitedError, NotByAMedicalWorkerError, MedicalTimesMissingError, MedicalHelpAwaitedError
"""

from __future__ import annotations

from services.cases.domain.errors.access import (
    BehindAWallError,
    ConfidentialityWarningNotAcceptedError,
    rule_of,
)
from services.cases.domain.errors.glass import GlassNotAskedForError
from services.cases.domain.errors.interagency import (
    AgencyHasSeatError,
    InteragencyStepNotOpenError,
    InteragencyStepOpenError,
    NoSuchSeatError,
    NoSuchTaskError,
    NotByThisGrantError,
    NotInInteragencyTeamError,
    OneSideAloneError,
    TaskDueInThePastError,
    TaskOwnerMissingError,
    TasksStillOpenError,
)
from services.cases.domain.errors.service import (
    AlreadyAMemberError,
    DayAheadError,
    MemberNotTrainedError,
    NoPoliceAgreementError,
    NotAMemberError,
    NotAtTheMeetingError,
    ServiceNotSetUpError,
    ServiceSetUpAlreadyError,
)
from services.cases.domain.errors.teamwork import (
    AlreadyCoordinatorError,
    AlreadyOnTeamError,
    CoordinatorStaysError,
    DecisionNotJointError,
    DecisionRecordedAlreadyError,
    HandedToOneselfError,
    MaterialNotHandedOverError,
    MeetingOfOneError,
    NoSuchDecisionError,
    NoSuchMeetingError,
    NoSuchSafeError,
    NotOnTeamError,
    PapersInSafeError,
    PapersNotInSafeError,
    ParticipantsNotWarnedError,
    ParticipationAnsweredError,
    PersonWalledError,
    SafeWithoutKeeperError,
)
from services.cases.domain.errors.transferring import (
    MatterAnsweredError,
    NotASchoolHereError,
    ReleaseNotAnsweredError,
)
from services.cases.domain.errors.working import (
    AgencyNotAskedError,
    AreasWithoutMeasuresError,
    BirthDateAheadError,
    CaseClosedError,
    CaseNotClosedError,
    ClosingNotAgreedError,
    CriteriaNotMetError,
    DutiesStillOpenError,
    DutyNotOwedError,
    DutyNotWaivedError,
    DutyToInformOpenError,
    MeasureIsAPenaltyError,
    MedicalHelpAwaitedError,
    MedicalHelpNotAwaitedError,
    MedicalTimesMissingError,
    NoDutyToInformError,
    NoOwnMeasuresOwedError,
    NoPlanError,
    NotAwaitedError,
    NotByAMedicalWorkerError,
    NotificationNotDeliveredError,
    RatedTwiceError,
    ReferralsStillOpenError,
    RiskFactorsUnansweredError,
    RiskNotAssessedError,
    SessionLimitReachedError,
    StillWaitingError,
    TimesOutOfOrderError,
)

__all__ = [
    "AgencyHasSeatError",
    "AgencyNotAskedError",
    "AlreadyAMemberError",
    "AlreadyCoordinatorError",
    "AlreadyOnTeamError",
    "AreasWithoutMeasuresError",
    "BehindAWallError",
    "BirthDateAheadError",
    "CaseClosedError",
    "CaseNotClosedError",
    "ClosingNotAgreedError",
    "ConfidentialityWarningNotAcceptedError",
    "CoordinatorStaysError",
    "CriteriaNotMetError",
    "DayAheadError",
    "DecisionNotJointError",
    "DecisionRecordedAlreadyError",
    "DutiesStillOpenError",
    "DutyNotOwedError",
    "DutyNotWaivedError",
    "DutyToInformOpenError",
    "GlassNotAskedForError",
    "HandedToOneselfError",
    "InteragencyStepNotOpenError",
    "InteragencyStepOpenError",
    "MaterialNotHandedOverError",
    "MatterAnsweredError",
    "MeasureIsAPenaltyError",
    "MedicalHelpAwaitedError",
    "MedicalHelpNotAwaitedError",
    "MedicalTimesMissingError",
    "MeetingOfOneError",
    "MemberNotTrainedError",
    "NoDutyToInformError",
    "NoOwnMeasuresOwedError",
    "NoPlanError",
    "NoPoliceAgreementError",
    "NoSuchDecisionError",
    "NoSuchMeetingError",
    "NoSuchSafeError",
    "NoSuchSeatError",
    "NoSuchTaskError",
    "NotAMemberError",
    "NotASchoolHereError",
    "NotAtTheMeetingError",
    "NotAwaitedError",
    "NotByAMedicalWorkerError",
    "NotByThisGrantError",
    "NotInInteragencyTeamError",
    "NotOnTeamError",
    "NotificationNotDeliveredError",
    "OneSideAloneError",
    "PapersInSafeError",
    "PapersNotInSafeError",
    "ParticipantsNotWarnedError",
    "ParticipationAnsweredError",
    "PersonWalledError",
    "RatedTwiceError",
    "ReferralsStillOpenError",
    "ReleaseNotAnsweredError",
    "RiskFactorsUnansweredError",
    "RiskNotAssessedError",
    "SafeWithoutKeeperError",
    "ServiceNotSetUpError",
    "ServiceSetUpAlreadyError",
    "SessionLimitReachedError",
    "StillWaitingError",
    "TaskDueInThePastError",
    "TaskOwnerMissingError",
    "TasksStillOpenError",
    "TimesOutOfOrderError",
    "rule_of",
]
