"""The interagency team of a case."""

from __future__ import annotations

from marshmallow import fields, validate

from services.cases.domain.interagency import Right, SeatEnding
from services.cases.schemas.asked.common import (
    LONGEST_LIST,
    MESSAGES,
    OneCase,
    choice,
    identifier,
    many,
    text,
    time,
)
from services.cases.schemas.asked.teamwork import Decided


class ConveneInteragencyTeam(OneCase):
    """What `convene_interagency_team` takes."""

    reasons = text()
    best_interests = text()


class OfferSeat(OneCase):
    """What `offer_seat` takes; to see the materials is part of every seat."""

    agency = identifier()
    rights = many(choice(Right), required=False)
    ends_at = time(required=False)


class EndSeat(OneCase):
    """What `end_seat` takes."""

    seat = identifier()
    reason = choice(SeatEnding)


class TakeSeat(OneCase):
    """What `take_seat` takes."""


class HoldInteragencyMeeting(OneCase):
    """What `hold_interagency_meeting` takes."""

    held_at = time()
    participants = many(identifier(), least=1)
    discussed = text()
    decisions = many(fields.Nested(Decided, error_messages=MESSAGES), required=False)


class ConfirmInteragencyParticipation(OneCase):
    """What `confirm_interagency_participation` takes."""

    meeting = identifier()
    took_part = fields.Boolean(required=True, error_messages=MESSAGES)


class RecordJointDecision(OneCase):
    """What `record_joint_decision` takes; decisions of a meeting count from 1."""

    meeting = identifier()
    number = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1, max=LONGEST_LIST, error="out_of_range"),
        error_messages=MESSAGES | {"invalid": "not_a_number", "too_large": "out_of_range"},
    )


class GiveInteragencyTask(OneCase):
    """What `give_interagency_task` takes: an agency or a person."""

    what = text()
    due_at = time()
    agency = identifier(required=False, allow_none=True, load_default=None)
    person = identifier(required=False, allow_none=True, load_default=None)


class DoInteragencyTask(OneCase):
    """What `do_interagency_task` takes."""

    task = identifier()
    result = text()


class DropInteragencyTask(OneCase):
    """What `drop_interagency_task` takes."""

    task = identifier()
    reason = text()
