"""Walls follow what was released: by whatever they are raised, each once, and to whoever did not decline (REP-02)."""

from __future__ import annotations

import pytest

from services.cases.domain.arrived_matter import ArrivedMatter
from services.cases.domain.case import Case
from services.cases.domain.values import Part
from services.cases.tests.builders import (
    HEAD,
    MONDAY,
    POLICY,
    TEACHER,
    CaseBuilder,
    a_case,
    a_report,
    an_id,
    person,
)

TRANSFER, TO = an_id("Ауысу"), an_id("Басқа мектеп")
pytestmark = pytest.mark.requirement("REP-02")


def released() -> CaseBuilder:
    """A case of which a part may go to another school."""
    built = a_case().opened()
    parts = {"to": TO, "parts": [Part.CHILD], "reason": "Отбасы көшті"}
    built.case.release_parts(transfer=TRANSFER, by=HEAD, at=built.at, **parts)  # type: ignore[arg-type]
    return built


def passed_on(built: CaseBuilder) -> list[tuple[str, list[str]]]:
    """What the other school was told: (to, whom)."""
    events = [event for event in built.case.pending_events if isinstance(event, Case.WallPassedOn)]
    return [(str(event.to), event.walled) for event in events]


class TestAWallThatComesLater:
    def test_follows_from_a_report_that_joins(self) -> None:
        """Only those whom the case did not keep away before; a report without walls tells nothing."""
        built = released().linked(a_report("Екінші", walled=[TEACHER])).linked(a_report("Үшінші", walled=[TEACHER]))
        assert passed_on(built) == [(str(TO), [str(person(TEACHER))])]

    def test_follows_from_a_person_walled_off_and_once(self) -> None:
        assert passed_on(released().walled_off(TEACHER).walled_off(TEACHER)) == [(str(TO), [str(person(TEACHER))])]

    @pytest.mark.parametrize(("outcome", "told"), [("accepted", 1), ("declined", 0)])
    def test_follows_to_who_took_it_and_not_to_who_declined(self, outcome: str, told: int) -> None:
        built = released()
        built.case.note_release_answered(transfer=TRANSFER, outcome=outcome, by=POLICY, at=built.at)
        assert len(passed_on(built.walled_off(TEACHER))) == told


class TestWhatArrived:
    @pytest.mark.parametrize(("is_declined", "recorded"), [(False, 1), (True, 0)])
    def test_keeps_a_person_away_once_and_nobody_where_it_was_declined(self, is_declined: bool, recorded: int) -> None:
        facts = {"transfer": TRANSFER, "school": TO, "case": an_id("Іс"), "parts": ["child"], "walled": []}
        matter = ArrivedMatter.offer(by=POLICY, at=MONDAY, **facts)  # type: ignore[arg-type]
        if is_declined:
            matter.decline(reason="Бала бізге келмеді", by=HEAD, at=MONDAY)
        for _ in range(2):
            matter.wall_off(walled=[person(TEACHER)], by=POLICY, at=MONDAY)
        walls = [event for event in matter.pending_events if isinstance(event, ArrivedMatter.WalledOff)]
        assert len(walls) == recorded
        assert (person(TEACHER) in matter.walled) is bool(recorded)
