"""Meetings of the service over the ledger: the clock, cases discussed there, and who is shown what (SSS-04)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.cases import commands, queries
from services.cases.domain.errors import BehindAWallError, NotOnTeamError
from services.cases.domain.values import Role
from services.cases.tests.builders import AUDITOR, DOCTOR, HEAD, PEDAGOGUE, PSYCHOLOGIST, TEACHER, a_report, person
from services.cases.tests.entrypoints.test_safety_service import seat, train
from services.cases.tests.world import SCHOOL, World
from shared.domain import Actor, NotPermittedError
from shared.runners.clockwork import Clockwork

pytestmark = pytest.mark.requirement("SSS-04")

MEMBERS = (
    (HEAD, Role.HEAD),
    (PEDAGOGUE, Role.SOCIAL_PEDAGOGUE),
    (PSYCHOLOGIST, Role.PSYCHOLOGIST),
    (DOCTOR, Role.SCHOOL_DOCTOR),
)


@pytest.fixture
def school(school: World) -> World:
    """A school with a service of four."""
    school.do(commands.SetUpService, HEAD)
    for actor, role in MEMBERS:
        seat(school, actor, role)
    for actor in (PEDAGOGUE, PSYCHOLOGIST, DOCTOR):
        train(school, actor)
    return school


def meet(school: World, *participants: Actor) -> UUID:
    """The first puts a meeting down, the others confirm."""
    first, *others = participants
    said: dict[str, Any] = {"agenda": ["Айдың қорытындысы"], "decisions": ["Жиналыс"], "minutes": "Бәрі келісті"}
    who = [person(actor) for actor in participants]
    held = school.do(commands.HoldServiceMeeting, first, held_at=school.clock.now(), participants=who, **said)
    meeting = UUID(held.body["meeting"])
    for actor in others:
        school.do(commands.ConfirmServiceMeeting, actor, meeting=meeting, took_part=True)
    return meeting


def discuss(school: World, meeting: UUID, case: UUID, *present: Actor) -> UUID:
    """The first puts down that a case was discussed."""
    said: dict[str, Any] = {"discussed": "Қауіпсіздік", "decisions": [{"decision": "Күту", "best_interests": "Иә"}]}
    who = [person(actor) for actor in present]
    done = school.do(commands.DiscussCaseInService, present[0], case=case, meeting=meeting, present=who, **said)
    return UUID(done.body["meeting"])


def shown(school: World, by: Actor = HEAD) -> dict[str, Any]:
    """Months and meetings."""
    return queries.service_meetings(school.application, SCHOOL, by)


class TestMonths:
    def states(self, school: World) -> list[tuple[str, str]]:
        """Each month's state."""
        return [(one["month"], one["state"]) for one in shown(school)["months"]]

    def test_are_owed_held_missed_and_held_late(self, school: World) -> None:
        assert self.states(school) == [("2026-05", "owed")]
        school.later(days=40)  # 16 May
        meet(school, PEDAGOGUE, PSYCHOLOGIST, DOCTOR)
        assert self.states(school) == [("2026-05", "held")]
        school.later(days=30)
        school.later(days=30)  # 15 July: June passed
        assert self.states(school) == [("2026-05", "held"), ("2026-06", "missed"), ("2026-07", "owed")]

    def test_that_passed_while_the_clock_stood_still_are_said_once_each_by_the_one_that_starts_again(
        self, school: World
    ) -> None:
        """Another clock, as after a restart, says each month's once, and no month twice."""
        school.clock.advance(timedelta(days=150))  # 3 September
        for _ in range(6):
            Clockwork(school.service).tick()
            school.settle()
        months = ["2026-05", "2026-06", "2026-07", "2026-08"]
        assert self.states(school) == [(month, "missed") for month in months] + [("2026-09", "owed")]
        topics = [one.topic for one in school.application.for_tenant(SCHOOL).recorder.select_notifications(1, 1000)]
        assert topics.count("cases.service_month_missed") == len(months)


