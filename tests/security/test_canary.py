"""The canary test (ARCHITECTURE, section 4): what people write is found in no log, page, queue, file or environment.

A word unique to the run stands in every free text of a case's whole way, in logins and passwords, in refused requests
and in what a browser tells of itself; then every place that outlives a request is searched for it, in many forms.
Messages of RPC are not among them: between gateway and services the words must go, and nothing holds them there.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kombu import Queue
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from cli.api_client import Api, RefusedError
from cli.services import ALL_SERVICES
from cli.story.city import City
from cli.story.main_case import Story
from shared.messaging.transport import connection, exchange_of
from shared.testing.virtual_hosts import in_virtual_host, virtual_hosts_of
from shared.testing.waiting import wait_until
from shared.testing.wire import amqp_address
from tests.support.canaries import ADDRESS, Canary, Needles, maker_with, misuse, say_everywhere
from tests.support.cities import city_of
from tests.support.suites import RunningSuite, distributed_suite, embedded_suite

CHILD, PHONE = "Үрпек Әлімжанұлы Ғани", "+77013450921"
SHADOW = "canary.shadow"
SETTINGS = {"QORGAN_LOG_LEVEL": "debug"}


@dataclass(frozen=True)
class Played:
    """A suite in which the word was said wherever something can be said."""

    suite: RunningSuite
    city: City
    story: Story
    anonymous: str
    receipt: str
    canary: Canary
    folder: Path
    shadow: Callable[[], list[bytes]]
    databases: Mapping[str, Engine]

    @property
    def needles(self) -> Needles:
        """The word, and texts that came without it."""
        words = {"word": self.canary.word, "name": CHILD, "phone": PHONE, "address": ADDRESS}
        words |= {"receipt": self.receipt, "receipt as read": self.receipt.replace("-", "")}
        return Needles(words | {"session": str(self.story.school.api("head").session).rpartition(".")[2]})

    @property
    def output(self) -> Path:
        """All that the suite's processes printed and logged."""
        return self.folder / "output"


@contextmanager
def play(suite: RunningSuite, canary: Canary) -> Iterator[tuple[City, Story, dict[str, str]]]:
    """The whole story, a report by nobody with what is said after it, and requests that are refused."""
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as monkeypatch:
            say_everywhere(canary, monkeypatch)
            city = stack.enter_context(city_of(suite, maker_with(canary)))
            story = Story(city)
            assert list(story.play())
            said = {
                "source": "neighbour",
                "channel": "web",
                "description": f"{CHILD}, {PHONE}",
                "child": {"name": CHILD, "class_name": "5 «Ә»"},
                "informant": {"name": f"Көршісі {CHILD}", "contact": PHONE},
            }
            nobody = Api(suite.address, tenant=story.school.id)
            anonymous = nobody.post("/reports", said)
            asked = {"text": f"{CHILD} қазір қайда?", "asks": True}
            story.school.api("deputy").post(f"/reports/{anonymous['report']}/messages", asked)
            nobody.post("/receipt/facts", {"receipt": anonymous["receipt"], "text": PHONE, "answers": 1})
            paper = b"%PDF-1.4\n%" + f"{canary.word} {CHILD}, {PHONE}".encode() + bytes(600_000) + b"\n%%EOF\n"
            nobody.attach("/receipt/attachments", paper, name=f"{CHILD}.pdf", receipt=anonymous["receipt"])
            with pytest.raises(RefusedError):  # a refused one leaves nothing either
                nobody.attach("/receipt/attachments", b"MZ" + paper, name=PHONE, receipt=anonymous["receipt"])
            assert CHILD in json.dumps(nobody.post("/receipt", {"receipt": anonymous["receipt"]}), ensure_ascii=False)
        refused = misuse(suite.address, canary, str(story.school.api("head").session), story.school.id)
        assert all(400 <= status < 500 for status in refused), refused
        yield city, story, anonymous


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """One process, SQLite files."""
    folder, canary = tmp_path_factory.mktemp("canary"), Canary()
    (folder / "tmp").mkdir()
    settings = SETTINGS | {"TMPDIR": str(folder / "tmp")}
    with embedded_suite(folder / "home", folder / "output", **settings) as suite:
        with play(suite, canary) as (city, story, said):
            yield Played(suite, city, story, said["report"], said["receipt"], canary, folder, list, {})


