"""Webhooks to a real HTTPS receiver, letters to a real mail server: signed, retried, logged, lost by no restart."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from standardwebhooks import Webhook

from cli.partner_client import AgencyKeys, PartnerClient
from services.gateway.web.letters import letter
from services.referrals import commands, queries
from services.referrals.domain.errors import MessageRefusedError, WebhookAddressRefusedError
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import State
from services.referrals.partners import replies
from services.referrals.partners.courier import Courier, Outside
from services.referrals.partners.mail import Post
from services.referrals.partners.webhooks import WebhookCaller
from services.referrals.tests import builders as b
from services.referrals.tests.entrypoints.test_links import CRISIS, CRISIS_FACTS
from services.referrals.tests.world import World
from shared.domain import NotPermittedError, UnknownError
from shared.testing.private_servers import free_port

NO_WAIT = timedelta(seconds=1)


@dataclass
class Receiver:
    """An agency's machine: answers with the statuses it was told, then with 204; keeps what came."""

    certificate: Path
    statuses: list[int] = field(default_factory=list)
    took: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.took.append(({name.lower(): value for name, value in self.headers.items()}, body))
                status = receiver.statuses.pop(0) if receiver.statuses else 204
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", receiver.address)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trust.load_cert_chain(self.certificate)
        self._server.socket = trust.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"https://localhost:{self._server.server_port}/qorgan?from=school"

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()


def a_certificate(folder: Path) -> Path:
    """Key and certificate of `localhost`, signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = folder / "localhost.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


@dataclass
class Line:
    """The school's side, the agency's keys and machine, and the webhook between them."""

    world: World
    receiver: Receiver
    partner: PartnerClient
    caller: WebhookCaller
    secret: str

    def courier(self) -> Courier:
        """A courier, as after a restart."""
        return Courier.of(self.world.service, None, Outside(self.caller))

    def deliver(self, courier: Courier | None = None) -> int:
        """What is due is tried, and the read models catch up."""
        sent = (courier or self.courier()).sending.deliver_due()
        self.world.settle()
        return sent

    def log(self, by: Any = b.ADMINISTRATOR, tenant: UUID = b.DEPARTMENT) -> dict[str, Any]:
        """The delivery log, as the administrator reads it."""
        return queries.delivery_log(self.world.application, tenant, by, agency=b.POLICE)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An empty installation."""
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def line(world: World, tmp_path: Path) -> Iterator[Line]:
    """The police are reached by webhook."""
    keys, certificate = AgencyKeys.generate(), a_certificate(tmp_path)
    receiver = Receiver(certificate)
    world.hear_of_agency(b.POLICE, "police", "webhook", department=str(b.DEPARTMENT), **keys.public())
    world.hear_of_case((b.HEAD, "head"), (b.PEDAGOGUE, "social_pedagogue"))
    world.settle()
    world.do(commands.DescribeAgency, b.DEPARTMENT, b.ADMINISTRATOR, agency=b.POLICE, details=b.DETAILS)
    set_up = world.do(commands.SetWebhook, b.DEPARTMENT, b.ADMINISTRATOR, agency=b.POLICE, address=receiver.address)
    ours = replies.keys_of(world.service.signing_key, world.service.public_keys).public()
    trust = ssl.create_default_context(cafile=str(certificate))
    partner = PartnerClient("memory://", b.POLICE, keys, ours, virtual_host="none")
    caller = WebhookCaller(allow_private=True, seconds=5, context=trust)
    yield Line(world, receiver, partner, caller, set_up.body["secret"])
    receiver.close()


