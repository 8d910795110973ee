"""The end of a case, and the questions."""

from __future__ import annotations

from marshmallow import fields

from services.cases.domain.values import Duty
from services.cases.schemas.asked.common import MESSAGES, Asked, OneCase, choice, identifier, text


class CloseCase(OneCase):
    """What `close_case` takes."""

    meeting = identifier()


class ReopenCase(OneCase):
    """What `reopen_case` takes."""

    reason = text()
    report = identifier(required=False, allow_none=True, load_default=None)


class CaseTimeline(OneCase):
    """What `case_timeline` takes."""


class RegisterOfCases(Asked):
    """What `register_of_cases` takes; of one school year (the year it began in), or of all."""

    register_year = fields.Integer(load_default=None, allow_none=True, strict=True, error_messages=MESSAGES)


class MyCases(Asked):
    """What `my_cases` takes."""


class WaiveDuty(OneCase):
    """What `waive_duty` takes."""

    duty = choice(Duty)
    reason = text()
    best_interests = text()


class ComeUp(Asked):
    """What `come_up_to_me` and `come_up_to_department` take."""


class NextActions(Asked):
    """What `next_actions` takes; of one case, or of all that the caller may see; all, or what is theirs to do."""

    case = identifier(required=False, allow_none=True, load_default=None)
    mine = fields.Boolean(load_default=False, error_messages=MESSAGES)
