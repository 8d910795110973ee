"""What changed in a matter between two moments: each aggregate's state as of both, as lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from cli.auditing.houses import AuditHouse
from cli.auditing.matter import Matter


@dataclass(frozen=True, kw_only=True)
class Change:
    """One value of one aggregate, as of both moments (None: there was none)."""

    service: str
    kind: str
    stream: UUID
    name: str
    before: Any
    after: Any


def changes(house: AuditHouse, matter: Matter, since: datetime, until: datetime) -> Iterator[Change]:
    """Every value that differs; an aggregate that does not open is left out (verification names it)."""
    for service, streams in matter.streams.items():
        for stream in streams:
            before, after = (_state(house, matter, service, stream, moment) for moment in (since, until))
            kind = after[0] or before[0]
            for name in dict.fromkeys([*before[1], *after[1]]):
                old, new = before[1].get(name), after[1].get(name)
                if old != new:
                    yield Change(service=service, kind=kind, stream=stream, name=name, before=old, after=new)


def _state(
    house: AuditHouse, matter: Matter, service: str, stream: UUID, moment: datetime
) -> tuple[str, dict[str, Any]]:
    versions = [one.recorded.originator_version for one in matter.until(moment) if one.recorded.stream == stream]
    if not versions:
        return "", {}
    ledger = house.services[service].application.for_tenant(matter.tenant)
    try:
        aggregate: Any = ledger.repository.get(stream, version=max(versions))
    except Exception:  # noqa: BLE001 - whatever a damaged event does to its aggregate, the other streams are shown
        return "", {}
    public = {name: value for name, value in vars(aggregate).items() if not name.startswith("_")}
    return type(aggregate).__name__, dict(_flat(public, ""))


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Leaves of a state by their path: mappings and values of our own are entered, lists and sets stay whole."""
    if is_dataclass(value) and not isinstance(value, type):
        value = {one.name: getattr(value, one.name) for one in fields(value)}
    if isinstance(value, Mapping) and (value or not path):
        for name, one in value.items():
            yield from _flat(one, f"{path}.{_plain(name)}" if path else str(_plain(name)))
        return
    yield path, _plain(value)


def _plain(value: Any) -> Any:
    """A value of an aggregate as JSON value."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, datetime):
        value = value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(_plain(name)): _plain(one) for name, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_plain(one) for one in value), key=str)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value if isinstance(value, bool | int | float | None) else str(value)