class TestAWebhook:
    @pytest.mark.requirement("REF-04")
    def test_brings_the_referral_signed_and_sealed(self, line: Line) -> None:
        """Standard Webhooks around the same CloudEvent as over the broker; nothing in the clear."""
        referral = line.world.request()
        assert line.deliver() == 1
        assert line.deliver() == 0
        ((headers, body),) = line.receiver.took
        assert str(b.FACTS["child_name"]) not in body.decode()
        signed = Webhook(line.secret)
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        assert signed.sign(headers["webhook-id"], at, body.decode()) == headers["webhook-signature"]
        opened = line.partner.open(body)
        assert (opened.id, opened.referral) == (headers["webhook-id"], str(referral))
        assert opened.data["facts"] == b.FACTS
        found = line.world.application.for_tenant(b.SCHOOL).get(Referral, referral)
        assert found.delivered_at is not None
        assert [one["status"] for one in line.log()["attempts"]] == ["taken"]

    def test_is_tried_again_after_growing_waits_by_whichever_courier_there_is(self, line: Line) -> None:
        """Attempts are events: each courier here is a new one, as after a kill; the id stays the same."""
        line.world.request()
        line.receiver.statuses = [503, 302, 500]
        waits = line.world.application.regulations.at("referrals.webhook_waits", line.world.clock.now()).value
        for wait in waits[:3]:
            assert line.deliver() == 0
            tried = len(line.receiver.took)
            line.world.clock.advance(timedelta(seconds=int(wait)) - NO_WAIT)
            assert line.deliver() == 0
            assert len(line.receiver.took) == tried
            line.world.clock.advance(NO_WAIT)
        assert line.deliver() == 1
        assert len({headers["webhook-id"] for headers, _ in line.receiver.took}) == 1
        told = [(one["attempt"], one["status"]) for one in reversed(line.log()["attempts"])]
        assert told == [(1, "http_503"), (2, "http_302"), (3, "http_500"), (0, "taken")]

    def test_that_never_gets_through_is_disabled_until_somebody_enables_it(self, line: Line) -> None:
        """The directory says so to every school; enabling and sending anew is the administrator's."""
        referral = line.world.request()
        line.receiver.statuses = [410]
        assert line.deliver() == 0
        assert not line.log()["webhook"]["enabled"]
        (entry,) = queries.agencies(line.world.application, b.SCHOOL, b.PEDAGOGUE)["agencies"]
        assert entry["entry"]["reached"] is False
        line.world.clock.advance(timedelta(days=30))
        assert line.deliver() == 0
        assert len(line.receiver.took) == 1
        line.world.do(commands.EnableWebhook, b.DEPARTMENT, b.ADMINISTRATOR, agency=b.POLICE)
        again = {"agency": b.POLICE, "referral": referral, "message": "requested"}
        line.world.do(commands.Redeliver, b.DEPARTMENT, b.ADMINISTRATOR, **again)
        line.world.settle()
        assert line.deliver() == 1
        line.world.do(commands.Redeliver, b.DEPARTMENT, b.ADMINISTRATOR, **again)
        line.world.settle()
        assert line.deliver() == 1
        assert line.deliver() == 0
        assert len(line.receiver.took) == 3

    def test_is_given_up_after_the_last_wait(self, line: Line) -> None:
        """Too many in a row."""
        line.world.request()
        waits = line.world.application.regulations.at("referrals.webhook_waits", line.world.clock.now()).value
        line.receiver.statuses = [500] * (len(waits) + 1)
        for wait in (*waits, "1"):
            assert line.log()["webhook"]["enabled"]
            line.deliver()
            line.world.clock.advance(timedelta(seconds=int(wait)))
        assert not line.log()["webhook"]["enabled"]

    @pytest.mark.requirement("REF-03")
    def test_is_answered_by_a_signed_message(self, line: Line) -> None:
        """Taken once; a forged one is not, and an agency there is not is told the same."""
        referral = line.world.request()
        line.deliver()
        document = {
            "id": str(uuid4()),
            "source": line.partner.me,
            "type": "kz.qorgan.referral.accepted.v1",
            "subject": str(referral),
            "time": "2026-11-23T05:00:00Z",
            "audience": "urn:qorgan:referrals",
            "data": {},
        }
        message = json.loads(line.partner.seal(document))
        line.world.clock.advance(timedelta(minutes=1))
        for _ in range(2):
            assert replies.take_message(line.world.application, agency=b.POLICE, message=message) == {
                "taken": "kz.qorgan.referral.accepted.v1"
            }
        found = line.world.application.for_tenant(b.SCHOOL).get(Referral, referral)
        assert found.state is State.ACCEPTED
        line.partner.keys = AgencyKeys.generate()
        forged = json.loads(line.partner.seal(document))
        for agency in (b.POLICE, uuid4()):
            with pytest.raises(MessageRefusedError) as refused:
                replies.take_message(line.world.application, agency=agency, message=forged)
            assert refused.value.facts == {"reason": "wrongly_signed"}


