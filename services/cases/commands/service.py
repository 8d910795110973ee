"""Asked of the School Safety Service: seats, training, its meetings (SSS-01, SSS-02, SSS-04)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.cases.commands.case import CaseCommand
from services.cases.domain.values import Release, Role
from shared.domain import Command


@dataclass(frozen=True, kw_only=True)
class SetUpService(Command):
    """Set the school's service up."""


@dataclass(frozen=True, kw_only=True)
class AdmitMember(Command):
    """Give a person a seat in the service, chosen for skills."""

    person: UUID
    role: Role
    since: date
    skills: str


@dataclass(frozen=True, kw_only=True)
class ReleaseMember(Command):
    """End a seat."""

    person: UUID
    role: Role
    reason: Release


@dataclass(frozen=True, kw_only=True)
class RecordPoliceAgreement(Command):
    """Put down what was agreed with the police about their representative."""

    agreed_on: date
    agreement: str
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class RecordTraining(Command):
    """Put down that somebody passed the mandatory training; later also by policy, from the service `training`."""

    person: UUID
    training: str
    held_on: date
    held_by: str
    certificate: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class HoldServiceMeeting(Command):
    """Put a meeting of the service down (SSS-04)."""

    held_at: datetime
    participants: Sequence[UUID]
    agenda: Sequence[str]
    decisions: Sequence[str]
    minutes: str


@dataclass(frozen=True, kw_only=True)
class ConfirmServiceMeeting(Command):
    """Say for oneself whether one took part in it."""

    meeting: UUID
    took_part: bool


@dataclass(frozen=True, kw_only=True)
class CorrectServiceMeeting(Command):
    """Put another wording in place of what was put down."""

    meeting: UUID
    agenda: Sequence[str]
    decisions: Sequence[str]
    minutes: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DiscussCaseInService(CaseCommand):
    """Put down what those of its team who were there said of a case: `decisions` are [{decision, best_interests}]."""

    meeting: UUID
    present: Sequence[UUID]
    discussed: str
    decisions: Sequence[Mapping[str, str]]
