from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.referrals.domain import access, rules
from services.referrals.domain.errors import CaseClosedError, ReferralAlreadyOpenError
from services.referrals.tests.builders import (
    AUDITOR,
    DEPUTY,
    HEAD,
    MONDAY,
    PEDAGOGUE,
    POLICE,
    POLICY,
    PSYCHOLOGIST,
    TEACHER,
    a_team,
    an_id,
)
from shared.domain import Actor, NotPermittedError, UnknownError


def told_person(actor: Actor) -> UUID:
    """Somebody's id."""
    assert actor.person is not None
    return actor.person


class TestNeedToKnow:
    @pytest.mark.requirement("CON-01")
    def test_a_role_is_not_enough(self) -> None:
        """Only the case's team; the denial names its rule."""
        team = a_team((PEDAGOGUE, "social_pedagogue"))
        assert access.reading(team, PEDAGOGUE, MONDAY).allowed
        refused = access.reading(team, PSYCHOLOGIST, MONDAY)
        assert refused == access.Decision(False, "only_the_team_of_the_case")
        with pytest.raises(NotPermittedError):
            rules.caller_is_allowed(refused, "referral")

    def test_the_head_answers_for_it_without_being_on_the_team(self) -> None:
        """As in cases."""
        assert access.working(a_team(), HEAD, MONDAY).rule == "leads_the_service"

    def test_ends_when_somebody_leaves(self) -> None:
        """Need to know ends with the work."""
        team = a_team((PEDAGOGUE, "social_pedagogue"))
        assert PEDAGOGUE.person is not None
        team.release_member(person=PEDAGOGUE.person, by=POLICY, at=MONDAY)
        assert not access.working(team, PEDAGOGUE, MONDAY).allowed

    def test_an_auditor_reads_and_does_nothing_else(self) -> None:
        """And only with a token of an engagement."""
        team = a_team((PEDAGOGUE, "social_pedagogue"))
        assert access.reading(team, AUDITOR, MONDAY).allowed
        assert not access.reading(team, replace(AUDITOR, purpose=""), MONDAY).allowed
        assert not access.working(team, AUDITOR, MONDAY).allowed
        assert not access.approving(team, AUDITOR).allowed


@pytest.mark.requirement("CON-01")
class TestTheDeputy:
    """Comes by no role to what cases does not let them see."""

    def test_is_not_let_in_by_role(self) -> None:
        """Neither where nobody is walled off, nor where a head is on the team beside the wall."""
        for team in (a_team((HEAD, "head")), a_team(), a_team((HEAD, "head"), walled=(TEACHER,))):
            for decide in (access.reading, access.working):
                assert decide(team, DEPUTY, MONDAY) == access.Decision(False, "only_the_team_of_the_case")

    def test_is_let_in_on_the_team(self) -> None:
        """As anybody."""
        team = a_team((HEAD, "head"), (DEPUTY, "deputy"))
        assert access.working(team, DEPUTY, MONDAY).rule == "on_the_team"

    def test_stands_in_for_a_walled_head(self) -> None:
        """Somebody leads where the head must not know; nobody else by that."""
        team = a_team((PEDAGOGUE, "social_pedagogue"), walled=(HEAD,))
        assert access.working(team, DEPUTY, MONDAY).rule == "deputy_stands_in_for_a_walled_head"
        assert not access.working(team, PSYCHOLOGIST, MONDAY).allowed

    def test_comes_by_a_broken_glass_until_it_ends_and_approves_nothing_by_it(self) -> None:
        """To the moment; for whom it was broken alone."""
        team = a_team((HEAD, "head"))
        until = MONDAY + timedelta(hours=24)
        team.note_glass_broken(person=told_person(DEPUTY), until=until, by=POLICY, at=MONDAY)
        assert access.reading(team, DEPUTY, until - timedelta(seconds=1)).rule == "break_glass"
        assert not access.reading(team, DEPUTY, until).allowed
        assert not access.reading(team, replace(DEPUTY, id=PSYCHOLOGIST.id), MONDAY).allowed
        assert not access.approving(team, DEPUTY).allowed

    @pytest.mark.requirement("REP-02")
    def test_comes_through_no_wall_by_it(self) -> None:
        """Whether the wall or the glass came first."""
        until = MONDAY + timedelta(hours=24)
        walled_first = a_team((HEAD, "head"), walled=(DEPUTY,))
        walled_first.note_glass_broken(person=told_person(DEPUTY), until=until, by=POLICY, at=MONDAY)
        assert walled_first.glass_broken == {}
        walled_later = a_team((HEAD, "head"))
        walled_later.note_glass_broken(person=told_person(DEPUTY), until=until, by=POLICY, at=MONDAY)
        walled_later.wall_off(persons=[told_person(DEPUTY)], by=POLICY, at=MONDAY)
        for team in (walled_first, walled_later):
            with pytest.raises(UnknownError):
                rules.caller_is_allowed(access.reading(team, DEPUTY, MONDAY), "case")


