"""How long what is there is kept, what is held, and its destruction by two persons."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas.common import Done, flag, identifier, many, text, time

LONGEST = 2_000


class RequestDestruction(Schema):
    """What is to be destroyed."""

    stream = identifier("The case, the report or the note")
    basis = text("The law; needed where its time is not over", required=False, longest=LONGEST)
    reason = text("A word more, without names", required=False, longest=LONGEST)


class HoldMatter(Schema):
    """What is held, or no longer, and why."""

    stream = identifier("The case, the report or the note")
    reason = text(longest=LONGEST)


class DestructionChanged(Done):
    """The destruction that a command concerned."""

    erasure = identifier()


class HoldChanged(Done):
    """The matter whose hold changed."""

    stream = identifier()


class DueForDestruction(Schema):
    """A matter whose time is over."""

    stream = identifier()
    kept_until = time(required=True)
    rule = fields.String(required=True)


class Destruction(Schema):
    """What was asked for, and how far it is; complete once no backup of the keys is left."""

    erasure = identifier()
    stream = identifier()
    state = fields.String(required=True)
    basis = fields.String(required=True)
    before_time = flag(required=True)
    kept_until = time()
    requested_by = fields.String(required=True)
    approved_by = fields.String(allow_none=True)
    complete_at = time()


class Destructions(Schema):
    """What is due, what is held, what was asked for."""

    due = many(DueForDestruction)
    held = many(identifier())
    asked = many(Destruction)
