"""What a call costs, as data: statements and opened events. Unlike time it is the same on every machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from shared.domain import Actor
from shared.ledger.recorder import SealingMapper
from tests.support.whole_house import WholeHouse


def cost_of(house: WholeHouse, name: str, by: Actor, data: Mapping[str, Any]) -> list[str]:
    """The work of a call."""
    with work(house) as done:
        house.ask(name, by, data)
    return done


@contextmanager
def work(house: WholeHouse) -> Iterator[list[str]]:
    """What is asked of the databases meanwhile, and `opened` for each event that is read out of its seal."""
    done: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        done.append(statement)

    def opening(mapper: SealingMapper, stored: Any, opened: Any = SealingMapper.to_domain_event) -> Any:
        done.append("opened")
        return opened(mapper, stored)

    engines = [one.service.database.service_engine for one in house.running.values()]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(SealingMapper, "to_domain_event", opening)
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        yield done
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
