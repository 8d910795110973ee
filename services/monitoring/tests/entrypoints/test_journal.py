"""The risk journal: risks, trips, walks, reviews; both sides of each rule, and the clock (RSK-06)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.monitoring import commands, queries
from services.monitoring.domain import errors
from services.monitoring.domain.values import Degree, Subject, Tendency
from services.monitoring.tests.builders import AUDITOR, DEPUTY_ID, HEAD, NOW, TEACHER, TEACHER_ID, TODAY, a_risk, a_trip
from services.monitoring.tests.world import OTHER_SCHOOL, SCHOOL, World
from shared.domain import NotPermittedError, UnknownError
from shared.ids import new_id

pytestmark = pytest.mark.requirement("RSK-06")
AREAS = ("children_who_may_suffer", "children_who_may_commit", "places", "trips", "events", "surroundings")
WEIGHED: dict[str, Any] = {
    "likelihood": Degree.HIGH,
    "consequence": Degree.MEDIUM,
    "residual": Degree.LOW,
    "measures": "Кезекші қою",
}


def noted(school: World, **said: Any) -> UUID:
    """A risk of a place, where nothing else is said."""
    facts: dict[str, Any] = {"subject": Subject.PLACE, "where": "Дәліз", "risk": "Қараңғы", "owner": DEPUTY_ID}
    return UUID(school.do(commands.NoteRisk, HEAD, **(facts | WEIGHED | said)).body["risk"])


def planned(school: World) -> UUID:
    """A trip in ten days."""
    days: dict[str, Any] = {"starts_on": TODAY + timedelta(days=10), "ends_on": TODAY + timedelta(days=12)}
    facts: dict[str, Any] = {"destination": "Ысық көл", "abroad": True, "group": "7 «Ә»", "leader": TEACHER_ID}
    return UUID(school.do(commands.PlanTrip, HEAD, **facts, **days).body["trip"])


def duties(school: World) -> list[tuple[str, UUID, bool]]:
    """(duty, of, overdue) in the journal."""
    found = queries.risk_journal(school.application, SCHOOL, HEAD)["duties"]
    return [(one["duty"], one["of"], one["overdue"]) for one in found]


class TestARisk:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"subject": Subject.CHILDREN},
            {"tendency": Tendency.MAY_SUFFER},
            {"subject": Subject.TRIP},
            {"trip": new_id()},
        ],
    )
    def test_says_of_which_children_or_which_trip_and_of_nothing_else(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(errors.SubjectMisstatedError):
            a_risk(**wrong)
        a_risk(subject=Subject.CHILDREN, tendency=Tendency.MAY_COMMIT)

    def test_is_looked_at_again_by_its_day_or_the_clock_says_so_once(self, school: World) -> None:
        risk = noted(school)
        school.later(days=91)
        school.later(days=91)
        assert school.topics(risk)[1:] == ["monitoring.risk_review_missed"]
        assert ("risk_review", risk, True) in duties(school)
        school.do(commands.ReassessRisk, HEAD, risk=risk, watched="Жарық жақсарды", **WEIGHED)
        assert ("risk_review", risk, False) in duties(school)

    def test_is_closed_once_with_reasons(self, school: World) -> None:
        risk = noted(school)
        with pytest.raises(errors.ReasonsMissingError):
            school.do(commands.CloseRisk, HEAD, risk=risk, reasons=" ")
        school.do(commands.CloseRisk, HEAD, risk=risk, reasons="Дәліз жабылды")
        with pytest.raises(errors.RiskClosedError):
            school.do(commands.CloseRisk, HEAD, risk=risk, reasons="Тағы")
        with pytest.raises(errors.RiskClosedError):
            school.do(commands.ReassessRisk, HEAD, risk=risk, watched="Жоқ", **WEIGHED)
        assert duties(school) == []

    def test_is_the_services_and_no_other_schools(self, school: World) -> None:
        risk = noted(school)
        for ask in (queries.list_risks, queries.risk_journal):
            with pytest.raises(NotPermittedError):
                ask(school.application, SCHOOL, TEACHER)
        assert queries.show_risk(school.application, SCHOOL, AUDITOR, risk=risk)["risk"] == risk
        with pytest.raises(UnknownError):
            queries.show_risk(school.application, OTHER_SCHOOL, HEAD, risk=risk)

    def test_names_a_walk_that_there_was(self, school: World) -> None:
        facts: dict[str, Any] = {"where": "Аула", "taken_on": TODAY, "found": ("Сынған шам",)}
        walk = UUID(school.do(commands.TakeWalk, HEAD, **facts).body["walk"])
        noted(school, walk=walk)
        with pytest.raises(UnknownError):
            noted(school, walk=new_id())
        with pytest.raises(errors.DayToComeError):
            school.do(commands.TakeWalk, HEAD, **(facts | {"taken_on": TODAY + timedelta(days=1)}))


class TestATrip:
    def test_without_an_assessment_shows_as_a_duty_and_as_missed_when_it_starts(self, school: World) -> None:
        trip = planned(school)
        assert duties(school) == [("trip_assessment", trip, False)]
        school.later(days=9)
        assert len(school.topics(trip)) == 1
        school.later(days=1)
        school.later(days=1)
        assert school.topics(trip)[1:] == ["monitoring.trip_assessment_missed"]

    def test_with_a_risk_in_the_journal_is_assessed(self, school: World) -> None:
        trip = planned(school)
        noted(school, subject=Subject.TRIP, trip=trip)
        assert [duty for duty, _, _ in duties(school)] == ["risk_review"]
        school.later(days=10)
        school.do(commands.HoldTrip, HEAD, trip=trip, happened="Бәрі аман")
        noted(school, subject=Subject.TRIP, trip=trip)
        assert [topic.removeprefix("monitoring.trip_") for topic in school.topics(trip)] == [
            "planned",
            "assessed",
            "held",
            "assessed",
        ]

    def test_says_when_it_was_held_whether_it_had_been_assessed_before(self) -> None:
        trip = a_trip()
        trip.assess(risk=new_id(), by=HEAD, at=NOW + timedelta(days=11))
        trip.hold(happened="Бәрі аман", by=HEAD, at=NOW + timedelta(days=14))
        held: Any = trip.pending_events[-1]
        assert held.assessed is False

    def test_is_held_once_after_it_began_or_called_off(self) -> None:
        trip = a_trip()
        with pytest.raises(errors.DayToComeError):
            trip.hold(happened="Ерте", by=HEAD, at=NOW)
        trip.call_off(reasons="Ауа райы", by=HEAD, at=NOW)
        again: list[Callable[[], None]] = [
            lambda: trip.hold(happened="Жоқ", by=HEAD, at=NOW + timedelta(days=14)),
            lambda: trip.assess(risk=new_id(), by=HEAD, at=NOW),
            lambda: trip.call_off(reasons="Тағы", by=HEAD, at=NOW),
        ]
        for one in again:
            with pytest.raises(errors.TripNotPlannedError):
                one()


class TestTheJournal:
    def test_is_opened_with_the_school_and_reviewed_in_time_or_shown(self, school: World) -> None:
        told = {"school": str(SCHOOL), "department": str(new_id()), "language": "kk"}
        school.hear("accounts.school_registered.v1", told)
        school.hear("accounts.school_registered.v1", told)
        [(duty, journal, overdue)] = duties(school)
        assert (duty, overdue) == ("journal_review", False)
        school.later(days=91)
        assert school.topics(journal) == ["monitoring.risk_journal_opened", "monitoring.risk_journal_review_missed"]
        school.do(commands.ReviewJournal, HEAD, areas=AREAS, findings="Үш жаңа тәуекел")
        assert duties(school) == [("journal_review", journal, False)]

    def test_is_not_reviewed_in_part(self, school: World) -> None:
        with pytest.raises(errors.AreasMissingError) as refused:
            school.do(commands.ReviewJournal, HEAD, areas=AREAS[1:], findings="Жартылай")
        assert refused.value.facts["missing"] == ["children_who_may_suffer"]
