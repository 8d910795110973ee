"""Informing, training and guests as rows: who was told what, when, and how many were reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.monitoring.domain.campaign import Campaign
from services.monitoring.domain.invitation import Invitation
from services.monitoring.domain.staff_training import StaffTraining
from services.monitoring.domain.values import Audience, CampaignState, InvitationState
from services.monitoring.projections.rows import change, drop, put
from services.monitoring.read_models import campaigns, informing, invitations, staff_trainings


def campaign_planned(connection: Connection, tenant: UUID, event: Campaign.Planned) -> None:
    """A row, and one for each audience and topic."""
    put(
        connection,
        campaigns,
        tenant,
        {"campaign": event.originator_id},
        state=CampaignState.PLANNED.value,
        means=event.means,
        starts_on=date.fromisoformat(event.starts_on),
        ends_on=date.fromisoformat(event.ends_on),
    )
    _meant(connection, tenant, event, event.audiences)


def campaign_held(connection: Connection, tenant: UUID, event: Campaign.Held) -> None:
    """It took place."""
    held_on, key = date.fromisoformat(event.held_on), {"campaign": event.originator_id}
    change(connection, campaigns, tenant, key, state=CampaignState.HELD.value, held_on=held_on)
    change(connection, informing, tenant, {"source": event.originator_id}, informed_on=held_on)


def campaign_covered(connection: Connection, tenant: UUID, event: Campaign.CoverageRecorded) -> None:
    """How many were reached."""
    key = {"source": event.originator_id, "audience": event.audience}
    change(connection, informing, tenant, key, reached=event.reached, out_of=event.out_of)


def campaign_called_off(connection: Connection, tenant: UUID, event: Campaign.CalledOff) -> None:
    """Nobody is told anything."""
    key = {"campaign": event.originator_id}
    change(connection, campaigns, tenant, key, state=CampaignState.CALLED_OFF.value)


def training_held(connection: Connection, tenant: UUID, event: StaffTraining.Held) -> None:
    """Staff who were there were told as well."""
    held_on = date.fromisoformat(event.held_on)
    known = {"held_on": held_on, "minutes": event.minutes, "count": event.count}
    put(connection, staff_trainings, tenant, {"training": event.originator_id}, **known)
    _meant(connection, tenant, event, [Audience.STAFF.value])
    told = {"informed_on": held_on, "reached": event.count}
    change(connection, informing, tenant, {"source": event.originator_id}, **told)


def attendance_corrected(connection: Connection, tenant: UUID, event: StaffTraining.AttendanceCorrected) -> None:
    """Others were there."""
    change(connection, staff_trainings, tenant, {"training": event.originator_id}, count=event.count)
    change(connection, informing, tenant, {"source": event.originator_id}, reached=event.count)


def guest_invited(connection: Connection, tenant: UUID, event: Invitation.Sent) -> None:
    """A row, and one for each audience and topic."""
    put(
        connection,
        invitations,
        tenant,
        {"invitation": event.originator_id},
        state=InvitationState.INVITED.value,
        guest=event.guest,
        purpose=event.purpose,
        invited_for=date.fromisoformat(event.invited_for),
    )
    _meant(connection, tenant, event, event.audiences)


def guest_came(connection: Connection, tenant: UUID, event: Invitation.Came) -> None:
    """Who was told, and how many."""
    came_on, key = date.fromisoformat(event.came_on), {"invitation": event.originator_id}
    change(connection, invitations, tenant, key, state=InvitationState.CAME.value, came_on=came_on)
    for one in event.coverage:
        of_it = {"source": event.originator_id, "audience": one["audience"]}
        told = {"informed_on": came_on, "reached": one["reached"], "out_of": one["out_of"]}
        change(connection, informing, tenant, of_it, **told)


def guest_declined(connection: Connection, tenant: UUID, event: Invitation.Declined) -> None:
    """Nobody was told anything."""
    key = {"invitation": event.originator_id}
    change(connection, invitations, tenant, key, state=InvitationState.DECLINED.value)


def _meant(connection: Connection, tenant: UUID, event: Any, audiences: Sequence[str]) -> None:
    drop(connection, informing, tenant, {"source": event.originator_id})
    for audience in audiences:
        for topic in event.topics:
            put(connection, informing, tenant, {"source": event.originator_id, "audience": audience, "topic": topic})


PROJECTIONS: Mapping[str, Callable[[Connection, UUID, Any], None]] = {
    Campaign.Planned.TOPIC: campaign_planned,
    Campaign.Held.TOPIC: campaign_held,
    Campaign.CoverageRecorded.TOPIC: campaign_covered,
    Campaign.CalledOff.TOPIC: campaign_called_off,
    StaffTraining.Held.TOPIC: training_held,
    StaffTraining.AttendanceCorrected.TOPIC: attendance_corrected,
    Invitation.Sent.TOPIC: guest_invited,
    Invitation.Came.TOPIC: guest_came,
    Invitation.Declined.TOPIC: guest_declined,
}
