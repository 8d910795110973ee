"""What a listener has handled of a source, against what the source's public rows say: pure, over numbers and hashes.

A restored source says with `log_restored.v1` at the beginning of each incarnation which of its earlier numbers hold
(`last_number_kept`); what it had published behind them follows once more under new numbers (`told_again`), since some
listener knows those numbers by other events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A public event of the source, by number and hash of its leaf; `kept` only where it begins an incarnation."""

    number: int
    hash: bytes
    incarnation: UUID
    kept: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stand:
    """How far a listener is: its lane, 0 and None where it has none, and the hash of each number in its inbox."""

    number: int
    incarnation: UUID | None
    handled: Mapping[int, bytes]

    def has(self, one: Told) -> bool:
        """Whether this very event was handled."""
        return self.handled.get(one.number) == one.hash

    def after(self, crossing: Crossing) -> Stand:
        """How it stands once a crossing was made."""
        settled = {one.number: one.hash for one in (*crossing.pending, *crossing.settled)}
        return Stand(
            number=crossing.settled[-1].number,
            incarnation=crossing.settled[-1].incarnation,
            handled={**self.handled, **settled},
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Crossing:
    """A lane's way into an incarnation: what is to be handled before, and the numbers that it is moved past.

    `settled` is the event that begins the incarnation, and behind it those that tell again what was handled here.
    """

    pending: Sequence[Told]
    settled: Sequence[Told]


def holding(told: Sequence[Told]) -> list[Told]:
    """The events that hold, in order: without those whose numbers a restoration gave up."""
    found: list[Told] = []
    for one in told:
        if one.kept is not None:
            found = [before for before in found if before.number <= one.kept]
        found.append(one)
    return found


def next_crossing(told: Sequence[Told], stand: Stand) -> Crossing | None:
    """The next incarnation that the lane can follow the source into; None where there is none."""
    for place, mark in enumerate(told):
        if mark.kept is None or stand.has(mark):
            continue
        crossing = _crossing(told, place, stand)
        if crossing is not None:
            return crossing
    return None


def _crossing(told: Sequence[Told], place: int, stand: Stand) -> Crossing | None:
    mark = told[place]
    before = [one for one in holding(told[:place]) if one.kept is None]
    pending = [one for one in before if one.number <= (mark.kept or 0) and not stand.has(one)]
    given_up = [one for one in before if one.number > (mark.kept or 0)]
    known = [stand.has(one) for one in given_up]
    prefix = known.index(False) if False in known else len(known)
    if not _are_next(pending, stand) or any(known[prefix:]) or mark.number <= stand.number:
        return None
    return Crossing(pending=pending, settled=told[place : place + 1 + prefix])


def _are_next(pending: Sequence[Told], stand: Stand) -> bool:
    """Whether the lane can take these as they come: its next numbers, of its own incarnation."""
    numbers = range(stand.number + 1, stand.number + 1 + len(pending))
    return [one.number for one in pending] == list(numbers) and all(
        stand.incarnation in (None, one.incarnation) for one in pending
    )


def last_number_that_holds(told: Sequence[Told], stands: Sequence[Stand]) -> int:
    """The last of the source's numbers from which each listener can go on; what is behind it must be told again."""
    last = holding(told)[-1].number if told else 0
    return min([last, *(_goes_on_from(told, stand, last) for stand in stands)])


def _goes_on_from(told: Sequence[Told], stand: Stand, last: int) -> int:
    while (crossing := next_crossing(told, stand)) is not None:
        stand = stand.after(crossing)
    events = [one for one in holding(told) if one.kept is None]
    pending = [one for one in events if not stand.has(one)]
    if _are_next(pending, stand):
        return last
    agreed = events[: events.index(pending[0])]
    return agreed[-1].number if agreed else 0


def no_longer_known(told: Sequence[Told], stand: Stand) -> list[int]:
    """The numbers that were handled here since the last crossing and that the source does not know, ascending."""
    says = {one.number: one.hash for one in told}
    since = max((one.number for one in told if one.kept is not None and stand.has(one)), default=0)
    return sorted(number for number, known in stand.handled.items() if number > since and says.get(number) != known)
