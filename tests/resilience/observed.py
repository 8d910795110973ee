"""What the databases say: whether everything has arrived, and whether it was handled once, in order, without gaps."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Literal, Protocol
from uuid import UUID

from cli.services import ALL_SERVICES
from shared.policy import public_event_id
from shared.testing.waiting import wait_until
from tests.resilience.told import Databases, Heard, Said, heard_by, said_by

SERVICES = tuple(parts.name for parts in ALL_SERVICES)
LISTENS_TO = {parts.name: parts.listens_to for parts in ALL_SERVICES if parts.listens_to}
CLIMBED_SECONDS = 60.0
SETTLE_SECONDS = 600.0  # a minute where the cores are ours; more where others work too


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
        self.lost: dict[str, set[Heard]] = defaultdict(set)  # of sources that were restored from an older copy

    # ---- has it arrived

    def settles(self, *, but: Collection[UUID] = ()) -> None:
        """Waits until every listener has handled the last public event of each of its sources, and nothing waits; for
        all tenants `but` those.
        """

        def settled() -> Literal[True]:
            behind = self.behind(but=but)
            assert not behind, f"{len(behind)} are behind, such as {behind[:4]}"
            return True

        wait_until(settled, SETTLE_SECONDS, "all lanes to be empty", pause_seconds=0.4)

    def behind(self, *, but: Collection[UUID] = ()) -> list[tuple[Any, ...]]:
        """Lanes that are behind their source or wait, relays and followers that are behind their log."""
        return [one for one in (*self._lanes_behind(), *self._runners_behind()) if one[0] not in but]

    def _lanes_behind(self) -> Iterator[tuple[Any, ...]]:
        heads = {source: self.numbers(source) for source in SERVICES}
        for listener, sources in LISTENS_TO.items():
            lanes = self.installation.rows(listener, "SELECT source, tenant, number FROM messages.lanes")
            handled = {(row.source, row.tenant): row.number for row in lanes}
            for source in sources:
                for tenant, number in heads[source].items():
                    if handled.get((source, tenant), 0) != number:
                        yield tenant, listener, source, handled.get((source, tenant), 0), number
            for row in self.installation.rows(listener, "SELECT tenant, source, reason FROM messages.waiting_lanes"):
                yield row.tenant, listener, row.source, row.reason

    def numbers(self, source: str) -> dict[UUID, int]:
        """The last public number of each of a source's tenants."""
        chosen = "SELECT tenant, public_number FROM ledger.heads WHERE log = :log AND public_number > 0"
        return {row.tenant: row.public_number for row in self.installation.rows(source, chosen, log=source)}

    def _runners_behind(self) -> Iterator[tuple[Any, ...]]:
        for service in SERVICES:
            chosen = """SELECT h.tenant, h.size, p.position, h.public_number, c.number
                FROM ledger.heads h LEFT JOIN read.positions p USING (tenant) LEFT JOIN messages.relay_cursors c
                USING (tenant) WHERE h.log = :log AND (h.size <> coalesce(p.position, 0)
                OR h.public_number <> coalesce(c.number, 0))"""
            for row in self.installation.rows(service, chosen, log=service):
                yield row.tenant, service, *tuple(row)[1:]

    # ---- the contract

    def check(self) -> None:
        """Nothing lost, nothing twice, in order, each clock once; all that settled."""
        said = {source: said_by(self.installation, source) for source in SERVICES}
        self.every_public_event_is_in_every_inbox_once(said)
        opened = [one for one in said["cases"] if one.type == "cases.case_opened.v1"]
        self.every_confirmed_report_has_its_cases(opened)
        self.registers_have_no_gaps(opened)
        self.order_is_kept(said["reports"])
        self.clocks_fired_once()

    def every_public_event_is_in_every_inbox_once(self, said: dict[str, list[Said]]) -> None:
        """Each number once and with the hash of the source's row; beside them only what its source has lost since."""
        for listener, sources in LISTENS_TO.items():
            for source in sources:
                expected = Counter(one.heard for one in said[source])
                heard = Counter(heard_by(self.installation, listener, source))
                if listener == source and self.lost[source]:  # it followed the older copy until that was restored
                    assert heard >= expected, f"{listener} of itself"
                    assert set(heard.values()) == {1}
                else:
                    assert heard == expected + Counter(self.lost[source]), f"{listener} of {source}"

    def every_confirmed_report_has_its_cases(self, opened: Sequence[Said]) -> None:
        """As many as its confirmation says, each linked at its report, and known to `referrals`, once."""
        by_report = Counter(one.body["report"] for one in opened)
        assert by_report == Counter({str(report): cases for report, cases in self.flow.confirmed.items()})
        assert self._streams("reports", "reports.case_linked") == by_report
        teams = self._streams("referrals", "referrals.case_team_formed")
        assert teams.total() == by_report.total()
        assert set(teams.values()) <= {1}

    def registers_have_no_gaps(self, opened: Sequence[Said]) -> None:
        """1, 2, 3, … in each school."""
        numbers: dict[UUID, list[int]] = defaultdict(list)
        for one in opened:
            numbers[one.heard.tenant].append(one.body["number"])
        assert set(numbers) <= set(self.flow.tenants)
        for tenant, given in numbers.items():
            assert given == list(range(1, len(given) + 1)), tenant

    def order_is_kept(self, reports: Sequence[Said]) -> None:
        """The cases of each school stand in its log in the order in which the reports were confirmed in theirs."""
        number_of = {
            public_event_id(one.heard.tenant, "reports", one.heard.number, one.heard.hash): one.heard.number
            for one in reports
            if one.type == "reports.report_confirmed.v1"
        }
        chosen = "SELECT tenant, cause FROM ledger.events WHERE topic = 'cases.case_opened' ORDER BY position"
        order: dict[UUID, list[int]] = defaultdict(list)
        for row in self.installation.rows("cases", chosen):
            order[row.tenant].append(number_of[row.cause])
        for tenant, numbers in order.items():
            assert numbers == sorted(numbers), tenant

    def clocks_fired(self) -> Literal[True]:
        """Whether the clock has spoken of every report that was left open: AssertionError where it has not."""
        missed = self._streams("reports", "reports.deadline_missed")
        assert len(missed) >= len(self.flow.left_open), f"{len(missed)} of {len(self.flow.left_open)}"
        return True

    def clocks_fired_once(self) -> None:
        """For each report in danger that nobody looked at, if its time has passed, each rung of its ladder once; for no
        other. The follower keeps one row for each rung, however often it was spoken of.
        """

        def each_once() -> Literal[True]:
            missed = self._streams("reports", "reports.deadline_missed")
            assert set(missed) <= set(map(str, self.flow.left_open))
            rungs = self.installation.rows("reports", "SELECT stream FROM messages.climbed")
            assert missed == Counter(str(row.stream) for row in rungs)
            return True

        # The clock may climb the next rung, and its follower hear of it, between the two looks; what is spoken of
        # twice stays so.
        wait_until(each_once, CLIMBED_SECONDS, "each rung to have been spoken of once")
        assert set(self._streams("cases", "cases.deadline_missed").values()) <= {1}

    def _streams(self, service: str, topic: str) -> Counter[str]:
        chosen = "SELECT stream FROM ledger.events WHERE topic = :topic"
        return Counter(str(row.stream) for row in self.installation.rows(service, chosen, topic=topic))

    def ledgers_verify(self) -> int:
        """Every log of every service, to the last byte; gives how many events that were."""
        verified = json.loads(self.installation.qorgan("audit", "verify", "--json"))
        assert verified["findings"] == []
        events: int = verified["totals"]["events"]
        return events

    # ---- a source that was restored

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