class TestAnAddress:
    @pytest.mark.parametrize(
        ("address", "reason"),
        [
            ("http://police.example/", "not_https"),
            ("https://user:word@police.example/", "more_than_an_address"),
            ("https:///path", "not_an_address"),
            ("https://police.example:0/", "not_an_address"),
            ("https://police.example/ бос", "not_an_address"),
            ("ftp://police.example/", "not_https"),
        ],
    )
    def test_is_of_the_public_web_and_nothing_besides(self, line: Line, address: str, reason: str) -> None:
        """Said when it is set."""
        with pytest.raises(WebhookAddressRefusedError) as refused:
            line.world.do(commands.SetWebhook, b.DEPARTMENT, b.ADMINISTRATOR, agency=b.POLICE, address=address)
        assert refused.value.facts == {"reason": reason}

    @pytest.mark.parametrize(
        "host", ["localhost", "127.0.0.1", "[::1]", "10.1.2.3", "169.254.169.254", "[::ffff:10.0.0.1]"]
    )
    def test_that_leads_inside_is_not_called(self, line: Line, host: str) -> None:
        """Looked at when it is called, whatever its name led to before."""
        outside = WebhookCaller(seconds=2)
        called = outside.call(f"https://{host}/", id="1", secret=line.secret, body=b"{}", at=b.MONDAY)
        assert called.status == "private_address"

    def test_whose_certificate_is_nobodys_is_not_trusted(self, line: Line) -> None:
        """And a machine that is not there is a code, not an error."""
        trusting_nobody = WebhookCaller(allow_private=True, seconds=2)
        facts: dict[str, Any] = {"id": "1", "secret": line.secret, "body": b"{}", "at": b.MONDAY}
        assert trusting_nobody.call(line.receiver.address, **facts).status == "no_trust"
        assert trusting_nobody.call("http://127.0.0.1:9/", **facts).status == "not_reached"
        assert line.receiver.took == []

    def test_is_the_administrators_of_the_department_that_registered_the_agency(self, line: Line) -> None:
        """A head keeps no directory; another department's administrator finds no such agency."""
        asked: dict[str, Any] = {"agency": b.POLICE, "address": line.receiver.address}
        with pytest.raises(NotPermittedError):
            line.world.do(commands.SetWebhook, b.SCHOOL, b.HEAD, **asked)
        with pytest.raises(UnknownError):
            line.world.do(commands.SetWebhook, b.OTHER_DEPARTMENT, b.ADMINISTRATOR, **asked)
        with pytest.raises(NotPermittedError):
            line.log(b.HEAD, b.SCHOOL)


