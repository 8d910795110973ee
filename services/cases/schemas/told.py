"""Readers of other services' public events: they take the fields we use and leave the rest aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from services.cases import incoming
from services.cases.domain.values import ConfirmedReport, Role


class _Told(Schema):
    class Meta:
        unknown = EXCLUDE


class _ReportConfirmed(_Told):
    report = fields.UUID(required=True)
    kinds = fields.List(fields.String(), required=True)
    place = fields.String(load_default="unknown")
    immediate_danger = fields.Boolean(required=True)
    walled = fields.List(fields.UUID(), required=True)
    owner = fields.UUID(load_default=None, allow_none=True)
    cases = fields.List(fields.UUID(), load_default=list)
    count_of_cases = fields.Integer(load_default=1)
    accused_categories = fields.List(fields.String(), load_default=list)
    happened_at = fields.AwareDateTime(load_default=None, allow_none=True)
    received_at = fields.AwareDateTime(load_default=None, allow_none=True)
    first_action_at = fields.AwareDateTime(load_default=None, allow_none=True)


class _PersonWalledOff(_Told):
    report = fields.UUID(required=True)
    person = fields.UUID(required=True)
    cases = fields.List(fields.UUID(), load_default=list)


class _Referral(_Told):
    referral = fields.UUID(required=True)
    case = fields.UUID(required=True)
    agency = fields.UUID(required=True)


class _ReferralDelivered(_Referral):
    delivered_at = fields.AwareDateTime(required=True)
    purpose = fields.String(load_default=incoming.NOTIFICATION)


class _ReferralDeclined(_Referral):
    reason = fields.String(required=True)


class _ReferralFellSilent(_Referral):
    silent_clock = fields.String(required=True, data_key="clock")


class _ReferralCompleted(_Referral):
    outcome = fields.String(required=True)


class _GrantTold(_Told):
    seat = fields.UUID(required=True, data_key="grant")
    case = fields.UUID(required=True, data_key="matter")


class _GrantGiven(_GrantTold):
    person = fields.UUID(required=True)


class _GrantEnded(_GrantTold):
    reason = fields.String(required=True)


def read_grant_given(body: Mapping[str, Any]) -> incoming.GrantGiven:
    """The fields we use of `accounts.grant_given.v1`."""
    return incoming.GrantGiven(**_GrantGiven().load(body))


def read_grant_ended(body: Mapping[str, Any]) -> incoming.GrantEnded:
    """The fields we use of `accounts.grant_ended.v1`."""
    return incoming.GrantEnded(**_GrantEnded().load(body))


def read_report_confirmed(body: Mapping[str, Any]) -> incoming.ReportConfirmed:
    """The fields we use of `reports.report_confirmed.v1`."""
    told = _ReportConfirmed().load(body)
    report = ConfirmedReport(
        id=told["report"],
        kinds=frozenset(told["kinds"]),
        place=told["place"],
        immediate_danger=told["immediate_danger"],
        walled=frozenset(told["walled"]),
        owner=told["owner"],
        owner_role=Role.TRIAGING_MEMBER,
        accused=frozenset(told["accused_categories"]),
        happened_at=told["happened_at"],
        received_at=told["received_at"],
        first_action_at=told["first_action_at"],
    )
    return incoming.ReportConfirmed(report=report, cases=told["cases"], count_of_cases=told["count_of_cases"])


def read_person_walled_off(body: Mapping[str, Any]) -> incoming.PersonWalledOff:
    """The fields we use of `reports.person_walled_off.v1`."""
    return incoming.PersonWalledOff(**_PersonWalledOff().load(body))


def read_referral_requested(body: Mapping[str, Any]) -> incoming.ReferralRequested:
    """The fields we use of `referrals.referral_requested.v1`."""
    return incoming.ReferralRequested(**_Referral().load(body))


def read_referral_delivered(body: Mapping[str, Any]) -> incoming.ReferralDelivered:
    """The fields we use of `referrals.referral_delivered.v1`."""
    return incoming.ReferralDelivered(**_ReferralDelivered().load(body))


def read_referral_accepted(body: Mapping[str, Any]) -> incoming.ReferralAccepted:
    """The fields we use of `referrals.referral_accepted.v1`."""
    return incoming.ReferralAccepted(**_Referral().load(body))


def read_referral_declined(body: Mapping[str, Any]) -> incoming.ReferralDeclined:
    """The fields we use of `referrals.referral_declined.v1`."""
    return incoming.ReferralDeclined(**_ReferralDeclined().load(body))


def read_referral_fell_silent(body: Mapping[str, Any]) -> incoming.ReferralFellSilent:
    """The fields we use of `referrals.referral_fell_silent.v1`."""
    return incoming.ReferralFellSilent(**_ReferralFellSilent().load(body))


def read_referral_completed(body: Mapping[str, Any]) -> incoming.ReferralCompleted:
    """The fields we use of `referrals.referral_completed.v1`."""
    return incoming.ReferralCompleted(**_ReferralCompleted().load(body))


def read_referral_cancelled(body: Mapping[str, Any]) -> incoming.ReferralCancelled:
    """The fields we use of `referrals.referral_cancelled.v1`."""
    return incoming.ReferralCancelled(**_Referral().load(body))


class _ClimbEnded(_Told):
    matter = fields.UUID(required=True)
    duty = fields.String(required=True)
    due_at = fields.AwareDateTime(required=True)
    department = fields.UUID(required=True)


class _DeadlineClimbed(_ClimbEnded):
    climbed_at = fields.AwareDateTime(required=True)
    rule = fields.String(required=True)
    walled = fields.List(fields.UUID(), required=True)


class _FactsAdded(_Told):
    report = fields.UUID(required=True)
    cases = fields.List(fields.UUID(), load_default=list)


def read_deadline_climbed(body: Mapping[str, Any]) -> incoming.DeadlineClimbed:
    """The fields we use of a service's `deadline_climbed.v1`."""
    return incoming.DeadlineClimbed(**_DeadlineClimbed().load(body))


def read_climb_ended(body: Mapping[str, Any]) -> incoming.ClimbEnded:
    """The fields we use of a service's `climb_ended.v1`."""
    return incoming.ClimbEnded(**_ClimbEnded().load(body))


def read_facts_added(body: Mapping[str, Any]) -> incoming.FactsAdded:
    """The fields we use of `reports.facts_added.v1`."""
    return incoming.FactsAdded(**_FactsAdded().load(body))


class _PartsReleased(_Told):
    transfer = fields.UUID(required=True)
    case = fields.UUID(required=True)
    to = fields.UUID(required=True)


class _WallPassedOn(_Told):
    transfer = fields.UUID(required=True)
    to = fields.UUID(required=True)
    walled = fields.List(fields.UUID(), required=True)


class _MatterAnswered(_Told):
    transfer = fields.UUID(required=True)
    case = fields.UUID(required=True)
    school = fields.UUID(required=True)
    outcome = fields.String(required=True)


def read_parts_released(body: Mapping[str, Any]) -> incoming.PartsReleased:
    """The fields we use of `cases.parts_released.v1`."""
    return incoming.PartsReleased(**_PartsReleased().load(body))


def read_wall_passed_on(body: Mapping[str, Any]) -> incoming.WallPassedOn:
    """The fields we use of `cases.wall_passed_on.v1`."""
    return incoming.WallPassedOn(**_WallPassedOn().load(body))


def read_matter_answered(body: Mapping[str, Any]) -> incoming.MatterAnswered:
    """The fields we use of `cases.matter_answered.v1`."""
    return incoming.MatterAnswered(**_MatterAnswered().load(body))
