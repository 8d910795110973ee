"""Who works on a case."""

from __future__ import annotations

from marshmallow import fields, validate

from services.cases.domain.values import Adult, Deletion, Ground, Leaving, Role, Telling
from services.cases.schemas.asked.common import (
    LONGEST_LIST,
    MESSAGES,
    Asked,
    OneCase,
    choice,
    identifier,
    many,
    text,
    time,
)


class JoinTeam(OneCase):
    """What `join_team` takes."""

    person = identifier()
    role = choice(Role)


class LeaveTeam(OneCase):
    """What `leave_team` takes."""

    person = identifier()
    reason = choice(Leaving)


class AcceptConfidentialityWarning(OneCase):
    """What `accept_confidentiality_warning` takes."""


class AppointCoordinator(OneCase):
    """What `appoint_coordinator` takes."""

    person = identifier()
    ground = choice(Ground)
    reason = text()


class Decided(Asked):
    """A decision of a meeting, and how it serves the child's best interests (RSK-07)."""

    decision = text()
    best_interests = text()


class Agreement(Asked):
    """Why a meeting agreed that the case closes."""

    reasons = text()
    best_interests = text()


class HoldMeeting(OneCase):
    """What `hold_meeting` takes."""

    held_at = time()
    participants = many(identifier(), least=1)
    discussed = text()
    decisions = many(fields.Nested(Decided, error_messages=MESSAGES), required=False)
    closing = fields.Nested(Agreement, allow_none=True, load_default=None, error_messages=MESSAGES)


class ConfirmParticipation(OneCase):
    """What `confirm_participation` takes."""

    meeting = identifier()
    took_part = fields.Boolean(required=True, error_messages=MESSAGES)


class RecordDecision(OneCase):
    """What `record_decision` takes; decisions of a meeting count from 1."""

    meeting = identifier()
    number = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1, max=LONGEST_LIST, error="out_of_range"),
        error_messages=MESSAGES | {"invalid": "not_a_number", "too_large": "out_of_range"},
    )


class HandOverMaterial(OneCase):
    """What `hand_over_material` takes; each place is asked for."""

    to = identifier()
    material = text()
    computer = choice(Deletion)
    recycle_bin = choice(Deletion)
    email = choice(Deletion)


class DecideOnOffender(OneCase):
    """What `decide_on_offender` takes."""

    adult = choice(Adult)
    telling = choice(Telling)
    told_when = text()
    told_of_the_process = text()
    work_protected = text()
    private_life_protected = text()
    considered = text()
    best_interests = text()
    meeting = identifier()
