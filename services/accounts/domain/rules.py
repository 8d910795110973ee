"""The rules of accounts, each a statement that is true when kept; one refusal each."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.accounts.domain import errors
from services.accounts.domain.values import (
    INSTALLER,
    NAMED_FOR_GRANTS,
    ROLES_OF_KIND,
    SCHOOL_ROLES,
    AgencyChannel,
    Role,
    TenantKind,
)
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.regulation import local_day

if TYPE_CHECKING:
    from services.accounts.domain.audit_engagement import AuditEngagement
    from services.accounts.domain.department import Department
    from services.accounts.domain.matter_grants import MatterGrant, MatterGrants
    from services.accounts.domain.person import Person
    from services.accounts.domain.values import OpenPolicy

_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


def installer_registers_departments(by: Actor) -> None:
    """Departments come with the installation."""
    if by.id != INSTALLER:
        raise NotPermittedError(rule="accounts.installer_registers_departments")


def administrator_registers(by: Actor) -> None:
    """Tenants, people, roles and engagements are the administrator's of that department, or the installation's."""
    if by.id != INSTALLER and Role.ADMINISTRATOR not in by.roles:
        raise NotPermittedError(rule="accounts.administrator_registers")


def safeguarding_lead_sets_policy(by: Actor) -> None:
    """What children's protection asks for is the safeguarding lead's to decide, not who keeps the accounts."""
    if Role.SAFEGUARDING_LEAD not in by.roles:
        raise NotPermittedError(rule="accounts.safeguarding_lead_sets_policy")


def policy_is_open(opened: Mapping[str, OpenPolicy], key: str) -> None:
    """What the source fixes no department changes."""
    if key not in opened:
        raise errors.PolicyNotOpenError(key=key)


def policy_counts_in(opening: OpenPolicy, key: str, unit: str) -> None:
    """Said in the unit that the regulation counts in, so that nobody sets hours and means days."""
    if unit != opening.unit:
        raise errors.PolicyUnitDiffersError(key=key, unit=opening.unit)


def policy_is_within_its_border(opening: OpenPolicy, key: str, value: int | None) -> None:
    """A department sets how long something takes, and cannot set it aside."""
    if value is not None and not opening.least <= value <= opening.most:
        raise errors.PolicyOutsideBorderError(key=key, least=opening.least, most=opening.most)


def policy_taken_back_was_set(department: Department, key: str, value: int | None) -> None:
    """Only what was set is taken back."""
    set_before = [change.value for change in department.policies.values() if change.key == key]
    if value is None and (not set_before or set_before[-1] is None):
        raise errors.PolicyNotSetError(key=key)


def day_is_still_to_come(day: date, at: datetime) -> None:
    """By which rules a day is ruled stands before it begins: the past is never rewritten, nor what was done today."""
    if day <= local_day(at):
        raise errors.DayNotAheadError(day=day.isoformat())


def nobody_grants_to_themselves(by: Actor, person: UUID) -> None:
    """An administrator never gets a role by their own hand."""
    if by.person == person:
        raise NotPermittedError(rule="accounts.nobody_grants_to_themselves")


def tenant_is_of_the_department(department: Department, tenant: UUID) -> TenantKind:
    """It is the department itself, one of its schools or one of its agencies; returns which."""
    kind = department.kind_of(tenant)
    if kind is None:
        raise errors.NotOfThisDepartmentError
    return kind


def role_fits_the_tenant(role: Role, kind: TenantKind) -> None:
    """Each kind of tenant has its roles; auditors and reporters have theirs by engagement and report alone."""
    if role not in ROLES_OF_KIND[kind]:
        raise errors.RoleDoesNotFitError(role=role.value, kind=kind.value)


def administrator_holds_no_case_role(person: Person, role: Role, at: datetime) -> None:
    """Whoever gives out access to cases has none, and the other way round (CON-01)."""
    held = {grant.role for grant in person.grants.values() if grant.ends_at is None or grant.ends_at > at}
    excluded = SCHOOL_ROLES | {Role.SAFEGUARDING_LEAD} if role is Role.ADMINISTRATOR else {Role.ADMINISTRATOR}
    if role in SCHOOL_ROLES | {Role.SAFEGUARDING_LEAD, Role.ADMINISTRATOR} and held & excluded:
        raise errors.RolesConflictError(role=role.value, held=sorted(held & excluded))


def period_ends_after_it_starts(starts_at: datetime, ends_at: datetime | None) -> None:
    """A period has a length."""
    if ends_at is not None and ends_at <= starts_at:
        raise errors.PeriodMisstatedError


def keys_are_public(*keys: Mapping[str, Any] | None) -> None:
    """Partners keep their private keys (JWK, RFC 7517)."""
    if any(_PRIVATE_MEMBERS & set(key) for key in keys if key is not None):
        raise errors.KeysNotPublicError


def keys_are_of_the_exchange(encryption_key: Mapping[str, Any] | None, signing_key: Mapping[str, Any] | None) -> None:
    """P-256 to encrypt to, Ed25519 to verify with (docs/partners): others would only show at the first referral."""
    expected = {
        "encryption_key": (encryption_key, {"kty": "EC", "crv": "P-256"}, ("x", "y")),
        "signing_key": (signing_key, {"kty": "OKP", "crv": "Ed25519"}, ("x",)),
    }
    unusable = [
        name
        for name, (key, kind, members) in expected.items()
        if key is not None
        and ({part: key.get(part) for part in kind} != kind or not all(_is_32_bytes(key.get(one)) for one in members))
    ]
    if unusable:
        raise errors.KeysUnusableError(keys=unusable)


def _is_32_bytes(member: object) -> bool:
    """Whether a member of a JWK is 32 bytes in base64url without padding: 43 characters."""
    return isinstance(member, str) and re.fullmatch(r"[A-Za-z0-9_-]{43}", member) is not None


_NEEDED: Mapping[AgencyChannel, frozenset[str]] = {
    AgencyChannel.AMQP: frozenset({"virtual_host", "encryption_key", "signing_key"}),
    AgencyChannel.WEBHOOK: frozenset({"encryption_key", "signing_key"}),
}


def broker_partner_has_keys(channel: AgencyChannel, **needed: object) -> None:
    """By machine it goes encrypted and comes back signed, over the broker in the partner's virtual host (REF-04)."""
    missing = sorted(name for name in _NEEDED.get(channel, ()) if not needed[name])
    if missing:
        raise errors.KeysMissingError(missing=missing)


