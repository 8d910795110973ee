"""Who may do what with a report: walls first, then the grounds, both sides of each."""

from __future__ import annotations

import pytest

from services.reports.domain.access import Act, Circumstances, decide, may_file
from services.reports.domain.report import Report
from services.reports.tests.builders import (
    AUDITOR,
    DEPUTY,
    DEPUTY_ID,
    HEAD,
    HEAD_ID,
    PSYCHOLOGIST,
    PSYCHOLOGIST_ID,
    SAFEGUARDING_LEAD,
    a_person,
    a_report,
    a_reporter,
    an_accused,
)
from shared.domain import Actor
from shared.ids import new_id

NOTHING = Circumstances()
CHANGING = (Act.TRIAGE, Act.VERIFY, Act.DECIDE, Act.OPEN_IDENTITY)
STRANGER = a_person(new_id(), "class_teacher")


def allowed(act: Act, report: Report, by: Actor, around: Circumstances = NOTHING) -> bool:
    """Whether it is."""
    return decide(act, report, by, around).allowed


@pytest.mark.requirement("REP-02")
class TestAFreshReport:
    @pytest.mark.parametrize("by", [HEAD, DEPUTY])
    def test_is_seen_and_triaged_by_head_and_deputy(self, by: Actor) -> None:
        report = a_report().build()
        assert allowed(Act.SEE, report, by)
        assert allowed(Act.TRIAGE, report, by)

    @pytest.mark.parametrize("by", [PSYCHOLOGIST, STRANGER, SAFEGUARDING_LEAD, a_person(new_id(), "administrator")])
    def test_is_not_seen_by_others_who_are_told_the_rule(self, by: Actor) -> None:
        decision = decide(Act.SEE, a_report().build(), by, NOTHING)
        assert (decision.allowed, decision.hidden, decision.rule) == (False, False, "reports.need_to_know.see")

    def test_is_seen_by_its_owner_and_the_one_who_triaged_it(self) -> None:
        teacher = a_person(new_id(), "social_pedagogue")
        report = a_report().triaged(by=teacher).build()
        assert allowed(Act.SEE, report, PSYCHOLOGIST)
        assert allowed(Act.VERIFY, report, PSYCHOLOGIST)
        assert allowed(Act.SEE, report, teacher)
        assert not allowed(Act.DECIDE, report, teacher)


@pytest.mark.requirement("REP-02")
class TestTheWall:
    @pytest.mark.parametrize("act", list(Act))
    def test_hides_a_report_from_the_accused_in_every_act(self, act: Act) -> None:
        report = a_report(accused=(an_accused(person=HEAD_ID),)).triaged(owner=None).build()
        decision = decide(act, report, HEAD, NOTHING)
        assert (decision.allowed, decision.hidden, decision.rule) == (False, True, "reports.walled_off")

    @pytest.mark.parametrize("act", list(Act))
    def test_hides_it_from_whoever_holds_the_role_complained_of(self, act: Act) -> None:
        report = a_report(accused=(an_accused(name="директор", role="head"),)).build()
        assert decide(act, report, HEAD, NOTHING).hidden
        assert not decide(act, report, DEPUTY, NOTHING).hidden

    def test_stands_against_every_ground(self) -> None:
        """Owner, member of the team, auditor, even the one who entered it."""
        report = a_report(accused=(an_accused(person=HEAD_ID),)).triaged(owner=None, by=HEAD).build()
        around = Circumstances(team=frozenset({HEAD_ID}), entered_by=HEAD_ID, a_team_has_it=True)
        assert decide(Act.SEE, report, HEAD, around).hidden
        assert decide(Act.SEE, report, a_person(HEAD_ID, "auditor", purpose="audit:1"), around).hidden

    def test_lets_the_next_in_line_and_the_department_act(self) -> None:
        report = a_report(accused=(an_accused(person=HEAD_ID),)).build()
        assert allowed(Act.TRIAGE, report, DEPUTY)
        assert allowed(Act.SEE, report, SAFEGUARDING_LEAD)
        assert allowed(Act.TRIAGE, report, SAFEGUARDING_LEAD)

    def test_leaves_the_department_where_head_and_deputy_are_accused(self) -> None:
        report = a_report(accused=(an_accused(person=HEAD_ID), an_accused(person=DEPUTY_ID))).build()
        assert not allowed(Act.TRIAGE, report, HEAD)
        assert not allowed(Act.TRIAGE, report, DEPUTY)
        assert allowed(Act.TRIAGE, report, SAFEGUARDING_LEAD)


