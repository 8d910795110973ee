"""People, children and entries of the risk group, as tests need them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.monitoring.domain.campaign import Campaign
from services.monitoring.domain.group_entry import Categories, Due, Entering, GroupEntry
from services.monitoring.domain.invitation import Invitation
from services.monitoring.domain.risk import Risk, Weighed
from services.monitoring.domain.staff_training import StaffTraining
from services.monitoring.domain.trip import Trip
from services.monitoring.domain.values import (
    Audience,
    Category,
    Child,
    Degree,
    Guest,
    Level,
    Means,
    Named,
    Purpose,
    Role,
    Subject,
    Topic,
)
from shared.domain import Actor
from shared.ids import new_id

NOW = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)
"""09:00 in Almaty, a working day, the first of the school year."""
TODAY = date(2026, 9, 1)
HEAD_ID, DEPUTY_ID, PEDAGOGUE_ID, PSYCHOLOGIST_ID, TEACHER_ID, LEAD_ID = (new_id() for _ in range(6))


def a_person(id: UUID, *roles: str, purpose: str = "") -> Actor:
    """Somebody with an account, in the school's tenant."""
    return Actor(id=f"person:{id}", roles=frozenset(roles), purpose=purpose)


HEAD = a_person(HEAD_ID, "head")
DEPUTY = a_person(DEPUTY_ID, "deputy")
PEDAGOGUE = a_person(PEDAGOGUE_ID, "social_pedagogue")
PSYCHOLOGIST = a_person(PSYCHOLOGIST_ID, "psychologist")
ENGINEER = a_person(new_id(), "safety_engineer")
TEACHER = a_person(TEACHER_ID, "class_teacher")
SAFEGUARDING_LEAD = a_person(LEAD_ID, "department_safeguarding_lead")
AUDITOR = a_person(new_id(), "auditor", purpose=f"audit:{new_id()}")
CLOCK = Actor(id="clock:monitoring")
POLICY = Actor(id="policy:when_problem_behaviour_reported_propose_entry")
CHILD = Child(name="Әлихан Үмбетов", class_name="7 «Ә»", birth_date=date(2013, 5, 4))
SECONDARY = Categories(
    level=Level.SECONDARY, listed=("problem_behaviour",), rule="monitoring.categories_secondary@2026-01-01"
)


def a_named(**facts: Any) -> Named:
    """Somebody named; a peer called Ғазиз Һәкімұлы where nothing else is said."""
    role = Role(facts.pop("role")) if "role" in facts else None
    return Named(**({"name": "Ғазиз Һәкімұлы", "category": Category.PEER, "role": role} | facts))


def entering(**facts: Any) -> Entering:
    """With what a child is entered."""
    said: dict[str, Any] = {
        "child": CHILD,
        "category": "problem_behaviour",
        "reasons": "Үзілісте кішілерді итереді, сабақтан кетіп қалады",
    }
    return Entering(**(said | facts))


def due(**after: float) -> Due:
    """30 days on, where nothing else is said."""
    return Due(at=NOW + timedelta(**(after or {"days": 30})), rule="monitoring.group_review@2026-01-01")


def an_entry(**facts: Any) -> GroupEntry:
    """A child in the group."""
    return GroupEntry.enter(
        id=new_id(), entering=entering(**facts), categories=SECONDARY, due=due(), by=PEDAGOGUE, at=NOW
    )


def a_proposal(id: UUID | None = None, **facts: Any) -> GroupEntry:
    """A report of problem behaviour, to be decided on."""
    said: dict[str, Any] = {"report": new_id(), "walled": [], "walled_roles": [], "due": due(days=5)}
    return GroupEntry.propose(id=id or new_id(), **(said | facts), by=POLICY, at=NOW)


def a_campaign(id: UUID | None = None, **facts: Any) -> Campaign:
    """A parents' and pupils' campaign, planned."""
    said: dict[str, Any] = {
        "title": "Қауіпсіз мектеп апталығы",
        "audiences": [Audience.PUPILS, Audience.PARENTS],
        "topics": [Topic.WAYS_TO_REPORT, Topic.KINDS_OF_VIOLENCE],
        "means": Means.CLASS_HOUR,
        "starts_on": TODAY,
        "ends_on": TODAY + timedelta(days=5),
    }
    return Campaign.plan(id=id or new_id(), **(said | facts), by=PEDAGOGUE, at=NOW)


def a_training(**facts: Any) -> StaffTraining:
    """A training of staff."""
    said: dict[str, Any] = {
        "title": "Зорлық белгілерін тану",
        "topics": [Topic.DETECTION],
        "held_on": TODAY,
        "minutes": 90,
        "attended": [TEACHER_ID],
        "count": 24,
        "held_by": [PSYCHOLOGIST_ID],
    }
    return StaffTraining.record(id=new_id(), **(said | facts), by=PSYCHOLOGIST, at=NOW)


def an_invitation(id: UUID | None = None, **facts: Any) -> Invitation:
    """A guest for parents."""
    said: dict[str, Any] = {
        "guest": Guest.SPECIALIST,
        "name": "Күләш Өмірзаққызы",
        "organisation": "«Үміт» дағдарыс орталығы",
        "purpose": Purpose.INFORM,
        "audiences": [Audience.PARENTS],
        "topics": [Topic.RESPONSE],
        "invited_for": TODAY + timedelta(days=7),
    }
    return Invitation.send(id=id or new_id(), **(said | facts), by=HEAD, at=NOW)


WEIGHED = Weighed(
    likelihood=Degree.HIGH, consequence=Degree.MEDIUM, residual=Degree.LOW, measures="Кезекші қою", options="Шам орнату"
)


def a_risk(**facts: Any) -> Risk:
    """A dark corridor."""
    said: dict[str, Any] = {
        "subject": Subject.PLACE,
        "tendency": None,
        "where": "Спортзал алдындағы дәліз",
        "risk": "Үзілісте ешкім көрмейді",
        "trip": None,
        "walk": None,
        "weighed": WEIGHED,
        "owner": DEPUTY_ID,
        "due": due(days=90),
    }
    return Risk.note(id=new_id(), **(said | facts), by=HEAD, at=NOW)


def a_trip(id: UUID | None = None, **facts: Any) -> Trip:
    """Abroad, in ten days."""
    said: dict[str, Any] = {
        "destination": "Ысық көл",
        "abroad": True,
        "starts_on": TODAY + timedelta(days=10),
        "ends_on": TODAY + timedelta(days=13),
        "group": "7 «Ә»",
        "leader": TEACHER_ID,
    }
    return Trip.plan(id=id or new_id(), **(said | facts), by=HEAD, at=NOW)


def events_of(aggregate: Any) -> list[str]:
    """Names of what it recorded since they were asked for last."""
    return [type(event).__name__ for event in aggregate.collect_events()]
