"""What the databases say: whether everything has arrived, and whether it was handled once, in order, without gaps."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Protocol
from uuid import UUID

from shared.ids import derived_id
from shared.testing.waiting import wait_until

LISTENS_TO = {"reports": ("cases",), "cases": ("reports", "referrals"), "referrals": ("cases", "referrals", "accounts")}
SERVICES = ("accounts", *LISTENS_TO)
SETTLE_SECONDS = 240.0


class Databases(Protocol):
    """An installation to look into: its services' databases, and its command line."""

    def rows(self, service: str, statement: str, **values: Any) -> list[Any]:
        """What a statement finds in a service's database, for all tenants."""
        ...

    def qorgan(self, *arguments: str) -> str:
        """What a `qorgan` command prints."""
        ...


class Happened(Protocol):
    """What came in: confirmed reports with the number of cases each opens, and those that a clock is to speak of."""

    confirmed: dict[UUID, int]
    left_open: list[UUID]

    @property
    def tenants(self) -> Sequence[UUID]:
        """The schools."""
        ...


class Observed:
    """Compares what came in with what became of it, over the installation's databases."""

    def __init__(self, installation: Databases, flow: Happened) -> None:
        self.installation = installation
        self.flow = flow

    def settles(self) -> None:
        """Waits until every listener has handled the last public event of each of its sources, and nothing waits."""
        wait_until(lambda: not self.behind() or None, SETTLE_SECONDS, "all lanes to be empty", pause_seconds=0.2)

    def behind(self) -> list[Any]:
        """Lanes that are behind their source or wait, relays and followers that are behind their log."""
        return [*self._lanes_behind(), *self._runners_behind()]

    def _lanes_behind(self) -> Iterator[Any]:
        heads = {source: self.numbers(source) for source in SERVICES}
        for listener, sources in LISTENS_TO.items():
            lanes = self.installation.rows(listener, "SELECT source, tenant, number FROM messages.lanes")
            handled = {(row.source, row.tenant): row.number for row in lanes}
            for source in sources:
                for tenant, number in heads[source].items():
                    if handled.get((source, tenant), 0) != number:
                        yield listener, source, str(tenant), handled.get((source, tenant), 0), number
            for row in self.installation.rows(listener, "SELECT source, reason FROM messages.waiting_lanes"):
                yield listener, row.source, row.reason

    def numbers(self, source: str) -> dict[UUID, int]:
        """The last public number of each of a source's tenants."""
        chosen = "SELECT tenant, public_number FROM ledger.heads WHERE log = :log AND public_number > 0"
        return {row.tenant: row.public_number for row in self.installation.rows(source, chosen, log=source)}

    def _runners_behind(self) -> Iterator[Any]:
        for service in LISTENS_TO:
            chosen = """SELECT h.tenant, h.size, p.position, h.public_number, c.number
                FROM ledger.heads h LEFT JOIN read.positions p USING (tenant) LEFT JOIN messages.relay_cursors c
                USING (tenant) WHERE h.log = :log AND (h.size <> coalesce(p.position, 0)
                OR h.public_number <> coalesce(c.number, 0))"""
            yield from (tuple(row) for row in self.installation.rows(service, chosen, log=service))

    @property
    def public_events(self) -> int:
        """How many public events there are in all services."""
        return sum(sum(self.numbers(service).values()) for service in SERVICES)

    # ---- the contract

    def check(self) -> None:
        """Nothing lost, nothing twice, in order, each clock once; all that settled."""
        self.every_public_event_is_in_every_inbox_once()
        self.every_confirmed_report_has_its_cases()
        self.registers_have_no_gaps()
        self.order_is_kept()

    def every_public_event_is_in_every_inbox_once(self) -> None:
        """Each number once and with the hash of the source's row."""
        for listener, sources in LISTENS_TO.items():
            for source in sources:
                said = self.installation.rows(source, "SELECT tenant, number, hash FROM ledger.public_events")
                heard = self.installation.rows(
                    listener, "SELECT tenant, number, hash FROM messages.inbox WHERE source = :source", source=source
                )
                assert Counter(map(tuple, heard)) == Counter(map(tuple, said)), f"{listener} of {source}"

    def every_confirmed_report_has_its_cases(self) -> None:
        """As many as its confirmation says, each linked at its report, and known to `referrals`, once."""
        opened = Counter(body["report"] for body in self._bodies("cases", "cases.case_opened.v1"))
        assert opened == Counter({str(report): cases for report, cases in self.flow.confirmed.items()})
        linked = self.installation.rows(
            "reports", "SELECT stream FROM ledger.events WHERE topic = 'reports.case_linked'"
        )
        assert Counter(str(row.stream) for row in linked) == opened

    def registers_have_no_gaps(self) -> None:
        """1, 2, 3, … in each school."""
        numbers: dict[UUID, list[int]] = defaultdict(list)
        for row in self._public_rows("cases", "cases.case_opened.v1"):
            numbers[row.tenant].append(json.loads(row.body)["number"])
        assert set(numbers) <= set(self.flow.tenants)
        for tenant, given in numbers.items():
            assert given == list(range(1, len(given) + 1)), tenant

    def order_is_kept(self) -> None:
        """The cases of each school stand in its log in the order in which the reports were confirmed in theirs."""
        number_of = {
            derived_id(row.tenant, "reports", str(row.number)): row.number
            for row in self._public_rows("reports", "reports.report_confirmed.v1")
        }
        chosen = "SELECT tenant, cause FROM ledger.events WHERE topic = 'cases.case_opened' ORDER BY position"
        order: dict[UUID, list[int]] = defaultdict(list)
        for row in self.installation.rows("cases", chosen):
            order[row.tenant].append(number_of[row.cause])
        for tenant, numbers in order.items():
            assert numbers == sorted(numbers), tenant

    def clocks_fired_once(self) -> None:
        """For each report in danger that nobody looked at; and for no other."""
        chosen = "SELECT stream FROM ledger.events WHERE topic = 'reports.deadline_missed'"
        assert Counter(row.stream for row in self.installation.rows("reports", chosen)) == Counter(self.flow.left_open)

    def clocks_fired(self) -> bool:
        """Whether as many deadlines were missed as reports were left open."""
        chosen = "SELECT count(*) AS fired FROM ledger.events WHERE topic = 'reports.deadline_missed'"
        return bool(self.installation.rows("reports", chosen)[0].fired >= len(self.flow.left_open))

    def stops(self, listener: str, source: str, tenants: set[UUID]) -> None:
        """Waits until the lanes of these tenants, and of no other, were stopped with an alarm."""

        def stopped() -> bool:
            return self.stopped(listener, source) >= tenants

        wait_until(stopped, SETTLE_SECONDS, f"{listener} to stop the lanes of {source}", pause_seconds=0.2)
        assert self.stopped(listener, source) == tenants

    def stopped(self, listener: str, source: str) -> set[UUID]:
        """The tenants whose lane was stopped with an alarm."""
        chosen = "SELECT tenant FROM messages.waiting_lanes WHERE source = :source AND reason LIKE 'alarm:%'"
        return {row.tenant for row in self.installation.rows(listener, chosen, source=source)}

    def inbox(self, listener: str, source: str) -> set[tuple[Any, ...]]:
        """All that a listener has handled of a source."""
        chosen = "SELECT tenant, number, hash FROM messages.inbox WHERE source = :source"
        return {tuple(row) for row in self.installation.rows(listener, chosen, source=source)}

    def ledgers_verify(self) -> int:
        """Every log of every service, to the last byte; gives how many events that were."""
        verified = json.loads(self.installation.qorgan("audit", "verify", "--json"))
        assert verified["findings"] == []
        events: int = verified["totals"]["events"]
        return events

    def _public_rows(self, service: str, type_: str) -> list[Any]:
        chosen = "SELECT tenant, number, body FROM ledger.public_events WHERE type = :type ORDER BY tenant, number"
        return self.installation.rows(service, chosen, type=type_)

    def _bodies(self, service: str, type_: str) -> list[Any]:
        return [json.loads(row.body) for row in self._public_rows(service, type_)]
