"""Two schools share an installation: no call and no query of any service shows the one anything of the other (CON-08).

On PostgreSQL also where our own code forgets the tenant, names a wrong one, or a pooled connection comes with somebody
else's. Calls and queries are discovered: a new one is tried too, or the test says that it is not.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text

from cli.services import ALL_SERVICES
from shared.ledger.access_log import AccessLog
from shared.ledger.damage import LedgerDamagedError
from shared.ledger.database import Database
from shared.ledger.install import install_postgres, remove_postgres
from shared.ledger.recorder import TenantRecorder
from shared.ledger.tiles import StoredTiles
from shared.messaging.pull import heads_page, pull_page
from shared.testing.ledger import LedgerServer
from tests.security.test_walls import LISTS, OF_A_MATTER, sent, unknown_ids
from tests.support.doors import all_calls
from tests.support.suites import alone
from tests.support.two_schools import TwoSchools, query_functions

ON_POSTGRES = pytest.mark.parametrize("schools", ["postgres"], indirect=True)
"""On SQLite a hook refuses a statement without a tenant: test_isolation.py."""


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def schools(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoSchools]:
    """Both with a matter."""
    folder = tmp_path_factory.mktemp("schools")
    if request.param == "sqlite":
        with TwoSchools.open(folder) as schools:
            yield schools
        return
    shared: LedgerServer = request.getfixturevalue("ledger_server")
    server = LedgerServer(shared.admin, f"{shared.name}_two")
    try:
        for parts in ALL_SERVICES:
            install_postgres(server.admin, f"{server.name}_{parts.name}", parts.metadata)
        with alone("distributed-suite"), TwoSchools.open(folder, server) as schools:  # as many connections as one
            yield schools
    finally:
        for parts in ALL_SERVICES:
            remove_postgres(server.admin, f"{server.name}_{parts.name}")


@pytest.mark.requirement("CON-08")
class TestASchool:
    def test_gets_from_every_call_for_anothers_matter_what_an_unknown_id_gets(self, schools: TwoSchools) -> None:
        """To the letter, by its head, who sees everything of its own."""
        hidden, theirs = vars(schools.ours.matter), schools.theirs
        for name, call in OF_A_MATTER.items():
            for by in (theirs.cast.head, theirs.cast.pedagogue):
                found = schools.house.ask(name, by, sent(call, hidden), tenant=theirs.tenant)
                unknown = sent(call, unknown_ids())
                assert found == schools.house.ask(name, by, unknown, tenant=theirs.tenant), name
                assert not found["ok"], name

    def test_finds_in_no_list_anything_of_another(self, schools: TwoSchools) -> None:
        for name in LISTS:
            for by in (schools.theirs.cast.head, schools.theirs.cast.pedagogue, schools.ours.cast.head):
                answer = str(schools.house.ask(name, by, {}, tenant=schools.theirs.tenant))
                assert not schools.ours.matter.named_in(answer), name

    def test_acts_in_another_by_no_token_of_its_own(self, schools: TwoSchools) -> None:
        """The tenant is the token's: naming another in what is sent changes nothing."""
        tenant = str(schools.ours.tenant)
        for name in LISTS:
            answer = schools.house.ask(name, schools.theirs.cast.head, {"tenant": tenant}, tenant=schools.theirs.tenant)
            assert not schools.ours.matter.named_in(str(answer)), name


SHARED_BY_QUERIES = {
    *("see_case", "is_walled_anywhere", "next_duty", "cases_to_see"),
    *("attachments_of", "sent_in", "told_by_receipt", "progress_of"),
    *("messages_of", "spoken", "in_utc", "visible_reports", "visible_notes"),
    *("rows_of", "history_of", "open_cases_of", "counted_cases", "see_service", "duties_of"),
    *("told_of", "joined", "dated", "each_of", "facts_of"),
}
"""What queries share, and is asked by them alone."""


SILENT = {
    "reports.reports_to_triage": "nothing is left to triage",
    "reports.similar_reports": "nothing is alike",
    "reports.reports_about_adult": "nobody else complained",
    "cases.destructions_of_cases": "no case has ended",
}.keys()
"""Queries that have nothing to tell here."""

