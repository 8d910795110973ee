"""What every aggregate, command and refusal has in common; the one door through which domains meet `eventsourcing`.

An aggregate decides in a public method and records with `_record`; recording calls the private method named after the
event (`RiskAssessed` -> `_risk_assessed`), which only assigns. Rules are therefore never run again on replay.

    DomainError                a refusal: data with a code, no prose (texts live in the gateway)
    +-- UnknownError           there is no such thing, or none that this caller may know of
    +-- NotPermittedError      the caller may know of it, but not do this; names its rule
    +-- InvalidInputError      faults by field
    +-- VersionConflictError   somebody else changed it first
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from eventsourcing.domain import Aggregate as LibraryAggregate
from eventsourcing.domain import AggregateCreated, AggregateEvent

GRANT_PURPOSE = "grant:"


class DomainError(Exception):
    """A refusal that callers are told of: a code such as `cases.case_already_closed` and the facts that led to it."""

    code: ClassVar[str] = "domain.refused"

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts: dict[str, Any] = facts


class UnknownError(DomainError):
    """No such thing in this tenant, or none that this caller may know of: both answer alike (CON-08)."""

    code = "common.unknown"


class NotPermittedError(DomainError):
    """The caller may know of the thing but not do this; `rule` names what forbids it."""

    code = "common.not_permitted"

    def __init__(self, *, rule: str, **facts: Any) -> None:
        super().__init__(rule=rule, **facts)
        self.rule = rule


class InvalidInputError(DomainError):
    """What was sent is wrong; `faults` maps each field's path to the codes of what is wrong with it."""

    code = "common.invalid_input"

    def __init__(self, faults: Mapping[str, Sequence[str]]) -> None:
        super().__init__(faults={name: list(codes) for name, codes in faults.items()})


class VersionConflictError(DomainError):
    """The stream is no longer at the version the caller had seen.

    Facts `expected`, `found` and, as far as the caller may see them, `events` between: [{version, topic, actor, at}].
    """

    code = "common.version_conflict"

    def __init__(self, *, stream: UUID | None = None, **facts: Any) -> None:
        super().__init__(**facts)
        self.stream = stream


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: `id` is what stands in the ledger's leaf (`person:<uuid>`, `reporter:<uuid>`, `policy:<name>`,
    `clock:<service>`, `partner:<uuid>`), roles are those held in the tenant that is acted in, home is the actor's own
    tenant.
    """

    id: str
    roles: frozenset[str] = frozenset()
    home: UUID | None = None
    purpose: str = ""

    @property
    def person(self) -> UUID | None:
        """The person's id, where a person acts."""
        kind, _, rest = self.id.partition(":")
        return UUID(rest) if kind == "person" else None

    @property
    def comes_by_grant(self) -> bool:
        """Whether somebody from outside acts, in the one matter that their grant opens (ARCHITECTURE section 1)."""
        return self.purpose.startswith(GRANT_PURPOSE)

    @property
    def grant(self) -> UUID | None:
        """The id of that grant."""
        return UUID(self.purpose.removeprefix(GRANT_PURPOSE)) if self.comes_by_grant else None

    @property
    def is_the_system(self) -> bool:
        """Whether a policy or a clock of ours acts, and not somebody."""
        return self.id.partition(":")[0] in ("policy", "clock", "system")


@dataclass(frozen=True, kw_only=True)
class Command:
    """Something asked for: by whom, in which tenant, with an id that makes asking again harmless.

    `cause` is the id of what led to it (another service's event); `expected_version` the stream version its sender saw.
    """

    tenant: UUID
    command_id: UUID
    by: Actor
    cause: UUID | None = None
    expected_version: int | None = None


class Event(AggregateEvent):
    """Base of stored events: `actor` did it, `timestamp` is the clock's time (UTC)."""

    actor: str

    def apply(self, aggregate: Any) -> None:
        """Calls the aggregate's private method that is named after the event."""
        getattr(aggregate, _applier_name(type(self).__name__))(self)


class FirstEvent(Event, AggregateCreated):
    """Base of the event that begins a stream."""

    def mutate(self, aggregate: Any) -> Any:
        """The new aggregate, of a registered class only: the library would import whatever is named.

        Raises KeyError.
        """
        if self.originator_topic not in _aggregate_topics:
            raise KeyError(self.originator_topic)
        return super().mutate(aggregate)


class Aggregate(LibraryAggregate):
    """An aggregate whose events name their actor and whose private methods apply them."""

    @classmethod
    def _begin(cls, event_class: Any, *, id: UUID, by: Actor, at: datetime, **facts: Any) -> Self:
        """A new aggregate from its first event."""
        return cls._create(event_class, id=id, actor=by.id, timestamp=at, **facts)

    def _record(self, event_class: Any, *, by: Actor, at: datetime, **facts: Any) -> None:
        """Triggers an event: the only way state changes."""
        self.trigger_event(event_class, actor=by.id, timestamp=at, **facts)

    def expects(self, version: int | None) -> None:
        """Refuses a command whose sender saw another version of this aggregate than the present one."""
        if version is not None and version != self.version:
            raise VersionConflictError(stream=self.id, expected=version, found=self.version)


del Aggregate.Created  # the library's default first event: ours have names and topics


@cache
def _applier_name(event_name: str) -> str:
    return "_" + re.sub(r"(?<!^)(?=[A-Z])", "_", event_name).lower()


AggregateClass = TypeVar("AggregateClass", bound=type[Aggregate])

_events_by_topic: dict[str, Any] = {}
_aggregate_topics: set[str] = set()


def registered(cls: AggregateClass) -> AggregateClass:
    """Class decorator: enters the finished aggregate's topics, its own and its events', in the registry."""
    _aggregate_topics.add(vars(cls)["TOPIC"])
    for name, event_class in vars(cls).items():
        if (
            isinstance(event_class, type)
            and issubclass(event_class, AggregateEvent)
            and name not in ("Event", "Created")
        ):
            _events_by_topic[event_class.TOPIC] = event_class  # type: ignore[attr-defined]
    return cls


def known_event(topic: str) -> Any:
    """The event class of a stored topic; only registered ones resolve, nothing is imported. Raises KeyError."""
    return _events_by_topic[topic]


def known_topics() -> Mapping[str, Any]:
    """Every registered event class by its topic."""
    return dict(_events_by_topic)


@dataclass(frozen=True, kw_only=True)
class Due:
    """A duty that falls due: `step` counts the rungs of its ladder, `rule` names the regulation that set the time."""

    duty: str
    stream: UUID
    due_at: datetime
    owner: str
    rule: str
    step: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)
