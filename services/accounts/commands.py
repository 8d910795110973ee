"""What may be asked of accounts.

`tenant` is the department's in all that administrators do; the effects stand in the logs of the tenants they are about
(`school`, `agency`, `home`), each by a command of its own with a derived id: those are in the second half.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.accounts.domain.values import (
    AgencyChannel,
    AgencyKind,
    Audience,
    DayChange,
    Language,
    PolicyChange,
    Role,
    TenantKind,
)
from shared.domain import Command

# ---- by the administrator of the department `tenant`, or at installation


@dataclass(frozen=True, kw_only=True)
class RegisterDepartment(Command):
    """A department: `tenant` is the new tenant's id."""

    name: str
    language: Language = Language.KAZAKH


@dataclass(frozen=True, kw_only=True)
class RegisterSchool(Command):
    """A school; `school` is its tenant's id, derived from the command's where none is given."""

    name: str
    language: Language = Language.KAZAKH
    school: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class RegisterAgency(Command):
    """An agency (REF-02); `agency` is its tenant's id, derived from the command's where none is given."""

    kind: AgencyKind
    name: str
    channel: AgencyChannel = AgencyChannel.WEB
    virtual_host: str | None = None
    encryption_key: Mapping[str, Any] | None = None
    signing_key: Mapping[str, Any] | None = None
    agency: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ConfirmAgency(Command):
    """The directory's entry still holds (REF-02)."""

    agency: UUID


@dataclass(frozen=True, kw_only=True)
class RegisterPerson(Command):
    """A person of the tenant `home`; with a login name where they are to sign in."""

    home: UUID
    name: str = field(repr=False)
    language: Language = Language.KAZAKH
    login: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class SetPassword(Command):
    """A new password; asked by the administrator, or by the person themselves with `tenant` = `home`."""

    person: UUID
    home: UUID
    password: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class AssignRole(Command):
    """A role of `person` at the tenant `at`, from `starts_at` (now) until `ends_at` (without end)."""

    person: UUID
    home: UUID
    at: UUID
    role: Role
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class EndRole(Command):
    """A role ends now."""

    person: UUID
    home: UUID
    at: UUID
    role: Role


@dataclass(frozen=True, kw_only=True)
class RevokeSessions(Command):
    """Sign a person out everywhere; asked by the administrator, or by the person themselves with `tenant` = `home`."""

    person: UUID
    home: UUID


@dataclass(frozen=True, kw_only=True)
class LockPerson(Command):
    """Keep a person out."""

    person: UUID
    home: UUID


@dataclass(frozen=True, kw_only=True)
class UnlockPerson(Command):
    """Let a person in again."""

    person: UUID
    home: UUID


@dataclass(frozen=True, kw_only=True)
class OpenEngagement(Command):
    """An auditor, who lives in `home`, may read `scope` (services) of `tenants` for a time."""

    auditor: UUID
    home: UUID
    tenants: tuple[UUID, ...]
    purpose: str
    starts_at: datetime
    ends_at: datetime
    scope: tuple[Audience, ...] = tuple(Audience)


@dataclass(frozen=True, kw_only=True)
class CloseEngagement(Command):
    """An engagement ends before its time."""

    engagement: UUID
    reason: str


# ---- by the department's safeguarding lead


@dataclass(frozen=True, kw_only=True)
class ChangePolicy(Command):
    """A value of the department's own for what the source leaves open, from a day to come on; None takes it back."""

    key: str
    unit: str
    value: int | None
    since: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChangeDay(Command):
    """A day to come is worked, or is not, whatever the country's calendar says."""

    day: date
    worked: bool
    reason: str


# ---- about grants: by policy in the school's tenant, by whoever speaks for an agency in the agency's


