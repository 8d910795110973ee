"""The rules of the risk group."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from services.monitoring.domain import errors
from services.monitoring.domain.values import PUNISHING, Change, EntryState, LeavingReason, Nature

if TYPE_CHECKING:
    from services.monitoring.domain.group_entry import Categories, GroupEntry


def reasons_are_given(reasons: str) -> None:
    """Whoever decides says why."""
    if not reasons.strip():
        raise errors.ReasonsMissingError


def entry_is_proposed(entry: GroupEntry) -> None:
    """A proposal is decided on once."""
    if entry.state is not EntryState.PROPOSED:
        raise errors.EntryNotProposedError(state=entry.state.value)


def entry_has_not_ended(entry: GroupEntry) -> None:
    """What was left or declined stays so; another entry may follow."""
    if entry.state in (EntryState.LEFT, EntryState.DECLINED):
        raise errors.EntryAlreadyEndedError(state=entry.state.value)


def child_is_in_group(entry: GroupEntry) -> None:
    """Measures and reviews are of children in the group."""
    entry_has_not_ended(entry)
    if entry.state is not EntryState.IN_GROUP:
        raise errors.EntryNotInGroupError(state=entry.state.value)


def category_is_listed(category: str, categories: Categories) -> None:
    """A child is entered under a category that the policy has at that level (SSS-06)."""
    if category not in categories.listed:
        raise errors.CategoryNotListedError(
            level=categories.level.value, categories=sorted(categories.listed), rule=categories.rule
        )


def measure_is_not_a_penalty(nature: Nature) -> None:
    """Interventions are prevention, also for children who hurt others (PLN-07)."""
    if nature in PUNISHING:
        raise errors.MeasureIsAPenaltyError(nature=nature.value)


def measure_is_open(entry: GroupEntry, number: int) -> None:
    """A measure has one result."""
    if not 1 <= number <= entry.measures:
        raise errors.NoSuchMeasureError(measures=entry.measures)
    if number not in entry.open_measures:
        raise errors.MeasureAlreadyDoneError(number=number)


def named_person_exists(entry: GroupEntry, index: int | None) -> None:
    """The one who it turned out to be is one of those named."""
    if index is not None and not 0 <= index < len(entry.named):
        raise errors.NoSuchNamedPersonError(named=len(entry.named))


def person_is_not_walled_off(person: UUID, walled: Collection[UUID]) -> None:
    """Nobody works with a child because of whom, or of whose kin, the child is in the group (REP-02)."""
    if person in walled:
        raise errors.PersonIsWalledOffError


def person_works_with_child(entry: GroupEntry, person: UUID) -> None:
    """Only who was involved is released."""
    if person not in entry.workers:
        raise errors.NotWorkingWithChildError


def change_was_seen(entry: GroupEntry, reason: LeavingReason) -> None:
    """A child leaves for changed behaviour where the last look saw it better, not by assertion (SSS-06)."""
    if reason is LeavingReason.BEHAVIOUR_CHANGED and entry.last_change is not Change.BETTER:
        last = None if entry.last_change is None else entry.last_change.value
        raise errors.ChangeNotSeenError(change=last)
