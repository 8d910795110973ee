"""What the duties of the service are called, and who answers for each."""

from __future__ import annotations

from uuid import UUID

TRAINING_DUTY = "member_training"
MEETING_DUTY = "service_meeting"


def duty_of(kind: str, person: UUID | None = None) -> str:
    """What a duty of the service is called: by its kind, and by the member whose it is."""
    return kind if person is None else f"{kind}:{person}"


def training_duty(person: UUID) -> str:
    """That a member be trained, for the first time or again (SSS-02)."""
    return duty_of(TRAINING_DUTY, person)


def kind_of(duty: str) -> str:
    """The kind of a duty of the service."""
    return duty.partition(":")[0]


def person_of(duty: str) -> UUID | None:
    """The member whose duty it is, None for one of the service as a whole."""
    _, _, person = duty.partition(":")
    return UUID(person) if person else None


def owner_of(duty: str) -> str:
    """Who answers for a duty of the service: the member for their training, whoever leads it for the rest."""
    person = person_of(duty)
    return "role:head" if person is None else f"person:{person}"