class TestACaseDiscussedThere:
    def test_is_a_meeting_of_the_case_and_shown_to_whoever_sees_the_case(self, school: World) -> None:
        """The doctor sat in the room for the rest of the agenda, and hears nothing of the case afterwards either."""
        case = school.open_case()
        school.do(commands.JoinTeam, HEAD, case=case, person=person(PSYCHOLOGIST), role=Role.PSYCHOLOGIST)
        meeting = meet(school, PEDAGOGUE, PSYCHOLOGIST, DOCTOR)
        held = discuss(school, meeting, case, PEDAGOGUE, PSYCHOLOGIST)
        assert school.case(case).meetings[held].participants == {person(PEDAGOGUE), person(PSYCHOLOGIST)}
        for by, cases in ((PEDAGOGUE, [case]), (HEAD, [case]), (AUDITOR, [case]), (DOCTOR, [])):
            [one] = shown(school, by)["meetings"]
            assert [discussed["case"] for discussed in one["cases"]] == cases
        assert shown(school)["meetings"][0]["cases"] == [{"case": case, "meeting": held, "number": 1}]

    @pytest.mark.requirement("CON-03")
    def test_is_discussed_by_its_team_alone(self, school: World) -> None:
        case = school.open_case()
        meeting = meet(school, PEDAGOGUE, PSYCHOLOGIST, DOCTOR)
        with pytest.raises(NotOnTeamError):
            discuss(school, meeting, case, PEDAGOGUE, PSYCHOLOGIST)
        with pytest.raises(NotPermittedError):
            discuss(school, meeting, case, PSYCHOLOGIST, PEDAGOGUE)

    @pytest.mark.requirement("REP-02")
    def test_is_no_trace_for_whoever_is_walled_off(self, school: World) -> None:
        """The accused doctor sees the meeting she sat in as if no case had been discussed."""
        case, meeting = school.open_case(a_report(walled=[DOCTOR])), meet(school, PEDAGOGUE, PSYCHOLOGIST, DOCTOR)
        before = shown(school, DOCTOR)
        school.do(commands.JoinTeam, HEAD, case=case, person=person(PSYCHOLOGIST), role=Role.PSYCHOLOGIST)
        discuss(school, meeting, case, PEDAGOGUE, PSYCHOLOGIST)
        assert shown(school, DOCTOR) == before
        with pytest.raises(BehindAWallError):
            discuss(school, meeting, case, DOCTOR, PEDAGOGUE)


class TestWhatIsShown:
    def test_minutes_are_for_those_who_took_part_and_auditors(self, school: World) -> None:
        meet(school, PEDAGOGUE, PSYCHOLOGIST, DOCTOR)
        for by, has in ((PEDAGOGUE, True), (DOCTOR, True), (AUDITOR, True), (HEAD, False)):
            [one] = shown(school, by)["meetings"]
            assert ("minutes" in one) is has
            assert (one["agenda"], one["counts"]) == (["Айдың қорытындысы"], True)
            assert (school.accesses()[-1][1]["what"] == "meeting_minutes") is has
        with pytest.raises(NotPermittedError):
            shown(school, TEACHER)

    def test_a_correction_shows_what_stood_before_who_changed_it_and_why(self, school: World) -> None:
        meeting = meet(school, PEDAGOGUE, PSYCHOLOGIST, DOCTOR)
        said: dict[str, Any] = {"agenda": ["Тоқсан"], "decisions": [], "minutes": "Екеуі қарсы", "reason": "Қате"}
        school.do(commands.CorrectServiceMeeting, DOCTOR, meeting=meeting, **said)
        [one] = shown(school, DOCTOR)["meetings"]
        assert (one["agenda"], one["minutes"], one["confirmed"]) == (["Тоқсан"], "Екеуі қарсы", [person(DOCTOR)])
        [correction] = one["corrections"]
        assert (correction["actor"], correction["reason"]) == (DOCTOR.id, "Қате")
        assert correction["before"] == {"agenda": ["Айдың қорытындысы"], "decisions": ["Жиналыс"]}
