"""The words of a report, as codes: those of the Algorithm's lists. Texts for them live in the gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Self
from uuid import UUID


class Source(StrEnum):
    """Who reports (REP-01); the contact centre is added to the Algorithm's list."""

    HOTLINE = "hotline"
    STAFF = "staff"
    CHILD_WITNESS = "child_witness"
    CHILD_VICTIM = "child_victim"
    PARENT_OR_GUARDIAN = "parent_or_guardian"
    RELATIVE = "relative"
    ACQUAINTANCE = "acquaintance"
    NEIGHBOUR = "neighbour"
    CONTACT_CENTRE_111 = "contact_centre_111"


class Channel(StrEnum):
    """The way in which it was said (REP-01, REP-05); `web`, the public form, is added to the Algorithm's list."""

    IN_PERSON = "in_person"
    WRITTEN = "written"
    VERBAL = "verbal"
    PHONE = "phone"
    EMAIL = "email"
    SOCIAL_NETWORK = "social_network"
    MESSENGER = "messenger"
    OTHER = "other"
    WEB = "web"


class Place(StrEnum):
    """Where it happened."""

    SCHOOL = "school"
    HOME = "home"
    OUTSIDE = "outside"
    ONLINE = "online"
    DORMITORY = "dormitory"
    TRIP_OR_EXCHANGE = "trip_or_exchange"
    HOME_SCHOOLING = "home_schooling"


class Kind(StrEnum):
    """What is reported: a kind of violence, or problem behaviour, which is kept for SSS-06 and not dropped (REP-01)."""

    PHYSICAL = "physical"
    PSYCHOLOGICAL = "psychological"
    SEXUAL = "sexual"
    EXPLOITATION = "exploitation"
    CYBERBULLYING = "cyberbullying"
    BULLYING = "bullying"
    NEGLECT = "neglect"
    ECONOMIC = "economic"
    PROBLEM_BEHAVIOUR = "problem_behaviour"


class Category(StrEnum):
    """Whom the person complained of is to the child."""

    STAFF = "staff"
    PARENT_OR_GUARDIAN = "parent_or_guardian"
    PEER = "peer"
    OTHER_ADULT = "other_adult"
    UNKNOWN = "unknown"


class Timing(StrEnum):
    """Whether it goes on or is over."""

    PRESENT = "present"
    PAST = "past"
    UNKNOWN = "unknown"


class Urgency(StrEnum):
    """How soon the service turns to it."""

    IMMEDIATE = "immediate"
    URGENT = "urgent"
    ORDINARY = "ordinary"


class State(StrEnum):
    """Where a report stands; the last three are final (REP-06)."""

    RECEIVED = "received"
    TRIAGED = "triaged"
    UNDER_VERIFICATION = "under_verification"
    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    OUT_OF_SCOPE = "out_of_scope"


FINAL = frozenset({State.CONFIRMED, State.NOT_CONFIRMED, State.OUT_OF_SCOPE})


class WallReason(StrEnum):
    """Why somebody is kept away from a report."""

    ACCUSED = "accused"
    CLOSE_TO_ACCUSED = "close_to_accused"
    JOINED_REPORT = "joined_report"


class Role(StrEnum):
    """The roles that matter here: those of the School Safety Service, teachers, and two from outside."""

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
    SAFEGUARDING_LEAD = "department_safeguarding_lead"
    AUDITOR = "auditor"


SCHOOL_ROLES = frozenset(Role) - {Role.REPORTER, Role.SAFEGUARDING_LEAD, Role.AUDITOR}
SSS_ROLES = SCHOOL_ROLES - {Role.CLASS_TEACHER, Role.SUBJECT_TEACHER}


class Method(StrEnum):
    """How a sign was noticed (REP-09): the Algorithm's identification methods."""

    OBSERVING_THE_VICTIM = "observing_the_victim"
    OBSERVING_AGGRESSORS = "observing_aggressors"
    WATCHING_SOCIAL_NETWORKS = "watching_social_networks"
    ANALYSING_WORK = "analysing_work"
    TALKING = "talking"
    VISITING_HOME = "visiting_home"


class Outcome(StrEnum):
    """What comes of a noted sign."""

    WATCHED_ON = "watched_on"
    REPORTED = "reported"
    NO_CONCERN = "no_concern"


class Body(StrEnum):
    """A competent body that an employee turns to (REP-10): the Algorithm's agencies."""

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


class Duty(StrEnum):
    """What falls due on a report."""

    FIRST_ACTION = "first_action"
    VERIFICATION = "verification"


@dataclass(frozen=True, kw_only=True)
class Child:
    """The child it is about, as far as the reporter knows."""

    name: str
    class_name: str = ""
    age: int | None = None
    birth_date: date | None = None
    iin: str = ""

    def stored(self) -> dict[str, Any]:
        """As it stands in events."""
        born = None if self.birth_date is None else self.birth_date.isoformat()
        known = {"name": self.name, "class_name": self.class_name, "age": self.age}
        return known | {"birth_date": born, "iin": self.iin}


@dataclass(frozen=True, kw_only=True)
class Accused:
    """Somebody complained of: `person` where it is somebody of our system, `role` where only that is known."""

    name: str
    category: Category
    person: UUID | None = None
    role: Role | None = None

    @property
    def is_of_the_school(self) -> bool:
        """Whether it is somebody of our system, known or by role."""
        return self.person is not None or self.role is not None

    def stored(self) -> dict[str, Any]:
        """As it stands in events."""
        role = None if self.role is None else self.role.value
        return {"name": self.name, "category": self.category.value, "person": self.person, "role": role}

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """What `stored` gave."""
        role = None if stored["role"] is None else Role(stored["role"])
        return cls(name=stored["name"], category=Category(stored["category"]), person=stored["person"], role=role)


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """A file as it is kept beside the log; hashes are SHA-256 in hex, `size` is in bytes."""

    attachment: UUID
    blob: UUID
    name: str
    type: str
    size: int
    sha256: str
    received_sha256: str
    pieces: Sequence[str]
    is_stripped: bool
    rule: str

    def stored(self) -> dict[str, Any]:
        """As it stands in events."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, kw_only=True)
class Informant:
    """Who reports, where that is told: kept in `ReporterIdentity` and nowhere else (REP-04)."""

    name: str = ""
    contact: str = ""

    def stored(self) -> dict[str, Any]:
        """As it stands in events."""
        return {"name": self.name, "contact": self.contact}
