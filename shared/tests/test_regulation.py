"""Regulations: what holds on a day, and the deadlines that follow, both sides of each border."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from shared.regulation import ALMATY, Calendar, NoRuleInForceError, Override, RegulationError, RuleBook

TEXT = """
house.informing:
  {unit: hours, source: a page, values: [{since: 2026-01-01, value: 24}, {since: 2026-09-01, value: 12}]}
house.alarm: {title: Alarm, unit: minutes, source: a page, values: [{since: 2026-01-01, value: 15}]}
house.first_action: {title: First action, unit: working_hours, source: a page, values: [{since: 2026-01-01, value: 8}]}
house.today: {title: Today, unit: days, source: a page, values: [{since: 2026-01-01, value: 0}]}
house.reassessment: {title: Again, unit: days, source: a page, values: [{since: 2026-01-01, value: 30}]}
house.assessment: {title: Assessment, unit: working_days, source: a page, values: [{since: 2026-01-01, value: 5}]}
house.participants: {title: Participants, unit: count, source: a page, values: [{since: 2026-01-01, value: 3}]}
house.kinds: {title: Kinds, unit: list, source: a page, values: [{since: 2026-01-01, value: [physical, sexual]}]}
"""


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    """The rules of TEXT."""
    (tmp_path / "house.yaml").write_text(TEXT)
    return RuleBook.load(tmp_path)


def almaty(text: str) -> datetime:
    """A moment by Almaty's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ALMATY)


class TestTheRuleInForce:
    def test_is_the_last_that_began_by_that_day(self, book: RuleBook) -> None:
        """The day before a new value the old one holds, on its day the new one."""
        assert book.in_force("house.informing", date(2026, 8, 31)).value == 24
        assert book.in_force("house.informing", date(2026, 9, 1)).value == 12
        assert book.in_force("house.informing", date(2026, 9, 1)).version == "house.informing@2026-09-01"

    def test_is_refused_before_the_first_and_for_an_unknown_key(self, book: RuleBook) -> None:
        """Nothing applies by default."""
        with pytest.raises(NoRuleInForceError):
            book.in_force("house.informing", date(2025, 12, 31))
        with pytest.raises(NoRuleInForceError):
            book.in_force("house.unknown", date(2026, 1, 1))

    def test_goes_by_the_day_in_almaty(self, book: RuleBook) -> None:
        """19:00 UTC on 31 August is midnight of 1 September in Almaty."""
        assert book.at("house.informing", datetime(2026, 8, 31, 18, 59, tzinfo=UTC)).value == 24
        assert book.at("house.informing", datetime(2026, 8, 31, 19, 0, tzinfo=UTC)).value == 12

    def test_of_a_list_is_a_tuple_of_codes(self, book: RuleBook) -> None:
        """In the order of the file."""
        assert book.in_force("house.kinds", date(2026, 1, 1)).value == ("physical", "sexual")


@pytest.mark.parametrize(
    ("key", "start", "due"),
    [
        ("house.alarm", "2026-03-06 17:50", "2026-03-06 18:05"),
        ("house.informing", "2026-03-06 17:50", "2026-03-07 17:50"),
        ("house.today", "2026-03-07 23:59", "2026-03-08 00:00"),
        ("house.reassessment", "2026-04-01 10:00", "2026-05-02 00:00"),
        ("house.assessment", "2026-04-06 09:00", "2026-04-14 00:00"),  # Monday -> the next Monday, to its end
        ("house.assessment", "2026-04-10 19:00", "2026-04-18 00:00"),  # Friday evening -> the next Friday
        ("house.assessment", "2026-03-06 09:00", "2026-03-17 00:00"),  # over Women's Day and its day off on 9 March
        ("house.first_action", "2026-04-06 09:00", "2026-04-06 18:00"),
        ("house.first_action", "2026-04-06 09:01", "2026-04-07 09:01"),
        ("house.first_action", "2026-04-06 13:30", "2026-04-07 13:00"),  # within the lunch hour
        ("house.first_action", "2026-04-10 18:00", "2026-04-13 18:00"),  # Friday's close -> Monday's
        ("house.first_action", "2026-04-11 12:00", "2026-04-13 18:00"),  # on a Saturday
    ],
)
def test_a_deadline_falls_where_the_unit_says(book: RuleBook, key: str, start: str, due: str) -> None:
    """Hours run on, days to their end, working time past weekends, holidays and the lunch hour."""
    deadline = book.deadline(key, almaty(start))
    assert deadline.due_at.astimezone(ALMATY) == almaty(due)
    assert deadline.due_at.tzinfo is UTC
    assert deadline.rule == f"{key}@2026-01-01"


def test_a_departments_own_table_lies_over_the_countrys(tmp_path: Path) -> None:
    """A quarantine day does not count; a Saturday that is worked does."""
    (tmp_path / "house.yaml").write_text(TEXT)
    calendar = Calendar(days_off=frozenset({date(2026, 4, 7)}), days_worked=frozenset({date(2026, 4, 11)}))
    book = RuleBook.load(tmp_path, calendar)
    assert book.deadline("house.assessment", almaty("2026-04-06 09:00")).due_at == almaty("2026-04-14 00:00")
    assert book.deadline("house.assessment", almaty("2026-04-07 09:00")).due_at == almaty("2026-04-14 00:00")


