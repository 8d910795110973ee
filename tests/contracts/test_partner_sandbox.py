"""`qorgan partner sandbox`: the reference client passes, and a program that is wrong is told in words how (REF-04)."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from joserfc.jwk import OKPKey
from typer.testing import CliRunner

from cli.partner import app
from cli.partner_client import AgencyKeys, PartnerClient
from cli.partner_lines import BrokerLine, call, listening
from cli.partner_sandbox import WORDS, Sandbox, Verdict
from services.referrals.domain.values import AgencyKind
from services.referrals.tests import builders as b
from shared.messaging.transport import EMBEDDED_URL

US = "urn:qorgan:referrals"


class Agency:
    """An agency's program, whose messages may be bent before they are signed, and after they are sealed."""

    def __init__(self, folder: Path, kind: AgencyKind = AgencyKind.POLICE) -> None:
        self.keys, self.host = AgencyKeys.generate(), f"сынақ-{uuid4().hex}"
        self.sandbox = Sandbox(folder, b.POLICE, self.keys.public(), kind)
        ours = json.loads(self.sandbox.public_file.read_text())
        self.client = PartnerClient(EMBEDDED_URL, b.POLICE, self.keys, ours, virtual_host=self.host)
        self.line = BrokerLine(self.sandbox, EMBEDDED_URL, self.host)
        self.request = self.sandbox.request()

    def document(self, kind: str = "accepted", **data: str) -> dict[str, Any]:
        """An answer as it is signed."""
        return {
            "id": str(uuid4()),
            "source": f"urn:uuid:{b.POLICE}",
            "type": f"kz.qorgan.referral.{kind}.v1",
            "subject": str(self.request.subject),
            "time": "2026-11-23T04:00:00Z",
            "audience": US,
            "data": data,
        }

    def judged(self, document: Mapping[str, Any]) -> Verdict:
        """What the sandbox says to it."""
        return self.sandbox.judge(self.client.seal(document))


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    """The police, at the sandbox."""
    return Agency(tmp_path)


@pytest.mark.requirement("REF-04")
@pytest.mark.parametrize("kind", list(AgencyKind))
def test_the_reference_client_passes_with_the_template_of_each_kind(tmp_path: Path, kind: AgencyKind) -> None:
    """Over the embedded broker: taken, accepted, begun, completed; every field of the template came."""
    agency = Agency(tmp_path, kind)
    agency.line.send(agency.request)
    (incoming,) = agency.client.take(0)
    assert incoming.data == agency.request.data
    assert incoming.data["facts"]
    for step, data in (("accepted", {}), ("begun", {}), ("completed", {"outcome": "helped", "text": "Көмек"})):
        agency.client.answer(incoming, step, data)
        (verdict,) = agency.line.take()
        assert (verdict.code, verdict.type) == (None, f"kz.qorgan.referral.{step}.v1")
        assert "is right" in verdict.words
    assert agency.sandbox.has_ended(agency.request.subject)
    assert list(agency.client.refusals()) == []
    agency.line.close()


@pytest.mark.requirement("REF-04")
@pytest.mark.parametrize(
    ("bend", "code"),
    [
        (lambda d: d.update(source=f"urn:uuid:{b.HEALTH}"), "another_source"),
        (lambda d: d.update(audience=f"urn:uuid:{b.POLICE}"), "another_audience"),
        (lambda d: d.update(id="бірінші"), "id_is_no_uuid"),
        (lambda d: d.update(type="kz.qorgan.referral.agreed.v1"), "unknown_type"),
        (lambda d: d.update(data={"text": "Көмек"}), "unreadable_data"),
        (lambda d: d.update(data=[]), "unreadable_document"),
        (lambda d: d.update(subject=str(uuid4())), "common.unknown"),
        (lambda d: d.update(d | {"type": "kz.qorgan.referral.begun.v1"}), "referrals.step_out_of_order"),
        (
            lambda d: d.update(type="kz.qorgan.referral.declined.v1", data={"reason": "жоқ"}),
            "common.invalid_input",
        ),
    ],
)
def test_a_wrong_program_is_told_in_words_what_is_wrong(
    agency: Agency, bend: Callable[[dict[str, Any]], None], code: str
) -> None:
    """Each has its sentence; the referral stays as it was, and the right answer is taken afterwards."""
    document = agency.document()
    bend(document)
    verdict = agency.judged(document)
    assert verdict.code == code
    assert verdict.words.startswith(WORDS[code])
    assert agency.judged(agency.document()).code is None


@pytest.mark.requirement("REF-04")
def test_the_field_at_fault_is_named(agency: Agency) -> None:
    """A declined answer without its reason, and with a field that there is not."""
    verdict = agency.judged(agency.document("declined", why="жоқ"))
    assert verdict.code == "unreadable_data"
    assert "reason: required" in verdict.words
    assert "why: unknown_field" in verdict.words


