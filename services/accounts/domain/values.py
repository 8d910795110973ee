"""The words of accounts, as codes. Texts for them live in the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

AUDIT_PURPOSE = "audit:"
GRANT_PURPOSE = "grant:"
INSTALLER = "system:install"


class Language(StrEnum):
    """Languages that people and tenants use."""

    KAZAKH = "kk"
    RUSSIAN = "ru"
    ENGLISH = "en"


class TenantKind(StrEnum):
    """What a tenant is."""

    DEPARTMENT = "department"
    SCHOOL = "school"
    AGENCY = "agency"


class AgencyKind(StrEnum):
    """The agencies that the Algorithm names."""

    POLICE = "police"
    HEALTH = "health"
    GUARDIANSHIP = "guardianship"
    MINORS_COMMISSION = "minors_commission"
    SOCIAL_PROTECTION = "social_protection"
    FORENSIC_MEDICINE = "forensic_medicine"
    CRISIS_CENTRE = "crisis_centre"
    ANTI_TRAFFICKING = "anti_trafficking"
    CHILD_SERVICES = "child_services"
    HELP_ROOM = "help_room"
    NGO = "ngo"
    OTHER_COMPETENT = "other_competent"


class AgencyChannel(StrEnum):
    """How an agency is reached (REF-04)."""

    AMQP = "amqp"
    WEB = "web"
    WEBHOOK = "webhook"
    LINK = "link"


class Audience(StrEnum):
    """Services that a person token can be for."""

    REPORTS = "reports"
    CASES = "cases"
    REFERRALS = "referrals"
    MONITORING = "monitoring"
    ACCOUNTS = "accounts"


class Role(StrEnum):
    """Roles as tokens carry them; `auditor`, `reporter` and `interagency_member` are never assigned: they come by
    engagement, by report, by a grant.
    """

    HEAD = "head"
    DEPUTY = "deputy"
    CLASS_TEACHER = "class_teacher"
    SUBJECT_TEACHER = "subject_teacher"
    SOCIAL_PEDAGOGUE = "social_pedagogue"
    PSYCHOLOGIST = "psychologist"
    SCHOOL_DOCTOR = "school_doctor"
    SAFETY_ENGINEER = "safety_engineer"
    JUVENILE_POLICE = "juvenile_police"
    REPORTER = "reporter"
    ANALYST = "department_analyst"
    SAFEGUARDING_LEAD = "department_safeguarding_lead"
    DUTY_OFFICER = "partner_duty_officer"
    TRAINER = "trainer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    INTERAGENCY_MEMBER = "interagency_member"


SCHOOL_ROLES = frozenset(
    {
        Role.HEAD,
        Role.DEPUTY,
        Role.CLASS_TEACHER,
        Role.SUBJECT_TEACHER,
        Role.SOCIAL_PEDAGOGUE,
        Role.PSYCHOLOGIST,
        Role.SCHOOL_DOCTOR,
        Role.SAFETY_ENGINEER,
        Role.JUVENILE_POLICE,
    }
)
DEPARTMENT_ROLES_AT_SCHOOLS = frozenset({Role.ANALYST, Role.SAFEGUARDING_LEAD})
"""Roles held at a department that count at each of its schools, too."""

NAMED_FOR_GRANTS = frozenset({Role.DUTY_OFFICER, Role.SAFEGUARDING_LEAD})
"""Who speaks for an agency, or for the department, about grants, and who may be named for one (REF-05)."""

OPENED_BY_GRANTS = frozenset({Audience.CASES})
"""Services for which a grant buys a token."""

ROLES_OF_KIND: Mapping[TenantKind, frozenset[Role]] = {
    TenantKind.SCHOOL: SCHOOL_ROLES | {Role.TRAINER},
    TenantKind.AGENCY: frozenset({Role.DUTY_OFFICER}),
    TenantKind.DEPARTMENT: DEPARTMENT_ROLES_AT_SCHOOLS | {Role.TRAINER, Role.ADMINISTRATOR},
}


class Grant:
    """A role held at a tenant from one moment to another, or without end."""

    def __init__(self, *, id: UUID, tenant: UUID, role: Role, starts_at: datetime, ends_at: datetime | None) -> None:
        self.id = id
        self.tenant = tenant
        self.role = role
        self.starts_at = starts_at
        self.ends_at = ends_at

    def runs(self, moment: datetime) -> bool:
        """Whether it holds at that moment."""
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)


class Counted(StrEnum):
    """In what a regulation that is open to departments counts."""

    MINUTES = "minutes"
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    COUNT = "count"


@dataclass(frozen=True, kw_only=True)
class OpenPolicy:
    """A key that the source leaves to departments: in which unit, and between which values, both ends within."""

    unit: str
    least: int
    most: int


@dataclass(frozen=True, kw_only=True)
class PolicyChange:
    """A department's own value from a day on; None takes it back."""

    key: str
    unit: str
    value: int | None
    since: date


@dataclass(frozen=True, kw_only=True)
class DayChange:
    """Whether a day is worked, by the department's own table."""

    day: date
    worked: bool
