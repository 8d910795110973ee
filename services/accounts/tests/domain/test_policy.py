"""What a department sets for its schools: both sides of each rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.accounts.domain import errors
from services.accounts.domain.department import Department
from services.accounts.domain.values import Language, OpenPolicy, Role
from services.accounts.tests.builders import (
    ADMINISTRATOR,
    DEPARTMENT,
    INSTALLER,
    NOW,
    SAFEGUARDING_LEAD,
    events_of,
)
from shared.domain import Actor, DomainError, NotPermittedError
from shared.ids import new_id
from shared.regulation import local_day

TODAY = local_day(NOW)
TOMORROW = TODAY + timedelta(days=1)
OPENED = {"cases.informing": OpenPolicy(unit="hours", least=1, most=48)}


def a_department() -> Department:
    """Without values of its own."""
    return Department.register(id=DEPARTMENT, name="Өңірлік басқарма", language=Language.KAZAKH, by=INSTALLER, at=NOW)


def change(department: Department, *, by: Actor = SAFEGUARDING_LEAD, **asked: Any) -> None:
    """Sets the hours of informing to 12 from tomorrow on, but for what is said otherwise."""
    facts: dict[str, Any] = {
        "key": "cases.informing",
        "unit": "hours",
        "value": 12,
        "since": TOMORROW,
        "reason": "Түнгі кезекшілік",
    }
    department.change_policy(change=new_id(), **(facts | asked), opened=OPENED, by=by, at=NOW)


class TestAPolicy:
    def test_is_set_within_its_border_from_tomorrow_on(self) -> None:
        department = a_department()
        for value in (1, 48):
            change(department, value=value)
        assert events_of(department) == ["Registered", "PolicyChanged", "PolicyChanged"]

    @pytest.mark.parametrize(
        ("asked", "refused"),
        [
            ({"key": "cases.risk_factors"}, errors.PolicyNotOpenError),
            ({"key": "cases.жоқ"}, errors.PolicyNotOpenError),
            ({"unit": "days"}, errors.PolicyUnitDiffersError),
            ({"value": 0}, errors.PolicyOutsideBorderError),
            ({"value": 49}, errors.PolicyOutsideBorderError),
            ({"since": TODAY}, errors.DayNotAheadError),
            ({"value": None}, errors.PolicyNotSetError),
        ],
    )
    def test_is_refused_otherwise(self, asked: dict[str, Any], refused: type[DomainError]) -> None:
        """Fixed or unknown, in another unit, outside the border, not ahead, taken back and never set."""
        with pytest.raises(refused):
            change(a_department(), **asked)

    def test_is_taken_back_once(self) -> None:
        department = a_department()
        change(department)
        change(department, value=None)
        with pytest.raises(errors.PolicyNotSetError):
            change(department, value=None)

    @pytest.mark.parametrize("by", [ADMINISTRATOR, Actor(id=f"person:{new_id()}", roles=frozenset({Role.HEAD}))])
    def test_is_the_safeguarding_leads_to_set(self, by: Actor) -> None:
        """Neither who keeps the accounts nor who is measured by it."""
        with pytest.raises(NotPermittedError) as denied:
            change(a_department(), by=by)
        assert denied.value.rule == "accounts.safeguarding_lead_sets_policy"


class TestADayOfTheTable:
    @pytest.mark.parametrize("worked", [True, False])
    def test_is_ruled_while_it_is_still_to_come(self, worked: bool) -> None:
        department, change_of_day = a_department(), new_id()
        facts: dict[str, Any] = {"worked": worked, "reason": "Ауыстырылған күн", "by": SAFEGUARDING_LEAD, "at": NOW}
        department.change_day(change=change_of_day, day=TOMORROW, **facts)
        assert department.days[change_of_day].worked is worked
        for day in (TODAY, date(2026, 1, 7)):
            with pytest.raises(errors.DayNotAheadError):
                department.change_day(change=new_id(), day=day, **facts)