@pytest.mark.requirement("CON-01")
class TestOnceATeamHasIt:
    around = Circumstances(team=frozenset({PSYCHOLOGIST_ID}), a_team_has_it=True)

    def test_its_members_see_it(self) -> None:
        assert allowed(Act.SEE, a_report().triaged().build(), PSYCHOLOGIST, self.around)

    def test_a_role_is_not_enough(self) -> None:
        assert not allowed(Act.SEE, a_report().triaged(by=HEAD).build(), HEAD, self.around)

    def test_whoever_left_it_sees_it_no_longer(self) -> None:
        left = Circumstances(a_team_has_it=True)
        assert not allowed(Act.SEE, a_report().triaged().build(), PSYCHOLOGIST, left)


class TestAnAuditor:
    def test_sees_and_changes_nothing(self) -> None:
        report = a_report().triaged().build()
        assert allowed(Act.SEE, report, AUDITOR)
        assert [act for act in CHANGING if allowed(act, report, AUDITOR)] == []

    @pytest.mark.requirement("REP-04")
    def test_never_learns_who_reported(self) -> None:
        assert not allowed(Act.OPEN_IDENTITY, a_report().build(), AUDITOR)

    def test_sees_nothing_outside_an_engagement(self) -> None:
        assert not allowed(Act.SEE, a_report().build(), a_person(new_id(), "auditor"))


class TestAReporter:
    def test_sees_how_far_the_own_report_is_and_no_more(self) -> None:
        reporter = a_reporter()
        report = a_report(by=reporter).build()
        assert allowed(Act.SEE_STATUS, report, reporter)
        assert not allowed(Act.SEE, report, reporter)
        assert not allowed(Act.SEE_STATUS, report, a_reporter())

    def test_on_the_staff_sees_how_far_it_is(self) -> None:
        person = new_id()
        around = Circumstances(entered_by=person)
        assert allowed(Act.SEE_STATUS, a_report().build(), a_person(person, "class_teacher"), around)
        assert not allowed(Act.SEE, a_report().build(), a_person(person, "class_teacher"), around)


@pytest.mark.requirement("REP-04")
class TestTheReportersIdentity:
    def test_is_for_head_and_deputy(self) -> None:
        report = a_report().triaged().build()
        assert allowed(Act.OPEN_IDENTITY, report, HEAD)
        assert allowed(Act.OPEN_IDENTITY, report, DEPUTY)
        assert not allowed(Act.OPEN_IDENTITY, report, PSYCHOLOGIST)
        assert not allowed(Act.OPEN_IDENTITY, report, SAFEGUARDING_LEAD)

    def test_is_never_for_one_complained_of(self) -> None:
        report = a_report(accused=(an_accused(person=HEAD_ID),)).build()
        assert decide(Act.OPEN_IDENTITY, report, HEAD, NOTHING).hidden


class TestFiling:
    @pytest.mark.requirement("REP-05")
    def test_for_another_is_for_staff(self) -> None:
        assert may_file(STRANGER, on_behalf=True).allowed
        assert not may_file(a_reporter(), on_behalf=True).allowed

    @pytest.mark.requirement("REP-03")
    def test_for_oneself_is_for_anybody_with_a_reporters_token(self) -> None:
        assert may_file(a_reporter(), on_behalf=False).allowed
        assert may_file(STRANGER, on_behalf=False).allowed

    @pytest.mark.parametrize("by", [AUDITOR, a_person(new_id()), a_person(new_id(), "administrator")])
    def test_is_not_for_who_holds_no_role_there(self, by: Actor) -> None:
        assert not may_file(by, on_behalf=False).allowed
