"""What is told to whom in a school year, and what to nobody, through the application (SSS-05, SSS-09, REF-08)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.monitoring import commands, queries
from services.monitoring.domain.values import Audience, Coverage, DeclineReason, Guest, Means, Purpose, Topic
from services.monitoring.publications import PUBLICATIONS
from services.monitoring.tests.builders import (
    AUDITOR,
    HEAD,
    PEDAGOGUE,
    PSYCHOLOGIST,
    TEACHER,
    TEACHER_ID,
    TODAY,
    a_person,
)
from services.monitoring.tests.world import OTHER_SCHOOL, SCHOOL, World
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.ids import new_id

OUTSIDER = a_person(new_id(), "partner_duty_officer")
GAPS_OF_ALL = len(Audience) * len(Topic)


def planned(school: World, by: Actor = PEDAGOGUE, **said: Any) -> UUID:
    """A campaign of parents about ways to report."""
    facts: dict[str, Any] = {
        "title": "Қалай хабарлау керек",
        "audiences": (Audience.PARENTS,),
        "topics": (Topic.WAYS_TO_REPORT,),
        "means": Means.MEETING,
        "starts_on": TODAY,
        "ends_on": TODAY,
    }
    return UUID(school.do(commands.PlanCampaign, by, **(facts | said)).body["campaign"])


def held(school: World, reached: int | None = 120, **said: Any) -> UUID:
    """One that was held, and covered."""
    campaign = planned(school, **said)
    school.do(commands.HoldCampaign, PEDAGOGUE, campaign=campaign, held_on=said.get("starts_on", TODAY))
    if reached is not None:
        coverage: dict[str, Any] = {"audience": Audience.PARENTS, "reached": reached, "out_of": 300}
        school.do(commands.RecordCoverage, PEDAGOGUE, campaign=campaign, **coverage)
    return campaign


def of_year(school: World, by: Actor = HEAD, year: int | None = None, tenant: UUID = SCHOOL) -> dict[str, Any]:
    """What was told to whom."""
    return queries.informing_of_school_year(school.application, tenant, by, school_year=year)


def gaps(school: World, **of: Any) -> set[tuple[str, str]]:
    """(audience, topic) that nobody was told."""
    return {(one["audience"], one["topic"]) for one in of_year(school, **of)["gaps"]}


@pytest.mark.requirement("SSS-05")
class TestASchoolYear:
    def test_begins_with_a_gap_for_every_audience_and_topic(self, school: World) -> None:
        found = of_year(school)
        assert (found["school_year"], len(found["gaps"]), found["informed"]) == (2026, GAPS_OF_ALL, [])
        assert found["rules"] == [f"monitoring.informing_{audience}@2026-01-01" for audience in Audience]

    @pytest.mark.parametrize("reached", [None, 0])
    def test_keeps_the_gap_of_a_campaign_that_reached_nobody_as_far_as_known(
        self, school: World, reached: int | None
    ) -> None:
        planned(school)
        held(school, reached)
        assert ("parents", "ways_to_report") in gaps(school)

    def test_closes_the_gap_of_those_reached_and_no_other(self, school: World) -> None:
        held(school)
        held(school, 150)
        [told] = of_year(school)["informed"]
        assert (told["times"], told["reached"], told["out_of"], told["last_on"]) == (2, 150, 300, TODAY)
        assert len(gaps(school)) == GAPS_OF_ALL - 1
        assert ("parents", "ways_to_report") not in gaps(school)

    def test_is_not_the_one_before(self, school: World) -> None:
        held(school, starts_on=date(2026, 8, 31))
        assert ("parents", "ways_to_report") in gaps(school)
        assert ("parents", "ways_to_report") not in gaps(school, year=2025)

    def test_knows_nothing_of_another_school(self, school: World) -> None:
        held(school)
        assert of_year(school, tenant=OTHER_SCHOOL)["informed"] == []
        assert queries.list_campaigns(school.application, OTHER_SCHOOL, HEAD) == []


@pytest.mark.requirement("SSS-05")
class TestCampaigns:
    def test_show_audience_and_coverage_to_everybody_in_school(self, school: World) -> None:
        campaign = held(school)
        [row] = queries.list_campaigns(school.application, SCHOOL, TEACHER)
        assert row["coverage"] == [{"audience": "parents", "reached": 120, "out_of": 300}]
        assert (row["campaign"], row["state"], row["topics"]) == (campaign, "held", ["ways_to_report"])
        shown = queries.show_campaign(school.application, SCHOOL, AUDITOR, campaign=campaign)
        assert [one["event"].rpartition("_")[2] for one in shown["history"]] == ["planned", "held", "recorded"]

    @pytest.mark.parametrize("by", [TEACHER, OUTSIDER, AUDITOR])
    def test_are_planned_by_members_of_the_service_alone(self, school: World, by: Actor) -> None:
        with pytest.raises(NotPermittedError):
            planned(school, by)

    def test_are_shown_to_nobody_outside(self, school: World) -> None:
        campaign = planned(school)
        for ask in (
            lambda: queries.list_campaigns(school.application, SCHOOL, OUTSIDER),
            lambda: queries.show_campaign(school.application, SCHOOL, OUTSIDER, campaign=campaign),
            lambda: of_year(school, OUTSIDER),
        ):
            with pytest.raises(NotPermittedError):
                ask()
        with pytest.raises(UnknownError):
            queries.show_campaign(school.application, SCHOOL, HEAD, campaign=new_id())

    def test_that_are_called_off_inform_nobody(self, school: World) -> None:
        campaign = planned(school)
        school.do(commands.CallOffCampaign, PEDAGOGUE, campaign=campaign, reasons="Карантин")
        [row] = queries.list_campaigns(school.application, SCHOOL, HEAD)
        assert row["state"] == "called_off"
        assert len(gaps(school)) == GAPS_OF_ALL


@pytest.mark.requirement("SSS-09")
class TestTrainingsOfStaff:
    def test_are_told_to_whoever_counts_who_is_trained(self, school: World) -> None:
        facts: dict[str, Any] = {"title": "Белгілер", "topics": (Topic.DETECTION,), "held_on": TODAY, "minutes": 90}
        said = facts | {"attended": (TEACHER_ID,), "count": 24}
        training = UUID(school.do(commands.RecordStaffTraining, PSYCHOLOGIST, **said).body["training"])
        corrected: dict[str, Any] = {"attended": (TEACHER_ID,), "count": 23, "reasons": "Қате"}
        school.do(commands.CorrectAttendance, PSYCHOLOGIST, training=training, **corrected)
        [row] = queries.list_staff_trainings(school.application, SCHOOL, HEAD)
        assert (row["training"], row["minutes"], row["count"]) == (training, 90, 23)
        assert ("staff", "detection") not in gaps(school)
        forms = [
            PUBLICATIONS[event.TOPIC](event) for _, event in school.application.for_tenant(SCHOOL).events(training)
        ]
        assert [(form.body["attended"], form.body["count"]) for form in forms if form] == [
            ([TEACHER_ID], 24),
            ([TEACHER_ID], 23),
        ]


@pytest.mark.requirement("REF-08")
class TestGuests:
    def invited(self, school: World) -> UUID:
        """For parents."""
        facts: dict[str, Any] = {
            "guest": Guest.VOLUNTEER,
            "name": "Күләш Өмірзаққызы",
            "organisation": "«Үміт» дағдарыс орталығы",
            "purpose": Purpose.INFORM,
            "audiences": (Audience.PARENTS,),
            "topics": (Topic.RESPONSE,),
            "invited_for": TODAY,
        }
        return UUID(school.do(commands.InviteGuest, HEAD, **facts).body["invitation"])

    def test_feed_the_coverage_once_they_came(self, school: World) -> None:
        invitation = self.invited(school)
        assert ("parents", "response") in gaps(school)
        coverage = (Coverage(audience=Audience.PARENTS, reached=60, out_of=300),)
        said: dict[str, Any] = {"came_on": TODAY, "given": "Әңгіме", "minutes": 60, "coverage": coverage}
        school.do(commands.RecordVisit, HEAD, invitation=invitation, **said)
        assert ("parents", "response") not in gaps(school)
        [row] = queries.list_invitations(school.application, SCHOOL, TEACHER)
        assert (row["state"], row["coverage"][0]["reached"], row["came_on"]) == ("came", 60, TODAY)

    def test_who_did_not_come_inform_nobody(self, school: World) -> None:
        invitation = self.invited(school)
        school.do(commands.RecordDecline, HEAD, invitation=invitation, reason=DeclineReason.DID_NOT_COME)
        assert ("parents", "response") in gaps(school)
        shown = queries.show_invitation(school.application, SCHOOL, HEAD, invitation=invitation)
        assert (shown["state"], len(shown["history"])) == ("declined", 2)
