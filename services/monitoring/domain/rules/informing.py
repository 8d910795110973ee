"""The rules of informing, training and guests."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from services.monitoring.domain import errors
from services.monitoring.domain.values import Audience, CampaignState, Coverage, InvitationState

if TYPE_CHECKING:
    from services.monitoring.domain.campaign import Campaign
    from services.monitoring.domain.invitation import Invitation


def period_is_in_order(starts_on: date, ends_on: date) -> None:
    """What is planned starts before it ends."""
    if ends_on < starts_on:
        raise errors.PeriodMisstatedError


def day_has_come(day: date, today: date) -> None:
    """What is recorded as held was held."""
    if day > today:
        raise errors.DayToComeError(today=today.isoformat())


def campaign_is_planned(campaign: Campaign) -> None:
    """A campaign is held once, or called off (SSS-05)."""
    if campaign.state is not CampaignState.PLANNED:
        raise errors.CampaignNotPlannedError(state=campaign.state.value)


def campaign_is_held(campaign: Campaign) -> None:
    """Coverage is of what was held, not of what is meant to be (SSS-05)."""
    if campaign.state is not CampaignState.HELD:
        raise errors.CampaignNotHeldError(state=campaign.state.value)


def coverage_is_of_audiences(coverage: Sequence[Coverage], audiences: Collection[Audience]) -> None:
    """Each audience that it was for has one figure at most, and no other has (SSS-05)."""
    told = [one.audience for one in coverage]
    if not set(told) <= set(audiences) or len(set(told)) < len(told):
        raise errors.AudienceNotAddressedError(audiences=sorted(one.value for one in audiences))


def reached_are_among_all(coverage: Sequence[Coverage]) -> None:
    """Nobody reaches more than there are (SSS-05)."""
    for one in coverage:
        if one.reached > one.out_of:
            raise errors.ReachedMisstatedError(reached=one.reached, out_of=one.out_of)


def attended_are_counted(attended: Collection[UUID], count: int) -> None:
    """Who is named was there (SSS-09)."""
    if len(set(attended)) > count:
        raise errors.AttendanceMisstatedError(named=len(set(attended)), count=count)


def invitation_is_open(invitation: Invitation) -> None:
    """A guest comes or declines, once (REF-08)."""
    if invitation.state is not InvitationState.INVITED:
        raise errors.InvitationAnsweredError(state=invitation.state.value)
