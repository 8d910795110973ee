"""What a department rules reaches each of its schools once, also those that come later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.accounts import commands
from services.accounts.domain import errors
from services.accounts.domain.department import Department
from services.accounts.domain.school import School
from services.accounts.domain.values import Role
from services.accounts.publications import PUBLICATIONS
from services.accounts.queries import policy_of_department
from services.accounts.reactions import REACTIONS
from services.accounts.tests.world import World
from shared.domain import Actor, NotPermittedError, VersionConflictError
from shared.ids import new_id
from shared.regulation import local_day


def lead_of(city: World) -> Actor:
    """The department's safeguarding lead."""
    person = city.person(city.department, "жетекші")
    return Actor(id=f"person:{person}", roles=frozenset({Role.SAFEGUARDING_LEAD}), home=city.department)


def rule(city: World, lead: Actor, value: int | None = 12, **asked: Any) -> UUID:
    """Sets the hours of informing from tomorrow on."""
    since = local_day(city.clock.now()) + timedelta(days=1)
    facts: dict[str, Any] = {
        "key": "cases.informing",
        "unit": "hours",
        "value": value,
        "since": since,
        "reason": "Түнгі кезекшілік",
    }
    return UUID(city.do(commands.ChangePolicy, by=lead, **(facts | asked)).body["change"])


def carry(city: World, change: UUID) -> None:
    """What our own reaction does."""
    city.do(commands.CarryChange, by=Actor(id="policy:when_department_changed_carry_change"), change=change)


def followed(city: World, school: UUID) -> list[dict[str, object]]:
    """The public forms of what a school follows, in order."""
    events = [event for _, event in city.application.for_tenant(school).events(school)]
    kinds = (School.PolicyChanged, School.DayChanged)
    forms = [PUBLICATIONS[type(event).TOPIC](event) for event in events if isinstance(event, kinds)]
    return [dict(form.body) for form in forms if form is not None]


class TestWhatADepartmentRules:
    def test_reaches_every_school_once_and_those_registered_later(self, city: World) -> None:
        lead = lead_of(city)
        change = rule(city, lead)
        for _ in range(2):
            carry(city, change)
        day = local_day(city.clock.now()) + timedelta(days=4)
        of_the_day = UUID(city.do(commands.ChangeDay, by=lead, day=day, worked=True, reason="Ауысым").body["change"])
        later = UUID(city.do(commands.RegisterSchool, name="№ 7 мектеп").body["school"])
        carry(city, of_the_day)  # the reaction comes late: the new school has it already
        for school in (city.school, later):
            assert [(one.get("key"), one.get("value"), one.get("worked")) for one in followed(city, school)] == [
                ("cases.informing", 12, None),
                (None, None, True),
            ]
            assert "reason" not in {name for one in followed(city, school) for name in one}

    def test_is_heard_by_accounts_itself(self) -> None:
        assert {one.listens_to for one in REACTIONS} >= {
            "accounts.department_policy_changed.v1",
            "accounts.department_day_changed.v1",
        }

    def test_is_the_leads_alone_and_each_denial_is_recorded(self, city: World) -> None:
        with pytest.raises(NotPermittedError):
            rule(city, city.administrator)
        assert city.denials(city.department)[-1] == (
            city.administrator.id,
            "accounts.safeguarding_lead_sets_policy",
        )
        with pytest.raises(errors.PolicyNotOpenError):
            rule(city, lead_of(city), key="cases.risk_factors")

    def test_is_shown_with_who_set_it_and_why_and_what_may_be_set(self, city: World) -> None:
        lead = lead_of(city)
        rule(city, lead)
        teacher = Actor(id=f"person:{new_id()}", roles=frozenset({"class_teacher"}))
        shown = policy_of_department(city.application, city.school, teacher)
        [change] = shown["changes"]
        assert (change["key"], change["value"], change["by"]) == ("cases.informing", 12, lead.id)
        assert {"key": "cases.informing", "unit": "hours", "least": 1, "most": 48} in shown["open"]

    def test_is_not_set_over_what_somebody_else_set_unseen(self, city: World) -> None:
        lead = lead_of(city)
        seen = city.application.for_tenant(city.department).get(Department, city.department).version
        rule(city, lead, expected_version=seen)
        with pytest.raises(VersionConflictError):
            rule(city, lead, value=13, expected_version=seen)
