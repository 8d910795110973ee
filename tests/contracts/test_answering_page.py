"""The page of a one-time link in a real browser, over the real service: answered in two taps, usable by everybody."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from werkzeug.serving import make_server

from services.gateway.bootstrap import build
from services.gateway.languages import LANGUAGES
from services.gateway.settings import Settings
from services.referrals import commands
from services.referrals.domain.agency import InboxEntry
from services.referrals.domain.link import Link
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import State, inbox_stream
from services.referrals.service import ReferralsService
from services.referrals.tests import builders as b
from services.referrals.tests.entrypoints.test_links import CRISIS, CRISIS_FACTS
from services.referrals.tests.world import World
from shared.runners.door import OpenDoor
from tests.conftest import PHONE

CHILD = str(b.FACTS["child_name"])


class OneDoor:
    """Calls of the gateway reach the door of a referrals service in this process."""

    def __init__(self, world: World) -> None:
        self._service = ReferralsService()
        self._service.door = OpenDoor(world.service)

    def call(self, service: str, method: str, *args: Any, timeout: float | None = None) -> dict[str, Any]:
        """See Rpc."""
        assert service == "referrals"
        answer: dict[str, Any] = getattr(self._service, method)(*args)
        return answer


@dataclass
class Sent:
    """A referral to an agency without an account, its link, and the gateway that serves it."""

    world: World
    referral: UUID
    link: str
    address: str

    def is_now(self, state: State) -> bool:
        """Whether the referral stands so in the school's record."""
        return self.world.application.for_tenant(b.SCHOOL).get(Referral, self.referral).state is state

    @property
    def opened(self) -> int:
        """How often the link was opened."""
        ledger = self.world.application.for_tenant(CRISIS)
        link = ledger.get(InboxEntry, inbox_stream(self.referral)).link
        assert link is not None
        return ledger.get(Link, link).opened


@pytest.fixture
def sent(tmp_path: Path) -> Iterator[Sent]:
    """Served on a free port."""
    world = World(tmp_path)
    world.hear_of_agency(CRISIS, "crisis_centre", "link")
    world.hear_of_case((b.HEAD, "head"), (b.PEDAGOGUE, "social_pedagogue"))
    world.settle()
    referral = world.request(CRISIS, facts=CRISIS_FACTS)
    link = world.do(commands.HandOverLink, b.SCHOOL, b.HEAD, referral=referral).body["link"]
    server = make_server("127.0.0.1", 0, build(Settings(), OneDoor(world)), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Sent(world, referral, link, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    world.close()


@pytest.mark.requirement("REF-04")
def test_is_answered_in_two_taps(sent: Sent, phone: Page) -> None:
    """Open, accept; the child's data is there once the first tap is done, and gone from the page's address always."""
    phone.goto(f"{sent.address}/kk/answer/{sent.link}")
    assert CHILD not in phone.content()
    phone.get_by_role("button", name="Жолдаманы ашу").click()
    assert CHILD in phone.content()
    assert sent.link not in phone.url
    assert sent.is_now(State.REQUESTED)
    phone.get_by_role("button", name="Қабылдау", exact=True).click()
    assert phone.get_by_role("status").inner_text() == "Жауабыңыз мектепке жетті."
    assert sent.is_now(State.ACCEPTED)
    phone.goto(f"{sent.address}/ru/answer/{sent.link}")
    phone.get_by_role("button", name="Открыть направление").click()
    assert CHILD not in phone.content()
    phone.get_by_text("Сообщить об исходе", exact=True).click()
    phone.get_by_role("button", name="Помощь оказана").click()
    assert sent.is_now(State.COMPLETED)


def test_is_declined_in_two_taps_with_a_reason(sent: Sent, phone: Page) -> None:
    """Each reason is a button; the language is changed without an address that has the link."""
    phone.goto(f"{sent.address}/kk/answer/{sent.link}")
    phone.get_by_role("link", name="English").click()
    phone.get_by_role("button", name="Open the referral").click()
    phone.get_by_role("button", name="Русский").click()
    assert sent.link not in phone.url
    phone.get_by_role("button", name="Отклонить: Нет возможности").click()
    assert sent.is_now(State.REJECTED)
    phone.goto(f"{sent.address}/ru/answer/{sent.link}")
    phone.get_by_role("button", name="Открыть направление").click()
    assert "больше никуда не ведёт" in phone.content()


def test_everybody_can_use_it(sent: Sent, browser: Any) -> None:
    """No violation that axe knows, at a phone's width, in any language; nothing wider than the screen."""
    context = browser.new_context(viewport=PHONE, bypass_csp=True)  # axe is a script
    page = context.new_page()
    for language in LANGUAGES:
        page.goto(f"{sent.address}/{language}/answer/{sent.link}")
        for _ in ("the door", "the referral"):
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            page.locator("main button").first.click() if page.url.endswith(sent.link) else None
    context.close()


def test_changes_nothing_and_says_nothing_to_programs_that_only_look(sent: Sent) -> None:
    """Mail gateways and previews open addresses before people do: by GET and HEAD there is a button, and no event."""
    client = build(Settings(), OneDoor(sent.world)).test_client()
    for method in (client.get, client.head):
        for path in (f"/answer/{sent.link}", f"/kk/answer/{sent.link}", "/kk/answer", "/kk/answer/step"):
            answer = method(path)
            assert answer.status_code in (200, 302, 404, 405)
            assert CHILD not in answer.text
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert sent.opened == 0
    assert sent.is_now(State.REQUESTED)


def test_its_link_is_in_no_log(sent: Sent, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither the address nor the form, taken or refused; what is logged is the route's pattern."""
    import structlog

    from shared.logging import configure_logging

    kept = structlog.get_config()
    configure_logging("gateway", level="debug")
    try:
        client = build(Settings(), OneDoor(sent.world)).test_client()
        command = "7b0e0c1e-6a55-4c0e-9a57-2d5f7c1b9e21"
        client.get(f"/kk/answer/{sent.link}")
        client.get(f"/kk/nowhere/{sent.link}")
        client.post("/kk/answer", data={"link": sent.link, "command": command})
        client.post("/kk/answer", data={"link": sent.link, "command": "no id"})
        client.post("/kk/answer/step", data={"link": sent.link + "x", "command": command, "step": "accept"})
    finally:
        structlog.configure(**kept)
    out, err = capfd.readouterr()
    assert "gateway.request_answered" in err
    assert "/answer/<link>" in err
    assert sent.link not in out + err
    assert CHILD not in out + err
