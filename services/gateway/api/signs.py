"""Routes of signs that staff noticed."""

from __future__ import annotations

from services.gateway.api.routes import command, question
from services.gateway.schemas import signs as schemas

ONE = "/sign-notes/{note}"

ROUTES = (
    command(
        "/sign-notes",
        "reports.note_sign",
        "Note a sign, and how it was noticed; who suspects violence reports it as well",
        schemas.NoteSign,
        answer=schemas.NoteChanged,
        creates=ONE,
    ),
    question(
        "/sign-notes",
        "reports.list_sign_notes",
        "Signs, those of one child together",
        schemas.SignNotes,
        items="children",
    ),
    question(ONE, "reports.show_sign_note", "One sign, with those of the same child", schemas.SignNote),
    command(
        f"{ONE}/consideration",
        "reports.consider_sign_note",
        "Say what comes of a sign",
        schemas.ConsiderSignNote,
        answer=schemas.NoteChanged,
    ),
)