@pytest.fixture(scope="module")
def distributed(tmp_path_factory: pytest.TempPathFactory, postgres_admin_url: str, amqp_url: str) -> Iterator[Played]:
    """A process for each service, PostgreSQL, RabbitMQ with a queue in which everything is left that is published."""
    folder, canary = tmp_path_factory.mktemp("canary"), Canary()
    (folder / "tmp").mkdir()
    settings = SETTINGS | {"TMPDIR": str(folder / "tmp")}
    hosts, name = virtual_hosts_of(amqp_url), f"qorgan-canary-{secrets.token_hex(4)}"
    hosts.create(name, amqp_address(amqp_url).user)
    url = in_virtual_host(amqp_url, name)
    try:
        bind_shadow(url)
        with distributed_suite(folder, postgres_admin_url, url, folder / "output", **settings) as suite:
            databases = databases_of(suite, postgres_admin_url)
            with play(suite, canary) as (city, story, said):
                kept: list[bytes] = []  # tests run in any order, and each looks at all of it

                def shadow() -> list[bytes]:
                    kept.extend(drained(url))
                    return kept

                yield Played(suite, city, story, said["report"], said["receipt"], canary, folder, shadow, databases)
    finally:
        hosts.remove(name)


@pytest.fixture(scope="module", params=["embedded", "distributed"])
def played(request: pytest.FixtureRequest) -> Played:
    """Each way to run the suite."""
    found: Played = request.getfixturevalue(request.param)
    return found


def bind_shadow(url: str) -> None:
    """Makes a queue bound to every service's exchange by `#`."""
    with connection(url) as opened:
        channel = opened.channel()
        for parts in ALL_SERVICES:
            Queue(SHADOW, exchange_of(parts.name), routing_key="#", durable=True)(channel).declare()


def drained(url: str) -> list[bytes]:
    """Every message that came to the shadow queue since it was last drained."""
    found = []
    with connection(url) as opened:
        channel = opened.channel()
        while message := channel.basic_get(SHADOW, no_ack=True):
            found.append(message.body if isinstance(message.body, bytes) else str(message.body).encode())
    return found


