"""`qorgan partner keys` and `listen`, as an agency's operator calls them."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from typer.testing import CliRunner

from cli.partner import app
from cli.partner_client import AgencyKeys
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import State
from services.referrals.partners.courier import Courier
from services.referrals.tests import builders as b
from services.referrals.tests.world import World


def test_keys_are_made_once_and_nobody_else_reads_them(tmp_path: Path) -> None:
    """The public halves are printed, the private ones are not."""
    file = tmp_path / "keys.json"
    made = CliRunner().invoke(app, ["keys", "--out", str(file)])
    assert made.exit_code == 0
    assert json.loads(made.stdout) == AgencyKeys.from_private(json.loads(file.read_text())).public()
    assert file.stat().st_mode & 0o777 == 0o600
    assert CliRunner().invoke(app, ["keys", "--out", str(file)]).exit_code == 1


@pytest.mark.requirement("REF-04")
def test_listening_prints_what_came_and_answers_it(tmp_path: Path, amqp_vhost: str) -> None:
    """With --complete-with, a referral is accepted and reported back."""
    file = tmp_path / "keys.json"
    printed = CliRunner().invoke(app, ["keys", "--out", str(file)]).stdout
    world = World(tmp_path)
    host = unquote(urlsplit(amqp_vhost).path[1:])
    world.hear_of_agency(b.POLICE, "police", "amqp", virtual_host=host, **json.loads(printed))
    world.hear_of_case((b.HEAD, "head"), (b.PEDAGOGUE, "social_pedagogue"))
    world.settle()
    referral = world.request()
    courier = Courier.of(world.service, amqp_vhost)
    ours = world.service.public_keys.folder.parent / "partners" / "public.jwks.json"
    assert courier.deliver_due() == 1
    options = ["--agency", str(b.POLICE), "--keys", str(file), "--ours", str(ours), "--for", "1"]
    listened = CliRunner().invoke(app, ["listen", amqp_vhost, *options, "--complete-with", "measures_taken"])
    assert listened.exit_code == 0
    assert "Әділет" in listened.stdout
    taken = 0
    while taken < 2:
        more = courier.take_answers(10)
        assert more, "no answer came"
        taken += more
    assert world.application.for_tenant(b.SCHOOL).get(Referral, referral).state is State.COMPLETED
    courier.close()
    world.close()
