"""How cases change over months: what is counted, how, and for whom (SSS-07)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.cases import commands, queries
from services.cases.domain.errors import TimesOutOfOrderError
from services.cases.domain.figures import Facet
from services.cases.domain.values import Kind, Level
from services.cases.tests.builders import (
    AUDITOR,
    DEPUTY,
    HEAD,
    PEDAGOGUE,
    POLICY,
    PSYCHOLOGIST,
    TEACHER,
    a_report,
    goals,
)
from services.cases.tests.world import SCHOOL, World
from shared.domain import Actor, InvalidInputError, NotPermittedError

pytestmark = pytest.mark.requirement("SSS-07")


def open_cases(school: World, count: int, **report: Any) -> list[UUID]:
    """So many cases from reports of a kind."""
    name = school.clock.now().isoformat()
    return [school.open_case(a_report(f"{name} {one}", **report)) for one in range(count)]


def looked_at(school: World, by: Actor = HEAD, **asked: Any) -> dict[str, Any]:
    """The trends."""
    return queries.trends(school.application, SCHOOL, by, **asked)


def a_year_of(school: World, *counts: int) -> None:
    """From April on, so many cases in each month; then the next month."""
    for count in counts:
        open_cases(school, count)
        school.clock.advance(timedelta(days=30.5))


def identify(school: World, case: UUID, class_name: str) -> None:
    """The child is in a class."""
    child: dict[str, Any] = {"name": "Һәнифа", "birth_date": date(2014, 9, 3), "class_name": class_name}
    school.do(commands.IdentifyChild, PEDAGOGUE, case=case, **child)


class TestCounts:
    def test_show_every_month_of_a_year_also_those_without_a_case(self, school: World) -> None:
        a_year_of(school, 1, 0, 2)
        shown = looked_at(school)
        assert [one["month"] for one in shown["months"]][-4:] == ["2026-04", "2026-05", "2026-06", "2026-07"]
        assert shown["all"]["counts"] == [0] * 8 + [1, 0, 2, 0]
        assert [one["is_whole"] for one in shown["months"]] == [True] * 11 + [False]

    def test_are_of_the_months_asked_for(self, school: World) -> None:
        a_year_of(school, 1, 0, 2)
        shown = looked_at(school, since=date(2026, 4, 30), until=date(2026, 5, 1))
        assert (shown["all"]["counts"], shown["all"]["total"]) == ([1, 0], 1)
        with pytest.raises(TimesOutOfOrderError):
            looked_at(school, since=date(2026, 6, 1), until=date(2026, 5, 31))
        with pytest.raises(InvalidInputError):
            looked_at(school, since=date(2016, 7, 1), until=date(2026, 7, 1))

    def test_group_by_kind_place_aggressor_and_day_of_the_week(self, school: World) -> None:
        happened = school.clock.now() - timedelta(days=3)  # a Friday
        report = a_report(kinds=[Kind.BULLYING, Kind.PHYSICAL])
        case = school.open_case(replace(report, accused=frozenset({"peer"}), happened_at=happened))
        unknown = school.open_case(a_report("екінші"))
        by = {facet: self.totals(school, facet) for facet in (Facet.KIND, Facet.PLACE, Facet.AGGRESSOR, Facet.WEEKDAY)}
        assert by == {
            Facet.KIND: {"bullying": 2, "physical": 1},
            Facet.PLACE: {"school": 2},
            Facet.AGGRESSOR: {"peer": 1, "unknown": 1},
            Facet.WEEKDAY: {"friday": 1, "unknown": 1},
        }
        staff = replace(a_report("үшінші"), accused=frozenset({"staff"}))
        for one in (case, unknown):
            school.do(commands.LinkReport, POLICY, case=one, report=staff)
        assert self.totals(school, Facet.AGGRESSOR) == {"peer": 1, "staff": 2}

    def test_group_by_class_however_it_was_written_and_keep_it_sealed(self, school: World, tmp_path: Path) -> None:
        for case, name in zip(open_cases(school, 3), ("6 «Ә»", "6-ә", "7Б"), strict=True):
            identify(school, case, name)
        open_cases(school, 1)
        assert self.totals(school, Facet.CLASS) == {"6Ә": 2, "7Б": 1, "unknown": 1}
        stored = b"".join(file.read_bytes() for file in tmp_path.glob("cases.sqlite*"))
        assert stored
        assert "6Ә".encode() not in stored
        assert "6 «Ә»".encode() not in stored

    def totals(self, school: World, facet: Facet) -> dict[str, int]:
        """Cases by code."""
        return {one["code"]: one["total"] for one in looked_at(school, group_by=facet)["series"]}


class TestWhatStandsOut:
    def test_is_pointed_out_once_there_are_six_whole_months(self, school: World) -> None:
        a_year_of(school, 1, 1, 1, 2, 1)
        open_cases(school, 7)
        assert looked_at(school)["all"]["outliers"] == []
        assert looked_at(school)["basis"] == {"months": 5, "needed": 6}
        school.clock.advance(timedelta(days=30))
        shown = looked_at(school)["all"]
        assert [(one["month"], one["count"]) for one in shown["outliers"]] == [("2026-09", 7)]
        assert (shown["median"], shown["forecast"]["low"], shown["forecast"]["high"]) == (1.0, 1, 7)

    def test_of_the_month_that_is_not_over_is_only_what_is_high(self, school: World) -> None:
        """Nothing yet is not little; a lot already is a lot."""
        a_year_of(school, 4, 5, 4, 5, 4, 5)
        assert looked_at(school)["all"]["outliers"] == []
        open_cases(school, 12)
        assert [one["count"] for one in looked_at(school)["all"]["outliers"]] == [12]

    def test_rests_on_no_month_before_the_schools_first_case(self, school: World) -> None:
        a_year_of(school, 3, 3)
        assert (looked_at(school)["basis"]["months"], looked_at(school)["all"]["median"]) == (2, 3.0)


class TestMeasuresSpeedAndEffect:
    def test_are_those_of_the_cases(self, school: World) -> None:
        now = school.clock.now()
        times: dict[str, Any] = {"happened_at": now - timedelta(hours=30), "received_at": now - timedelta(hours=6)}
        case = school.open_case(replace(a_report(), **times, first_action_at=now - timedelta(hours=5)))
        school.assess(case, Level.HIGH)
        school.do(commands.DrawUpSupportPlan, PEDAGOGUE, case=case, goals=goals())
        school.do(commands.ReviewPlan, PEDAGOGUE, case=case, findings="Жақсы", results=[], change_seen=True)
        school.assess(case, Level.LOW)
        shown = looked_at(school)
        assert {one["span"]: one["median_minutes"] for one in shown["speed"]} == {
            "event_to_report": 24 * 60,
            "report_to_first_action": 60,
            "report_to_register": 6 * 60,
            "register_to_closing": None,
        }
        effect = {name: count for name, count in shown["effect"].items() if count}
        assert effect == {"cases": 1, "risk_lower": 1, "reviews": 1, "reviews_with_change": 1}
        assert [one["measure"] for one in shown["measures"]] == ["help", "interagency_team", "support_plan"]
        assert shown["measures"][0]["risk_lower"] == 1

    def test_take_the_earliest_of_several_reports(self, school: World) -> None:
        now = school.clock.now()
        case = school.open_case(replace(a_report(), received_at=now, first_action_at=now))
        later, earlier = now + timedelta(hours=1), now - timedelta(hours=2)
        for name, received in (("екінші", later), ("үшінші", earlier)):
            school.do(commands.LinkReport, POLICY, case=case, report=replace(a_report(name), received_at=received))
        spans = {one["span"]: one["median_minutes"] for one in looked_at(school)["speed"]}
        assert spans["report_to_first_action"] == 120


class TestWhoIsTold:
    def test_exact_numbers_are_for_those_who_see_every_case(self, school: World) -> None:
        """The psychologist is told fives: 7 is 5, 4 is 0, and no difference of two numbers gives more."""
        open_cases(school, 7, kinds=[Kind.PHYSICAL])
        open_cases(school, 4)
        for by in (HEAD, DEPUTY, AUDITOR):
            assert [one["total"] for one in looked_at(school, by)["series"]] == [4, 7]
        shown = looked_at(school, PSYCHOLOGIST)
        assert [one["total"] for one in shown["series"]] == [0, 5]
        assert (shown["all"]["total"], shown["rounded_to"], shown["effect"]["cases"]) == (10, 5, 10)

    def test_of_few_cases_no_time_is_told_either(self, school: World) -> None:
        now = school.clock.now()
        for one in range(4):
            school.open_case(replace(a_report(str(one)), received_at=now - timedelta(hours=1)))
        assert looked_at(school, PSYCHOLOGIST)["speed"][2] == {
            "span": "report_to_register",
            "cases": 0,
            "median_minutes": None,
        }
        school.open_case(replace(a_report("бесінші"), received_at=now - timedelta(hours=1)))
        assert looked_at(school, PSYCHOLOGIST)["speed"][2]["median_minutes"] == 60

    @pytest.mark.requirement("REP-02")
    def test_whoever_is_walled_off_sees_a_school_without_cases(self, school: World) -> None:
        """What the accused head is told is what a school is told that has none; the log has the true rule."""
        nothing = looked_at(school, HEAD)
        open_cases(school, 5)
        school.open_case(a_report("басшы туралы", walled=[HEAD]))
        assert looked_at(school, HEAD) == nothing
        assert (school.accesses()[-1][0], school.accesses()[-1][1]["rule"]) == ("access.denied", "wall")
        assert looked_at(school, DEPUTY)["all"]["total"] == 6

    def test_teachers_are_told_nothing(self, school: World) -> None:
        with pytest.raises(NotPermittedError) as refusal:
            looked_at(school, TEACHER)
        assert refusal.value.rule == "SSS-07"
        looked_at(school)
        assert school.accesses()[-1][1]["what"] == "trends"
