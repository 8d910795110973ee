"""What the duties of the service are called, and who answers for each."""

from __future__ import annotations

from uuid import UUID

TRAINING_DUTY = "member_training"
MEETING_DUTY = "service_meeting"


def duty_of(kind: str, person: UUID | None = None, month: str = "") -> str:
    """What a duty of the service is called: by its kind, and by the member whose it is, or the month that passed."""
    whose = month if person is None else str(person)
    return f"{kind}:{whose}" if whose else kind


def training_duty(person: UUID) -> str:
    """That a member be trained, for the first time or again (SSS-02)."""
    return duty_of(TRAINING_DUTY, person)


def month_duty(month: str) -> str:
    """That the service meets again, after a month without enough meetings (SSS-04)."""
    return duty_of(MEETING_DUTY, month=month)


def kind_of(duty: str) -> str:
    """The kind of a duty of the service."""
    return duty.partition(":")[0]


def person_of(duty: str) -> UUID | None:
    """The member whose duty it is, None for one of the service as a whole."""
    kind, _, person = duty.partition(":")
    return UUID(person) if kind == TRAINING_DUTY else None


def month_of_duty(duty: str) -> str:
    """The month (`2026-05`) that passed without enough meetings; empty for any other duty."""
    kind, _, month = duty.partition(":")
    return month if kind == MEETING_DUTY else ""


def owner_of(duty: str) -> str:
    """Who answers for a duty of the service: the member for their training, whoever leads it for the rest."""
    person = person_of(duty)
    return "role:head" if person is None else f"person:{person}"
