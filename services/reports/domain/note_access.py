"""Who may see and consider notes of signs: those of the service whom the regulation names, never who is named in it."""

from __future__ import annotations

from collections.abc import Collection

from services.reports.domain.access import AUDIT_PURPOSE, STAFF_WHO_FILE, Decision
from services.reports.domain.sign_note import SignNote
from services.reports.domain.values import Role
from shared.domain import Actor

BEHIND_A_WALL = Decision(allowed=False, rule="reports.walled_off", hidden=True)


def may_note(by: Actor) -> Decision:
    """Staff note signs (REP-09)."""
    if by.roles & STAFF_WHO_FILE:
        return Decision(allowed=True, rule="reports.staff_note_signs")
    return Decision(allowed=False, rule="reports.need_to_know.note_sign")


def may_see(note: SignNote, by: Actor, readers: Collection[str], *, hidden: bool) -> Decision:
    """The service, whoever noted it, the department where it is about one of the school, auditors (CON-01, REP-02).

    `hidden` is what the reports say of `by` that were filed because of it: their walls hold, those of later as well.
    """
    if hidden or _is_walled_off(note, by):
        return BEHIND_A_WALL
    if note.noted_by == by.id:
        return Decision(allowed=True, rule="reports.noted_by_them")
    if Role.AUDITOR in by.roles and by.purpose.startswith(AUDIT_PURPOSE):
        return Decision(allowed=True, rule="reports.auditor_in_an_engagement")
    return _reads(note, by, readers, act="see_sign_note")


def may_consider(note: SignNote, by: Actor, readers: Collection[str], *, hidden: bool) -> Decision:
    """The service and, where the note is about one of the school, the department."""
    if hidden or _is_walled_off(note, by):
        return BEHIND_A_WALL
    return _reads(note, by, readers, act="consider_sign_note")


def _reads(note: SignNote, by: Actor, readers: Collection[str], *, act: str) -> Decision:
    if by.roles & set(readers):
        return Decision(allowed=True, rule="reports.sign_note_readers")
    if Role.SAFEGUARDING_LEAD in by.roles and note.complains_of_the_service:
        return Decision(allowed=True, rule="reports.safeguarding_lead")
    return Decision(allowed=False, rule=f"reports.need_to_know.{act}")


def _is_walled_off(note: SignNote, by: Actor) -> bool:
    return by.person in note.walled or bool(by.roles & note.walled_roles)
