"""Which stored events leave this service, and in which public form: ids, codes, numbers; of the risk group none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.monitoring.domain.staff_training import StaffTraining
from shared.policy import PublicForm


def staff_training_held(event: StaffTraining.Held) -> PublicForm:
    """For whoever counts who is trained (TRN-09)."""
    return PublicForm(
        type="monitoring.staff_training_held.v1",
        body={
            "training": event.originator_id,
            "topics": event.topics,
            "held_on": event.held_on,
            "minutes": event.minutes,
            "attended": event.attended,
            "count": event.count,
        },
    )


def attendance_corrected(event: StaffTraining.AttendanceCorrected) -> PublicForm:
    """Others were there than was told."""
    return PublicForm(
        type="monitoring.staff_training_corrected.v1",
        body={"training": event.originator_id, "attended": event.attended, "count": event.count},
    )


PUBLICATIONS: Mapping[str, Callable[[Any], PublicForm | None]] = {
    StaffTraining.Held.TOPIC: staff_training_held,
    StaffTraining.AttendanceCorrected.TOPIC: attendance_corrected,
}
