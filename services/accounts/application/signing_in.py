"""Signing in, and the tokens that a session buys (ARCHITECTURE section 4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.accounts import commands
from services.accounts.application.base import AccountsBase
from services.accounts.domain.audit_engagement import AuditEngagement
from services.accounts.domain.errors import SignInRefusedError
from services.accounts.domain.grant_offer import GrantOffer
from services.accounts.domain.login import Login
from services.accounts.domain.person import Person
from services.accounts.domain.school import School
from services.accounts.domain.values import (
    AUDIT_PURPOSE,
    DEPARTMENT_ROLES_AT_SCHOOLS,
    GRANT_PURPOSE,
    NAMED_FOR_GRANTS,
    OPENED_BY_GRANTS,
    Audience,
    Role,
)
from shared import tokens
from shared.domain import Actor, UnknownError
from shared.ids import new_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles
from shared.tokens import SessionClaims, TokenRefusedError

NOBODY_YET = Actor(id="system:sign_in")


class SigningIn(AccountsBase):
    """Sign-in, sessions and tokens; tokens' times are real ones."""

    def sign_in(self, *, login: str, password: str) -> dict[str, Any]:
        """{"session": <token>, "person", "home"}. Raises SignInRefusedError, alike and as slow for whatever reason."""
        stream, session = self.login_stream(login), new_id()
        found = self.for_tenant(self.parts.platform).find(Login, stream)
        person = None if found is None else self.for_tenant(found.home).find(Person, found.person)
        matches = self.passwords.match("" if person is None else person.password_hash, password)
        if found is None or person is None:
            self.record_read(self.parts.platform, NOBODY_YET, "sign_in", [stream], "accounts.unknown", allowed=False)
            raise SignInRefusedError
        if not matches or person.locked:
            self._record_at_platform(commands.RecordFailedSignIn, NOBODY_YET, login=stream)
            raise SignInRefusedError
        who = Actor(id=f"person:{person.id}")
        self._record_at_platform(commands.RecordSignIn, who, login=stream, session=session)
        now = self.real_clock.now()
        token = tokens.mint_session_token(
            self.signing_key, person=person.id, home=person.home, session=session, now=now
        )
        return {"session": token, "person": person.id, "home": person.home}

    @handles(commands.RecordSignIn)
    def record_sign_in(self, command: commands.RecordSignIn, ledger: TenantLedger) -> Answer:
        """A session begins, unless the name is locked: decided where failures are counted, so that none slips by."""
        login = ledger.get(Login, command.login)
        if login.is_locked_out(ledger.now()):
            raise SignInRefusedError
        login.sign_in(session=command.session, by=command.by, at=ledger.now())
        return ledger.save(login)

    @handles(commands.RecordFailedSignIn)
    def record_failed_sign_in(self, command: commands.RecordFailedSignIn, ledger: TenantLedger) -> Answer:
        """Counts a failure; after the last that the regulation allows, the name is locked for a while."""
        login, now = ledger.get(Login, command.login), ledger.now()
        lock = self.regulations.deadline("accounts.sign_in_lock", now)
        most = self.regulations.at("accounts.sign_in_failures", now).value
        login.fail(most=most, until=lock.due_at, rule=lock.rule, by=command.by, at=now)
        return ledger.save(login)

    def issue_token(self, *, session: str, audience: Audience, tenant: UUID, purpose: str = "") -> dict[str, Any]:
        """{"token", "roles", "tenant"}: 60 s for one service and tenant, with the roles held there now.

        With the purpose `audit:<engagement>` the role is `auditor` and no other, inside a running engagement. Raises
        TokenRefusedError for a session that does not hold, NotPermittedError where nothing is held at that tenant. With
        the purpose `grant:<grant>` it is `interagency_member` and no other, for the matter of that grant; UnknownError
        for one that is made up, another's, another school's, or has ended.
        """
        now = self.real_clock.now()
        claims = self.sessions.session(session, now)
        person, at = self._signed_in(claims), self.clock.now()
        if purpose.startswith(AUDIT_PURPOSE):
            roles = self._auditors_role(person, tenant, audience, purpose, at)
        elif purpose.startswith(GRANT_PURPOSE):
            roles = self._members_role(person, tenant, audience, purpose, at)
        else:
            roles = self._roles_at(person, tenant, at)
        token = tokens.mint_person_token(
            self.signing_key,
            person=person.id,
            tenant=tenant,
            roles=[role.value for role in roles],
            home=person.home,
            purpose=purpose,
            audience=audience.value,
            now=now,
        )
        return {"token": token, "roles": sorted(role.value for role in roles), "tenant": tenant}

    def issue_reporter_token(self, *, tenant: UUID, audience: str = Audience.REPORTS.value) -> dict[str, Any]:
        """{"token", "reporter"}: for one report at a school, by whoever it is (REP-03). Raises UnknownError."""
        if self.for_tenant(tenant).find(School, tenant) is None:
            raise UnknownError(what="school")
        reporter = new_id()
        token = tokens.mint_reporter_token(
            self.signing_key,
            reporter=reporter,
            tenant=tenant,
            audience=audience,
            now=self.real_clock.now(),
        )
        return {"token": token, "reporter": reporter}

    def _signed_in(self, claims: SessionClaims) -> Person:
        """The person of a session that still holds."""
        person = self.for_tenant(claims.home).find(Person, claims.person)
        if person is None or person.locked:
            raise TokenRefusedError("session_ended")
        if person.sessions_before is not None and claims.issued_at < person.sessions_before:
            raise TokenRefusedError("session_ended")
        return person

    def _roles_at(self, person: Person, tenant: UUID, at: datetime) -> frozenset[Role]:
        """Roles granted at the tenant, and those of its department that count there."""
        roles = person.roles_at(tenant, at)
        school = self.for_tenant(tenant).find(School, tenant)
        if school is not None:
            roles |= person.roles_at(school.department, at) & DEPARTMENT_ROLES_AT_SCHOOLS
        if not roles:
            who = Actor(id=f"person:{person.id}")
            raise self.deny(person.home, who, "token", "accounts.person_holds_a_role_there", (tenant,))
        return roles

    def _auditors_role(
        self, person: Person, tenant: UUID, audience: Audience, purpose: str, at: datetime
    ) -> frozenset[Role]:
        """The auditor's role, where a running engagement covers tenant and service."""
        department = self.department_of(tenant)
        engagement = self._engagement(department, purpose.removeprefix(AUDIT_PURPOSE))
        if engagement and engagement.covers(auditor=person.id, tenant=tenant, service=audience, at=at):
            return frozenset({Role.AUDITOR})
        who = Actor(id=f"person:{person.id}", purpose=purpose)
        raise self.deny(department or person.home, who, "token", "accounts.auditor_is_inside_an_engagement", (tenant,))

    def _members_role(
        self, person: Person, tenant: UUID, audience: Audience, purpose: str, at: datetime
    ) -> frozenset[Role]:
        """The role of an outsider, where their own grant opens a matter of the tenant, as long as they are on duty."""
        offer = self._offer(person, purpose.removeprefix(GRANT_PURPOSE))
        on_duty = bool(person.roles_at(person.home, at) & NAMED_FOR_GRANTS)
        if offer is not None and offer.school == tenant and audience in OPENED_BY_GRANTS and on_duty:
            grants = self.grants_at(offer.school, offer.matter)
            if grants is not None and grants.opens_to(grant=offer.id, person=person.id, moment=at):
                return frozenset({Role.INTERAGENCY_MEMBER})
        who = Actor(id=f"person:{person.id}", purpose=purpose)
        self.deny(person.home, who, "token", "accounts.member_has_a_grant", (tenant,))
        raise UnknownError(what="grant")

    def _offer(self, person: Person, text: str) -> GrantOffer | None:
        try:
            return self.for_tenant(person.home).find(GrantOffer, UUID(text))
        except ValueError:
            return None

    def _engagement(self, department: UUID | None, text: str) -> AuditEngagement | None:
        try:
            engagement = UUID(text)
        except ValueError:
            return None
        return self.for_tenant(department).find(AuditEngagement, engagement) if department else None

    def _record_at_platform(self, kind: Any, by: Actor, **facts: Any) -> None:
        self.execute(kind(tenant=self.parts.platform, command_id=new_id(), by=by, **facts))
