"""The workspace over the ledger: what an outsider sees by a grant, and that it is all they see (REF-05, RSK-04)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from services.cases import commands, queries
from services.cases.domain.errors import ConfidentialityWarningNotAcceptedError
from services.cases.domain.interagency import Right, SeatEnding
from services.cases.domain.values import Attendee, Level
from services.cases.tests.builders import (
    HEAD,
    OFFICER,
    PEDAGOGUE,
    POLICE,
    POLICY,
    PSYCHOLOGIST,
    a_report,
    an_id,
    person,
)
from services.cases.tests.world import SCHOOL, World
from shared.domain import Actor, NotPermittedError, UnknownError

pytestmark = pytest.mark.requirement("REF-05")
NOTE = "Әкесінен қорқатынын сыбырлап айтты"


def seated(school: World, case: UUID, *, rights: tuple[Right, ...] = tuple(Right), accepts: bool = True) -> Actor:
    """The police's officer, by a grant of a seat in this case."""
    offered = school.do(commands.OfferSeat, HEAD, case=case, agency=POLICE, rights=rights)
    outsider = replace(OFFICER, purpose=f"grant:{offered.body['seat']}")
    school.do(commands.NoteMemberNamed, POLICY, case=case, seat=outsider.grant, person=person(outsider))
    if accepts:
        school.do(commands.TakeSeat, outsider, case=case)
    return outsider


def at_high_risk(school: World, walled: tuple[Actor, ...] = ()) -> UUID:
    """A case of high risk with a session, whose note is the psychologist's."""
    case = school.open_case(a_report(walled=walled))
    school.staff(case)
    school.assess(case, Level.HIGH)
    facts: dict[str, Any] = {"attended": [Attendee.CHILD], "observed_change": "Тынышталды", "note": NOTE}
    school.do(commands.HoldSession, PSYCHOLOGIST, case=case, **facts)
    return case


def look(school: World, by: Actor, case: UUID) -> dict[str, Any]:
    """The workspace as somebody sees it."""
    return queries.interagency_workspace(school.application, SCHOOL, by, case=case)


@pytest.mark.requirement("RSK-04")
def test_shows_all_materials_to_both_sides_and_records_the_grant(school: World) -> None:
    """Assessments and sessions, no note of theirs, no referral, no number; the read names the grant in the log."""
    case = at_high_risk(school)
    school.do(commands.NoteReferralRequested, POLICY, case=case, referral=an_id("жолдама"), agency=an_id("Емхана"))
    officer = seated(school, case)
    shown = look(school, officer, case)
    assert shown["materials"]["assessments"][0]["level"] == "high"
    assert shown["materials"]["sessions"][0]["observed_change"] == "Тынышталды"
    for hidden in (NOTE, str(an_id("жолдама")), str(an_id("Емхана")), "register_year", "referral"):
        assert hidden not in repr(shown)
    topic, facts = school.accesses()[-1]
    assert (topic, facts["rule"], facts["purpose"]) == ("access.read", f"grant:{officer.grant}", officer.purpose)
    assert look(school, PEDAGOGUE, case)["materials"] == shown["materials"]
    assert [member["person"] for member in shown["members"]] == [person(officer)]


@pytest.mark.requirement("CON-02")
def test_shows_nothing_before_the_warning_is_accepted(school: World) -> None:
    """And accepting shows nothing by itself."""
    case = at_high_risk(school)
    officer = seated(school, case, accepts=False)
    with pytest.raises(ConfidentialityWarningNotAcceptedError):
        look(school, officer, case)
    assert school.do(commands.TakeSeat, officer, case=case).body == {"case": str(case)}
    assert look(school, officer, case)["state"] == "open"


