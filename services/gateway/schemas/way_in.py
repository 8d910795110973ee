"""A school's way in."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.common import Done, choice, flag, line, many, number, text

LONGEST_LINE = 200
LONGEST_SAID = 1000


class Contact(Schema):
    """Somebody whom children may turn to, in words that a child reads; exactly one leads on pupils' safety."""

    name = line(longest=LONGEST_LINE)
    role = line("As children call it", longest=LONGEST_LINE)
    recognise = text("How to recognise the person", longest=LONGEST_SAID)
    reach = text("Where and when to find the person", longest=LONGEST_SAID)
    will_do = text("What the person will do", longest=LONGEST_SAID)
    leads_on_safety = flag()


class PublishContacts(Schema):
    """Whom children may turn to, all of them: the first is shown first."""

    contacts = many(Contact, least=1, most=20)


class ContactsPublished(Done):
    """How many were published."""

    contacts = number(required=True)
    version = number("Of the way in", required=True)


class WayIn(Schema):
    """What anybody may read before telling something."""

    contacts = many(Contact)
    told = many(choice(codes.ROLES_IN_REPORTS), "Whom a report reaches at once")
    helplines = many(fields.String(), "Numbers of a child helpline")
    emergency = many(fields.String(), "Numbers for immediate danger")
    way_out = fields.String(required=True, metadata={"description": "A neutral page"})
    rules = many(fields.String(), "The policy applied")
