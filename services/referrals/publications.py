"""Which stored events leave, and in which public form: ids and codes only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.referrals.domain.referral import Referral
from shared.ladder import climb_body, climb_ended_body
from shared.policy import PublicForm


def _about(event: Any, **more: Any) -> dict[str, Any]:
    return {"referral": str(event.originator_id), "case": str(event.case), "agency": str(event.agency), **more}


def _drafted(event: Referral.Drafted) -> PublicForm:
    return PublicForm(type="referrals.referral_drafted.v1", body=_about(event))


def _requested(event: Referral.Requested) -> PublicForm:
    times = {name: getattr(event, name).isoformat() for name in ("acknowledge_by", "begin_by", "report_back_by")}
    return PublicForm(type="referrals.referral_requested.v1", body=_about(event, **times))


def _delivered(event: Referral.Delivered) -> PublicForm:
    body = _about(event, delivered_at=event.timestamp.isoformat(), purpose=event.purpose)
    return PublicForm(type="referrals.referral_delivered.v1", body=body)


def _accepted(event: Referral.Accepted) -> PublicForm:
    return PublicForm(type="referrals.referral_accepted.v1", body=_about(event))


def _declined(event: Referral.Declined) -> PublicForm:
    return PublicForm(type="referrals.referral_declined.v1", body=_about(event, reason=event.reason, state="rejected"))


def _begun(event: Referral.Begun) -> PublicForm:
    return PublicForm(type="referrals.referral_begun.v1", body=_about(event))


def _completed(event: Referral.Completed) -> PublicForm:
    return PublicForm(type="referrals.referral_completed.v1", body=_about(event, outcome=event.outcome))


def _failed(event: Referral.Failed) -> PublicForm:
    """For whoever waits for help it is the same whether the agency would not or could not (REF-07); `state` tells."""
    return PublicForm(type="referrals.referral_declined.v1", body=_about(event, reason=event.reason, state="failed"))


def _cancelled(event: Referral.Cancelled) -> PublicForm:
    return PublicForm(type="referrals.referral_cancelled.v1", body=_about(event))


def _fell_silent(event: Referral.FellSilent | Referral.LinkExpired) -> PublicForm:
    return PublicForm(type="referrals.referral_fell_silent.v1", body=_about(event, clock=event.clock))


def _climbed(event: Referral.SilenceClimbed) -> PublicForm | None:
    """Only what came up to the department, where it is known which."""
    if event.department is None:
        return None
    return PublicForm(type="referrals.deadline_climbed.v1", body=_plain(climb_body(event)))


def _climb_ended(event: Referral.ClimbEnded) -> PublicForm | None:
    if event.department is None:
        return None
    return PublicForm(type="referrals.climb_ended.v1", body=_plain(climb_ended_body(event)))


def _plain(body: Mapping[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, UUID) else value

    return {name: plain(value) for name, value in body.items()}


PUBLICATIONS: Mapping[str, Callable[[Any], PublicForm | None]] = {
    Referral.Drafted.TOPIC: _drafted,
    Referral.Requested.TOPIC: _requested,
    Referral.Delivered.TOPIC: _delivered,
    Referral.Accepted.TOPIC: _accepted,
    Referral.Declined.TOPIC: _declined,
    Referral.Begun.TOPIC: _begun,
    Referral.Completed.TOPIC: _completed,
    Referral.Failed.TOPIC: _failed,
    Referral.Cancelled.TOPIC: _cancelled,
    Referral.FellSilent.TOPIC: _fell_silent,
    Referral.LinkExpired.TOPIC: _fell_silent,
    Referral.SilenceClimbed.TOPIC: _climbed,
    Referral.ClimbEnded.TOPIC: _climb_ended,
}
