"""A department's own values in the cases of its schools: from their day on, told by the version, the past as it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.cases import commands
from services.cases.domain.case import Case
from services.cases.domain.values import Duty
from services.cases.tests.builders import MONDAY, PEDAGOGUE, POLICY
from services.cases.tests.world import SCHOOL, World
from shared.regulation import ALMATY, RuleBook, local_day
from shared.tenancy import Tenancy, tenancy_id
from shared.tenancy import commands as tenancy
from shared.tenancy.tenancy import FixedBySourceError

TODAY = local_day(MONDAY)


def follow(school: World, **asked: Any) -> None:
    """The department's value reaches the service: plans are reviewed every 7 days from tomorrow on, but for `asked`."""
    facts: dict[str, Any] = {"key": "cases.plan_review", "unit": "days", "value": 7, "since": TODAY + timedelta(days=1)}
    school.do(tenancy.FollowPolicy, POLICY, change=uuid4(), **(facts | asked))


def plan(school: World, case: Any) -> None:
    """A safety plan."""
    texts: dict[str, Any] = {
        name: ["Қауіпсіз"] for name in ("dangers", "safe_people", "safe_places", "child_does", "adults_do")
    }
    school.do(commands.DrawUpSafetyPlan, PEDAGOGUE, case=case, **texts)


class TestADepartmentsOwnValue:
    def test_holds_for_what_begins_from_its_day_on_and_changes_nothing_before(self, school: World) -> None:
        """A plan of today is reviewed by the old rule, one of tomorrow by the new; the stored events stay."""
        case = school.open_case()
        school.do(commands.AcceptConfidentialityWarning, PEDAGOGUE, case=case)
        follow(school)
        plan(school, case)
        before = school.case(case).open_duties[Duty.PLAN_REVIEW]
        school.clock.advance(timedelta(days=1))
        assert school.case(case).open_duties[Duty.PLAN_REVIEW] == before
        plan(school, case)
        rules = [
            event.rule
            for _, event in school.application.for_tenant(SCHOOL).events(case)
            if isinstance(event, Case.SafetyPlanDrawnUp)
        ]
        since = (TODAY + timedelta(days=1)).isoformat()
        assert rules == ["cases.plan_review@2026-01-01", f"cases.plan_review@{since}/department"]
        due = school.case(case).open_duties[Duty.PLAN_REVIEW].due_at.astimezone(ALMATY).date()
        assert due == TODAY + timedelta(days=9)  # 7 days from tomorrow, to the end of the last

    def test_is_another_schools_own_matter(self, school: World) -> None:
        follow(school)
        book = school.application.for_tenant(uuid4()).book
        assert book.in_force("cases.plan_review", TODAY + timedelta(days=1)).version == "cases.plan_review@2026-01-01"

    @pytest.mark.parametrize(
        "asked",
        [
            {"key": "cases.risk_factors", "unit": "list", "value": 1},
            {"unit": "working_days"},
            {"value": 0},
            {"value": 31},
        ],
    )
    def test_is_checked_here_again(self, school: World, asked: dict[str, Any]) -> None:
        """The service that decides knows what the source leaves open, whatever it is told."""
        with pytest.raises(FixedBySourceError):
            follow(school, **asked)
        assert school.application.for_tenant(SCHOOL).find(Tenancy, tenancy_id(SCHOOL)) is None

    def test_of_days_moves_what_is_counted_in_working_days(self, school: World) -> None:
        """Saturday is worked, Monday is not: the assessment falls due as the department's table says."""
        for day, worked in ((TODAY + timedelta(days=5), True), (TODAY + timedelta(days=7), False)):
            school.do(tenancy.FollowDay, POLICY, change=uuid4(), day=day, worked=worked)
        owed = school.case(school.open_case()).open_duties[Duty.RISK_ASSESSMENT].due_at.astimezone(ALMATY)
        assert owed.date() == TODAY + timedelta(days=6)  # the end of Saturday, the fifth working day

    def test_is_read_once_for_many_commands(self, school: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """The book stands in memory: the append path asks the database for it once in five seconds."""
        follow(school)
        loads: list[object] = []
        over = Tenancy.book_over

        def counted(tenancy: Tenancy, book: RuleBook) -> RuleBook:
            loads.append(tenancy)
            return over(tenancy, book)

        monkeypatch.setattr(Tenancy, "book_over", counted)
        for _ in range(100):
            assert school.application.for_tenant(SCHOOL).book.calendar is not None
        assert len(loads) == 1


class TestWhoLeads:
    def test_is_known_from_the_roles_that_accounts_tells(self, school: World) -> None:
        """A head from the first day until the role ends; of roles that do not lead nothing is kept."""
        grant, head = uuid4(), uuid4()
        facts: dict[str, Any] = {"grant": grant, "person": head, "role": "head", "starts_at": MONDAY, "ends_at": None}
        school.do(tenancy.TakeOffice, POLICY, **facts)
        known = school.application.tenancy_of(SCHOOL)
        assert known is not None
        assert known.holders("head", MONDAY) == {head}
        school.do(tenancy.LeaveOffice, POLICY, grant=grant, ends_at=MONDAY + timedelta(days=1))
        known = school.application.tenancy_of(SCHOOL)
        assert known is not None
        assert known.holders("head", MONDAY + timedelta(days=1)) == frozenset()
