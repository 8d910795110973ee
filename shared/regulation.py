"""Regulations as data: dated, cited values, and the deadlines that follow from them.

A regulation is a key in a service's `regulations/*.yaml` with a title, a unit, the source it is taken from and its
values, each with the day since which it holds. What applied is stored in the event that applied it, as
`<key>@<since>`, so that history does not change when the law does.

    cases.informing:
      title: Agencies are informed once liability is possible
      unit: hours
      source: "Algorithm page, defaults for what the source leaves to policy"
      values:
        - {since: 2026-01-01, value: 24}

What the source leaves open says so, with the border within which a department may change it for its schools:

      open_to_department: {least: 1, most: 48}

A department's own value holds from its day on, whatever the file says later, until the department changes it again
or takes it back; what applied is named `<key>@<since>/department`.

Time is counted in Asia/Almaty. Minutes and hours run from the moment itself. Days and working days are counted from
the day after, and end when the last of them ends (0 is the same day). Working hours are 09:00-13:00 and 14:00-18:00.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

import holidays

from shared import yaml_files

ALMATY = ZoneInfo("Asia/Almaty")
WORKING_HOURS = ((time(9), time(13)), (time(14), time(18)))
SATURDAY = 5
DEPARTMENTS = "/department"
"""How a version ends that a department set itself."""


class Unit(StrEnum):
    """What a regulation's value counts."""

    MINUTES = "minutes"
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    COUNT = "count"
    LIST = "list"


class RegulationError(ValueError):
    """A regulation file says something that cannot be applied; a fault of ours, never of a caller."""


class NoRuleInForceError(LookupError):
    """No value of this key holds on that day, or there is no such key."""

    def __init__(self, key: str, on: date) -> None:
        super().__init__(f"{key} on {on}")
        self.key = key
        self.on = on


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One value of a regulation: `value` is a whole number, or for unit `list` a tuple of codes."""

    key: str
    value: Any
    unit: Unit
    since: date
    source: str
    is_departments: bool = False

    @property
    def version(self) -> str:
        """How events name what they applied: `cases.informing@2026-01-01`, `cases.informing@2026-12-01/department`."""
        return f"{self.key}@{self.since.isoformat()}{DEPARTMENTS if self.is_departments else ''}"


@dataclass(frozen=True)
class Opening:
    """The border within which a department sets a value of its own: both ends are within."""

    least: int
    most: int


@dataclass(frozen=True, kw_only=True)
class Override:
    """A department's own value of a key from a day on; None takes it back: the file's value holds again."""

    key: str
    since: date
    value: int | None


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """When something falls due (UTC), and the rule that says so as `<key>@<since>`."""

    due_at: datetime
    rule: str


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Which days are worked: Kazakhstan's, with a department's own table over it."""

    days_off: frozenset[date] = frozenset()
    days_worked: frozenset[date] = frozenset()
    public: Mapping[date, str] = field(default_factory=lambda: holidays.country_holidays("KZ"), compare=False)

    def is_worked(self, day: date) -> bool:
        """Whether `day` is a working day."""
        if day in self.days_worked:
            return True
        return day not in self.days_off and day.weekday() < SATURDAY and day not in self.public

    def day_after(self, day: date, working_days: int) -> date:
        """The day on which that many working days after `day` end; for 0 `day` itself, or else the next one worked."""
        while not self.is_worked(day) and working_days == 0:
            day += timedelta(days=1)
        while working_days > 0:
            day += timedelta(days=1)
            working_days -= self.is_worked(day)
        return day

    def worked_spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans of working time from `start` on, in Almaty's time; without end."""
        day = start.date()
        while True:
            for opens, closes in WORKING_HOURS if self.is_worked(day) else ():
                begin, end = (datetime.combine(day, at, ALMATY) for at in (opens, closes))
                if end > start:
                    yield max(begin, start), end
            day += timedelta(days=1)