OF_NOBODYS_MATTER = {
    *("accounts.agencies", "accounts.show_agency", "referrals.agencies", "referrals.agencies_needed"),
    *("accounts.schools_of_department", "accounts.engagements_of_department", "accounts.policy_of_department"),
    "reports.way_in",
}
"""What is told of no child, and leaves no entry: who there is, what is ruled, and whom a child can turn to."""

READERS = ("cases.case_accesses", "reports.report_accesses")
"""Who read a matter: each answer, and those of other queries, are in the next one."""


@pytest.mark.requirement("CON-08")
class TestAQuery:
    def test_is_reached_by_a_door_and_tried_here(self) -> None:
        """Whatever a service's room `queries` has."""
        calls = [call for call in all_calls().values() if call.kind == "query"]
        for parts in ALL_SERVICES:
            tried = {call.leads_to for call in calls if call.name.startswith(f"{parts.name}.")}
            others = {one.__name__ for one in query_functions(parts.name) - tried}
            assert others <= SHARED_BY_QUERIES

    def test_of_a_school_tells_of_that_school(self, schools: TwoSchools) -> None:
        """Otherwise nothing below could fail."""
        silent = {name for name, asked in schools.queries().items() if not asked.tells(asked.answer())}
        assert silent == SILENT

    @pytest.mark.requirement("CON-01")
    def test_that_answers_leaves_an_entry_in_the_access_log(self, schools: TwoSchools) -> None:
        """In the tenant that was asked about, by whoever asked: every read but those of nobody's matter."""
        unrecorded = set()
        for name, asked in schools.queries().items():
            log = asked.application.access_log
            before = len(log.entries(asked.tenant))
            answer = asked.answer()
            entries = [entry for entry, _ in log.entries(asked.tenant)[before:]]
            assert asked.tells(answer) or name in SILENT, name
            if not entries:
                unrecorded.add(name)
            actors = {entry.actor for entry in entries}
            assert actors <= {asked.by.id} or all(one.startswith("reporter:") for one in actors), name
        assert unrecorded == OF_NOBODYS_MATTER

    @ON_POSTGRES
    def test_with_the_tenant_left_out_tells_nothing(self, schools: TwoSchools, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tell_nothing(schools, monkeypatch, None)

    @ON_POSTGRES
    def test_with_another_tenant_tells_nothing(self, schools: TwoSchools, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tell_nothing(schools, monkeypatch, uuid4())
        self.tell_nothing(schools, monkeypatch, schools.theirs.tenant)

    def tell_nothing(self, schools: TwoSchools, monkeypatch: pytest.MonkeyPatch, tenant: UUID | None) -> None:
        queries = schools.queries()
        with monkeypatch.context() as mistaken:
            mistaken.setattr(Database, "tenant", mistaken_for(tenant))
            told = {name: asked.tells(asked.answer()) for name, asked in queries.items()}
        assert {name: names for name, names in told.items() if names} == {}

    @ON_POSTGRES
    def test_on_a_connection_that_somebody_left_in_another_tenant_tells_the_same(self, schools: TwoSchools) -> None:
        """Not only the setting of a transaction, which ends with it: one for the whole session."""
        queries = schools.queries()
        before = {name: asked.answer() for name, asked in queries.items() if name not in READERS}
        read_before = {name: json.loads(queries[name].answer()) for name in READERS}
        databases = {asked.application.parts.database for asked in queries.values()}
        for database in databases:
            leave_in(database, schools.theirs.tenant)
        after = {name: queries[name].answer() for name in before}
        read_after = {name: json.loads(queries[name].answer()) for name in READERS}
        for database in databases:
            database.dispose()
        assert after == before
        ours = {one.id for one in vars(schools.ours.cast).values()}
        for name, rows in read_after.items():
            assert read_before[name], name
            assert all(row in rows for row in read_before[name]), name
            actors = {row["actor"] for row in rows if row not in read_before[name]}
            assert {one for one in actors if not one.startswith("reporter:")} <= ours, name


def mistaken_for(tenant: UUID | None) -> Callable[[Database, UUID], AbstractContextManager[Connection]]:
    """What stands for `Database.tenant` in code that forgets whose rows it reads, or takes another's."""

    @contextmanager
    def transaction(database: Database, _: UUID) -> Iterator[Connection]:
        with database.service_engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            set_to = "SELECT set_config('qorgan.tenant', :tenant, true)"
            connection.execute(text(set_to), {"tenant": str(tenant) if tenant else ""})
            yield connection
            connection.exec_driver_sql("ROLLBACK")

    return transaction


def leave_in(database: Database, tenant: UUID) -> None:
    """Leaves every pooled connection in a tenant, for its session's whole life."""
    if database.is_sqlite:
        return
    taken = [database.service_engine.connect() for _ in range(3)]
    for connection in taken:
        connection.execute(text("SELECT set_config('qorgan.tenant', :tenant, false)"), {"tenant": str(tenant)})
    for connection in taken:
        connection.close()


READS: dict[str, Callable[[Any, UUID], Any]] = {
    "TenantRecorder.select_events": lambda of, stream: of.recorder.select_events(stream),
    "TenantRecorder.select_notifications": lambda of, _: of.recorder.select_notifications(1, 10),
    "TenantRecorder.max_notification_id": lambda of, _: of.recorder.max_notification_id(),
    "AccessLog.entries": lambda of, _: of.access_log.entries(of.tenant),
    "StoredTiles.kept": lambda of, _: of.tiles.kept(0),
    "StoredTiles.tile": lambda of, _: refused(lambda: of.tiles.tile(0, 0, 1)),
}
"""Every method that reads rows of a tenant, and how it is called."""

NO_READS = {
    "TenantRecorder.insert_events": "appends, by a function that takes the tenant",
    "TenantRecorder.request": "makes a request of what it is given",
    "TenantRecorder.subscribe": "is not offered",
    "AccessLog.record": "appends",
    "AccessLog.record_export": "appends",
    "AccessLog.event_key": "derives a key from one that StreamKeys reads",
    "StoredTiles.read_ahead": "reads by a function that takes the tenant; what it finds is given by tile",
    "StoredTiles.keep": "writes, by a function that takes the tenant",
}


def refused(read: Callable[[], Any]) -> Any:
    """What is read; None where rows are missing."""
    try:
        return read()
    except LedgerDamagedError:
        return None


class Readers:
    """Everything that reads a service's ledger for one tenant."""

    def __init__(self, application: Any, tenant: UUID) -> None:
        self.tenant = tenant
        self.recorder = TenantRecorder(application.parts.database, tenant, application.name)
        self.access_log = application.access_log
        self.tiles = StoredTiles(application.parts.database, tenant, application.name)


class TestARecorder:
    @pytest.mark.parametrize("kind", [TenantRecorder, AccessLog, StoredTiles])
    def test_has_no_method_that_is_not_tried_here(self, kind: type) -> None:
        """Public ones of its own."""
        methods = {f"{kind.__name__}.{name}" for name, one in vars(kind).items() if inspect.isfunction(one)}
        methods = {name for name in methods if "._" not in name}
        assert methods <= {*READS, *NO_READS}
        assert {name for name in {*READS, *NO_READS} if name.startswith(f"{kind.__name__}.")} <= methods

    @ON_POSTGRES
    @pytest.mark.parametrize("read", READS)
    @pytest.mark.parametrize("service", ["reports", "cases", "referrals"])
    def test_without_its_tenant_reads_nothing(
        self, schools: TwoSchools, service: str, read: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Left out, or another's; with its own it reads something."""
        application = schools.house.running[service].service.application
        application.record_read(schools.ours.tenant, schools.ours.cast.head, "a matter", [uuid4()], "a rule")
        ours = Readers(application, schools.ours.tenant)
        stream = ours.recorder.select_notifications(1, 1)[0].stream
        if read != "StoredTiles.kept":
            assert READS[read](Readers(application, ours.tenant), stream)
        for mistaken in (None, schools.theirs.tenant):
            with monkeypatch.context() as changed:
                changed.setattr(Database, "tenant", mistaken_for(mistaken))
                assert not READS[read](Readers(application, ours.tenant), stream)


class TestAPull:
    def test_gives_no_more_than_the_tenants_own_public_rows(self, schools: TwoSchools) -> None:
        """Relay and pull read across tenants by their role: what they give is of the one that is asked for."""
        for running in schools.house.running.values():
            for school in (schools.ours, schools.theirs):
                other = schools.theirs if school is schools.ours else schools.ours
                rows = str(pull_page(running.service, school.tenant, 0, 500))
                assert str(other.tenant) not in rows
                assert not other.matter.named_in(rows)
            assert not schools.ours.matter.named_in(str(heads_page(running.service, None)))
