"""Refusals of prevention.

DomainError
├── EntryAlreadyEndedError      the entry was left, or the proposal declined
├── EntryNotProposedError       only a proposal is decided on
├── EntryNotInGroupError        the proposal is not decided yet
├── CategoryNotListedError      the policy has no such category at that level
├── ReasonsMissingError         only spaces stand where the reasons should
├── MeasureIsAPenaltyError      measures prevent, they do not punish (PLN-07)
├── NoSuchMeasureError          the entry has no such measure
├── MeasureAlreadyDoneError     its result stands already
├── NoSuchNamedPersonError      nobody is named at that index
├── PersonIsWalledOffError      it would go to somebody who is kept away
├── NotWorkingWithChildError    the person does not work with this child
├── ChangeNotSeenError          nobody has noted that behaviour changed
├── PeriodMisstatedError        it ends before it starts
├── DayToComeError              what was held lies in the past
├── CampaignNotPlannedError     it was held or called off already
├── CampaignNotHeldError        coverage is of what was held
├── AudienceNotAddressedError   it was not for this audience
├── ReachedMisstatedError       more were reached than there are
├── AttendanceMisstatedError    more are named than were there
├── InvitationAnsweredError     the guest came or declined already
├── RiskClosedError             the risk was closed
├── SubjectMisstatedError       it is not said of which children, or of which trip
├── TripNotPlannedError         it was held or called off already
└── AreasMissingError           the review did not look at all that it must
"""

from __future__ import annotations

from shared.domain import DomainError


class EntryAlreadyEndedError(DomainError):
    """The child has left the group, or the proposal was declined: facts `state`."""

    code = "monitoring.entry_already_ended"


class EntryNotProposedError(DomainError):
    """Only a proposal is accepted or declined: facts `state`."""

    code = "monitoring.entry_not_proposed"


class EntryNotInGroupError(DomainError):
    """The proposal is to be decided on first: facts `state`."""

    code = "monitoring.entry_not_in_group"


class CategoryNotListedError(DomainError):
    """The policy has no such category at that level: facts `level`, `categories`, `rule`."""

    code = "monitoring.category_not_listed"


class ReasonsMissingError(DomainError):
    """Only spaces stand where the reasons should."""

    code = "monitoring.reasons_missing"


class MeasureIsAPenaltyError(DomainError):
    """A penalty or harsh measure: facts `nature`."""

    code = "monitoring.measure_is_a_penalty"


class NoSuchMeasureError(DomainError):
    """The entry has no such measure: facts `measures` (how many there are)."""

    code = "monitoring.no_such_measure"


class MeasureAlreadyDoneError(DomainError):
    """Its result stands already: facts `number`."""

    code = "monitoring.measure_already_done"


class NoSuchNamedPersonError(DomainError):
    """Nobody is named at that index: facts `named` (how many are)."""

    code = "monitoring.no_such_named_person"


class PersonIsWalledOffError(DomainError):
    """Work with the child would go to somebody who is kept away from the entry."""

    code = "monitoring.person_is_walled_off"


class NotWorkingWithChildError(DomainError):
    """The person does not work with this child."""

    code = "monitoring.not_working_with_child"


class ChangeNotSeenError(DomainError):
    """A child leaves for changed behaviour where the last look saw it: facts `change`."""

    code = "monitoring.change_not_seen"


class PeriodMisstatedError(DomainError):
    """It ends before it starts."""

    code = "monitoring.period_misstated"


class DayToComeError(DomainError):
    """What was held lies in the past: facts `today`."""

    code = "monitoring.day_to_come"


class CampaignNotPlannedError(DomainError):
    """It was held or called off already: facts `state`."""

    code = "monitoring.campaign_not_planned"


class CampaignNotHeldError(DomainError):
    """Coverage is of what was held: facts `state`."""

    code = "monitoring.campaign_not_held"


class AudienceNotAddressedError(DomainError):
    """It was not for this audience: facts `audiences`."""

    code = "monitoring.audience_not_addressed"


class ReachedMisstatedError(DomainError):
    """More were reached than there are: facts `reached`, `out_of`."""

    code = "monitoring.reached_misstated"


class AttendanceMisstatedError(DomainError):
    """More are named than were there: facts `named`, `count`."""

    code = "monitoring.attendance_misstated"


class InvitationAnsweredError(DomainError):
    """The guest came or declined already: facts `state`."""

    code = "monitoring.invitation_answered"


class RiskClosedError(DomainError):
    """The risk was closed."""

    code = "monitoring.risk_closed"


class SubjectMisstatedError(DomainError):
    """It is not said of which children, or of which trip: facts `subject`."""

    code = "monitoring.subject_misstated"


class TripNotPlannedError(DomainError):
    """It was held or called off already: facts `state`."""

    code = "monitoring.trip_not_planned"


class AreasMissingError(DomainError):
    """The review did not look at all that it must: facts `missing`."""

    code = "monitoring.areas_missing"
