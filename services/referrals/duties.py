"""What an agency owes by when, and what ends each of its three clocks (REF-03, REF-07)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.referrals.domain import link
from services.referrals.domain.link import Link
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import DUTY_OF_CLOCK, Clock
from shared.duties import Change, Meets, Opens, climbed

OWNER = "role:coordinator"
"""The agency owes; the case's coordinator is the one who has to see that it does."""


def _requested(event: Referral.Requested) -> Sequence[Change]:
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


def _meets(*clocks: Clock) -> Callable[[Any], Sequence[Change]]:
    def met(event: Any) -> Sequence[Change]:
        return [Meets(duty=DUTY_OF_CLOCK[clock], stream=event.originator_id) for clock in clocks]

    return met


def _link_issued(event: Link.Issued) -> Sequence[Change]:
    opens = Opens(duty=link.DUTY, stream=event.originator_id, due_at=event.expires_at, owner=OWNER, rule=event.rule)
    return [opens]


def _link_closed(event: Link.Answered | Link.Revoked | Link.Expired) -> Sequence[Change]:
    """Once answered, the link's end is nobody's silence: the referral's own clocks run on."""
    return [Meets(duty=link.DUTY, stream=event.originator_id)]


def _silent(event: Referral.FellSilent | Referral.SilenceClimbed) -> Sequence[Change]:
    """One rung has been told; the next falls due as long as the agency is silent."""
    return climbed(event, DUTY_OF_CLOCK[Clock(event.clock)], event.rule, OWNER)


def _silence_left(event: Referral.SilenceLeft) -> Sequence[Change]:
    return [Meets(duty=DUTY_OF_CLOCK[Clock(event.clock)], stream=event.originator_id)]


DUTIES: Mapping[str, Callable[[Any], Sequence[Change]]] = {
    Referral.Requested.TOPIC: _requested,
    Referral.Accepted.TOPIC: _meets(Clock.ACKNOWLEDGE),
    Referral.Begun.TOPIC: _meets(Clock.BEGIN),
    Referral.Declined.TOPIC: _meets(*Clock),
    Referral.Completed.TOPIC: _meets(*Clock),
    Referral.Failed.TOPIC: _meets(*Clock),
    Referral.Cancelled.TOPIC: _meets(*Clock),
    Link.Issued.TOPIC: _link_issued,
    Link.Answered.TOPIC: _link_closed,
    Link.Revoked.TOPIC: _link_closed,
    Link.Expired.TOPIC: _link_closed,
    Referral.FellSilent.TOPIC: _silent,
    Referral.SilenceClimbed.TOPIC: _silent,
    Referral.SilenceLeft.TOPIC: _silence_left,
}
