"""What may be asked about informing, training and guests (SSS-05, SSS-09, REF-08)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.monitoring.domain.values import Audience, Coverage, DeclineReason, Guest, Means, Purpose, Topic
from shared.domain import Command


@dataclass(frozen=True, kw_only=True)
class PlanCampaign(Command):
    """Say who is to be told what, in which way and when."""

    title: str = field(repr=False)
    audiences: tuple[Audience, ...]
    topics: tuple[Topic, ...]
    means: Means
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class HoldCampaign(Command):
    """Say that it took place."""

    campaign: UUID
    held_on: date
    note: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class RecordCoverage(Command):
    """Say how many of an audience were reached."""

    campaign: UUID
    audience: Audience
    reached: int
    out_of: int


@dataclass(frozen=True, kw_only=True)
class CallOffCampaign(Command):
    """Say why it will not take place."""

    campaign: UUID
    reasons: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class RecordStaffTraining(Command):
    """Put down a training that the service held."""

    title: str = field(repr=False)
    topics: tuple[Topic, ...]
    held_on: date
    minutes: int
    count: int
    attended: tuple[UUID, ...] = ()
    held_by: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CorrectAttendance(Command):
    """Say that others were there."""

    training: UUID
    count: int
    reasons: str = field(repr=False)
    attended: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InviteGuest(Command):
    """Invite somebody from outside."""

    guest: Guest
    name: str = field(repr=False)
    organisation: str = field(repr=False)
    purpose: Purpose
    audiences: tuple[Audience, ...]
    topics: tuple[Topic, ...]
    invited_for: date


@dataclass(frozen=True, kw_only=True)
class RecordVisit(Command):
    """Say what the guest gave, and to how many."""

    invitation: UUID
    came_on: date
    given: str = field(repr=False)
    minutes: int
    coverage: tuple[Coverage, ...]


@dataclass(frozen=True, kw_only=True)
class RecordDecline(Command):
    """Say why the guest did not come."""

    invitation: UUID
    reason: DeclineReason
    note: str = field(default="", repr=False)
