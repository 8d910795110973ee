"""Identification numbers by their rule, and the marks by which one child is found again."""

from __future__ import annotations

from datetime import date

import pytest

from services.reports.domain.child_marks import Mark, marks_of
from services.reports.domain.iin import birth_date_of, is_an_iin
from services.reports.domain.values import Child

pytestmark = pytest.mark.requirement("REP-09")


def numbers(first: str) -> list[str]:
    """The sound number that begins with eleven digits, among all twelve-digit ones."""
    return [first + str(check) for check in range(10) if is_an_iin(first + str(check))]


class TestAnIin:
    @pytest.mark.parametrize("first", ["14090350001", "99123130001", "08022960002"])
    def test_has_one_check_digit_at_most(self, first: str) -> None:
        assert len(numbers(first)) <= 1

    @pytest.mark.parametrize("first", ["14090350002", "08022960003", "99123130001"])
    def test_has_the_check_digit_of_the_first_weights_or_else_the_second(self, first: str) -> None:
        """The first gives 10 by the first weights, and then 3; the others 9 and 3."""
        sums = [
            sum(weight * int(digit) for weight, digit in zip(weights, first, strict=True)) % 11
            for weights in (range(1, 12), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
        ]
        assert numbers(first) == [first + str(next(check for check in sums if check < 10))]

    @pytest.mark.parametrize(
        "text", ["", "1409035000", "1409035000233", "14090350002a", "١٤٠٩٠٣٥٠٠٠٢٣", "141303500021"]
    )
    def test_is_nothing_else(self, text: str) -> None:
        assert not is_an_iin(text)

    def test_tells_the_birth_date(self) -> None:
        dates = {number: birth_date_of(number) for number in ("140903500010", "991231300019", "080229600022")}
        assert list(dates.values()) == [date(2014, 9, 3), date(1999, 12, 31), date(2008, 2, 29)]
        assert birth_date_of("140903900010") is None
        assert birth_date_of("090229600022") is None


def marks(**child: object) -> dict[str, str]:
    """By one tenant's keys."""
    return dict(marks_of(Child(**child), lambda field: field.encode()))  # type: ignore[arg-type]


class TestTheMarksOfAChild:
    def test_are_the_same_however_the_name_is_written(self) -> None:
        written = ["Ғазиз Һәкімұлы", "һәкімұлы  ғазиз", "Газиз Хакимулы", "ҒАЗИЗ  ҺӘКІМҰЛЫ"]
        found = [marks(name=name, class_name="7 «Ә»") for name in written]
        assert found[0]
        assert all(one == found[0] for one in found)
        assert marks(name="Ғазиз Һәкімұлы", class_name="7ә") == found[0]

    def test_differ_between_names_classes_and_days(self) -> None:
        one = marks(name="Ғазиз Һәкімұлы", class_name="7 «Ә»", birth_date=date(2014, 9, 3))
        for other in (
            {"name": "Ғазиза Һәкімқызы", "class_name": "7 «Ә»", "birth_date": date(2014, 9, 3)},
            {"name": "Ғазиз Һәкімұлы", "class_name": "7 «Б»", "birth_date": date(2014, 9, 4)},
        ):
            assert not set(one.values()) & set(marks(**other).values())

    def test_are_never_of_a_birth_date_or_a_name_alone(self) -> None:
        assert marks(name="Ғазиз") == {}
        assert set(marks(name="Ғазиз", birth_date=date(2014, 9, 3))) == {Mark.NAME_AND_BIRTH_DATE}
        assert marks_of(None, str.encode) == {}

    def test_take_the_birth_date_from_the_number(self) -> None:
        by_day = marks(name="Ғазиз", birth_date=date(2014, 9, 3))
        by_number = marks(name="Ғазиз", iin="140903500010")
        assert by_number.items() > by_day.items()

    def test_are_others_under_other_keys(self) -> None:
        child = Child(name="Ғазиз", class_name="7 «Ә»")
        assert marks_of(child, lambda _: b"1") != marks_of(child, lambda _: b"2")
