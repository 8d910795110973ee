"""What an agency owes by when, and what ends each of its three clocks (REF-03, REF-07)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.referrals.domain.referral import Referral
from services.referrals.domain.values import DUTY_OF_CLOCK, Clock
from shared.duties import Meets, Opens

OWNER = "role:coordinator"
"""The agency owes; the case's coordinator is the one who has to see that it does."""


def _requested(event: Referral.Requested) -> Sequence[Opens | Meets]:
    return [
        Opens(
            duty=duty,
            stream=event.originator_id,
            due_at=getattr(event, f"{clock}_by"),
            owner=OWNER,
            rule=getattr(event, f"{clock}_rule"),
        )
        for clock, duty in DUTY_OF_CLOCK.items()
    ]


def _meets(*clocks: Clock) -> Callable[[Any], Sequence[Opens | Meets]]:
    def met(event: Any) -> Sequence[Opens | Meets]:
        return [Meets(duty=DUTY_OF_CLOCK[clock], stream=event.originator_id) for clock in clocks]

    return met


def _fell_silent(event: Referral.FellSilent) -> Sequence[Opens | Meets]:
    return [Meets(duty=DUTY_OF_CLOCK[Clock(event.clock)], stream=event.originator_id)]


DUTIES: Mapping[str, Callable[[Any], Sequence[Opens | Meets]]] = {
    Referral.Requested.TOPIC: _requested,
    Referral.Accepted.TOPIC: _meets(Clock.ACKNOWLEDGE),
    Referral.Begun.TOPIC: _meets(Clock.BEGIN),
    Referral.Declined.TOPIC: _meets(*Clock),
    Referral.Completed.TOPIC: _meets(*Clock),
    Referral.Failed.TOPIC: _meets(*Clock),
    Referral.Cancelled.TOPIC: _meets(*Clock),
    Referral.FellSilent.TOPIC: _fell_silent,
}
