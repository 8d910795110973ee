"""What must happen next: in one case, or in all that the caller may see (issue: workflow as state)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from services.cases.application import CasesApplication
from services.cases.domain import access
from services.cases.domain.case import Case
from services.cases.domain.next_actions import NextAction, warning_of
from services.cases.domain.next_actions import next_actions as actions_of
from services.cases.queries.lists import open_cases_of
from services.cases.queries.seeing import see_case
from shared.domain import Actor


def next_actions(
    application: CasesApplication, tenant: UUID, by: Actor, *, case: UUID | None = None, mine: bool = False
) -> list[dict[str, Any]]:
    """What must happen next, by when, by whom, under which rule, and which command does it; what falls due first first.

    [{"case", "what", "command", "rule", "owner", "persons", "due_at", "overdue", "about", "codes", "came_up_to"}]; of
    one case, or of all that the caller may see; `mine`: only what the caller answers for. Of a case whose warning the
    caller has not accepted only that it is to be accepted (CON-02). Nothing behind a wall.
    """
    ledger = application.for_tenant(tenant)
    book, now = ledger.book, ledger.now()
    if case is not None:
        cases: Iterator[Case] = iter([see_case(application, ledger, by, case, "next_actions")])
    else:
        cases = open_cases_of(application, tenant, by)
    shown: list[dict[str, Any]] = []
    seen = []
    for one in cases:
        seen.append(one.id)
        open_to_them = [warning_of(by.person)] if _only_the_warning(one, by) else actions_of(one, book, now)
        shown += [{"case": one.id, **action.told(now)} for action in open_to_them if not mine or _is_theirs(action, by)]
    if case is None:
        application.record_read(tenant, by, "next_actions", seen, "need_to_know")
    return sorted(shown, key=lambda one: (one["due_at"] is None, one["due_at"] or now))


def _is_theirs(action: NextAction, by: Actor) -> bool:
    return by.person in action.persons or action.owner.removeprefix("role:") in by.roles


def _only_the_warning(case: Case, by: Actor) -> bool:
    member = case.team.get(by.person) if by.person is not None else None
    return member is not None and access.must_accept(member, by)