class Mailbox:
    """What a mail server took."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.refuses = False

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        """See aiosmtpd."""
        if self.refuses:
            return "451 later"
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 taken"


@pytest.mark.requirement("REF-04")
def test_a_link_comes_by_mail_and_names_nobody(world: World) -> None:
    """Tried again when the server would not; the letter has three languages and a link that leads to the referral."""
    mailbox = Mailbox()
    port = free_port()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        world.hear_of_agency(CRISIS, "crisis_centre", "link", department=str(b.DEPARTMENT))
        world.hear_of_case((b.HEAD, "head"), (b.PEDAGOGUE, "social_pedagogue"))
        world.settle()
        world.do(commands.DescribeAgency, b.DEPARTMENT, b.ADMINISTRATOR, agency=CRISIS, details=b.DETAILS)
        referral = world.request(CRISIS, facts=CRISIS_FACTS)
        post = Post(
            server=f"smtp://127.0.0.1:{port}", sender="qorgan@city.example", page="https://q.example/", letter=letter
        )
        courier = Courier.of(world.service, None, Outside(WebhookCaller(), post))
        mailbox.refuses = True
        assert courier.sending.deliver_due() == 0
        mailbox.refuses = False
        world.settle()
        assert courier.sending.deliver_due() == 0
        world.clock.advance(timedelta(seconds=5))
        assert courier.sending.deliver_due() == 1
        world.settle()
        assert courier.sending.deliver_due() == 0
    finally:
        server.stop()
    ((recipients, sent),) = mailbox.letters
    assert recipients == ["kezekshi@police.example"]
    words = sent.get_payload(decode=True).decode()
    assert words.count("https://q.example/answer/") == 3
    for secret in (*CRISIS_FACTS.values(), b.CASE, referral, b.SCHOOL):
        assert str(secret) not in words + str(sent)
    link = words.partition("https://q.example/answer/")[2].split()[0]
    assert world.application.seen_by_link(link=link, opening=uuid4())["facts"] == CRISIS_FACTS
    assert world.application.for_tenant(b.SCHOOL).get(Referral, referral).delivered_at is not None


LOGIN, PASSWORD = "qorgan@city.example", "a: secret/1"


@contextmanager
def mail_server(mailbox: Mailbox, certificate: Path, scheme: str) -> Iterator[str]:
    """A server that takes letters of one who signed in, over TLS alone; gives its address without the login."""
    trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trust.load_cert_chain(certificate)

    def known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, said: Any) -> AuthResult:
        return AuthResult(success=(said.login, said.password) == (LOGIN.encode(), PASSWORD.encode()), handled=False)

    demands: dict[str, Any] = {"auth_required": True, "authenticator": known}
    if scheme == "smtps":
        demands |= {"ssl_context": trust, "auth_require_tls": False}  # it does not know that it is inside TLS
    else:
        demands |= {"tls_context": trust, "require_starttls": True}
    port = free_port()
    server = Controller(mailbox, hostname="127.0.0.1", port=port, server_hostname="localhost", **demands)
    server.start()
    try:
        yield f"localhost:{port}"
    finally:
        server.stop()


@pytest.mark.requirement("REF-04")
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_mail_server_is_trusted_by_its_certificate_before_it_is_told_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    """Not known, it gets neither; with another password it takes nothing."""
    mailbox, certificate = Mailbox(), a_certificate(tmp_path)

    def sent(server: str) -> str:
        post = Post(server=server, sender="qorgan@city.example", page="https://q.example/", letter=letter)
        return post.send("kezekshi@police.example", "link", b.MONDAY)

    with mail_server(mailbox, certificate, scheme) as address:
        server = f"{scheme}://{quote(LOGIN)}:{quote(PASSWORD, safe='')}@{address}"
        assert sent(server) == "no_trust"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert sent(server.replace("%2F1", "%2F2")) == "smtp_535"
        assert sent(f"{scheme}://{address}") == "smtp_530"
        assert mailbox.letters == []
        assert sent(server) == "taken"
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize(
    "server",
    [
        "mail.city.example",
        "https://mail.city.example",
        "smtp://me:secret@mail.city.example",
        "smtps://me:құпия@mail.city.example",
    ],
)
def test_a_mail_server_whose_address_would_not_do_is_refused_at_once(server: str) -> None:
    """Not when the first letter is due; and no error tells the password."""
    with pytest.raises(ValueError, match=r"smtps://") as refused:
        Post(server=server, sender="qorgan@city.example", page="https://q.example/", letter=letter)
    assert "secret" not in str(refused.value)
