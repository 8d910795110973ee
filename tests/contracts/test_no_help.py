"""What an agency does not do, the school must: the event that referrals publishes opens the duty in cases (REF-07)."""

from __future__ import annotations

from typing import Any

import pytest

from services.cases import commands
from services.cases.domain.values import Duty
from services.cases.tests import builders as cases
from services.cases.tests.policies.test_policies import told
from services.referrals.domain.referral import Referral
from services.referrals.publications import PUBLICATIONS
from services.referrals.tests import builders as referrals
from services.referrals.tests import lives


def _published(topic: type[Any]) -> tuple[str, dict[str, Any]]:
    """The public form of such an event of a referral that lived."""
    event = next(
        event for referral in lives.referrals() for event in referral.collect_events() if isinstance(event, topic)
    )
    form = PUBLICATIONS[topic.TOPIC](event)
    assert form is not None
    return form.type, {name: str(value) for name, value in form.body.items()}


@pytest.mark.requirement("REF-07")
def test_a_failed_referral_opens_the_duty_to_own_measures() -> None:
    """The agency had taken it on and gave up: to the child that is as if it had declined."""
    [command] = told(*_published(Referral.Failed))
    assert isinstance(command, commands.NoteReferralDeclined)
    assert (command.case, command.reason) == (referrals.CASE, "family_not_found")
    built = cases.a_case().opened().referred().delivered().accepted()
    assert Duty.OWN_MEASURES not in built.case.open_duties
    built.case.note_referral_declined(
        referral=cases.an_id("Жолдама"),
        agency=command.agency,
        reason=command.reason,
        book=cases.BOOK,
        by=cases.POLICY,
        at=built.at,
    )
    assert built.case.open_duties[Duty.OWN_MEASURES].rule == "cases.own_measures@2026-01-01"
    assert built.case.awaiting_own_measures == [cases.an_id("Жолдама")]


@pytest.mark.requirement("REF-07")
def test_an_expired_link_opens_the_duty_to_own_measures() -> None:
    """Nobody answered by it: that is silence, and no referral is left lying because a letter was not read."""
    [command] = told(*_published(Referral.LinkExpired))
    assert isinstance(command, commands.NoteReferralFellSilent)
    assert (command.case, command.silent_clock) == (referrals.CASE, "acknowledge")
    built = cases.a_case().opened().referred().delivered()
    assert Duty.OWN_MEASURES not in built.case.open_duties
    built.case.note_referral_fell_silent(
        referral=cases.an_id("Жолдама"),
        agency=command.agency,
        silent_clock=command.silent_clock,
        book=cases.BOOK,
        by=cases.POLICY,
        at=built.at,
    )
    assert built.case.open_duties[Duty.OWN_MEASURES].rule == "cases.own_measures@2026-01-01"
    assert built.case.awaiting_own_measures == [cases.an_id("Жолдама")]
