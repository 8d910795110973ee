"""The ladder: owner, coordinator, head, department; each once, past whoever may not know, at times that rules give."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.ladder import Climb, Ladder, RungNotDueError, named
from shared.regulation import ALMATY, RuleBook

LAWS = """
house.climb_to_coordinator: {unit: working_hours, source: a page, values: [{since: 2026-01-01, value: 4}]}
house.climb_to_head: {unit: working_hours, source: a page, values: [{since: 2026-01-01, value: 8}]}
house.climb_to_department: {unit: working_hours, source: a page, values: [{since: 2026-01-01, value: 8}]}
house.climb_to_coordinator_in_danger: {unit: minutes, source: a page, values: [{since: 2026-01-01, value: 15}]}
house.climb_to_head_in_danger: {unit: minutes, source: a page, values: [{since: 2026-01-01, value: 15}]}
house.climb_to_department_in_danger: {unit: minutes, source: a page, values: [{since: 2026-01-01, value: 30}]}
"""
OWNER, COORDINATOR, HEAD, DEPUTY, DEPARTMENT = (uuid4() for _ in range(5))
LEAD = "role:department_safeguarding_lead"
FRIDAY = datetime(2026, 4, 10, 16, 0, tzinfo=ALMATY)
LATE = FRIDAY + timedelta(days=30)


@pytest.fixture
def ladder(tmp_path: Path) -> Ladder:
    """A head and a deputy."""
    (tmp_path / "laws.yaml").write_text(LAWS)
    leading = {"head": frozenset({HEAD}), "deputy": frozenset({DEPUTY})}
    return Ladder(service="house", book=RuleBook.load(tmp_path), leading=leading, department=DEPARTMENT)


def climbed(
    ladder: Ladder,
    *,
    owner: Sequence[UUID] = (OWNER,),
    coordinator: Sequence[UUID] = (COORDINATOR,),
    walled: Sequence[UUID] = (),
    walled_roles: Sequence[str] = (),
    rule: str = "house.duty@2026-01-01",
    at: datetime = LATE,
) -> list[dict[str, Any]]:
    """All rungs that are due by `at`, one after the other, as a clock that stood still catches up."""
    rungs: list[dict[str, Any]] = []
    so_far: Climb | None = None
    while True:
        said = ladder.climb(
            due_at=FRIDAY,
            rule=rule,
            so_far=so_far,
            step=0 if so_far is None else so_far.step + 1,
            owner=named(owner),
            coordinator=named(coordinator),
            walled=walled,
            walled_roles=walled_roles,
            at=at,
        )
        if said is None:
            return rungs
        rungs.append(said)
        told = (*(so_far.told if so_far else ()), *said["told"])
        so_far = Climb(due_at=FRIDAY, step=said["step"], told=told, next_at=said["climbs_at"])


def told(rungs: list[dict[str, Any]]) -> list[tuple[int, list[str]]]:
    """Who learnt of it on which rung."""
    return [(rung["step"], rung["told"]) for rung in rungs]


class TestTheLadder:
    def test_goes_from_owner_to_department_each_once(self, ladder: Ladder) -> None:
        assert told(climbed(ladder)) == [
            (0, [f"person:{OWNER}"]),
            (1, [f"person:{COORDINATOR}"]),
            (2, [f"person:{HEAD}"]),
            (3, [LEAD]),
        ]

    def test_is_timed_from_rung_to_rung_by_rules_also_where_the_clock_stood_still(self, ladder: Ladder) -> None:
        """Friday 16:00, 4 working hours on Monday 11:00 and 8 more each: the same times however late it is said."""
        times = [(rung["climbs_at"], rung["climb_rule"]) for rung in climbed(ladder)]
        almaty = [at.astimezone(ALMATY).strftime("%a %H:%M") for at, _ in times if at is not None]
        assert almaty == ["Mon 11:00", "Tue 11:00", "Wed 11:00"]
        assert [rule for _, rule in times] == [
            "house.climb_to_coordinator@2026-01-01",
            "house.climb_to_head@2026-01-01",
            "house.climb_to_department@2026-01-01",
            "",
        ]

    def test_is_quick_in_danger_by_night_as_by_day(self, ladder: Ladder) -> None:
        """The rule that set the duty's time says so."""
        rungs = climbed(ladder, rule="house.duty_in_danger@2026-01-01")
        minutes = [(rung["climbs_at"] - FRIDAY) / timedelta(minutes=1) for rung in rungs if rung["climbs_at"]]
        assert minutes == [15, 30, 60]

    @pytest.mark.parametrize(
        ("walled", "expected"),
        [
            (
                (HEAD,),
                [(0, [f"person:{OWNER}"]), (1, [f"person:{COORDINATOR}"]), (2, [f"person:{DEPUTY}"]), (3, [LEAD])],
            ),
            ((HEAD, DEPUTY), [(0, [f"person:{OWNER}"]), (1, [f"person:{COORDINATOR}"]), (3, [LEAD])]),
        ],
    )
    def test_passes_over_who_is_walled_off(
        self, ladder: Ladder, walled: tuple[UUID, ...], expected: list[tuple[int, list[str]]]
    ) -> None:
        """The deputy stands in for a walled head; where both are, it goes straight to the department."""
        assert told(climbed(ladder, walled=walled)) == expected

    @pytest.mark.requirement("REP-02")
    def test_never_tells_a_role_that_is_walled_off_until_it_is_known_who(self, ladder: Ladder) -> None:
        """Who holds it can't be told apart: neither the head, nor the department's lead."""
        assert [rung for rung, _ in told(climbed(ladder, walled_roles=["head"]))] == [0, 1, 2, 3]
        assert told(climbed(ladder, walled_roles=["head"]))[2] == (2, [f"person:{DEPUTY}"])
        assert [rung for rung, _ in told(climbed(ladder, walled_roles=["department_safeguarding_lead"]))] == [0, 1, 2]

    def test_passes_over_rungs_on_which_nobody_stands_or_who_was_told(self, ladder: Ladder) -> None:
        """Nobody coordinates, and the head owns it."""
        assert told(climbed(ladder, owner=[HEAD], coordinator=[])) == [(0, [f"person:{HEAD}"]), (3, [LEAD])]
        assert told(climbed(ladder, owner=[], coordinator=[]))[0] == (2, [f"person:{HEAD}"])

    def test_tells_the_role_where_nobody_is_known_who_holds_it(self, ladder: Ladder) -> None:
        """An installation whose roles were given before they were told of."""
        unknown = Ladder(service="house", book=ladder.book)
        assert told(climbed(unknown))[2] == (2, ["role:head"])
        assert unknown.leaders([], ["head"]) == ["role:deputy"]
        assert unknown.leaders([], ["head", "deputy"]) == []

    def test_says_whose_school_it_is_and_who_is_walled_on_the_last_rung_alone(self, ladder: Ladder) -> None:
        stranger = uuid4()
        rungs = climbed(ladder, walled=[stranger])
        assert [rung["department"] for rung in rungs] == [None, None, None, DEPARTMENT]
        assert [rung["walled"] for rung in rungs] == [[], [], [], [str(stranger)]]

    def test_says_nothing_a_moment_before_its_time(self, ladder: Ladder) -> None:
        before = FRIDAY - timedelta(microseconds=1)
        assert climbed(ladder, at=before) == []
        assert len(climbed(ladder, at=FRIDAY)) == 1

    def test_has_the_clock_come_again_with_a_rung_that_was_climbed(self, ladder: Ladder) -> None:
        """A row that was put back to its foot leads to the next rung in time, and to none twice."""
        next_at = FRIDAY + timedelta(hours=1)
        so_far = Climb(due_at=FRIDAY, step=0, told=(f"person:{OWNER}",), next_at=next_at)
        asked: dict[str, Any] = {"due_at": FRIDAY, "rule": "house.duty@2026-01-01", "so_far": so_far, "step": 0}
        people: dict[str, Any] = {"owner": named({OWNER}), "coordinator": named({COORDINATOR}), "walled": ()}
        with pytest.raises(RungNotDueError):
            ladder.climb(**asked, **people, at=FRIDAY.astimezone(UTC))
        said = ladder.climb(**asked, **people, at=next_at)
        assert said is not None
        assert said["step"] == 1
