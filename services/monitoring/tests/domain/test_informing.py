"""Campaigns, trainings, guests: what is recorded, and what is refused on either side of each rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.monitoring.domain import errors
from services.monitoring.domain.campaign import Campaign
from services.monitoring.domain.values import Audience, CampaignState, Coverage, DeclineReason
from services.monitoring.tests.builders import (
    NOW,
    PEDAGOGUE,
    TEACHER_ID,
    TODAY,
    a_campaign,
    a_training,
    an_invitation,
    events_of,
)
from shared.ids import new_id

TOMORROW = TODAY + timedelta(days=1)


def hold(campaign: Campaign, **said: Any) -> Campaign:
    """It took place today."""
    facts: dict[str, Any] = {"held_on": TODAY, "note": ""} | said
    campaign.hold(**facts, by=PEDAGOGUE, at=NOW)
    return campaign


def cover(campaign: Campaign, audience: Audience = Audience.PUPILS, reached: int = 410, out_of: int = 512) -> None:
    """How many were reached."""
    coverage = Coverage(audience=audience, reached=reached, out_of=out_of)
    campaign.record_coverage(coverage=coverage, by=PEDAGOGUE, at=NOW)


@pytest.mark.requirement("SSS-05")
class TestACampaign:
    def test_is_planned_then_held_then_covered(self) -> None:
        campaign = hold(a_campaign())
        cover(campaign)
        cover(campaign, reached=420)
        assert events_of(campaign) == ["Planned", "Held", "CoverageRecorded", "CoverageRecorded"]

    def test_ends_on_the_day_it_starts_or_later(self) -> None:
        a_campaign(ends_on=TODAY)
        with pytest.raises(errors.PeriodMisstatedError):
            a_campaign(ends_on=TODAY - timedelta(days=1))

    def test_is_not_held_on_a_day_to_come(self) -> None:
        with pytest.raises(errors.DayToComeError):
            hold(a_campaign(), held_on=TOMORROW)

    def test_is_held_once_or_called_off_with_reasons(self) -> None:
        campaign = a_campaign()
        with pytest.raises(errors.ReasonsMissingError):
            campaign.call_off(reasons=" ", by=PEDAGOGUE, at=NOW)
        campaign.call_off(reasons="Карантин", by=PEDAGOGUE, at=NOW)
        assert campaign.state is CampaignState.CALLED_OFF
        for again in (hold, cover):
            with pytest.raises((errors.CampaignNotPlannedError, errors.CampaignNotHeldError)):
                again(campaign)
        with pytest.raises(errors.CampaignNotPlannedError):
            hold(hold(a_campaign()))

    def test_has_no_coverage_before_it_was_held(self) -> None:
        with pytest.raises(errors.CampaignNotHeldError):
            cover(a_campaign())

    def test_covers_its_own_audiences_and_no_more_than_there_are(self) -> None:
        campaign = hold(a_campaign())
        cover(campaign, reached=512)
        with pytest.raises(errors.ReachedMisstatedError):
            cover(campaign, reached=513)
        with pytest.raises(errors.AudienceNotAddressedError):
            cover(campaign, Audience.STAFF)


@pytest.mark.requirement("SSS-09")
class TestATraining:
    def test_counts_whoever_is_named(self) -> None:
        assert a_training(attended=[TEACHER_ID], count=1).count == 1
        with pytest.raises(errors.AttendanceMisstatedError):
            a_training(attended=[TEACHER_ID, new_id()], count=1)

    def test_was_held(self) -> None:
        with pytest.raises(errors.DayToComeError):
            a_training(held_on=TOMORROW)

    def test_is_corrected_with_reasons(self) -> None:
        training = a_training()
        with pytest.raises(errors.ReasonsMissingError):
            training.correct(attended=[], count=0, reasons="", by=PEDAGOGUE, at=NOW)
        with pytest.raises(errors.AttendanceMisstatedError):
            training.correct(attended=[TEACHER_ID], count=0, reasons="Қате", by=PEDAGOGUE, at=NOW)
        training.correct(attended=[TEACHER_ID], count=20, reasons="Қате", by=PEDAGOGUE, at=NOW)
        assert training.count == 20


@pytest.mark.requirement("REF-08")
class TestAGuest:
    def come(self, invitation: Any, **said: Any) -> None:
        """The guest came today."""
        coverage = [Coverage(audience=Audience.PARENTS, reached=60, out_of=300)]
        facts: dict[str, Any] = {"came_on": TODAY, "given": "Әңгіме", "minutes": 60, "coverage": coverage}
        invitation.come(**(facts | said), by=PEDAGOGUE, at=NOW)

    def test_comes_or_does_not_once(self) -> None:
        ways: list[Callable[[Any], None]] = [
            self.come,
            lambda one: one.decline(reason=DeclineReason.NO_ANSWER, note="", by=PEDAGOGUE, at=NOW),
        ]
        for first in ways:
            invitation = an_invitation()
            first(invitation)
            for second in ways:
                with pytest.raises(errors.InvitationAnsweredError):
                    second(invitation)

    def test_comes_before_it_is_recorded(self) -> None:
        with pytest.raises(errors.DayToComeError):
            self.come(an_invitation(), came_on=TOMORROW)

    def test_covers_those_invited_for_each_once_and_no_more_than_there_are(self) -> None:
        pupils = Coverage(audience=Audience.PUPILS, reached=1, out_of=2)
        parents = Coverage(audience=Audience.PARENTS, reached=1, out_of=2)
        for wrong in ([pupils], [parents, parents]):
            with pytest.raises(errors.AudienceNotAddressedError):
                self.come(an_invitation(), coverage=wrong)
        with pytest.raises(errors.ReachedMisstatedError):
            self.come(an_invitation(), coverage=[Coverage(audience=Audience.PARENTS, reached=3, out_of=2)])
        self.come(an_invitation(), coverage=[parents])
