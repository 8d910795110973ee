"""The School Safety Service: seats, training, its meetings."""

from __future__ import annotations

from shared.domain import DomainError


class ServiceNotSetUpError(DomainError):
    """The school's service was not set up yet."""

    code = "cases.service_not_set_up"


class ServiceSetUpAlreadyError(DomainError):
    """It was."""

    code = "cases.service_set_up_already"


class DayAheadError(DomainError):
    """What is put down as done lies ahead."""

    code = "cases.day_ahead"


class AlreadyAMemberError(DomainError):
    """The person sits in the service in that role already."""

    code = "cases.already_a_member"


class NotAMemberError(DomainError):
    """The person does not sit in the service in that role."""

    code = "cases.not_a_member"


class NoPoliceAgreementError(DomainError):
    """No agreement with the police is in force."""

    code = "cases.no_police_agreement"


class MemberNotTrainedError(DomainError):
    """The member's training is not valid, and their grace is over, since `covered_until`."""

    code = "cases.member_not_trained"


class NotAtTheMeetingError(DomainError):
    """Persons who did not take part in the meeting."""

    code = "cases.not_at_the_meeting"