def databases_of(suite: RunningSuite, postgres: str) -> dict[str, Engine]:
    """A superuser's connections to the suite's databases."""
    admin = make_url(postgres).set(drivername="postgresql+psycopg")
    prefix = suite.environment["QORGAN_DATABASE_PREFIX"]
    return {
        parts.name: create_engine(
            admin.set(database=f"{prefix}_{parts.name}"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        for parts in ALL_SERVICES
    }


def copied(engine: Engine) -> Iterator[tuple[str, bytes]]:
    """Every table of a database with its content as COPY tells it."""
    chosen = text(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'"
    )
    with engine.connect() as opened:
        driver: Any = opened.connection.driver_connection
        for table in opened.scalars(chosen).all():
            with driver.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                yield table, b"".join(bytes(block) for block in copy)


def files_of_server(engine: Engine) -> list[Path]:
    """The files of a database's relations as they lie on the disk, where this machine is the server's."""
    with engine.connect() as opened:
        opened.exec_driver_sql("CHECKPOINT")
        folder = Path(str(opened.scalar(text("SHOW data_directory"))))
        number = opened.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    return _files(folder / "base" / str(number))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def in_tables(needles: Needles, databases: Mapping[str, Engine]) -> dict[str, Any]:
    """What is found in the tables of all databases."""
    found = {
        f"{service} {table}": needles.in_bytes(content)
        for service, engine in databases.items()
        for table, content in copied(engine)
    }
    return {place: here for place, here in found.items() if here}


class TestTheWord:
    """First that the search is worth something: the word was taken, and is shown to who may see it."""

    def test_was_said_and_can_be_read_by_whoever_may(self, played: Played) -> None:
        school, word = played.story.school, played.canary.word
        timeline = json.dumps(school.api("psychologist").get(f"{played.story.of_case}/timeline"))
        assert timeline.count(word) > 20
        assert word in json.dumps(school.api("deputy").get(f"/reports/{played.story.report}"))
        assert CHILD in json.dumps(school.api("deputy").get(f"/reports/{played.anonymous}"), ensure_ascii=False)

    def test_is_in_a_log_that_verifies(self, played: Played) -> None:
        home = ["--home", str(played.suite.home)] if played.suite.partner_url is None else []
        verified = played.suite.qorgan("audit", "verify", "--json", *home)
        assert json.loads(verified.stdout)["totals"]["opened"] > 100


@pytest.mark.requirement("CON-07")
class TestNothingThatWasSaid:
    def test_is_in_what_the_processes_print_or_log(self, played: Played) -> None:
        """At every level: the suite runs with `debug`."""
        printed = played.output.read_text(errors="replace")
        assert {"debug", "info"} <= set(re.findall(r'"level": "(\w+)"', printed))
        assert played.needles.in_file(played.output) == set()

    def test_is_in_a_file_of_the_home(self, played: Played) -> None:
        """Databases with their write-ahead logs, keys, partners, whatever lies there."""
        files = [path for path in _files(played.suite.home) if path != played.output]
        assert len(files) > 10
        if not played.databases:
            assert any(path.name.endswith(".db-wal") for path in files)
        assert played.needles.in_files(files) == {}

    def test_is_in_a_table(self, played: Played) -> None:
        if played.databases:
            assert in_tables(played.needles, played.databases) == {}

    def test_is_in_a_page_on_the_servers_disk(self, played: Played) -> None:
        for engine in played.databases.values():
            files = files_of_server(engine)
            assert len(files) > 100
            assert played.needles.in_files(files) == {}

    def test_is_in_what_is_published(self, played: Played) -> None:
        if played.databases:
            messages = played.shadow()
            assert len(messages) > 30
            assert [found for message in messages if (found := played.needles.in_bytes(message))] == []

    def test_is_in_a_temporary_file(self, played: Played) -> None:
        assert played.needles.in_files(_files(played.folder / "tmp")) == {}

    def test_is_in_the_environment_or_on_the_command_line(self, played: Played) -> None:
        assert played.suite.pids
        for pid in played.suite.pids:
            files = [Path(f"/proc/{pid}/{name}") for name in ("environ", "cmdline")]
            assert all(path.read_bytes() for path in files)
            assert played.needles.in_files(files) == {}


class TestTheSearch:
    """Each place is seen to give the word away once it is there."""

    @pytest.mark.parametrize("word", ["qanary0123456789abcdef", CHILD, PHONE])
    def test_knows_every_form(self, word: str) -> None:
        around = f"алды {word} арты"
        needles = Needles({"word": word})
        escaped = json.dumps(around)
        for told in (around, escaped, json.dumps(escaped)):
            assert needles.in_bytes(told.encode()), told
        for told in ("алды ", "алды1 ", "алды12 "):
            for coded in (around.encode(), around.encode("utf-16-le"), around.encode("utf-16-be")):
                assert needles.in_bytes(coded)
            for data in (told.encode() + word.encode(), (told + word).encode("utf-16-le")):
                assert needles.in_bytes(base64.b64encode(data + b"...")), told
                assert needles.in_bytes(base64.urlsafe_b64encode(data)), told
                assert needles.in_bytes(data.hex().encode())
        assert not needles.in_bytes(around.replace(word, "").encode())

    def test_knows_a_word_that_two_pieces_share(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tests.support.canaries.PIECE", 16)
        (tmp_path / "file").write_bytes(b"." * 9 + b"qanary0123456789abcdef" + b"." * 50)
        assert Needles({"word": "qanary0123456789abcdef"}).in_files([tmp_path / "file"])

    def test_finds_it_in_a_file_a_database_and_an_environment(self, embedded: Played, tmp_path: Path) -> None:
        word = embedded.canary.word
        with closing(sqlite3.connect(tmp_path / "planted.db")) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("CREATE TABLE planted (word TEXT)")
            database.execute("INSERT INTO planted VALUES (?)", (f"Әл {word}",))
            database.commit()
            assert list(embedded.needles.in_files(_files(tmp_path))) == [str(tmp_path / "planted.db-wal")]
        with subprocess.Popen([shutil.which("sleep") or "sleep", "60"], env={"SAID": word}) as process:
            environ = [Path(f"/proc/{process.pid}/environ")]
            found = wait_until(lambda: embedded.needles.in_files(environ), 60, "the process to have its environment")
            process.kill()
        assert {kind for _, kind in next(iter(found.values()))} == {"plain"}

    @pytest.mark.parametrize("column", ["text", "bytea"])
    def test_finds_it_in_a_table_and_on_the_servers_disk(self, distributed: Played, column: str) -> None:
        engine = distributed.databases["cases"]
        with engine.connect() as opened:
            opened.exec_driver_sql(f"CREATE TABLE public.planted (word {column})")
            opened.execute(
                text(f"INSERT INTO public.planted VALUES (CAST(:word AS {column}))"), {"word": distributed.canary.word}
            )
            try:
                assert set(in_tables(distributed.needles, {"cases": engine})) == {"cases planted"}
                assert distributed.needles.in_files(files_of_server(engine))
            finally:
                opened.exec_driver_sql("DROP TABLE public.planted")

    def test_finds_it_in_a_message(self, distributed: Played) -> None:
        url = distributed.suite.environment["QORGAN_AMQP_URL"]
        before = len(distributed.shadow())
        with connection(url) as opened:
            opened.Producer(exchange=exchange_of("cases")).publish(
                {"said": distributed.canary.word}, routing_key="planted", serializer="json"
            )
        messages = distributed.shadow()
        [found] = [here for message in messages[before:] if (here := distributed.needles.in_bytes(message))]
        del messages[before:]
        assert ("word", "plain") in found
