"""A person with an account: which roles they hold where, and since when their sessions count."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from services.accounts.domain import rules
from services.accounts.domain.errors import NoSuchRoleHeldError
from services.accounts.domain.values import Grant, Language, Role, TenantKind
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered


@registered
class Person(Aggregate):
    """Lives in its home tenant. `sessions_before` is real time: sessions signed before it hold no longer."""

    TOPIC = "accounts.person"

    class Registered(FirstEvent):
        TOPIC = "accounts.person_registered"
        home: UUID
        name: str
        language: str

    class PasswordSet(Event):
        """A new argon2 hash; earlier sessions end."""

        TOPIC = "accounts.password_set"
        hash: str
        sessions_before: datetime

    class RoleAssigned(Event):
        TOPIC = "accounts.role_assigned"
        grant: UUID
        tenant: UUID
        role: str
        starts_at: datetime
        ends_at: datetime | None

    class RoleEnded(Event):
        TOPIC = "accounts.role_ended"
        grant: UUID
        ends_at: datetime
        tenant: UUID | None = None
        role: str = ""

    class SessionsRevoked(Event):
        TOPIC = "accounts.sessions_revoked"
        sessions_before: datetime

    class Locked(Event):
        TOPIC = "accounts.person_locked"

    class Unlocked(Event):
        TOPIC = "accounts.person_unlocked"

    @classmethod
    def register(cls, *, id: UUID, home: UUID, name: str, language: Language, by: Actor, at: datetime) -> Self:
        """Somebody who may be given roles and a password."""
        return cls._begin(cls.Registered, id=id, by=by, at=at, home=home, name=name, language=language.value)

    def set_password(self, *, hash: str, sessions_before: datetime, by: Actor, at: datetime) -> None:
        """Takes the hash of a new password."""
        self._record(self.PasswordSet, by=by, at=at, hash=hash, sessions_before=sessions_before)

    def assign_role(
        self,
        *,
        grant: UUID,
        tenant: UUID,
        kind: TenantKind,
        role: Role,
        starts_at: datetime,
        ends_at: datetime | None,
        by: Actor,
        at: datetime,
    ) -> None:
        """Grants a role at a tenant from `starts_at` on; one that runs there already is left as it is."""
        rules.nobody_grants_to_themselves(by, self.id)
        rules.role_fits_the_tenant(role, kind)
        rules.period_ends_after_it_starts(starts_at, ends_at)
        rules.administrator_holds_no_case_role(self, role, at)
        if self._running(tenant, role, at) is None:
            self._record(
                self.RoleAssigned,
                by=by,
                at=at,
                grant=grant,
                tenant=tenant,
                role=role.value,
                starts_at=starts_at,
                ends_at=ends_at,
            )

    def end_role(self, *, tenant: UUID, role: Role, by: Actor, at: datetime) -> None:
        """Ends a role as of now."""
        running = self._running(tenant, role, at)
        if running is None:
            raise NoSuchRoleHeldError(role=role.value)
        self._record(
            self.RoleEnded, by=by, at=at, grant=running.id, ends_at=at, tenant=running.tenant, role=running.role.value
        )

    def revoke_sessions(self, *, sessions_before: datetime, by: Actor, at: datetime) -> None:
        """Signs the person out everywhere."""
        self._record(self.SessionsRevoked, by=by, at=at, sessions_before=sessions_before)

    def lock(self, *, by: Actor, at: datetime) -> None:
        """Keeps the person out until unlocked."""
        if not self.locked:
            self._record(self.Locked, by=by, at=at)

    def unlock(self, *, by: Actor, at: datetime) -> None:
        """Lets the person in again."""
        if self.locked:
            self._record(self.Unlocked, by=by, at=at)

    def roles_at(self, tenant: UUID, moment: datetime) -> frozenset[Role]:
        """The roles held at a tenant at that moment."""
        return frozenset(one.role for one in self.grants.values() if one.tenant == tenant and one.runs(moment))

    def _running(self, tenant: UUID, role: Role, moment: datetime) -> Grant | None:
        held = (one for one in self.grants.values() if one.tenant == tenant and one.role is role and one.runs(moment))
        return next(held, None)

    def _registered(self, event: Registered) -> None:
        self.home = event.home
        self.name = event.name
        self.language = Language(event.language)
        self.password_hash = ""
        self.sessions_before: datetime | None = None
        self.grants: dict[UUID, Grant] = {}
        self.locked = False

    def _password_set(self, event: PasswordSet) -> None:
        self.password_hash = event.hash
        self.sessions_before = event.sessions_before

    def _role_assigned(self, event: RoleAssigned) -> None:
        self.grants[event.grant] = Grant(
            id=event.grant, tenant=event.tenant, role=Role(event.role), starts_at=event.starts_at, ends_at=event.ends_at
        )

    def _role_ended(self, event: RoleEnded) -> None:
        self.grants[event.grant].ends_at = event.ends_at

    def _sessions_revoked(self, event: SessionsRevoked) -> None:
        self.sessions_before = event.sessions_before

    def _locked(self, event: Locked) -> None:
        self.locked = True

    def _unlocked(self, event: Unlocked) -> None:
        self.locked = False
