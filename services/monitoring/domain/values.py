"""The words of prevention, as codes: those of the Algorithm's lists. Texts for them live in the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

SEPTEMBER = 9


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
    SAFEGUARDING_LEAD = "department_safeguarding_lead"
    AUDITOR = "auditor"


SCHOOL_ROLES = frozenset(Role) - {Role.SAFEGUARDING_LEAD, Role.AUDITOR}
SSS_ROLES = SCHOOL_ROLES - {Role.CLASS_TEACHER, Role.SUBJECT_TEACHER}


# ---- the risk group (SSS-06)


class Level(StrEnum):
    """The levels of prevention at which a child is in the risk group; the first level is everybody's."""

    SECONDARY = "secondary"
    TERTIARY = "tertiary"


class EntryState(StrEnum):
    """Where an entry stands; the last two are final."""

    PROPOSED = "proposed"
    IN_GROUP = "in_group"
    LEFT = "left"
    DECLINED = "declined"


class Category(StrEnum):
    """Whom somebody named in an entry is to the child."""

    STAFF = "staff"
    PARENT_OR_GUARDIAN = "parent_or_guardian"
    PEER = "peer"
    OTHER_ADULT = "other_adult"
    UNKNOWN = "unknown"


class Nature(StrEnum):
    """What a measure is: prevention, also for children who hurt others; the last two are refused (PLN-07)."""

    HELP = "help"
    ENCOURAGEMENT = "encouragement"
    TEACHING = "teaching"
    TEACHING_PARENTS = "teaching_of_parents"
    PENALTY = "penalty"
    HARSH_MEASURE = "harsh_measure"


PUNISHING = frozenset({Nature.PENALTY, Nature.HARSH_MEASURE})


class Change(StrEnum):
    """How behaviour has changed."""

    BETTER = "better"
    UNCHANGED = "unchanged"
    WORSE = "worse"


class LeavingReason(StrEnum):
    """Why a child is in the risk group no longer."""

    BEHAVIOUR_CHANGED = "behaviour_changed"
    CASE_OPENED = "case_opened"
    LEFT_SCHOOL = "left_school"
    ENTERED_IN_ERROR = "entered_in_error"


class WallReason(StrEnum):
    """Why somebody is kept away from an entry."""

    ACCUSED = "accused"
    CLOSE_TO_ACCUSED = "close_to_accused"


@dataclass(frozen=True, kw_only=True)
class Child:
    """The child that an entry is about."""

    name: str
    class_name: str = ""
    birth_date: date | None = None

    def stored(self) -> dict[str, Any]:
        """As it stands in events."""
        born = None if self.birth_date is None else self.birth_date.isoformat()
        return {"name": self.name, "class_name": self.class_name, "birth_date": born}


@dataclass(frozen=True, kw_only=True)
class Named:
    """Somebody from whom harm is feared: `person` where it is one of our system, `role` where only that is known."""

    name: str
    category: Category
    person: UUID | None = None
    role: Role | None = None

    def stored(self) -> dict[str, Any]:
        """As it stands in events."""
        role = None if self.role is None else self.role.value
        return {"name": self.name, "category": self.category.value, "person": self.person, "role": role}

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """What `stored` gave."""
        role = None if stored["role"] is None else Role(stored["role"])
        return cls(name=stored["name"], category=Category(stored["category"]), person=stored["person"], role=role)


# ---- informing, training, guests (SSS-05, SSS-09, REF-08)


class Audience(StrEnum):
    """Whom the service informs."""

    STAFF = "staff"
    PUPILS = "pupils"
    PARENTS = "parents"


class Topic(StrEnum):
    """About what."""

    PROTECTION = "protection"
    DOCUMENTS = "documents"
    KINDS_OF_VIOLENCE = "kinds_of_violence"
    WAYS_TO_REPORT = "ways_to_report"
    PREVENTION = "prevention"
    DETECTION = "detection"
    RESPONSE = "response"
    HELP = "psychological_and_pedagogical_help"


class Means(StrEnum):
    """In what way."""

    MEETING = "meeting"
    CLASS_HOUR = "class_hour"
    CONFERENCE = "conference"
    CONSULTATION = "consultation"
    LETTER = "letter"
    LEAFLET = "leaflet"
    POSTER = "poster"
    WEBSITE = "website"
    MESSENGER = "messenger"
    SCHOOL_EVENT = "school_event"


class CampaignState(StrEnum):
    """Where a campaign stands."""

    PLANNED = "planned"
    HELD = "held"
    CALLED_OFF = "called_off"


class Guest(StrEnum):
    """Who is invited from outside (REF-08)."""

    EXPERT = "expert"
    SPECIALIST = "specialist"
    VOLUNTEER = "volunteer"


class Purpose(StrEnum):
    """For what."""

    INFORM = "inform"
    TRAIN = "train"


class InvitationState(StrEnum):
    """What came of an invitation."""

    INVITED = "invited"
    CAME = "came"
    DECLINED = "declined"


class DeclineReason(StrEnum):
    """Why a guest did not come."""

    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    DID_NOT_COME = "did_not_come"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How many of an audience were reached."""

    audience: Audience
    reached: int
    out_of: int

    def stored(self) -> dict[str, Any]:
        """As it stands in events."""
        return {"audience": self.audience.value, "reached": self.reached, "out_of": self.out_of}


def school_year_of(day: date) -> int:
    """The year in which the school year began that the day lies in; it begins on 1 September."""
    return day.year if day.month >= SEPTEMBER else day.year - 1


# ---- the risk journal (RSK-06, MON-06)


class Degree(StrEnum):
    """How likely, how grave, how much is left."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Subject(StrEnum):
    """What a risk is looked for in, beyond a case."""

    CHILDREN = "children"
    PLACE = "place"
    TRIP = "trip"
    SCHOOL_EVENT = "school_event"


class Tendency(StrEnum):
    """What a category of children may do or meet."""

    MAY_SUFFER = "may_suffer"
    MAY_COMMIT = "may_commit"


class TripState(StrEnum):
    """Where a trip stands."""

    PLANNED = "planned"
    HELD = "held"
    CALLED_OFF = "called_off"
