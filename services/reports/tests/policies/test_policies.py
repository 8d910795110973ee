"""What follows from what `cases` tells, and what falls due from our own events."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.reports import policies, schemas
from services.reports.bootstrap import SERVICE
from services.reports.commands import JoinCaseTeam, LeaveCaseTeam, LinkCase
from services.reports.domain.report import Report
from services.reports.domain.values import Role
from services.reports.duties import DUTIES
from services.reports.reactions import REACTIONS
from services.reports.tests.builders import PSYCHOLOGIST_ID, RECEIVED_AT, a_report, an_accused
from shared.duties import Meets, Opens, Passes
from shared.ids import new_id
from shared.policy import Heard

SCHOOL, CASE, REPORT, PERSON = new_id(), new_id(), new_id(), new_id()


def heard(type_: str) -> Heard:
    """An envelope from cases."""
    return Heard(
        source="cases",
        tenant=SCHOOL,
        number=7,
        hash=b"",
        incarnation=UUID(int=1),
        type=type_,
        happened_at=RECEIVED_AT,
        recorded_at=RECEIVED_AT,
        cause=None,
    )


def duties_of(report: Report) -> list[Any]:
    """What the report's events open and meet, in order."""
    return [one for event in report.pending_events for one in DUTIES.get(type(event).TOPIC, lambda _: [])(event)]  # type: ignore[attr-defined]


class TestWhenACaseOpened:
    @pytest.mark.requirement("REP-07")
    def test_the_report_is_linked_under_an_id_that_repeats(self) -> None:
        event = schemas.read_case_opened({"case": str(CASE), "report": str(REPORT), "walled": [], "number": 3})
        for _ in range(2):
            [command] = policies.when_case_opened_link_case(event, heard("cases.case_opened.v1"))
            assert isinstance(command, LinkCase)
            assert (command.tenant, command.report, command.case) == (SCHOOL, REPORT, CASE)
            assert command.command_id == heard("cases.case_opened.v1").command_id("when_case_opened_link_case")
            assert command.by.id == "policy:when_case_opened_link_case"


class TestWhenATeamChanges:
    @pytest.mark.requirement("CON-01")
    def test_its_members_join_and_leave_here_too(self) -> None:
        body = {"case": str(CASE), "person": str(PERSON), "role": "psychologist"}
        [joins] = policies.when_team_member_joined_join_case_team(schemas.read_team_member_joined(body), heard("j"))
        [leaves] = policies.when_team_member_left_leave_case_team(schemas.read_team_member_left(body), heard("l"))
        assert isinstance(joins, JoinCaseTeam)
        assert isinstance(leaves, LeaveCaseTeam)
        assert (joins.case, joins.person, joins.role) == (CASE, PERSON, "psychologist")
        assert (leaves.case, leaves.person) == (CASE, PERSON)


def test_reactions_listen_to_the_services_that_are_listened_to() -> None:
    assert {reaction.listens_to.partition(".")[0] for reaction in REACTIONS} == set(SERVICE.listens_to)


class TestDuties:
    def test_of_a_new_report_are_a_first_action_by_the_head(self) -> None:
        [opens] = duties_of(a_report().report)
        assert opens == Opens(
            duty="first_action",
            stream=opens.stream,
            due_at=RECEIVED_AT + timedelta(hours=8),
            owner="role:head",
            rule="reports.first_action@2026-01-01",
        )

    @pytest.mark.requirement("REP-02")
    @pytest.mark.parametrize(
        ("accused", "owner"),
        [
            (["head"], "deputy"),
            (["head", "deputy"], "department_safeguarding_lead"),
            (["deputy"], "head"),
            (["subject_teacher"], "head"),
        ],
    )
    def test_go_past_whoever_is_complained_of(self, accused: list[str], owner: str) -> None:
        [opens] = duties_of(a_report(accused=tuple(an_accused(role=Role(role)) for role in accused)).report)
        assert opens.owner == f"role:{owner}"

    @pytest.mark.requirement("REP-06")
    def test_of_a_triaged_one_are_its_verification_by_the_owner(self) -> None:
        report = a_report().triaged().under_verification().report
        _, met, opened, begun = duties_of(report)
        assert met == Meets(duty="first_action", stream=report.id)
        assert (opened.duty, opened.owner) == ("verification", f"person:{PSYCHOLOGIST_ID}")
        assert begun == Passes(duty="verification", stream=report.id, owner=f"person:{PSYCHOLOGIST_ID}")

    def test_end_with_the_report(self) -> None:
        report = a_report().triaged().out_of_scope().build()
        assert duties_of(report) == []
        report = a_report().triaged().out_of_scope().report
        assert duties_of(report)[-2:] == [
            Meets(duty="first_action", stream=report.id),
            Meets(duty="verification", stream=report.id),
        ]