@dataclass(frozen=True)
class RuleBook:
    """Every regulation of a service, each as its values in the order of their days."""

    rules: Mapping[str, Sequence[Rule]]
    calendar: Calendar = field(default_factory=Calendar)
    openings: Mapping[str, Opening] = field(default_factory=dict)
    overrides: Mapping[str, Sequence[Override]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, calendar: Calendar | None = None) -> Self:
        """Reads every `*.yaml` of `folder`; raises RegulationError where one cannot be applied."""
        rules: dict[str, Sequence[Rule]] = {}
        openings: dict[str, Opening] = {}
        for file in sorted(folder.glob("*.yaml")):
            for key, entry in (yaml_files.read(file) or {}).items():
                if key in rules:
                    raise RegulationError(f"{key} stands twice in {folder}")
                rules[key] = _read_rules(key, entry)
                if "open_to_department" in entry:
                    openings[key] = _read_opening(key, entry["open_to_department"], rules[key])
        return cls(rules, calendar or Calendar(), openings)

    def overridden(self, overrides: Sequence[Override], calendar: Calendar) -> Self:
        """The same book with a department's own values, in the order in which they were set, and its table of days.

        A later one takes the place of an earlier one since the same day. What is no longer open is left aside.
        """
        kept: dict[str, dict[date, Override]] = {}
        for one in overrides:
            if one.key in self.openings:
                kept.setdefault(one.key, {})[one.since] = one
        by_day = {key: [ones[day] for day in sorted(ones)] for key, ones in kept.items()}
        return replace(self, overrides=by_day, calendar=calendar)

    def in_force(self, key: str, on: date) -> Rule:
        """The value of `key` that holds on that day; raises NoRuleInForceError."""
        holding = [rule for rule in self.rules.get(key, ()) if rule.since <= on]
        if not holding:
            raise NoRuleInForceError(key, on)
        rule = holding[-1]
        own = [override for override in self.overrides.get(key, ()) if override.since <= on]
        if not own or own[-1].value is None:
            return rule
        return replace(rule, value=own[-1].value, since=own[-1].since, is_departments=True)

    def at(self, key: str, moment: datetime) -> Rule:
        """The value of `key` that holds at that moment, by Almaty's day."""
        return self.in_force(key, local_day(moment))

    def deadline(self, key: str, start: datetime) -> Deadline:
        """When what `key` rules falls due, counted from `start`; raises RegulationError for a count or a list."""
        rule = self.at(key, start)
        return Deadline(due_at=_due_at(rule, start, self.calendar), rule=rule.version)


def local_day(moment: datetime) -> date:
    """The day it is in Almaty at that moment."""
    return moment.astimezone(ALMATY).date()


def _read_rules(key: str, entry: Mapping[str, Any]) -> Sequence[Rule]:
    try:
        unit, source = Unit(entry["unit"]), str(entry["source"])
        values = [(item["since"], item["value"]) for item in entry["values"]]
    except (KeyError, TypeError, ValueError) as fault:
        raise RegulationError(f"{key} lacks or misstates {fault}") from fault
    if not values or not source or not all(_fits(unit, since, value) for since, value in values):
        raise RegulationError(f"{key} has a value that is no {unit} since a day, or cites nothing")
    if len({since for since, _ in values}) < len(values):
        raise RegulationError(f"{key} has two values since the same day")
    return tuple(
        Rule(key=key, value=tuple(value) if unit is Unit.LIST else value, unit=unit, since=since, source=source)
        for since, value in sorted(values, key=lambda item: item[0])
    )


def _read_opening(key: str, entry: Any, rules: Sequence[Rule]) -> Opening:
    """The border; each value of the file lies within it. Lists are not open: the software knows their codes."""
    try:
        opening = Opening(least=entry["least"], most=entry["most"])
    except (KeyError, TypeError) as fault:
        raise RegulationError(f"{key} does not say within which border it is open: {fault}") from fault
    if any(rule.unit is Unit.LIST or not opening.least <= rule.value <= opening.most for rule in rules):
        raise RegulationError(f"{key} is a list, or has a value outside the border within which it is open")
    return opening


def _fits(unit: Unit, since: Any, value: Any) -> bool:
    if not isinstance(since, date) or isinstance(since, datetime):
        return False
    if unit is Unit.LIST:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _due_at(rule: Rule, start: datetime, calendar: Calendar) -> datetime:
    local = start.astimezone(ALMATY)
    match rule.unit:
        case Unit.MINUTES:
            due = local.astimezone(UTC) + timedelta(minutes=rule.value)
        case Unit.HOURS:
            due = local.astimezone(UTC) + timedelta(hours=rule.value)
        case Unit.WORKING_HOURS:
            due = _after_working_time(local, timedelta(hours=rule.value), calendar)
        case Unit.DAYS:
            due = _end_of(local.date() + timedelta(days=rule.value))
        case Unit.WORKING_DAYS:
            due = _end_of(calendar.day_after(local.date(), rule.value))
        case _:
            raise RegulationError(f"{rule.key} is a {rule.unit}, not a time")
    return due.astimezone(UTC)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), ALMATY)


def _after_working_time(local: datetime, left: timedelta, calendar: Calendar) -> datetime:
    for begin, end in calendar.worked_spans(local):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise AssertionError("worked time has no end")
