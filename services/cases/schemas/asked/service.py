"""The School Safety Service (SSS-01, SSS-02)."""

from __future__ import annotations

from marshmallow import fields

from services.cases.domain.figures import Facet
from services.cases.domain.values import Release, Role
from services.cases.schemas.asked.common import (
    MESSAGES,
    Asked,
    OneCase,
    choice,
    day,
    identifier,
    line,
    many,
    text,
    time,
)
from services.cases.schemas.asked.teamwork import Decided


class SetUpService(Asked):
    """What `set_up_service` takes."""


class AdmitMember(Asked):
    """What `admit_member` takes."""

    person = identifier()
    role = choice(Role)
    since = day()
    skills = text()


class ReleaseMember(Asked):
    """What `release_member` takes."""

    person = identifier()
    role = choice(Role)
    reason = choice(Release)


class RecordPoliceAgreement(Asked):
    """What `record_police_agreement` takes."""

    agreed_on = day()
    agreement = text()
    until = day(required=False)


class RecordTraining(Asked):
    """What `record_training` takes."""

    person = identifier()
    training = line()
    held_on = day()
    held_by = line()
    certificate = identifier(required=False, allow_none=True, load_default=None)


class HoldServiceMeeting(Asked):
    """What `hold_service_meeting` takes."""

    held_at = time()
    participants = many(identifier(), least=1)
    agenda = many(line(), least=1)
    decisions = many(text(), required=False)
    minutes = text()


class ConfirmServiceMeeting(Asked):
    """What `confirm_service_meeting` takes."""

    meeting = identifier()
    took_part = fields.Boolean(required=True, error_messages=MESSAGES)


class CorrectServiceMeeting(Asked):
    """What `correct_service_meeting` takes."""

    meeting = identifier()
    agenda = many(line(), least=1)
    decisions = many(text(), required=False)
    minutes = text()
    reason = text()


class DiscussCaseInService(OneCase):
    """What `discuss_case_in_service` takes."""

    meeting = identifier()
    present = many(identifier(), least=1)
    discussed = text()
    decisions = many(fields.Nested(Decided, error_messages=MESSAGES), required=False)


class ServiceMeetings(Asked):
    """What `service_meetings` takes."""


class Trends(Asked):
    """What `trends` takes; a year by kind, where nothing is said."""

    since = day(required=False)
    until = day(required=False)
    group_by = fields.Enum(Facet, by_value=True, allow_none=True, load_default=None, error_messages=MESSAGES)


class ShowSafetyService(Asked):
    """What `safety_service` takes."""