def test_a_count_gives_no_deadline(book: RuleBook) -> None:
    """How many is not when."""
    with pytest.raises(RegulationError):
        book.deadline("house.participants", almaty("2026-04-06 09:00"))


@pytest.mark.parametrize(
    "entry",
    [
        "a.b: {title: T, unit: fortnights, source: a page, values: [{since: 2026-01-01, value: 1}]}",
        "a.b: {title: T, unit: hours, source: '', values: [{since: 2026-01-01, value: 1}]}",
        "a.b: {title: T, unit: hours, values: [{since: 2026-01-01, value: 1}]}",
        "a.b: {title: T, unit: hours, source: a page, values: []}",
        "a.b: {title: T, unit: hours, source: a page, values: [{since: 2026-01-01, value: soon}]}",
        "a.b: {title: T, unit: hours, source: a page, values: [{since: soon, value: 1}]}",
        "a.b: {title: T, unit: list, source: a page, values: [{since: 2026-01-01, value: 1}]}",
        "a.b: {unit: hours, source: p, values: [{since: 2026-01-01, value: 1}, {since: 2026-01-01, value: 2}]}",
    ],
)
def test_what_cannot_be_applied_is_refused_when_it_is_read(tmp_path: Path, entry: str) -> None:
    """A regulation without unit, source, value or an unambiguous day never comes into force."""
    (tmp_path / "house.yaml").write_text(entry)
    with pytest.raises(RegulationError):
        RuleBook.load(tmp_path)


OPEN = """
house.informing:
  unit: hours
  source: a page
  open_to_department: {least: 1, most: 48}
  values: [{since: 2026-01-01, value: 24}, {since: 2026-09-01, value: 12}]
house.fixed: {title: Fixed, unit: hours, source: a page, values: [{since: 2026-01-01, value: 24}]}
"""


def override(since: str, value: int | None, key: str = "house.informing") -> Override:
    """A department's own value."""
    return Override(key=key, since=date.fromisoformat(since), value=value)


class TestADepartmentsOwnValue:
    @pytest.fixture
    def book(self, tmp_path: Path) -> RuleBook:
        """With one key that is open."""
        (tmp_path / "house.yaml").write_text(OPEN)
        return RuleBook.load(tmp_path)

    def test_holds_from_its_day_on_and_is_told_by_the_version(self, book: RuleBook) -> None:
        """The day before, the file's value; from the day on its own, also past a later value of the file."""
        own = book.overridden([override("2026-06-01", 6)], book.calendar)
        said = [own.in_force("house.informing", date(2026, *day)) for day in ((5, 31), (6, 1), (9, 1))]
        assert [(rule.value, rule.version) for rule in said] == [
            (24, "house.informing@2026-01-01"),
            (6, "house.informing@2026-06-01/department"),
            (6, "house.informing@2026-06-01/department"),
        ]
        assert own.deadline("house.informing", almaty("2026-06-01 10:00")).due_at == almaty("2026-06-01 16:00")
        assert book.in_force("house.informing", date(2026, 6, 1)).value == 24  # the service's own book stays

    def test_is_corrected_by_the_later_one_and_taken_back_by_none(self, book: RuleBook) -> None:
        """Since the same day the later takes its place; taken back, the file's value of that day holds."""
        set_thrice = [override("2026-06-01", 6), override("2026-06-01", 8), override("2026-10-01", None)]
        own = book.overridden(set_thrice, book.calendar)
        assert own.in_force("house.informing", date(2026, 6, 1)).value == 8
        assert own.in_force("house.informing", date(2026, 10, 1)).version == "house.informing@2026-09-01"

    def test_of_what_is_not_open_is_left_aside(self, book: RuleBook) -> None:
        """The source fixes it, whatever a log says."""
        own = book.overridden([override("2026-06-01", 1, "house.fixed")], book.calendar)
        assert own.in_force("house.fixed", date(2026, 6, 1)).version == "house.fixed@2026-01-01"

    @pytest.mark.parametrize(
        ("unit", "border", "value"),
        [
            ("hours", "true", "1"),
            ("hours", "{least: 2, most: 3}", "1"),
            ("list", "{least: 0, most: 3}", "[x]"),
        ],
    )
    def test_needs_a_border_with_the_files_values_within(
        self, tmp_path: Path, unit: str, border: str, value: str
    ) -> None:
        """Open without an end is not open; the codes of lists are the software's."""
        values = f"[{{since: 2026-01-01, value: {value}}}]"
        entry = f"a.b: {{unit: {unit}, source: p, open_to_department: {border}, values: {values}}}"
        (tmp_path / "open.yaml").write_text(entry)
        with pytest.raises(RegulationError):
            RuleBook.load(tmp_path)
