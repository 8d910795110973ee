"""What a listener and a restored source still have in common, in small histories."""

from __future__ import annotations

from uuid import UUID

from shared.messaging.agreement import (
    Stand,
    Told,
    holding,
    last_number_that_holds,
    next_crossing,
    no_longer_known,
)

FIRST, SECOND, THIRD, GONE = (UUID(int=number) for number in (1, 2, 3, 9))
G1, G2 = 1 << 32, 2 << 32


def told(number: int, name: str, incarnation: UUID = FIRST) -> Told:
    return Told(number=number, hash=name.encode(), incarnation=incarnation)


def mark(number: int, kept: int, incarnation: UUID) -> Told:
    return Told(number=number, hash=f"mark {incarnation}".encode(), incarnation=incarnation, kept=kept)


def stand(number: int, incarnation: UUID | None, *names: str) -> Stand:
    """Handled are the events of those names under 1, 2, 3 and so on."""
    handled = {place: name.encode() for place, name in enumerate(names, 1)}
    return Stand(number=number, incarnation=incarnation, handled=handled)


AB = [told(1, "a"), told(2, "b")]


class TestWhatHolds:
    def test_is_all_where_a_listener_is_only_behind(self) -> None:
        assert last_number_that_holds(AB, [stand(1, FIRST, "a"), stand(0, None)]) == 2

    def test_is_all_where_a_listener_knows_more(self) -> None:
        assert last_number_that_holds(AB, [stand(4, FIRST, "a", "b", "c", "d")]) == 2

    def test_ends_before_the_number_that_a_listener_knows_otherwise(self) -> None:
        """The service ran on the older copy before anybody noticed."""
        source = [*AB, told(3, "x"), told(4, "y")]
        assert last_number_that_holds(source, [stand(3, FIRST, "a", "b", "c")]) == 2
        assert (
            last_number_that_holds(source, [stand(3, FIRST, "a", "b", "c"), stand(4, FIRST, "a", "b", "x", "y")]) == 2
        )

    def test_ends_at_what_was_handled_by_a_listener_that_left_for_an_incarnation_that_is_lost(self) -> None:
        """A better copy was found after a first restoration: it has an event that the listener was led past."""
        left = Stand(number=G1 + 1, incarnation=GONE, handled={1: b"a", 2: b"b", G1 + 1: b"gone"})
        assert last_number_that_holds([*AB, told(3, "c")], [left]) == 2

    def test_is_nothing_of_an_empty_log(self) -> None:
        assert last_number_that_holds([], [stand(2, FIRST, "a", "b")]) == 0

    def test_leaves_out_what_was_given_up(self) -> None:
        source = [*AB, told(3, "x"), mark(G1 + 1, 2, SECOND), told(G1 + 2, "x again", SECOND)]
        assert [one.hash for one in holding(source)] == [b"a", b"b", b"mark " + str(SECOND).encode(), b"x again"]


class TestCrossing:
    def test_handles_what_was_kept_first(self) -> None:
        crossing = next_crossing([*AB, mark(G1 + 1, 2, SECOND)], stand(1, FIRST, "a"))
        assert crossing is not None
        assert ([one.number for one in crossing.pending], [one.number for one in crossing.settled]) == ([2], [G1 + 1])

    def test_goes_past_what_is_told_again_and_was_handled(self) -> None:
        """One listener knows another event under 3, another one has handled this one: each goes on behind it."""
        source = [*AB, told(3, "x"), told(4, "y"), mark(G1 + 1, 2, SECOND)]
        source += [told(G1 + 2, "x again", SECOND), told(G1 + 3, "y again", SECOND)]
        otherwise = next_crossing(source, stand(3, FIRST, "a", "b", "c"))
        alike = next_crossing(source, stand(3, FIRST, "a", "b", "x"))
        assert otherwise is not None
        assert alike is not None
        assert [one.number for one in otherwise.settled] == [G1 + 1]
        assert [one.number for one in alike.settled] == [G1 + 1, G1 + 2]

    def test_is_none_where_the_lane_follows_already(self) -> None:
        source = [*AB, mark(G1 + 1, 2, SECOND)]
        begun = next_crossing(source, stand(2, FIRST, "a", "b"))
        assert begun is not None
        assert next_crossing(source, stand(2, FIRST, "a", "b").after(begun)) is None

    def test_is_none_where_the_restoration_knew_nothing_of_this_listener(self) -> None:
        """Events that were kept can't be handled under numbers that are taken."""
        source = [*AB, told(3, "x"), mark(G1 + 1, 3, SECOND)]
        assert next_crossing(source, stand(3, FIRST, "a", "b", "c")) is None

    def test_leads_through_one_restoration_after_the_other(self) -> None:
        source = [*AB, mark(G1 + 1, 2, SECOND), told(G1 + 2, "c", SECOND), mark(G2 + 1, G1 + 2, THIRD)]
        at = stand(1, FIRST, "a")
        ways = []
        while (crossing := next_crossing(source, at)) is not None:
            ways.append(([one.number for one in crossing.pending], crossing.settled[-1].number))
            at = at.after(crossing)
        assert ways == [([2], G1 + 1), ([G1 + 2], G2 + 1)]
        assert (at.number, at.incarnation) == (G2 + 1, THIRD)

    def test_leads_out_of_an_incarnation_that_is_lost_itself(self) -> None:
        left = Stand(number=G1 + 1, incarnation=GONE, handled={1: b"a", 2: b"b", G1 + 1: b"gone"})
        crossing = next_crossing([*AB, mark(G2 + 1, 2, THIRD)], left)
        assert crossing is not None
        assert [one.number for one in crossing.settled] == [G2 + 1]

    def test_is_none_into_numbers_that_were_given_before(self) -> None:
        left = Stand(number=G1 + 5, incarnation=GONE, handled={1: b"a", 2: b"b"})
        assert next_crossing([*AB, mark(G1 + 1, 2, SECOND)], left) is None


class TestWhatIsNoLongerKnown:
    def test_names_numbers_that_are_gone_or_another_event_now(self) -> None:
        source = [*AB, told(3, "x"), mark(G1 + 1, 2, SECOND)]
        assert no_longer_known(source, stand(4, FIRST, "a", "b", "c", "d")) == [3, 4]
        assert no_longer_known(source, stand(3, FIRST, "a", "b", "x")) == []