@dataclass(frozen=True, kw_only=True)
class AskGrant(Command):
    """By policy: a case of the school offered an agency a seat (REF-05)."""

    matter: UUID
    grant: UUID
    agency: UUID
    rights: tuple[str, ...]
    ends_at: datetime
    walled: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class EndGrant(Command):
    """By policy: the case ended a seat; `reason` is a code."""

    matter: UUID
    grant: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class EndGrantsOfMatter(Command):
    """By policy: the case is closed."""

    matter: UUID


@dataclass(frozen=True, kw_only=True)
class KeepAwayFromGrants(Command):
    """By policy: the case walls people off (REP-02)."""

    matter: UUID
    people: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class NamePersonForGrant(Command):
    """The agency `tenant` names its person."""

    grant: UUID
    person: UUID


@dataclass(frozen=True, kw_only=True)
class WithdrawFromGrant(Command):
    """The agency `tenant` takes its person back."""

    grant: UUID


# ---- their effects in other tenants: asked by the handlers above alone, never at the door


@dataclass(frozen=True, kw_only=True)
class FoundSchool(Command):
    """In the school's own tenant."""

    department: UUID
    name: str
    language: Language


@dataclass(frozen=True, kw_only=True)
class CarryChange(Command):
    """In the department's tenant, by our own reaction: every school follows what was changed."""

    change: UUID


@dataclass(frozen=True, kw_only=True)
class FollowPolicy(Command):
    """In the school's tenant."""

    change: UUID
    policy: PolicyChange


@dataclass(frozen=True, kw_only=True)
class FollowDay(Command):
    """In the school's tenant."""

    change: UUID
    day: DayChange


@dataclass(frozen=True, kw_only=True)
class ListAgency(Command):
    """In the agency's own tenant."""

    department: UUID
    kind: AgencyKind
    name: str
    channel: AgencyChannel
    virtual_host: str | None
    encryption_key: Mapping[str, Any] | None
    signing_key: Mapping[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class NoteConfirmation(Command):
    """In the agency's own tenant."""


@dataclass(frozen=True, kw_only=True)
class EnrolPerson(Command):
    """In the person's home tenant."""

    person: UUID
    name: str = field(repr=False)
    language: Language


@dataclass(frozen=True, kw_only=True)
class ReserveLogin(Command):
    """In the installation's tenant; `login` is the stream that the name leads to."""

    login: UUID
    person: UUID
    home: UUID


@dataclass(frozen=True, kw_only=True)
class StorePassword(Command):
    """In the person's home tenant."""

    person: UUID
    hash: str = field(repr=False)
    sessions_before: datetime


@dataclass(frozen=True, kw_only=True)
class GrantRole(Command):
    """In the person's home tenant."""

    person: UUID
    at: UUID
    kind: TenantKind
    role: Role
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class WithdrawRole(Command):
    """In the person's home tenant."""

    person: UUID
    at: UUID
    role: Role


@dataclass(frozen=True, kw_only=True)
class EndSessions(Command):
    """In the person's home tenant."""

    person: UUID
    sessions_before: datetime


@dataclass(frozen=True, kw_only=True)
class SetLock(Command):
    """In the person's home tenant."""

    person: UUID
    locked: bool


@dataclass(frozen=True, kw_only=True)
class RecordSignIn(Command):
    """In the installation's tenant: the password was right; `until` is when a lock of now would end."""

    login: UUID
    session: UUID


@dataclass(frozen=True, kw_only=True)
class RecordFailedSignIn(Command):
    """In the installation's tenant: it was not."""

    login: UUID


@dataclass(frozen=True, kw_only=True)
class PlaceOffer(Command):
    """In the agency's tenant."""

    grant: UUID
    school: UUID
    matter: UUID


@dataclass(frozen=True, kw_only=True)
class GiveGrant(Command):
    """In the school's tenant: `agency` named the person."""

    matter: UUID
    grant: UUID
    agency: UUID
    person: UUID


@dataclass(frozen=True, kw_only=True)
class TakeGrantBack(Command):
    """In the school's tenant: `agency` took its person back."""

    matter: UUID
    grant: UUID
    agency: UUID