class TestWalls:
    @pytest.mark.requirement("REP-02")
    def test_whoever_is_walled_off_learns_nothing_though_head_or_on_the_team(self) -> None:
        """To them there is no such thing."""
        team = a_team((HEAD, "head"), (TEACHER, "class_teacher"), walled=(HEAD, TEACHER))
        for walled in (HEAD, TEACHER):
            for decision in (
                access.reading(team, walled, MONDAY),
                access.working(team, walled, MONDAY),
                access.approving(team, walled),
            ):
                with pytest.raises(UnknownError):
                    rules.caller_is_allowed(decision, "referral")


class TestWhoApproves:
    def test_is_the_head(self) -> None:
        """On the team or not."""
        assert access.approving(a_team(), HEAD).rule == "head_approves"

    def test_is_not_the_deputy_beside_a_head_who_is_not_walled(self) -> None:
        """There is one who answers for what leaves."""
        team = a_team((HEAD, "head"), (DEPUTY, "deputy"), walled=(TEACHER,))
        assert access.approving(team, DEPUTY).rule == "deputy_approves_only_where_the_head_is_walled"

    @pytest.mark.requirement("REF-03")
    def test_is_the_deputy_where_the_head_is_complained_of(self) -> None:
        """Nobody approves in a matter of their own."""
        assert access.approving(a_team(walled=(HEAD,)), DEPUTY).allowed

    def test_is_nobody_else(self) -> None:
        """Nor whoever works on the case."""
        team = a_team((PEDAGOGUE, "social_pedagogue"))
        assert access.approving(team, PEDAGOGUE).rule == "only_the_head_approves"


class TestAskingAnAgency:
    def test_a_second_time_is_refused_naming_the_first(self) -> None:
        """So that the reader can go there."""
        team = a_team()
        team.open_referral(agency=POLICE, referral=an_id("бірінші"), by=POLICY, at=MONDAY)
        with pytest.raises(ReferralAlreadyOpenError) as refused:
            team.open_referral(agency=POLICE, referral=an_id("екінші"), by=POLICY, at=MONDAY)
        assert refused.value.facts["referral"] == str(an_id("бірінші"))

    def test_again_is_possible_once_the_first_has_ended(self) -> None:
        """An agency may be asked anew."""
        team = a_team()
        team.open_referral(agency=POLICE, referral=an_id("бірінші"), by=POLICY, at=MONDAY)
        team.end_referral(agency=POLICE, referral=an_id("бірінші"), by=POLICY, at=MONDAY)
        team.open_referral(agency=POLICE, referral=an_id("екінші"), by=POLICY, at=MONDAY)
        assert team.open_referrals[str(POLICE)] == an_id("екінші")

    def test_for_a_closed_case_is_refused_until_it_is_opened_again(self) -> None:
        """Both ways."""
        team = a_team()
        team.dissolve(by=POLICY, at=MONDAY)
        with pytest.raises(CaseClosedError):
            team.open_referral(agency=POLICE, referral=an_id("бірінші"), by=POLICY, at=MONDAY)
        team.reform(by=POLICY, at=MONDAY)
        team.open_referral(agency=POLICE, referral=an_id("бірінші"), by=POLICY, at=MONDAY)
