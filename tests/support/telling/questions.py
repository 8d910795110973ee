"""Every question of the gateway's route tables, asked about a story's matter: none can slip by unasked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from secrets import randbits
from typing import Any
from uuid import uuid4

from services.gateway.api.routes import Route
from services.gateway.bootstrap import AREAS
from services.reports.domain.receipt import BITS, written
from services.reports.domain.values import State
from tests.support.telling.watching import Question

QUESTIONS: Sequence[Route] = [route for routes, _ in AREAS.values() for route in routes if not route.is_command]
OF_A_MATTER = ("report", "case", "referral", "note", "attachment", "entry", "breach", "matter")
"""Ids in addresses that stand for something of a matter, as answers to commands call them."""
OPEN_IDS = ("agency", "person")
"""Ids in addresses that are of no matter: everybody may know them."""
OF_MATTERS = ("reports", "cases", "referrals")
"""The services whose questions are of matters: each id in their addresses is of one, or open."""
NOT_REPLAYED = frozenset({"reports.report_accesses", "cases.case_accesses"})
"""Questions about who asked: each asking changes the answer. The accused asks them too."""
QUERIES: Mapping[str, Mapping[str, str]] = {
    "reports.list_reports": {"states": ",".join(state.value for state in State)},
}
"""What is asked besides, where a list shows less without it."""
REPORTER = "reporter"
"""The reader without an account, who asks by receipt alone."""


@dataclass(frozen=True)
class Asked:
    """A question of the tables about something of the matter, and the same about what there is not."""

    route: Route
    known: Question
    unknown: Question | None = None


@dataclass
class Asker:
    """What can be asked about a matter as far as it has come: `matter` and the rest grow as the story goes."""

    matter: Mapping[str, list[str]]
    open_ids: Mapping[str, list[str]]
    children: list[Mapping[str, Any]] = field(default_factory=list)
    receipts: Mapping[str, str] = field(default_factory=dict)

    def after_a_step(self, readers: Iterable[str], moved: Collection[str]) -> list[tuple[str, Question]]:
        """What each reader asks after a step: all that there is by its id in the services whose logs moved."""
        shown = [
            asked.known
            for route in QUESTIONS
            if route.service in moved and route.path.endswith("}") and not route.path.startswith("/partner/")
            for asked in (self._by_id(route) if route.ids[0] in self.matter else ())
        ]
        return [*_of_each(readers, shown), *(self._by_receipt() if "reports" in moved else ())]

    def everything(self, readers: Iterable[str]) -> list[tuple[str, Question]]:
        """Every question of the tables that can be asked about the matter."""
        replayed = [one for one in self.all_asked() if one.route.call not in NOT_REPLAYED and not one.route.nameless]
        return [*_of_each(readers, [asked.known for asked in replayed]), *self._by_receipt()]

    def all_asked(self) -> Iterator[Asked]:
        """Each question about each thing of the matter."""
        for route in QUESTIONS:
            if route.asks_in_body:
                yield from BODIES[route.call](self, route)
            elif route.ids:
                yield from self._by_id(route)
            else:
                yield Asked(route, Question(route.path))
                if route.call in QUERIES:
                    yield Asked(route, Question(route.path + _query(QUERIES[route.call])))

    def _by_receipt(self) -> list[tuple[str, Question]]:
        """What whoever reported asks, with each receipt."""
        by_receipt = next(route for route in QUESTIONS if route.call == "reports.report_by_receipt")
        return [(REPORTER, one.known) for one in _by_receipt(self, by_receipt)]

    def _by_id(self, route: Route) -> Iterator[Asked]:
        """About each; what is of no matter stays the same where the unknown is asked for."""
        for ids in product(*map(self._there, route.ids)):
            named = dict(zip(route.ids, ids, strict=True))
            unknown = {name: one if name in OPEN_IDS else str(uuid4()) for name, one in named.items()}
            yield Asked(route, Question(route.path.format(**named)), Question(route.path.format(**unknown)))

    def _there(self, name: str) -> Sequence[str]:
        """What there is of a name; nothing of what a school does besides, which no story has."""
        return self.open_ids[name] if name in OPEN_IDS else self.matter.get(name, [])


def _of_each(readers: Iterable[str], shown: Sequence[Question]) -> list[tuple[str, Question]]:
    """The same of all who have an account."""
    return [(reader, question) for reader in readers if reader != REPORTER for question in shown]


def _of_the_children(asker: Asker, route: Route) -> Iterator[Asked]:
    """By what was said of each child."""
    for child in asker.children:
        known = {name: child[name] for name in ("name", "class_name", "birth_date", "iin") if name in child}
        unknown = known | {"name": f"Ешкім {uuid4()}"}
        yield Asked(route, Question(route.path, {"child": known}), Question(route.path, {"child": unknown}))


def _by_receipt(asker: Asker, route: Route) -> Iterator[Asked]:
    """By each receipt that was given."""
    for receipt in filter(None, asker.receipts.values()):
        unknown = Question(route.path, {"receipt": written(randbits(BITS))})
        yield Asked(route, Question(route.path, {"receipt": receipt}), unknown)


def _not_here(asker: Asker, route: Route) -> Iterator[Asked]:
    """Not asked: see where it stands."""
    return iter(())


BODIES: Mapping[str, Callable[[Asker, Route], Iterator[Asked]]] = {
    "reports.find_child": _of_the_children,
    "reports.proof_of_filing": _not_here,  # by receipt, which no accused has; signed over the tree as of the asking
    "reports.report_by_receipt": _by_receipt,
}
"""How questions are put whose fields stand in no address; one that is missing here fails every story."""


def _query(asked: Mapping[str, str]) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in asked.items())
