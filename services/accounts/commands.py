"""What may be asked of accounts.

`tenant` is the department's in all that administrators do; the effects stand in the logs of the tenants they are about
(`school`, `agency`, `home`), each by a command of its own with a derived id: those are in the second half.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.accounts.domain.values import AgencyChannel, AgencyKind, Audience, Language, Role, TenantKind
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


# ---- their effects in other tenants: asked by the handlers above alone, never at the door


@dataclass(frozen=True, kw_only=True)
class FoundSchool(Command):
    """In the school's own tenant."""

    department: UUID
    name: str
    language: Language


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
