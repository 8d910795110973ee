"""A child changes school."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.cases.shown import CaseChanged
from services.gateway.schemas.common import Done, TimelineEvent, anything, choice, identifier, many, number, text, time

STATES = ["offered", "accepted", "declined"]


class ReleaseParts(Schema):
    """Which parts of the case go to which school."""

    to = identifier()
    parts = many(choice(codes.PARTS), least=1, most=100)
    reason = text("Why they go")


class Released(CaseChanged):
    """The case, and the transfer."""

    transfer = identifier()


class DeclineMatter(Schema):
    """Why nothing is taken."""

    reason = text("Why")


class MatterChanged(Done):
    """The matter that a command concerned."""

    matter = identifier()


class ArrivedMatter(Schema):
    """What another school released to this one."""

    matter = identifier()
    school = identifier()
    state = choice(STATES)
    at = time(required=True)


class ArrivedMatters(Schema):
    """All of them, newest first."""

    matters = many(ArrivedMatter)


class Matter(Schema):
    """A matter that came from another school; its content once it was accepted."""

    matter = identifier()
    version = number()
    school = identifier()
    state = choice(STATES)
    parts = many(fields.String())
    content = anything(required=True)
    trail = many(TimelineEvent)
