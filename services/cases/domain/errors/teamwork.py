"""Team, meetings, material, papers."""

from __future__ import annotations

from shared.domain import DomainError


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


class MeetingOfOneError(DomainError):
    """One alone discusses nothing."""

    code = "cases.meeting_of_one"


class ParticipantsNotWarnedError(DomainError):
    """Participants who have not accepted the confidentiality warning."""

    code = "cases.participants_not_warned"


class NoSuchMeetingError(DomainError):
    """The case has no such meeting."""

    code = "cases.no_such_meeting"


class ParticipationAnsweredError(DomainError):
    """The person has said already whether they took part."""

    code = "cases.participation_answered"


class NoSuchDecisionError(DomainError):
    """No meeting of the case decided that."""

    code = "cases.no_such_decision"


class DecisionRecordedAlreadyError(DomainError):
    """That decision of the meeting is a joint one already."""

    code = "cases.decision_recorded_already"


class DecisionNotJointError(DomainError):
    """Fewer members of the service than `needed` confirmed that they took part, or the coordinator did not."""

    code = "cases.decision_not_joint"


class HandedToOneselfError(DomainError):
    """Material is handed over to somebody else."""

    code = "cases.handed_to_oneself"


class MaterialNotHandedOverError(DomainError):
    """The person has not said yet that nothing of the case is left with them."""

    code = "cases.material_not_handed_over"


class NoSuchSafeError(DomainError):
    """The school has no such safe."""

    code = "cases.no_such_safe"


class SafeWithoutKeeperError(DomainError):
    """Nobody took the safe over yet."""

    code = "cases.safe_without_keeper"


class PapersInSafeError(DomainError):
    """The file lies in a safe."""

    code = "cases.papers_in_safe"


class PapersNotInSafeError(DomainError):
    """The file lies in no safe."""

    code = "cases.papers_not_in_safe"
