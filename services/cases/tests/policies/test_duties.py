"""Our events -> what is due: the rows that the clock watches say the same as the case itself, after every step."""

from __future__ import annotations

from datetime import datetime

import pytest

from services.cases.domain.case import Case
from services.cases.domain.interagency import task_duty
from services.cases.domain.safety_service import SafetyService
from services.cases.domain.safety_service.owing import MEETING_DUTY, month_duty, training_duty
from services.cases.duties import DUTIES
from services.cases.tests.builders import PEDAGOGUE, person
from services.cases.tests.lives import a_full_life, a_service
from services.cases.tests.stored_events import stored
from shared.domain import Event
from shared.duties import Opens

BEFORE = [SafetyService.DeadlineMissed.TOPIC, SafetyService.MonthMissed.TOPIC, Case.InteragencyTaskMissed.TOPIC]
"""Events that were stored before what they say climbed."""


def rows(case: Case | SafetyService) -> dict[str, tuple[datetime, str]]:
    """What the follower would hold for a case."""
    held: dict[str, tuple[datetime, str]] = {}
    for event in case.pending_events:
        assert isinstance(event, Event)
        for duty in DUTIES.get(type(event).TOPIC, lambda _: ())(event):  # type: ignore[attr-defined]
            assert duty.stream == case.id
            held.pop(duty.duty, None)
            if isinstance(duty, Opens):
                held[duty.duty] = (duty.due_at, duty.rule)
    return held


def test_the_clock_watches_exactly_what_the_case_owes_and_was_not_yet_missed() -> None:
    """Same duties, same times, same rules, from opening to reopening."""
    steps = 0
    for case in a_full_life():
        owed = {duty.value: (o.due_at, o.rule) for duty, o in case.open_duties.items() if not o.missed}
        owed |= {task_duty(task): (one.due_at, "REF-05") for task, one in case.tasks.items() if not one.missed}
        climbing = {duty: (o.next_at, o.next_rule) for duty, o in case.climbs.items() if o.next_at is not None}
        assert rows(case) == owed | climbing
        steps += 1
    assert steps > 15


def test_the_clock_watches_what_the_school_safety_service_owes() -> None:
    """Each member's training, and a month that passed, in the same way (SSS-02, SSS-04)."""
    missed = set()
    for service in a_service():
        owed = {duty: (o.due_at, o.rule) for duty, o in service.open_duties.items() if not o.missed}
        climbing = {duty: (o.next_at, o.next_rule) for duty, o in service.climbs.items() if o.next_at is not None}
        assert rows(service) == owed | climbing
        missed |= {duty for duty, owed in service.open_duties.items() if owed.missed}
    assert missed == {training_duty(person(PEDAGOGUE)), month_duty("2026-05")}


@pytest.mark.parametrize("topic", BEFORE)
def test_what_was_missed_before_the_ladder_was_there_opens_none(topic: str) -> None:
    """By events as they were stored then: only the next month is owed."""
    event = stored(topic)
    assert {duty.duty for duty in DUTIES[topic](event) if isinstance(duty, Opens)} <= {MEETING_DUTY}
