"""Partners that answer by themselves inside this process, for the demo and for rehearsals (docs/decisions/0004).

Each file `<home>/partners/<virtual host>.json` (agency, virtual host, private keys) is an agency that accepts what
comes and reports back.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cli.partner_client import AgencyKeys, NotOursError, PartnerClient
from shared.logging import facts_of, log

OUTCOME = "helped"
LOOK_EVERY_SECONDS = 0.2


def write_agency(folder: Path, virtual_host: str, agency: str, keys: AgencyKeys) -> Path:
    """Puts an agency in a home's folder of rehearsing partners (mode 0600)."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"{virtual_host}.json"
    content = {"agency": agency, "virtual_host": virtual_host, "keys": keys.private()}
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(content, out)
    return file


@contextmanager
def partners_at_work(home: Path, broker_url: str) -> Iterator[None]:
    """Answers for every agency in the home's folder, also those that come later."""
    stop = threading.Event()
    thread = threading.Thread(target=_answer_until, args=(stop, home, broker_url), name="partners", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)


def _answer_until(stop: threading.Event, home: Path, broker_url: str) -> None:
    clients: dict[Path, PartnerClient] = {}
    while not stop.wait(LOOK_EVERY_SECONDS):
        for file in sorted((home / "partners").glob("*.json")):
            try:
                if file not in clients:
                    clients[file] = _client(json.loads(file.read_text()), home, broker_url)
                answer_what_waits(clients[file])
            except Exception as error:  # noqa: BLE001 - tried again at the next look
                log().warning("rehearsal.partner_failed", **facts_of(error))
    for client in clients.values():
        client.close()


def _client(agency: Mapping[str, Any], home: Path, broker_url: str) -> PartnerClient:
    ours = json.loads((home / "keys" / "partners" / "public.jwks.json").read_text())
    keys = AgencyKeys.from_private(agency["keys"])
    return PartnerClient(broker_url, agency["agency"], keys, ours, virtual_host=agency["virtual_host"])


def answer_what_waits(client: PartnerClient, outcome: str = OUTCOME) -> None:
    """Accepts each referral that waits and reports back; what is not to be believed is left aside."""
    try:
        for incoming in client.take(timeout=0):
            if incoming.kind == "requested":
                client.answer(incoming, "accepted", {})
                client.answer(incoming, "completed", {"outcome": outcome})
    except NotOursError:
        log().warning("rehearsal.message_refused")
