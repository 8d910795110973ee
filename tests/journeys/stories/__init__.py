"""The stories: each a case as it may happen, from another source, in another school. `STORIES` has them all."""

from __future__ import annotations

from collections.abc import Sequence

from tests.journeys.stories import (
    agency_refuses,
    agency_silent,
    at_night,
    changes_school,
    drawing,
    head_accused,
    neighbour,
    one_event,
    online_group,
    proves_false,
    recurrence,
    three_children,
    trainer,
)
from tests.support.telling.telling import Story

STORIES: Sequence[Story] = tuple(
    one.STORY
    for one in (
        drawing,
        online_group,
        trainer,
        neighbour,
        head_accused,
        proves_false,
        one_event,
        three_children,
        at_night,
        agency_refuses,
        agency_silent,
        changes_school,
        recurrence,
    )
)