@pytest.mark.requirement("REF-04")
def test_a_message_that_is_wrongly_sealed_is_told_apart_from_one_wrongly_signed(agency: Agency, tmp_path: Path) -> None:
    """And both from what is no CloudEvent at all."""
    stranger = PartnerClient(
        EMBEDDED_URL,
        b.POLICE,
        AgencyKeys(agency.keys.encryption, OKPKey.generate_key("Ed25519")),
        agency.sandbox.keys.public(),
        virtual_host=agency.host,
    )
    assert agency.sandbox.judge(stranger.seal(agency.document())).code == "wrongly_signed"
    event = json.loads(agency.client.seal(agency.document()))
    elsewhere = Sandbox(tmp_path / "elsewhere", b.POLICE, agency.keys.public())
    lost = PartnerClient(EMBEDDED_URL, b.POLICE, agency.keys, elsewhere.keys.public(), virtual_host=agency.host)
    assert agency.sandbox.judge(lost.seal(agency.document())).code == "does_not_open"
    for changed, code in (
        ({"subject": str(uuid4())}, "attributes_differ"),
        ({"specversion": "0.3"}, "not_a_cloudevent"),
        ({"datacontenttype": "application/json"}, "not_encrypted"),
    ):
        assert agency.sandbox.judge(json.dumps(event | changed).encode()).code == code
    assert agency.sandbox.judge(b"{").code == "not_json"


@pytest.mark.requirement("REF-04")
def test_the_same_bytes_twice_are_one_answer_and_other_bytes_under_the_id_are_none(agency: Agency) -> None:
    """Resent after a lost confirmation, it is taken; changed, it is a replay."""
    document = agency.document()
    body = agency.client.seal(document)
    assert [agency.sandbox.judge(body).code for _ in range(2)] == [None, None]
    assert agency.judged(document | {"time": "2026-11-23T04:00:01Z"}).code == "replayed_with_other_content"
    assert agency.judged(agency.document("completed", outcome="helped")).code is None
    assert agency.judged(agency.document("begun")).code == "referrals.referral_already_ended"


@pytest.mark.requirement("REF-04")
def test_by_webhook_the_answer_comes_back_over_http(agency: Agency) -> None:
    """What is wrong is a refusal with its words, what is right is taken; nobody listening is told as that."""
    verdicts: list[Verdict] = []

    def posted(address: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        asked = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    with listening(agency.sandbox, verdicts.append) as address:
        message = json.loads(agency.client.seal(agency.document()))
        late = json.loads(agency.client.seal(agency.document("begun")))
        assert posted(address, {"agency": str(b.POLICE), "message": late})[0] == 409
        assert posted(address, {"agency": str(b.HEALTH), "message": message})[1]["facts"]["reason"] == "wrongly_signed"
    assert [verdict.code for verdict in verdicts] == ["referrals.step_out_of_order", "wrongly_signed"]
    with listening(agency.sandbox, verdicts.append) as address:
        answer = posted(
            address, {"agency": str(b.POLICE), "message": json.loads(agency.client.seal(agency.document()))}
        )
        assert answer == (200, {"taken": "kz.qorgan.referral.accepted.v1"})
        assert posted(address, {"event": message})[0] == 422
    nobody = address  # its server has ended
    assert call(agency.sandbox, nobody, agency.sandbox.secret, agency.request).status == "not_reached"


@pytest.mark.requirement("REF-04")
def test_the_command_ends_well_when_the_referral_has(tmp_path: Path) -> None:
    """The agency's program takes the sample over the broker, and answers it to its end."""
    folder = tmp_path / "sandbox"
    asked = ["sandbox", str(folder), "--agency", str(b.POLICE)]
    CliRunner().invoke(app, asked)
    keys = AgencyKeys.from_private(json.loads((folder / "agency-keys.json").read_text()))
    ours = json.loads((folder / "public.jwks.json").read_text())
    own_host = f"{EMBEDDED_URL}{uuid4().hex}"

    def answers() -> None:
        with PartnerClient(own_host, b.POLICE, keys, ours) as client:
            incoming = next(iter(client.take(30)))
            client.answer(incoming, "declined", {"reason": "not_competent"})

    program = threading.Thread(target=answers)
    program.start()
    tried = CliRunner().invoke(app, [*asked, "--broker", own_host, "--for", "30"])
    program.join()
    assert tried.exit_code == 0
    assert "the referral is rejected now" in tried.stdout


def test_the_command_makes_keys_once_and_says_what_to_set_up(tmp_path: Path) -> None:
    """Private ones are read by their owner alone; the second time they are the same; without an answer it fails."""
    asked = ["sandbox", str(tmp_path / "sandbox"), "--agency", str(b.POLICE)]
    first, second = CliRunner().invoke(app, asked), CliRunner().invoke(app, asked)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "whsec_" in first.stdout
    assert first.stdout == second.stdout
    private = [tmp_path / "sandbox" / name for name in ("agency-keys.json", "signing.pem", "encryption.jwk")]
    assert [file.stat().st_mode & 0o777 for file in private] == [0o600] * 3
    silent = CliRunner().invoke(app, [*asked, "--broker", f"{EMBEDDED_URL}{uuid4().hex}", "--for", "0"])
    assert silent.exit_code == 1
    assert "no answer came" in silent.stdout
    unreached = CliRunner().invoke(app, [*asked, "--webhook", "http://127.0.0.1:9/", "--port", "0"])
    assert unreached.exit_code == 1
    assert "not_reached" in unreached.stdout
