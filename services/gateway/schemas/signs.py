"""Signs that staff noticed: notes, and what comes of them."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.common import Done, choice, identifier, many, number, text, time
from services.gateway.schemas.reports import MOST, Accused, Child, FoundNote


class NoteSign(Schema):
    """A sign, the method by which it was noticed, and the child. It is no report, and in place of none."""

    method = choice(codes.METHODS)
    sign = text("What was noticed")
    child = fields.Nested(Child, allow_none=True)
    kinds = many(choice(codes.KINDS), required=False, most=MOST)
    place = choice(codes.PLACES, required=False)
    noticed_at = time()
    accused = many(Accused, "Who is named in it sees nothing of it", required=False, most=MOST)


class ConsiderSignNote(Schema):
    """What comes of it; `report` where that is what was filed."""

    outcome = choice(codes.NOTE_OUTCOMES)
    reasons = text()
    report = identifier(required=False)


class NoteChanged(Done):
    """Which note it is."""

    note = identifier()


class NotesOfAChild(Schema):
    """Notes about one child, as far as that can be told, oldest first."""

    count = number(required=True)
    last_noted_at = time(required=True)
    notes = many(FoundNote)


class SignNotes(Schema):
    """Children of whom signs were noted, the most noted first."""

    children = many(NotesOfAChild)


class Consideration(Schema):
    """What came of a note."""

    at = time(required=True)
    by = fields.String(required=True)
    outcome = choice(codes.NOTE_OUTCOMES)
    reasons = text()
    report = identifier(required=False)


class OneSignNote(NoteSign):
    """A note in full."""

    note = identifier()
    version = number(required=True)
    noted_by = fields.String(required=True)
    noted_at = time(required=True)
    consider_by = time(required=True)
    rule = fields.String(required=True)
    considered = many(Consideration)


class SignNote(OneSignNote):
    """A note, with those about the same child."""

    same_child = many(OneSignNote)
