"""Walls that come after the case was opened: by another report, by what a report turns out to be, by a case before."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.cases import commands, queries
from services.cases.domain.values import Ground, Role
from services.cases.tests.builders import (
    DEPUTY,
    DOCTOR,
    HEAD,
    PEDAGOGUE,
    POLICY,
    PSYCHOLOGIST,
    TEACHER,
    a_case,
    a_report,
    an_id,
    person,
    ratings,
    recorded,
)
from services.cases.tests.policies.test_policies import told
from services.cases.tests.world import SCHOOL, World
from shared.domain import NotPermittedError, UnknownError

REPORT = a_report().id


@pytest.mark.requirement("REP-02")
class TestWhoeverIsWalledOffLater:
    def test_finds_neither_the_case_nor_a_number_any_more(self, school: World) -> None:
        """Until then the head saw it."""
        case, other = school.open_case(), school.open_case(a_report("екінші"))
        assert queries.show_case(school.application, SCHOOL, HEAD, case=case)["number"] == 1
        school.do(commands.WallOffPerson, POLICY, case=case, person=person(HEAD), report=REPORT)
        with pytest.raises(UnknownError):
            queries.show_case(school.application, SCHOOL, HEAD, case=case)
        assert queries.register_of_cases(school.application, SCHOOL, HEAD) == []
        assert "number" not in queries.show_case(school.application, SCHOOL, HEAD, case=other)

    def test_leaves_the_team_and_coordinates_no_more(self, school: World) -> None:
        """The head appoints another; until then nobody coordinates."""
        case = school.open_case()
        school.staff(case)
        school.do(commands.WallOffPerson, POLICY, case=case, person=person(PEDAGOGUE), report=REPORT)
        stored = school.case(case)
        assert (stored.coordinator, person(PEDAGOGUE) in stored.team) == (None, False)
        assert queries.my_cases(school.application, SCHOOL, PEDAGOGUE) == []
        with pytest.raises(UnknownError):
            school.do(commands.FindLiabilityPossible, PEDAGOGUE, case=case)
        passed: dict[str, Any] = {"person": person(DOCTOR), "ground": Ground.LEADERSHIP_SKILLS, "reason": "Орнына"}
        school.do(commands.AppointCoordinator, HEAD, case=case, **passed)
        assert school.case(case).coordinator == person(DOCTOR)

    def test_is_kept_away_from_a_closed_case_too(self) -> None:
        """And does not come back with its reopening."""
        built = a_case().opened().settled().closed()
        built.case.collect_events()
        built.walled_off(PSYCHOLOGIST).walled_off(PSYCHOLOGIST)
        assert recorded(built.case) == ["PersonWalledOff", "TeamMemberLeft"]
        built.reopened()
        assert person(PSYCHOLOGIST) in built.case.walled

    def test_is_named_to_nobody_by_the_timeline(self, school: World) -> None:
        """Who is walled off is on need to know; that somebody is, is not hidden from the team."""
        case = school.open_case()
        school.do(commands.WallOffPerson, POLICY, case=case, person=person(TEACHER), report=REPORT)
        [event] = [
            event
            for event in queries.case_timeline(school.application, SCHOOL, PEDAGOGUE, case=case)
            if event["topic"] == "cases.person_walled_off"
        ]
        assert event["facts"] == {"report": REPORT}

    def test_is_told_by_policy_alone(self, school: World) -> None:
        case = school.open_case()
        with pytest.raises(NotPermittedError):
            school.do(commands.WallOffPerson, DEPUTY, case=case, person=person(HEAD), report=REPORT)

    def test_of_a_case_that_is_none_here_changes_nothing(self, school: World) -> None:
        """A report may name a case to join that there is not: it is entered as another, which is told by itself."""
        answer = school.do(commands.WallOffPerson, POLICY, case=uuid4(), person=person(HEAD), report=REPORT)
        assert answer.body == {}

    def test_is_heard_of_from_reports_once_for_each_case(self) -> None:
        """Under ids that repeat."""
        cases = [str(an_id("бір")), str(an_id("екі")), str(an_id("бір"))]
        body = {"report": str(REPORT), "person": str(person(HEAD)), "cases": cases, "new_in_v1": 1}
        first, again = (told("reports.person_walled_off.v1", body) for _ in range(2))
        assert first == again
        assert [(type(one), one.case) for one in first] == [  # type: ignore[attr-defined]
            (commands.WallOffPerson, an_id("бір")),
            (commands.WallOffPerson, an_id("екі")),
        ]
        assert len({one.command_id for one in first}) == 2
        assert told("reports.person_walled_off.v1", {**body, "cases": []}) == []


@pytest.mark.requirement("REP-02")
class TestACaseThatFollowsUponAClosedOne:
    def test_keeps_its_walls(self, school: World) -> None:
        """Another report of the same events does not name the head; the head finds neither case."""
        case = school.open_case(a_report(walled=[HEAD]))
        close(school, case)
        answer = school.do(commands.LinkReport, POLICY, case=case, report=a_report("жаңа хабар", owner=HEAD))
        following = school.case(UUID(answer.body["case"]))
        assert following.id != case
        assert set(following.walled) == {person(HEAD)}
        assert not following.team
        with pytest.raises(UnknownError):
            queries.show_case(school.application, SCHOOL, HEAD, case=following.id)


def close(school: World, case: UUID) -> None:
    """All that closing takes, with the deputy in the head's place."""
    for actor, role in ((PSYCHOLOGIST, Role.PSYCHOLOGIST), (DOCTOR, Role.SCHOOL_DOCTOR)):
        school.do(commands.JoinTeam, DEPUTY, case=case, person=person(actor), role=role)
    school.assess(case)
    for _ in range(2):
        school.do(commands.RateCriteria, PSYCHOLOGIST, case=case, ratings=ratings())
        school.later(days=30)
    school.do(commands.CloseCase, PEDAGOGUE, case=case, meeting=school.meet(case, closing=True))
