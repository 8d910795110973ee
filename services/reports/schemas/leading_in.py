"""What a school says of its way in."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from services.reports.domain.way_in import Contact as ContactOfSchool
from services.reports.schemas.asked import MESSAGES, Incoming, flag, text_field

LONGEST_LINE = 200
LONGEST_SAID = 1000
MOST_CONTACTS = 20


class Contact(Incoming):
    """Somebody whom children may turn to."""

    name = text_field(longest=LONGEST_LINE, required=True)
    role = text_field(longest=LONGEST_LINE, required=True)
    recognise = text_field(longest=LONGEST_SAID, required=True)
    reach = text_field(longest=LONGEST_SAID, required=True)
    will_do = text_field(longest=LONGEST_SAID, required=True)
    leads_on_safety = flag()

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> ContactOfSchool:
        return ContactOfSchool(**data)


class PublishContacts(Incoming):
    """Whom children may turn to, all of them: the first is shown first."""

    contacts = fields.List(
        fields.Nested(Contact, error_messages=MESSAGES),
        required=True,
        validate=[validate.Length(min=1, error="required"), validate.Length(max=MOST_CONTACTS, error="too_many")],
        error_messages=MESSAGES,
    )
