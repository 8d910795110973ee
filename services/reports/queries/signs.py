"""Signs that staff noted: those about one child together, and only those that the caller may see (REP-09)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true

from services.reports.application import ReportsApplication
from services.reports.application.walls import kept_from_note
from services.reports.domain.access import AUDIT_PURPOSE, STAFF_WHO_FILE
from services.reports.domain.sign_note import SignNote
from services.reports.domain.values import Role
from services.reports.queries.lists import in_utc
from services.reports.read_models import child_marks, sign_notes
from shared.domain import Actor, NotPermittedError
from shared.ledger.application import TenantLedger

MOST_ROWS = 500


def list_sign_notes(application: ReportsApplication, tenant: UUID, by: Actor) -> list[dict[str, Any]]:
    """Notes that the caller may see, those about one child together, most noted children first.

    [{"count", "last_noted_at", "notes": [{"note", "method", "noted_by", "noted_at", "consider_by", "outcome"}]}]
    """
    ledger = application.for_tenant(tenant)
    readers = application.note_readers(ledger)
    rows, marks = visible_notes(application, tenant, by, readers)
    if not rows and not by.roles & (STAFF_WHO_FILE | {Role.AUDITOR}):
        rule = "reports.need_to_know.see_sign_note"
        application.record_read(tenant, by, "sign_notes", [], rule, allowed=False)
        raise NotPermittedError(rule=rule)
    application.record_read(tenant, by, "sign_notes", list(rows), "reports.list_of_the_permitted")
    groups = [[rows[note] for note in group] for group in _of_one_child(list(rows), marks)]
    told = [{"count": len(notes), "last_noted_at": notes[-1]["noted_at"], "notes": notes} for notes in groups]
    return sorted(told, key=lambda group: (-group["count"], group["last_noted_at"]))


def show_sign_note(application: ReportsApplication, tenant: UUID, by: Actor, *, note: UUID) -> dict[str, Any]:
    """A note in full, with those about the same child that the caller may see.

    {"note", "version", "method", "sign", "child", "kinds", "place", "noticed_at", "accused", "noted_by", "noted_at",
    "consider_by", "rule", "considered": [{"at", "by", "outcome", "reasons", "report"}], "same_child": [as these]}
    """
    ledger = application.for_tenant(tenant)
    readers = application.note_readers(ledger)
    found = application.sign_note(ledger, note, by)
    decision = application.may_see_note(ledger, found, by)
    if not decision.allowed:
        application.deny(decision, tenant, by, [note])
    rows, marks = visible_notes(application, tenant, by, readers)
    together = next((group for group in _of_one_child(list(rows), marks) if note in group), [note])
    others = [one for one in (ledger.find(SignNote, other) for other in together if other != note) if one]
    others = [one for one in others if application.may_see_note(ledger, one, by).allowed]
    application.record_read(tenant, by, "sign_note", [note, *(one.id for one in others)], decision.rule)
    return _in_full(ledger, found) | {"same_child": [_in_full(ledger, one) for one in others]}


def _in_full(ledger: TenantLedger, note: SignNote) -> dict[str, Any]:
    first, *later = (event for _, event in ledger.events(note.id))
    named = ("method", "sign", "child", "kinds", "place", "noticed_at", "accused", "consider_by", "rule")
    return {
        "note": note.id,
        "version": note.version,
        **{name: getattr(first, name) for name in named},
        "noted_by": first.actor,
        "noted_at": first.timestamp,
        "considered": [
            {
                "at": event.timestamp,
                "by": event.actor,
                "outcome": event.outcome,
                "reasons": event.reasons,
                "report": event.report,
            }
            for event in later
            if isinstance(event, SignNote.Considered)
        ],
    }


def visible_notes(
    application: ReportsApplication, tenant: UUID, by: Actor, readers: frozenset[str]
) -> tuple[dict[UUID, dict[str, Any]], Sequence[tuple[UUID, str]]]:
    """Rows by note, oldest first, and (note, mark) of all of them; the same grounds as in `note_access`."""
    columns = [
        getattr(sign_notes.c, name) for name in ("note", "method", "noted_by", "noted_at", "consider_by", "outcome")
    ]
    grounds, walled = or_(false(), *_grounds(by, readers)), kept_from_note(tenant, sign_notes.c.note, by)
    chosen = select(*columns).where(sign_notes.c.tenant == tenant, grounds, ~walled)
    marked = select(child_marks.c.subject, child_marks.c.mark).where(child_marks.c.tenant == tenant)
    with application.read(tenant) as connection:
        ordered = chosen.order_by(sign_notes.c.noted_at, sign_notes.c.note).limit(MOST_ROWS)
        rows = {row["note"]: in_utc(dict(row)) for row in connection.execute(ordered).mappings()}
        marks = [(subject, mark) for subject, mark in connection.execute(marked) if subject in rows] if rows else []
    return rows, marks


def _grounds(by: Actor, readers: frozenset[str]) -> list[ColumnElement[bool]]:
    grounds: list[ColumnElement[bool]] = [sign_notes.c.noted_by == by.id]
    if by.roles & readers or (Role.AUDITOR in by.roles and by.purpose.startswith(AUDIT_PURPOSE)):
        grounds.append(true())
    if Role.SAFEGUARDING_LEAD in by.roles:
        grounds.append(sign_notes.c.about_the_service)
    return grounds


def _of_one_child(notes: Sequence[UUID], marks: Sequence[tuple[UUID, str]]) -> list[list[UUID]]:
    """The notes in groups that share a mark, directly or by another one; each in the order of `notes`."""
    leads: dict[Any, Any] = {}

    def root(one: Any) -> Any:
        while leads.get(one, one) != one:
            one = leads[one]
        return one

    for note, mark in marks:
        leads[root(note)] = root(mark)
    groups: dict[Any, list[UUID]] = {}
    for note in notes:
        groups.setdefault(root(note), []).append(note)
    return list(groups.values())
