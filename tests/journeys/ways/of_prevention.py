"""What a department rules for its schools' clocks; the risk group; campaigns and the risk journal."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from cli.api_client import Api, until
from cli.story.city import School
from shared.regulation import local_day
from tests.journeys.ways.cast import Cast, refused

UNKNOWN = (404, "common.unknown")
KEY = "reports.first_action_in_danger"
HEARD: dict[str, Any] = {
    "source": "neighbour",
    "channel": "web",
    "place": "home",
    "kinds": ["neglect"],
    "description": "Кешкі салқында бала есік алдында жалғыз отырады",
}
CHILD = {"name": "Ғани Үсенұлы Қожа", "class_name": "4 «Б»", "birth_date": "2016-02-29"}


class Filed(NamedTuple):
    """A report, by which rule its first action is due, and in how many minutes."""

    report: str
    rule: str
    minutes: int


class Ways:
    """What is ruled for all, and what is done before anything happens."""

    @pytest.mark.requirement("REP-06")
    def test_what_the_department_rules_sets_the_clocks_of_its_schools_from_the_day_it_names(self, cast: Cast) -> None:
        """Of reports that come from that day on, not of those before; the clock strikes when the department says."""
        clock, department, (_, school, other) = cast.city.clock, cast.department, cast.city.schools
        before = filed_in_danger(cast, other)
        since = local_day(clock.now()) + timedelta(days=1)
        asked = {"key": KEY, "unit": "minutes", "value": 6, "since": since.isoformat(), "reason": "Кезекші бар"}
        by_lead = (403, "accounts.safeguarding_lead_sets_policy")
        for nobody in (department.administrator, school.api("head")):
            assert refused(partial(nobody.post, "/policy/changes", asked)) == by_lead
        lead = department.lead
        for wrong in (
            {"value": 31},
            {"key": "reports.sign_note_readers"},
            {"since": local_day(clock.now()).isoformat()},
        ):
            assert refused(partial(lead.post, "/policy/changes", asked | wrong))[0] == 409
        change = lead.post("/policy/changes", asked)["change"]
        assert change in [one["change"] for one in school.api("head").get("/policy")["changes"]]
        same_day = filed_in_danger(cast, other)
        assert (same_day.rule, same_day.minutes) == (before.rule, 15) == (f"{KEY}@2026-01-01", before.minutes)

        clock.advance(timedelta(days=1))
        rule = f"{KEY}@{since}/department"
        ruled = until(partial(filed_under, rule, cast, school), "the department's rule at a school")
        assert (ruled.minutes, until(partial(filed_under, rule, cast, other), "and at another").minutes) == (6, 6)
        assert first_action(other, before.report)["rule"] == before.rule
        assert not first_action(school, ruled.report)["missed"]
        clock.advance(timedelta(minutes=6))
        until(lambda: first_action(school, ruled.report)["missed"], "the clock to strike")
        again = asked | {"value": None, "since": (since + timedelta(days=1)).isoformat(), "reason": "Кезекші жоқ"}
        lead.post("/policy/changes", again)

    @pytest.mark.requirement("SSS-06")
    @pytest.mark.requirement("REP-01")
    @pytest.mark.requirement("REP-02")
    def test_a_child_comes_to_the_risk_group_by_a_report_and_leaves_it_changed(self, cast: Cast) -> None:
        """Proposed by hearsay, decided by people; neither whom the report nor whom the case names finds a trace."""
        school = cast.school
        head, pedagogue = school.api("head"), school.api("social_pedagogue")
        deputy, psychologist, teacher = (school.api(one) for one in ("deputy", "psychologist", "class_teacher"))
        filed = HEARD | {"kinds": ["problem_behaviour"], "source": "staff", "channel": "in_person", "place": "school"}
        report = teacher.post("/reports", filed | {"accused": [named(cast, "deputy")]})["report"]
        [proposed] = until(partial(entries_of, pedagogue, report), "the proposal")
        entry = f"/risk-group/{proposed['entry']}"
        assert (proposed["state"], proposed["category"]) == ("proposed", None)
        assert pedagogue.get(entry)["child"] is None
        assert psychologist.get(entry)["state"] == "proposed"
        assert refused(lambda: teacher.get(entry)) == (403, "monitoring.need_to_know.see")

        _, case = cast.open_case(accused=[named(cast, "psychologist")])
        said = {"child": CHILD, "level": "tertiary", "category": "committed_violence", "reasons": "Кішілерді ұрады"}
        accept = partial(pedagogue.post, f"{entry}/acceptance", said | {"case": case})
        assert until(accept, "the case to be heard of")["state"] == "in_group"
        for walled in (deputy, psychologist):
            assert entries_of(walled, report) == []
            for id_ in (proposed["entry"], uuid4()):
                assert refused(partial(walled.get, f"/risk-group/{id_}")) == UNKNOWN
        shown = head.get(entry)
        assert (shown["child"], set(shown["matters"])) == (CHILD, {report, case})

        measure = {"what": "Күйзелісті басқаруға үйрету", "owner": school.people["class_teacher"]}
        assert refused(lambda: pedagogue.post(f"{entry}/measures", measure | {"nature": "penalty"}))[0] == 409
        number = pedagogue.post(f"{entry}/measures", measure | {"nature": "teaching"})["number"]
        teacher.post(f"{entry}/behaviour", {"change": "better", "observed": "Кешірім сұрады"})
        teacher.post(f"{entry}/measures/results", {"number": number, "result": "Тынысын реттей алады"})
        leaving = {"reason": "behaviour_changed", "reasons": "Үш апта төбелес жоқ"}
        assert refused(lambda: teacher.post(f"{entry}/leaving", leaving))[0] == 403
        pedagogue.post(f"{entry}/reviews", {"change": "better", "findings": "Достасып кетті"})
        pedagogue.post(f"{entry}/leaving", leaving)
        until(lambda: not entries_of(pedagogue, report), "the child to leave the group")
        assert refused(lambda: cast.city.schools[1].api("head").get(entry)) == UNKNOWN

    @pytest.mark.requirement("SSS-05")
    @pytest.mark.requirement("RSK-06")
    def test_a_campaign_closes_a_gap_and_a_trip_is_weighed_before_it_begins(self, cast: Cast) -> None:
        """Held and counted; the journal knows what is due, and a review of it leaves no area out."""
        school, today = cast.school, local_day(cast.city.clock.now())
        pedagogue, teacher = school.api("social_pedagogue"), school.api("class_teacher")
        gap = {"audience": "parents", "topic": "ways_to_report"}
        assert gap in teacher.get("/informing")["gaps"]
        period = {"starts_on": str(today), "ends_on": str(today + timedelta(days=3))}
        told = {
            "audiences": [gap["audience"]],
            "topics": [gap["topic"]],
            "means": "meeting",
            "title": "Ата-аналар жиыны",
        }
        campaign = f"/campaigns/{pedagogue.post('/campaigns', told | period)['campaign']}"
        counted = {"audience": gap["audience"], "reached": 212, "out_of": 340}
        assert refused(lambda: pedagogue.post(f"{campaign}/coverage", counted))[0] == 409
        assert refused(lambda: teacher.post(f"{campaign}/holding", {"held_on": str(today)}))[0] == 403
        pedagogue.post(f"{campaign}/holding", {"held_on": str(today)})
        assert gap in teacher.get("/informing")["gaps"]
        pedagogue.post(f"{campaign}/coverage", counted)
        until(lambda: gap not in teacher.get("/informing")["gaps"], "the gap to be closed")

        trip = pedagogue.post("/trips", trip_from(today + timedelta(days=9), school.people["class_teacher"]))["trip"]
        until(partial(due_of, pedagogue, trip), "the assessment of the trip to be due")
        owner = school.people["deputy"]
        weighed = {
            "likelihood": "medium",
            "consequence": "high",
            "residual": "low",
            "measures": "Екі ересек қоса барады",
        }
        about = {
            "subject": "trip",
            "where": "Шарын шатқалы",
            "risk": "Топтан адасып қалу",
            "trip": trip,
            "owner": owner,
        }
        risk = pedagogue.post("/risks", about | weighed)["risk"]
        until(lambda: not due_of(pedagogue, trip) and due_of(pedagogue, risk), "the trip to be assessed")
        looked = {"areas": ["trips", "places"], "findings": "Тәуекелдер азайды"}
        assert refused(lambda: pedagogue.post("/risk-journal/reviews", looked))[0] == 409
        areas = ["children_who_may_suffer", "children_who_may_commit", "places", "trips", "events", "surroundings"]
        pedagogue.post("/risk-journal/reviews", looked | {"areas": areas})
        assert pedagogue.get("/risk-journal")["reviewed_at"]
        pedagogue.post(f"/risks/{risk}/reassessments", weighed | {"likelihood": "low", "watched": "Нұсқау берілді"})
        pedagogue.post(f"/risks/{risk}/closing", {"reasons": "Сапар аяқталды"})
        until(lambda: not due_of(pedagogue, risk), "the risk to be closed")
        assert refused(lambda: teacher.get("/risk-journal"))[0] == 403


def filed_in_danger(cast: Cast, school: School) -> Filed:
    """Told by a neighbour without an account."""
    nobody, now = Api(school.api("head").address, tenant=school.id), cast.city.clock.now()
    report = nobody.post("/reports", HEARD | {"immediate_danger": True})["report"]
    owed = first_action(school, report)
    return Filed(report, owed["rule"], (datetime.fromisoformat(owed["due_at"]) - now) // timedelta(minutes=1))


def filed_under(rule: str, cast: Cast, school: School) -> Filed | None:
    """Such a report, where it is owed by that rule."""
    filed = filed_in_danger(cast, school)
    return filed if filed.rule == rule else None


def first_action(school: School, report: str) -> dict[str, Any]:
    """The first action that a report is owed."""
    owed: list[dict[str, Any]] = school.api("head").get(f"/reports/{report}/deadlines")["deadlines"]
    return next(one for one in owed if one["duty"].startswith("first_action"))


def named(cast: Cast, role: str) -> dict[str, str]:
    """Somebody of the school who is complained of."""
    return {"category": "staff", "person": cast.school.people[role]}


def entries_of(api: Api, report: str) -> list[dict[str, Any]]:
    """What the caller finds in the risk group that came of a report."""
    return [one for one in api.get("/risk-group")["entries"] if one["report"] == report]


def trip_from(day: date, leader: str) -> dict[str, Any]:
    """A day at the canyon."""
    days = {"starts_on": str(day), "ends_on": str(day)}
    return days | {"destination": "Шарын шатқалы", "group": "4 «Б»", "leader": leader}


def due_of(api: Api, of: str) -> list[dict[str, Any]]:
    """What is due of a trip or a risk."""
    return [one for one in api.get("/risk-journal")["duties"] if one["of"] == of]
