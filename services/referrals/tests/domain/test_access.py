from __future__ import annotations

from dataclasses import replace

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
from shared.domain import NotPermittedError, UnknownError


class TestNeedToKnow:
    @pytest.mark.requirement("CON-01")
    def test_a_role_is_not_enough(self) -> None:
        """Only the case's team; the denial names its rule."""
        team = a_team((PEDAGOGUE, "social_pedagogue"))
        assert access.reading(team, PEDAGOGUE).allowed
        refused = access.reading(team, PSYCHOLOGIST)
        assert refused == access.Decision(False, "only_the_team_of_the_case")
        with pytest.raises(NotPermittedError):
            rules.caller_is_allowed(refused, "referral")

    def test_head_and_deputy_answer_for_it_without_being_on_the_team(self) -> None:
        """As in cases."""
        for leading in (HEAD, DEPUTY):
            assert access.working(a_team(), leading).rule == "leads_the_service"

    def test_ends_when_somebody_leaves(self) -> None:
        """Need to know ends with the work."""
        team = a_team((PEDAGOGUE, "social_pedagogue"))
        assert PEDAGOGUE.person is not None
        team.release_member(person=PEDAGOGUE.person, by=POLICY, at=MONDAY)
        assert not access.working(team, PEDAGOGUE).allowed

    def test_an_auditor_reads_and_does_nothing_else(self) -> None:
        """And only with a token of an engagement."""
        team = a_team((PEDAGOGUE, "social_pedagogue"))
        assert access.reading(team, AUDITOR).allowed
        assert not access.reading(team, replace(AUDITOR, purpose="")).allowed
        for decide in (access.working, access.approving):
            assert not decide(team, AUDITOR).allowed


class TestWalls:
    @pytest.mark.requirement("REP-02")
    def test_whoever_is_walled_off_learns_nothing_though_head_or_on_the_team(self) -> None:
        """To them there is no such thing."""
        team = a_team((HEAD, "head"), (TEACHER, "class_teacher"), walled=(HEAD, TEACHER))
        for decide in (access.reading, access.working, access.approving):
            for walled in (HEAD, TEACHER):
                with pytest.raises(UnknownError):
                    rules.caller_is_allowed(decide(team, walled), "referral")


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
