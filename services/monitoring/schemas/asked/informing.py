"""What callers ask about informing, training and guests."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load

from services.monitoring.domain import values
from services.monitoring.schemas.asked.common import (
    LONGEST_NAME,
    MESSAGES,
    UNKNOWN_FIELD,
    Incoming,
    choice_field,
    day_field,
    id_field,
    many,
    number_field,
    some,
    text_field,
)

MOST_PEOPLE = 100_000
LONGEST_MINUTES = 100_000


class Coverage(Schema):
    """How many of an audience."""

    error_messages = UNKNOWN_FIELD
    audience = choice_field(values.Audience, required=True)
    reached = number_field(least=0, most=MOST_PEOPLE)
    out_of = number_field(least=0, most=MOST_PEOPLE)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> values.Coverage:
        return values.Coverage(**data)


class PlanCampaign(Incoming):
    """Who is told what, in which way, when."""

    title = text_field(longest=LONGEST_NAME, required=True)
    audiences = some(choice_field(values.Audience))
    topics = some(choice_field(values.Topic))
    means = choice_field(values.Means, required=True)
    starts_on = day_field()
    ends_on = day_field()


class OfOneCampaign(Incoming):
    """Anything about one campaign."""

    campaign = id_field()


class HoldCampaign(OfOneCampaign):
    """When."""

    held_on = day_field()
    note = text_field(load_default="")


class RecordCoverage(OfOneCampaign):
    """How many of an audience."""

    audience = choice_field(values.Audience, required=True)
    reached = number_field(least=0, most=MOST_PEOPLE)
    out_of = number_field(least=0, most=MOST_PEOPLE)


class CallOffCampaign(OfOneCampaign):
    """Why."""

    reasons = text_field(required=True)


class RecordStaffTraining(Incoming):
    """What was held, for how long, and who was there."""

    title = text_field(longest=LONGEST_NAME, required=True)
    topics = some(choice_field(values.Topic))
    held_on = day_field()
    minutes = number_field(least=1, most=LONGEST_MINUTES)
    count = number_field(least=0, most=MOST_PEOPLE)
    attended = many(id_field())
    held_by = many(id_field())


class OfOneTraining(Incoming):
    """Anything about one training."""

    training = id_field()


class CorrectAttendance(OfOneTraining):
    """Who was there."""

    count = number_field(least=0, most=MOST_PEOPLE)
    attended = many(id_field())
    reasons = text_field(required=True)


class InviteGuest(Incoming):
    """Who, from where, for what and whom."""

    guest = choice_field(values.Guest, required=True)
    name = text_field(longest=LONGEST_NAME, required=True)
    organisation = text_field(longest=LONGEST_NAME, required=True)
    purpose = choice_field(values.Purpose, required=True)
    audiences = some(choice_field(values.Audience))
    topics = some(choice_field(values.Topic))
    invited_for = day_field()


class OfOneInvitation(Incoming):
    """Anything about one invitation."""

    invitation = id_field()


class RecordVisit(OfOneInvitation):
    """What was given, to how many."""

    came_on = day_field()
    given = text_field(required=True)
    minutes = number_field(least=1, most=LONGEST_MINUTES)
    coverage = some(fields.Nested(Coverage, error_messages=MESSAGES))


class RecordDecline(OfOneInvitation):
    """Why not."""

    reason = choice_field(values.DeclineReason, required=True)
    note = text_field(load_default="")


class OfASchoolYear(Incoming):
    """Of which school year; the present one where left out."""

    school_year = number_field(least=2000, most=2999, required=False)


class Nothing(Incoming):
    """A question without details."""
