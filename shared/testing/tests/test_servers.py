from __future__ import annotations

import socket

import kombu
import psycopg
import pytest

from shared.testing.private_servers import PrivatePostgres, PrivateRabbitmq, free_port
from shared.testing.virtual_hosts import in_virtual_host, prove, virtual_hosts_of
from shared.testing.wire import ServerUnusableError, speak_amqp, speak_postgres


class TestSpeakingPostgres:
    def test_names_the_servers_version(self, postgres_admin_url: str) -> None:
        """The version is what the server itself says of its own."""
        with psycopg.connect(postgres_admin_url) as connection:
            said = connection.execute("SHOW server_version").fetchone()
        assert said == (speak_postgres(postgres_admin_url),)

    def test_fails_where_nothing_listens(self) -> None:
        """A closed port is no server."""
        with pytest.raises(ServerUnusableError, match="does not answer"):
            speak_postgres(f"postgresql://127.0.0.1:{free_port()}")

    def test_fails_for_another_program_on_the_port(self, amqp_url: str) -> None:
        """That something listens proves nothing."""
        port = kombu.Connection(amqp_url).port
        with pytest.raises(ServerUnusableError):
            speak_postgres(f"postgresql://127.0.0.1:{port}")

    def test_signs_in_with_a_password(self, own_postgres: PrivatePostgres) -> None:
        """SCRAM, md5 and clear passwords are spoken, and a wrong one is refused."""
        rules = own_postgres.data / "pg_hba.conf"
        for method, kept_as in (("scram-sha-256", "scram-sha-256"), ("md5", "md5"), ("password", "md5")):
            with psycopg.connect(own_postgres.url, autocommit=True) as connection:
                connection.execute("SELECT set_config('password_encryption', %s, false)", [kept_as])
                connection.execute("DROP ROLE IF EXISTS tester")
                connection.execute("CREATE ROLE tester SUPERUSER LOGIN PASSWORD 'құпия сөз'")
                rules.write_text(f"host all tester all {method}\nhost all all all trust\n")
                connection.execute("SELECT pg_reload_conf()")
            own_postgres.stop()
            own_postgres.start()
            where = f"127.0.0.1:{own_postgres.port}/postgres"
            assert speak_postgres(f"postgresql://tester:%D2%9B%D2%B1%D0%BF%D0%B8%D1%8F%20%D1%81%D3%A9%D0%B7@{where}")
            with pytest.raises(ServerUnusableError, match="authentication failed"):
                speak_postgres(f"postgresql://tester:wrong@{where}")

    def test_wants_a_superuser(self, own_postgres: PrivatePostgres) -> None:
        """Tests make databases and roles, so that a lesser role is of no use."""
        with psycopg.connect(own_postgres.url, autocommit=True) as connection:
            connection.execute("CREATE ROLE lesser LOGIN")
        with pytest.raises(ServerUnusableError, match="not as a superuser"):
            speak_postgres(f"postgresql://lesser@127.0.0.1:{own_postgres.port}/postgres")


class TestSpeakingAmqp:
    def test_fails_where_a_server_says_nothing(self) -> None:
        """A port that accepts and stays silent is no broker."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.listen()
            with pytest.raises(ServerUnusableError, match="does not let us in"):
                speak_amqp(f"amqp://127.0.0.1:{listener.getsockname()[1]}")

    def test_says_that_a_password_is_wrong(self, amqp_url: str) -> None:
        """The broker's refusal is passed on."""
        address = kombu.Connection(amqp_url)
        with pytest.raises(ServerUnusableError, match="ACCESS_REFUSED"):
            speak_amqp(f"amqp://guest:wrong@{address.hostname}:{address.port}/")


class TestAVirtualHostOfOnesOwn:
    def test_carries_messages(self, amqp_vhost: str) -> None:
        """What is sent in it arrives in it."""
        with kombu.Connection(amqp_vhost) as connection:
            queue = connection.SimpleQueue("letters")
            queue.put({"greeting": "сәлем"})
            message = queue.get(timeout=5)
            message.ack()
            assert message.payload == {"greeting": "сәлем"}
            queue.close()

    def test_is_not_the_brokers_own(self, amqp_vhost: str, amqp_url: str) -> None:
        """Each test has a virtual host to itself."""
        assert kombu.Connection(amqp_vhost).virtual_host != kombu.Connection(amqp_url).virtual_host

    def test_is_gone_once_it_is_removed(self, amqp_url: str) -> None:
        """Making one, opening it and removing it leaves nothing behind."""
        hosts = virtual_hosts_of(amqp_url)
        hosts.create("qorgan-test-short-lived", "guest")
        hosts.remove("qorgan-test-short-lived")
        with pytest.raises(ServerUnusableError, match="NOT_ALLOWED"):
            speak_amqp(in_virtual_host(amqp_url, "qorgan-test-short-lived"))

    def test_of_another_broker_is_found_out(self, amqp_url: str, own_rabbitmq: PrivateRabbitmq) -> None:
        """A rabbitmqctl that works, but on another node than the URL's, does not pass for provisioning."""
        with pytest.raises(ServerUnusableError, match="NOT_ALLOWED"):
            prove(own_rabbitmq.virtual_hosts, amqp_url)


class TestAPostgresOfOnesOwn:
    def test_keeps_what_was_committed_when_it_is_killed(self, own_postgres: PrivatePostgres) -> None:
        """Killing is a crash, not a loss."""
        with psycopg.connect(own_postgres.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        own_postgres.kill()
        with pytest.raises(ServerUnusableError):
            speak_postgres(own_postgres.url)
        own_postgres.start()
        with psycopg.connect(own_postgres.url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)

    def test_starts_empty_when_it_was_wiped(self, own_postgres: PrivatePostgres) -> None:
        """Wiping loses everything."""
        with psycopg.connect(own_postgres.url) as connection:
            connection.execute("CREATE TABLE lost AS SELECT 7 AS number")
        own_postgres.wipe()
        own_postgres.start()
        with psycopg.connect(own_postgres.url) as connection:
            assert connection.execute("SELECT to_regclass('lost')").fetchone() == (None,)


class TestARabbitmqOfOnesOwn:
    def test_keeps_over_a_stop_and_forgets_after_a_wipe(self, own_rabbitmq: PrivateRabbitmq) -> None:
        """A durable queue outlives the node's end in good order, and not the loss of its disk."""
        with kombu.Connection(own_rabbitmq.url) as connection:
            kombu.Queue("kept", channel=connection.default_channel, durable=True).declare()
        own_rabbitmq.stop()
        own_rabbitmq.start()
        assert "kept" in own_rabbitmq.control("--quiet", "list_queues", "name").split()
        own_rabbitmq.wipe()
        own_rabbitmq.start()
        assert "kept" not in own_rabbitmq.control("--quiet", "list_queues", "name").split()

    def test_is_silent_when_killed_and_comes_back(self, own_rabbitmq: PrivateRabbitmq) -> None:
        """Killing is a crash: what the node had not written yet (a queue declared just now, say) may be lost."""
        own_rabbitmq.kill()
        with pytest.raises(ServerUnusableError):
            speak_amqp(own_rabbitmq.url)
        own_rabbitmq.start()
        assert speak_amqp(own_rabbitmq.url)