def auditor_is_independent(person: Person, tenants: Collection[UUID], at: datetime) -> None:
    """Nobody audits where they hold a role."""
    held = sorted({str(grant.tenant) for grant in person.grants.values() if grant.tenant in tenants and grant.runs(at)})
    if held:
        raise errors.AuditorNotIndependentError(tenants=held)


def engagement_is_not_closed(engagement: AuditEngagement) -> None:
    """An engagement is closed once."""
    if engagement.closed_at is not None:
        raise errors.EngagementAlreadyClosedError


def password_is_long_enough(password: str, least: int) -> None:
    """Length is what makes a password hold (NIST SP 800-63B)."""
    if len(password) < least:
        raise errors.PasswordTooShortError(least=least)


def duty_officer_speaks_for_the_agency(by: Actor) -> None:
    """An agency's person is named by its duty officer, the department's by its safeguarding lead (REF-05)."""
    if not by.roles & NAMED_FOR_GRANTS:
        raise NotPermittedError(rule="accounts.duty_officer_speaks_for_the_agency")


def grant_is_open(grants: MatterGrants, grant: UUID, agency: UUID, at: datetime) -> MatterGrant:
    """One that was asked of this agency and has not ended; any other is unknown to it."""
    found = grants.grants.get(grant)
    if found is None or found.agency != agency or not found.runs(at):
        raise UnknownError(what="grant")
    return found


def nobody_walled_knows(grants: MatterGrants, person: UUID | None) -> None:
    """Whoever the matter walls off learns of no grant of it (REP-02)."""
    if person in grants.walled:
        raise UnknownError(what="grant")


def person_is_not_kept_away(grants: MatterGrants, person: UUID) -> None:
    """A colleague of theirs is told no more than that this person can't be named (REP-02)."""
    if person in grants.walled:
        raise UnknownError(what="person")


def nobody_was_named(grant: MatterGrant) -> None:
    """One grant, one person: for another the school asks again."""
    if grant.person is not None:
        raise errors.GrantTakenError