@pytest.mark.requirement("CON-08")
def test_answers_every_grant_that_opens_nothing_alike_as_unknown(school: World) -> None:
    """Another case's, a made up one, another person's, an ended one, one whose time is up, a walled person's: the same
    as for a case that is not there; only the access log knows why.
    """
    case, other = at_high_risk(school), at_high_risk(school)
    officer = seated(school, case)
    stranger = replace(officer, id=f"person:{an_id('Басқа офицер')}")
    made_up = replace(officer, purpose=f"grant:{an_id('ойдан')}")
    asked = [(officer, other), (officer, an_id("жоқ іс")), (stranger, case), (made_up, case)]
    answers = [refused(school, by, where) for by, where in asked]
    rules = [facts["rule"] for _, facts in school.accesses()[-8:]]
    assert rules[0::2] == ["grant_opens_its_case", "unknown", "grant_opens_its_case", "grant_opens_its_case"]
    school.do(commands.EndSeat, HEAD, case=case, seat=officer.grant, reason=SeatEnding.REPLACED)
    answers.append(refused(school, officer, case))
    late = seated(school, other)
    school.do(commands.WallOffPerson, POLICY, case=other, person=person(late), report=an_id("хабар"))
    answers.append(refused(school, late, other))
    third = at_high_risk(school)
    timed = seated(school, third)
    school.later(days=181)
    answers.append(refused(school, timed, third))
    assert set(answers) == {("common.unknown", (("what", "case"),))}


def refused(school: World, by: Actor, case: UUID) -> tuple[str, tuple[tuple[str, Any], ...]]:
    """The refusal of seeing, which is that of acting as well."""
    with pytest.raises(UnknownError) as seeing:
        look(school, by, case)
    facts: dict[str, Any] = {"what": "…", "due_at": school.clock.now(), "person": person(PEDAGOGUE)}
    with pytest.raises(UnknownError) as acting:
        school.do(commands.GiveInteragencyTask, by, case=case, **facts)
    assert seeing.value.facts == acting.value.facts
    return seeing.value.code, tuple(seeing.value.facts.items())


@pytest.mark.requirement("CON-08")
@pytest.mark.parametrize(
    "ask",
    [
        lambda app, by, case: queries.show_case(app, SCHOOL, by, case=case),
        lambda app, by, case: queries.case_timeline(app, SCHOOL, by, case=case),
        lambda app, by, case: queries.case_deadlines(app, SCHOOL, by, case=case),
    ],
)
def test_is_all_of_a_case_that_a_grant_opens(school: World, ask: Callable[[Any, Actor, UUID], Any]) -> None:
    """The case's page, its timeline and its deadlines are unknown to a member of the interagency team."""
    case = at_high_risk(school)
    with pytest.raises(UnknownError):
        ask(school.application, seated(school, case), case)


@pytest.mark.requirement("CON-08")
def test_is_no_way_to_lists_and_to_other_commands(school: World) -> None:
    """No register, no list of their own, no papers; no command of the team."""
    case = at_high_risk(school)
    officer = seated(school, case)
    assert queries.register_of_cases(school.application, SCHOOL, officer, register_year=None) == []
    assert queries.my_cases(school.application, SCHOOL, officer) == []
    with pytest.raises(NotPermittedError):
        queries.register_of_papers(school.application, SCHOOL, officer)
    with pytest.raises(UnknownError):
        school.do(commands.TakeOwnMeasures, officer, case=case, measures=["…"])
    with pytest.raises(UnknownError):
        school.do(commands.AcceptConfidentialityWarning, officer, case=case)


def test_lets_those_who_only_see_act_in_nothing(school: World) -> None:
    """A grant without the right to take part."""
    case = at_high_risk(school)
    officer = seated(school, case, rights=(Right.SEE_MATERIALS,))
    assert look(school, officer, case)["tasks"] == []
    with pytest.raises(NotPermittedError) as refusal:
        school.do(commands.GiveInteragencyTask, officer, case=case, what="…", due_at=school.clock.now(), agency=POLICE)
    assert refusal.value.rule == "REF-05"


def test_shows_a_task_that_the_clock_found_late(school: World) -> None:
    """Given by the school, missed by the police, done late: the workspace tells each."""
    case = at_high_risk(school)
    officer = seated(school, case)
    due = school.clock.now().replace(hour=23)
    task = school.do(commands.GiveInteragencyTask, PEDAGOGUE, case=case, what="Орын табу", due_at=due, agency=POLICE)
    assert [(one["open"], one["overdue"]) for one in look(school, officer, case)["tasks"]] == [(True, False)]
    school.later(days=1)
    assert [(one["open"], one["overdue"]) for one in look(school, officer, case)["tasks"]] == [(True, True)]
    assert school.case(case).tasks[UUID(task.body["task"])].missed
    school.do(commands.DoInteragencyTask, officer, case=case, task=UUID(task.body["task"]), result="Табылды")
    [done] = look(school, PEDAGOGUE, case)["tasks"]
    assert (done["open"], done["overdue"], done["result"]) == (False, False, "Табылды")
